//! Queue length over the clock, by policy.

use super::page;
use super::palette::{BAND, GREY, Style, words};
use super::panel::{self, Curve, Panel};
use super::picture::{Anchor, Picture};
use super::strips::{self, Saying};
use super::trace::{Trace, rates};
use crate::experiment::{Columns, Results};
use crate::report::charts::page::{Entry, Sample};

/// Points of a curve over the whole width.
pub(super) const POINTS: usize = 520;
/// With more policies than these, bands would cover each other.
const MOST_BANDS: usize = 4;

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let model = &results.study.model;
    let trace = |c: &Columns| Trace::of_level(model, &c.queue_average, &c.queue_p05, &c.queue_p95, POINTS);
    let rooms = results.policies.iter().any(|policy| policy.series.total.in_room.iter().any(|people| *people > 0.0));
    let heading = if rooms { "at the stations" } else { "" };
    let look = Look { heading, unit: "requests waiting, all stations together", nothing: "nobody had to wait" };
    let of_room = |values: &[f64]| {
        // Policies without a room have no curve.
        let used = values.iter().any(|value| *value > 0.0);
        if used { Trace::of_level(model, values, &[], &[], POINTS) } else { Trace::default() }
    };
    let in_room = |c: &Columns| of_room(&c.in_room);
    let admitted = |c: &Columns| of_room(&rates(model, &c.admitted, 60.0));
    let look_of = |heading, unit| Look { heading, unit, nothing: "" };
    let of_rooms: [(Look, Draw<'_>); 2] =
        [(look_of("in waiting rooms", "people"), &in_room), (look_of("called in from them", "people per minute"), &admitted)];
    let mut shown: Vec<(Look, Draw<'_>)> = vec![(look, &trace)];
    shown.extend(of_rooms.into_iter().filter(|_| rooms));
    panels(results, title, "5 % to 95 % of the replications", &shown)
}

/// What a panel is called, what its axis counts, and what is said where that is zero throughout.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) heading: &'static str,
    pub(super) unit: &'static str,
    pub(super) nothing: &'static str,
}

/// Makes the curve of a policy.
pub(super) type Draw<'a> = &'a dyn Fn(&Columns) -> Trace;

/// A page with panels one below the other, over the same clock, that have a curve for each policy.
pub(super) fn panels(results: &Results, title: &str, band_means: &str, shown: &[(Look, Draw<'_>)]) -> Picture {
    let ids: Vec<usize> = results.policies.iter().map(|policy| policy.policy).collect();
    let mut panels: Vec<Panel> = shown.iter().map(|(look, trace)| panel_of(results, *look, trace)).collect();
    if let Some(last) = panels.last_mut() {
        last.strips = strips::strips(&results.study, &ids, None, Saying::Both);
        last.foot = strips::height(&last.strips);
    }
    let mut legend = page::policy_entries(results);
    let has_band = |curve: &&Curve| curve.band && curve.trace.band.iter().any(|(_, low, high)| high > low);
    if let Some(curve) = panels.iter().flat_map(|panel| &panel.curves).find(has_band) {
        legend.push(Entry::new(Sample::Shade(curve.style.ink.alpha(BAND)), band_means));
    }
    legend.extend(page::strip_entries(panels.iter().any(|panel| !panel.strips.is_empty())));
    legend.extend(page::shade_entries(results));
    let (mut picture, top) = page::start(results, title, "", &legend);
    let feet: f64 = panels.iter().map(|panel| panel.foot).sum();
    let count = panels.len().max(1) as f64;
    let free = (page::HEIGHT - top - feet - page::GAP) / count - page::GAP;
    let height = free.max(if panels.len() > 1 { 240.0 } else { 320.0 });
    let heights: Vec<f64> = panels.iter().map(|panel| height + panel.foot).collect();
    for ((cell, panel), (look, _)) in page::stack(&mut picture, top, &heights).into_iter().zip(&panels).zip(shown) {
        panel::draw(&mut picture, &results.study, cell, panel);
        let traces = || panel.curves.iter().map(|curve| &curve.trace);
        if traces().any(|trace| !trace.is_empty()) && traces().all(|trace| trace.highest() == 0.0) {
            let middle = (cell.left.midpoint(cell.right), (cell.top + cell.bottom - panel.foot) / 2.0);
            picture.text(middle, look.nothing, words(12.0, GREY, Anchor::Middle));
        }
    }
    picture
}

fn panel_of(results: &Results, look: Look, trace: Draw<'_>) -> Panel {
    let curve = |(place, policy): (usize, &crate::experiment::PolicyResult)| Curve {
        style: Style::of(place),
        trace: trace(&policy.series.total),
        marks: true,
        band: results.policies.len() <= MOST_BANDS,
    };
    Panel {
        heading: look.heading.to_owned(),
        unit: look.unit,
        curves: results.policies.iter().enumerate().map(curve).collect(),
        strips: Vec::new(),
        published: Vec::new(),
        log: None,
        top: None,
        foot: 0.0,
    }
}

/// Counts as a rate, with the lowest and highest bin as its band.
pub(super) fn rate_trace(results: &Results, counts: &[f64], unit: f64, points: usize) -> Trace {
    let model = &results.study.model;
    Trace::of_level(model, &rates(model, counts, unit), &[], &[], points)
}
