//! Every parameter of the scenario with its source, or the word that says that it was chosen.

use super::html::escape;
use super::lookup::{Lookup, segment};
use super::texts::Texts;
use serde_json::{Map, Value};

/// What may stand beside a value and says where it comes from.
const REMARKS: [&str; 3] = ["source", "chosen", "note"];
/// Longer lists of values are told by their length and their ends.
const LONG: usize = 24;

/// A parameter as the file has it.
#[derive(Debug, PartialEq)]
pub(super) struct Parameter {
    pub(super) pointer: String,
    pub(super) value: String,
    /// Kind (`source`, `chosen` or `note`) and text of what is said of it; those of the objects around it where it has none.
    pub(super) remarks: Vec<(&'static str, String)>,
}

/// All parameters in the order of the file.
pub(super) fn parameters(scenario: &Value) -> Vec<Parameter> {
    let mut found = Vec::new();
    if let Some(object) = scenario.as_object() {
        for (key, value) in object.iter().filter(|(key, _)| !key.starts_with('$') && !REMARKS.contains(&key.as_str())) {
            // What is said of the whole file is no parameter's source.
            walk(value, &format!("/{}", segment(key)), &[], &mut found);
        }
    }
    found
}

fn walk(value: &Value, pointer: &str, around: &[(&'static str, String)], found: &mut Vec<Parameter>) {
    match value {
        Value::Object(object) => {
            let said = remarks(object);
            let around = if said.iter().any(|(kind, _)| *kind != "note") { said.clone() } else { [around, &said].concat() };
            for (key, value) in object.iter().filter(|(key, _)| !REMARKS.contains(&key.as_str())) {
                walk(value, &format!("{pointer}/{}", segment(key)), &of_key(&around, key), found);
            }
        }
        Value::Array(items) if items.iter().any(|item| item.is_object() || item.is_array()) && items.len() <= LONG => {
            for (place, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{place}"), around, found);
            }
        }
        _ => found.push(Parameter { pointer: pointer.to_owned(), value: told(value), remarks: around.to_vec() }),
    }
}

/// Remarks such as `workers: 200, …` speak of one key; where some speak of this one, the others are left out, and those that
/// speak of other keys always are.
fn of_key(around: &[(&'static str, String)], key: &str) -> Vec<(&'static str, String)> {
    let about = |text: &str| {
        let word = text.split_once(':').map(|(word, _)| word);
        word.filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '_')).map(str::to_owned)
    };
    let own: Vec<_> = around.iter().filter(|(_, text)| about(text).as_deref() == Some(key)).cloned().collect();
    if own.is_empty() { around.iter().filter(|(_, text)| about(text).is_none()).cloned().collect() } else { own }
}

fn remarks(object: &Map<String, Value>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for kind in REMARKS {
        match object.get(kind) {
            Some(Value::String(text)) => found.push((kind, text.clone())),
            Some(Value::Array(texts)) => found.extend(texts.iter().filter_map(Value::as_str).map(|text| (kind, text.to_owned()))),
            Some(Value::Bool(true)) => found.push((kind, String::new())),
            _ => {}
        }
    }
    found
}

fn told(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.len() > LONG => {
            let ends = |item: Option<&Value>| item.map_or_else(String::new, told);
            format!("[{}, …, {}] ({})", ends(items.first()), ends(items.last()), items.len())
        }
        Value::Array(items) => format!("[{}]", items.iter().map(told).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// The table of all parameters.
pub(super) fn table(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let rows: String = parameters(lookup.scenario)
        .iter()
        .map(|parameter| {
            let said: String = match parameter.remarks.as_slice() {
                [] => format!("<span class=\"unsaid\">{}</span>", texts.html("no-source")),
                remarks => remarks.iter().map(|(kind, text)| remark(texts, kind, text)).collect(),
            };
            format!(
                "<tr><th scope=\"row\"><code>{}</code></th><td><code>{}</code></td><td class=\"source\">{said}</td></tr>",
                escape(&parameter.pointer).replace('/', "/<wbr>"),
                escape(&parameter.value)
            )
        })
        .collect();
    let heads: String =
        ["parameter", "value", "where-from"].iter().map(|key| format!("<th scope=\"col\">{}</th>", texts.html(key))).collect();
    let label = texts.html("table-parameters");
    format!(
        "<div class=\"scroll tall\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\"><table class=\"parameters\"><caption>{label}</caption>\
         <thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn remark(texts: &Texts, kind: &str, text: &str) -> String {
    let text = escape(text);
    match kind {
        "chosen" => format!("<p><b class=\"chosen\">{}</b> {text}</p>", texts.html("chosen")),
        "note" => format!("<p><i>{}</i> {text}</p>", texts.html("note")),
        _ => format!("<p>{text}</p>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_what_is_said_of_it() {
        let scenario = serde_json::json!({
            "$schema": "x", "note": "of the file", "name": "n",
            "stations": {"a/b": {"workers": 200, "queue": 10, "source": ["workers: of a book", "of both"], "at": [{"n": 1, "chosen": true}]}},
            "weights": vec![1; 100],
        });
        let found = parameters(&scenario);
        let pointers: Vec<&str> = found.iter().map(|p| p.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/stations/a~1b/workers", "/stations/a~1b/queue", "/stations/a~1b/at/0/n", "/weights"]);
        assert!(found[0].remarks.is_empty());
        assert_eq!(found[1].remarks, [("source", "workers: of a book".to_owned())]);
        assert_eq!(found[2].remarks, [("source", "of both".to_owned())]);
        assert_eq!(found[3].remarks, [("chosen", String::new())]);
        assert_eq!(found[4].value, "[1, …, 1] (100)");
    }
}
