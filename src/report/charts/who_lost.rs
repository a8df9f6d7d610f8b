//! Of those who came in an hour, the share that got through within some hours and by the end: a row of panels a class, a
//! curve a policy.

use super::page::{self, MOST_PANELS};
use super::palette::Style;
use super::panel::{self, Curve, Panel};
use super::picture::Picture;
use super::strips::{self, Saying};
use super::trace::Trace;
use crate::experiment::{Hour, PolicyResult, Results};
use crate::report::summary::name;

/// Most points of a curve.
const POINTS: usize = 150;
/// Least height of a panel without its strips.
const LEAST: f64 = 170.0;
/// Points of which fewer people came, in the mean over replications, are left out.
const FEWEST: f64 = 20.0;

/// What a column of panels shows.
type Measure = (&'static str, fn(&Hour) -> Option<f64>);

const WITHIN_ONE: Measure = ("% of those who came in that hour were done within 1 h", |h| h.done_within(0));
const WITHIN_FOUR: Measure = ("% of those who came in that hour were done within 4 h", |h| h.done_within(1));
const BY_THE_END: Measure = ("% of those who came in that hour were done by the end", |h| h.share(h.completed));

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let measures = measures(results);
    let classes = results.study.names.classes.len();
    // One class alone is the total.
    let mut scopes: Vec<Option<usize>> = std::iter::once(None).chain((0..classes).map(Some)).collect();
    scopes.truncate(if classes == 1 { 1 } else { MOST_PANELS / 2 });
    let mut panels: Vec<Panel> = Vec::new();
    for scope in &scopes {
        panels.extend(measures.iter().map(|measure| panel_of(results, *scope, measure)));
    }
    let strips = panel::level(&mut panels);
    let mut legend = page::policy_entries(results);
    legend.extend(page::strip_entries(panels.iter().any(|panel| !panel.strips.is_empty())));
    legend.extend(page::shade_entries(results));
    let mut note = format!("by the hour of intended arrival, where at least {FEWEST} came");
    if scopes.len() < classes {
        note += "; the first classes only";
    }
    let (mut picture, top) = page::start(results, title, &note, &legend);
    let cells = page::cells(&mut picture, panels.len(), measures.len(), top, LEAST + strips);
    for (cell, panel) in cells.into_iter().zip(&panels) {
        panel::draw(&mut picture, &results.study, cell, panel);
    }
    picture
}

/// By the end, and within the longest time that leaves anybody to look at.
fn measures(results: &Results) -> Vec<Measure> {
    let anybody = |i: usize| results.policies.iter().any(|p| p.by_arrival.total.iter().any(|hour| hour.had_time[i] > 0.0));
    let within = if anybody(1) { Some(WITHIN_FOUR) } else { anybody(0).then_some(WITHIN_ONE) };
    within.into_iter().chain([BY_THE_END]).collect()
}

fn panel_of(results: &Results, scope: Option<usize>, (unit, measure): &Measure) -> Panel {
    let study = &results.study;
    let hours = |policy: &PolicyResult| match scope {
        None => policy.by_arrival.total.clone(),
        Some(class) => policy.by_arrival.classes.get(class).cloned().unwrap_or_default(),
    };
    let curves = |(place, policy): (usize, &PolicyResult)| curves(results, &hours(policy), *measure, Style::of(place));
    let ids: Vec<usize> = results.policies.iter().map(|policy| policy.policy).collect();
    // Where all classes are together, their windows differ: the panels of the classes show them.
    let strips = scope.map_or_else(Vec::new, |class| strips::strips(study, &ids, Some(&[class]), Saying::Policy));
    Panel {
        heading: scope.map_or_else(|| "all classes".to_owned(), |class| name(&study.names.classes, class)),
        unit,
        curves: results.policies.iter().enumerate().flat_map(curves).collect(),
        strips,
        published: Vec::new(),
        log: None,
        top: Some(100.0),
        foot: 0.0,
    }
}

/// A curve through the middles of the hours, broken where too few came; so many hours together that the page can show
/// them.
fn curves(results: &Results, hours: &[Hour], measure: fn(&Hour) -> Option<f64>, style: Style) -> Vec<Curve> {
    let model = &results.study.model;
    let group = hours.len().div_ceil(POINTS).max(1);
    let mut pieces: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
    let mut width = 0.0;
    for (number, together) in hours.chunks(group).enumerate() {
        let all = together.iter().fold(Hour::default(), |all, hour| all.and(hour));
        let from = model.slot_bounds(number * group).0.seconds();
        let to = model.slot_bounds(number * group + together.len() - 1).1.seconds();
        width = f64::max(width, to - from);
        match measure(&all).filter(|share| share.is_finite() && all.arrived >= FEWEST) {
            Some(share) => pieces[..].last_mut().into_iter().for_each(|piece| piece.push((from.midpoint(to), share * 100.0))),
            None => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    for piece in &mut pieces {
        if let [(middle, share)] = piece[..] {
            *piece = vec![((middle - width / 2.0).max(0.0), share), ((middle + width / 2.0).min(model.end.seconds()), share)];
        }
    }
    let curve = |line| Curve { style, trace: Trace { line, band: Vec::new() }, marks: true, band: false };
    pieces.into_iter().map(curve).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn hours_in_which_few_came_break_the_curve() {
        let results = testdata::two_days();
        let hour = |arrived: f64| Hour { arrived, completed: arrived / 2.0, ..Hour::default() };
        let hours = [hour(100.0), hour(50.0), hour(3.0), hour(30.0)];
        let drawn = curves(&results, &hours, |h| h.share(h.completed), Style::of(0));
        let lines: Vec<_> = drawn.iter().map(|curve| curve.trace.line.clone()).collect();
        assert_eq!(lines, [vec![(1800.0, 50.0), (5400.0, 50.0)], vec![(10_800.0, 50.0), (14_400.0, 50.0)]]);
        assert_eq!(measures(&results).len(), 2);
        assert_eq!(measures(&testdata::nothing()).len(), 1);
        let long: Vec<Hour> = vec![hour(100.0); 10_000];
        assert!(
            curves(&testdata::twenty_days(), &long[..480], |h| h.share(h.completed), Style::of(0))[0].trace.line.len() <= POINTS
        );
    }
}
