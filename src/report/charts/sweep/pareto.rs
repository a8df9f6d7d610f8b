//! Cost against what people feel: every cell, and the front of those that none beats in both.

use super::super::page::{self, Cell, Entry, Sample};
use super::super::palette::{FRAME, Style, draw_mark};
use super::super::picture::{Picture, Stroke};
use super::plot::{self, Axis};
use super::{about, figure_name, policies};
use crate::report::sweep::unit_of;
use crate::sweep::{Cells, Sense};

/// More cells than these are shown by their front alone.
const MOST_POINTS: usize = 4000;

pub(super) fn layout(cells: &Cells) -> Option<Picture> {
    let layout = &cells.layout;
    let place = layout.goal_figure();
    let key = layout.figures.get(place)?;
    let points: Vec<Vec<(f64, f64)>> = (0..layout.policies.len().min(32)).map(|policy| points(cells, policy, place)).collect();
    if points.iter().all(Vec::is_empty) {
        return None;
    }
    let mut legend = policies(cells);
    legend.push(Entry::new(
        Sample::Line(Stroke::solid(FRAME, 1.8)),
        "the front: no cell is cheaper and as good, or better and as cheap",
    ));
    let title = format!("What {} costs", figure_name(cells, place));
    let (mut picture, top) = page::headed(&title, &about(cells, "a mark a cell"), &legend);
    let cell = Cell { left: page::LEFT, top, right: page::WIDTH - page::RIGHT, bottom: page::HEIGHT - 10.0 };
    let frame = plot::frame(cell);
    let all = || points.iter().flatten();
    let across = Axis::of_numbers(all().map(|(cost, _)| *cost), (frame.left, frame.right));
    let goal = layout.goal.as_ref();
    let ends = all().map(|(_, figure)| *figure).chain(goal.map(|goal| goal.limit));
    let up = Axis::of_figure(unit_of(key), ends, (frame.bottom, frame.top));
    plot::draw(&mut picture, cell, &figure_name(cells, place), (&across, &cost_words(cells)), &up);
    if let Some(goal) = goal {
        plot::draw_limit(&mut picture, cell, up.at(goal.limit), &goal.text);
    }
    let less_is_better = goal.is_none_or(|goal| goal.sense == Sense::AtMost);
    for (policy, points) in points.iter().enumerate() {
        let style = Style::of(policy);
        let at = |point: &(f64, f64)| (across.at(point.0), up.at(point.1));
        if points.len() <= MOST_POINTS {
            points.iter().for_each(|point| draw_mark(&mut picture, at(point), style.mark, 2.6, style.ink.alpha(0.45), true));
        }
        let front = front(points, less_is_better);
        let mut line = Vec::new();
        for point in &front {
            if let Some((_, last)) = line.last().copied() {
                line.push((at(point).0, last));
            }
            line.push(at(point));
        }
        picture.line(line, style.stroke());
        front.iter().for_each(|point| draw_mark(&mut picture, at(point), style.mark, 4.4, style.ink, true));
    }
    Some(picture)
}

fn cost_words(cells: &Cells) -> String {
    let one = |(pointer, weight): &(String, f64)| match weight {
        1.0 => pointer.clone(),
        weight => format!("{weight} × {pointer}"),
    };
    format!("cost = {}", cells.layout.cost.iter().map(one).collect::<Vec<_>>().join(" + "))
}

fn points(cells: &Cells, policy: usize, place: usize) -> Vec<(f64, f64)> {
    let one = |cell: &crate::sweep::CellResult| {
        let figure = cell.figures.get(policy)?.get(place).copied().flatten()?;
        Some((cells.layout.cost_of(&cell.values)?, figure.mean))
    };
    cells.cells.iter().filter_map(one).collect()
}

/// The points that no other beats, from the cheapest on.
fn front(points: &[(f64, f64)], less_is_better: bool) -> Vec<(f64, f64)> {
    let sign = if less_is_better { 1.0 } else { -1.0 };
    let mut order = points.to_vec();
    order.sort_by(|one, other| one.0.total_cmp(&other.0).then((sign * one.1).total_cmp(&(sign * other.1))));
    let mut front: Vec<(f64, f64)> = Vec::new();
    for point in order {
        if front.last().is_none_or(|best| sign * point.1 < sign * best.1) {
            front.push(point);
        }
    }
    front
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_front_has_what_no_other_beats() {
        let points = [(3.0, 1.0), (1.0, 5.0), (2.0, 6.0), (1.0, 7.0), (2.0, 3.0), (4.0, 1.0)];
        assert_eq!(front(&points, true), [(1.0, 5.0), (2.0, 3.0), (3.0, 1.0)]);
        assert_eq!(front(&points, false), [(1.0, 7.0)]);
    }
}
