//! The runs of one policy, taken in one by one in the order of replications.
//!
//! What is long, the series and the histograms, is added up as it comes and dropped: a thousand replications must not need a thousand
//! times the memory. Figures, hours of arrival and the queue's averages, of which quantiles over runs are shown, are kept.

use super::budget::{Account, account};
use super::collapse::has_collapsed;
use super::figures::Single;
use super::observe::observe;
use super::openings::{Around, lost_around};
use super::run_figures::RunFigures;
use super::series::SeriesSums;
use crate::model::Study;
use crate::stats::Histogram;

/// The runs of one policy so far.
#[derive(Debug)]
pub(super) struct Runs {
    /// Index of the policy.
    pub(super) policy: usize,
    around: Vec<Around>,
    /// By replication, without their series.
    pub(super) figures: Vec<RunFigures>,
    /// By replication: whether it collapsed.
    pub(super) collapsed: Vec<bool>,
    /// By replication and observation of the study.
    pub(super) observed: Vec<Vec<Single>>,
    /// By replication and opening of the policy: shares lost before and after.
    pub(super) lost_around: Vec<Vec<[Single; 2]>>,
    /// By replication: what became of the study's budget; empty where it has none.
    pub(super) accounts: Vec<Account>,
    pub(super) series: SeriesSums,
    /// Of all replications together, in nanoseconds.
    pub(super) time_to_complete: Histogram,
}

impl Runs {
    /// No runs yet.
    pub(super) fn of(study: &Study, policy: usize) -> Runs {
        Runs {
            policy,
            around: Around::openings(&study.model, policy),
            figures: Vec::new(),
            collapsed: Vec::new(),
            observed: Vec::new(),
            lost_around: Vec::new(),
            accounts: Vec::new(),
            series: SeriesSums::default(),
            time_to_complete: Histogram::default(),
        }
    }

    /// Takes in the next replication.
    pub(super) fn take(&mut self, study: &Study, mut run: RunFigures) {
        let series = std::mem::take(&mut run.series);
        self.collapsed.push(has_collapsed(&study.model, &series));
        self.observed.push(study.observations.iter().map(|it| observe(&study.model, it, &series)).collect());
        self.lost_around.push(self.around.iter().map(|around| lost_around(&study.model, &series, around)).collect());
        self.accounts.extend(study.budget.as_ref().map(|budget| account(&study.model, budget, &series)));
        self.series.add(series);
        self.time_to_complete.merge(&std::mem::take(&mut run.time_to_complete));
        self.figures.push(run);
    }
}
