//! Rules that the clients of a class keep: a budget of retries, and throttling.

use super::run::Run;
use super::snapshot::state;
use crate::model::{Policy, RetryBudgetRule, Rule, ThrottleRule};
use crate::random::{Draw, Key, Purpose};
use crate::time::Time;

/// What the clients of one class keep to.
#[derive(Debug, Default)]
pub(super) struct Manners<'m> {
    budget: Option<Budget<'m>>,
    throttle: Option<Throttle<'m>>,
}

/// Retries that may be made.
#[derive(Debug)]
struct Budget<'m> {
    rule: &'m RetryBudgetRule,
    left: f64,
}

/// Requests and answers of the last while: of this half of the window and of the one before.
#[derive(Debug)]
struct Throttle<'m> {
    rule: &'m ThrottleRule,
    requests: [u64; 2],
    answers: [u64; 2],
    /// When the present half began.
    from: Time,
}

state!(Manners {
    values:;
    parts: budget throttle;
    part:;
    of_model:;
});

state!(Budget {
    values: left;
    parts:;
    part:;
    of_model: rule;
});

state!(Throttle {
    values: requests answers from;
    parts:;
    part:;
    of_model: rule;
});

impl Throttle<'_> {
    fn turn(&mut self, now: Time) {
        let half = self.rule.window.0.div_ceil(2);
        let halves = now.since(self.from).0 / half;
        if halves > 0 {
            let before = |counts: [u64; 2]| if halves == 1 { [0, counts[0]] } else { [0, 0] };
            (self.requests, self.answers) = (before(self.requests), before(self.answers));
            self.from = Time(self.from.0 + halves * half);
        }
    }

    /// The share of requests to refuse (Beyer et al., *Site Reliability Engineering*, chapter 21).
    fn refuses(&self) -> f64 {
        let (requests, answers) = (self.requests.iter().sum::<u64>() as f64, self.answers.iter().sum::<u64>() as f64);
        ((requests - self.rule.k * answers) / (requests + 1.0)).max(0.0)
    }
}

impl<'m> Run<'m> {
    /// Has clients keep the rules of a policy.
    pub(super) fn set_up_manners(&mut self, policy: &'m Policy) {
        for rule in &policy.rules {
            let (Rule::RetryBudget(RetryBudgetRule { classes, .. }) | Rule::Throttle(ThrottleRule { classes, .. })) = rule else {
                continue;
            };
            self.manners.resize_with(classes.len(), Manners::default);
            for (manners, _) in self.manners.iter_mut().zip(classes).filter(|(_, meant)| **meant) {
                match rule {
                    Rule::RetryBudget(rule) => manners.budget = Some(Budget { rule, left: f64::from(rule.burst) }),
                    Rule::Throttle(rule) => {
                        manners.throttle = Some(Throttle { rule, requests: [0; 2], answers: [0; 2], from: Time::ZERO });
                    }
                    _ => {}
                }
            }
        }
    }

    /// Whether the client of a class may make one more retry, which is then taken from the budget.
    pub(super) fn may_retry(&mut self, class: u16) -> bool {
        let Some(budget) = self.manners.get_mut(usize::from(class)).and_then(|manners| manners.budget.as_mut()) else {
            return true;
        };
        let may = budget.left >= 1.0;
        budget.left -= f64::from(u8::from(may));
        may
    }

    /// Counts a request that a client wants to send; `false` where its program refuses it.
    pub(super) fn lets_send(&mut self, class: u16, number: u32, draw: Draw) -> bool {
        let now = self.now;
        let key: &Key = &self.keys[usize::from(class)];
        let Some(manners) = self.manners.get_mut(usize::from(class)) else { return true };
        if let Some(budget) = manners.budget.as_mut().filter(|_| draw.attempt == 0) {
            budget.left = (budget.left + budget.rule.ratio).min(f64::from(budget.rule.burst));
        }
        let Some(throttle) = manners.throttle.as_mut() else { return true };
        throttle.turn(now);
        let refuses = throttle.refuses();
        throttle.requests[0] += 1;
        refuses == 0.0 || key.uniform(Purpose::Throttle, u64::from(number), draw) >= refuses
    }

    /// Counts an answer.
    pub(super) fn note_answer(&mut self, class: u16) {
        let now = self.now;
        if let Some(throttle) = self.manners.get_mut(usize::from(class)).and_then(|manners| manners.throttle.as_mut()) {
            throttle.turn(now);
            throttle.answers[0] += 1;
        }
    }

    /// A request that is not sent: counted as one that a closed gate answered, and a failure to the person.
    pub(super) fn throttled(&mut self, slot: u32) {
        let person = &self.people[slot];
        let (class, retry) = (person.class, person.attempt > 0);
        let tally = &mut self.recorder.class(class).tally;
        tally.requests += 1;
        tally.retries += u64::from(retry);
        tally.closed += 1;
        self.fail(slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn a_client_that_keeps_back_counts_requests_and_answers_of_the_window() {
        let rule = ThrottleRule { classes: vec![true], k: 2.0, window: Span(10) };
        let mut throttle = Throttle { rule: &rule, requests: [0; 2], answers: [0; 2], from: Time::ZERO };
        assert_eq!(throttle.refuses(), 0.0);
        (throttle.requests, throttle.answers) = ([7, 2], [1, 2]);
        assert_eq!(throttle.refuses(), (9.0 - 2.0 * 3.0) / 10.0);
        throttle.turn(Time(4));
        assert_eq!((throttle.requests, throttle.from), ([7, 2], Time::ZERO), "the same half");
        // The next half: what was the present one is the one before.
        throttle.turn(Time(7));
        assert_eq!((throttle.requests, throttle.answers, throttle.from), ([0, 7], [0, 1], Time(5)));
        assert_eq!(throttle.refuses(), 5.0 / 8.0);
        // Answers to more than half of the requests: nothing is kept back.
        throttle.answers[0] = 5;
        assert_eq!(throttle.refuses(), 0.0);
        throttle.turn(Time(23));
        assert_eq!((throttle.requests, throttle.answers, throttle.from), ([0; 2], [0; 2], Time(20)), "two halves on");
    }
}
