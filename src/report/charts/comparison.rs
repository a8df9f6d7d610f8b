//! Key figures of every policy with their 95 % intervals, a panel a figure.

use super::axis::{Scale, labels, round_ticks};
use super::font::text_width;
use super::page::{self, Cell, Entry, LEFT, Sample};
use super::palette::{BLACK, FRAME, GREY, RULE, Style, bold, draw_mark, words};
use super::picture::{Anchor, Picture, Stroke, fitted};
use crate::experiment::{Figure, PolicyResult, Results};
use crate::report::estimates::{Unit, value};
use crate::report::summary::name;
use crate::stats::Estimate;

/// A figure to compare.
struct Shown {
    heading: String,
    unit: Unit,
    /// Its name among the comparisons; empty where there are none.
    key: &'static str,
    values: Vec<Figure>,
}

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let shown = figures(results);
    let note = match results.replications {
        1 => "axes do not begin at zero",
        _ => "bars are 95 % intervals; axes do not begin at zero",
    };
    let (mut picture, top) = page::start(results, title, note, &legend(results));
    let pitch = if results.policies.len() > 6 { 19.0 } else { 30.0 };
    let least = 62.0 + pitch * results.policies.len().max(1) as f64;
    let names = names(results);
    let room = names.iter().map(|n| text_width(n, 12.0, false)).fold(0.0, f64::max) + 10.0;
    for (number, (cell, figure)) in
        page::cells(&mut picture, shown.len(), 3, top + 6.0, least).into_iter().zip(&shown).enumerate()
    {
        // The names stand once, left of each row of panels; all panels of the page are alike wide.
        let (column, shift) = ((number % 3) as f64, room / 3.0);
        let left = cell.left + (3.0 - column) * shift;
        let cell = Cell { left, right: left + (cell.right - cell.left - shift), ..cell };
        if number % 3 == 0 {
            draw_names(&mut picture, &names, cell);
        }
        draw_panel(&mut picture, results, cell, figure);
    }
    picture
}

fn names(results: &Results) -> Vec<String> {
    let all = &results.study.names.policies;
    results.policies.iter().map(|policy| fitted(&name(all, policy.policy), 12.0, false, 170.0)).collect()
}

fn legend(results: &Results) -> Vec<Entry> {
    if results.comparisons.is_empty() {
        return Vec::new();
    }
    let baseline = results.policies.first().map_or_else(String::new, |p| name(&results.study.names.policies, p.policy));
    let neutral = Style { ink: BLACK, ..Style::of(0) };
    vec![
        Entry::new(Sample::Mark(neutral, true), format!("differs from {baseline}, or is {baseline}")),
        Entry::new(Sample::Mark(neutral, false), format!("cannot be told from {baseline}")),
        Entry::new(Sample::Line(Stroke { ink: FRAME, width: 1.0, dash: &[3.0, 3.0] }), format!("where {baseline} lies")),
    ]
}

fn figures(results: &Results) -> Vec<Shown> {
    let shown = |heading: &str, unit, key, value: &dyn Fn(&PolicyResult) -> Figure| Shown {
        heading: heading.to_owned(),
        unit,
        key,
        values: results.policies.iter().map(value).collect(),
    };
    let station = busiest(results);
    let queue = |p: &PolicyResult| p.stations.get(station).and_then(|s| s.queue_length.time_average);
    let at_station = results.study.names.stations.get(station).map_or_else(String::new, |name| format!(" at {name}"));
    let queue_heading =
        format!("average queue{at_station}{}", if results.comparisons.is_empty() { "" } else { " (not compared)" });
    vec![
        shown("got through, of those who came", Unit::Share, "completed_share", &|p| p.total.counts.completed_share),
        shown("requests lost, of those that ended", Unit::Share, "lost_share", &|p| p.total.counts.lost_share),
        shown("requests per completion", Unit::Number, "requests_per_completion", &|p| p.total.counts.requests_per_completion),
        shown("median time of those who got through", Unit::Seconds, "time_to_complete.p50", &|p| p.total.time_to_complete.p50),
        shown("95 % of those who got through within", Unit::Seconds, "time_to_complete.p95", &|p| p.total.time_to_complete.p95),
        shown(&queue_heading, Unit::Number, "", &queue),
    ]
}

/// The station with the longest average queue under the baseline.
fn busiest(results: &Results) -> usize {
    let Some(baseline) = results.policies.first() else { return 0 };
    let average = |id: usize| baseline.stations[id].queue_length.time_average.map_or(0.0, |figure| figure.mean);
    (0..baseline.stations.len()).fold(0, |best, id| if average(id) > average(best) { id } else { best })
}

/// Where the row of a policy lies in a panel.
fn row(cell: Cell, count: usize, place: usize) -> f64 {
    let (top, bottom) = (cell.top + 24.0, cell.bottom - 26.0);
    top + (bottom - top) * (place as f64 + 0.5) / count.max(1) as f64
}

fn draw_names(picture: &mut Picture, names: &[String], cell: Cell) {
    for (place, name) in names.iter().enumerate() {
        picture.text((LEFT, row(cell, names.len(), place) + 4.0), name, words(12.0, BLACK, Anchor::Start));
    }
}

