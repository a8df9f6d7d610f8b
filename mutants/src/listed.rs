//! The changes that `cargo mutants --list --json` makes of the program.

use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use std::process::Command;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub enum Genre {
    FnValue,
    BinaryOperator,
    UnaryOperator,
    MatchArm,
    MatchArmGuard,
    StructField,
}

/// Line and column, both from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

#[derive(Debug, Clone, Deserialize)]
struct Extent {
    start: Place,
}

/// One change of the program; its number is its place in the list.
#[derive(Debug, Clone, Deserialize)]
pub struct Mutant {
    pub name: String,
    file: String,
    genre: Genre,
    replacement: String,
    span: Extent,
}

impl Mutant {
    /// Where the unit tests of its file are: `engine::gate` for `src/engine/gate/room.rs` as for `src/engine/gate.rs`.
    pub fn module(&self) -> String {
        let file = self.file.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
        file.split('/').take(2).collect::<Vec<_>>().join("::")
    }
}

/// The changes of one file, by what is changed and where: the number of each and what stands there instead.
pub type Changes = HashMap<(Genre, Place), Vec<(usize, String)>>;

/// All changes of the checkout at `root`, as its `.cargo/mutants.toml` asks for them.
///
/// # Errors
/// Where `cargo mutants` is not installed, or fails.
pub fn list(root: &Path) -> Result<Vec<Mutant>> {
    let output = Command::new("cargo")
        .args(["mutants", "--list", "--json", "--dir"])
        .arg(root)
        .output()
        .context("cargo mutants --list")?;
    anyhow::ensure!(output.status.success(), "cargo mutants --list: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("the list of cargo mutants")
}

/// The changes by file, without those of `left_out`.
pub fn by_file(mutants: &[Mutant], left_out: &BTreeSet<usize>) -> BTreeMap<String, Changes> {
    let mut files: BTreeMap<String, Changes> = BTreeMap::new();
    for (number, mutant) in mutants.iter().enumerate().filter(|(number, _)| !left_out.contains(number)) {
        let changes = files.entry(mutant.file.clone()).or_default();
        let place = changes.entry((mutant.genre, mutant.span.start)).or_default();
        place.push((number, mutant.replacement.clone()));
    }
    files
}
