//! What a study needs before anything is simulated: memory and events, at most, by its populations, tries and bins.

use crate::model::{Backoff, Class, Model, OnTimeout, Resume, Rule, Sampler, Study};
use crate::time::Span;

/// Bytes of someone in the system: 40, a free slot's number, and a request that waits or a pause with what it stands in.
const PERSON: f64 = 76.0;
/// Bytes of a request that waits.
const REQUEST: f64 = 32.0;
/// Requests of one person in queues without bound that are counted at most, where clients leave and servers do not know.
const ORPHANS: f64 = 10.0;
/// Bytes of a histogram that has seen values over six orders of magnitude.
const HISTOGRAM: f64 = 160.0 * 1024.0;
/// Bytes of one bin of a class and of a station while it is counted, and when runs are added up.
const CLASS_BIN: (f64, f64) = (60.0, 2.0 * 96.0);
const STATION_BIN: (f64, f64) = (32.0, 2.0 * 56.0);
/// Bytes kept of every run by bin and station: the queue, of which quantiles are shown.
const KEPT_BIN: f64 = 8.0;
/// Bytes of one slot of arrivals of a class, kept of every run.
const SLOT: f64 = 64.0;
/// Replications whose series are held at once.
const HELD: f64 = 64.0;
/// Arrival, end of think, end of service, timeout: what one try of a step is at most.
const EVENTS_OF_A_TRY: f64 = 3.0;

/// How much is to be run.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Policies.
    pub policies: usize,
    /// Replications of each, at most.
    pub replications: u32,
    /// Runs at one time.
    pub threads: usize,
}

/// What a study needs, at most: everybody in the system at once, every try made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Needs {
    /// Bytes of memory.
    pub memory: f64,
    /// State events of all runs together.
    pub events: f64,
    /// The part of `memory` that series take.
    pub of_series: f64,
    /// The part of `memory` that people take.
    pub of_people: f64,
}

/// Estimates from above what a study needs.
///
/// People: all of every class in the system at once, in as many runs as go on at one time, and some orphans of each in queues without
/// bound. Events: every try of every
/// session that a class may make, as far as the pauses between them (in the mean) leave time for it before the end of the clock, and every look of a health
/// check or of an autoscaler.
#[must_use]
pub fn needs(study: &Study, load: &Load) -> Needs {
    let model = &study.model;
    let unsure = study.experiment.demand_cv.is_some() || study.experiment.capacity_cv.is_some();
    let runs = load.policies as f64 * f64::from(load.replications);
    let at_once = (load.threads as f64).min(runs);
    let people: f64 = model.classes.iter().map(|class| class.population.mean()).sum();
    let of_people = at_once * (people * PERSON + orphans(model) * REQUEST);
    let (classes, stations) = (model.classes.len() as f64, model.stations.len() as f64);
    let bins = model.bins() as f64;
    let held = load.policies as f64 * f64::from(load.replications).min(HELD) + at_once;
    let one = classes * CLASS_BIN.0 + stations * STATION_BIN.0;
    let sums = load.policies as f64 * (classes * CLASS_BIN.1 + stations * STATION_BIN.1);
    let of_series = bins * (held * one + sums + runs * stations * KEPT_BIN) + runs * classes * model.slots() as f64 * SLOT;
    let histograms = (at_once * (2.0 * classes + stations) + held) * HISTOGRAM;
    let events = (people_events(model) + looks(model)) * runs * if unsure { 2.0 } else { 1.0 };
    Needs { memory: of_people + of_series + histograms, events, of_series, of_people }
}

fn people_events(model: &Model) -> f64 {
    let one = |class: &Class| class.population.mean() * (1.0 + tries(class, model) * EVENTS_OF_A_TRY);
    model.classes.iter().map(one).sum()
}

/// The most tries of steps that one person makes.
fn tries(class: &Class, model: &Model) -> f64 {
    let clock = Span(model.end.0).seconds();
    let fit = |pause: f64| if pause > 0.0 { clock / pause } else { f64::INFINITY };
    let retry = &class.retry;
    let steps = class.journey.len() as f64;
    let returns = f64::from(retry.returns).min(fit(retry.return_after.as_ref().map_or(0.0, Sampler::mean_seconds)));
    let backoff = match &retry.backoff {
        Backoff::Drawn(sampler) => sampler.mean_seconds(),
        Backoff::CappedExponential { .. } => {
            // Half of the mean of its waits, which full jitter leaves of them.
            let waits = retry.backoff.waits(retry.attempts);
            let last = waits.last().copied().unwrap_or(0.0);
            let later = f64::from(retry.attempts) - waits.len() as f64;
            0.5 * (waits.iter().sum::<f64>() + later * last) / f64::from(retry.attempts) * 1e-9
        }
    };
    let pauses = fit(backoff);
    let begun = 1.0 + returns;
    // A failed try is followed by a pause; what is answered is one try a step and session.
    let failed = match retry.resume {
        Resume::Step => (begun * steps * (f64::from(retry.attempts) - 1.0)).min(pauses),
        Resume::Journey => (begun * (f64::from(retry.attempts) - 1.0)).min(pauses) * steps,
    };
    begun * steps + failed
}

/// Requests in queues without bound whose clients have left: no bound is known, so a number of them for each person.
fn orphans(model: &Model) -> f64 {
    let endless = |station: u16| {
        let station = &model.stations[usize::from(station)];
        station.queue.is_none() && station.on_timeout == OnTimeout::Orphan
    };
    let one = |class: &Class| {
        let waits = class.journey.iter().filter(|step| endless(step.station) && step.may_time_out()).count();
        if waits == 0 { 0.0 } else { class.population.mean() * tries(class, model).min(ORPHANS) }
    };
    model.classes.iter().map(one).sum()
}

/// Looks of health checks and autoscalers over the clock.
fn looks(model: &Model) -> f64 {
    let clock = model.end.0 as f64;
    let of = |every: Span| clock / (every.0 as f64).max(1.0);
    let checks = model.stations.iter().filter_map(|station| station.conduct.health_check).map(|check| of(check.every));
    let scale = |rule: &Rule| if let Rule::Autoscale(rule) = rule { of(rule.every) } else { 0.0 };
    let scalers = model.policies.iter().map(|policy| policy.rules.iter().map(scale).sum::<f64>());
    checks.sum::<f64>() + scalers.fold(0.0, f64::max)
}
