//! The rules that a policy may hold, one file each, and the list of them all.
//!
//! A rule is a line of the list below and four files: its data here, its record with its checks in `scenario/rules/`, its
//! answer in `engine/`, and a small scenario in `scenarios/rules/`. The enums of all rooms, the JSON Schema, the checks and
//! the test of the docs are made from the list.

mod adaptive_lifo;
mod autoscale;
mod codel;
mod priority;
mod reserve;
mod retry_budget;
mod shed;
mod throttle;

pub use adaptive_lifo::AdaptiveLifoRule;
pub use autoscale::AutoscaleRule;
pub use codel::CodelRule;
pub use priority::PriorityRule;
pub use reserve::ReserveRule;
pub use retry_budget::RetryBudgetRule;
pub use shed::ShedRule;
pub use throttle::ThrottleRule;
mod callback;
mod rate_limit;
mod slots;
mod waiting_room;
mod windows;

pub use callback::CallbackRule;
pub use rate_limit::{Bucket, RateLimitRule};
pub use slots::SlotsRule;
pub use waiting_room::{Reload, RoomOrder, Several, Tells, WaitingRoomRule};
pub use windows::{AppliesTo, Cohort, WindowsRule};

/// The list of rules: `every_rule!(declare)` calls `declare!` with it. Each has its name in files, its arm in the enums,
/// and the name of its data here and of its record in `scenario/rules/`.
macro_rules! every_rule {
    ($declare:ident) => {
        $declare! {
            /// Times of day at which classes, or cohorts of them, may enter.
            "windows" Windows(WindowsRule),
            /// The order in which classes are served at a station.
            "priority" Priority(PriorityRule),
            /// Workers and places of a station that are kept for a class.
            "reserve" Reserve(ReserveRule),
            /// Early refusal at a station, before its queue is full.
            "shed" Shed(ShedRule),
            /// Controlled delay: whoever has waited too long is dropped from the queue.
            "codel" Codel(CodelRule),
            /// The newest first while a queue stands.
            "adaptive_lifo" AdaptiveLifo(AdaptiveLifoRule),
            /// Clients that send fewer requests when few are answered.
            "throttle" Throttle(ThrottleRule),
            /// A budget of retries that the clients of a class share.
            "retry_budget" RetryBudget(RetryBudgetRule),
            /// Workers of a station that follow its load.
            "autoscale" Autoscale(AutoscaleRule),
            /// A room before the service that admits at a rate, or up to a number of sessions under way.
            "waiting_room" WaitingRoom(WaitingRoomRule),
            /// People turned away by a waiting room leave a contact and are called when there is room.
            "callback" Callback(CallbackRule),
            /// Appointments, so many in each slot.
            "slots" Slots(SlotsRule),
            /// A bucket of tokens; a request that finds none is refused.
            "rate_limit" RateLimit(RateLimitRule),
        }
    };
}

pub(crate) use every_rule;

/// What every rule tells of itself.
pub trait PolicyRule {
    /// Whether it means anybody of a class, by its index.
    fn concerns(&self, class: usize) -> bool;

    /// The numbers of people or places in it, by key: a smaller copy of the system has fewer.
    fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
        Vec::new()
    }

    /// Makes its rates of people per time those of a smaller copy of the system.
    fn scale_rates(&mut self, _factor: f64) {}
}

macro_rules! declare {
    ($($(#[doc = $doc:literal])+ $name:literal $rule:ident($data:ident),)+) => {
        /// One rule of a policy.
        #[derive(Debug, Clone)]
        pub enum Rule {
            $($(#[doc = $doc])+ $rule($data),)+
        }

        impl Rule {
            /// What files call the rules, in the order of the list.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// What files call it.
            #[must_use]
            pub fn name(&self) -> &'static str {
                match self {
                    $(Rule::$rule(_) => $name,)+
                }
            }
        }

        impl PolicyRule for Rule {
            fn concerns(&self, class: usize) -> bool {
                match self {
                    $(Rule::$rule(rule) => rule.concerns(class),)+
                }
            }

            fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
                match self {
                    $(Rule::$rule(rule) => rule.counts(),)+
                }
            }

            fn scale_rates(&mut self, factor: f64) {
                match self {
                    $(Rule::$rule(rule) => rule.scale_rates(factor),)+
                }
            }
        }
    };
}

every_rule!(declare);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn a_rule_without_people_or_places_counts_none() {
        let (target, interval) = (Span(1), Span(2));
        let rules = [
            Rule::AdaptiveLifo(AdaptiveLifoRule { station: 0, interval }),
            Rule::Codel(CodelRule { station: 0, target, interval }),
        ];
        for mut rule in rules {
            assert!(rule.counts().is_empty(), "{rule:?}");
        }
    }
}
