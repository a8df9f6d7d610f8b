//! The fit itself.

use super::free::Free;
use super::slopes::{eigen, squared, standard_errors};
use crate::experiment::{self, ExperimentError, Plan, Progress, Results};
use crate::scenario::{Mistakes, Scenario};
use crate::stats::Estimate;
use cobyla::{RhoBeg, StopTols, minimize};
use std::cell::RefCell;

/// A standard error of more than this part of the range leaves a number open: its 95 % interval is about as wide as the range.
const OPEN: f64 = 0.25;
/// How far from the optimum slopes are taken, as a part of the range.
const STEP: f64 = 0.04;
/// Half of a 95 % interval in standard errors.
const NORMAL_95: f64 = 1.959_963_985;
/// In an eigenvector a part that counts.
const NOTABLE: f64 = 0.3;

/// How a fit is done.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Size of the copy that is simulated.
    pub scale: Option<f64>,
    /// Runs of each try.
    pub replications: u32,
    /// Master seed; the scenario's own where `None`.
    pub seed: Option<u64>,
    /// Tries at most, those for the slopes not counted.
    pub tries: usize,
    /// Threads; all cores where `None`.
    pub threads: Option<usize>,
}

/// Why there is no fit.
#[derive(Debug, thiserror::Error)]
pub enum CalibrateError {
    /// The scenario with the ends of a range, or anything between, is none.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
    /// There is nothing to fit to.
    #[error("the scenario holds no observations, so there is nothing to fit to")]
    NoObservations,
    /// A run failed or was stopped.
    #[error(transparent)]
    Experiment(#[from] ExperimentError),
}

/// A number that was fitted.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Fitted {
    /// Where it stands.
    pub pointer: String,
    /// What it was.
    pub before: serde_json::Value,
    /// What fits best.
    pub value: serde_json::Value,
    /// Lower end of its 95 % interval, cut at the end of the range.
    pub low: serde_json::Value,
    /// Upper end.
    pub high: serde_json::Value,
    /// Whether the observations tell it: its interval is less wide than the range.
    pub told: bool,
}

/// An observation before and after the fit.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Compared {
    /// The policy under which it was taken.
    pub policy: String,
    /// What was counted.
    pub metric: String,
    /// The published value.
    pub observed: f64,
    /// Relative tolerance.
    pub tolerance: f64,
    /// What the scenario gave.
    pub before: Option<f64>,
    /// What it gives with the fitted values.
    pub after: Option<f64>,
}

/// Numbers that the observations cannot tell apart: along this direction the fit hardly changes.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Confusion {
    /// Where they stand, each with its part of the direction, in parts of its range.
    pub along: Vec<(String, f64)>,
}

/// What came of a fit.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Calibration {
    /// The numbers.
    pub fitted: Vec<Fitted>,
    /// Directions in which the observations tell nothing.
    pub confusions: Vec<Confusion>,
    /// The observations.
    pub observations: Vec<Compared>,
    /// The misfit before: the sum of squares of residuals in tolerances.
    pub misfit_before: f64,
    /// The misfit after.
    pub misfit_after: f64,
    /// Simulated tries.
    pub tries: usize,
}

/// Everything that a try needs.
struct Bench<'a> {
    scenario: &'a Scenario,
    free: &'a [Free],
    settings: &'a Settings,
    progress: &'a Progress,
    tries: usize,
}

impl Bench<'_> {
    fn changed(&self, shares: &[f64]) -> Result<Scenario, Mistakes> {
        let values: Vec<serde_json::Value> =
            self.free.iter().zip(shares).map(|(free, share)| free.written(free.at(*share))).collect();
        let mut changes: Vec<(String, serde_json::Value)> =
            self.free.iter().zip(values).map(|(free, value)| (free.pointer.clone(), value)).collect();
        changes.extend(other_shares(self.scenario, &changes));
        let changes: Vec<(&str, serde_json::Value)> =
            changes.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
        self.scenario.with(&changes)
    }

    fn run(&mut self, scenario: &Scenario) -> Result<Results, CalibrateError> {
        let mut study = scenario.compile(self.settings.scale)?;
        study.experiment.replications = self.settings.replications;
        study.experiment.seed = self.settings.seed.unwrap_or(study.experiment.seed);
        let mut policies: Vec<usize> = study.observations.iter().map(|o| o.policy.unwrap_or(0)).collect();
        policies.sort_unstable();
        policies.dedup();
        self.tries += 1;
        self.progress.restart();
        Ok(experiment::run(&study, &Plan { policies, threads: self.settings.threads }, self.progress)?)
    }

    fn residuals(&mut self, shares: &[f64]) -> Result<Vec<f64>, CalibrateError> {
        let scenario = self.changed(shares)?;
        Ok(residuals(&self.run(&scenario)?))
    }
}

