//! What a JSON file says, with the place of everything in it.

use std::fmt;

/// A place in a file: line and column count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Character of the line, from 1.
    pub column: u32,
}

impl Position {
    /// The first character of a file.
    pub const START: Position = Position { line: 1, column: 1 };
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A JSON value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its first character.
    pub at: Position,
    /// What it is.
    pub value: Value,
}

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number as it is written, so that 64-bit integers lose nothing.
    Number(String),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object; keys in the order of the file, duplicates included.
    Object(Vec<Entry>),
}

/// A key of an object and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its first character, the quotation mark.
    pub key_at: Position,
    /// What it is set to.
    pub value: Node,
}

impl Node {
    /// The entries, if it is an object.
    #[must_use]
    pub fn entries(&self) -> Option<&[Entry]> {
        match &self.value {
            Value::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The child under one segment of a JSON pointer (unescaped), with the place of its key, which for an element
    /// of a list is that of the element.
    #[must_use]
    pub fn child(&self, segment: &str) -> Option<(Position, &Node)> {
        match &self.value {
            Value::Object(entries) => entries.iter().find(|entry| entry.key == segment).map(|entry| (entry.key_at, &entry.value)),
            Value::List(items) => segment.parse().ok().and_then(|i: usize| items.get(i)).map(|node| (node.at, node)),
            _ => None,
        }
    }

    /// What it is, for a message: ``a list``, `` `"60s"` ``, `12`.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Null => "null".to_owned(),
            Value::Bool(value) => value.to_string(),
            Value::Number(text) => shorten(text),
            Value::Text(text) => format!("\"{}\"", shorten(text)),
            Value::List(items) if items.is_empty() => "an empty list".to_owned(),
            Value::List(_) => "a list".to_owned(),
            Value::Object(_) => "an object".to_owned(),
        }
    }

    /// The value at a JSON pointer (RFC 6901).
    #[must_use]
    pub fn get(&self, pointer: &str) -> Option<&Node> {
        let mut node = self;
        for segment in segments(pointer)? {
            node = node.child(&segment)?.1;
        }
        Some(node)
    }

    /// Sets the value at a JSON pointer, all of it at the place of what stood there; a key that its object lacks is
    /// added. Whether the pointer leads anywhere.
    pub fn set(&mut self, pointer: &str, value: &serde_json::Value) -> bool {
        let Some(mut path) = segments(pointer) else { return false };
        let Some(last) = path.pop() else {
            *self = Node::from_json(value).placed(self.at);
            return true;
        };
        let mut node = self;
        for segment in path {
            let next = match &mut node.value {
                Value::Object(entries) => entries.iter_mut().find(|entry| entry.key == segment).map(|entry| &mut entry.value),
                Value::List(items) => segment.parse().ok().and_then(|i: usize| items.get_mut(i)),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => return false,
            }
        }
        let value = Node::from_json(value);
        match &mut node.value {
            Value::Object(entries) => match entries.iter_mut().find(|entry| entry.key == last) {
                Some(entry) => entry.value = value.placed(entry.value.at),
                None => entries.push(Entry { key: last, key_at: node.at, value: value.placed(node.at) }),
            },
            Value::List(items) => match last.parse().ok().and_then(|i: usize| items.get_mut(i)) {
                Some(item) => *item = value.placed(item.at),
                None => return false,
            },
            _ => return false,
        }
        true
    }

    /// The same value with all of it at one place.
    fn placed(mut self, at: Position) -> Node {
        self.at = at;
        match &mut self.value {
            Value::List(items) => {
                for item in items {
                    *item = std::mem::replace(item, Node { at, value: Value::Null }).placed(at);
                }
            }
            Value::Object(entries) => {
                for entry in entries {
                    entry.key_at = at;
                    entry.value = std::mem::replace(&mut entry.value, Node { at, value: Value::Null }).placed(at);
                }
            }
            _ => {}
        }
        self
    }

    /// The value without its places; numbers that 64 bits do not hold become the nearest.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(text) => serde_json::from_str(text).unwrap_or(serde_json::Value::Null),
            Value::Text(text) => text.clone().into(),
            Value::List(items) => items.iter().map(Node::to_json).collect(),
            Value::Object(entries) => entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect(),
        }
    }

    /// A node for a value that stands in no file: all of it at the first character.
    #[must_use]
    pub fn from_json(value: &serde_json::Value) -> Node {
        let value = match value {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(number) => Value::Number(number.to_string()),
            serde_json::Value::String(text) => Value::Text(text.clone()),
            serde_json::Value::Array(items) => Value::List(items.iter().map(Node::from_json).collect()),
            serde_json::Value::Object(entries) => Value::Object(
                entries
                    .iter()
                    .map(|(key, value)| Entry { key: key.clone(), key_at: Position::START, value: Node::from_json(value) })
                    .collect(),
            ),
        };
        Node { at: Position::START, value }
    }
}

/// The segments of a JSON pointer, unescaped; `None` where it is none.
fn segments(pointer: &str) -> Option<Vec<String>> {
    if pointer.is_empty() || pointer == "/" {
        return Some(Vec::new());
    }
    let path = pointer.strip_prefix('/')?;
    Some(path.split('/').map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect())
}

/// At most forty characters of a text, on one line.
#[must_use]
pub(crate) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(40).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_and_set_by_pointer() {
        let mut tree = super::super::json::parse(r#"{"a/b": [1, {"c": 2}]}"#).unwrap();
        assert_eq!(tree.get("/a~1b/1/c").map(Node::to_json), Some(2.into()));
        assert!(tree.set("/a~1b/1/c", &serde_json::json!([true, null])));
        assert!(tree.set("/a~1b/1/new", &"text".into()));
        assert!(!tree.set("/a~1b/2", &1.into()) && !tree.set("/x/y", &1.into()) && !tree.set("x", &1.into()));
        assert_eq!(tree.to_json(), serde_json::json!({"a/b": [1, {"c": [true, null], "new": "text"}]}));
        assert_eq!(tree.get("/a~1b/1/c/0").map(|node| node.at.column), Some(19));
    }
}
