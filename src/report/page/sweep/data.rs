//! What the charts and the table of a sweep show, as JSON; numbers as the files have them.

use super::super::texts::Texts;
use super::answer::in_files;
use super::{figure_name, value};
use crate::report::estimates::Unit;
use crate::report::numbers::nine_digits;
use crate::report::sweep::{short_names, unit_of};
use crate::sweep::{Cells, Key, Parameter, Sense, Source, Unit as ParameterUnit, sensitivity};
use serde_json::{Value, json};

/// So many numbers at most, so that a page stays below a few megabytes.
const MOST_NUMBERS: usize = 240_000;

/// Everything that the scripts need.
pub(super) fn data(cells: &Cells) -> Value {
    let layout = &cells.layout;
    let figures = shown_figures(cells);
    let pointers: Vec<&str> = layout.parameters.iter().map(|parameter| parameter.pointer.as_str()).collect();
    let names = short_names(&pointers);
    let of_cell = 3 * layout.policies.len() * figures.len() + layout.parameters.len() + 2;
    // Of more cells than fit, every so manyth.
    let every = cells.cells.len().div_ceil((MOST_NUMBERS / of_cell.max(1)).max(1)).max(1);
    json!({
        "policies": layout.policies,
        "parameters": layout.parameters.iter().zip(names).map(|(of, name)| parameter(of, &name)).collect::<Vec<_>>(),
        "figures": figures.iter().filter_map(|place| Some(figure(layout.figures.get(*place)?))).collect::<Vec<_>>(),
        "goal": layout.goal.as_ref().map(|goal| json!({
            "figure": figures.iter().position(|place| *place == layout.goal_figure()),
            "limit": goal.limit, "at_most": goal.sense == Sense::AtMost, "text": goal.text,
        })),
        "design": layout.design,
        "cost": cost_words(cells),
        "all_cells": cells.cells.len(),
        "every": every,
        "cells": (0..cells.cells.len()).step_by(every).map(|place| cell(cells, place, &figures)).collect::<Vec<_>>(),
        "effects": effects(cells, &figures),
    })
}

/// The places of the figures that are inside: all, where there is room; else the goal's and those of all classes together first.
fn shown_figures(cells: &Cells) -> Vec<usize> {
    let layout = &cells.layout;
    let room = MOST_NUMBERS / (3 * layout.policies.len().max(1) * cells.cells.len().max(1));
    let mut order: Vec<usize> = (0..layout.figures.len()).collect();
    let is_class = |place: &usize| layout.figures.get(*place).is_some_and(|key| key.scope == "class");
    order.sort_by_key(|place| (*place != layout.goal_figure(), is_class(place), *place));
    order.truncate(room.max(1));
    order
}

fn parameter(parameter: &Parameter, name: &str) -> Value {
    let unit = match parameter.unit {
        ParameterUnit::Number => "number",
        ParameterUnit::Seconds => "seconds",
        ParameterUnit::Text => "text",
    };
    let listed = parameter.listed().unwrap_or_default();
    let by_factors = match &parameter.values {
        Source::Range { logarithmic, .. } => *logarithmic,
        Source::Loguniform { .. } => true,
        Source::List(_) => {
            let numbers: Option<Vec<f64>> = listed.iter().map(|one| one.number).collect();
            numbers.is_some_and(|numbers| match numbers.as_slice() {
                [first, _, .., last] => *first > 0.0 && last / first >= 8.0 && numbers.iter().all(|number| *number > 0.0),
                _ => false,
            })
        }
        _ => false,
    };
    let labels: Vec<String> = listed.iter().map(|one| value(parameter, one)).collect();
    json!({"pointer": parameter.pointer, "name": name, "unit": unit, "log": by_factors, "labels": labels})
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "share",
        Unit::Number => "number",
        Unit::Seconds => "seconds",
    }
}

fn figure(key: &Key) -> Value {
    json!({
        "name": {"en": figure_name(key, &Texts::english()), "it": figure_name(key, &Texts::italian())},
        "unit": unit_name(unit_of(key)),
    })
}

fn cost_words(cells: &Cells) -> Option<String> {
    let one = |(pointer, weight): &(String, f64)| match weight {
        1.0 => pointer.clone(),
        weight => format!("{weight} × {pointer}"),
    };
    let words: Vec<String> = cells.layout.cost.iter().map(one).collect();
    (!words.is_empty()).then(|| words.join(" + "))
}

/// A cell: its number, cost, values (numbers where they are some, and as the scenario has them), and by policy and figure the row in `results.csv`,
/// mean and interval.
fn cell(cells: &Cells, place: usize, figures: &[usize]) -> Value {
    let layout = &cells.layout;
    let cell = &cells.cells[place];
    let of_policy = |(policy, all): (usize, &Vec<crate::experiment::Figure>)| {
        let one = |figure: &usize| {
            let found = in_files(all.get(*figure).copied().flatten()?);
            let row = (place * layout.policies.len() + policy) * layout.figures.len() + figure;
            Some(json!([row, found.mean, found.low, found.high]))
        };
        figures.iter().map(one).collect::<Vec<_>>()
    };
    let pairs = || layout.parameters.iter().zip(&cell.values);
    json!([
        cell.cell,
        layout.cost_of(&cell.values).map(nine_digits),
        pairs().map(|(_, value)| value.number.map(nine_digits)).collect::<Vec<_>>(),
        pairs().map(|(parameter, one)| value(parameter, one)).collect::<Vec<_>>(),
        cell.figures.iter().enumerate().map(of_policy).collect::<Vec<_>>(),
    ])
}

/// By policy and figure: what `sensitivity.csv` has, each with its row there.
fn effects(cells: &Cells, figures: &[usize]) -> Option<Value> {
    let layout = &cells.layout;
    if !layout.design.is_for_sensitivity() {
        return None;
    }
    let mut row = 0;
    let mut policies = Vec::new();
    for policy in 0..layout.policies.len() {
        let mut all = vec![Value::Null; figures.len()];
        for figure in 0..layout.figures.len() {
            let found = sensitivity(cells, policy, figure);
            let first = row;
            row += found.len();
            let Some(slot) = figures.iter().position(|place| *place == figure).and_then(|place| all.get_mut(place)) else {
                continue;
            };
            let one = |(i, effect): (usize, &crate::sweep::Effect)| {
                let [value, low, high] = [effect.value, effect.low, effect.high].map(nine_digits);
                json!([first + i, effect.parameter, effect.measure.name(), value, low, high])
            };
            *slot = found.iter().enumerate().map(one).collect();
        }
        policies.push(all);
    }
    Some(json!(policies))
}
