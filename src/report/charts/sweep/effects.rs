//! Several parameters: the goal's figure over each of them, whatever the others are.

use super::super::page::{self, Cell, Entry, Sample};
use super::super::palette::{BAND, Style, draw_mark};
use super::super::picture::Picture;
use super::plot::{self, Axis};
use super::{about, figure_name, policies};
use crate::report::sweep::unit_of;
use crate::stats::sample_quantile;
use crate::sweep::{CellValue, Cells, Design};

/// Samples are put together in so many groups of neighbouring values.
const GROUPS: usize = 10;

pub(super) fn layout(cells: &Cells) -> Option<Picture> {
    let layout = &cells.layout;
    let count = layout.parameters.len();
    if count < 2
        || cells.cells.len() < 2
        || layout.policies.len() > 32
        || layout.design == Design::Zip
        || layout.design == Design::Morris
    {
        return None;
    }
    let shown = count.min(page::MOST_PANELS);
    let mut legend = policies(cells);
    legend.push(Entry::new(Sample::Shade(Style::of(0).ink.alpha(BAND)), "5 % to 95 % of the cells"));
    let place = layout.goal_figure();
    let title = format!("What moves {}", figure_name(cells, place));
    let (mut picture, top) = page::headed(&title, &about(cells, "means over all other parameters"), &legend);
    for (i, cell) in page::cells(&mut picture, shown, page::columns(shown), top, 250.0).into_iter().enumerate() {
        panel(&mut picture, cells, cell, i, place);
    }
    Some(picture)
}

/// Cells with about the same value of a parameter: where they lie, and the figure in each.
struct Group {
    x: f64,
    values: Vec<f64>,
}

fn panel(picture: &mut Picture, cells: &Cells, cell: Cell, parameter: usize, place: usize) {
    let layout = &cells.layout;
    let Some(key) = layout.figures.get(place) else { return };
    let frame = plot::frame(cell);
    let values: Vec<&CellValue> = cells.cells.iter().filter_map(|cell| cell.values.get(parameter)).collect();
    let across = Axis::of_parameter(&layout.parameters[parameter], &values, (frame.left + 8.0, frame.right - 8.0));
    let all: Vec<Vec<Group>> =
        (0..layout.policies.len()).map(|policy| groups(cells, &across, parameter, policy, place)).collect();
    let bands = |group: &Group| [0.05, 0.95].map(|p| sample_quantile(&group.values, p).unwrap_or(0.0));
    let goal = layout.goal.as_ref();
    let ends = all.iter().flatten().flat_map(bands).chain(goal.map(|goal| goal.limit));
    let up = Axis::of_figure(unit_of(key), ends, (frame.bottom, frame.top));
    plot::draw(picture, cell, "", (&across, &layout.parameters[parameter].pointer), &up);
    if let Some(goal) = goal {
        plot::draw_limit(picture, cell, up.at(goal.limit), &goal.text);
    }
    for (policy, groups) in all.iter().enumerate() {
        let style = Style::of(policy);
        let upper = groups.iter().map(|group| (group.x, up.at(bands(group)[1])));
        let lower = groups.iter().rev().map(|group| (group.x, up.at(bands(group)[0])));
        picture.area(upper.chain(lower).collect(), style.ink.alpha(BAND));
    }
    for (policy, groups) in all.iter().enumerate() {
        let style = Style::of(policy);
        let mean = |group: &Group| group.values.iter().sum::<f64>() / group.values.len().max(1) as f64;
        let line: Vec<(f64, f64)> = groups.iter().map(|group| (group.x, up.at(mean(group)))).collect();
        picture.line(line.clone(), style.stroke());
        line.iter().for_each(|at| draw_mark(picture, *at, style.mark, 3.4, style.ink, true));
    }
}

fn groups(cells: &Cells, across: &Axis, parameter: usize, policy: usize, place: usize) -> Vec<Group> {
    let one = |cell: &crate::sweep::CellResult| {
        let figure = cell.figures.get(policy)?.get(place).copied().flatten()?;
        Some((across.at_value(cell.values.get(parameter)?), figure.mean))
    };
    let mut points: Vec<(f64, f64)> = cells.cells.iter().filter_map(one).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut distinct: Vec<f64> = points.iter().map(|(x, _)| *x).collect();
    distinct.dedup();
    let group = |points: &[(f64, f64)]| Group {
        x: points.iter().map(|(x, _)| x).sum::<f64>() / points.len().max(1) as f64,
        values: points.iter().map(|(_, figure)| *figure).collect(),
    };
    if distinct.len() <= 3 * GROUPS {
        return points.chunk_by(|one, other| one.0 == other.0).map(group).collect();
    }
    points.chunks(points.len().div_ceil(GROUPS)).map(group).collect()
}
