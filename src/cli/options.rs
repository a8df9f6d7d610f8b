//! Options that several commands have.

use super::exit::Failure;
use crate::model::Study;
use crate::report::{ChartFormat, Language};
use crate::scenario::suggestion;

const PAGE_WIDTH: u16 = 120;

/// How to draw the charts.
#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
pub(super) enum Charts {
    #[default]
    Png,
    Svg,
    None,
}

impl Charts {
    pub(super) fn format(self) -> ChartFormat {
        match self {
            Charts::Png => ChartFormat::Png,
            Charts::Svg => ChartFormat::Svg,
            Charts::None => ChartFormat::None,
        }
    }
}

/// How a command works and what it says.
#[derive(Debug, clap::Args)]
pub(super) struct WorkArgs {
    /// Threads; all cores unless said otherwise. Results do not depend on it
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = threads)]
    pub(super) threads: Option<usize>,
    #[command(flatten)]
    pub(super) show: ShowArgs,
}

/// How results are shown.
#[derive(Debug, Default, clap::Args)]
pub(super) struct ShowArgs {
    /// How to draw the charts
    #[arg(long, value_name = "FORMAT", default_value = "png")]
    pub(super) charts: Charts,
    /// Write the report too: one HTML page that needs nothing else
    #[arg(long)]
    pub(super) report: bool,
    #[command(flatten)]
    pub(super) language: LanguageArgs,
    /// Print nothing but errors
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// The language of a page.
#[derive(Debug, Default, clap::Args)]
pub(super) struct LanguageArgs {
    /// The language that the page shows first; the other is one click away
    #[arg(long, value_name = "LANGUAGE", default_value = "en")]
    language: PageLanguage,
}

#[derive(Debug, Clone, Copy, Default, clap::ValueEnum)]
enum PageLanguage {
    /// English
    #[default]
    En,
    /// Italian
    It,
}

impl LanguageArgs {
    pub(super) fn shown_first(&self) -> Language {
        match self.language {
            PageLanguage::En => Language::English,
            PageLanguage::It => Language::Italian,
        }
    }
}

/// Reads `--threads`.
pub(super) fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n @ 1..=1024) => Ok(n),
        _ => Err("want a whole number from 1 to 1024".to_owned()),
    }
}

/// Columns of the terminal, or of a page where there is none.
pub(super) fn page_width() -> u16 {
    terminal_size::terminal_size().map_or(PAGE_WIDTH, |(width, _)| width.0)
}

/// Reads `--scale`.
pub(super) fn scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if factor > 0.0 && factor.is_finite() => Ok(factor),
        _ => Err("want a positive number such as 0.01".to_owned()),
    }
}

/// The policies of these names, or all where there are none, in the order of the file.
pub(super) fn chosen_policies(names: &[String], study: &Study) -> Result<Vec<usize>, Failure> {
    let known = &study.names.policies;
    if let Some(unknown) = names.iter().find(|name| !known.contains(name)) {
        let hint = suggestion(unknown, known.iter().map(String::as_str));
        let all = if hint.starts_with("did") { format!(" It has `{}`", known.join("`, `")) } else { String::new() };
        return Err(Failure::Usage(format!("`{}` has no policy `{unknown}`; {hint}{all}", study.name)));
    }
    let chosen = |name: &String| names.is_empty() || names.contains(name);
    Ok(known.iter().enumerate().filter(|(_, name)| chosen(name)).map(|(index, _)| index).collect())
}
