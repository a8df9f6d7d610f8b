//! A sweep's results on the terminal: one figure by cell and policy, and what failed.

use super::names::short_names;
use crate::report::estimates::{Unit, figure};
use crate::sweep::{CellResult, Cells, Key, Layout, sensitivity};
use comfy_table::{CellAlignment, ContentArrangement, Table};
use std::fmt::Write;
use std::path::Path;

/// More cells than these are not shown.
const MOST_ROWS: usize = 24;

/// The unit of a figure, for words.
pub(in crate::report) fn unit_of(key: &Key) -> Unit {
    match key.unit.as_str() {
        "share" => Unit::Share,
        "s" => Unit::Seconds,
        _ => Unit::Number,
    }
}

/// The table: the figure of the goal, or the first one, in every cell under every policy.
#[must_use]
pub fn sweep_table(cells: &Cells, target: &Path, width: u16) -> String {
    let layout = &cells.layout;
    let place = layout.goal_figure();
    let mut text = format!("{}: {} over {}\n", layout.sweep, layout.title, layout.scenario);
    let of = if layout.cells == 1 { "cell" } else { "cells" };
    let _ = writeln!(
        text,
        "{} {of}, {} {}, {} each, seed {}\n",
        layout.cells,
        layout.policies.len(),
        if layout.policies.len() == 1 { "policy" } else { "policies" },
        if layout.replications == 1 { "1 run".to_owned() } else { format!("{} runs", layout.replications) },
        layout.seed
    );
    if let Some(key) = layout.figures.get(place) {
        let about = if key.scope == "total" { String::new() } else { format!(" of {}", key.name) };
        let goal = layout.goal.as_ref().map(|goal| format!("; * meets {}", goal.text)).unwrap_or_default();
        let _ = writeln!(text, "{}{about}, mean ± half of the 95 % interval{goal}", key.figure);
        let _ = writeln!(text, "{}", grid(cells, key, place, width));
        text += &legend(&pointers(layout));
    }
    if cells.cells.len() > MOST_ROWS {
        let _ = writeln!(text, "… and {} cells more in results.csv", cells.cells.len() - MOST_ROWS);
    }
    text += &effects(cells, place, width);
    let _ = writeln!(text, "\nall of it in {}", target.display());
    text
}

/// Which parameters matter, where the design tells.
fn effects(cells: &Cells, place: usize, width: u16) -> String {
    let layout = &cells.layout;
    if !layout.design.is_for_sensitivity() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_style(crate::report::table::LINES).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(["policy", "parameter", "measure", "value", "95 % interval"]);
    let names = short_names(&pointers(layout));
    for (policy, name) in layout.policies.iter().enumerate() {
        for effect in sensitivity(cells, policy, place) {
            let number = |value: f64| crate::report::numbers::short(value);
            let parameter = names.get(effect.parameter).map_or("", String::as_str);
            let interval = format!("{} to {}", number(effect.low), number(effect.high));
            table.add_row([name.as_str(), parameter, effect.measure.name(), &number(effect.value), &interval]);
        }
    }
    format!("\nWhich parameters matter\n{table}\n")
}

fn pointers(layout: &Layout) -> Vec<&str> {
    layout.parameters.iter().map(|parameter| parameter.pointer.as_str()).collect()
}

/// What the short names of parameters stand for, a line each.
fn legend(pointers: &[&str]) -> String {
    let names = short_names(pointers);
    let room = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let pairs = names.iter().zip(pointers).filter(|(name, pointer)| name != *pointer);
    pairs.map(|(name, pointer)| format!("{name:room$}  {pointer}\n")).collect()
}

fn grid(cells: &Cells, key: &Key, place: usize, width: u16) -> Table {
    let layout = &cells.layout;
    let mut table = Table::new();
    table.load_style(crate::report::table::LINES).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    table.set_header(short_names(&pointers(layout)).into_iter().chain(layout.policies.iter().cloned()));
    for cell in cells.cells.iter().take(MOST_ROWS) {
        table.add_row(row(cells, cell, key, place));
    }
    table.column_iter_mut().for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

fn row(cells: &Cells, cell: &CellResult, key: &Key, place: usize) -> Vec<String> {
    let layout = &cells.layout;
    let words = layout.parameters.iter().zip(&cell.values).map(|(parameter, value)| match value.number {
        Some(seconds) if parameter.unit == crate::sweep::Unit::Seconds => crate::report::numbers::duration(seconds),
        Some(number) => crate::report::numbers::nine_digit_text(number),
        None => value.label(),
    });
    let figures = cell.figures.iter().map(|figures| {
        let found = figures.get(place).copied().flatten();
        let meets = layout.goal.as_ref().zip(found).is_some_and(|(goal, found)| goal.is_met(found.mean));
        format!("{}{}", figure(found, unit_of(key)), if meets { " *" } else { "" })
    });
    words.chain(figures).collect()
}

/// The cells that failed, a line each, with their parameters and the reason of the first run that failed.
#[must_use]
pub fn broken_cells(cells: &Cells) -> Vec<String> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for broken in &cells.broken {
        if lines.last().is_none_or(|(cell, _)| *cell != broken.run.cell) {
            let policy = cells.layout.policies.get(broken.run.policy).map_or("", String::as_str);
            let words = cells.layout.words(&broken.values);
            lines.push((broken.run.cell, format!("cell {} failed under {policy} ({words}): {}", broken.run.cell, broken.why)));
        }
    }
    lines.into_iter().map(|(_, line)| line).collect()
}
