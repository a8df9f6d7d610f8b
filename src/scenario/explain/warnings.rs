//! What decides whether an overload passes or stays (Bronson et al., HotOS'21; Huang et al., OSDI'22).

use super::fluid::longest_wait;
use super::load;
use super::words::{grouped, plural};
use crate::model::{OnTimeout, Station, Study, Timeout, TimeoutCovers};
use crate::time::Time;

/// Warnings on a scenario, in plain words; empty where nothing is to be feared.
///
/// For each station that serves orphans: whether a full queue makes people wait longer than they are willing to, so
/// that nearly all work is wasted; and whether retries then keep the station over its capacity. For the classes that
/// windows keep out: whether all of them come back in one instant.
#[must_use]
pub fn warnings(study: &Study) -> Vec<String> {
    let mut warnings = Vec::new();
    for cliff in cliffs(study).iter().filter(|cliff| cliff.reached()) {
        let name = &study.names.stations[cliff.station];
        let full = match cliff.full {
            wait if wait.is_finite() => format!("with {} a full queue takes {} to serve", cliff.workers(), spoken(wait)),
            _ => "its queue has no bound".to_owned(),
        };
        warnings.push(format!(
            "zombie cliff at `{name}`: {full}, and `{}` wait {} at most; once the queue has grown that long nearly all work is \
             done for people who have left. Shorten the queue to about {} places, or let requests leave on timeout.",
            cliff.least.class,
            spoken(cliff.least.timeout),
            grouped((cliff.least.timeout / cliff.one).floor().max(1.0)),
        ));
        let all = load::row(study, Time::ZERO, study.model.end);
        let (work, capacity) = all.stations[cliff.station];
        let offered = work / capacity.max(f64::MIN_POSITIVE);
        let attempts = cliff.attempts;
        if attempts > 1 && capacity > 0.0 && offered * f64::from(attempts) > 1.0 {
            warnings.push(format!(
                "lock-in at `{name}`: over the whole clock {} of its capacity is asked for, and up to {attempts} tries make that {}; \
                 once overloaded it may stay so when the rush is over. It recovers by itself below {} of capacity.",
                percent(offered),
                percent(offered * f64::from(attempts)),
                percent(1.0 / f64::from(attempts)),
            ));
        }
    }
    warnings.extend(sharp_openings(study));
    warnings
}

/// Why a station whose full queue would be too long is nevertheless not warned of.
pub(super) fn calm(study: &Study) -> Vec<String> {
    let cliffs = cliffs(study);
    let calm = cliffs.iter().filter(|cliff| !cliff.reached());
    calm.map(|cliff| {
        let most = match cliff.longest {
            wait if wait < 0.001 => "1 ms".to_owned(),
            wait => spoken(wait),
        };
        format!(
            "{}: a queue longer than `{}` wait ({}) would waste nearly all work, but the load does not build one: even if all \
             tries were made at once, waits would stay below {most} (outages and returns after giving up left out)",
            study.names.stations[cliff.station],
            cliff.least.class,
            spoken(cliff.least.timeout),
        )
    })
    .collect()
}

/// A station whose queue has room for more work than its clients wait for.
struct Cliff<'a> {
    station: usize,
    least: Impatient<'a>,
    /// The most tries of those who would wait in vain.
    attempts: u16,
    fewest: u32,
    /// Seconds that one place costs, and that a full queue takes.
    one: f64,
    full: f64,
    /// The longest wait to be expected.
    longest: f64,
}

impl Cliff<'_> {
    fn reached(&self) -> bool {
        self.longest + self.least.service > self.least.timeout
    }

    fn workers(&self) -> String {
        plural(u64::from(self.fewest), "worker", "workers")
    }
}

fn cliffs(study: &Study) -> Vec<Cliff<'_>> {
    let all = load::row(study, Time::ZERO, study.model.end);
    let mut cliffs = Vec::new();
    for (i, station) in study.model.stations.iter().enumerate() {
        let impatient = impatient(study, i);
        if station.on_timeout != OnTimeout::Orphan || all.stations[i].0 == 0.0 {
            continue;
        }
        let full = full_wait(study, i, station);
        let wasted = impatient.into_iter().filter(|client| full + client.service > client.timeout);
        let mut wasted: Vec<Impatient<'_>> = wasted.collect();
        let attempts = wasted.iter().map(|client| client.attempts).max().unwrap_or(1);
        wasted.sort_by(|a, b| a.timeout.total_cmp(&b.timeout));
        let Some(least) = wasted.into_iter().next() else { continue };
        let longest = longest_wait(study, i, least.timeout);
        let (fewest, one) = (fewest_workers(station), full_wait_of_one(study, i, station));
        cliffs.push(Cliff { station: i, least, attempts, fewest, one, full, longest });
    }
    cliffs
}

