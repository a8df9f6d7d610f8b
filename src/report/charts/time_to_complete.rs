//! Share of those who came who got through within a time, by policy.

use super::axis::Scale;
use super::page::{self, Cell};
use super::palette::{BLACK, FRAME, GREY, RULE, Style, draw_mark, words};
use super::picture::{Anchor, Picture, Stroke};
use crate::experiment::Results;
use crate::report::numbers::percent;

/// Round lengths of time in seconds with their labels; the strong ones are those of the summary's `done_within`.
const TICKS: [(f64, &str, bool); 26] = [
    (0.001, "1 ms", false),
    (0.01, "10 ms", false),
    (0.1, "100 ms", false),
    (1.0, "1 s", false),
    (2.0, "2 s", false),
    (5.0, "5 s", false),
    (10.0, "10 s", false),
    (30.0, "30 s", false),
    (60.0, "1 min", false),
    (120.0, "2 min", false),
    (300.0, "5 min", false),
    (600.0, "10 min", false),
    (1800.0, "30 min", false),
    (3600.0, "1 h", true),
    (7200.0, "2 h", false),
    (14_400.0, "4 h", true),
    (28_800.0, "8 h", false),
    (43_200.0, "12 h", false),
    (86_400.0, "1 day", true),
    (172_800.0, "2 days", false),
    (432_000.0, "5 days", false),
    (864_000.0, "10 days", false),
    (2_592_000.0, "30 days", false),
    (8_640_000.0, "100 days", false),
    (31_536_000.0, "1 year", false),
    (315_360_000.0, "10 years", false),
];

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let mut legend = page::policy_entries(results);
    for (entry, policy) in legend.iter_mut().zip(&results.policies) {
        if let Some((_, share)) = policy.completion_curve.last() {
            entry.text += &format!(": {} in the end", percent(*share));
        }
    }
    let (mut picture, top) = page::start(results, title, "", &legend);
    let cells = page::cells(&mut picture, 1, 1, top, 320.0);
    let Some(cell) = cells.first() else { return picture };
    let frame = Cell { left: cell.left + 54.0, top: cell.top + 20.0, right: cell.right, bottom: cell.bottom - 44.0 };
    picture.text(
        (frame.left, cell.top + 11.0),
        "share of those who came who completed within …",
        words(11.0, GREY, Anchor::Start),
    );
    let (low, high) = range(results);
    let across = Scale::log((low, high), (frame.left, frame.right), frame.left);
    let up = Scale::linear((0.0, 1.0), (frame.bottom, frame.top));
    draw_grid(&mut picture, frame, &across, &up, (low, high));
    for (place, policy) in results.policies.iter().enumerate() {
        draw_curve(&mut picture, &policy.completion_curve, Style::of(place), &across, &up, frame);
    }
    if results.policies.iter().all(|policy| policy.completion_curve.is_empty()) {
        let middle = (frame.left.midpoint(frame.right), frame.top.midpoint(frame.bottom));
        picture.text(middle, "nobody completed", words(12.0, GREY, Anchor::Middle));
    }
    picture
}

/// From the tick below the time by which the first hundredth of a curve was reached, to the longest time.
fn range(results: &Results) -> (f64, f64) {
    let mut low = f64::INFINITY;
    let mut high: f64 = 0.0;
    for curve in results.policies.iter().map(|policy| &policy.completion_curve) {
        let top = curve.last().map_or(0.0, |(_, share)| *share);
        let begins = curve.iter().find(|(_, share)| *share >= top * 0.01).map_or(f64::INFINITY, |(seconds, _)| *seconds);
        low = low.min(begins);
        high = high.max(curve.last().map_or(0.0, |(seconds, _)| *seconds));
    }
    let low = TICKS.iter().rev().map(|(seconds, _, _)| *seconds).find(|tick| *tick <= low.min(60.0)).unwrap_or(TICKS[0].0);
    (low, if high.is_finite() { high.max(low * 100.0) } else { low * 1e6 })
}

fn draw_grid(picture: &mut Picture, frame: Cell, across: &Scale, up: &Scale, (low, high): (f64, f64)) {
    for fifth in 0..=5 {
        let y = up.at(f64::from(fifth) / 5.0);
        picture.line(vec![(frame.left, y), (frame.right, y)], Stroke::solid(RULE, 0.8));
        picture.text((frame.left - 7.0, y + 4.0), &format!("{} %", fifth * 20), words(11.0, BLACK, Anchor::End));
    }
    let mut free_from = f64::NEG_INFINITY;
    for (seconds, label, strong) in TICKS.iter().filter(|(seconds, _, _)| (low * 0.999..=high * 1.001).contains(seconds)) {
        let x = across.at(*seconds);
        if x >= free_from {
            let ink = if *strong { FRAME } else { RULE };
            picture.line(vec![(x, frame.top), (x, frame.bottom + 4.0)], Stroke::solid(ink, 0.8));
            picture.text((x, frame.bottom + 17.0), label, words(11.0, BLACK, Anchor::Middle));
            free_from = x + 46.0;
        }
    }
    let said = "time from first intent to completion, log axis";
    picture.text((frame.left.midpoint(frame.right), frame.bottom + 36.0), said, words(11.0, GREY, Anchor::Middle));
    picture.line(vec![(frame.left, frame.bottom), (frame.right, frame.bottom)], Stroke::solid(BLACK, 1.0));
}

fn draw_curve(picture: &mut Picture, curve: &[(f64, f64)], style: Style, across: &Scale, up: &Scale, frame: Cell) {
    let mut points: Vec<(f64, f64)> = Vec::new();
    for (seconds, share) in curve {
        let point = (across.at(*seconds), up.at(*share));
        // As many points as the page can show: one every half point across.
        match points.last_mut() {
            Some(last) if point.0 - last.0 < 0.5 && points_are_close(*last, point) => {}
            _ => points.push(point),
        }
    }
    let Some(last) = curve.last().map(|(_, share)| (frame.right, up.at(*share))) else { return };
    points.push(last);
    let mut next = frame.left + 30.0 + (style.place as f64 * 31.0) % 118.0;
    let mut marks = Vec::new();
    for pair in points.windows(2) {
        while pair[1].0 >= next {
            let share = if pair[1].0 > pair[0].0 { (next - pair[0].0) / (pair[1].0 - pair[0].0) } else { 0.0 };
            if share >= 0.0 {
                marks.push((next, pair[0].1 + (pair[1].1 - pair[0].1) * share));
            }
            next += 118.0;
        }
    }
    picture.line(points, style.stroke());
    for mark in marks {
        draw_mark(picture, mark, style.mark, 3.6, style.ink, true);
    }
}

fn points_are_close(one: (f64, f64), other: (f64, f64)) -> bool {
    (one.1 - other.1).abs() < 0.5
}
