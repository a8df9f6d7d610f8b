//! One run's figures under their names, for those who put many runs together themselves.

use super::collapse::has_collapsed;
use super::factors::Factors;
use super::figures::Single;
use super::precision::{figure_names, named};
use super::progress::Progress;
use super::replicate::{ExperimentError, one_run};
use super::results::{OperatorFigures, QueueLength, StationFigures, StationWork};
use super::run_figures::RunFigures;
use crate::engine::Keeper;
use crate::model::Study;

/// What a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// All classes together.
    Total,
    /// The class of this index.
    Class(usize),
    /// The station of this index.
    Station(usize),
}

/// A figure of a run: what it is about, and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FigureKey {
    /// What it is about.
    pub scope: Scope,
    /// A name of [`all_figure_names`].
    pub figure: String,
}

/// Whether the run collapsed: 0 or 1, so that its mean is a probability.
pub const COLLAPSED: &str = "collapsed";
const OPERATORS: &str = "operators.";
const STATION: &str = "station.";
const QUEUE: &str = "queue_length.";

/// Every name by which a figure of a run is asked for: those of [`figure_names`], of classes' operators, of stations, and
/// `collapsed`.
#[must_use]
pub fn all_figure_names() -> Vec<String> {
    let operators = OperatorFigures::<Single>::NAMES.iter().map(|name| format!("{OPERATORS}{name}"));
    let queues = QueueLength::<Single>::NAMES.iter().map(|name| format!("{STATION}{QUEUE}{name}"));
    let work = StationWork::<Single>::NAMES.iter().map(|name| format!("{STATION}{name}"));
    figure_names().into_iter().chain([COLLAPSED.to_owned()]).chain(operators).chain(queues).chain(work).collect()
}

/// The unit of a figure: `s`, `share`, `ratio` or `count`.
#[must_use]
pub fn figure_unit(figure: &str) -> &'static str {
    if figure.starts_with("wait.") || figure.starts_with("time_to_complete.") {
        "s"
    } else if figure == "requests_per_completion" {
        "ratio"
    } else if figure == COLLAPSED || figure.ends_with("_share") || figure.ends_with("utilisation") || figure.contains("within.") {
        "share"
    } else {
        "count"
    }
}

/// Where the figures of these names are found in a study: first the total, then each class, then each station.
#[must_use]
pub fn figure_keys(study: &Study, names: &[String]) -> Vec<FigureKey> {
    let scopes = |name: &str| -> Vec<Scope> {
        let classes = study.model.classes.iter().enumerate();
        if name == COLLAPSED {
            vec![Scope::Total]
        } else if name.starts_with(OPERATORS) {
            classes.filter(|(_, class)| class.operators.is_some()).map(|(id, _)| Scope::Class(id)).collect()
        } else if name.starts_with(STATION) {
            (0..study.model.stations.len()).map(Scope::Station).collect()
        } else {
            [Scope::Total].into_iter().chain(classes.map(|(id, _)| Scope::Class(id))).collect()
        }
    };
    let key = |(scope, name): (Scope, &String)| FigureKey { scope, figure: name.clone() };
    let mut keys: Vec<FigureKey> = names.iter().flat_map(|name| scopes(name).into_iter().map(move |s| key((s, name)))).collect();
    keys.sort_by_key(|key| key.scope);
    keys
}

/// Makes one run of a policy, or goes on with what `keeper` kept of it, and gives the figures that are asked for; `None` where
/// there was nothing to measure.
///
/// # Errors
/// When it was interrupted or broke the model's laws.
pub fn figures_of_run(
    study: &Study,
    policy: usize,
    replication: u32,
    keys: &[FigureKey],
    progress: &Progress,
    keeper: &mut dyn Keeper,
) -> Result<Vec<Option<f64>>, ExperimentError> {
    let factors = Factors::of(&study.experiment, replication);
    let run = one_run(study, policy, replication, factors, progress, keeper)?;
    Ok(keys.iter().map(|key| value(study, &run, key)).collect())
}

fn value(study: &Study, run: &RunFigures, key: &FigureKey) -> Single {
    match key.scope {
        Scope::Total if key.figure == COLLAPSED => Some(f64::from(u8::from(has_collapsed(&study.model, &run.series)))),
        Scope::Total => named(&run.total, &key.figure).copied().flatten(),
        Scope::Class(id) => match key.figure.strip_prefix(OPERATORS) {
            Some(name) => at(OperatorFigures::<Single>::NAMES, &run.operators.get(id)?.as_ref()?.values(), name),
            None => named(run.classes.get(id)?, &key.figure).copied().flatten(),
        },
        Scope::Station(id) => of_station(run.stations.get(id)?, key.figure.strip_prefix(STATION)?),
    }
}

fn of_station(station: &StationFigures<Single>, name: &str) -> Single {
    match name.strip_prefix(QUEUE) {
        Some(name) => at(QueueLength::<Single>::NAMES, &station.queue_length.values(), name),
        None => at(StationWork::<Single>::NAMES, &station.work.values(), name),
    }
}

fn at(names: &[&str], values: &[&Single], name: &str) -> Single {
    names.iter().zip(values).find(|(known, _)| **known == name).and_then(|(_, value)| **value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Nobody, Plan, run};
    use crate::scenario::Scenario;
    use std::path::Path;

    #[test]
    fn a_run_alone_has_the_figures_that_it_has_among_others() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small-example.json");
        let mut study = Scenario::load(&path).and_then(|scenario| scenario.compile(Some(0.1))).unwrap();
        study.experiment.replications = 1;
        let progress = Progress::default();
        let results = run(&study, &Plan { policies: vec![0, 1], threads: Some(1) }, &progress).unwrap();
        let names = all_figure_names();
        let keys = figure_keys(&study, &names);
        assert!(keys.windows(2).all(|pair| pair[0].scope <= pair[1].scope) && keys.len() > names.len());
        for (policy, result) in results.policies.iter().enumerate() {
            let values = figures_of_run(&study, policy, 0, &keys, &progress, &mut Nobody).unwrap();
            let find = |scope, figure: &str| {
                let place = keys.iter().position(|key| key.scope == scope && key.figure == figure);
                values[place.unwrap_or_else(|| panic!("{figure}"))]
            };
            let mean = |figure: crate::experiment::Figure| figure.map(|figure| figure.mean);
            assert_eq!(find(Scope::Total, "timeout_share"), mean(result.total.counts.timeout_share));
            assert_eq!(find(Scope::Class(0), "time_to_complete.p95"), mean(result.classes[0].time_to_complete.p95));
            assert_eq!(find(Scope::Class(1), "operators.uploaded"), mean(result.operators[1].as_ref().unwrap().uploaded));
            assert_eq!(find(Scope::Station(0), "station.queue_length.max"), mean(result.stations[0].queue_length.max));
            assert_eq!(find(Scope::Station(0), "station.wasted_share"), mean(result.stations[0].work.wasted_share));
            assert_eq!(find(Scope::Total, COLLAPSED), mean(result.collapse.probability));
            assert!(keys.iter().all(|key| key.figure != "operators.uploaded" || key.scope == Scope::Class(1)));
        }
    }
}
