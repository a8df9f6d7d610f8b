//! The rows of a sweep's results: one a cell, policy, class (or station) and figure.

use crate::experiment::Figure;
use crate::report::numbers::{nine_digit_text, nine_digits};
use crate::sweep::{CellResult, CellValue, Cells, Key, Parameter, Unit};
use std::io::Write;

/// The columns around those of the parameters, which stand after `cell`.
pub(super) const BEFORE: [&str; 1] = ["cell"];
pub(super) const AFTER: [&str; 9] = ["policy", "scope", "name", "figure", "unit", "mean", "low", "high", "n"];

/// A row.
pub(super) struct Row<'c> {
    pub(super) cell: &'c CellResult,
    pub(super) policy: &'c str,
    pub(super) key: &'c Key,
    pub(super) figure: Figure,
}

/// Every row, in order.
pub(super) fn rows(cells: &Cells) -> impl Iterator<Item = Row<'_>> {
    let layout = &cells.layout;
    cells.cells.iter().flat_map(move |cell| {
        layout.policies.iter().zip(&cell.figures).flat_map(move |(policy, figures)| {
            layout.figures.iter().zip(figures).map(move |(key, figure)| Row { cell, policy, key, figure: *figure })
        })
    })
}

/// A parameter's value as the tables have it: a number (durations in seconds), else its text.
pub(super) fn number_of(parameter: &Parameter, value: &CellValue) -> Option<f64> {
    value.number.filter(|_| parameter.unit != Unit::Text).map(nine_digits)
}

fn text_of(parameter: &Parameter, value: &CellValue) -> String {
    number_of(parameter, value).map_or_else(|| value.label(), nine_digit_text)
}

/// Writes `results.csv`.
///
/// # Errors
/// When `target` cannot be written to.
pub fn write_csv(cells: &Cells, target: impl Write) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(target);
    let parameters = &cells.layout.parameters;
    let pointers = parameters.iter().map(|parameter| parameter.pointer.as_str());
    csv.write_record(BEFORE.into_iter().chain(pointers).chain(AFTER))?;
    for row in rows(cells) {
        csv.write_field(row.cell.cell.to_string())?;
        for (parameter, value) in parameters.iter().zip(&row.cell.values) {
            csv.write_field(text_of(parameter, value))?;
        }
        for text in [row.policy, &row.key.scope, &row.key.name, &row.key.figure, &row.key.unit] {
            csv.write_field(text)?;
        }
        let figure = row.figure;
        for number in [figure.map(|f| f.mean), figure.and_then(|f| f.low), figure.and_then(|f| f.high)] {
            csv.write_field(number.map_or_else(String::new, nine_digit_text))?;
        }
        csv.write_field(figure.map_or(0, |f| f.n).to_string())?;
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}

/// Writes `failed.csv`: the runs that failed, with the values of their cells and the reason.
///
/// # Errors
/// When `target` cannot be written to.
pub(super) fn write_failed(cells: &Cells, target: impl Write) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(target);
    let parameters = &cells.layout.parameters;
    let pointers = parameters.iter().map(|parameter| parameter.pointer.as_str());
    csv.write_record(["cell"].into_iter().chain(pointers).chain(["policy", "replication", "why"]))?;
    for broken in &cells.broken {
        csv.write_field(broken.run.cell.to_string())?;
        for (parameter, value) in parameters.iter().zip(&broken.values) {
            csv.write_field(text_of(parameter, value))?;
        }
        let policy = cells.layout.policies.get(broken.run.policy).map_or("", String::as_str);
        csv.write_field(policy)?;
        csv.write_field(broken.run.replication.to_string())?;
        csv.write_field(&broken.why)?;
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}
