//! Reading: from a tree of JSON to the types of a scenario, collecting mistakes on the way.

use super::mistake::{Checker, nearest, suggestion};
use super::tree::{Entry, Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::collections::HashSet;

/// What can be read from a scenario file. `None`: a mistake was told, and what holds the value goes on without it.
pub(crate) trait Read: JsonSchema + Sized {
    /// Reads the node at which the checker works.
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self>;

    /// Stands for a required value that is missing or wrong, so that the rest of its object can still be checked. What
    /// follows from it is not told: see [`Checker::reading_ends`]. `None` where nothing could stand for it.
    fn stand_in() -> Option<Self> {
        None
    }
}

/// Keys that every object accepts: where its numbers come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Remarks for the reader.
    pub note: Vec<String>,
    /// Where the numbers come from.
    pub source: Vec<String>,
    /// That the numbers were chosen and not measured, and why.
    pub chosen: Option<String>,
}

/// The keys of [`Remarks`].
pub(crate) const REMARKS: [&str; 3] = ["note", "source", "chosen"];

impl Remarks {
    /// Reads the three keys of an object.
    pub(crate) fn read(entries: &[Entry], check: &mut Checker<'_>) -> Remarks {
        let mut remarks = Remarks::default();
        for entry in entries {
            let value = &entry.value;
            check.within(&entry.key, |check| match entry.key.as_str() {
                "note" => remarks.note = texts(value, check),
                "source" => remarks.source = texts(value, check),
                "chosen" => remarks.chosen = chosen(value, check),
                _ => {}
            });
        }
        remarks
    }

    /// Adds the keys to the properties of a schema.
    pub(crate) fn schema(generator: &mut SchemaGenerator, properties: &mut serde_json::Map<String, serde_json::Value>) {
        let schemas =
            [generator.subschema_for::<Note>(), generator.subschema_for::<Source>(), generator.subschema_for::<Chosen>()];
        for (name, schema) in REMARKS.into_iter().zip(schemas) {
            properties.entry(name).or_insert(schema.to_value());
        }
    }
}

/// Declares the schema of a remark.
macro_rules! remark {
    ($name:ident, $schema:tt) => {
        struct $name;

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

remark!(Note, {
    "description": "A remark for the reader: a text or a list of them.",
    "type": ["string", "array"],
    "items": {"type": "string"},
});
remark!(Source, {
    "description": "Where the numbers come from: a text or a list of them.",
    "type": ["string", "array"],
    "items": {"type": "string"},
});
remark!(Chosen, {
    "description": "That the numbers were chosen and not measured: true, or why.",
    "type": ["boolean", "string"],
});

fn texts(node: &Node, check: &mut Checker<'_>) -> Vec<String> {
    match &node.value {
        Value::Text(text) => vec![text.clone()],
        Value::List(_) => {
            List::<String>::read(node, check).map(|list| list.0.into_iter().flatten().collect()).unwrap_or_default()
        }
        _ => {
            check.mistake(format!("found {}; expected a text or a list of texts", node.describe()));
            Vec::new()
        }
    }
}

fn chosen(node: &Node, check: &mut Checker<'_>) -> Option<String> {
    match &node.value {
        Value::Text(text) => Some(text.clone()),
        Value::Bool(true) => Some(String::new()),
        Value::Bool(false) => None,
        _ => {
            check.mistake(format!("found {}; `chosen` is true or a text that says why", node.describe()));
            None
        }
    }
}

/// The entries of an object, or a mistake that says what should stand here.
pub(crate) fn entries<'n>(node: &'n Node, what: &str, check: &mut Checker<'_>) -> Option<&'n [Entry]> {
    let entries = node.entries();
    if entries.is_none() {
        check.mistake(format!("found {}; {what} is an object in `{{}}`", node.describe()));
    }
    entries
}

/// Reads a key that may be absent.
pub(crate) fn optional<T: Read>(entries: &[Entry], key: &str, check: &mut Checker<'_>) -> Option<T> {
    let entry = entries.iter().find(|entry| entry.key == key)?;
    check.within(key, |check| T::read(&entry.value, check))
}

/// Reads a key that must be there. Where a key that nobody knows is near it, that one is told and not this.
pub(crate) fn required<T: Read>(entries: &[Entry], key: &str, known: &[&str], check: &mut Checker<'_>) -> Option<T> {
    if entries.iter().all(|entry| entry.key != key) {
        let misspelt = |entry: &&Entry| !is_known(&entry.key, known) && nearest(&entry.key, keys(known)) == Some(key);
        if !entries.iter().any(|entry| misspelt(&entry)) {
            check.mistake(format!("the key `{key}` is missing; add it"));
        }
        return T::stand_in();
    }
    optional(entries, key, check).or_else(T::stand_in)
}

/// Reads a key that must be there unless another is.
pub(crate) fn required_unless<T: Read>(
    entries: &[Entry],
    key: &str,
    other: &str,
    known: &[&str],
    check: &mut Checker<'_>,
) -> Option<T> {
    let excused = entries.iter().any(|entry| entry.key == other);
    if excused { optional(entries, key, check) } else { required(entries, key, known, check) }
}

/// All keys that an object accepts.
fn keys<'k>(known: &[&'k str]) -> impl Iterator<Item = &'k str> {
    known.iter().chain(&REMARKS).copied()
}

