//! What a station does beyond serving from a queue.

use super::super::leaf::Count;
use super::super::mistake::{Checker, suggestion};
use super::super::station::Station;
use super::super::tree::shorten;
use super::{Context, distribution};
use crate::model::{self, Discipline, OnFull, OnTimeout};
use crate::time::Span;

/// Compiles it, with what makes no sense at this station.
pub(super) fn conduct(
    context: &Context<'_>,
    record: &Station,
    queue: Option<u32>,
    check: &mut Checker<'_>,
) -> Option<model::Conduct> {
    let calls = match &record.calls {
        Some(_) => check.within("calls", |check| call(context, record, check)).map(Some),
        None => Some(None),
    };
    let mut good = sharing(record, check);
    let crash = record.crash.as_ref().map(|crash| model::Crash { queue: crash.queue.as_u32(), restart: crash.restart });
    if let (Some(crash), Some(places)) = (crash, queue)
        && crash.queue > places
    {
        let text = format!("{} never wait where the queue has {places} places; set it to {places} or fewer", crash.queue);
        check.within("crash", |check| check.mistake_at("queue", text));
        good = false;
    }
    let cold_start = record.cold_start.as_ref();
    if cold_start.is_some_and(|cold| cold.half_life == Span::ZERO) {
        check.within("cold_start", |check| check.mistake_at("half_life", "it is zero; give a time such as \"10min\""));
        good = false;
    }
    if cold_start.is_some() && record.crash.is_none() && record.outages.0.is_empty() {
        check.mistake_at(
            "cold_start",
            "the station is never down, so it never starts cold; give it a `crash` or `outages`, or remove this",
        );
        good = false;
    }
    let health_check = record.health_check.as_ref();
    if health_check.is_some_and(|health| health.every < Span::from_seconds(1)) {
        check.within("health_check", |check| check.mistake_at("every", "more often than once a second; give \"1s\" or more"));
        good = false;
    }
    let calls = calls?;
    good.then(|| model::Conduct {
        calls,
        connections: record.connections.and_then(|connections| connections.0).map(Count::as_u32),
        crash,
        cold_start: cold_start.map(|cold| model::ColdStart { slower: cold.slower.0, half_life: cold.half_life }),
        health_check: health_check.map(|health| model::HealthCheck {
            every: health.every,
            slower_than: health.slower_than,
            fall: health.fall.as_u16(),
            rise: health.rise.as_u16(),
        }),
    })
}

/// What goes with shared workers and what does not.
fn sharing(record: &Station, check: &mut Checker<'_>) -> bool {
    let shared = record.discipline == Discipline::ProcessorSharing;
    let mut good = true;
    let mut wrong = |key: &str, given: bool, text: &str| {
        if given {
            check.mistake_at(key, text);
            good = false;
        }
    };
    wrong(
        "connections",
        !shared && record.connections.is_some(),
        "only a station whose discipline is \"processor_sharing\" has `connections`; elsewhere a request takes a worker: set `workers`",
    );
    wrong(
        "slowdown",
        shared && record.slowdown.is_some(),
        "shared workers slow down by being shared; remove the slowdown, or use another discipline",
    );
    wrong(
        "calls",
        shared && record.calls.is_some(),
        "shared workers hold nobody; let a station of threads call this one, and put the call there",
    );
    let zero = record.connections.is_some_and(|connections| connections.0.is_some_and(|n| n.0 == 0));
    wrong("connections", shared && zero, "with no connection nobody is ever served; give at least 1");
    good
}

fn call(context: &Context<'_>, record: &Station, check: &mut Checker<'_>) -> Option<model::Call> {
    let call = record.calls.as_ref()?;
    let service = check.within("service", |check| distribution::sampler(&call.service, check));
    let station = context.file.stations.position(&call.station);
    if station.is_none() {
        let hint = suggestion(&call.station, context.file.stations.names());
        check.mistake_at("station", format!("no station is called `{}`; {hint}", shorten(&call.station)));
    }
    Some(model::Call {
        station: u16::try_from(station?).ok()?,
        service: service?,
        share: call.share.0,
        attempts: call.attempts.as_u16(),
    })
}

/// What makes no sense among stations that call each other: rings, and silence or haste where a worker waits.
pub(super) fn calls(context: &Context<'_>, check: &mut Checker<'_>) {
    let stations = &context.file.stations;
    let callee = |name: &str| {
        let station = stations.iter().find(|(_, known, _)| *known == name)?.2;
        station.calls.as_ref().map(|call| call.station.as_str())
    };
    for (_, name, station) in stations.iter() {
        let Some(call) = &station.calls else { continue };
        let mut seen = vec![name];
        let mut at = call.station.as_str();
        while !seen.contains(&at) {
            seen.push(at);
            match callee(at) {
                Some(next) => at = next,
                None => break,
            }
        }
        let mut tell = |text: String| {
            check.within("stations", |check| {
                check.within(name, |check| check.within("calls", |check| check.mistake_at("station", text)));
            });
        };
        if at == name && (seen.len() > 1 || call.station == name) {
            seen.push(name);
            tell(format!("these stations call each other in a ring: {}; a call must end somewhere", seen.join(" -> ")));
            continue;
        }
        let Some((_, _, called)) = stations.iter().find(|(_, known, _)| *known == call.station) else { continue };
        let on_full = called.on_full.or(called.server.map(|_| super::super::server::ON_FULL)).unwrap_or(OnFull::Refuse);
        if on_full == OnFull::Drop {
            tell(format!(
                "`{}` drops requests in silence, and the worker who calls it would wait for ever; set its on_full to \"refuse\"",
                shorten(&call.station)
            ));
        }
        if called.on_timeout == OnTimeout::Leave {
            tell(format!(
                "`{}` has on_timeout \"leave\", but who waits there is a worker and not the client; set it to \"orphan\"",
                shorten(&call.station)
            ));
        }
    }
}
