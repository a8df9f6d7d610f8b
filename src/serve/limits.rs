//! What a run may take of the machine, and what it will need at most.

use crate::model::Study;
use std::time::Duration;

/// Bounds of what is asked for over the network and of the work that it starts.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Memory that a run may need by [`memory_needed`], in bytes.
    pub memory: u64,
    /// A full run takes so long at most.
    pub full: Duration,
    /// A quick look takes so long at most.
    pub quick: Duration,
    /// Requests for runs that wait at most, the one that runs not counted.
    pub waiting: usize,
    /// Connections at once; further ones wait to be accepted.
    pub connections: usize,
    /// A client takes so long at most to send a request's head, to send its body, and to read anything of the answer.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            memory: 2 << 30,
            full: Duration::from_secs(600),
            quick: Duration::from_secs(30),
            waiting: 8,
            connections: 256,
            patience: Duration::from_secs(10),
        }
    }
}

/// The largest body that is read: changes of levers, never a scenario.
pub(super) const BODY: usize = 64 << 10;
/// The largest scenario that is shown, in bytes of its JSON.
pub(super) const SCENARIO: usize = 4 << 20;
/// The most values that a request may change.
pub(super) const CHANGES: usize = 2_000;
/// Full reports that are kept for reading; older ones are dropped.
pub(super) const REPORTS: usize = 3;

/// Replications whose series are held at once.
const AT_ONCE: u64 = 64;
/// Bytes of a row of the series of one run; two hundred were measured.
const ROW: u64 = 250;
/// Bytes of somebody in the system with a request, its timeout and a pending event (see `docs/performance.md`).
const PERSON: u64 = 150;
/// Histograms and tables of one run.
const RUN: u64 = 4 << 20;

/// About how many bytes the runs of all policies need at most: everybody in the system at once in as many runs as there are
/// threads, and the series of those that are not yet put together.
#[must_use]
pub fn memory_needed(study: &Study, threads: usize) -> u64 {
    let model = &study.model;
    let people: f64 = model.classes.iter().map(|class| class.population.mean()).sum();
    let people = if people >= 1e15 { 1_000_000_000_000_000 } else { people as u64 };
    let scopes = 1 + model.classes.len() + model.stations.len();
    let runs = u64::from(study.experiment.replications).min(AT_ONCE).saturating_mul(study.names.policies.len() as u64);
    let rows = (model.bins() as u64).saturating_mul(scopes as u64).saturating_mul(runs.saturating_add(2));
    let at_once = (threads as u64).min(runs.max(1));
    rows.saturating_mul(ROW).saturating_add(at_once.saturating_mul(people.saturating_mul(PERSON).saturating_add(RUN)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;
    use std::path::Path;

    #[test]
    fn more_threads_and_more_people_need_more_and_no_number_overflows() {
        let text = include_str!("../../scenarios/small-example.json");
        let scenario = Scenario::parse(text, Path::new("small-example.json")).unwrap();
        let study = scenario.compile(None).unwrap();
        let one = memory_needed(&study, 1);
        // 2,880 bins of four scopes in twenty runs and two to add them up, and 70,000 people.
        let rows = 2_880 * 4 * 22 * ROW;
        assert_eq!(one, rows + 70_000 * PERSON + RUN);
        assert_eq!(memory_needed(&study, 2) - one, 70_000 * PERSON + RUN);
        assert_eq!(memory_needed(&study, 1_000), rows + 20 * (70_000 * PERSON + RUN), "no more threads than runs");
        let half = scenario.compile(Some(0.5)).unwrap();
        assert!(memory_needed(&half, 1) < one);
    }
}
