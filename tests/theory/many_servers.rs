//! Poisson arrivals, exponential services, c workers: with an unbounded queue, a bounded one, none.

use super::chain::{birth_death, mean};
use super::family::families;
use super::lab::{Clock, System, exponential, on_a_bucket, seconds};
use super::table::Table;
use serde_json::json;

families! {
    mmc_waits_as_erlang_says:
        "M/M/c, unbounded queue, services of mean 1 s",
        "Erlang 1917: the delay formula; whoever waits, waits exponentially with mean 1/(c − λ)";
    many_workers_at_half_load_are_half_busy:
        "M/M/c at half load",
        "Little 1961: as many are busy as work is offered";
    a_bounded_queue_loses_as_its_chain_says:
        "M/M/c/K: a bounded queue",
        "birth-death chain, solved from the ratios of neighbours";
    without_a_queue_the_loss_is_erlangs_whatever_the_service:
        "M/G/c/c: no queue",
        "Erlang 1917: the loss formula, for any service (Sevastyanov 1957)";
}

/// Erlang's loss formula (Erlang 1917) by its recursion in the number of workers.
pub(crate) fn erlang_b(c: u32, offered: f64) -> f64 {
    (1..=c).fold(1.0, |b, n| offered * b / (f64::from(n) + offered * b))
}

/// Erlang's delay formula (Erlang 1917), from the loss formula.
pub(crate) fn erlang_c(c: u32, offered: f64) -> f64 {
    let b = erlang_b(c, offered);
    b / (1.0 - offered / f64::from(c) * (1.0 - b))
}

/// The relaxation time of M/M/c with services of mean 1: the longer of those of the queue (Morse 1955; Karlin &
/// McGregor 1958 for the spectrum) and of a service.
pub(crate) fn relaxation(c: u32, load: f64) -> f64 {
    let c = f64::from(c);
    (1.0 / (c.sqrt() - (load * c).sqrt()).powi(2)).max(1.0)
}

const REPLICATIONS: u32 = 24;

/// One system M/M/c, services of mean 1 s.
fn delay_system(table: &mut Table, c: u32, load: f64, arrivals: f64) {
    let case = format!("M/M/{c} at load {load}");
    let rate = load * f64::from(c);
    let clock = Clock::steady(arrivals / f64::from(REPLICATIONS), rate, relaxation(c, load));
    let system = System::desk(clock, rate, json!({"workers": c}), exponential(1.0), json!({}));
    // Given that there is one, the wait is exponential with this mean.
    let given = 1.0 / (f64::from(c) - rate);
    let t = on_a_bucket(given);
    let [wait, waited, long, queue] =
        system.observe(&case, REPLICATIONS, |run| [run.wait(0), run.waited(0, 1), run.waited(0, t), run.queue(0)]);
    let delayed = erlang_c(c, rate);
    table.compare(&case, "mean wait", delayed * given, &wait);
    table.compare(&case, "P(wait > 0)", delayed, &waited);
    table.compare(&case, &format!("P(wait > {:.4} s)", t as f64 * 1e-9), delayed * (-(t as f64) * 1e-9 / given).exp(), &long);
    table.compare(&case, "queue length", rate * delayed * given, &queue);
}

fn mmc_waits_as_erlang_says(table: &mut Table) {
    for (c, load, arrivals) in [(1, 0.5, 5e5), (10, 0.5, 2e6), (1, 0.9, 2e6), (10, 0.9, 2.5e6), (50, 0.9, 3e6)] {
        delay_system(table, c, load, arrivals);
    }
    // At load 0.98 a queue forgets in ten thousand services, and of 400 workers one in fifty keeps somebody waiting: a
    // smaller error would take minutes.
    table.power(0.06);
    for (c, load, arrivals) in [(1, 0.98, 9e6), (10, 0.98, 8e6), (50, 0.98, 6e6)] {
        delay_system(table, c, load, arrivals);
    }
    table.power(0.08);
    for (c, load, arrivals) in [(400, 0.9, 6e6), (400, 0.98, 5e6)] {
        delay_system(table, c, load, arrivals);
    }
}

/// At half load next to nobody waits for one of many workers: the busy ones are then as many as work is offered (Little 1961).
fn many_workers_at_half_load_are_half_busy(table: &mut Table) {
    for c in [50, 400] {
        let case = format!("M/M/{c} at load 0.5");
        let rate = 0.5 * f64::from(c);
        let clock = Clock::steady(2e4, rate, 1.0);
        let system = System::desk(clock, rate, json!({"workers": c}), exponential(1.0), json!({}));
        let [busy] = system.observe(&case, REPLICATIONS, |run| [run.busy(0)]);
        table.compare(&case, "busy workers", rate, &busy);
    }
}

fn a_bounded_queue_loses_as_its_chain_says(table: &mut Table) {
    for (c, places, load) in [(1, 4, 0.9), (1, 20, 1.2), (10, 5, 0.95), (50, 30, 1.1)] {
        let case = format!("M/M/{c} with {places} places at load {load}");
        let (rate, size) = (load * f64::from(c), c as usize + places);
        // The longest that such a chain takes to forget is of the order of a passage through its queue.
        let clock = Clock::steady(4e4, rate, (size * size) as f64 / f64::from(c) / 4.0 + 1.0);
        let p = birth_death(|n| if n < size { rate } else { 0.0 }, |n| n.min(c as usize) as f64);
        let queue = mean(&p, |n| n.saturating_sub(c as usize) as f64);
        let station = json!({"workers": c, "queue": places});
        let system = System::desk(clock, rate, station, exponential(1.0), json!({}));
        let [lost, waiting, wait, busy] = system.observe(&case, REPLICATIONS, |run| {
            [run.share(run.record.stations[0].refused, rate), run.queue(0), run.wait(0), run.busy(0)]
        });
        table.compare(&case, "share refused", p[size], &lost);
        table.compare(&case, "queue length", queue, &waiting);
        table.compare(&case, "mean wait", queue / (rate * (1.0 - p[size])), &wait);
        table.compare(&case, "busy workers", rate * (1.0 - p[size]), &busy);
    }
}

/// Without a queue the loss depends on services through their mean alone (Sevastyanov 1957).
fn without_a_queue_the_loss_is_erlangs_whatever_the_service(table: &mut Table) {
    table.power(0.03);
    for (c, offered) in [(1, 0.5), (10, 7.0), (100, 95.0)] {
        for (name, service) in [
            ("exponential", exponential(1.0)),
            ("constant", json!(seconds(1.0))),
            ("lognormal cv 2", json!({"lognormal": {"mean": "1s", "cv": 2}})),
        ] {
            let case = format!("M/G/{c}/{c}, {name}, {offered} offered");
            let clock = Clock::steady(6e4, offered, 20.0);
            let system = System::desk(clock, offered, json!({"workers": c, "queue": 0}), service, json!({}));
            let [lost] = system.observe(&case, REPLICATIONS, |run| [run.share(run.record.stations[0].refused, offered)]);
            table.compare(&case, "share refused", erlang_b(c, offered), &lost);
        }
    }
}
