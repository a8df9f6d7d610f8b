//! `clickday schema`.

use super::exit::Failure;
use super::print::print;
use crate::{report, scenario, sweep};

/// Print the JSON Schemas of the files that clickday reads and writes
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clickday schema scenario > scenario.schema.json\n  clickday schema summary\n  clickday schema check"
)]
pub(super) struct Args {
    /// Which one; without it those of scenarios, sweeps and summaries, as one object
    which: Option<Which>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Which {
    /// Of scenario files
    Scenario,
    /// Of sweep files
    Sweep,
    /// Of summary.json, and so of run --json
    Summary,
    /// Of what check --json prints
    Check,
    /// Of what list --json prints
    List,
    /// Of what new --json prints
    New,
    /// Of what report --json prints
    Report,
    /// Of what import --json prints
    Import,
    /// Of what export --json prints
    Export,
    /// Of what calibrate --json prints
    Calibrate,
}

pub(super) fn schema(args: &Args) -> Result<(), Failure> {
    let schema = match args.which {
        Some(Which::Scenario) => scenario::schema(),
        Some(Which::Sweep) => sweep::schema(),
        Some(Which::Summary) => report::summary_schema(),
        Some(Which::Check) => schemars::schema_for!(super::check::Checked).to_value(),
        Some(Which::List) => schemars::schema_for!(super::list::Listed).to_value(),
        Some(Which::New) => schemars::schema_for!(super::new::Made).to_value(),
        Some(Which::Report) => schemars::schema_for!(super::report::Written).to_value(),
        Some(Which::Import) => schemars::schema_for!(super::import::Imported).to_value(),
        Some(Which::Export) => schemars::schema_for!(super::export::Exported).to_value(),
        Some(Which::Calibrate) => schemars::schema_for!(super::calibrate::Calibrated).to_value(),
        None => {
            serde_json::json!({"scenario": scenario::schema(), "sweep": sweep::schema(), "summary": report::summary_schema()})
        }
    };
    print(&format!("{schema:#}"))
}
