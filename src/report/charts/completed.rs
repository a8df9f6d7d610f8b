//! Running totals of those who got through, a panel a class, with the published figures.

use super::page::{self, Entry, MOST_PANELS, Sample};
use super::palette::{BLACK, Mark, Style};
use super::panel::{self, Curve, Panel};
use super::picture::Picture;
use super::published::Published;
use super::strips::{self, Saying};
use super::trace::Trace;
use crate::experiment::{PolicyResult, Results};
use crate::model::{Metric, Moment};
use crate::report::summary::class_names;

/// Least height of a panel without its strips.
const LEAST: f64 = 210.0;
/// Height of the larger ones.
const LARGE: f64 = 270.0;

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let mut scopes = scopes(results);
    let all = scopes.len();
    scopes.truncate(MOST_PANELS);
    let points = if scopes.len() > 1 { 260 } else { 520 };
    let mut panels: Vec<Panel> = scopes.iter().map(|classes| panel_of(results, classes, points)).collect();
    // The total and the sum of which figures were published are larger.
    let large = if scopes.get(1).is_some_and(|classes| classes.len() > 1) { 2 } else { 0 };
    if large > 0 {
        let ids: Vec<usize> = results.policies.iter().map(|policy| policy.policy).collect();
        panels[0].strips = strips::strips(&results.study, &ids, None, Saying::Both);
    }
    let (first, others) = panels.split_at_mut(large);
    let (high, low) = (LARGE + panel::level(first), LEAST + panel::level(others));
    let mut legend = page::policy_entries(results);
    if panels.iter().any(|panel| !panel.published.is_empty()) {
        let look = Style { ink: BLACK, mark: Mark::Diamond, ..Style::of(0) };
        legend.push(Entry::new(Sample::Mark(look, false), "published figure with its tolerance, in the colour of its policy"));
    }
    legend.extend(page::strip_entries(panels.iter().any(|panel| !panel.strips.is_empty())));
    legend.extend(page::shade_entries(results));
    let note = if scopes.len() < all { "the first classes only" } else { "" };
    let (mut picture, top) = page::start(results, title, note, &legend);
    let cells = if large > 0 {
        let mut cells = page::grid(&mut picture, large, large, top, high);
        let below = top + high + page::GAP;
        cells.extend(page::grid(&mut picture, panels.len() - large, 3, below, low));
        cells
    } else {
        page::cells(&mut picture, panels.len(), page::columns(panels.len()), top, low)
    };
    for (cell, panel) in cells.into_iter().zip(&panels) {
        panel::draw(&mut picture, &results.study, cell, panel);
    }
    picture
}

/// The total (no class), the sums of classes of which a figure was published, and each class.
fn scopes(results: &Results) -> Vec<Vec<usize>> {
    let classes = results.study.names.classes.len();
    let mut scopes = vec![Vec::new()];
    for observed in &results.observations {
        let observation = &observed.observation;
        if observation.metric == Metric::Completed
            && matches!(observation.moment, Moment::At(_))
            && observation.classes.len() > 1
            && !scopes.contains(&observation.classes)
        {
            scopes.push(observation.classes.clone());
        }
    }
    if classes > 1 {
        scopes.extend((0..classes).map(|class| vec![class]));
    }
    scopes
}

fn panel_of(results: &Results, classes: &[usize], points: usize) -> Panel {
    let study = &results.study;
    let curve = |(place, policy): (usize, &PolicyResult)| Curve {
        style: Style::of(place),
        trace: Trace::of_total(&study.model, &completed(policy, classes), points),
        marks: true,
        band: false,
    };
    let ids: Vec<usize> = results.policies.iter().map(|policy| policy.policy).collect();
    let saying = if classes.len() > 1 { Saying::Both } else { Saying::Policy };
    // Where all classes are together, their windows differ: the panels of the classes show them.
    let strips = if classes.is_empty() { Vec::new() } else { strips::strips(study, &ids, Some(classes), saying) };
    Panel {
        heading: class_names(study, classes).unwrap_or_else(|| "all classes".to_owned()),
        unit: "completed so far",
        curves: results.policies.iter().enumerate().map(curve).collect(),
        strips,
        published: published(results, classes),
        log: None,
        top: None,
        foot: 0.0,
    }
}

/// Those of some classes who completed, bin by bin; no class is all of them.
fn completed(policy: &PolicyResult, classes: &[usize]) -> Vec<f64> {
    if classes.is_empty() {
        return policy.series.total.completed.clone();
    }
    let mut sum: Vec<f64> = Vec::new();
    for columns in classes.iter().filter_map(|class| policy.series.classes.get(*class)) {
        sum.resize(sum.len().max(columns.completed.len()), 0.0);
        sum.iter_mut().zip(&columns.completed).for_each(|(sum, value)| *sum += value);
    }
    sum
}

fn published(results: &Results, classes: &[usize]) -> Vec<Published> {
    let only = results.study.names.classes.len() == 1;
    let here = |shown: &[usize]| shown == classes || (only && classes.is_empty());
    let figures = results.observations.iter().filter_map(|observed| {
        let observation = &observed.observation;
        let place = results.policies.iter().position(|policy| policy.policy == observed.policy)?;
        match observation.moment {
            Moment::At(at) if observation.metric == Metric::Completed && here(&observation.classes) => {
                Some(Published { at, value: observation.value, tolerance: observation.tolerance, ink: Style::of(place).ink })
            }
            _ => None,
        }
    });
    figures.collect()
}
