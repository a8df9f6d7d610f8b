//! A panel over the clock: curves with bands, outages shaded, published figures, strips of opening times.

use super::axis::{Scale, labels, powers_of_ten, round_ticks};
use super::clock::clock_ticks;
use super::font::text_width;
use super::incidents;
use super::outages;
use super::page::Cell;
use super::palette::{BAND, BLACK, FRAME, GREY, RULE, Style, bold, draw_mark, words};
use super::picture::{Anchor, Picture, Stroke, fitted};
use super::published::{self, Published};
use super::strips::{self, Strip};
use super::trace::Trace;
use crate::model::Study;
use crate::report::numbers::short;
use crate::time::Time;

/// A curve of a panel.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    pub(super) style: Style,
    pub(super) trace: Trace,
    /// Whether its marks are drawn along it.
    pub(super) marks: bool,
    /// Whether its band is drawn.
    pub(super) band: bool,
}

/// What a panel shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Panel {
    /// What the panel is about; empty where the page says it.
    pub(super) heading: String,
    /// What the vertical axis counts, with its unit.
    pub(super) unit: &'static str,
    pub(super) curves: Vec<Curve>,
    pub(super) strips: Vec<Strip>,
    pub(super) published: Vec<Published>,
    /// The lowest and highest value of a logarithmic axis; `None`: an even one from zero.
    pub(super) log: Option<(f64, f64)>,
    /// The highest value of an even axis; `None`: that of the curves.
    pub(super) top: Option<f64>,
    /// Room for strips below the frame: that of the panel with most strips, so that all frames of a page are alike.
    pub(super) foot: f64,
}

const LETTERS: f64 = 11.0;
/// On a logarithmic axis zero lies so far below the lowest power of ten.
const ZERO_GAP: f64 = 20.0;

/// Room for the labels of the vertical axis.
const MARGIN: f64 = 54.0;
/// Room above the frame for what the panel is about and for the letters of outages, and below it for the clock.
const HEAD: f64 = 32.0;
const CLOCK: f64 = 36.0;

/// Gives all panels of a page the same room for strips, and tells how much that is.
pub(super) fn level(panels: &mut [Panel]) -> f64 {
    let most = panels.iter().map(|panel| strips::height(&panel.strips)).fold(0.0, f64::max);
    panels.iter_mut().for_each(|panel| panel.foot = most);
    most
}

/// The vertical axis of a panel.
struct Vertical {
    scale: Scale,
    ticks: Vec<(f64, String)>,
}

/// Draws a panel into a cell of the page.
pub(super) fn draw(picture: &mut Picture, study: &Study, cell: Cell, panel: &Panel) {
    let frame =
        Cell { left: cell.left + MARGIN, top: cell.top + HEAD, right: cell.right, bottom: cell.bottom - CLOCK - panel.foot };
    let across = Scale::linear((0.0, study.model.end.seconds()), (frame.left, frame.right));
    let at = |time: Time| across.at(time.seconds());
    draw_heading(picture, cell, frame, panel);
    outages::draw(picture, study, frame, &at);
    incidents::draw(picture, study, frame, &at);
    let up = vertical(panel, frame);
    draw_grid(picture, study, frame, &up, &panel.strips, &at);
    for curve in &panel.curves {
        draw_band(picture, curve, &across, &up.scale);
    }
    for curve in &panel.curves {
        draw_curve(picture, curve, &across, &up.scale, frame);
    }
    published::draw(picture, &panel.published, frame, &at, &up.scale);
    if panel.curves.iter().all(|curve| curve.trace.is_empty()) {
        let middle = (frame.left.midpoint(frame.right), frame.top.midpoint(frame.bottom));
        picture.text(middle, "nothing was measured", words(12.0, GREY, Anchor::Middle));
    }
    strips::draw(picture, &panel.strips, (frame.left, frame.right), frame.bottom, &at);
}

fn draw_heading(picture: &mut Picture, cell: Cell, frame: Cell, panel: &Panel) {
    let y = cell.top + 11.0;
    let unit_room = text_width(panel.unit, LETTERS, false);
    if panel.heading.is_empty() {
        picture.text((frame.left, y), panel.unit, words(LETTERS, GREY, Anchor::Start));
        return;
    }
    // Where the frame is narrow, both begin above the labels of its axis.
    let wanted = text_width(&panel.heading, 12.5, true) + unit_room + 10.0;
    let left = (cell.right - wanted).clamp(cell.left, frame.left);
    let heading = fitted(&panel.heading, 12.5, true, cell.right - left - unit_room - 10.0);
    picture.text((left, y), &heading, bold(12.5, BLACK, Anchor::Start));
    let x = left + text_width(&heading, 12.5, true) + 10.0;
    picture.text((x, y), panel.unit, words(LETTERS, GREY, Anchor::Start));
}