/// Shares of a list have to add up to 1: those that stay are brought, in proportion, to what the changed ones leave.
fn other_shares(scenario: &Scenario, changes: &[(String, serde_json::Value)]) -> Vec<(String, serde_json::Value)> {
    let list_of = |pointer: &str| Some(pointer.strip_suffix("/share")?.rsplit_once('/')?.0.to_owned());
    let mut lists: Vec<String> = changes.iter().filter_map(|(pointer, _)| list_of(pointer)).collect();
    lists.dedup();
    let mut found = Vec::new();
    for list in lists {
        let count = scenario.value(&list).and_then(|value| value.as_array().map(Vec::len)).unwrap_or(0);
        let pointers: Vec<String> = (0..count).map(|place| format!("{list}/{place}/share")).collect();
        let changed = |pointer: &String| changes.iter().find(|(other, _)| other == pointer);
        let taken: f64 = pointers.iter().filter_map(changed).filter_map(|(_, value)| value.as_f64()).sum();
        let kept: Vec<(&String, f64)> = pointers
            .iter()
            .filter(|pointer| changed(pointer).is_none())
            .filter_map(|pointer| Some((pointer, scenario.value(pointer)?.as_f64()?)))
            .collect();
        let all: f64 = kept.iter().map(|(_, share)| share).sum();
        if all > 0.0 {
            let share = |share: f64| share / all * (1.0 - taken);
            found.extend(kept.into_iter().map(|(pointer, old)| (pointer.clone(), share(old).into())));
        }
    }
    found
}

/// Deviations in tolerances; where nothing could be simulated, a large one.
fn residuals(results: &Results) -> Vec<f64> {
    let of = |observed: &experiment::Observed| {
        let (value, tolerance) = (observed.observation.value, observed.observation.tolerance);
        let scale = (value * tolerance).abs().max(f64::MIN_POSITIVE);
        observed.simulated.map_or(100.0, |simulated| ((simulated.mean - value) / scale).clamp(-1e6, 1e6))
    };
    results.observations.iter().map(of).collect()
}

fn misfit(residuals: &[f64]) -> f64 {
    residuals.iter().map(|r| r * r).sum()
}

/// What a scenario is called once it is fitted.
#[must_use]
pub fn fitted_name(scenario: &Scenario) -> String {
    format!("{}-fitted", scenario.file.name.0)
}

/// Fits numbers of a scenario to its observations. Gives the scenario with the fitted values, each marked as such, and what
/// is to be said of them.
///
/// # Errors
/// See [`CalibrateError`].
pub fn calibrate(
    scenario: &Scenario,
    free: &[Free],
    settings: &Settings,
    progress: &Progress,
) -> Result<(Scenario, Calibration), CalibrateError> {
    let scaled: Vec<Free> = free.iter().map(|free| free.clone().in_a_copy(settings.scale)).collect();
    let free = scaled.as_slice();
    let mut bench = Bench { scenario, free, settings, progress, tries: 0 };
    if scenario.compile(settings.scale)?.observations.is_empty() {
        return Err(CalibrateError::NoObservations);
    }
    let before = bench.run(scenario)?;
    let shares = search(&mut bench)?;
    let best = bench.changed(&shares)?;
    let after = bench.run(&best)?;
    let slopes = slopes(&mut bench, &shares)?;
    let directions = eigen(squared(&slopes, free.len()));
    let errors = standard_errors(&directions);
    let fitted: Vec<Fitted> = free
        .iter()
        .zip(&shares)
        .zip(&errors)
        .map(|((free, share), error)| Fitted {
            pointer: free.pointer.clone(),
            before: scenario.value(&free.pointer).unwrap_or_default(),
            value: free.written(free.at(*share)),
            low: free.written(free.at(share - NORMAL_95 * error)),
            high: free.written(free.at(share + NORMAL_95 * error)),
            told: *error <= OPEN,
        })
        .collect();
    let calibration = Calibration {
        confusions: confusions(free, &directions),
        observations: compared(&before, &after),
        misfit_before: misfit(&residuals(&before)),
        misfit_after: misfit(&residuals(&after)),
        tries: bench.tries,
        fitted,
    };
    Ok((marked(&best, &calibration)?, calibration))
}

