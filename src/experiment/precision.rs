//! Replicating until a figure is known well enough.

use super::figures::Single;
use super::outcome::Sequential;
use super::results::{Counts, DoneWithin, Quantiles, ScopeFigures};
use super::run_figures::RunFigures;
use super::runs::Runs;
use crate::stats::Estimate;

/// Replicate until this figure is known to a relative precision.
#[derive(Debug, Clone, PartialEq)]
pub struct Precision {
    /// Index of the policy in the model; one of those that are run.
    pub policy: usize,
    /// Index of another policy that is run: then it is the paired difference to that one which is to be known.
    pub against: Option<usize>,
    /// Class index; `None`: all classes together.
    pub class: Option<usize>,
    /// A figure, as [`figure_names`] calls it.
    pub metric: String,
    /// The relative error g that is tolerated.
    pub goal: f64,
    /// Replications at most.
    pub most: u32,
}

/// Replications between two looks, and before the first one.
const BATCH: u32 = 10;

impl Precision {
    /// How many replications come before the first look: those of the file, but ten at least.
    pub(super) fn first(&self, replications: u32) -> u32 {
        replications.max(BATCH).min(self.most)
    }

    /// What the replications so far say of the figure.
    ///
    /// The half width may be g′ = g/(1+g) of the mean that was found: then the error is at most g of the true one whenever
    /// the interval holds it (Law, *Simulation Modeling and Analysis*, 9.4.1).
    pub(super) fn look(&self, values: &[f64]) -> Sequential {
        let tolerated = self.goal / (1.0 + self.goal);
        let estimate = Estimate::of(values);
        let half = estimate.and_then(|estimate| Some((estimate.half_width()?, estimate.mean.abs())));
        let relative = half.and_then(|(half, mean)| if half == 0.0 { Some(0.0) } else { (mean > 0.0).then(|| half / mean) });
        Sequential {
            policy: self.policy,
            against: self.against,
            class: self.class,
            metric: self.metric.clone(),
            goal: self.goal,
            half_width: relative,
            met: relative.is_some_and(|relative| relative <= tolerated),
            most: self.most,
        }
    }

    /// How many replications to have at the next look; `None` when there are enough, or as many as there may be.
    pub(super) fn next(&self, replications: u32, seen: &Sequential) -> Option<u32> {
        (!seen.met && replications < self.most).then(|| replications.saturating_add(BATCH).min(self.most))
    }

    /// About how many replications it will take in all, from what was seen.
    pub(super) fn forecast(&self, replications: u32, seen: &Sequential) -> u32 {
        let ratio = seen.half_width.unwrap_or(f64::INFINITY) * (1.0 + self.goal) / self.goal;
        let wanted = (f64::from(replications) * ratio * ratio).ceil() as u32;
        wanted.clamp(replications, self.most.max(replications))
    }

    /// The figure in the replications that have it; of a difference, in those that have it under both policies.
    pub(super) fn values(&self, runs: &[Runs]) -> Vec<f64> {
        let of_run = |run: &RunFigures| {
            let scope = self.class.map_or(Some(&run.total), |class| run.classes.get(class))?;
            named(scope, &self.metric).copied().flatten()
        };
        let of_policy = |policy: usize| -> Vec<Single> {
            let runs = runs.iter().find(|runs| runs.policy == policy);
            runs.map_or_else(Vec::new, |runs| runs.figures.iter().map(of_run).collect())
        };
        let ours = of_policy(self.policy);
        match self.against {
            None => ours.into_iter().flatten().collect(),
            Some(other) => ours.into_iter().zip(of_policy(other)).filter_map(|(ours, theirs)| Some(ours? - theirs?)).collect(),
        }
    }
}

