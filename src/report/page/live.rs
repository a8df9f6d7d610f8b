//! What the page of `clickday serve` has in common with the report: its looks, its charts and the data of these.

use super::lookup::Lookup;
use super::texts::Texts;
use super::{PageError, PageSource, data, frame, read_summary};
use serde_json::{Map, Value, json};

/// The style sheet of the report.
#[must_use]
pub fn style() -> String {
    frame::style()
}

/// The scripts that draw the charts of the report; they read `data` and `words` from the page.
#[must_use]
pub fn chart_scripts() -> String {
    frame::LIVE_SCRIPTS.join("\n")
}

/// The words of these scripts, by language and key.
#[must_use]
pub fn words() -> Value {
    let languages = [Texts::english(), Texts::italian()];
    Value::Object(languages.iter().map(|texts| (texts.code().to_owned(), texts.for_scripts())).collect())
}

/// What the charts show, and the figures of all and of every class by policy, from the files of a run.
///
/// # Errors
/// When a file of the results cannot be read or is not as clickday writes it.
pub fn live_data(source: &PageSource<'_>) -> Result<Value, PageError> {
    let summary = read_summary(source.folder)?;
    let lookup = Lookup { summary: &summary, study: source.study, scenario: source.scenario };
    let policies = summary.get("policies").and_then(Value::as_object);
    let figures = policies.into_iter().flatten().map(|(name, policy)| {
        let part = |key: &str| policy.get(key).cloned().unwrap_or(Value::Null);
        (name.clone(), json!({"total": part("total"), "classes": part("classes")}))
    });
    Ok(json!({"data": data::data(&lookup, source.folder)?, "figures": figures.collect::<Map<_, _>>()}))
}
