//! Two parameters: the goal's figure over both, a panel a policy, with the contour where the goal is just met.

use super::super::axis::{labels, round_ticks};
use super::super::page::{self, Cell, Entry, Sample};
use super::super::palette::{BLACK, GREY, WHITE, bold, words};
use super::super::picture::{Anchor, Ink, Letters, Picture, Point, Stroke, fitted};
use super::{about, figure_name};
use crate::report::estimates::{Unit, value};
use crate::report::numbers::{duration, nine_digit_text};
use crate::report::sweep::unit_of;
use crate::sweep::{CellValue, Cells, Design, Parameter, Unit as ParameterUnit};

/// More values of a parameter than these give no picture.
const MOST: usize = 200;
const LETTERS: f64 = 11.0;

/// The figure of one policy by row and column.
type Map = Vec<Vec<Option<f64>>>;

pub(super) fn layout(cells: &Cells) -> Option<Picture> {
    let layout = &cells.layout;
    if layout.parameters.len() != 2 || layout.design != Design::Grid || layout.policies.len() > page::MOST_PANELS {
        return None;
    }
    let columns = layout.parameters[0].listed()?;
    let rows = layout.parameters[1].listed()?;
    if columns.len() > MOST || rows.len() > MOST || cells.cells.is_empty() {
        return None;
    }
    let place = layout.goal_figure();
    let unit = unit_of(layout.figures.get(place)?);
    let maps: Vec<Map> = (0..layout.policies.len()).map(|policy| map(cells, policy, place, columns.len(), rows.len())).collect();
    let range = range(&maps);
    let legend: Vec<Entry> = layout
        .goal
        .iter()
        .map(|goal| Entry::new(Sample::Line(Stroke::solid(CONTOUR, 2.6)), format!("where {} is just met", goal.text)))
        .collect();
    let title = format!("{} over two parameters", figure_name(cells, place));
    let (mut picture, top) = page::headed(&title, &about(cells, "a panel a policy"), &legend);
    let top = draw_scale(&mut picture, range, unit, top);
    let count = maps.len();
    let page_cells = page::cells(&mut picture, count, page::columns(count), top, 300.0);
    for ((cell, map), name) in page_cells.into_iter().zip(&maps).zip(&layout.policies) {
        let parameters = (&layout.parameters[0], &layout.parameters[1]);
        let sheet = Sheet { columns: &columns, rows: &rows, parameters, unit, range };
        sheet.draw(&mut picture, cell, name, map, layout.goal.as_ref().map(|goal| goal.limit));
    }
    Some(picture)
}

fn map(cells: &Cells, policy: usize, place: usize, columns: usize, rows: usize) -> Map {
    let mut map = vec![vec![None; columns]; rows];
    for cell in &cells.cells {
        // The last parameter of a grid changes from cell to cell.
        let number = usize::try_from(cell.cell).unwrap_or(usize::MAX);
        let (column, row) = (number / rows, number % rows);
        if let Some(slot) = map.get_mut(row).and_then(|row| row.get_mut(column)) {
            *slot = cell.figures.get(policy).and_then(|f| f.get(place).copied().flatten()).map(|figure| figure.mean);
        }
    }
    map
}

fn range(maps: &[Map]) -> (f64, f64) {
    let values = maps.iter().flatten().flatten().flatten();
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
    if low > high { (0.0, 1.0) } else { (low, if high > low { high } else { low + 1e-9 }) }
}

const CONTOUR: Ink = Ink::new(213, 94, 0);

