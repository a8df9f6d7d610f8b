//! The page: its frame, its style sheet and its script, made once.

use super::Options;
use super::levers::Lever;
use crate::model::Study;
use crate::report::{Language, live};
use axum::body::Bytes;
use serde_json::{Value, json};

const FRAME: &str = include_str!("assets/live.html");
const STYLE: &str = include_str!("assets/live.css");
const SCRIPTS: [&str; 3] = [include_str!("assets/day.js"), include_str!("assets/levers.js"), include_str!("assets/live.js")];
const ENGLISH: &str = include_str!("texts/en.json");
const ITALIAN: &str = include_str!("texts/it.json");

/// The words of a language, the charts' among them.
fn words(code: &str, file: &str) -> Value {
    let mut all = live::words().get(code).cloned().unwrap_or(Value::Null);
    // The files are part of the program; a test reads them.
    let ours: Value = serde_json::from_str(file).unwrap_or(Value::Null);
    if let (Some(all), Value::Object(ours)) = (all.as_object_mut(), ours) {
        all.extend(ours);
    }
    all
}

/// A JSON value that cannot end the script element in which it stands.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// The page, its style sheet and its script.
pub(super) fn files(options: &Options, study: &Study, levers: &[Lever]) -> [Bytes; 3] {
    let language = match options.language {
        Language::English => "en",
        Language::Italian => "it",
    };
    let setup = json!({
        "name": study.name,
        "title": study.title,
        "version": env!("CARGO_PKG_VERSION"),
        "policies": study.names.policies,
        "levers": levers,
        "saves": options.save.is_some(),
        "people": study.model.classes.iter().map(|class| class.population.mean()).sum::<f64>(),
        "replications": study.experiment.replications,
    });
    // Before the first run there is nothing to show.
    let empty = json!({"edges": [0, 1], "start": 0, "shifts": [], "policies": [], "classes": [], "stations": [], "series": [],
                       "outages": [], "incidents": [], "strips": [], "observed": [], "slots": [0, 1], "arrivals": [], "completion": []});
    let words = json!({"en": words("en", ENGLISH), "it": words("it", ITALIAN)});
    // Slots are filled in one pass, so that what is put in is not looked at again.
    let mut page = String::new();
    for (i, part) in FRAME.split("{{").enumerate() {
        let Some((slot, rest)) = part.split_once("}}").filter(|_| i > 0) else {
            page += part;
            continue;
        };
        page += &match slot {
            "lang" => language.to_owned(),
            "setup" => in_script(&setup),
            "data" => in_script(&empty),
            "words" => in_script(&words),
            _ => String::new(),
        };
        page += rest;
    }
    let script = format!("{}\n{}", live::chart_scripts(), SCRIPTS.join("\n"));
    [page.into(), format!("{}\n{STYLE}", live::style()).into(), script.into()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn both_languages_say_everything_and_the_scripts_ask_for_nothing_else() {
        let [english, italian]: [BTreeMap<String, String>; 2] =
            [ENGLISH, ITALIAN].map(|file| serde_json::from_str(file).unwrap());
        assert_eq!(english.keys().collect::<Vec<_>>(), italian.keys().collect::<Vec<_>>());
        let holes = |text: &str| text.matches('{').count();
        assert!(english.iter().all(|(key, text)| holes(text) == holes(&italian[key])));
        let chart_words = live::words();
        for (script, mark) in SCRIPTS.iter().flat_map(|script| [" t(\"", "(t(\"", "[t(\"", "{t(\""].map(|mark| (script, mark))) {
            for (key, _) in script.split(mark).skip(1).filter_map(|rest| rest.split_once('"')) {
                assert!(english.contains_key(key) || chart_words["en"].get(key).is_some(), "`{key}` has no words");
            }
        }
        for mark in ["data-t=\"", "data-label=\""] {
            for (key, _) in FRAME.split(mark).skip(1).filter_map(|rest| rest.split_once('"')) {
                assert!(english.contains_key(key), "`{key}` has no words");
            }
        }
        let used = |key: &str| SCRIPTS.iter().chain([&FRAME]).any(|text| text.contains(&format!("\"{key}\"")));
        for key in english.keys().filter(|key| !key.starts_with("lever-") && !key.starts_with("rule-")) {
            assert!(used(key), "`{key}` is not used");
        }
    }

    #[test]
    fn nothing_ends_the_script_element() {
        let text = in_script(&json!({"</script><script>": "<!-- &"}));
        assert!(!text.contains(['<', '>', '&']));
    }
}