/// The shares of the ways at which the misfit is least, of all that were tried.
fn search(bench: &mut Bench<'_>) -> Result<Vec<f64>, CalibrateError> {
    struct Search<'a, 'b> {
        bench: &'a mut Bench<'b>,
        best: Option<(f64, Vec<f64>)>,
        failed: Option<CalibrateError>,
    }
    let start: Vec<f64> = bench.free.iter().map(Free::start).collect();
    let (bounds, tries) = (vec![(0.0, 1.0); start.len()], bench.settings.tries);
    let search = RefCell::new(Search { bench, best: None, failed: None });
    let misfit_at = |shares: &[f64], _: &mut ()| {
        let mut search = search.borrow_mut();
        if search.failed.is_some() {
            return f64::MAX;
        }
        match search.bench.residuals(shares) {
            Ok(residuals) => {
                let found = misfit(&residuals);
                if search.best.as_ref().is_none_or(|(least, _)| found < *least) {
                    let shares = shares.iter().map(|share| share.clamp(0.0, 1.0)).collect();
                    search.best = Some((found, shares));
                }
                found
            }
            Err(error) => {
                search.failed = Some(error);
                f64::MAX
            }
        }
    };
    let none: Vec<&dyn cobyla::Func<()>> = Vec::new();
    let stop = StopTols { ftol_rel: 1e-4, xtol_abs: vec![2e-3; start.len()], ..StopTols::default() };
    // Whether it stops by its tolerances or by the number of tries, the best of all tries is taken.
    let _ = minimize(misfit_at, &start, &bounds, &none, (), tries, RhoBeg::All(0.2), Some(stop));
    let search = search.into_inner();
    match (search.failed, search.best) {
        (Some(error), _) => Err(error),
        (None, best) => Ok(best.map_or(start, |(_, shares)| shares)),
    }
}

/// How residuals change with each number, per part of its range.
fn slopes(bench: &mut Bench<'_>, shares: &[f64]) -> Result<Vec<Vec<f64>>, CalibrateError> {
    let mut columns = Vec::new();
    for place in 0..shares.len() {
        let at = |share: f64| {
            let mut moved = shares.to_vec();
            moved[place] = share;
            moved
        };
        let (low, high) = ends(&bench.free[place], shares[place]);
        let (below, above) = (bench.residuals(&at(low))?, bench.residuals(&at(high))?);
        columns.push(below.iter().zip(&above).map(|(a, b)| (b - a) / (high - low)).collect::<Vec<f64>>());
    }
    let rows = columns.first().map_or(0, Vec::len);
    Ok((0..rows).map(|row| columns.iter().map(|column| column[row]).collect()).collect())
}

/// Two shares around one, far enough apart that a whole number differs.
fn ends(free: &Free, share: f64) -> (f64, f64) {
    let mut step = STEP;
    loop {
        let (low, high) = (free.rounded(share - step), free.rounded(share + step));
        if high > low || step >= 1.0 {
            return (low.min(high - 1e-9), high);
        }
        step *= 2.0;
    }
}

/// Directions along which the standard error is more than a number may have that is told.
fn confusions(free: &[Free], directions: &[(f64, Vec<f64>)]) -> Vec<Confusion> {
    let open = directions.iter().filter(|(value, _)| *value < 1.0 / (OPEN * OPEN));
    open.map(|(_, vector)| {
        let parts = free.iter().zip(vector).filter(|(_, part)| part.abs() >= NOTABLE);
        Confusion { along: parts.map(|(free, part)| (free.pointer.clone(), (part * 100.0).round() / 100.0)).collect() }
    })
    .collect()
}

fn compared(before: &Results, after: &Results) -> Vec<Compared> {
    let study = &before.study;
    let mean = |figure: Option<Estimate>| figure.map(|estimate| estimate.mean);
    before
        .observations
        .iter()
        .zip(&after.observations)
        .map(|(before, after)| Compared {
            policy: study.names.policies.get(before.policy).cloned().unwrap_or_default(),
            metric: before.observation.metric.name().to_owned(),
            observed: before.observation.value,
            tolerance: before.observation.tolerance,
            before: mean(before.simulated),
            after: mean(after.simulated),
        })
        .collect()
}

/// The scenario with what is to be said of each fitted value beside it, and a name of its own.
fn marked(scenario: &Scenario, calibration: &Calibration) -> Result<Scenario, Mistakes> {
    let mut changes: Vec<(String, serde_json::Value)> = vec![("/name".to_owned(), fitted_name(scenario).into())];
    for fitted in &calibration.fitted {
        let object = object_of(scenario, &fitted.pointer);
        let plain = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let known = if fitted.told { "" } else { "; the observations do not tell it" };
        let said = format!(
            "fitted by clickday calibrate: {} = {}, 95 % interval {} to {}{known}",
            fitted.pointer,
            plain(&fitted.value),
            plain(&fitted.low),
            plain(&fitted.high)
        );
        let place = format!("{object}/chosen");
        let earlier = changes.iter().find(|(pointer, _)| *pointer == place).map(|(_, value)| value.clone());
        let earlier = earlier.or_else(|| scenario.value(&place)).and_then(|value| value.as_str().map(str::to_owned));
        changes.retain(|(pointer, _)| *pointer != place);
        changes.push((place, earlier.map_or(said.clone(), |earlier| format!("{earlier}; {said}")).into()));
    }
    let changes: Vec<(&str, serde_json::Value)> =
        changes.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
    scenario.with(&changes)
}

/// The innermost object around a value.
fn object_of(scenario: &Scenario, pointer: &str) -> String {
    let mut around = pointer;
    while let Some((above, _)) = around.rsplit_once('/') {
        around = above;
        if scenario.value(around).is_some_and(|value| value.is_object()) {
            break;
        }
    }
    around.to_owned()
}
