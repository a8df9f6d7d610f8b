//! Windows: who of a class may enter when, as groups of people alike.

use super::grid::Grid;
use crate::model::{AppliesTo, Intervals, Policy, PolicyRule, WindowsRule};
use crate::time::Time;

/// The people of a class whom the windows of a policy treat alike.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Gate {
    /// Their share of the class.
    pub(super) share: f64,
    rules: Vec<Window>,
}

#[derive(Debug, Clone, PartialEq)]
struct Window {
    what: AppliesTo,
    advice: bool,
    open: Intervals,
}

impl Gate {
    /// The groups of a class: one for every piece of the personal keys and of the draws on advice that the rules tell apart.
    pub(super) fn of(policy: &Policy, class: usize) -> Vec<Gate> {
        let rules: Vec<&WindowsRule> = policy.windows().filter(|rule| rule.concerns(class)).collect();
        let keys = edges(rules.iter().flat_map(|rule| rule.classes[class].iter().map(|cohort| cohort.below)));
        let heeds = edges(rules.iter().map(|rule| rule.follow));
        let mut gates = Vec::new();
        for key in keys.windows(2) {
            for heed in heeds.windows(2) {
                let held = rules.iter().filter(|rule| heed[0] < rule.follow);
                let window = |rule: &&WindowsRule| {
                    let open = rule.open(class, key[0])?.clone();
                    Some(Window { what: rule.applies_to, advice: rule.follow < 1.0, open })
                };
                gates.push(Gate { share: (key[1] - key[0]) * (heed[1] - heed[0]), rules: held.filter_map(window).collect() });
            }
        }
        gates
    }

    /// Whether nobody is ever kept out.
    pub(super) fn lets_all_in(&self) -> bool {
        self.rules.is_empty()
    }

    /// Whether it is shut to sessions or requests at an instant; whether by advice alone.
    pub(super) fn shut(&self, what: AppliesTo, at: Time) -> Option<bool> {
        let mut shut = self.rules.iter().filter(|rule| rule.what == what && !rule.open.contains(at)).peekable();
        shut.peek()?;
        Some(shut.all(|rule| rule.advice))
    }

    /// The first cell in which it is shut to anything, and the first after the last one; `None` where it never is.
    pub(super) fn shut_between(&self, grid: &Grid) -> Option<(usize, usize)> {
        let mut shut = (0..grid.cells).filter(|cell| !self.is_open(grid.middle(*cell)));
        let first = shut.next()?;
        Some((first, shut.next_back().unwrap_or(first) + 1))
    }

    /// Whether all rules let in at an instant.
    pub(super) fn is_open(&self, at: Time) -> bool {
        self.rules.iter().all(|rule| rule.open.contains(at))
    }
}

/// 0, the given numbers between, and 1, in order.
fn edges(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut edges: Vec<f64> = numbers.filter(|number| *number > 0.0 && *number < 1.0).chain([0.0, 1.0]).collect();
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    edges
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cohort, Rule};

    #[test]
    fn groups_are_cohorts_and_heeders() {
        let open = |from, to| Intervals::new(vec![(Time(from), Time(to))]);
        let cohort = |below, open| Cohort { name: String::new(), below, open };
        let rule =
            |follow, cohorts| Rule::Windows(WindowsRule { applies_to: AppliesTo::Sessions, follow, classes: vec![cohorts] });
        let policy = Policy {
            rules: vec![
                rule(1.0, vec![cohort(0.25, open(0, 10)), cohort(1.0, open(10, 20))]),
                rule(0.5, vec![cohort(1.0, open(5, 30))]),
            ],
            stations: Vec::new(),
        };
        let gates = Gate::of(&policy, 0);
        assert_eq!(gates.iter().map(|gate| gate.share).collect::<Vec<_>>(), [0.125, 0.125, 0.375, 0.375]);
        assert!(!gates[0].is_open(Time(4)) && gates[1].is_open(Time(4)), "only those who heed advice");
        assert_eq!(gates[0].shut(AppliesTo::Sessions, Time(4)), Some(true));
        assert_eq!(gates[0].shut(AppliesTo::Sessions, Time(12)), Some(false));
        assert_eq!(gates[0].shut(AppliesTo::Requests, Time(12)), None);
        assert!(Gate::of(&Policy::default(), 0)[0].lets_all_in());
    }
}
