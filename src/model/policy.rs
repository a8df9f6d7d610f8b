//! A policy: who may enter when, and in what order.

use super::{Discipline, Rule, Station, WindowsRule};
use crate::time::Time;

/// A list of rules, asked in order; an empty list is open access.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// In the order of the file.
    pub rules: Vec<Rule>,
    /// Stations that are other than the scenario's while this policy is in force.
    pub stations: Vec<StationChange>,
}

/// What a policy changes of a station over the whole clock; what is `None` stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StationChange {
    /// Index in `Model::stations`.
    pub station: usize,
    /// Workers at `clock.start`.
    pub workers: Option<u32>,
    /// Waiting places; `Some(None)` is unbounded.
    pub queue: Option<Option<u32>>,
    /// Who is served next.
    pub discipline: Option<Discipline>,
    /// All changes of the number of workers, in order of time.
    pub workers_at: Option<Vec<(Time, u32)>>,
}

impl StationChange {
    /// Makes the change.
    pub fn apply(&self, station: &mut Station) {
        station.workers = self.workers.unwrap_or(station.workers);
        station.queue = self.queue.unwrap_or(station.queue);
        station.discipline = self.discipline.unwrap_or(station.discipline);
        if let Some(workers_at) = &self.workers_at {
            station.workers_at.clone_from(workers_at);
        }
    }
}

impl Policy {
    /// Its windows, in order.
    pub fn windows(&self) -> impl Iterator<Item = &WindowsRule> + Clone {
        self.rules.iter().filter_map(|rule| match rule {
            Rule::Windows(windows) => Some(windows),
            _ => None,
        })
    }
}
