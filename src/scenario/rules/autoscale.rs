//! Workers that follow the load.

use super::{WrittenRule, named};
use crate::model::{self, Study};
use crate::scenario::compile::Context;
use crate::scenario::conduct::AtLeastOne;
use crate::scenario::leaf::{Share, Workers};
use crate::scenario::mistake::Checker;
use crate::scenario::record::record;
use crate::time::Span;

record! {
    /// Workers of a station that follow its load, with a delay, in steps, up to a ceiling.
    pub struct AutoscaleRule, "an autoscale rule" {
        /// Where.
        required station: String,
        /// Time from one look to the next.
        default every: Span = "1min",
        /// From the order of workers to their service.
        required delay: Span,
        /// So many workers at a time.
        required step: AtLeastOne,
        /// Never more than so many workers, those ordered included.
        required ceiling: Workers,
        /// Orders when a larger share of the workers was busy since the last look.
        default above: Share = 0.8,
        /// Sends away when a smaller share was; never below the number at the start.
        default below: Share = 0.3,
    }
}

/// What is wrong with the rule at a station as it is under the policy: the key, and what would be right.
pub(crate) fn unfit(rule: &model::AutoscaleRule, workers: u32, planned: bool) -> Option<(&'static str, String)> {
    if planned {
        let text = "this station has `workers_at`, which says already how many workers there are; remove one";
        return Some(("station", text.to_owned()));
    }
    let ceiling = rule.ceiling;
    (workers > ceiling)
        .then(|| ("ceiling", format!("the station begins with {workers} workers, more than the ceiling of {ceiling}; raise it")))
}

impl WrittenRule for AutoscaleRule {
    type Data = model::AutoscaleRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::AutoscaleRule> {
        let station = named::station(context, &self.station, check);
        let mut good = true;
        let mut wrong = |key: &str, is_wrong: bool, text: String| {
            if is_wrong {
                check.mistake_at(key, text);
                good = false;
            }
        };
        wrong("every", self.every < Span::from_seconds(1), "more often than once a second; give \"1s\" or more".to_owned());
        let (below, above) = (self.below.0, self.above.0);
        wrong("below", below >= above, format!("below is {below} and above is {above}; below must be less than above"));
        let station = station?;
        good.then(|| model::AutoscaleRule {
            station,
            every: self.every,
            delay: self.delay,
            step: self.step.as_u32(),
            ceiling: self.ceiling.as_u32(),
            above: self.above.0,
            below: self.below.0,
        })
    }

    fn misplaced(data: &model::AutoscaleRule, before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        named::clash(before, |rule| matches!(rule, model::Rule::Autoscale(rule) if rule.station == data.station))
    }

    fn explain(&self, data: &model::AutoscaleRule, study: &Study) -> Vec<String> {
        let (place, step, ceiling) = (named::place(data.station, study), data.step, data.ceiling);
        vec![format!(
            "{place} orders {step} workers when more than {:.0} % are busy, there after {}, up to {ceiling}; sends {step} away below {:.0} %; a look every {}",
            100.0 * data.above,
            data.delay,
            100.0 * data.below,
            data.every
        )]
    }
}
