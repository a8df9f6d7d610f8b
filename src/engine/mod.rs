//! One run: clock and event list, stations, sessions, policies, recorder.
//!
//! [`simulate`] plays one policy of a [`crate::model::Model`] once and gives a [`Record`]. The event list is not one
//! heap but one structure a kind of event, each as plain as its kind allows:
//!
//! | kind, in the order at one instant | structure |
//! | --- | --- |
//! | completions of service | a tournament of the places where services stand; a timing wheel where they are many; a heap where workers are shared |
//! | outages, worker and duty changes | a sorted list |
//! | services that these let start | a list of the stations concerned |
//! | timeouts | a plain queue a constant length, a heap for drawn ones |
//! | ends of think, backoff and return | a timing wheel whose slots are sorted when they come due |
//! | arrivals | one generator a class, which knows its next |

mod agenda;
mod audit;
mod autoscale;
mod begin;
mod calls;
mod changes;
mod counting;
mod departures;
mod expiries;
#[cfg(test)]
mod faults;
mod gate;
mod guard;
mod health;
mod heap;
mod incidents;
mod large;
mod line;
mod manners;
mod moments;
mod operators;
mod outage;
mod people;
mod record;
mod recorder;
mod request;
mod ring;
mod run;
mod service;
mod session;
mod sharing;
mod slots;
mod snapshot;
mod station;
mod tally;
mod timeout;
mod tournament;
mod wheel;

pub use incidents::IncidentTally;
pub use record::{ClassRecord, ClassSeries, Law, OperatorRecord, Record, RuleRecord, StationRecord, StationSeries};
pub use run::{RunError, Trial, simulate, simulate_kept};
pub use slots::SlotTally;
pub use snapshot::{Keeper, Nobody, SNAPSHOT_FORMAT};
pub use tally::{ClassTally, DONE_WITHIN};

#[cfg(test)]
pub(crate) use faults::lose_a_departure;

#[cfg(test)]
mod lab;
#[cfg(test)]
mod tests;
