//! Where the load goes up and down again: goodput against load on both ways, a panel a policy.

use super::axis::{Scale, labels, round_ticks};
use super::page::{self, Cell, Entry, MOST_PANELS, Sample};
use super::palette::{BLACK, FRAME, GREY, Mark, RULE, Style, bold, draw_mark, words};
use super::picture::{Anchor, Ink, Picture, Point, Stroke, fitted};
use crate::experiment::{PolicyResult, Results, UpAndDown};
use crate::report::summary::name;

const UP: Style = Style { ink: Ink::new(0, 114, 178), dash: &[], mark: Mark::Circle, place: 0 };
const DOWN: Style = Style { ink: Ink::new(213, 94, 0), dash: &[6.0, 3.0], mark: Mark::Square, place: 1 };
/// All that comes gets done.
const EVEN: Stroke = Stroke { ink: FRAME, width: 1.2, dash: &[2.0, 3.0] };
/// Between the ways.
const BETWEEN: Ink = Ink { rgb: (213, 94, 0), alpha: 0.1 };
const LETTERS: f64 = 11.0;
const LEAST: f64 = 300.0;
/// From arrow to arrow along a way, and the shortest stretch that has room for one.
const ARROWS: f64 = 40.0;
const ARROW_ROOM: f64 = 13.0;

/// Whether the load of these results goes up and down again.
pub(super) fn is_wanted(results: &Results) -> bool {
    UpAndDown::of(&results.study.model).is_some()
}

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let legend = [
        Entry::new(Sample::Policy(UP), "on the way up"),
        Entry::new(Sample::Policy(DOWN), "on the way down"),
        Entry::new(Sample::Line(EVEN), "as many get done as come"),
    ];
    let shown = &results.policies[..results.policies.len().min(MOST_PANELS)];
    let note = if shown.len() < results.policies.len() { "the first policies only" } else { "" };
    let Some(way) = UpAndDown::of(&results.study.model) else {
        let (mut picture, top) = page::start(results, title, note, &[]);
        picture.text((page::LEFT, top + 20.0), "the load does not go up and down", words(12.0, GREY, Anchor::Start));
        return picture;
    };
    let (mut picture, top) = page::start(results, title, note, &legend);
    let rates = |policy: &PolicyResult| way.rates(&results.study.model, &policy.series.total.completed);
    let goodput: Vec<Vec<f64>> = shown.iter().map(rates).collect();
    let highest = goodput.iter().flatten().copied().filter(|rate| rate.is_finite()).fold(way.levels[way.top].load, f64::max);
    let cells = page::cells(&mut picture, shown.len(), page::columns(shown.len()), top, LEAST);
    for ((cell, policy), goodput) in cells.into_iter().zip(shown).zip(&goodput) {
        let heading = name(&results.study.names.policies, policy.policy);
        panel(&mut picture, cell, &heading, &way, goodput, highest);
    }
    picture
}

fn panel(picture: &mut Picture, cell: Cell, heading: &str, way: &UpAndDown, goodput: &[f64], highest: f64) {
    let frame = Cell { left: cell.left + 54.0, top: cell.top + 32.0, right: cell.right - 8.0, bottom: cell.bottom - 44.0 };
    let rows = ((frame.bottom - frame.top) / 42.0).clamp(2.0, 8.0) as usize;
    let ticks = round_ticks(0.0, highest, rows);
    let ends = (ticks[0], ticks[ticks.len() - 1]);
    let across = Scale::linear(ends, (frame.left, frame.right));
    let up = Scale::linear(ends, (frame.bottom, frame.top));
    let heading = fitted(heading, 12.5, true, frame.right - frame.left - 150.0);
    picture.text((frame.left, cell.top + 11.0), &heading, bold(12.5, BLACK, Anchor::Start));
    picture.text((frame.right, cell.top + 11.0), "completed per second", words(LETTERS, GREY, Anchor::End));
    for (tick, label) in ticks.iter().zip(labels(&ticks)) {
        picture.line(vec![(frame.left, up.at(*tick)), (frame.right, up.at(*tick))], Stroke::solid(RULE, 0.8));
        picture.text((frame.left - 7.0, up.at(*tick) + 4.0), &label, words(LETTERS, BLACK, Anchor::End));
        picture.text((across.at(*tick), frame.bottom + 17.0), &label, words(LETTERS, BLACK, Anchor::Middle));
    }
    picture.line(vec![(frame.left, frame.bottom), (frame.right, frame.bottom)], Stroke::solid(BLACK, 1.0));
    let below = (frame.left.midpoint(frame.right), frame.bottom + 35.0);
    picture.text(below, "applicants who come per second", words(LETTERS, GREY, Anchor::Middle));
    picture.line(vec![(frame.left, frame.bottom), (frame.right, frame.top)], EVEN);
    if goodput.iter().all(|rate| *rate == 0.0) {
        let middle = (frame.left.midpoint(frame.right), frame.top.midpoint(frame.bottom));
        picture.text(middle, "nobody got through", words(12.0, GREY, Anchor::Middle));
        return;
    }
    let points: Vec<Point> = way.levels.iter().zip(goodput).map(|(level, rate)| (across.at(level.load), up.at(*rate))).collect();
    picture.area(points.clone(), BETWEEN);
    side(picture, &points[way.top..], DOWN, true);
    side(picture, &points[..=way.top], UP, false);
}

/// One way with its marks, and arrows along it.
fn side(picture: &mut Picture, points: &[Point], style: Style, hollow_top: bool) {
    picture.line(points.to_vec(), style.stroke());
    let mut since = ARROWS;
    for pair in points.windows(2) {
        let length = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
        since += length;
        if since >= ARROWS && length >= ARROW_ROOM {
            arrow(picture, pair[0], pair[1], style.ink);
            since = 0.0;
        }
    }
    // The top belongs to the way up.
    for point in points.iter().skip(usize::from(hollow_top)) {
        draw_mark(picture, *point, style.mark, 3.6, style.ink, true);
    }
}

/// A head in the middle of a stretch, in the direction of time.
fn arrow(picture: &mut Picture, from: Point, to: Point, ink: Ink) {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    let (x, y) = (dx / length, dy / length);
    let (mx, my) = (from.0.midpoint(to.0), from.1.midpoint(to.1));
    let at = |along: f64, beside: f64| (mx + x * along - y * beside, my + y * along + x * beside);
    picture.area(vec![at(6.0, 0.0), at(-4.0, 4.5), at(-4.0, -4.5)], ink);
}
