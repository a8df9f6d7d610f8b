//! Strips below a time axis that show when a class may enter under a policy.

use super::font::text_width;
use super::palette::{BLACK, OPEN, SHUT, WHITE, words};
use super::picture::{Anchor, Picture, fitted};
use crate::experiment::{cohort_names, opening_times};
use crate::model::{Intervals, Study};
use crate::report::summary::name;
use crate::time::Time;

/// Height of a strip with its label and the gap below it.
const PITCH: f64 = 22.0;
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
    let mut windows: Vec<(Intervals, Vec<String>)> = Vec::new();
    for class in 0..study.model.classes.len() {
        if classes.is_some_and(|wanted| !wanted.contains(&class)) {
            continue;
        }
        let parts = opening_times(&study.model, policy, class);
        let cohorts = cohort_names(&study.model, policy, class);
        for (open, cohort) in parts.iter().zip(&cohorts) {
            let Some(open) = open else { continue };
            let class_name = name(&study.names.classes, class);
            let who = if cohort.is_empty() { class_name } else { format!("{class_name} ({cohort})") };
            match windows.iter_mut().find(|(known, _)| known == open) {
                Some((_, names)) => names.push(who),
                None => windows.push((open.clone(), vec![who])),
            }
        }
    }
    windows
}

/// Height that strips take.
pub(super) fn height(strips: &[Strip]) -> f64 {
    if strips.is_empty() { 0.0 } else { strips.len() as f64 * PITCH + 4.0 }
}

/// Draws the strips below `top`, each with its label above it, on the frame from `left` to `right`; `at` maps times
/// to places.
pub(super) fn draw(picture: &mut Picture, strips: &[Strip], (left, right): (f64, f64), top: f64, at: &dyn Fn(Time) -> f64) {
    for (row, strip) in strips.iter().enumerate() {
        let y = top + 2.0 + row as f64 * PITCH;
        let label = fitted(&strip.label, LETTERS, false, right - left);
        let width = text_width(&label, LETTERS, false);
        // The lines of the clock end at the words.
        picture.block((left - 0.5, y + 1.0), (left + width + 4.0, y + 12.5), WHITE);
        picture.text((left, y + 11.0), &label, words(LETTERS, BLACK, Anchor::Start));
        if strip.label.starts_with('…') {
            continue;
        }
        picture.block((left, y + 16.0), (right, y + 18.5), SHUT);
        for (from, to) in strip.open.pieces() {
            picture.block((at(*from), y + 14.0), (at(*to).max(at(*from) + 0.7), y + 20.5), OPEN);
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
}