fn draw_panel(picture: &mut Picture, results: &Results, cell: Cell, shown: &Shown) {
    let heading = fitted(&shown.heading, 12.5, true, cell.right - cell.left);
    picture.text((cell.left, cell.top + 12.0), &heading, bold(12.5, BLACK, Anchor::Start));
    let frame = Cell { top: cell.top + 22.0, bottom: cell.bottom - 24.0, right: cell.right - 82.0, ..cell };
    let (scale, ticks) = axis(shown, frame);
    for (x, label) in &ticks {
        picture.line(vec![(*x, frame.top), (*x, frame.bottom + 3.0)], Stroke::solid(RULE, 0.8));
        picture.text((*x, frame.bottom + 15.0), label, words(10.5, BLACK, Anchor::Middle));
    }
    picture.line(vec![(frame.left, frame.bottom), (frame.right, frame.bottom)], Stroke::solid(BLACK, 1.0));
    if let Some(baseline) = shown.values.first().copied().flatten().filter(|_| shown.values.len() > 1) {
        let x = scale.at(baseline.mean);
        picture.line(vec![(x, frame.top), (x, frame.bottom)], Stroke { ink: FRAME, width: 1.0, dash: &[3.0, 3.0] });
    }
    for (place, figure) in shown.values.iter().enumerate() {
        let y = row(cell, shown.values.len(), place);
        match figure {
            Some(estimate) => {
                draw_estimate(picture, *estimate, Style::of(place), &scale, y, is_told_apart(results, shown, place));
                picture.text((cell.right, y + 4.0), &value(estimate.mean, shown.unit), words(11.5, BLACK, Anchor::End));
            }
            None => picture.text((cell.right, y + 4.0), "not measured", words(10.5, GREY, Anchor::End)),
        }
    }
}

fn draw_estimate(picture: &mut Picture, estimate: Estimate, style: Style, scale: &Scale, y: f64, solid: Option<bool>) {
    if let (Some(low), Some(high)) = (estimate.low, estimate.high) {
        let (low, high) = (scale.at(low), scale.at(high));
        let stroke = Stroke::solid(style.ink, 1.8);
        picture.line(vec![(low, y), (high, y)], stroke);
        for end in [low, high] {
            picture.line(vec![(end, y - 5.0), (end, y + 5.0)], stroke);
        }
    }
    let x = scale.at(estimate.mean);
    match solid {
        Some(solid) => draw_mark(picture, (x, y), style.mark, 4.6, style.ink, solid),
        None => picture.line(vec![(x, y - 7.0), (x, y + 7.0)], Stroke::solid(style.ink, 3.0)),
    }
}

/// Whether the policy at this place differs from the baseline or is the baseline; `None` where nobody asked.
fn is_told_apart(results: &Results, shown: &Shown, place: usize) -> Option<bool> {
    if results.comparisons.is_empty() {
        return Some(true);
    }
    if place == 0 {
        return (!shown.key.is_empty()).then_some(true);
    }
    let policy = results.policies[place].policy;
    let asked = results.comparisons.iter().find(|c| c.policy == policy && c.class.is_none() && c.figure == shown.key);
    asked.map(|comparison| comparison.distinct)
}

/// An axis around all values and their intervals, with its ticks.
fn axis(shown: &Shown, frame: Cell) -> (Scale, Vec<(f64, String)>) {
    let estimates = || shown.values.iter().flatten();
    let all = || estimates().flat_map(|e| [Some(e.mean), e.low, e.high]).flatten().filter(|v| v.is_finite());
    let (mut low, mut high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    if low > high {
        return (Scale::linear((0.0, 1.0), (frame.left, frame.right)), Vec::new());
    }
    let pad = match high - low {
        0.0 => {
            if high == 0.0 {
                0.01
            } else {
                high.abs() * 0.05
            }
        }
        range => range * 0.06,
    };
    // No figure is negative: an axis that says so would mislead.
    (low, high) = (if low >= 0.0 { (low - pad).max(0.0) } else { low - pad }, high + pad);
    if shown.unit == Unit::Share {
        // No share is above one.
        (low, high) = (low.min(0.99), high.min(1.0).max(low.min(0.99) + 0.01));
    }
    let (size, suffix) = match shown.unit {
        Unit::Share => (0.01, " %"),
        Unit::Number => (1.0, ""),
        Unit::Seconds => {
            let units = [(86_400.0, " d"), (3600.0, " h"), (60.0, " min"), (1.0, " s")];
            units.into_iter().find(|(size, _)| high >= size * 2.0).unwrap_or((0.001, " ms"))
        }
    };
    let scale = Scale::linear((low, high), (frame.left, frame.right));
    let count = ((frame.right - frame.left) / 56.0).max(2.0) as usize;
    let ticks: Vec<f64> =
        round_ticks(low / size, high / size, count).into_iter().filter(|t| (low..=high).contains(&(t * size))).collect();
    let texts = labels(&ticks).into_iter().map(|label| label + suffix);
    (scale, ticks.iter().map(|tick| scale.at(tick * size)).zip(texts).collect())
}
