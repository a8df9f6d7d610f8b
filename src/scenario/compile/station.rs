//! Stations.

use super::super::alternatives::Timeout;
use super::super::leaf::Count;
use super::super::mistake::Checker;
use super::super::read::List;
use super::super::server::{self, Server};
use super::super::station::{Outage, Station, WorkersAt};
use super::{Context, conduct};
use crate::model;
use crate::random::NameHash;
use crate::time::Time;

/// Compiles a station.
pub(super) fn station(context: &Context<'_>, name: &str, record: &Station, check: &mut Checker<'_>) -> Option<model::Station> {
    let workers_at = check.within("workers_at", |check| workers_at(context, &record.workers_at, check));
    let outages = check.within("outages", |check| outages(context, &record.outages, check));
    let slowdown = record.slowdown.as_ref();
    let server = record.server;
    let workers = record.workers.map(Count::as_u32).or(server.map(Server::workers));
    let queue = match record.queue {
        Some(queue) => queue.0.map(Count::as_u32),
        None => server.map(Server::queue),
    };
    let conduct = conduct::conduct(context, record, queue, check);
    Some(model::Station {
        key: NameHash::new("station", name),
        workers: workers?,
        queue,
        discipline: record.discipline,
        on_timeout: record.on_timeout,
        on_full: record.on_full.or(server.map(|_| server::ON_FULL)).unwrap_or(model::OnFull::Refuse),
        refusal_cost: record.refusal_cost,
        slowdown: model::Slowdown {
            contention: slowdown.map_or(0.0, |slowdown| slowdown.contention.0),
            coherency: slowdown.map_or(0.0, |slowdown| slowdown.coherency.0),
            scale: 1.0,
        },
        workers_at: workers_at?,
        outages: outages?,
        conduct: conduct?,
    })
}

pub(super) fn workers_at(context: &Context<'_>, list: &List<WorkersAt>, check: &mut Checker<'_>) -> Option<Vec<(Time, u32)>> {
    let mut changes: Vec<(Time, u32)> = Vec::new();
    let mut good = true;
    for (i, change) in list.iter() {
        let at = check.within(i, |check| check.within("from", |check| context.within_clock(&change.from, check)));
        let Some(at) = at else {
            good = false;
            continue;
        };
        if changes.last().is_some_and(|(before, _)| at <= *before) {
            let text = format!("{} is not after the change before it; put the changes in order of time", change.from.text);
            check.within(i, |check| check.mistake_at("from", text));
            good = false;
        }
        changes.push((at, change.workers.as_u32()));
    }
    good.then_some(changes)
}

fn outages(context: &Context<'_>, list: &List<Outage>, check: &mut Checker<'_>) -> Option<Vec<model::Outage>> {
    let mut outages: Vec<(usize, model::Outage)> = Vec::new();
    for (i, outage) in list.iter() {
        let (from, to) = check.within(i, |check| context.piece(&outage.from, &outage.to, check))?;
        outages.push((i, model::Outage { from, to, why: outage.why.clone() }));
    }
    outages.sort_by_key(|(_, outage)| outage.from);
    let mut good = true;
    for pair in outages.windows(2) {
        if let [(first, before), (second, after)] = pair
            && after.from < before.to
        {
            let text = format!("this outage overlaps that of `outages/{first}`; join them or move one");
            check.mistake_at(second, text);
            good = false;
        }
    }
    good.then(|| outages.into_iter().map(|(_, outage)| outage).collect())
}

/// A station that drops in silence needs clients that stop waiting.
pub(super) fn drops(context: &Context<'_>, check: &mut Checker<'_>) {
    let drops = |name: &str| {
        let mut stations = context.file.stations.iter();
        stations.any(|(_, known, station)| {
            known == name
                && (station.on_full == Some(model::OnFull::Drop) || (station.on_full.is_none() && station.server.is_some()))
        })
    };
    for (_, name, class) in context.file.classes.iter() {
        for (i, step) in class.journey.iter() {
            let never = step.timeout.as_ref().unwrap_or(&class.timeout) == &Timeout::Never;
            if never && drops(&step.station) {
                let text = format!(
                    "this step never times out, and `{}` drops requests in silence; give a timeout, or set on_full to \"refuse\"",
                    step.station
                );
                check.within("classes", |check| {
                    check.within(name, |check| check.within("journey", |check| check.mistake_at(i, text)));
                });
            }
        }
    }
}