/// Pale to dark, the same in grey: for print, and for all eyes.
fn shade(share: f64) -> Ink {
    const STOPS: [(f64, f64, f64); 4] = [(247.0, 251.0, 255.0), (158.0, 202.0, 225.0), (49.0, 130.0, 189.0), (8.0, 48.0, 107.0)];
    let at = share.clamp(0.0, 1.0) * 3.0;
    let below = (at as usize).min(2);
    let part = at - below as f64;
    let mix = |from: f64, to: f64| (from + (to - from) * part).round() as u8;
    let (from, to) = (STOPS[below], STOPS[below + 1]);
    Ink::new(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// What the shades mean, as a bar with numbers below it.
fn draw_scale(picture: &mut Picture, (low, high): (f64, f64), unit: Unit, top: f64) -> f64 {
    let (left, width, steps) = (page::LEFT, 320.0, 64);
    for i in 0..steps {
        let x = |i: i32| left + width * f64::from(i) / f64::from(steps);
        picture.block((x(i), top - 6.0), (x(i + 1) + 0.4, top + 8.0), shade((f64::from(i) + 0.5) / f64::from(steps)));
    }
    let factor = if unit == Unit::Share { 100.0 } else { 1.0 };
    let ticks: Vec<f64> = round_ticks(low * factor, high * factor, 4);
    let inside: Vec<f64> = ticks.iter().copied().filter(|t| *t >= low * factor - 1e-12 && *t <= high * factor + 1e-12).collect();
    let told = labels(&inside);
    for (tick, label) in inside.iter().zip(told) {
        let x = left + width * (tick / factor - low) / (high - low);
        let label = match unit {
            Unit::Share => label + " %",
            Unit::Seconds => duration(*tick),
            Unit::Number => label,
        };
        picture.line(vec![(x, top + 8.0), (x, top + 12.0)], Stroke::solid(GREY, 0.8));
        picture.text((x, top + 24.0), &label, words(LETTERS, BLACK, Anchor::Middle));
    }
    top + 36.0
}

/// What the panels of a page share.
struct Sheet<'c> {
    columns: &'c [CellValue],
    rows: &'c [CellValue],
    parameters: (&'c Parameter, &'c Parameter),
    unit: Unit,
    range: (f64, f64),
}

impl Sheet<'_> {
    fn draw(&self, picture: &mut Picture, cell: Cell, policy: &str, map: &Map, limit: Option<f64>) {
        let heading = fitted(policy, 12.5, true, cell.right - cell.left);
        picture.text((cell.left, cell.top + 12.0), &heading, bold(12.5, BLACK, Anchor::Start));
        let frame = Cell { left: cell.left + 66.0, top: cell.top + 40.0, right: cell.right - 6.0, bottom: cell.bottom - 40.0 };
        picture.text((cell.left, cell.top + 30.0), &self.parameters.1.pointer, words(LETTERS, GREY, Anchor::Start));
        let middle = (frame.left.midpoint(frame.right), frame.bottom + 32.0);
        picture.text(middle, &self.parameters.0.pointer, words(LETTERS, GREY, Anchor::Middle));
        let (wide, high) = (frame.right - frame.left, frame.bottom - frame.top);
        let (w, h) = (wide / self.columns.len() as f64, high / self.rows.len() as f64);
        // The first row lies at the bottom, as on an axis.
        let corner = |column: usize, row: usize| (frame.left + column as f64 * w, frame.bottom - (row + 1) as f64 * h);
        let with_numbers = w >= 46.0 && h >= 16.0;
        for (row, values) in map.iter().enumerate() {
            for (column, figure) in values.iter().enumerate() {
                let (x, y) = corner(column, row);
                let Some(figure) = figure else {
                    picture.text((x + w / 2.0, y + h / 2.0 + 4.0), "–", words(LETTERS, GREY, Anchor::Middle));
                    continue;
                };
                let share = (figure - self.range.0) / (self.range.1 - self.range.0);
                picture.block((x, y), (x + w + 0.4, y + h + 0.4), shade(share));
                if with_numbers {
                    let ink = if share > 0.55 { WHITE } else { BLACK };
                    picture.text(
                        (x + w / 2.0, y + h / 2.0 + 4.0),
                        &value(*figure, self.unit),
                        words(LETTERS, ink, Anchor::Middle),
                    );
                }
            }
        }
        let centre = |column: usize, row: usize| {
            let (x, y) = corner(column, row);
            (x + w / 2.0, y + h / 2.0)
        };
        let pieces = limit.map_or_else(Vec::new, |limit| contour(map, limit, &centre));
        pieces.iter().for_each(|piece| picture.line(piece.clone(), Stroke::solid(WHITE, 4.6)));
        pieces.into_iter().for_each(|piece| picture.line(piece, Stroke::solid(CONTOUR, 2.6)));
        self.ticks(picture, frame, w, h);
    }

    fn ticks(&self, picture: &mut Picture, frame: Cell, w: f64, h: f64) {
        let word = |parameter: &Parameter, value: &CellValue| match value.number {
            Some(number) if parameter.unit == ParameterUnit::Seconds => duration(number),
            Some(number) => nine_digit_text(number),
            None => value.label(),
        };
        let letters = |anchor| -> Letters { words(LETTERS, BLACK, anchor) };
        let every = |size: f64, least: f64| (least / size).ceil().max(1.0) as usize;
        for (i, value) in self.columns.iter().enumerate().step_by(every(w, 44.0)) {
            let at = (frame.left + (i as f64 + 0.5) * w, frame.bottom + 16.0);
            picture.text(at, &fitted(&word(self.parameters.0, value), LETTERS, false, w.max(44.0)), letters(Anchor::Middle));
        }
        for (i, value) in self.rows.iter().enumerate().step_by(every(h, 15.0)) {
            let at = (frame.left - 6.0, frame.bottom - (i as f64 + 0.5) * h + 4.0);
            picture.text(at, &fitted(&word(self.parameters.1, value), LETTERS, false, 58.0), letters(Anchor::End));
        }
    }
}

/// Where a figure passes a limit between the centres of neighbouring cells (marching squares).
fn contour(map: &Map, limit: f64, centre: &dyn Fn(usize, usize) -> Point) -> Vec<Vec<Point>> {
    let mut pieces = Vec::new();
    for row in 0..map.len().saturating_sub(1) {
        for column in 0..map[row].len().saturating_sub(1) {
            let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
            let values: Option<Vec<f64>> = corners.iter().map(|(c, r)| map[*r][*c]).collect();
            let Some(values) = values else { continue };
            let crossing = |i: usize| {
                let (a, b) = (values[i] - limit, values[(i + 1) % 4] - limit);
                if (a <= 0.0) == (b <= 0.0) {
                    return None;
                }
                let part = a / (a - b);
                let (from, to) = (centre(corners[i].0, corners[i].1), centre(corners[(i + 1) % 4].0, corners[(i + 1) % 4].1));
                Some((from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part))
            };
            let points: Vec<Point> = (0..4).filter_map(crossing).collect();
            pieces.extend(points.chunks_exact(2).map(<[Point]>::to_vec));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contour_lies_where_the_limit_is_passed() {
        let map: Map = vec![vec![Some(0.0), Some(10.0)], vec![Some(0.0), Some(10.0)], vec![None, Some(10.0)]];
        let pieces = contour(&map, 2.5, &|column, row| (column as f64, row as f64));
        assert_eq!(pieces, [vec![(0.25, 0.0), (0.25, 1.0)]]);
        assert!(contour(&map, 11.0, &|c, r| (c as f64, r as f64)).is_empty());
    }
}
