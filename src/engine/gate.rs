//! The gate: what the rules of a policy answer to one who wants to enter.

use crate::model::{AppliesTo, Class, Intervals, Policy, Rule, WindowsRule};
use crate::random::{Draw, Key, Purpose};
use crate::time::Time;

/// The gate's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Come in.
    Admitted,
    /// Closed until then; [`Time::NEVER`] when it does not open again.
    Closed(Time),
}

/// The rules of one policy, by class.
#[derive(Debug)]
pub(super) struct Gate<'m> {
    classes: Vec<ClassGate<'m>>,
}

/// The windows that name a class.
#[derive(Debug)]
struct ClassGate<'m> {
    class: usize,
    windows: Vec<&'m WindowsRule>,
    asks_sessions: bool,
    asks_requests: bool,
    has_cohorts: bool,
}

impl<'m> Gate<'m> {
    pub(super) fn new(policy: &'m Policy, classes: &[Class]) -> Gate<'m> {
        let gate = |class: usize| {
            let rules = policy.rules.iter().map(|Rule::Windows(rule)| rule);
            let windows: Vec<&WindowsRule> = rules.filter(|rule| !rule.classes[class].is_empty()).collect();
            let asks = |what| windows.iter().any(|rule| rule.applies_to == what);
            ClassGate {
                class,
                asks_sessions: asks(AppliesTo::Sessions),
                asks_requests: asks(AppliesTo::Requests),
                has_cohorts: windows.iter().any(|rule| rule.classes[class].len() > 1),
                windows,
            }
        };
        Gate { classes: (0..classes.len()).map(gate).collect() }
    }

    /// Whether applicant `number` of `class` may begin a session, or send a request, now. Closed: the next moment at
    /// which every rule is open to them.
    #[inline]
    pub(super) fn ask(&self, what: AppliesTo, class: u16, key: &Key, number: u32, now: Time) -> Verdict {
        let gate = &self.classes[usize::from(class)];
        let asks = match what {
            AppliesTo::Sessions => gate.asks_sessions,
            AppliesTo::Requests => gate.asks_requests,
        };
        if asks { gate.answer(what, key, number, now) } else { Verdict::Admitted }
    }
}

impl ClassGate<'_> {
    fn answer(&self, what: AppliesTo, key: &Key, number: u32, now: Time) -> Verdict {
        let personal = if self.has_cohorts { key.uniform(Purpose::Cohort, u64::from(number), Draw::default()) } else { 0.0 };
        let open = |rule: &&WindowsRule| rule.open(self.class, personal).is_none_or(|open| open.contains(now));
        if self.windows.iter().filter(|rule| rule.applies_to == what).all(open) {
            return Verdict::Admitted;
        }
        let windows = self.windows.iter().filter_map(|rule| rule.open(self.class, personal));
        Verdict::Closed(next_open(windows, now))
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
