//! A scenario in memory: loaded, changed, compiled.

use super::compile::{self, Context};
use super::file::File;
use super::mistake::{Checker, Mistakes};
use super::read::{REMARKS, Read};
use super::tree::{Node, Value};
use super::{json, source};
use crate::model::Study;
use std::path::{Path, PathBuf};

/// A scenario without mistakes.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// What the file says, defaults filled in.
    pub file: File,
    path: PathBuf,
    tree: Node,
}

/// Where a number comes from, as it stands beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// JSON pointer of the object that says it.
    pub pointer: String,
    /// `note`, `source` or `chosen`.
    pub key: &'static str,
    /// What it says; empty for `"chosen": true`.
    pub text: String,
}

impl Scenario {
    /// Reads and checks a file, and the traces it names.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn load(path: &Path) -> Result<Scenario, Mistakes> {
        Scenario::parse(&source::read(path)?, path)
    }

    /// Reads and checks a text as if it stood in the file `path`.
    ///
    /// # Errors
    /// Every mistake at once.
    pub fn parse(text: &str, path: &Path) -> Result<Scenario, Mistakes> {
        let tree = json::parse(text).map_err(|error| Mistakes::one(path, Some(error.at), error.text))?;
        Scenario::from_tree(tree, path)
    }

    fn from_tree(tree: Node, path: &Path) -> Result<Scenario, Mistakes> {
        let mut check = Checker::new(path, &tree);
        let file = File::read(&tree, &mut check);
        check.reading_ends();
        let study = file.as_ref().and_then(|file| {
            let context = Context::new(file, folder(path), &mut check)?;
            compile::study(&context, &mut check)
        });
        let file = check.finish(study.and(file))?;
        Ok(Scenario { file, path: path.to_owned(), tree })
    }

    /// The path it was loaded from.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the engine runs; with `scale` a smaller copy of the same system.
    ///
    /// # Errors
    /// When rounding would move a capacity by more than 5 %, or a trace cannot be read any more.
    pub fn compile(&self, scale: Option<f64>) -> Result<Study, Mistakes> {
        let mut check = Checker::new(&self.path, &self.tree);
        let study =
            Context::new(&self.file, folder(&self.path), &mut check).and_then(|context| compile::study(&context, &mut check));
        let study = study.map(|mut study| {
            if let Some(factor) = scale {
                compile::scale(&mut study, factor, &mut check);
            }
            study
        });
        check.finish(study)
    }

    /// The size of the copy that the file wants simulated; `None`: the system itself.
    #[must_use]
    pub fn scale(&self) -> Option<f64> {
        self.file.experiment.scale.as_ref().map(|scale| scale.0)
    }

    /// The scenario with other values at some JSON pointers, checked anew. A key that is not there yet is added; its
    /// object must be there. Places in messages are those of the file.
    ///
    /// # Errors
    /// A pointer that leads nowhere, and every mistake that the changes make.
    pub fn with(&self, changes: &[(&str, serde_json::Value)]) -> Result<Scenario, Mistakes> {
        let mut tree = self.tree.clone();
        for (pointer, value) in changes {
            if !tree.set(pointer, value) {
                let text = format!("no value stands at `{pointer}`; give a JSON pointer such as /stations/NAME/workers");
                return Err(Mistakes::one(&self.path, None, text));
            }
        }
        Scenario::from_tree(tree, &self.path)
    }

    /// The value at a JSON pointer, as it stands in the file.
    #[must_use]
    pub fn value(&self, pointer: &str) -> Option<serde_json::Value> {
        self.tree.get(pointer).map(Node::to_json)
    }

    /// All that the file says, as JSON.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        self.tree.to_json()
    }

    /// All notes, sources and remarks of choice, in the order of the file.
    #[must_use]
    pub fn remarks(&self) -> Vec<Remark> {
        let mut remarks = Vec::new();
        collect(&self.tree, "", &mut remarks);
        remarks
    }
}

/// Where files named in a scenario are looked for.
fn folder(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new(""))
}

fn collect(node: &Node, pointer: &str, remarks: &mut Vec<Remark>) {
    match &node.value {
        Value::Object(entries) => {
            for entry in entries {
                let below = format!("{pointer}/{}", entry.key.replace('~', "~0").replace('/', "~1"));
                match REMARKS.iter().find(|key| **key == entry.key) {
                    Some(key) => remarks.extend(texts(&entry.value).into_iter().map(|text| Remark {
                        pointer: pointer.to_owned(),
                        key,
                        text,
                    })),
                    None => collect(&entry.value, &below, remarks),
                }
            }
        }
        Value::List(items) => {
            for (i, item) in items.iter().enumerate() {
                collect(item, &format!("{pointer}/{i}"), remarks);
            }
        }
        _ => {}
    }
}

fn texts(node: &Node) -> Vec<String> {
    match &node.value {
        Value::Text(text) => vec![text.clone()],
        Value::Bool(true) => vec![String::new()],
        Value::List(items) => items.iter().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}
