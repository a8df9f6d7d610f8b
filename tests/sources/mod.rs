//! Whether the numbers of a scenario say where they come from.

use serde_json::{Map, Value};

/// Whether a value is a number, or a text such as `"120s"` or `"2020-04-01T01:00"`.
fn is_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::String(text) => text.starts_with(|c: char| c.is_ascii_digit()),
        Value::Array(items) => items.iter().any(is_number),
        _ => false,
    }
}

/// Keys that tell of numbers and hold none.
pub(crate) const REMARKS: [&str; 3] = ["note", "source", "chosen"];

/// The objects below a class or station that hold numbers, where neither they nor one above them says where from. What
/// the class or station itself says is for its own numbers, not for those in the objects below it.
fn unsourced(object: &Map<String, Value>, pointer: &str, covered: bool, found: &mut Vec<String>) {
    let entries = || object.iter().filter(|(key, _)| !REMARKS.contains(&key.as_str()));
    if !covered && entries().any(|(_, value)| is_number(value)) {
        found.push(pointer.to_owned());
    }
    for (key, value) in entries() {
        below(value, &format!("{pointer}/{key}"), covered, found);
    }
}

fn below(value: &Value, pointer: &str, covered: bool, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => unsourced(object, pointer, covered || has_source(object), found),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| below(item, &format!("{pointer}/{i}"), covered, found));
        }
        _ => {}
    }
}

fn has_source(object: &Map<String, Value>) -> bool {
    object.contains_key("source") || object.contains_key("chosen")
}

/// Pointers of the objects with numbers of no known origin.
pub(crate) fn unsourced_in(file: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for group in ["classes", "stations"] {
        for (name, thing) in file[group].as_object().unwrap() {
            let thing = thing.as_object().unwrap();
            let pointer = format!("/{group}/{name}");
            if !has_source(thing) && thing.values().any(is_number) {
                found.push(pointer.clone());
            }
            for (key, value) in thing.iter().filter(|(key, _)| !REMARKS.contains(&key.as_str())) {
                below(value, &format!("{pointer}/{key}"), false, &mut found);
            }
        }
    }
    found
}
