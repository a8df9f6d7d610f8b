//! A panel over the clock: curves with bands, outages shaded, published figures, strips of opening times.

use super::axis::{Scale, labels, powers_of_ten, round_ticks};
use super::clock::clock_ticks;
use super::font::text_width;
use super::page::Cell;
use super::palette::{BAND, BLACK, FRAME, GREY, Mark, OUTAGE, RULE, Style, WHITE, bold, draw_mark, words};
use super::picture::{Anchor, Ink, Picture, Stroke, fitted};
use super::strips::{self, Strip};
use super::trace::Trace;
use crate::model::Study;
use crate::report::numbers::short;
use crate::report::summary::name;
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

/// A published figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Published {
    pub(super) at: Time,
    pub(super) value: f64,
    pub(super) ink: Ink,
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
    /// Room for labels at the left.
    pub(super) room: f64,
}

const LETTERS: f64 = 11.0;
const SMALL: f64 = 10.5;
/// On a logarithmic axis zero lies so far below the lowest power of ten.
const ZERO_GAP: f64 = 20.0;

/// Room at the left that fits the labels of an axis and of strips.
pub(super) fn room_for(strips: &[Strip]) -> f64 {
    strips::label_room(strips).max(54.0)
}

/// The vertical axis of a panel.
struct Vertical {
    scale: Scale,
    ticks: Vec<(f64, String)>,
}

/// Draws a panel into a cell of the page.
pub(super) fn draw(picture: &mut Picture, study: &Study, cell: Cell, panel: &Panel) {
    let outages = outages(study);
    let head = 20.0 + if outages.is_empty() { 0.0 } else { 14.0 };
    let foot = 36.0 + strips::height(&panel.strips);
    let frame = Cell { left: cell.left + panel.room, top: cell.top + head, right: cell.right, bottom: cell.bottom - foot };
    let across = Scale::linear((0.0, study.model.end.seconds()), (frame.left, frame.right));
    let at = |time: Time| across.at(time.seconds());
    draw_heading(picture, cell, frame, panel);
    for outage in &outages {
        picture.block((at(outage.from), frame.top), (at(outage.to).max(at(outage.from) + 1.0), frame.bottom), OUTAGE);
    }
    let up = vertical(panel, frame);
    draw_grid(picture, study, frame, &up, &panel.strips, &at);
    draw_outage_labels(picture, &outages, frame, &at);
    for curve in &panel.curves {
        draw_band(picture, curve, &across, &up.scale);
    }
    for curve in &panel.curves {
        draw_curve(picture, curve, &across, &up.scale, frame);
    }
    for published in &panel.published {
        draw_published(picture, published, (at(published.at), up.scale.at(published.value)), frame);
    }
    if panel.curves.iter().all(|curve| curve.trace.is_empty()) {
        let middle = (frame.left.midpoint(frame.right), frame.top.midpoint(frame.bottom));
        picture.text(middle, "nothing was measured", words(12.0, GREY, Anchor::Middle));
    }
    strips::draw(picture, &panel.strips, (frame.left, frame.right), frame.bottom, panel.room, &at);
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
        let every = powers.len().div_ceil(rows + 1).max(1);
        let ticks = powers.iter().rev().step_by(every).map(|power| (scale.at(*power), short(*power)));
        let ticks = ticks.chain([(frame.bottom, "0".to_owned())]).collect();
        return Vertical { scale, ticks };
    }
    // A published figure has room for its mark below the top.
    let published = panel.published.iter().map(|p| p.value * 1.15);
    let highest = panel.curves.iter().map(|c| if c.band { c.trace.highest() } else { line_top(&c.trace) }).chain(published);
    let values = round_ticks(0.0, highest.filter(|v| v.is_finite()).fold(0.0, f64::max), rows);
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

/// A time in which one or more stations are down.
struct Down {
    from: Time,
    to: Time,
    label: String,
}

fn outages(study: &Study) -> Vec<Down> {
    let mut all: Vec<(Time, Time, &str, Vec<String>)> = Vec::new();
    for (id, station) in study.model.stations.iter().enumerate() {
        for outage in &station.outages {
            let station_name = name(&study.names.stations, id);
            match all.iter_mut().find(|(from, to, why, _)| (*from, *to, *why) == (outage.from, outage.to, outage.why.as_str())) {
                Some((_, _, _, names)) => names.push(station_name),
                None => all.push((outage.from, outage.to, &outage.why, vec![station_name])),
            }
        }
    }
    let label = |why: &str, names: &[String]| format!("{} down{}{why}", names.join(", "), if why.is_empty() { "" } else { ": " });
    all.iter().map(|(from, to, why, names)| Down { from: *from, to: *to, label: label(why, names) }).collect()
}

/// Names outages above the frame; one whose words would run into those of another stays without.
fn draw_outage_labels(picture: &mut Picture, outages: &[Down], frame: Cell, at: &dyn Fn(Time) -> f64) {
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for outage in outages {
        let text = fitted(&outage.label, SMALL, false, (frame.right - frame.left).min(340.0));
        let half = text_width(&text, SMALL, false) / 2.0;
        let middle = at(outage.from).midpoint(at(outage.to)).clamp(frame.left + half, frame.right - half);
        let (left, right) = (middle - half - 6.0, middle + half + 6.0);
        if taken.iter().all(|(l, r)| right < *l || left > *r) {
            picture.text((middle, frame.top - 4.0), &text, words(SMALL, GREY, Anchor::Middle));
            taken.push((left, right));
        }
    }
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

fn draw_published(picture: &mut Picture, published: &Published, (x, y): (f64, f64), frame: Cell) {
    draw_mark(picture, (x, y), Mark::Diamond, 5.6, BLACK, true);
    draw_mark_core(picture, (x, y), published.ink);
    let text = short(published.value);
    let width = text_width(&text, LETTERS, true);
    // Above the mark: curves of running totals come from the lower left.
    let middle = (x - width / 2.0 + 4.0).clamp(frame.left + width / 2.0 + 3.0, frame.right - width / 2.0);
    let baseline = (y - 11.0).max(frame.top + 11.0);
    picture.block((middle - width / 2.0 - 2.0, baseline - 10.0), (middle + width / 2.0 + 2.0, baseline + 2.0), WHITE.alpha(0.75));
    picture.text((middle, baseline), &text, bold(LETTERS, BLACK, Anchor::Middle));
}

/// The colour of the policy inside a black mark.
fn draw_mark_core(picture: &mut Picture, (x, y): (f64, f64), ink: Ink) {
    let r = 4.6;
    picture.area(vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)], ink);
}
