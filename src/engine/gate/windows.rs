//! What windows answer.

use crate::model::{AppliesTo, Intervals, Policy, PolicyRule, WindowsRule};
use crate::random::{Draw, Key, Purpose};
use crate::time::Time;

/// The answer of windows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Verdict {
    /// Come in.
    Admitted,
    /// Closed until then; [`Time::NEVER`] when it does not open again.
    Closed {
        /// The next moment at which all are open.
        until: Time,
        /// Nobody shuts the gate: the applicant heeds advice.
        advice: bool,
    },
}

/// The windows that name a class.
#[derive(Debug)]
pub(super) struct ClassWindows<'m> {
    class: usize,
    rules: Vec<&'m WindowsRule>,
    has_cohorts: bool,
    has_advice: bool,
}

impl<'m> ClassWindows<'m> {
    pub(super) fn new(policy: &'m Policy, class: usize) -> ClassWindows<'m> {
        let rules: Vec<&WindowsRule> = policy.windows().filter(|rule| rule.concerns(class)).collect();
        ClassWindows {
            class,
            has_cohorts: rules.iter().any(|rule| rule.classes[class].len() > 1),
            has_advice: rules.iter().any(|rule| rule.follow < 1.0),
            rules,
        }
    }

    pub(super) fn ask(&self, what: AppliesTo) -> bool {
        self.rules.iter().any(|rule| rule.applies_to == what)
    }

    /// Whether applicant `number` may begin a session, or send a request, now.
    pub(super) fn answer(&self, what: AppliesTo, key: &Key, number: u32, now: Time) -> Verdict {
        let draw = |purpose| key.uniform(purpose, u64::from(number), Draw::default());
        let personal = if self.has_cohorts { draw(Purpose::Cohort) } else { 0.0 };
        let heeds = if self.has_advice { draw(Purpose::Follow) } else { 0.0 };
        let rules = || self.rules.iter().filter(|rule| heeds < rule.follow);
        let shut = |rule: &&&WindowsRule| rule.open(self.class, personal).is_some_and(|open| !open.contains(now));
        let mut shut = rules().filter(|rule| rule.applies_to == what).filter(shut).peekable();
        if shut.peek().is_none() {
            return Verdict::Admitted;
        }
        let advice = shut.all(|rule| rule.follow < 1.0);
        let windows = rules().filter_map(|rule| rule.open(self.class, personal));
        Verdict::Closed { until: next_open(windows, now), advice }
    }
}

/// The first moment from `now` on at which all are open; [`Time::NEVER`] when there is none.
fn next_open<'i>(windows: impl Iterator<Item = &'i Intervals> + Clone, now: Time) -> Time {
    let mut opens = now;
    loop {
        let before = opens;
        for open in windows.clone() {
            match open.next_open(opens) {
                Some(next) => opens = next,
                None => return Time::NEVER,
            }
        }
        if opens == before {
            return opens;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_combine_by_and() {
        let open = |pieces: &[(u64, u64)]| Intervals::new(pieces.iter().map(|(from, to)| (Time(*from), Time(*to))).collect());
        let (a, b) = (open(&[(0, 10), (20, 30)]), open(&[(12, 25), (40, 50)]));
        let both = || [&a, &b].into_iter();
        assert_eq!(next_open(both(), Time(0)), Time(20));
        assert_eq!(next_open(both(), Time(22)), Time(22));
        assert_eq!(next_open(both(), Time(25)), Time::NEVER);
    }
}
