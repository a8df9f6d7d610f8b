//! The report: one self-contained HTML page made of the files of a run, in English and Italian.
//!
//! Everything comes from the results folder and the scenario, so that `clickday run --report` and `clickday report` give
//! the same bytes. The frame is in `assets/`, the words in `texts/`, one file a language; the charts are drawn in the browser
//! by uPlot, which is inside the page.

mod answer;
mod data;
mod html;
mod incidents;
pub mod live;
mod lookup;
mod parameters;
mod sections;
mod tables;
mod texts;

use crate::model::Study;
use html::{Slot, fill, in_script};
use lookup::Lookup;
use serde_json::Value;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use texts::Texts;

/// The file's name in the folder of the results.
pub const PAGE: &str = "report.html";

const FRAME: &str = include_str!("assets/frame.html");
const BODY: &str = include_str!("assets/body.html");
const STYLE: &str = include_str!("assets/page.css");
const SCRIPTS: [&str; 4] = [
    include_str!("assets/uplot/uPlot.iife.min.js"),
    include_str!("assets/clock.js"),
    include_str!("assets/charts.js"),
    include_str!("assets/page.js"),
];
const UPLOT_STYLE: &str = include_str!("assets/uplot/uPlot.min.css");
const UPLOT_LICENCE: &str = include_str!("assets/uplot/LICENSE");

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
    let languages = match source.language {
        Language::English => [Texts::english(), Texts::italian()],
        Language::Italian => [Texts::italian(), Texts::english()],
    };
    let mut bodies = String::new();
    for (place, texts) in languages.iter().enumerate() {
        bodies += &body(&lookup, texts, place > 0);
    }
    let words: serde_json::Map<String, Value> =
        languages.iter().map(|texts| (texts.code().to_owned(), texts.for_scripts())).collect();
    Ok(fill(FRAME, |slot| {
        Some(match slot {
            "lang" => languages[0].code().to_owned(),
            "title" => html::escape(&source.study.title),
            "style" => format!("{UPLOT_STYLE}\n{STYLE}"),
            "bodies" => bodies.clone(),
            "data" => in_script(&data),
            "words" => in_script(&Value::Object(words.clone())),
            "scripts" => SCRIPTS.join("\n"),
            "licence" => UPLOT_LICENCE.replace("-->", ""),
            _ => return None,
        })
    }))
}

/// All that is said in one language.
fn body(lookup: &Lookup<'_>, texts: &Texts, hidden: bool) -> String {
    fill(BODY, |slot| match Slot::of(slot) {
        Slot::Text(key) => Some(texts.html(key)),
        Slot::Part("lang") => Some(texts.code().to_owned()),
        Slot::Part("hidden") => Some(if hidden { "hidden" } else { "" }.to_owned()),
        Slot::Part(name) => sections::part(name, lookup, texts),
    })
}

#[cfg(test)]
mod tests;
