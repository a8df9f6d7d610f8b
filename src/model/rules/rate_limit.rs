//! A limit on the rate of requests: a bucket of tokens.

use super::{AppliesTo, PolicyRule};
use crate::time::Span;

/// A bucket of tokens; a request that finds none is refused at once.
#[derive(Debug, Clone)]
pub struct RateLimitRule {
    /// By class: whether it is limited.
    pub classes: Vec<bool>,
    /// Every request, or those of the first step only.
    pub applies_to: AppliesTo,
    /// Who shares a bucket.
    pub per: Bucket,
    /// Tokens that drop into a bucket a minute.
    pub per_minute: f64,
    /// Tokens that a bucket holds, at least 1.
    pub burst: f64,
    /// What a refusal says in `Retry-After`; `None`: whole seconds until a token is there.
    pub retry_after: Option<Span>,
    /// Share of people whose client waits so long before the next try.
    pub respected: f64,
}

/// Who shares a bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Everybody.
    All,
    /// The people of a class.
    Class,
    /// Nobody: each has one.
    Applicant,
}

impl PolicyRule for RateLimitRule {
    fn concerns(&self, class: usize) -> bool {
        self.classes.get(class).copied().unwrap_or(false)
    }

    fn scale_rates(&mut self, factor: f64) {
        if self.per != Bucket::Applicant {
            self.per_minute *= factor;
            self.burst = (self.burst * factor).max(1.0);
        }
    }
}
