//! Mistakes in a file: each with its place, all of them at once.

use super::tree::{Node, Position, Value};
use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

/// Mistakes of one file that are told at most: more of them are one mistake many times.
const MOST: usize = 1000;

/// One mistake: `path:line:column: /json/pointer: what is wrong; what would be right`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file, as the user named it.
    pub path: PathBuf,
    /// Where in the file; `None` where the file could not be read at all.
    pub at: Option<Position>,
    /// JSON pointer (RFC 6901) of the value; `None` where the text is not JSON. The whole file is `/`.
    pub pointer: Option<String>,
    /// What is wrong; what would be right.
    pub text: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.path.display())?;
        if let Some(at) = self.at {
            write!(f, "{at}:")?;
        }
        if let Some(pointer) = &self.pointer {
            write!(f, " {}:", if pointer.is_empty() { "/" } else { pointer })?;
        }
        write!(f, " {}", self.text)
    }
}

/// Every mistake of a file (a thousand at most), in order of place. Prints as one line each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes(pub Vec<Mistake>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.0.iter().enumerate() {
            write!(f, "{}{mistake}", if i == 0 { "" } else { "\n" })?;
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

impl Mistakes {
    /// A single mistake.
    #[must_use]
    pub fn one(path: &Path, at: Option<Position>, text: impl Into<String>) -> Mistakes {
        Mistakes(vec![Mistake { path: path.to_owned(), at, pointer: None, text: text.into() }])
    }
}

/// Collects mistakes while a tree is read and compiled; knows at which JSON pointer the work is.
#[derive(Debug)]
pub(crate) struct Checker<'a> {
    path: &'a Path,
    tree: &'a Node,
    pointer: Vec<String>,
    found: Vec<Mistake>,
    /// How many were found when reading ended and compiling began.
    read: Option<usize>,
}

impl<'a> Checker<'a> {
    /// A checker of a tree; keys that occur twice are its first mistakes.
    pub(crate) fn new(path: &'a Path, tree: &'a Node) -> Checker<'a> {
        let mut checker = Checker { path, tree, pointer: Vec::new(), found: Vec::new(), read: None };
        checker.duplicates(tree);
        checker
    }

    /// From here on a mistake at an object in which reading already found one is not told: it would follow from it.
    pub(crate) fn reading_ends(&mut self) {
        self.read = Some(self.found.len());
    }

    /// How many mistakes there are so far.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    /// Works at the child `segment` of where the work is.
    pub(crate) fn within<T>(&mut self, segment: impl ToString, work: impl FnOnce(&mut Self) -> T) -> T {
        self.pointer.push(segment.to_string());
        let result = work(self);
        self.pointer.pop();
        result
    }

    /// Works at a child of a child, and so on.
    pub(crate) fn within_all(&mut self, segments: &[&str], work: impl FnOnce(&mut Self)) {
        let depth = self.pointer.len();
        self.pointer.extend(segments.iter().map(|segment| (*segment).to_owned()));
        work(self);
        self.pointer.truncate(depth);
    }

    /// A mistake of the value at which the work is.
    pub(crate) fn mistake(&mut self, text: impl Into<String>) {
        self.add(text.into(), false);
    }

    /// A mistake of the key of the value at which the work is.
    pub(crate) fn mistake_of_key(&mut self, text: impl Into<String>) {
        self.add(text.into(), true);
    }

    /// A mistake of the child `segment`, or of the value itself where there is no such child.
    pub(crate) fn mistake_at(&mut self, segment: impl ToString, text: impl Into<String>) {
        self.within(segment, |checker| checker.mistake(text));
    }

    /// A mistake of another file, such as a trace.
    pub(crate) fn mistake_in(&mut self, path: PathBuf, at: Option<Position>, text: impl Into<String>) {
        if self.found.len() < MOST {
            self.found.push(Mistake { path, at, pointer: None, text: text.into() });
        }
    }

    fn add(&mut self, text: String, of_key: bool) {
        let (at, depth) = self.locate(of_key);
        let pointer = pointer(&self.pointer[..depth]);
        let follows = self.read.is_some_and(|read| {
            self.found[..read]
                .iter()
                .filter_map(|mistake| mistake.pointer.as_deref())
                .any(|found| found.strip_prefix(pointer.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
        });
        if !follows && self.found.len() < MOST {
            self.found.push(Mistake { path: self.path.to_owned(), at: Some(at), pointer: Some(pointer), text });
        }
    }

    /// The place of where the work is, and how many segments of the pointer exist in the tree.
    fn locate(&self, of_key: bool) -> (Position, usize) {
        let mut node = self.tree;
        let mut at = node.at;
        for (depth, segment) in self.pointer.iter().enumerate() {
            match node.child(segment) {
                Some((key_at, child)) => {
                    let last = depth + 1 == self.pointer.len();
                    at = if of_key && last { key_at } else { child.at };
                    node = child;
                }
                None => return (at, depth),
            }
        }
        (at, self.pointer.len())
    }

    fn duplicates(&mut self, node: &Node) {
        match &node.value {
            Value::Object(entries) => {
                let mut seen = HashSet::new();
                for entry in entries {
                    self.pointer.push(entry.key.clone());
                    if seen.insert(entry.key.as_str()) {
                        self.duplicates(&entry.value);
                    } else {
                        let mistake = Mistake {
                            path: self.path.to_owned(),
                            at: Some(entry.key_at),
                            pointer: Some(pointer(&self.pointer)),
                            text: format!("the key `{}` stands here a second time; keep one of them", shown(&entry.key)),
                        };
                        self.found.push(mistake);
                    }
                    self.pointer.pop();
                }
            }
            Value::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    self.within(i, |checker| checker.duplicates(item));
                }
            }
            _ => {}
        }
    }

    /// The value if nothing was wrong, else all that was, in order of place: the scenario's own mistakes first.
    pub(crate) fn finish<T>(mut self, value: Option<T>) -> Result<T, Mistakes> {
        let own = self.path;
        self.found.sort_by(|a, b| (a.path != own, &a.path, a.at).cmp(&(b.path != own, &b.path, b.at)));
        self.found.dedup();
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            None if self.found.is_empty() => {
                Err(Mistakes::one(own, None, "this file cannot be compiled; please report that as a bug"))
            }
            _ => Err(Mistakes(self.found)),
        }
    }
}

