//! A budget of retries.

use super::{WrittenRule, named};
use crate::model::{self, Study};
use crate::scenario::compile::Context;
use crate::scenario::conduct::AtLeastOne;
use crate::scenario::leaf::Share;
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::record;

record! {
    /// A budget of retries that the clients of a class share, and that their first tries fill.
    pub struct RetryBudgetRule, "a retry budget rule" {
        /// Whose clients, each class with a budget of its own; absent: everybody's.
        optional classes: List<String>,
        /// Retries that each first try pays for.
        default ratio: Share = 0.1,
        /// The most retries that are saved up, and what there is at the start.
        default burst: AtLeastOne = 10,
    }
}

impl WrittenRule for RetryBudgetRule {
    type Data = model::RetryBudgetRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::RetryBudgetRule> {
        let classes = named::meant(context, self.classes.as_ref(), check)?;
        Some(model::RetryBudgetRule { classes, ratio: self.ratio.0, burst: self.burst.as_u32() })
    }

    fn misplaced(data: &model::RetryBudgetRule, before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        let same = |rule: &model::Rule| match rule {
            model::Rule::RetryBudget(rule) => rule.classes.iter().zip(&data.classes).any(|(a, b)| *a && *b),
            _ => false,
        };
        before.iter().any(same).then(|| "a class has a budget of retries already; remove one".to_owned())
    }

    fn explain(&self, data: &model::RetryBudgetRule, study: &Study) -> Vec<String> {
        let who = named::who(&data.classes, study);
        vec![format!("{who} may retry {} times a first try, with up to {} saved up", data.ratio, data.burst)]
    }
}
