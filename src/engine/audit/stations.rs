//! Laws of stations: what came went or is there, and the integrals over time are the sums over requests.

use super::super::line::Request;
use super::super::request::is_waiting;
use super::super::run::Run;
use super::super::service::Status;
use super::super::station::StationState;
use super::{Book, gap};
use crate::time::Time;

fn stations<'r>(run: &'r Run<'_>) -> impl Iterator<Item = (u16, &'r StationState)> {
    run.stations.iter().enumerate().map(|(index, station)| (index as u16, station))
}

/// When each request that waits at a station entered.
fn waiting<'r>(run: &'r Run<'_>, station: u16) -> impl Iterator<Item = Time> + 'r {
    let state = &run.stations[usize::from(station)];
    let waits = move |request: &&Request| !state.leaves || is_waiting(&run.people[request.person], request.ticket);
    state.line.iter().filter(waits).map(|request| request.entered)
}

pub(super) fn counts(run: &Run<'_>, book: &mut Book) {
    book.law(
        "stations: requests = served + refused + dropped + cut + left + still there",
        stations(run).map(|(index, s)| {
            let there = waiting(run, index).count() as u64 + run.requests_in_service(index);
            let t = &s.tally;
            gap(t.requests, t.served + t.refused + t.dropped + t.failed + t.vanished + t.left + there)
        }),
    );
    let everywhere: u64 = stations(run).map(|(index, _)| waiting(run, index).count() as u64).sum();
    let levels = stations(run).flat_map(|(index, s)| {
        [
            gap(u64::from(s.queue.level()), waiting(run, index).count() as u64),
            gap(u64::from(s.busy.level), run.services_under_way(index).count() as u64),
        ]
    });
    book.law(
        "stations: requests waiting and workers busy as counted one by one",
        levels.chain([gap(run.recorder.queued, everywhere)]),
    );
    let listed = |status| matches!(status, Status::UnderWay | Status::Cut);
    let with_end = run.services.iter().filter(|service| listed(service.status) && service.ends() < run.model.end);
    let with_end = with_end.filter(|service| run.stations[usize::from(service.station)].sharing.is_none());
    let looks: usize = run.stations.iter().filter_map(|s| s.sharing.as_ref()).map(|sharing| sharing.ticks).sum();
    book.law(
        "services: every one under way is to end once",
        [gap((run.departures.count() - looks) as u64, with_end.count() as u64)],
    );
}

pub(super) fn times(run: &Run<'_>, book: &mut Book) {
    book.law(
        "Little's law in every queue: integral of requests waiting = sum of their stays, in ns",
        stations(run).map(|(index, s)| {
            let there: u128 = waiting(run, index).map(|entered| s.queue.stay(run.now, entered)).sum();
            s.queue.area().wrapping_sub(s.queue.stays + there) as i128
        }),
    );
    book.law(
        "queues: the times at each length add up to the time counted, and with the lengths to the integral, in ns",
        stations(run).flat_map(|(_, s)| {
            let (time_at, counted) = (s.queue.time_at.histogram(), s.queue.counted(run.now));
            [time_at.count().wrapping_sub(counted) as i128, time_at.sum().wrapping_sub(s.queue.area()) as i128]
        }),
    );
    book.law(
        "Little's law in service: integral of busy workers = sum of service times, in ns",
        stations(run).map(|(index, s)| {
            let there: u128 = run.services_under_way(index).map(|service| s.busy.spent(run.now, service.started)).sum();
            s.busy.area().wrapping_sub(s.busy.work + there) as i128
        }),
    );
    book.law(
        "busy time = work drawn, slowed down, less what was cut or is still to do, in ns",
        stations(run).filter(|(_, s)| s.sharing.is_none()).map(|(index, s)| {
            let to_do: i128 = run.services_under_way(index).map(|service| service.left_to_do(run.now)).sum();
            s.busy.area() as i128 - (s.busy.booked - to_do)
        }),
    );
    book.law(
        "Little's law in calls: integral of workers held = sum of the times they were, in ns",
        stations(run).map(|(index, s)| {
            let held = run.services_under_way(index).filter(|service| service.status == Status::Held);
            let there: u128 = held.map(|service| s.held.stay(run.now, service.ends())).sum();
            s.held.area.wrapping_sub(s.held.done + there) as i128
        }),
    );
    book.law(
        "shared workers: what they did = what those served got, with what rounding lost, in 2^-32 ns",
        stations(run).filter_map(|(index, s)| Some((index, s.sharing.as_ref()?))).map(|(index, sharing)| {
            let there = (0..run.services.len() as u32).filter(|slot| run.is_under_way_at(*slot, index));
            sharing.law(there)
        }),
    );
}
