//! What was answered in the incidents of a scenario, over replications.

use super::results::Figure;
use crate::engine::IncidentTally;
use crate::stats::Estimate;
use schemars::JsonSchema;
use serde::Serialize;

/// What was answered in an incident of one length, of a class or of all together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct IncidentCounts {
    /// Answers that reached their client.
    pub answered: Figure,
    /// Applicants who had one or more of them.
    pub people: Figure,
    /// Applicants who completed by one of them.
    pub completed: Figure,
}

/// What was answered in an incident of one length.
#[derive(Debug, Clone, PartialEq)]
pub struct IncidentFigures {
    /// All classes together.
    pub total: IncidentCounts,
    /// By class, in the order of the file.
    pub classes: Vec<IncidentCounts>,
}

/// By incident and length; `runs`: by run what the engine gives, by incident, class and length.
pub(super) fn incidents(runs: &[&[Vec<Vec<IncidentTally>>]]) -> Vec<Vec<IncidentFigures>> {
    let Some(first) = runs.first() else { return Vec::new() };
    let figures = |incident: usize, length: usize| {
        let classes = 0..first[incident].len();
        IncidentFigures {
            total: counts(runs, |run| run[incident].iter().map(|class| class[length]).collect()),
            classes: classes.map(|class| counts(runs, |run| vec![run[incident][class][length]])).collect(),
        }
    };
    let lengths = |incident: usize| first[incident].first().map_or(0, Vec::len);
    (0..first.len()).map(|incident| (0..lengths(incident)).map(|length| figures(incident, length)).collect()).collect()
}

/// The sums of some tallies of every run, estimated.
fn counts(runs: &[&[Vec<Vec<IncidentTally>>]], of: impl Fn(&[Vec<Vec<IncidentTally>>]) -> Vec<IncidentTally>) -> IncidentCounts {
    let sum = |run: &&[Vec<Vec<IncidentTally>>], count| of(run).iter().map(count).sum::<u64>() as f64;
    let estimate = |count: fn(&IncidentTally) -> u64| Estimate::of(&runs.iter().map(|run| sum(run, count)).collect::<Vec<_>>());
    IncidentCounts { answered: estimate(|t| t.answered), people: estimate(|t| t.people), completed: estimate(|t| t.completed) }
}