fn shown(key: &str) -> String {
    super::tree::shorten(key)
}

/// A JSON pointer from its segments.
fn pointer(segments: &[String]) -> String {
    segments.iter().map(|segment| format!("/{}", segment.replace('~', "~0").replace('/', "~1"))).collect()
}

/// ``; did you mean `workers`?`` where a known name is near, else the names that are known.
pub(crate) fn suggestion<'n>(unknown: &str, known: impl IntoIterator<Item = &'n str>) -> String {
    let known: Vec<&str> = known.into_iter().filter(|name| !name.is_empty()).collect();
    match nearest(unknown, known.iter().copied()) {
        Some(name) => format!("did you mean `{name}`?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("use {}", one_of(&known)),
    }
}

/// The known name that a person probably meant.
pub(crate) fn nearest<'n>(unknown: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    // The distance of a text of a million characters would take its time.
    let unknown: String = unknown.chars().take(100).collect();
    let known = known.into_iter().filter(|name| !name.is_empty());
    let distances = known.map(|name| (strsim::damerau_levenshtein(&unknown.to_lowercase(), &name.to_lowercase()), name));
    distances
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1) + 1 && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// `` `a`, `b` or `c` ``, at most twenty of them.
pub(crate) fn one_of(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, others)) if !others.is_empty() && names.len() <= 20 => format!("{} or {last}", others.join(", ")),
        _ => quoted.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_named_and_else_all() {
        assert_eq!(suggestion("wrokers", ["workers", "queue"]), "did you mean `workers`?");
        assert_eq!(suggestion("Open", ["open", "split"]), "did you mean `open`?");
        assert_eq!(suggestion("bank", ["portal", "gate"]), "use `portal` or `gate`");
        assert_eq!(suggestion("bank", []), "there is none");
        assert!(suggestion(&"x".repeat(1_000_000), ["portal"]).starts_with("use"));
    }

    #[test]
    fn a_pointer_escapes_its_segments_and_ends_where_the_tree_does() {
        let tree = super::super::json::parse(r#"{"a/b": {"c~d": [1, 2]}}"#).unwrap();
        let mut check = Checker::new(Path::new("s.json"), &tree);
        check.within("a/b", |check| {
            check.within("c~d", |check| {
                check.mistake_at(1, "second");
                check.mistake_of_key("key");
                check.mistake_at(7, "beyond");
            });
        });
        let told = check.finish(Some(())).unwrap_err().to_string();
        assert_eq!(told, "s.json:1:10: /a~1b/c~0d: key\ns.json:1:17: /a~1b/c~0d: beyond\ns.json:1:21: /a~1b/c~0d/1: second");
    }

    #[test]
    fn what_follows_from_a_mistake_of_reading_is_not_told() {
        let tree = super::super::json::parse(r#"{"a": {"b": 1}, "ab": 2}"#).unwrap();
        let mut check = Checker::new(Path::new("s.json"), &tree);
        check.within("a", |check| check.mistake_at("b", "read"));
        check.reading_ends();
        check.mistake_at("a", "follows");
        check.mistake_at("ab", "stands");
        assert_eq!(check.finish(Some(())).unwrap_err().0.len(), 2);
    }
}
