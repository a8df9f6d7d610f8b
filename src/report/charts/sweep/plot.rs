//! A frame with two axes of any kind: numbers, times, shares, or names side by side.

use super::super::axis::{Scale, labels, round_ticks};
use super::super::font::text_width;
use super::super::page::Cell;
use super::super::palette::{BLACK, FRAME, GREY, RULE, bold, words};
use super::super::picture::{Anchor, Picture, Stroke, fitted};
use crate::report::estimates::{Unit, value};
use crate::report::numbers::{duration, nine_digit_text};
use crate::sweep::{CellValue, Parameter, Source, Unit as ParameterUnit};

const LETTERS: f64 = 11.0;
const LEFT: f64 = 62.0;
const HEAD: f64 = 26.0;
const FOOT: f64 = 42.0;

/// A scale with its ticks.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    scale: Scale,
    ticks: Vec<(f64, String)>,
    /// Names side by side, where the values are no numbers.
    names: Vec<String>,
}

impl Axis {
    /// Where a number lies.
    pub(super) fn at(&self, number: f64) -> f64 {
        self.scale.at(number)
    }

    /// Where a parameter's value lies.
    pub(super) fn at_value(&self, value: &CellValue) -> f64 {
        if self.names.is_empty() {
            return self.at(value.number.unwrap_or(f64::NAN));
        }
        let label = value.label();
        self.at(self.names.iter().position(|name| *name == label).unwrap_or(0) as f64)
    }

    /// The axis of a parameter over all of its values in some cells.
    pub(super) fn of_parameter(parameter: &Parameter, values: &[&CellValue], ends: (f64, f64)) -> Axis {
        let room = (ends.1 - ends.0).abs();
        if parameter.unit == ParameterUnit::Text {
            let mut names: Vec<String> = Vec::new();
            for value in values {
                let label = value.label();
                if !names.contains(&label) {
                    names.push(label);
                }
            }
            let scale = Scale::linear((-0.5, names.len() as f64 - 0.5), ends);
            let width = room / names.len().max(1) as f64 - 6.0;
            let ticks = names.iter().zip(0..).map(|(name, i)| (scale.at(f64::from(i)), fitted(name, LETTERS, false, width)));
            return Axis { scale, ticks: ticks.collect(), names: names.clone() };
        }
        let mut numbers: Vec<f64> = values.iter().filter_map(|value| value.number).collect();
        numbers.sort_unstable_by(f64::total_cmp);
        numbers.dedup();
        let (low, high) = (numbers.first().copied().unwrap_or(0.0), numbers.last().copied().unwrap_or(1.0));
        let (low, high) = if high > low { (low, high) } else { (low - 0.5, low + 0.5) };
        let log = is_logarithmic(parameter, &numbers) && low > 0.0;
        let scale = if log { Scale::log((low, high), ends, ends.0) } else { Scale::linear((low, high), ends) };
        let few = numbers.len() <= 9;
        let at = if few || log { numbers } else { inside(&round_ticks(low, high, (room / 90.0).max(3.0) as usize), low, high) };
        let word = |number: f64| match parameter.unit {
            ParameterUnit::Seconds => duration(number),
            _ => nine_digit_text(number),
        };
        // A label stands only where it does not touch the one before.
        let mut ticks: Vec<(f64, String)> = Vec::new();
        let mut free_from = f64::NEG_INFINITY;
        for number in at {
            let (x, label) = (scale.at(number), word(number));
            let half = text_width(&label, LETTERS, false) / 2.0;
            if x - half >= free_from {
                free_from = x + half + 6.0;
                ticks.push((x, label));
            }
        }
        Axis { scale, ticks, names: Vec::new() }
    }

