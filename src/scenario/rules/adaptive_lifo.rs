//! Last in, first out, while there is a standing queue.

use super::{WrittenRule, named};
use crate::model::{self, Study};
use crate::scenario::compile::Context;
use crate::scenario::mistake::Checker;
use crate::scenario::record::record;
use crate::time::Span;

record! {
    /// The newest first while the queue has not been empty for `interval`, first in first out else; in place of the discipline.
    pub struct AdaptiveLifoRule, "an adaptive lifo rule" {
        /// Where.
        required station: String,
        /// For how long the queue must not have been empty.
        required interval: Span,
    }
}

impl WrittenRule for AdaptiveLifoRule {
    type Data = model::AdaptiveLifoRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::AdaptiveLifoRule> {
        let station = named::station(context, &self.station, check);
        let order = named::has_an_order(context, &self.station, check);
        let station = station?;
        order.then_some(model::AdaptiveLifoRule { station, interval: self.interval })
    }

    fn misplaced(data: &model::AdaptiveLifoRule, before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        named::clash(before, |rule| named::orders(rule, data.station))
    }

    fn explain(&self, data: &model::AdaptiveLifoRule, study: &Study) -> Vec<String> {
        vec![format!(
            "{} serves the newest first when its queue was not empty for {}",
            named::place(data.station, study),
            data.interval
        )]
    }
}
