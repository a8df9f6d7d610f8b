//! `clickday schema`.

use super::exit::Failure;
use super::print::print_json;
use crate::{report, scenario, sweep};
use clap::ValueEnum;
use schemars::schema_for;
use serde_json::Value;

/// Print the JSON Schemas of the files that clickday reads and writes, and of what its commands print with --json
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  clickday schema scenario > scenario.schema.json\n  clickday schema summary\n  clickday schema check"
)]
pub(super) struct Args {
    /// Which one; without it all of them, as one object by name
    which: Option<Which>,
    /// Changes nothing: schemas are JSON (their own schema: clickday schema schema)
    #[arg(long)]
    json: bool,
}

/// A schema. Those of what commands print have the command's name, or take it as another one; a unit test sees to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Which {
    /// Of scenario files
    Scenario,
    /// Of sweep files
    Sweep,
    /// Of summary.json, and so of run --json
    #[value(alias = "run")]
    Summary,
    /// Of what run --json prints of a folder of scenarios
    Library,
    /// Of what sweep --json and merge --json print
    #[value(alias = "merge")]
    SweepResult,
    /// Of what submit --json prints
    Submit,
    /// Of plan.json, and so of plan --json
    Plan,
    /// Of fluid.json, and so of fluid --json
    Fluid,
    /// Of what serve --json prints
    #[cfg(feature = "serve")]
    Serve,
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
    /// Of what completions --json prints
    Completions,
    /// Of what man --json prints
    Man,
    /// Of schemas
    Schema,
}

impl Which {
    fn schema(self) -> Value {
        match self {
            Which::Scenario => scenario::schema(),
            Which::Sweep => sweep::schema(),
            Which::Summary => report::summary_schema(),
            Which::Library => report::library_schema(),
            Which::SweepResult => schema_for!(super::sweep::Swept<'_>).to_value(),
            Which::Submit => schema_for!(super::submit::Submitted<'_>).to_value(),
            Which::Plan => report::plan_schema(),
            Which::Fluid => report::fluid_schema(),
            #[cfg(feature = "serve")]
            Which::Serve => schema_for!(super::serve::Serving).to_value(),
            Which::Check => schema_for!(super::check::Checked).to_value(),
            Which::List => schema_for!(super::list::Listed).to_value(),
            Which::New => schema_for!(super::new::Made).to_value(),
            Which::Report => schema_for!(super::report::Written).to_value(),
            Which::Import => schema_for!(super::import::Imported).to_value(),
            Which::Export => schema_for!(super::export::Exported).to_value(),
            Which::Calibrate => schema_for!(super::calibrate::Calibrated).to_value(),
            Which::Completions => schema_for!(super::completions::Completions).to_value(),
            Which::Man => schema_for!(super::completions::Manual).to_value(),
            Which::Schema => serde_json::json!({"$ref": "https://json-schema.org/draft/2020-12/schema"}),
        }
    }
}

pub(super) fn schema(args: &Args) -> Result<(), Failure> {
    let all = || {
        let named = |which: &Which| Some((which.to_possible_value()?.get_name().to_owned(), which.schema()));
        Value::Object(Which::value_variants().iter().filter_map(named).collect())
    };
    print_json(&args.which.map_or_else(all, Which::schema))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn every_command_has_json_and_a_schema_of_it() {
        for command in super::super::Cli::command().get_subcommands() {
            let name = command.get_name();
            let json = command.get_arguments().find(|arg| arg.get_long() == Some("json"));
            let help = json.and_then(|json| json.get_help()).map(ToString::to_string);
            let help = help.unwrap_or_else(|| panic!("`{name}` has no --json"));
            let which = Which::from_str(name, false).unwrap_or_else(|_| panic!("there is no schema `{name}`"));
            // `sweep` is the schema of sweep files.
            let which = if which == Which::Sweep { Which::SweepResult } else { which };
            let shown = which.to_possible_value().unwrap();
            assert!(help.contains(&format!("schema: clickday schema {}", shown.get_name())), "{name}: {help}");
        }
    }
}
