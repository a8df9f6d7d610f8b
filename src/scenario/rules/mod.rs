//! The rules of policies as a person writes them: each file has a rule's record, its checks, and what is told of it. The
//! list is that of [`crate::model::Rule`].

mod adaptive_lifo;
pub(crate) mod autoscale;
mod codel;
mod named;
mod priority;
mod reserve;
mod retry_budget;
mod shed;
mod throttle;

use adaptive_lifo::AdaptiveLifoRule;
use autoscale::AutoscaleRule;
use codel::CodelRule;
use priority::PriorityRule;
use reserve::ReserveRule;
use retry_budget::RetryBudgetRule;
use shed::ShedRule;
use throttle::ThrottleRule;
mod callback;
mod rate_limit;
mod slots;
mod waiting_room;
mod windows;

pub use callback::CallbackRule;
pub use rate_limit::RateLimitRule;
pub use slots::{Lateness, SlotsRule};
pub use waiting_room::{RoomReload, SeveralPlaces, WaitingRoomRule};
pub use windows::{DayWindow, On, Opening, Weekday, WindowsRule};

use super::compile::Context;
use super::mistake::{Checker, suggestion};
use super::read::{List, Map};
use super::record::{choice, record};
use super::station::StationChange;
use super::tree::shorten;
use crate::model::{self, PolicyRule, Study, every_rule};

record! {
    /// Who may enter when.
    pub struct Policy, "a policy" {
        /// Rules that all have to let an applicant in; none is open access.
        required rules: List<Rule>,
        /// Stations that are other than the scenario's under this policy, by name: more workers, a shorter queue.
        default stations: Map<StationChange> = {},
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

/// By class whether a list names it; all of them without a list. `None` where a mistake was told.
fn named_classes(context: &Context<'_>, list: Option<&List<String>>, check: &mut Checker<'_>) -> Option<Vec<bool>> {
    let classes = &context.file.classes;
    let Some(list) = list else { return Some(vec![true; classes.0.len()]) };
    let mut named = vec![false; classes.0.len()];
    let mut good = true;
    check.within("classes", |check| {
        if list.0.is_empty() {
            check.mistake("no class is named, so the rule does nothing; name one, or remove the key to mean all");
            good = false;
        }
        for (i, name) in list.iter() {
            match classes.position(name) {
                Some(class) if named[class] => {
                    check.mistake_at(i, format!("`{}` stands here a second time; remove it", shorten(name)));
                    good = false;
                }
                Some(class) => named[class] = true,
                None => {
                    let hint = suggestion(name, classes.names());
                    check.mistake_at(i, format!("no class is called `{}`; {hint}", shorten(name)));
                    good = false;
                }
            }
        }
    });
    good.then_some(named)
}

/// The name of the first class that all of some rules mean.
fn shared_class<'c>(context: &'c Context<'_>, rules: &[&dyn PolicyRule]) -> Option<&'c str> {
    let mut names = context.file.classes.names().enumerate();
    names.find(|(class, _)| rules.iter().all(|rule| rule.concerns(*class))).map(|(_, name)| name)
}

/// The first class of a rule that is worked by operators: a mistake where that makes no sense.
fn operated_class<'c>(context: &'c Context<'_>, classes: &[bool]) -> Option<&'c str> {
    let records = context.file.classes.0.iter().zip(classes).filter(|(_, named)| **named);
    let mut operated = records.filter(|((_, class), _)| class.as_ref().is_some_and(|class| class.operators.is_some()));
    operated.next().map(|((name, _), _)| name.as_str())
}

/// Whom a rule means, in words.
fn whom(classes: &[bool], study: &Study) -> String {
    let named: Vec<&str> = classes.iter().zip(&study.names.classes).filter(|(n, _)| **n).map(|(_, c)| c.as_str()).collect();
    if named.len() == study.names.classes.len() { "everybody".to_owned() } else { named.join(", ") }
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
                    _ => Vec::new(),
                }
            }
        }
    };
}

every_rule!(declare);