    /// The axis of a figure, over some values and from zero where they come near it.
    pub(super) fn of_figure(unit: Unit, values: impl Iterator<Item = f64>, (bottom, top): (f64, f64)) -> Axis {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if low >= 0.0 && low < 0.6 * high || high <= low {
            low = low.min(0.0);
        }
        if high <= low {
            high = low + if unit == Unit::Share { 0.01 } else { 1.0 };
        }
        let factor = if unit == Unit::Share { 100.0 } else { 1.0 };
        let step = match unit {
            Unit::Seconds if high >= 2.0 * 86_400.0 => 86_400.0,
            Unit::Seconds if high >= 2.0 * 3600.0 => 3600.0,
            Unit::Seconds if high >= 120.0 => 60.0,
            _ => 1.0,
        };
        let rows = (((bottom - top) / 42.0).clamp(2.0, 7.0)) as usize;
        let ticks = round_ticks(low * factor / step, high * factor / step, rows);
        let (first, last) = (ticks[0] * step / factor, ticks[ticks.len() - 1] * step / factor);
        let scale = Scale::linear((first, last), (bottom, top));
        let told: Vec<String> = match unit {
            Unit::Seconds => ticks.iter().map(|tick| value(tick * step, unit)).collect(),
            Unit::Share => labels(&ticks).into_iter().map(|label| label + " %").collect(),
            Unit::Number => labels(&ticks),
        };
        let ticks = ticks.iter().map(|tick| scale.at(tick * step / factor)).zip(told).collect();
        Axis { scale, ticks, names: Vec::new() }
    }

    /// The axis of numbers that are no figure, such as costs.
    pub(super) fn of_numbers(values: impl Iterator<Item = f64>, ends: (f64, f64)) -> Axis {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let (low, high) = if low <= high { (low, high) } else { (0.0, 1.0) };
        let ticks = round_ticks(low, high, 8);
        let scale = Scale::linear((ticks[0], ticks[ticks.len() - 1]), ends);
        Axis { scale, ticks: ticks.iter().map(|tick| scale.at(*tick)).zip(labels(&ticks)).collect(), names: Vec::new() }
    }
}

fn inside(ticks: &[f64], low: f64, high: f64) -> Vec<f64> {
    ticks.iter().copied().filter(|tick| (low..=high).contains(tick)).collect()
}

/// Whether a parameter's values go by factors.
fn is_logarithmic(parameter: &Parameter, numbers: &[f64]) -> bool {
    match &parameter.values {
        Source::Range { logarithmic, .. } => *logarithmic,
        Source::Loguniform { .. } => true,
        Source::List(_) => {
            let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return false };
            *first > 0.0 && last / first >= 8.0 && numbers.len() >= 3
        }
        _ => false,
    }
}

/// The frame inside a cell of the page.
pub(super) fn frame(cell: Cell) -> Cell {
    Cell { left: cell.left + LEFT, top: cell.top + HEAD, right: cell.right - 12.0, bottom: cell.bottom - FOOT }
}

/// Draws what is around the curves: heading, grid, ticks and what the horizontal axis is.
pub(super) fn draw(picture: &mut Picture, cell: Cell, heading: &str, across: (&Axis, &str), up: &Axis) {
    let frame = frame(cell);
    let heading = fitted(heading, 12.5, true, cell.right - cell.left - 8.0);
    picture.text((cell.left, cell.top + 12.0), &heading, bold(12.5, BLACK, Anchor::Start));
    for (y, label) in &up.ticks {
        picture.line(vec![(frame.left, *y), (frame.right, *y)], Stroke::solid(RULE, 0.8));
        picture.text((frame.left - 7.0, y + 4.0), label, words(LETTERS, BLACK, Anchor::End));
    }
    for (x, label) in &across.0.ticks {
        picture.line(vec![(*x, frame.bottom), (*x, frame.bottom + 4.0)], Stroke::solid(FRAME, 0.8));
        picture.text((*x, frame.bottom + 16.0), label, words(LETTERS, BLACK, Anchor::Middle));
    }
    picture.line(vec![(frame.left, frame.bottom), (frame.right, frame.bottom)], Stroke::solid(BLACK, 1.0));
    let name = fitted(across.1, LETTERS, false, frame.right - frame.left);
    picture.text((frame.left.midpoint(frame.right), frame.bottom + 33.0), &name, words(LETTERS, GREY, Anchor::Middle));
}

/// The limit of a goal as a dashed line, named at its end.
pub(super) fn draw_limit(picture: &mut Picture, cell: Cell, y: f64, text: &str) {
    let frame = frame(cell);
    if (frame.top..=frame.bottom).contains(&y) {
        picture.line(vec![(frame.left, y), (frame.right, y)], Stroke { ink: BLACK, width: 1.2, dash: &[6.0, 4.0] });
        let above = if y - frame.top > 16.0 { y - 5.0 } else { y + 13.0 };
        picture.text((frame.right - 2.0, above), text, words(LETTERS, BLACK, Anchor::End));
    }
}
