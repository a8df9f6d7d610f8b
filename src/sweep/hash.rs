//! What a sweep's results are known by: a hash of all that they come from.

use crate::scenario::Scenario;
use crate::scenario::tree::Node;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// SHA-256 over the two files as JSON (blanks do not count), the design, and the traces that they name.
pub(super) fn hash(sweep: &Node, design: &str, base: &Scenario, path: &Path) -> String {
    let scenario = base.value("").unwrap_or_default();
    let sweep = sweep.to_json();
    let mut hasher = Sha256::new();
    hasher.update(sweep.to_string());
    hasher.update([0]);
    hasher.update(design);
    hasher.update([0]);
    hasher.update(scenario.to_string());
    let mut traces = Vec::new();
    traces_in(&scenario, &mut traces);
    traces_in(&sweep, &mut traces);
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    for trace in traces {
        let path: PathBuf = folder.join(trace);
        if let Ok(bytes) = std::fs::read(&path) {
            hasher.update([0]);
            hasher.update(bytes);
        }
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The files of all traces in a value.
fn traces_in(value: &serde_json::Value, found: &mut Vec<String>) {
    if let Some(file) = value.get("trace").and_then(|trace| trace.get("file")).and_then(|file| file.as_str()) {
        found.push(file.to_owned());
    }
    value.as_object().into_iter().flat_map(|map| map.values()).for_each(|value| traces_in(value, found));
    value.as_array().into_iter().flatten().for_each(|value| traces_in(value, found));
}
