//! What decides whether an overload passes or stays (Bronson et al., HotOS'21; Huang et al., OSDI'22).

use super::load;
use crate::model::{OnTimeout, Station, Study, Timeout, TimeoutCovers};
use crate::time::Time;

/// Warnings on a scenario, in plain words; empty where nothing is to be feared.
///
/// For each station that serves orphans: whether a full queue makes people wait longer than they are willing to, so
/// that nearly all work is wasted; and whether retries then keep the station over its capacity.
#[must_use]
pub fn warnings(study: &Study) -> Vec<String> {
    let all = load::row(study, Time::ZERO, study.model.end);
    let mut warnings = Vec::new();
    for (i, station) in study.model.stations.iter().enumerate() {
        let (work, capacity) = all.stations[i];
        let impatient = impatient(study, i);
        if station.on_timeout != OnTimeout::Orphan || impatient.is_empty() || work == 0.0 {
            continue;
        }
        let wait = full_wait(study, i, station);
        let wasted: Vec<&Impatient> = impatient.iter().filter(|client| wait + client.service > client.timeout).collect();
        let Some(least) = wasted.iter().min_by(|a, b| a.timeout.total_cmp(&b.timeout)) else { continue };
        let name = &study.names.stations[i];
        warnings.push(format!(
            "zombie cliff at `{name}`: {}, and `{}` wait {} at most; once the queue has grown that long nearly all work is \
             done for people who have left. Shorten the queue to about {:.0} places, or let requests leave on timeout.",
            match station.queue {
                Some(_) => format!("with {} workers a full queue takes {} to serve", fewest_workers(station), spoken(wait)),
                None => "its queue has no bound".to_owned(),
            },
            least.class,
            spoken(least.timeout),
            (least.timeout / full_wait_of_one(study, i, station)).floor().max(1.0),
        ));
        let attempts = wasted.iter().map(|client| client.attempts).max().unwrap_or(1);
        let offered = work / capacity.max(f64::MIN_POSITIVE);
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
    warnings
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
pub(super) fn percent(share: f64) -> String {
    if !share.is_finite() {
        "endless".to_owned()
    } else if share < 0.1 {
        format!("{:.1} %", share * 100.0)
    } else {
        format!("{:.0} %", share * 100.0)
    }
}
