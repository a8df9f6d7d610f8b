//! Controlled delay.

use super::{WrittenRule, named};
use crate::model::{self, Study};
use crate::scenario::compile::Context;
use crate::scenario::mistake::Checker;
use crate::scenario::record::record;
use crate::time::Span;

record! {
    /// Controlled delay: whoever has waited too long is dropped when their turn comes, and told so.
    pub struct CodelRule, "a codel rule" {
        /// Where.
        required station: String,
        /// The longest wait while the queue has not been empty for `interval`.
        required target: Span,
        /// The longest wait else.
        required interval: Span,
    }
}

impl WrittenRule for CodelRule {
    type Data = model::CodelRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::CodelRule> {
        let station = named::station(context, &self.station, check);
        if self.target >= self.interval {
            let text = format!("target is {} and interval is {}; target must be less than interval", self.target, self.interval);
            check.mistake_at("target", text);
            return None;
        }
        Some(model::CodelRule { station: station?, target: self.target, interval: self.interval })
    }

    fn misplaced(data: &model::CodelRule, before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        named::clash(before, |rule| matches!(rule, model::Rule::Codel(rule) if rule.station == data.station))
    }

    fn explain(&self, data: &model::CodelRule, study: &Study) -> Vec<String> {
        let (place, target, interval) = (named::place(data.station, study), data.target, data.interval);
        vec![format!(
            "{place} drops whoever has waited longer than {interval}, or than {target} when the queue was not empty for {interval}"
        )]
    }
}
