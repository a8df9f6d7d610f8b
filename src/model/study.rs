//! A model with its names, its calendar and what was observed: all that a report has to say about it.

use super::Model;
use crate::time::{Calendar, Time};

/// A compiled scenario.
#[derive(Debug, Clone)]
pub struct Study {
    /// The scenario's short name, fit for a folder.
    pub name: String,
    /// One line for people; the name where the file has none.
    pub title: String,
    /// What the engine runs.
    pub model: Model,
    /// Civil time.
    pub calendar: Calendar,
    /// Names by id.
    pub names: Names,
    /// Published figures to hold the run against, in the order of the file.
    pub observations: Vec<Observation>,
    /// What the first completions use up; `None`: nothing is scarce.
    pub budget: Option<Budget>,
    /// Seed, replications, and what is unsure.
    pub experiment: Experiment,
    /// Size of this copy against the system that the file describes; 1 for the system itself.
    pub scale: f64,
}

/// A number of completions that are paid, first come, first served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Budget {
    /// How many.
    pub completions: u64,
    /// Indices of the classes that it pays; empty is all.
    pub classes: Vec<usize>,
}

impl Budget {
    /// Whether a class is paid from it.
    #[must_use]
    pub fn pays(&self, class: usize) -> bool {
        self.classes.is_empty() || self.classes.contains(&class)
    }
}

/// Names by id, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Of `Model::stations`.
    pub stations: Vec<String>,
    /// Of `Model::classes`.
    pub classes: Vec<String>,
    /// Of `Model::policies`.
    pub policies: Vec<String>,
    /// Of `Model::incidents`.
    pub incidents: Vec<String>,
}

/// How many runs, from which seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Experiment {
    /// Master seed.
    pub seed: u64,
    /// Runs per policy, at least 1.
    pub replications: u32,
    /// Coefficient of variation of the gamma factor on all populations; `None`: the populations are sure.
    pub demand_cv: Option<f64>,
    /// Coefficient of variation of the gamma factor on the speed of all workers; `None`: their speed is sure.
    pub capacity_cv: Option<f64>,
}

/// A published figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// When it was taken.
    pub moment: Moment,
    /// Index of the policy under which it was taken; `None`: the first of the file.
    pub policy: Option<usize>,
    /// Indices of the classes that are added up; empty is the total.
    pub classes: Vec<usize>,
    /// What was counted.
    pub metric: Metric,
    /// The published value; per second for a rate.
    pub value: f64,
    /// Relative tolerance: it holds when |simulated − value| ≤ tolerance·value.
    pub tolerance: f64,
    /// Where it comes from; empty where the file does not say.
    pub source: String,
}

/// The time an observation speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A cumulative count (or share) from the start, or the bin that holds this instant for a level.
    At(Time),
    /// A rate per second, or a share, between two instants.
    Between(Time, Time),
}

/// What an observation counts: a column of the series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// Applicants who came.
    Arrived,
    /// Applicants who got through.
    Completed,
    /// Requests sent.
    Requests,
    /// Requests whose client stopped waiting.
    Timeouts,
    /// Requests turned away at once.
    Refused,
    /// Requests cut by an outage.
    Failed,
    /// Requests answered by a closed gate.
    Closed,
    /// Requests waiting, averaged over the bin; stations only, all of them together.
    QueueAverage,
    /// Applications in backlog, averaged over the bin.
    Backlog,
    /// Share of the requests that ended (answered, timed out, refused or failed) which were not answered.
    LostShare,
}

impl Metric {
    /// Every metric with its name in files; a count has `_rate` behind it where it is a rate.
    pub const ALL: [(Metric, &'static str); 10] = [
        (Metric::Arrived, "arrived"),
        (Metric::Completed, "completed"),
        (Metric::Requests, "requests"),
        (Metric::Timeouts, "timeouts"),
        (Metric::Refused, "refused"),
        (Metric::Failed, "failed"),
        (Metric::Closed, "closed"),
        (Metric::QueueAverage, "queue_average"),
        (Metric::Backlog, "backlog"),
        (Metric::LostShare, "lost_share"),
    ];

    /// Whether it is a level of a bin rather than a count.
    #[must_use]
    pub fn is_level(self) -> bool {
        matches!(self, Metric::QueueAverage | Metric::Backlog)
    }

    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(metric, _)| *metric == self).map_or("", |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_pays_the_classes_that_it_names_or_all() {
        let pays = |classes: &[usize]| {
            let budget = Budget { completions: 1, classes: classes.to_vec() };
            [0, 1, 2].map(|class| budget.pays(class))
        };
        assert_eq!(pays(&[0, 2]), [true, false, true]);
        assert_eq!(pays(&[]), [true; 3]);
    }

    #[test]
    fn a_metric_has_the_name_that_files_give_it() {
        assert_eq!((Metric::Arrived.name(), Metric::LostShare.name()), ("arrived", "lost_share"));
        for (metric, name) in Metric::ALL {
            assert_eq!(metric.name(), name);
        }
    }

    #[test]
    fn the_queue_and_the_backlog_are_levels() {
        let levels: Vec<Metric> = Metric::ALL.into_iter().map(|(metric, _)| metric).filter(|metric| metric.is_level()).collect();
        assert_eq!(levels, [Metric::QueueAverage, Metric::Backlog]);
    }
}