/// Whether the windows of some policy shut a class out and let it, or a cohort of it, in again within the clock.
pub(super) fn kept_out(study: &Study, class: usize) -> bool {
    (0..study.model.policies.len()).any(|policy| opens_again(study, policy, class))
}

fn opens_again(study: &Study, policy: usize, class: usize) -> bool {
    study.model.policies[policy].windows().any(|rule| {
        let mut starts = rule.classes[class].iter().flat_map(|cohort| cohort.open.pieces());
        starts.any(|(start, _)| *start > Time::ZERO)
    })
}

/// Classes of which all who were kept out come back in the same instant. Operators are few, and come when it opens.
fn sharp_openings(study: &Study) -> Option<String> {
    let at_once = |class: &usize| {
        let class = &study.model.classes[*class];
        class.closed.return_delay.is_none() && class.operators.is_none() && class.population.mean() > 0.0
    };
    let classes = (0..study.model.classes.len()).filter(at_once).filter(|class| kept_out(study, *class));
    let classes: Vec<usize> = classes.collect();
    let named = |names: Vec<&String>| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let policies = study.names.policies.iter().enumerate();
    let policies = policies.filter(|(policy, _)| classes.iter().any(|class| opens_again(study, *policy, *class)));
    let policies = named(policies.map(|(_, name)| name).collect());
    let who = named(classes.iter().map(|class| &study.names.classes[*class]).collect());
    (!classes.is_empty()).then(|| {
        format!(
            "sharp openings for {who}: windows of {policies} keep them out, and without a `closed` block that gives a `return_delay` all \
             of them come back in the same instant of the opening, a sharper rush than people make. Spread them, for example by \
             \"closed\": {{\"return_delay\": {{\"exponential\": {{\"mean\": \"20min\"}}}}}}."
        )
    })
}

struct Impatient<'a> {
    class: &'a str,
    timeout: f64,
    /// Counts against the timeout.
    service: f64,
    attempts: u16,
}

/// The steps at a station whose client stops waiting.
fn impatient(study: &Study, station: usize) -> Vec<Impatient<'_>> {
    let classes = study.model.classes.iter().zip(&study.names.classes).filter(|(class, _)| class.population.mean() > 0.0);
    let steps = classes.flat_map(|(class, name)| class.journey.iter().map(move |step| (class, name, step)));
    let here = steps.filter(|(_, _, step)| usize::from(step.station) == station);
    here.filter_map(|(class, name, step)| match &step.timeout {
        Timeout::Never => None,
        Timeout::After(after) => Some(Impatient {
            class: name,
            timeout: after.mean_seconds(),
            service: if step.covers == TimeoutCovers::Answer { step.service.mean_seconds() } else { 0.0 },
            attempts: class.retry.attempts,
        }),
    })
    .collect()
}

/// Mean work of a request at a station, over the people who come to it.
fn mean_service(study: &Study, station: usize) -> f64 {
    let (mut work, mut requests) = (0.0, 0.0);
    for class in &study.model.classes {
        for step in class.journey.iter().filter(|step| usize::from(step.station) == station) {
            requests += class.population.mean();
            work += class.population.mean() * step.service.mean_seconds();
        }
    }
    if requests > 0.0 { work / requests } else { 0.0 }
}

/// Seconds that one place in the queue costs: the mean work over the fewest workers the station has while it
/// has any.
fn full_wait_of_one(study: &Study, index: usize, station: &Station) -> f64 {
    let fewest = fewest_workers(station);
    mean_service(study, index) * station.slowdown.factor(fewest) / f64::from(fewest)
}

fn fewest_workers(station: &Station) -> u32 {
    let numbers = station.workers_at.iter().map(|(_, workers)| *workers).chain([station.workers]);
    numbers.filter(|workers| *workers > 0).min().unwrap_or(1)
}

/// (places + 1) / (workers · rate); infinite for a queue without bound.
fn full_wait(study: &Study, index: usize, station: &Station) -> f64 {
    let places = station.queue.map_or(f64::INFINITY, f64::from);
    (places + 1.0) * full_wait_of_one(study, index, station)
}

/// A length of time in seconds, roughly, as a person would say it.
pub(super) fn spoken(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => format!("{:.0} ms", s * 1e3),
        s if s < 120.0 => format!("{s:.1} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s if s.is_finite() => format!("{:.1} d", s / 86_400.0),
        _ => "for ever".to_owned(),
    }
}

/// A share as a percentage.
pub(crate) fn percent(share: f64) -> String {
    if !share.is_finite() {
        "endless".to_owned()
    } else if share < 0.1 {
        format!("{:.1} %", share * 100.0)
    } else {
        format!("{:.0} %", share * 100.0)
    }
}
