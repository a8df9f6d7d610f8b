//! Opening times day by day.

use super::super::Scenario;
use super::super::rules::WrittenRule;
use super::places::order;
use super::words::grouped;
use crate::model::{Intervals, StationChange, Study};
use crate::time::Time;
use jiff::civil::Date;

/// Lines for one class at most; a longer calendar ends in an ellipsis.
const MAX_LINES: usize = 14;

/// What the rules of a policy say, in their order.
pub(super) fn rules(scenario: &Scenario, study: &Study, policy: usize) -> Vec<String> {
    let written = scenario.file.policies.0.get(policy).and_then(|(_, policy)| policy.as_ref());
    let written = written.into_iter().flat_map(|policy| policy.rules.iter().map(|(_, rule)| rule));
    let rules = study.model.policies[policy].rules.iter().zip(written);
    rules.flat_map(|(rule, written)| written.explain(rule, study)).collect()
}

/// What a policy changes of the stations, one line for each.
pub(super) fn stations(study: &Study, policy: usize) -> Vec<String> {
    let of_station = |change: &StationChange| {
        let mut parts = Vec::new();
        parts.extend(change.workers.map(|workers| format!("{} workers", grouped(f64::from(workers)))));
        parts.extend(
            change
                .workers_at
                .iter()
                .flatten()
                .map(|(at, workers)| format!("{} workers from {}", grouped(f64::from(*workers)), study.calendar.label(*at))),
        );
        if change.workers_at.as_ref().is_some_and(Vec::is_empty) {
            parts.push("no changes of its workers".to_owned());
        }
        parts.extend(change.queue.map(|queue| match queue {
            None => "places without end".to_owned(),
            Some(places) => format!("{} waiting places", grouped(f64::from(places))),
        }));
        parts.extend(change.discipline.map(|discipline| format!("serves {}", order(discipline))));
        format!("{} has {}", study.names.stations[change.station], parts.join(", "))
    };
    study.model.policies[policy].stations.iter().map(of_station).collect()
}

/// Opening times, one line for each run of days that are alike.
pub(crate) fn opening_days(study: &Study, open: &Intervals) -> Vec<String> {
    let mut runs: Vec<(Date, Date, String)> = Vec::new();
    for day in study.calendar.days(study.model.end) {
        let Some((from, to)) = bounds(study, day) else { continue };
        let text = day_text(study, open, from, to);
        match runs.last_mut() {
            Some((_, last, same)) if *same == text => *last = day,
            _ => runs.push((day, day, text)),
        }
    }
    let more = runs.len() > MAX_LINES;
    let mut lines: Vec<String> = runs
        .into_iter()
        .take(MAX_LINES)
        .map(|(first, last, text)| if first == last { format!("{first}: {text}") } else { format!("{first} to {last}: {text}") })
        .collect();
    if more {
        lines.push("… and so on".to_owned());
    }
    lines
}

/// The part of a civil day that lies within the clock.
fn bounds(study: &Study, day: Date) -> Option<(Time, Time)> {
    let from = study.calendar.at_or_after(day.at(0, 0, 0, 0));
    let to = day.tomorrow().map_or(Time::NEVER, |next| study.calendar.at_or_after(next.at(0, 0, 0, 0)));
    let to = to.min(study.model.end);
    (from < to).then_some((from, to))
}

fn day_text(study: &Study, open: &Intervals, from: Time, to: Time) -> String {
    let pieces = open.pieces().iter().map(|(start, end)| (*start.max(&from), *end.min(&to)));
    let pieces: Vec<(Time, Time)> = pieces.filter(|(start, end)| start < end).collect();
    match pieces[..] {
        [] => "never".to_owned(),
        [(start, end)] if start == from && end == to => "at any time".to_owned(),
        _ => {
            let clock = |at: Time, end: bool| {
                let label = study.calendar.label(at);
                let time = label.split_once('T').map_or("", |(_, time)| time).to_owned();
                if end && time == "00:00" { "24:00".to_owned() } else { time }
            };
            pieces
                .iter()
                .map(|(start, end)| format!("{}-{}", clock(*start, false), clock(*end, true)))
                .collect::<Vec<_>>()
                .join(", ")
        }
    }
}