fn is_known(key: &str, known: &[&str]) -> bool {
    keys(known).any(|name| name == key)
}

/// The value of a default written as JSON; defaults are fixed and held right by a test.
pub(crate) fn default_of<T: Read>(json: &serde_json::Value) -> Option<T> {
    let node = Node::from_json(json);
    T::read(&node, &mut Checker::new(std::path::Path::new("default"), &node))
}

/// Tells the keys that nobody knows.
pub(crate) fn unknown_keys(entries: &[Entry], known: &[&str], check: &mut Checker<'_>) {
    for entry in entries.iter().filter(|entry| !is_known(&entry.key, known)) {
        let shown = super::tree::shorten(&entry.key);
        let hint = suggestion(&entry.key, keys(known));
        check.within(&entry.key, |check| check.mistake_of_key(format!("unknown key `{shown}`; {hint}")));
    }
}

/// A list in a file; an element that could not be read is `None`, so that the others keep their places.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T>(pub Vec<Option<T>>);

impl<T> List<T> {
    /// The elements with their places in the file.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &T)> {
        self.0.iter().enumerate().filter_map(|(i, item)| item.as_ref().map(|item| (i, item)))
    }
}

impl<T: Read> Read for List<T> {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let Value::List(items) = &node.value else {
            check.mistake(format!("found {}; expected a list in `[]`", node.describe()));
            return None;
        };
        let read = items.iter().enumerate().map(|(i, item)| check.within(i, |check| T::read(item, check)));
        Some(List(read.collect()))
    }
    fn stand_in() -> Option<Self> {
        Some(List(Vec::new()))
    }
}

impl<T: JsonSchema> JsonSchema for List<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("ListOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "array", "items": generator.subschema_for::<T>()})
    }
}

/// Named things in the order of the file; one that could not be read is `None`, but its name is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Map<T>(pub Vec<(String, Option<T>)>);

impl<T> Map<T> {
    /// The things with their numbers and names.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &str, &T)> {
        self.0.iter().enumerate().filter_map(|(i, (name, item))| item.as_ref().map(|item| (i, name.as_str(), item)))
    }

    /// All names, also of what could not be read.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }

    /// The number of a name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names().position(|known| known == name)
    }
}

impl<T: Read> Read for Map<T> {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let entries = entries(node, "this", check)?;
        let mut map = Vec::with_capacity(entries.len());
        let mut seen = HashSet::new();
        // `note` and its like may stand among the names; as the name of a thing they are an object and read as one.
        let named = entries.iter().filter(|entry| !(REMARKS.contains(&entry.key.as_str()) && is_remark(&entry.value)));
        for entry in named {
            if seen.insert(entry.key.as_str()) {
                let item = check.within(&entry.key, |check| {
                    well_named(&entry.key, check);
                    T::read(&entry.value, check)
                });
                map.push((entry.key.clone(), item));
            }
        }
        Some(Map(map))
    }
    fn stand_in() -> Option<Self> {
        Some(Map(Vec::new()))
    }
}

fn is_remark(node: &Node) -> bool {
    match &node.value {
        Value::Text(_) | Value::Bool(_) => true,
        Value::List(items) => {
            !items.is_empty() && items.iter().all(|item| matches!(&item.value, Value::Text(text) if !text.contains(':')))
        }
        _ => false,
    }
}

fn well_named(name: &str, check: &mut Checker<'_>) {
    let fault = if name.is_empty() {
        "a name is empty; give it one"
    } else if name.trim() != name || name.chars().any(char::is_control) {
        "a name may not begin or end with a blank, nor hold line breaks or control characters; rename it"
    } else if name.chars().count() > 100 {
        "a name is longer than 100 characters; shorten it"
    } else {
        return;
    };
    check.mistake_of_key(fault);
}

impl<T: JsonSchema> JsonSchema for Map<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        let mut properties = serde_json::Map::new();
        Remarks::schema(generator, &mut properties);
        for schema in properties.values_mut() {
            *schema = serde_json::json!({"anyOf": [schema.take(), value]});
        }
        json_schema!({
            "type": "object",
            "properties": properties,
            "propertyNames": {"minLength": 1, "maxLength": 100},
            "additionalProperties": value,
        })
    }
}