/// The names by which a figure of a scope is asked for: `timeout_share`, `time_to_complete.p50`, `done_within.4h`.
#[must_use]
pub fn figure_names() -> Vec<String> {
    let quantiles = |group: &'static str| Quantiles::<Single>::NAMES.iter().map(move |name| format!("{group}.{name}"));
    let counts = Counts::<Single>::NAMES.iter().map(|name| (*name).to_owned());
    let done = WITHIN.iter().map(|name| format!("done_within.{name}"));
    counts.chain(done).chain(quantiles("wait")).chain(quantiles("time_to_complete")).collect()
}

/// The names of [`DoneWithin`] in files.
const WITHIN: [&str; 3] = ["1h", "4h", "24h"];

pub(super) fn named<'f, F>(scope: &'f ScopeFigures<F>, name: &str) -> Option<&'f F> {
    fn at<'f, F>(names: &[&str], values: Vec<&'f F>, name: &str) -> Option<&'f F> {
        names.iter().zip(values).find(|(known, _)| **known == name).map(|(_, value)| value)
    }
    let counts = || at(Counts::<F>::NAMES, scope.counts.values(), name);
    let Some((group, inner)) = name.split_once('.') else { return counts() };
    match group {
        "done_within" => at(&WITHIN, DoneWithin::values(&scope.done_within), inner),
        "wait" => at(Quantiles::<F>::NAMES, scope.wait.values(), inner),
        "time_to_complete" => at(Quantiles::<F>::NAMES, scope.time_to_complete.values(), inner),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn precision(goal: f64, most: u32) -> Precision {
        Precision { policy: 0, against: None, class: None, metric: "timeout_share".to_owned(), goal, most }
    }

    #[test]
    fn every_name_finds_its_own_figure() {
        let mut count = 0;
        let mut next = |_: Vec<&()>| {
            count += 1;
            count
        };
        let scope = ScopeFigures::combine(&[&ScopeFigures::<()>::default()], &mut next);
        let names = figure_names();
        let found: Vec<Option<&i32>> = names.iter().map(|name| named(&scope, name)).collect();
        assert_eq!(found, (1..=names.len() as i32).collect::<Vec<_>>().iter().map(Some).collect::<Vec<_>>());
        assert!(["time_to_complete.p50", "timeout_share", "done_within.4h"].iter().all(|name| names.iter().any(|n| n == name)));
        assert!(["", "wait", "wait.p51", "done_within.", "nothing"].iter().all(|name| named(&scope, name).is_none()));
    }

    #[test]
    fn it_stops_at_the_half_width_of_law() {
        // Mean 5, half width 2.776·√0.5 = 1.963: 39.3 % of the mean, enough where g/(1+g) is, from g = 64.7 % on.
        let values = [3.0, 4.0, 5.0, 6.0, 7.0];
        assert!(!precision(0.64, 100).look(&values).met && precision(0.65, 100).look(&values).met);
        let seen = precision(0.1, 100).look(&values);
        assert!((5.0 * seen.half_width.unwrap() - 1.963).abs() < 1e-3, "{seen:?}");
        assert_eq!(precision(0.1, 100).next(40, &seen), Some(50));
        assert_eq!(precision(0.1, 45).next(40, &seen), Some(45));
        assert_eq!(precision(0.1, 40).next(40, &seen), None);
        assert_eq!((precision(0.1, 100).first(3), precision(0.1, 100).first(30), precision(0.1, 8).first(30)), (10, 30, 8));
        assert_eq!((precision(0.1, 1000).forecast(10, &seen), precision(0.1, 100).forecast(10, &seen)), (187, 100));
    }

    #[test]
    fn figures_that_never_vary_are_known_and_those_that_are_not_there_never() {
        assert!(precision(0.01, 100).look(&[0.0, 0.0, 0.0]).met && precision(0.01, 100).look(&[2.0, 2.0]).met);
        for values in [&[][..], &[5.0], &[-1.0, 1.0]] {
            let seen = precision(0.01, 100).look(values);
            assert_eq!((seen.half_width, seen.met), (None, false), "{values:?}");
            assert_eq!(precision(0.01, 100).forecast(10, &seen), 100);
        }
    }
}
