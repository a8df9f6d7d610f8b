//! The search: some values over the whole range, then halving.

use super::decide::{Decision, Verdict, decide, error_of_look, estimate};
use super::question::{Question, QuestionError};
use crate::experiment::{ExperimentError, Nobody, Progress, figures_of_run};
use crate::model::Study;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A value that was tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// Its place in [`Question::values`].
    pub place: usize,
    /// What was found out.
    pub decision: Decision,
}

/// What the search found for a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// This place in [`Question::values`] meets the goals, and the one before it was not found to.
    Found(usize),
    /// No value in the range meets them, the last one least of all.
    None,
}

/// The answer for one policy.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Index of the policy.
    pub policy: usize,
    /// What was found.
    pub outcome: Outcome,
    /// Every value that was tried, in the order of [`Question::values`].
    pub tried: Vec<Tried>,
    /// A place that meets the goals although a later one was found to miss them.
    pub not_monotone: Option<(usize, usize)>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A run.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
    /// A value that the scenario does not take.
    #[error(transparent)]
    Question(#[from] QuestionError),
}

/// Values over the whole range that are tried first.
const FIRST: usize = 9;
/// Replications at the first look; each further look doubles them.
const BATCH: u32 = 10;

/// Answers a question for every policy.
///
/// # Errors
/// When it was interrupted, a run broke the model's laws, a value is not taken by the scenario, or there are no threads.
pub fn answer(question: &Question, threads: Option<usize>, progress: &Progress) -> Result<Vec<Answer>, SearchError> {
    let mut pool = rayon::ThreadPoolBuilder::new();
    if let Some(threads) = threads {
        pool = pool.num_threads(threads);
    }
    let pool = pool.build().map_err(ExperimentError::from)?;
    let values = question.values.len();
    let halvings = (values / FIRST).max(1).ilog2() as usize + 1;
    progress.will_make(question.policies.len() * (FIRST.min(values) + halvings) * BATCH as usize);
    // So that all decisions together are as sure as was asked: each may err by its share.
    let error = (1.0 - question.confidence) / (FIRST.min(values) + halvings) as f64;
    let one = |policy: &usize| Search { question, policy: *policy, error, progress, tried: BTreeMap::new() }.run();
    pool.install(|| question.policies.par_iter().map(one).collect())
}

struct Search<'q> {
    question: &'q Question,
    policy: usize,
    error: f64,
    progress: &'q Progress,
    tried: BTreeMap<usize, Decision>,
}

impl Search<'_> {
    fn run(mut self) -> Result<Answer, SearchError> {
        let last = self.question.values.len() - 1;
        let first: Vec<usize> = {
            let count = FIRST.min(last + 1).max(1);
            let mut places: Vec<usize> = (0..count).map(|i| i * last / (count - 1).max(1)).collect();
            places.dedup();
            places
        };
        let found: Vec<Decision> = first.par_iter().map(|place| self.look_at(*place)).collect::<Result<_, _>>()?;
        self.tried.extend(first.iter().copied().zip(found));
        let met = |place: &usize| self.tried.get(place).is_some_and(|decision| decision.verdict == Verdict::Met);
        // The last one that was not found to meet the goals, and the one after it, which was.
        let (mut below, mut above) = match first.iter().rposition(|place| !met(place)) {
            Some(i) if i + 1 == first.len() => return Ok(self.end(Outcome::None)),
            Some(i) => (Some(first[i]), first[i + 1]),
            None => (None, first[0]),
        };
        while let Some(low) = below.filter(|low| above - low > 1) {
            let middle = low.midpoint(above);
            let decision = self.look_at(middle)?;
            if decision.verdict == Verdict::Met {
                above = middle
            } else {
                below = Some(middle)
            }
            self.tried.insert(middle, decision);
        }
        Ok(self.end(Outcome::Found(above)))
    }

    fn end(self, outcome: Outcome) -> Answer {
        let with = |verdict: Verdict| {
            let of = self.tried.iter().filter(move |(_, decision)| decision.verdict == verdict);
            of.map(|(place, _)| *place).collect::<Vec<_>>()
        };
        let (met, missed) = (with(Verdict::Met), with(Verdict::Missed));
        let pair = met.iter().find_map(|met| missed.iter().find(|missed| *missed > met).map(|missed| (*met, *missed)));
        Answer {
            policy: self.policy,
            outcome,
            tried: self.tried.into_iter().map(|(place, decision)| Tried { place, decision }).collect(),
            not_monotone: pair,
        }
    }

    /// Replicates a value until it is decided, or there are as many replications as there may be.
    fn look_at(&self, place: usize) -> Result<Decision, SearchError> {
        let question = self.question;
        let study = question.study_of(&question.values[place])?;
        let mut values: Vec<Vec<f64>> = vec![Vec::new(); question.goals.len()];
        let (mut made, mut wanted, mut look) = (0, BATCH.min(question.most), 1);
        loop {
            for figures in self.replicate(&study, made..wanted)? {
                for (values, figure) in values.iter_mut().zip(figures) {
                    values.extend(figure);
                }
            }
            made = wanted;
            let verdict = decide(&question.goals, &values, error_of_look(self.error, look));
            if verdict != Verdict::Open || made >= question.most {
                let figures = question.goals.iter().zip(&values).map(|(goal, values)| estimate(goal, values)).collect();
                return Ok(Decision { verdict, figures, replications: made });
            }
            (wanted, look) = (made.saturating_mul(2).min(question.most), look + 1);
        }
    }

    fn replicate(&self, study: &Study, replications: std::ops::Range<u32>) -> Result<Vec<Vec<Option<f64>>>, ExperimentError> {
        let one = |replication| figures_of_run(study, self.policy, replication, &self.question.keys, self.progress, &mut Nobody);
        replications.into_par_iter().with_max_len(1).map(one).collect()
    }
}
