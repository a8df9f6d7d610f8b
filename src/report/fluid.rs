//! The fluid limit: `fluid.json`, `fluid.csv`, a chart, and words for the terminal.

mod file;

pub use file::{FluidFile, FluidPolicyFigures, FluidQueue, FluidScope, FluidStation, FluidWait, Told, schema};

use super::charts::{ChartError, ChartFormat, fluid_chart};
use super::estimates::{Unit, figure, value};
use super::folder::Folder;
use super::numbers::{duration, in_full};
use super::series::{rows, write_rows};
use super::summary::name;
use super::target::FolderError;
use crate::experiment::{Counts, Figure, Results};
use crate::fluid::{Fluid, Scope};
use crate::model::Study;
use comfy_table::{CellAlignment, ContentArrangement, Table};
use std::io::BufWriter;
use std::path::Path;

/// Why the fluid could not be written.
#[derive(Debug, thiserror::Error)]
pub enum FluidReportError {
    /// The folder, its disk or its permissions.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The chart.
    #[error("cannot draw the chart fluid")]
    Chart(#[from] ChartError),
    /// The file.
    #[error("cannot write fluid.json")]
    Json(#[from] serde_json::Error),
    /// The series.
    #[error("cannot write fluid.csv")]
    Series(#[from] csv::Error),
}

/// Writes `fluid.json`, `fluid.csv` and the chart `fluid` to a claimed folder; the chart shows what was simulated too,
/// where there is such.
///
/// # Errors
/// When the disk refuses or the chart cannot be drawn.
pub fn write_fluid(
    study: &Study,
    fluid: &Fluid,
    simulated: Option<&Results>,
    charts: ChartFormat,
    folder: &Folder,
) -> Result<(), FluidReportError> {
    let text = serde_json::to_string_pretty(&FluidFile::new(study, fluid).to_json()?)? + "\n";
    folder.write("fluid.json", text.as_bytes())?;
    let policies = fluid.policies.iter().map(|policy| {
        let account = &policy.account;
        let classes = account.classes.iter().map(|class| &class.series);
        let stations = account.stations.iter().map(|station| &station.series);
        (policy.policy, rows(study, &account.total.series, classes, stations))
    });
    write_rows(study, policies, BufWriter::new(folder.create("fluid.csv")?))?;
    if let Some(ending) = charts.ending() {
        folder.write(&format!("fluid.{ending}"), &fluid_chart(study, fluid, simulated, charts)?)?;
    }
    Ok(())
}

/// A row of the table: its words, its unit, and where its value is in the fluid and in a run.
type Row = (&'static str, Unit, fn(&Scope) -> f64, fn(&Counts<Figure>) -> Figure);

const ROWS: [Row; 9] = [
    ("came", Unit::Number, |s| s.counts.arrived, |c| c.arrived),
    ("got through", Unit::Number, |s| s.counts.completed, |c| c.completed),
    ("of those who came", Unit::Share, |s| s.counts.completed_share, |c| c.completed_share),
    ("gave up for good", Unit::Number, |s| s.counts.abandoned, |c| c.abandoned),
    ("requests", Unit::Number, |s| s.counts.requests, |c| c.requests),
    ("timed out", Unit::Number, |s| s.counts.timeouts, |c| c.timeouts),
    ("refused", Unit::Number, |s| s.counts.refused, |c| c.refused),
    ("lost, of those that ended", Unit::Share, |s| s.counts.lost_share, |c| c.lost_share),
    ("requests for each who got through", Unit::Number, |s| s.counts.requests_per_completion, |c| c.requests_per_completion),
];

/// The fluid in words and a table, beside what was simulated where there is such.
#[must_use]
pub fn fluid_table(study: &Study, fluid: &Fluid, simulated: Option<&Results>, folder: Option<&Path>, width: u16) -> String {
    let mut table = Table::new();
    table.load_style(super::table::LINES).set_content_arrangement(ContentArrangement::Dynamic).set_width(width.max(60));
    let head = ["", "fluid", "± of the step"].into_iter().chain(simulated.map(|_| "simulated"));
    table.set_header(head);
    for policy in &fluid.policies {
        table.add_row(vec![super::estimates::plain(&name(&study.names.policies, policy.policy))]);
        let run = simulated.and_then(|results| results.policies.iter().find(|run| run.policy == policy.policy));
        for (words, unit, of, of_run) in ROWS {
            let (fine, plain) = (of(&policy.account.total), of(&policy.plain.total));
            let run = run.map(|run| figure(of_run(&run.total.counts), unit));
            let row = [format!("  {words}"), shown(fine, unit), apart(fine, plain, unit)];
            table.add_row(row.into_iter().chain(run));
        }
        for (id, (fine, plain)) in policy.account.stations.iter().zip(&policy.plain.stations).enumerate() {
            let (most, other) = (fine.queue_length.max, plain.queue_length.max);
            let run = run.and_then(|run| run.stations.get(id)).map(|run| figure(run.queue_length.max, Unit::Number));
            let words = format!("  longest queue: {}", super::estimates::plain(&name(&study.names.stations, id)));
            let row = [words, shown(most, Unit::Number), apart(most, other, Unit::Number)];
            table.add_row(row.into_iter().chain(run));
        }
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    let cell = duration(fluid.grid.cell.seconds());
    let mut text = format!(
        "{}\nthe fluid limit: people without number, no chance; cells of {cell}\n\n{table}\n",
        super::estimates::plain(&study.title)
    );
    let notes = notes(study, fluid).into_iter().map(|note| super::wrapped(&format!("- {note}"), "  ", width));
    for note in notes {
        text += &format!("\n{note}\n");
    }
    if let Some(folder) = folder {
        text += &format!("\nFiles: {}\n", folder.display());
    }
    text
}

/// A figure for people, counts to the last digit.
fn shown(number: f64, unit: Unit) -> String {
    if unit == Unit::Number { in_full(number) } else { value(number, unit) }
}

/// How far two grids are apart; what rounding makes of nothing is nothing.
fn apart(fine: f64, plain: f64, unit: Unit) -> String {
    let apart = (fine - plain).abs();
    shown(if apart <= 1e-9 * fine.abs() { 0.0 } else { apart }, unit)
}

/// What the figures leave out.
fn notes(study: &Study, fluid: &Fluid) -> Vec<String> {
    let mut notes = Vec::new();
    if study.experiment.demand_cv.is_some() || study.experiment.capacity_cv.is_some() {
        notes.push("as many people and as fast workers as the file says: the fluid has no doubt about them".to_owned());
    }
    let uncounted: f64 = fluid.policies.iter().map(|policy| policy.account.uncounted).sum();
    if uncounted >= 0.5 {
        notes.push(format!(
            "{} times somebody had more tries or returns behind them than the fluid tells apart, and went on without a limit",
            value(uncounted, Unit::Number)
        ));
    }
    notes
}
