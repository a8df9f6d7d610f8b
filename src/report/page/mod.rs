//! The report: one self-contained HTML page made of the files of a run, in English and Italian. Sweeps and plans have theirs.
//!
//! Everything comes from the results folder and the scenario, so that `clickday run --report` and `clickday report` give
//! the same bytes. The frame is in `assets/`, the words in `texts/`, one file a language; the charts are drawn in the browser
//! by uPlot, which is inside the page.

mod answer;
mod data;
mod frame;
mod html;
mod incidents;
pub mod live;
mod lookup;
mod parameters;
mod plan;
mod rules;
mod sections;
mod sweep;
mod tables;
mod texts;

pub use plan::plan_page;
pub use sweep::sweep_page;

use crate::model::Study;
use frame::{BODY, Content, RUN_SCRIPTS};
use lookup::Lookup;
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file's name in the folder of the results.
pub const PAGE: &str = "report.html";

/// The language that a page shows first; the other is inside too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Italian.
    Italian,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A file of the results cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The summary is no JSON.
    #[error("{} is not JSON", path.display())]
    Json {
        /// Which.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// The answer of a plan is broken.
    #[error("{} is not as this clickday writes it: it has no `{missing}`", path.display())]
    Plan {
        /// Which.
        path: PathBuf,
        /// A key.
        missing: &'static str,
    },
    /// A table of the results is broken.
    #[error("{} is not as clickday writes it: {what}", path.display())]
    Table {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
}

/// What a page is made of.
#[derive(Debug, Clone, Copy)]
pub struct PageSource<'a> {
    /// What was simulated.
    pub study: &'a Study,
    /// The scenario as its file says it.
    pub scenario: &'a Value,
    /// The folder that holds `summary.json` and the tables.
    pub folder: &'a Path,
    /// What is shown first.
    pub language: Language,
}

fn read(folder: &Path, name: &str) -> Result<String, PageError> {
    let path = folder.join(name);
    fs::read_to_string(&path).map_err(|source| PageError::Read { path, source })
}

fn broken(folder: &Path, name: &str, what: impl Into<String>) -> PageError {
    PageError::Table { path: folder.join(name), what: what.into() }
}

fn read_summary(folder: &Path) -> Result<Value, PageError> {
    let text = read(folder, "summary.json")?;
    serde_json::from_str(&text).map_err(|error| PageError::Json { path: folder.join("summary.json"), source: error })
}

/// The page's text.
///
/// # Errors
/// When a file of the results cannot be read or is not as clickday writes it.
pub fn page(source: &PageSource<'_>) -> Result<String, PageError> {
    let summary = read_summary(source.folder)?;
    let lookup = Lookup { summary: &summary, study: source.study, scenario: source.scenario };
    let data = data::data(&lookup, source.folder)?;
    let content = Content { title: &source.study.title, template: BODY, scripts: &RUN_SCRIPTS, data: &data };
    Ok(frame::page(&content, source.language, |name, texts| sections::part(name, &lookup, texts)))
}

#[cfg(test)]
mod tests;