fn vertical(panel: &Panel, frame: Cell) -> Vertical {
    let rows = ((frame.bottom - frame.top) / 42.0).clamp(2.0, 7.0) as usize;
    if let Some((low, high)) = panel.log {
        let powers = powers_of_ten(low, high);
        let (low, high) = (powers[0], powers[powers.len() - 1]);
        let scale = Scale::log((low, high), (frame.bottom - ZERO_GAP, frame.top), frame.bottom);
        let most = ((frame.bottom - ZERO_GAP - frame.top) / 17.0).max(2.0) as usize;
        let every = powers.len().div_ceil(most).max(1);
        let ticks = powers.iter().rev().step_by(every).map(|power| (scale.at(*power), short(*power)));
        let ticks = ticks.chain([(frame.bottom, "0".to_owned())]).collect();
        return Vertical { scale, ticks };
    }
    // A published figure has room for its mark below the top.
    let published = panel.published.iter().map(|p| p.high().max(p.value * 1.15));
    let highest = panel.curves.iter().map(|c| if c.band { c.trace.highest() } else { line_top(&c.trace) }).chain(published);
    let highest = panel.top.unwrap_or_else(|| highest.filter(|v| v.is_finite()).fold(0.0, f64::max));
    let values = round_ticks(0.0, highest, rows);
    let scale = Scale::linear((values[0], values[values.len() - 1]), (frame.bottom, frame.top));
    Vertical { scale, ticks: values.iter().map(|v| scale.at(*v)).zip(labels(&values)).collect() }
}

fn line_top(trace: &Trace) -> f64 {
    trace.line.iter().map(|(_, value)| *value).filter(|v| v.is_finite()).fold(0.0, f64::max)
}

fn draw_grid(picture: &mut Picture, study: &Study, frame: Cell, up: &Vertical, strips: &[Strip], at: &dyn Fn(Time) -> f64) {
    for (y, label) in &up.ticks {
        picture.line(vec![(frame.left, *y), (frame.right, *y)], Stroke::solid(RULE, 0.8));
        picture.text((frame.left - 7.0, y + 4.0), label, words(LETTERS, BLACK, Anchor::End));
    }
    let bottom = frame.bottom + strips::height(strips);
    let count = ((frame.right - frame.left) / 62.0).max(2.0) as usize;
    let mut free_from = f64::NEG_INFINITY;
    let ticks = clock_ticks(&study.calendar, study.model.end, count);
    for tick in &ticks {
        let x = at(tick.at);
        let strong = !tick.below.is_empty();
        picture.line(vec![(x, frame.top), (x, bottom + 4.0)], Stroke::solid(if strong { FRAME } else { RULE }, 0.8));
        picture.text((x, bottom + 17.0), &tick.label, words(LETTERS, BLACK, Anchor::Middle));
        let half = text_width(&tick.below, LETTERS, true) / 2.0;
        if strong && x - half >= free_from {
            picture.text((x, bottom + 31.0), &tick.below, bold(LETTERS, BLACK, Anchor::Middle));
            free_from = x + half + 8.0;
        }
    }
    picture.line(vec![(frame.left, frame.bottom), (frame.right, frame.bottom)], Stroke::solid(BLACK, 1.0));
}

fn draw_band(picture: &mut Picture, curve: &Curve, across: &Scale, up: &Scale) {
    if curve.band {
        let upper = curve.trace.band.iter().map(|(t, _, high)| (across.at(*t), up.at(*high)));
        let lower = curve.trace.band.iter().rev().map(|(t, low, _)| (across.at(*t), up.at(*low)));
        picture.area(upper.chain(lower).collect(), curve.style.ink.alpha(BAND));
    }
}

fn draw_curve(picture: &mut Picture, curve: &Curve, across: &Scale, up: &Scale, frame: Cell) {
    let points: Vec<(f64, f64)> = curve.trace.line.iter().map(|(t, value)| (across.at(*t), up.at(*value))).collect();
    if curve.marks {
        let spacing = 118.0;
        let mut next = frame.left + 22.0 + (curve.style.place as f64 * 31.0) % spacing;
        let mut marks = Vec::new();
        for point in &points {
            if point.0 >= next {
                marks.push(*point);
                next += spacing * ((point.0 - next) / spacing).floor().max(0.0) + spacing;
            }
        }
        picture.line(points, curve.style.stroke());
        for mark in marks {
            draw_mark(picture, mark, curve.style.mark, 3.6, curve.style.ink, true);
        }
    } else {
        picture.line(points, curve.style.stroke());
    }
}
