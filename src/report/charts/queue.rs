//! Queue length over the clock, by policy.

use super::page;
use super::palette::{BAND, Style};
use super::panel::{self, Curve, Panel};
use super::picture::Picture;
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
    one_panel(results, title, "requests waiting, all stations together", "5 % to 95 % of the replications", trace)
}

/// A page with one panel that has a curve for each policy.
pub(super) fn one_panel(
    results: &Results,
    title: &str,
    unit: &'static str,
    band_means: &str,
    trace: impl Fn(&Columns) -> Trace,
) -> Picture {
    let ids: Vec<usize> = results.policies.iter().map(|policy| policy.policy).collect();
    let strips = strips::strips(&results.study, &ids, None, Saying::Both);
    let curve = |(place, policy): (usize, &crate::experiment::PolicyResult)| Curve {
        style: Style::of(place),
        trace: trace(&policy.series.total),
        marks: true,
        band: results.policies.len() <= MOST_BANDS,
    };
    let curves: Vec<Curve> = results.policies.iter().enumerate().map(curve).collect();
    let mut legend = page::policy_entries(results);
    let has_band = |curve: &Curve| curve.band && curve.trace.band.iter().any(|(_, low, high)| high > low);
    if let Some(curve) = curves.iter().find(|curve| has_band(curve)) {
        legend.push(Entry::new(Sample::Shade(curve.style.ink.alpha(BAND)), band_means));
    }
    legend.extend(page::strip_entries(!strips.is_empty()));
    legend.extend(page::outage_entries(results));
    let (mut picture, top) = page::start(results, title, "", &legend);
    let foot = strips::height(&strips);
    let panel = Panel { heading: String::new(), unit, curves, strips, published: Vec::new(), log: None, top: None, foot };
    for cell in page::cells(&mut picture, 1, 1, top, 320.0) {
        panel::draw(&mut picture, &results.study, cell, &panel);
    }
    picture
}

/// Counts as a rate, with the lowest and highest bin as its band.
pub(super) fn rate_trace(results: &Results, counts: &[f64], unit: f64, points: usize) -> Trace {
    let model = &results.study.model;
    Trace::of_level(model, &rates(model, counts, unit), &[], &[], points)
}
