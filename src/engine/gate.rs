//! The gate: what the rules of a policy answer to one who wants to enter.

use crate::model::{AppliesTo, Class, Cohort, Intervals, Policy, Rule};
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

#[derive(Debug)]
struct ClassGate<'m> {
    windows: Vec<(AppliesTo, &'m [Cohort])>,
    asks: [bool; 2],
    has_cohorts: bool,
}

impl<'m> Gate<'m> {
    pub(super) fn new(policy: &'m Policy, classes: &[Class]) -> Gate<'m> {
        let gate = |class: usize| {
            let windows: Vec<(AppliesTo, &[Cohort])> = policy
                .rules
                .iter()
                .map(|Rule::Windows(rule)| (rule.applies_to, rule.classes[class].as_slice()))
                .filter(|(_, cohorts)| !cohorts.is_empty())
                .collect();
            let asks = [AppliesTo::Sessions, AppliesTo::Requests].map(|when| windows.iter().any(|(at, _)| *at == when));
            let has_cohorts = windows.iter().any(|(_, cohorts)| cohorts.len() > 1);
            ClassGate { windows, asks, has_cohorts }
        };
        Gate { classes: (0..classes.len()).map(gate).collect() }
    }

    /// Whether applicant `number` of `class` may do `what` now. Closed: the next moment at which every rule is open.
    #[inline]
    pub(super) fn ask(&self, what: AppliesTo, class: u16, key: &Key, number: u32, now: Time) -> Verdict {
        let gate = &self.classes[usize::from(class)];
        if !gate.asks[what as usize] {
            return Verdict::Admitted;
        }
        gate.answer(what, key, number, now)
    }
}

impl ClassGate<'_> {
    fn answer(&self, what: AppliesTo, key: &Key, number: u32, now: Time) -> Verdict {
        let personal = if self.has_cohorts { key.uniform(Purpose::Cohort, u64::from(number), Draw::default()) } else { 0.0 };
        let mut asked = self.windows.iter().filter(|(at, _)| *at == what);
        if asked.all(|(_, cohorts)| mine(cohorts, personal).contains(now)) {
            return Verdict::Admitted;
        }
        let mut opens = now;
        loop {
            let before = opens;
            for (_, cohorts) in &self.windows {
                match mine(cohorts, personal).next_open(opens) {
                    Some(next) => opens = next,
                    None => return Verdict::Closed(Time::NEVER),
                }
            }
            if opens == before {
                return Verdict::Closed(opens);
            }
        }
    }
}

/// The opening times of the cohort that holds the personal key.
fn mine(cohorts: &[Cohort], personal: f64) -> &Intervals {
    let last = cohorts.len() - 1;
    let index = cohorts[..last].iter().position(|cohort| personal < cohort.below).unwrap_or(last);
    &cohorts[index].open
}
