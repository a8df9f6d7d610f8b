//! The answer of a sweep in words: where the goal is met, what is best and worst, what it costs, which parameters matter.

use super::super::answer::{Line, card};
use super::super::html::escape;
use super::super::tables;
use super::super::texts::Texts;
use crate::report::estimates::Unit;
use crate::report::numbers::nine_digits;
use crate::report::sweep::unit_of;
use crate::stats::Estimate;
use crate::sweep::{CellResult, Cells, Design, Effect, Goal, Measure, Sense, sensitivity};

/// Parameters that are told of those that matter.
const MOST_TOLD: usize = 3;

/// A figure as the files have it: nine significant digits.
pub(super) fn in_files(figure: Estimate) -> Estimate {
    Estimate { mean: nine_digits(figure.mean), low: figure.low.map(nine_digits), high: figure.high.map(nine_digits), n: figure.n }
}

/// A cell with its place among those that were made, and its figure under a policy.
#[derive(Debug, Clone, Copy)]
struct Found<'c> {
    place: usize,
    cell: &'c CellResult,
    figure: Estimate,
}

/// A card for each policy.
pub(super) fn cards(cells: &Cells, texts: &Texts) -> String {
    let layout = &cells.layout;
    let mut html = String::new();
    for (policy, name) in layout.policies.iter().enumerate() {
        let found: Vec<Found<'_>> = cells
            .cells
            .iter()
            .enumerate()
            .filter_map(|(place, cell)| {
                let figure = cell.figures.get(policy)?.get(layout.goal_figure()).copied().flatten()?;
                Some(Found { place, cell, figure: in_files(figure) })
            })
            .collect();
        let head = layout.goal.as_ref().map_or_else(String::new, |goal| met(goal, &found, cells, texts));
        let mut lines = Vec::new();
        if layout.design.is_for_sensitivity() {
            lines.extend(matters(cells, policy, texts));
        }
        lines.extend(extremes(cells, policy, &found, texts));
        let what = layout.figures.get(layout.goal_figure()).map_or_else(String::new, |key| super::figure_name(key, texts));
        html += &card(policy, name, &what, &head, &lines);
    }
    html
}

/// In how many cells the goal is met, and in how many surely.
fn met(goal: &Goal, found: &[Found<'_>], cells: &Cells, texts: &Texts) -> String {
    let surely = |figure: &Estimate| match goal.sense {
        Sense::AtMost => figure.high.is_some_and(|high| goal.is_met(high)),
        Sense::AtLeast => figure.low.is_some_and(|low| goal.is_met(low)),
    };
    let all = texts.count(cells.cells.len() as f64);
    let of = |count: usize| escape(&texts.with("so-many-of", &[("some", &texts.count(count as f64)), ("all", &all)]));
    let meets = found.iter().filter(|one| goal.is_met(one.figure.mean)).count();
    let mut shown = vec![(of(meets), "cells-meet")];
    if cells.layout.replications > 1 {
        shown.push((of(found.iter().filter(|one| surely(&one.figure)).count()), "cells-meet-surely"));
    }
    let shown = shown.iter().map(|(number, label)| format!("<div><b>{number}</b> <span>{}</span></div>", texts.html(label)));
    format!("<div class=\"shares\">{}</div>", shown.collect::<String>())
}

/// The best and the worst cell, and the cheapest that meets the goal.
fn extremes(cells: &Cells, policy: usize, found: &[Found<'_>], texts: &Texts) -> Vec<Line> {
    let layout = &cells.layout;
    let by_mean = |one: &&Found<'_>, other: &&Found<'_>| one.figure.mean.total_cmp(&other.figure.mean);
    // Of several alike, the first.
    let lowest = found.iter().min_by(by_mean);
    let highest = found.iter().rev().max_by(by_mean);
    let (Some(lowest), Some(highest)) = (lowest, highest) else {
        return vec![(texts.get("nothing-measured").to_owned(), "same", "–".to_owned())];
    };
    let tell = |one: &Found<'_>| told(cells, policy, one, texts);
    let Some(goal) = &layout.goal else {
        return vec![
            (texts.get("lowest").to_owned(), "same", tell(lowest)),
            (texts.get("highest").to_owned(), "same", tell(highest)),
        ];
    };
    let (best, worst) = match goal.sense {
        Sense::AtMost => (lowest, highest),
        Sense::AtLeast => (highest, lowest),
    };
    let side = |one: &Found<'_>| if goal.is_met(one.figure.mean) { "good" } else { "bad" };
    let mut lines = Vec::new();
    if !layout.cost.is_empty() {
        let priced = found.iter().filter(|one| goal.is_met(one.figure.mean));
        let priced = priced.filter_map(|one| Some((one, layout.cost_of(&one.cell.values)?)));
        let cheapest = priced.min_by(|one, other| one.1.total_cmp(&other.1));
        let text = cheapest.map_or_else(
            || texts.html("none-meets"),
            |(one, cost)| {
                format!("{} · {}", tell(one), escape(&texts.with("costs", &[("cost", &texts.value(cost, Unit::Number))])))
            },
        );
        lines.push((texts.get("cheapest").to_owned(), if cheapest.is_some() { "good" } else { "bad" }, text));
    }
    lines.push((texts.get("best").to_owned(), side(best), tell(best)));
    lines.push((texts.get("worst-cell").to_owned(), side(worst), tell(worst)));
    lines
}

/// A cell's parameters and its figure, marked with its row in `results.csv`.
fn told(cells: &Cells, policy: usize, one: &Found<'_>, texts: &Texts) -> String {
    let layout = &cells.layout;
    let figure = layout.goal_figure();
    let row = (one.place * layout.policies.len() + policy) * layout.figures.len() + figure;
    let unit = layout.figures.get(figure).map_or(Unit::Number, unit_of);
    let number = tables::marked(texts, &format!("/results/{row}"), Some(one.figure), unit);
    format!("{number} <code>{}</code>", escape(&layout.words(&one.cell.values)))
}

/// The parameters that matter most, and how much.
fn matters(cells: &Cells, policy: usize, texts: &Texts) -> Vec<Line> {
    let layout = &cells.layout;
    let figure = layout.goal_figure();
    let measure = if layout.design == Design::Morris { Measure::MuStar } else { Measure::Total };
    let mut effects: Vec<Effect> =
        sensitivity(cells, policy, figure).into_iter().filter(|effect| effect.measure == measure).collect();
    effects.sort_by(|one, other| other.value.total_cmp(&one.value));
    let unit = match measure {
        Measure::MuStar => layout.figures.get(figure).map_or(Unit::Number, unit_of),
        _ => Unit::Share,
    };
    let key = if measure == Measure::MuStar { "moves-by" } else { "explains" };
    let line = |effect: &Effect| {
        let pointer = layout.parameters.get(effect.parameter).map_or("", |parameter| parameter.pointer.as_str());
        let size = if measure == Measure::MuStar && unit == Unit::Share {
            texts.points(effect.value)
        } else {
            texts.value(effect.value, unit)
        };
        let said = texts.with(key, &[("size", &size)]);
        (texts.get("matters-most").to_owned(), "same", format!("<code>{}</code> {}", escape(pointer), escape(&said)))
    };
    effects.iter().take(MOST_TOLD).map(line).collect()
}
