//! Running totals of those who got through, a panel a class, with the published figures.

use super::page::{self, Entry, MOST_PANELS, Sample};
use super::palette::{BLACK, Mark, Style};
use super::panel::{self, Curve, Panel, Published};
use super::picture::Picture;
use super::strips::{self, Saying};
use super::trace::Trace;
use crate::experiment::{PolicyResult, Results};
use crate::model::{Metric, Moment};
use crate::report::summary::class_names;

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let mut scopes = scopes(results);
    let all = scopes.len();
    scopes.truncate(MOST_PANELS);
    let points = if scopes.len() > 1 { 260 } else { 520 };
    let mut panels: Vec<Panel> = scopes.iter().map(|classes| panel_of(results, classes, points)).collect();
    let room = panels.iter().map(|panel| panel::room_for(&panel.strips)).fold(0.0, f64::max).min(110.0);
    panels.iter_mut().for_each(|panel| panel.room = room);
    let mut legend = page::policy_entries(results);
    if panels.iter().any(|panel| !panel.published.is_empty()) {
        let look = Style { ink: BLACK, mark: Mark::Diamond, ..Style::of(0) };
        legend.push(Entry::new(Sample::Mark(look, false), "published figure, in the colour of its policy"));
    }
    legend.extend(page::strip_entries(panels.iter().any(|panel| !panel.strips.is_empty())));
    let note = if scopes.len() < all { "the first classes only" } else { "" };
    let (mut picture, top) = page::start(results, title, note, &legend);
    let most_strips = panels.iter().map(|panel| strips::height(&panel.strips)).fold(0.0, f64::max);
    for (cell, panel) in
        page::cells(&mut picture, panels.len(), page::columns(panels.len()), top, 210.0 + most_strips).into_iter().zip(&panels)
    {
        panel::draw(&mut picture, &results.study, cell, panel);
    }
    picture
}

/// The total (no class), each class, and the sums of classes for which a figure was published.
fn scopes(results: &Results) -> Vec<Vec<usize>> {
    let classes = results.study.names.classes.len();
    let mut scopes = vec![Vec::new()];
    if classes > 1 {
        scopes.extend((0..classes).map(|class| vec![class]));
    }
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
    // Where all classes are together, their windows differ: the panels of the classes show them.
    let strips = if classes.is_empty() { Vec::new() } else { strips::strips(study, &ids, Some(classes), Saying::Policy) };
    Panel {
        heading: class_names(study, classes).unwrap_or_else(|| "all classes".to_owned()),
        unit: "completed so far",
        curves: results.policies.iter().enumerate().map(curve).collect(),
        strips,
        published: published(results, classes),
        log: None,
        room: 0.0,
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
                Some(Published { at, value: observation.value, ink: Style::of(place).ink })
            }
            _ => None,
        }
    });
    figures.collect()
}
