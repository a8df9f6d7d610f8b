//! Requests per second against completed applications per second, a panel a policy.

use super::page::{self, Entry, MOST_PANELS, Sample};
use super::palette::{Mark, Style};
use super::panel::{self, Curve, Panel};
use super::picture::{Ink, Picture};
use super::queue::rate_trace;
use super::strips::{self, Saying};
use crate::experiment::{PolicyResult, Results};
use crate::report::summary::name;

const OFFERED: Style = Style { ink: Ink::new(25, 25, 25), dash: &[7.0, 3.0], mark: Mark::Circle, place: 1 };
const GOODPUT: Style = Style { ink: Ink::new(0, 114, 178), dash: &[], mark: Mark::Square, place: 2 };
/// A logarithmic axis shows no more than so many powers of ten below the highest value.
const DECADES: i32 = 5;
/// Least height of a panel without its strips.
const LEAST: f64 = 210.0;

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let shown = &results.policies[..results.policies.len().min(MOST_PANELS)];
    let points = if shown.len() > 3 { 260 } else { 520 };
    let mut panels: Vec<Panel> = shown.iter().map(|policy| panel_of(results, policy, points)).collect();
    let range = common_range(&panels);
    panels.iter_mut().for_each(|panel| panel.log = range);
    let strips = panel::level(&mut panels);
    let mut legend = vec![
        Entry::new(Sample::Policy(OFFERED), "requests sent per second, retries included"),
        Entry::new(Sample::Policy(GOODPUT), "applications completed per second"),
    ];
    legend.extend(page::strip_entries(panels.iter().any(|panel| !panel.strips.is_empty())));
    legend.extend(page::shade_entries(results));
    let note = if shown.len() < results.policies.len() { "the first policies only" } else { "" };
    let (mut picture, top) = page::start(results, title, note, &legend);
    // One below the other, so that the same minute stands above itself, as long as they fit a page.
    let cells = if panels.len() <= 3 {
        panels.iter_mut().for_each(|panel| panel.foot = strips::height(&panel.strips));
        let feet: f64 = panels.iter().map(|panel| panel.foot).sum();
        let height = ((page::HEIGHT - top - feet) / panels.len().max(1) as f64 - page::GAP).max(LEAST);
        page::stack(&mut picture, top, &panels.iter().map(|panel| height + panel.foot).collect::<Vec<_>>())
    } else {
        page::cells(&mut picture, panels.len(), page::columns(panels.len()), top, LEAST + strips)
    };
    for (cell, panel) in cells.into_iter().zip(&panels) {
        panel::draw(&mut picture, &results.study, cell, panel);
    }
    picture
}

fn panel_of(results: &Results, policy: &PolicyResult, points: usize) -> Panel {
    let columns = &policy.series.total;
    let curve =
        |style, counts: &[f64]| Curve { style, trace: rate_trace(results, counts, 1.0, points), marks: true, band: false };
    Panel {
        heading: name(&results.study.names.policies, policy.policy),
        unit: "per second, log axis, zero below",
        curves: vec![curve(OFFERED, &columns.requests), curve(GOODPUT, &columns.completed)],
        strips: strips::strips(&results.study, &[policy.policy], None, Saying::Class),
        published: Vec::new(),
        log: None,
        top: None,
        foot: 0.0,
    }
}

/// One axis for all panels, so that they can be compared.
fn common_range(panels: &[Panel]) -> Option<(f64, f64)> {
    let traces = || panels.iter().flat_map(|panel| &panel.curves).map(|curve| &curve.trace);
    let high = traces().flat_map(|trace| trace.line.iter().map(|(_, value)| *value)).fold(0.0, f64::max);
    let low = traces().filter_map(|trace| trace.lowest_above_zero()).fold(f64::INFINITY, f64::min);
    (high > 0.0 && low.is_finite()).then(|| (low.max(high * 10f64.powi(-DECADES)), high))
}
