//! Strips below a time axis that show when a class may enter under a policy.

use super::font::text_width;
use super::palette::{BLACK, OPEN, SHUT, words};
use super::picture::{Anchor, Picture, fitted};
use crate::model::{Intervals, Rule, Study, WindowsRule};
use crate::report::summary::name;
use crate::time::Time;

/// Height of a strip with the gap below it.
const PITCH: f64 = 13.0;
/// More strips than these are not drawn.
const MOST: usize = 8;
const LETTERS: f64 = 10.5;

/// When some classes may enter.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Strip {
    pub(super) label: String,
    pub(super) open: Intervals,
}

/// What the labels of strips have to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Saying {
    /// The policy and the class.
    Both,
    /// The class: the policy is known from the panel.
    Class,
    /// The policy: the class is known from the panel.
    Policy,
}

/// The strips of some policies and of all classes or some; classes alike under a policy share a strip, and one that
/// may always enter has none.
pub(super) fn strips(study: &Study, policies: &[usize], classes: Option<&[usize]>, saying: Saying) -> Vec<Strip> {
    let mut strips = Vec::new();
    for policy in policies {
        for (open, names) in windows(study, *policy, classes) {
            let policy_name = name(&study.names.policies, *policy);
            let label = match saying {
                Saying::Both => format!("{policy_name}: {}", names.join(", ")),
                Saying::Class => names.join(", "),
                Saying::Policy => policy_name,
            };
            strips.push(Strip { label, open });
        }
    }
    if strips.len() > MOST {
        let more = strips.len() - (MOST - 1);
        strips.truncate(MOST - 1);
        strips.push(Strip { label: format!("… and {more} more"), open: Intervals::default() });
    }
    strips
}

/// The opening times of a policy, each with the names of those whom it concerns.
fn windows(study: &Study, policy: usize, classes: Option<&[usize]>) -> Vec<(Intervals, Vec<String>)> {
    let Some(policy) = study.model.policies.get(policy) else { return Vec::new() };
    let rules: Vec<&WindowsRule> = policy.rules.iter().map(|Rule::Windows(rule)| rule).collect();
    let mut windows: Vec<(Intervals, Vec<String>)> = Vec::new();
    for class in 0..study.model.classes.len() {
        if classes.is_some_and(|wanted| !wanted.contains(&class)) {
            continue;
        }
        let parts = cohorts(&rules, class);
        for (number, personal) in parts.iter().enumerate() {
            let Some(open) = open_times(&rules, class, *personal, study.model.end) else { continue };
            let class_name = name(&study.names.classes, class);
            let who = if parts.len() > 1 { format!("{class_name} {}/{}", number + 1, parts.len()) } else { class_name };
            match windows.iter_mut().find(|(known, _)| *known == open) {
                Some((_, names)) => names.push(who),
                None => windows.push((open, vec![who])),
            }
        }
    }
    windows
}

/// A personal key within each cohort of a class that the rules tell apart.
fn cohorts(rules: &[&WindowsRule], class: usize) -> Vec<f64> {
    let of_rule = |rule: &&WindowsRule| rule.classes.get(class).cloned().unwrap_or_default();
    let mut ends: Vec<f64> = rules.iter().flat_map(of_rule).map(|cohort| cohort.below).filter(|below| *below < 1.0).collect();
    ends.push(1.0);
    ends.sort_by(f64::total_cmp);
    ends.dedup();
    let starts = std::iter::once(0.0).chain(ends.iter().copied());
    starts.zip(&ends).map(|(start, end)| start.midpoint(*end)).collect()
}

/// When all rules let one enter; `None`: always.
fn open_times(rules: &[&WindowsRule], class: usize, personal: f64, end: Time) -> Option<Intervals> {
    let whole = Intervals::new(vec![(Time::ZERO, end)]);
    let named = rules.iter().filter(|rule| rule.classes.get(class).is_some_and(|cohorts| !cohorts.is_empty()));
    let all = named.filter_map(|rule| rule.open(class, personal)).fold(whole.clone(), |all, open| both(&all, open));
    (all != whole).then_some(all)
}

/// The times that lie in both.
fn both(one: &Intervals, other: &Intervals) -> Intervals {
    let (one, other) = (one.pieces(), other.pieces());
    let (mut i, mut j) = (0, 0);
    let mut pieces = Vec::new();
    while let (Some(a), Some(b)) = (one.get(i), other.get(j)) {
        pieces.push((a.0.max(b.0), a.1.min(b.1)));
        if a.1 <= b.1 { i += 1 } else { j += 1 }
    }
    Intervals::new(pieces)
}

/// Height that strips take.
pub(super) fn height(strips: &[Strip]) -> f64 {
    if strips.is_empty() { 0.0 } else { strips.len() as f64 * PITCH + 5.0 }
}

/// Room that the labels of strips want at the left, at most 260.
pub(super) fn label_room(strips: &[Strip]) -> f64 {
    strips.iter().map(|strip| text_width(&strip.label, LETTERS, false) + 12.0).fold(0.0, f64::max).min(260.0)
}

/// Draws the strips below `top`, on the frame from `left` to `right`; `at` maps times to places.
pub(super) fn draw(
    picture: &mut Picture,
    strips: &[Strip],
    (left, right): (f64, f64),
    top: f64,
    room: f64,
    at: &dyn Fn(Time) -> f64,
) {
    for (row, strip) in strips.iter().enumerate() {
        let y = top + 5.0 + row as f64 * PITCH;
        let label = fitted(&strip.label, LETTERS, false, room - 10.0);
        picture.text((left - 7.0, y + 8.5), &label, words(LETTERS, BLACK, Anchor::End));
        if strip.label.starts_with('…') {
            continue;
        }
        picture.block((left, y + 3.0), (right, y + 6.5), SHUT);
        for (from, to) in strip.open.pieces() {
            picture.block((at(*from), y), (at(*to).max(at(*from) + 0.7), y + 9.5), OPEN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn classes_alike_share_a_strip_and_open_access_has_none() {
        let study = testdata::two_days().study;
        let all = strips(&study, &[0, 1, 2], None, Saying::Both);
        let labels: Vec<&str> = all.iter().map(|strip| strip.label.as_str()).collect();
        assert_eq!(labels, ["time-split: citizens, self-employed", "time-split: patronati, labour consultants"]);
        assert_eq!(strips(&study, &[1], Some(&[2]), Saying::Policy)[0].label, "time-split");
        assert!(strips(&study, &[1], Some(&[4]), Saying::Policy).is_empty());
    }

    #[test]
    fn rules_combine_by_and() {
        let pieces = |list: &[(u64, u64)]| Intervals::new(list.iter().map(|(a, b)| (Time(*a), Time(*b))).collect());
        assert_eq!(both(&pieces(&[(0, 10), (20, 30)]), &pieces(&[(5, 22), (29, 40)])), pieces(&[(5, 10), (20, 22), (29, 30)]));
    }
}
