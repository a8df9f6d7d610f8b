//! The stations in plain words: who is served next, what a full queue does, what changes over the clock.

use super::words::plural;
use crate::model::{Discipline, OnFull, OnTimeout, Station, Study};
use crate::time::{Span, Time};
use std::fmt::Write;

/// Tells of a station.
pub(super) fn describe(study: &Study, station: &Station, name: &str, out: &mut String) -> std::fmt::Result {
    let label = |at: Time| study.calendar.label(at);
    let queue = station
        .queue
        .map_or("a queue without bound".to_owned(), |places| plural(u64::from(places), "waiting place", "waiting places"));
    writeln!(out, "  {name}: {}, {queue}", plural(u64::from(station.workers), "worker", "workers"))?;
    for (at, workers) in &station.workers_at {
        writeln!(out, "    {} from {}", plural(u64::from(*workers), "worker", "workers"), label(*at))?;
    }
    for outage in &station.outages {
        let why = if outage.why.is_empty() { String::new() } else { format!(": {}", outage.why) };
        writeln!(out, "    down from {} to {}{why}", label(outage.from), label(outage.to))?;
    }
    writeln!(out, "    serves {}", order(station.discipline))?;
    if station.queue.is_some() {
        let full = match station.on_full {
            OnFull::Refuse => "refuses at once",
            OnFull::Drop => "is silent, and the client finds out by its timeout",
        };
        writeln!(out, "    when its queue is full it {full}")?;
        if station.refusal_cost > Span::ZERO {
            writeln!(out, "    each refusal at a full queue costs {} of a worker's time", station.refusal_cost)?;
        }
    }
    if !station.slowdown.is_none() {
        let (slow, busy) = (station.slowdown, station.workers.max(1));
        let times = slow.factor(busy);
        let (contention, coherency) = (slow.contention, slow.coherency);
        writeln!(
            out,
            "    slows as workers get busy: with {busy} busy a request takes {times:.2} times as long (contention {contention}, coherency {coherency})"
        )?;
    }
    match station.on_timeout {
        OnTimeout::Orphan => writeln!(out, "    goes on to serve requests whose client has left")?,
        OnTimeout::Leave => writeln!(out, "    drops requests whose client has left")?,
    }
    conduct(study, station, out)
}

/// Tells what it does beyond serving from a queue.
fn conduct(study: &Study, station: &Station, out: &mut String) -> std::fmt::Result {
    let conduct = &station.conduct;
    if let Some(connections) = conduct.connections {
        writeln!(out, "    serves at most {} at once", plural(u64::from(connections), "request", "requests"))?;
    }
    if let Some(call) = &conduct.calls {
        let name = study.names.stations.get(usize::from(call.station)).map_or("", String::as_str);
        let share = if call.share < 1.0 { format!(" for {:.4} % of the requests", 100.0 * call.share) } else { String::new() };
        let tries = if call.attempts > 1 { format!(", {} tries in all", call.attempts) } else { String::new() };
        writeln!(out, "    each worker calls {name}{share} and is held until the answer{tries}")?;
    }
    if let Some(crash) = conduct.crash {
        writeln!(out, "    crashes when {} wait, and is down for {}", crash.queue, crash.restart)?;
    }
    if let Some(cold) = conduct.cold_start {
        writeln!(
            out,
            "    serves {} times as long after it was down; what is above 1 halves every {}",
            cold.slower, cold.half_life
        )?;
    }
    if let Some(health) = conduct.health_check {
        let (every, slow) = (health.every, health.slower_than);
        writeln!(
            out,
            "    is looked at every {every}: out of service after {} looks at which someone waited longer than {slow}, back after {} good ones",
            health.fall, health.rise
        )?;
    }
    Ok(())
}

/// Who is served next, in words.
pub(super) fn order(discipline: Discipline) -> &'static str {
    match discipline {
        Discipline::Fifo => "first in, first out",
        Discipline::Lifo => "last in, first out",
        Discipline::Priority => "by the priority of the class, first in first out within one",
        Discipline::Random => "in random order",
        Discipline::ProcessorSharing => "all at once, each at an equal part of the workers' time",
    }
}
