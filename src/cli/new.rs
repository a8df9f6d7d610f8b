//! `clickday new`.

use super::exit::Failure;
use super::print::{print, print_json};
use super::shipped;
use crate::scenario::{Scenario, suggestion};
use std::path::{Path, PathBuf};

const TEMPLATE: &str = include_str!("new/template.json");

/// Start a scenario: a small day with every part explained in its notes, to be changed at will
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday new my-day                     # writes my-day.json
  clickday new bonus --from inps-2020-04  # begins with a shipped scenario
  clickday check my-day.json && clickday run my-day.json --report")]
pub(super) struct Args {
    /// Its name; the file is called NAME.json
    name: String,
    /// Begin with a shipped scenario in place of the template (see clickday list)
    #[arg(long, value_name = "SCENARIO")]
    from: Option<String>,
    /// Print the file's path as JSON (its schema: clickday schema new)
    #[arg(long)]
    json: bool,
}

/// What `new --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Made {
    /// The file that was written.
    path: PathBuf,
}

pub(super) fn new(args: &Args) -> Result<(), Failure> {
    let template = match args.from.as_deref() {
        None => TEMPLATE,
        Some(from) => shipped::text(from).ok_or_else(|| {
            let hint = suggestion(from, shipped::SHIPPED.iter().map(|(name, _)| *name));
            Failure::Usage(format!("there is no shipped scenario `{from}`; {hint}"))
        })?,
    };
    let name = args.name.strip_suffix(".json").unwrap_or(&args.name);
    let path = PathBuf::from(format!("{name}.json"));
    let text = named(template, name);
    Scenario::parse(&text, &path).map_err(|mistakes| Failure::Mistakes(vec![mistakes]))?;
    write_new(&path, &text)?;
    if args.json {
        return print_json(&Made { path });
    }
    print(&format!(
        "{} is there. Change it, then:\n  clickday check {name}.json\n  clickday run {name}.json --report",
        path.display()
    ))
}

/// The template under another name; the first `"name"` of a scenario is its own. Its schema stands elsewhere.
fn named(template: &str, name: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut done = false;
    for line in template.lines() {
        match line.trim_start() {
            start if start.starts_with("\"$schema\"") => {}
            start if start.starts_with("\"name\":") && !done => {
                lines.push(format!("  \"name\": {},", serde_json::Value::from(name)));
                done = true;
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n") + "\n"
}

/// Writes a file that must not be there yet.
fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    crate::disk::write_new(path, text).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Usage(format!("{} is there already; choose another name", path.display())),
        _ => Failure::Work(format!("cannot write {}: {error}", path.display())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_and_every_shipped_scenario_are_scenarios_under_a_new_name() {
        for template in shipped::SHIPPED.iter().map(|(_, text)| *text).chain([TEMPLATE]) {
            let scenario = Scenario::parse(&named(template, "other"), Path::new("other.json")).unwrap();
            assert_eq!((scenario.file.name.0.as_str(), scenario.file.schema), ("other", None));
        }
        assert!(Scenario::parse(&named(TEMPLATE, "../x"), Path::new("x")).is_err());
    }
}
