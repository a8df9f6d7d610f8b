//! What a person writes: scenario files, their types, units, checks and messages.
//!
//! A file is read in three steps. [`tree`] holds its JSON with the place of everything; the records ([`File`] and
//! all below it) are read from the tree, each declared once with its reader and its JSON Schema; and they are compiled
//! to a [`crate::model::Study`], the only place where what was written turns into what is run. Mistakes are collected
//! over all three steps and told together.

mod alternatives;
mod arrivals;
mod class;
mod compile;
mod conduct;
mod distribution;
mod explain;
mod file;
mod incident;
pub(crate) mod json;
pub(crate) mod leaf;
mod load;
pub(crate) mod mistake;
mod observation;
pub(crate) mod read;
pub(crate) mod record;
mod rules;
pub(crate) mod schema;
mod server;
pub(crate) mod source;
mod station;
pub mod tree;
mod when;

pub use alternatives::{Backoff, Hours, Population, Timeout};
pub use arrivals::{Component, Curve, HourlyCurve, Point, RatesCurve, SpikeCurve, TraceCurve, UniformCurve, WeibullCurve};
pub use class::{CappedExponential, Class, Closed, HoursOnDays, PoissonPopulation, Retry, Step};
pub use distribution::{Distribution, Mean, MeanCv, MinMax, MinShape, ShapeScale, Values};
pub use explain::{Load, Needs, explain, needs, warnings};
pub use file::{Budget, Clock, Demand, Experiment, File};
pub use incident::Incident;
pub use leaf::{
    Attempts, Count, Factor, FolderName, Format, NonNegative, OperatorCount, People, PeopleMean, Places, Positive, Priority,
    Replications, Returns, Seed, Share, Window, Workers,
};
pub use load::{Remark, Scenario};
pub(crate) use mistake::suggestion;
pub use mistake::{Mistake, Mistakes};
pub use observation::Observation;
pub use read::{List, Map, Remarks};
pub use rules::{
    CallbackRule, DayWindow, Lateness, On, Opening, Policy, RateLimitRule, RoomReload, Rule, SeveralPlaces, SlotsRule,
    WaitingRoomRule, Weekday, WindowsRule,
};
pub use schema::schema;
pub use station::{Outage, Queue, Slowdown, Station, StationChange, WorkersAt};
pub use when::Moment;
