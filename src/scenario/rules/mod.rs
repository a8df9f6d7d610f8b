//! The rules of policies as a person writes them: each file has a rule's record, its checks, and what is told of it. The
//! list is that of [`crate::model::Rule`].

mod adaptive_lifo;
mod autoscale;
mod codel;
mod named;
mod priority;
mod reserve;
mod retry_budget;
mod shed;
mod throttle;
mod windows;

use adaptive_lifo::AdaptiveLifoRule;
use autoscale::AutoscaleRule;
use codel::CodelRule;
use priority::PriorityRule;
use reserve::ReserveRule;
use retry_budget::RetryBudgetRule;
use shed::ShedRule;
use throttle::ThrottleRule;
pub use windows::{DayWindow, On, Opening, Weekday, WindowsRule};

use super::compile::Context;
use super::mistake::Checker;
use super::read::List;
use super::record::{choice, record};
use crate::model::{self, Study, every_rule};

record! {
    /// Who may enter when.
    pub struct Policy, "a policy" {
        /// Rules that all have to let an applicant in; none is open access.
        required rules: List<Rule>,
    }
}

/// What every rule's record can do.
pub(crate) trait WrittenRule {
    /// What it compiles to.
    type Data;

    /// Compiles the rule at which the checker works; `None` where a mistake was told.
    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<Self::Data>;

    /// What is wrong with it behind the rules `before` it; what would be right.
    fn misplaced(_data: &Self::Data, _before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        None
    }

    /// What it says, in plain words, a line each.
    fn explain(&self, data: &Self::Data, study: &Study) -> Vec<String>;
}

macro_rules! declare {
    ($($(#[doc = $doc:literal])+ $name:literal $rule:ident($data:ident),)+) => {
        choice! {
            /// One rule of a policy.
            pub enum Rule, "a rule" {
                $($(#[doc = $doc])+ $name $rule($data),)+
            }
        }

        impl WrittenRule for Rule {
            type Data = model::Rule;

            fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::Rule> {
                match self {
                    $(Rule::$rule(rule) => check.within($name, |check| rule.compile(context, check)).map(model::Rule::$rule),)+
                }
            }

            fn misplaced(data: &model::Rule, before: &[model::Rule], context: &Context<'_>) -> Option<String> {
                match data {
                    $(model::Rule::$rule(data) => <$data as WrittenRule>::misplaced(data, before, context),)+
                }
            }

            fn explain(&self, data: &model::Rule, study: &Study) -> Vec<String> {
                match (self, data) {
                    $((Rule::$rule(rule), model::Rule::$rule(data)) => rule.explain(data, study),)+
                    #[allow(unreachable_patterns, reason = "while the list has one rule no other pair is possible")]
                    _ => Vec::new(),
                }
            }
        }
    };
}

every_rule!(declare);
