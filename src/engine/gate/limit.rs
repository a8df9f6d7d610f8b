//! A limit on the rate of requests.
//!
//! A bucket of tokens is kept as one moment, that at which it would be full again (the virtual scheduling algorithm of ITU-T
//! I.371): exact, and nothing has to be done while no request comes.

use super::super::run::Run;
use super::super::snapshot::state;
use crate::model::{AppliesTo, Bucket, PolicyRule, RateLimitRule};
use crate::random::{Draw, Purpose};
use crate::time::{Span, Time};

/// A limit in the course of a run.
#[derive(Debug)]
pub(in super::super) struct Limit<'m> {
    rule: &'m RateLimitRule,
    /// Nanoseconds from token to token.
    token: Span,
    /// What all tokens of a bucket but one take to drop in.
    spare: Span,
    /// By bucket: when it would be full again.
    full_at: Vec<Time>,
    /// By bucket: requests that it let through in all.
    passed: Vec<u64>,
    pub(in super::super) tally: LimitTally,
}

state!(Limit {
    values: full_at passed tally;
    parts:;
    part:;
    of_model: rule token spare;
});

/// Counts since `measure_from`.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(in super::super) struct LimitTally {
    /// Requests let through.
    pub(in super::super) passed: u64,
    /// Requests refused.
    pub(in super::super) refused: u64,
}

impl<'m> Limit<'m> {
    pub(super) fn new(rule: &'m RateLimitRule, classes: usize) -> Limit<'m> {
        let token = 60e9 / rule.per_minute;
        let buckets = match rule.per {
            Bucket::All => 1,
            Bucket::Class => classes,
            Bucket::Applicant => 0,
        };
        Limit {
            rule,
            token: Span::from_nanos(token),
            spare: Span::from_nanos(token * (rule.burst - 1.0)),
            full_at: vec![Time::ZERO; buckets],
            passed: vec![0; buckets],
            tally: LimitTally::default(),
        }
    }

    pub(super) fn is_personal(&self) -> bool {
        self.rule.per == Bucket::Applicant
    }

    /// A newcomer's bucket is full.
    pub(super) fn newcomer(&mut self, slot: u32) {
        let slot = slot as usize;
        if slot >= self.full_at.len() {
            self.full_at.resize(slot + 1, Time::ZERO);
            self.passed.resize(slot + 1, 0);
        }
        (self.full_at[slot], self.passed[slot]) = (Time::ZERO, 0);
    }

    /// Lets more through than there were tokens.
    #[cfg(test)]
    pub(in super::super) fn overspend(&mut self) {
        self.passed[0] += 1_000_000_000;
    }

    /// Takes a token; the time until there is one where there is none.
    fn take(&mut self, bucket: usize, now: Time) -> Result<(), Span> {
        let full_at = self.full_at[bucket];
        if full_at > now + self.spare {
            return Err(full_at.since(now + self.spare));
        }
        self.full_at[bucket] = full_at.max(now) + self.token;
        self.passed[bucket] += 1;
        self.tally.passed += 1;
        Ok(())
    }

    /// By how many nanoseconds buckets let more through than the tokens that there were: by none.
    pub(in super::super) fn excess(&self, now: Time) -> u128 {
        let most = u128::from(now.0) + u128::from(self.spare.0) + u128::from(self.token.0);
        let excess = |passed: &u64| (u128::from(*passed) * u128::from(self.token.0)).saturating_sub(most);
        self.passed.iter().map(excess).sum()
    }
}

const SECOND: u64 = 1_000_000_000;

impl Run<'_> {
    /// Whether all limits let a request through; if not, it is refused, and the client goes its way.
    pub(super) fn ask_limits(&mut self, slot: u32) -> bool {
        let person = &self.people[slot];
        let (class, number, step) = (person.class, u64::from(person.number), person.step);
        for index in 0..self.gate.limits.len() {
            let limit = &mut self.gate.limits[index];
            let meant = limit.rule.concerns(usize::from(class));
            if !meant || (limit.rule.applies_to == AppliesTo::Sessions && step > 0) {
                continue;
            }
            let bucket = match limit.rule.per {
                Bucket::All => 0,
                Bucket::Class => usize::from(class),
                Bucket::Applicant => slot as usize,
            };
            let Err(until) = limit.take(bucket, self.now) else { continue };
            limit.tally.refused += 1;
            let says = limit.rule.retry_after.unwrap_or(Span(until.0.div_ceil(SECOND).saturating_mul(SECOND)));
            let respected = limit.rule.respected;
            let tally = &mut self.recorder.class(class).tally;
            tally.requests += 1;
            tally.refused += 1;
            tally.retries += u64::from(self.people[slot].attempt > 0);
            let heeds =
                respected > 0.0 && self.keys[usize::from(class)].uniform(Purpose::Respect, number, Draw::default()) < respected;
            self.fail_for(slot, heeds.then_some(says));
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Three at once, and one a second.
    fn one_a_second() -> RateLimitRule {
        RateLimitRule {
            classes: vec![true],
            applies_to: AppliesTo::Requests,
            per: Bucket::All,
            per_minute: 60.0,
            burst: 3.0,
            retry_after: None,
            respected: 0.0,
        }
    }

    #[test]
    fn a_bucket_holds_its_burst_and_fills_at_its_rate() {
        let rule = one_a_second();
        let mut limit = Limit::new(&rule, 1);
        let mut take = |seconds: f64| limit.take(0, Time((seconds * 1e9) as u64));
        assert_eq!([take(10.0), take(10.0), take(10.0)], [Ok(()); 3]);
        assert_eq!(take(10.25), Err(Span(750_000_000)));
        assert_eq!((take(11.0), take(11.5)), (Ok(()), Err(Span(500_000_000))));
        assert_eq!([take(100.0), take(100.0), take(100.0)], [Ok(()); 3]);
        assert!(take(100.5).is_err());
    }

    #[test]
    fn every_token_taken_is_counted() {
        let rule = one_a_second();
        let mut limit = Limit::new(&rule, 1);
        let taken: Vec<bool> = (0..5).map(|_| limit.take(0, Time(SECOND)).is_ok()).collect();
        assert_eq!(taken, [true, true, true, false, false]);
        assert_eq!((limit.tally.passed, limit.passed[0]), (3, 3));
        assert!(limit.take(0, Time(2 * SECOND)).is_ok());
        // Of four tokens a full bucket and those that dropped in pay for.
        assert_eq!((limit.excess(Time(SECOND)), limit.excess(Time::ZERO)), (0, u128::from(SECOND)));
    }
}
