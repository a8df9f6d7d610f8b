//! A limit on the rate of requests: a bucket of tokens.

use super::{WrittenRule, named_classes, whom};
use crate::model::{self, AppliesTo, Bucket, Study};
use crate::scenario::compile::Context;
use crate::scenario::explain::percent;
use crate::scenario::leaf::{Count, Positive, Share};
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::{record, words};
use crate::time::Span;

record! {
    /// A bucket of tokens. A request that finds none is refused at once, and costs no station anything.
    pub struct RateLimitRule, "a rate limit" {
        /// Whom it limits; absent: all classes.
        optional classes: List<String>,
        /// Every request, or with `sessions` those of the first step only.
        default applies_to: AppliesTo = "requests",
        /// Who shares a bucket.
        default per: Bucket = "all",
        /// Tokens that drop into a bucket a minute.
        required per_minute: Positive,
        /// Tokens that a bucket holds: so many requests may come at once.
        default burst: Count<1, 1_000_000_000> = 1,
        /// What a refusal says in `Retry-After`; absent: whole seconds until a token is there.
        optional retry_after: Span,
        /// Share of people whose client waits so long, in place of their own backoff.
        default respected: Share = 0,
    }
}

words! { Bucket, "Bucket", "Who shares a bucket." {
    "all" => Bucket::All, "Everybody whom the rule means.";
    "class" => Bucket::Class, "The people of a class.";
    "applicant" => Bucket::Applicant, "Nobody: each applicant has one.";
}}

impl WrittenRule for RateLimitRule {
    type Data = model::RateLimitRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::RateLimitRule> {
        let classes = named_classes(context, self.classes.as_ref(), check);
        if self.retry_after.is_some() && self.respected.0 == 0.0 {
            check.mistake_at("retry_after", "nobody heeds it, since `respected` is 0; give the share of those who do");
            return None;
        }
        Some(model::RateLimitRule {
            classes: classes?,
            applies_to: self.applies_to,
            per: self.per,
            per_minute: self.per_minute.0,
            burst: self.burst.0 as f64,
            retry_after: self.retry_after,
            respected: self.respected.0,
        })
    }

    fn explain(&self, data: &model::RateLimitRule, study: &Study) -> Vec<String> {
        let who = match data.per {
            Bucket::All => "together",
            Bucket::Class => "each class together",
            Bucket::Applicant => "each",
        };
        let what = if data.applies_to == AppliesTo::Requests { "requests" } else { "requests of the first step" };
        let heed = match data.respected {
            0.0 => "nobody heeds Retry-After".to_owned(),
            share => format!("{} heed Retry-After", percent(share)),
        };
        let whom = whom(&data.classes, study);
        vec![format!("a limit for {whom}, {who}: {} {what} a minute, {} at once; {heed}", data.per_minute, data.burst)]
    }
}
