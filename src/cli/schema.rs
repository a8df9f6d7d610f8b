//! `clickday schema`.

use super::exit::Failure;
use super::print::print;
use crate::{report, scenario};

/// Print the JSON Schemas of the files that clickday reads and writes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which one; without it both, as one object
    which: Option<Which>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Which {
    /// Of scenario files
    Scenario,
    /// Of summary.json
    Summary,
}

pub(super) fn schema(args: &Args) -> Result<(), Failure> {
    let schema = match args.which {
        Some(Which::Scenario) => scenario::schema(),
        Some(Which::Summary) => report::summary_schema(),
        None => serde_json::json!({"scenario": scenario::schema(), "summary": report::summary_schema()}),
    };
    print(&format!("{schema:#}"))
}
