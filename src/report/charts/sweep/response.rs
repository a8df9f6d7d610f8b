//! One parameter: every figure over it, a line with its interval for each policy.

use super::super::page::{self, Cell, Entry, Sample};
use super::super::palette::{BAND, Style, draw_mark};
use super::super::picture::Picture;
use super::plot::{self, Axis};
use super::{about, figure_name, policies};
use crate::report::sweep::unit_of;
use crate::sweep::{CellResult, CellValue, Cells};

/// More figures than these are left to the tables.
const MOST: usize = 6;

pub(super) fn layout(cells: &Cells) -> Option<Picture> {
    let layout = &cells.layout;
    if layout.parameters.len() != 1 || cells.cells.is_empty() || layout.policies.len() > 32 {
        return None;
    }
    let shown = figures(cells);
    let mut legend = policies(cells);
    if layout.replications > 1 {
        legend.push(Entry::new(Sample::Shade(Style::of(0).ink.alpha(BAND)), "95 % interval of the mean"));
    }
    let title = format!("How it goes with {}", layout.parameters[0].pointer);
    let (mut picture, top) = page::headed(&title, &about(cells, "by the value of the parameter"), &legend);
    let columns = page::columns(shown.len()).min(2);
    for (cell, place) in page::cells(&mut picture, shown.len(), columns, top, 250.0).into_iter().zip(shown) {
        panel(&mut picture, cells, cell, place);
    }
    Some(picture)
}

/// The goal's figure first, then the others of all classes together and of stations.
fn figures(cells: &Cells) -> Vec<usize> {
    let layout = &cells.layout;
    let first = layout.goal_figure();
    let others = (0..layout.figures.len()).filter(|place| *place != first && layout.figures[*place].scope != "class");
    [first].into_iter().chain(others).take(MOST).collect()
}

fn panel(picture: &mut Picture, cells: &Cells, cell: Cell, place: usize) {
    let layout = &cells.layout;
    let (Some(key), Some(parameter)) = (layout.figures.get(place), layout.parameters.first()) else { return };
    let frame = plot::frame(cell);
    let values: Vec<&CellValue> = cells.cells.iter().filter_map(|cell| cell.values.first()).collect();
    let across = Axis::of_parameter(parameter, &values, (frame.left + 8.0, frame.right - 8.0));
    let goal = layout.goal.as_ref().filter(|_| place == layout.goal_figure());
    let ends = cells.cells.iter().flat_map(|cell| &cell.figures).filter_map(|figures| figures.get(place).copied().flatten());
    let ends = ends.flat_map(|figure| [figure.mean, figure.low.unwrap_or(figure.mean), figure.high.unwrap_or(figure.mean)]);
    let up = Axis::of_figure(unit_of(key), ends.chain(goal.map(|goal| goal.limit)), (frame.bottom, frame.top));
    plot::draw(picture, cell, &figure_name(cells, place), (&across, &parameter.pointer), &up);
    if let Some(goal) = goal {
        plot::draw_limit(picture, cell, up.at(goal.limit), &goal.text);
    }
    let mut order: Vec<&CellResult> = cells.cells.iter().collect();
    order.sort_by(|one, other| across.at_value(&one.values[0]).total_cmp(&across.at_value(&other.values[0])));
    for policy in 0..layout.policies.len() {
        let style = Style::of(policy);
        let points = order.iter().filter_map(|cell| {
            let figure = cell.figures.get(policy)?.get(place).copied().flatten()?;
            Some((across.at_value(&cell.values[0]), figure))
        });
        let points: Vec<(f64, crate::stats::Estimate)> = points.collect();
        let upper = points.iter().filter_map(|(x, f)| Some((*x, up.at(f.high?))));
        let lower = points.iter().rev().filter_map(|(x, f)| Some((*x, up.at(f.low?))));
        picture.area(upper.chain(lower).collect(), style.ink.alpha(BAND));
        let line: Vec<(f64, f64)> = points.iter().map(|(x, f)| (*x, up.at(f.mean))).collect();
        picture.line(line.clone(), style.stroke());
        if line.len() <= 60 {
            line.iter().for_each(|at| draw_mark(picture, *at, style.mark, 3.6, style.ink, true));
        }
    }
}
