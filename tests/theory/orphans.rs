//! Work for nothing: refusals that cost, and orphans. The server does not know that a client has gone, so its queue is
//! that of clients who never go: a request is answered if its stay, in a queue that is known exactly, is shorter than its
//! timeout.

use super::chain::{birth_death, mean};
use super::family::families;
use super::lab::{Clock, System, exponential, seconds};
use super::table::Table;
use serde_json::json;

families! {
    one_worker_answers_those_who_still_wait:
        "Orphans: M/M/1/K whose clients leave after T, which the server does not learn",
        "chain for the queue, Erlang distributions for the stay, Simpson for the wasted work";
    refusals_cost_what_they_breed:
        "Refusals that cost the worker time",
        "Harris 1963 (branching) and Ross 1996, 3.6 (renewal-reward)";
}

const REPLICATIONS: u32 = 24;

/// M/M/1 with `places`: one who finds n before them stays for n + 1 exponential services. Answered in time are
/// P(Erlang(n + 1) ≤ T); wasted is the service of those who are late, a piece at a time over the start of service
/// (Erlang(n) with density f), E(S; S > x) = (x + 1)·e^−x.
fn one_worker_answers_those_who_still_wait(table: &mut Table) {
    let cases = [(0.8, 40, 6.0, "refuse"), (1.5, 30, 28.0, "refuse"), (1.5, 10, 15.0, "drop"), (3.0, 40, 41.0, "refuse")];
    for (rate, places, timeout, on_full) in cases {
        let case = format!("orphans, rate {rate}, {places} places, T {timeout}");
        let p = birth_death(|n| if n <= places { rate } else { 0.0 }, |_| 1.0);
        // Poisson probabilities of n services within T: Erlang(k) ≤ T when k or more.
        let within = |n: usize| 1.0 - (0..=n).map(|k| poisson(k, timeout)).sum::<f64>();
        let answered: f64 = p[..=places].iter().enumerate().map(|(n, p)| p * within(n)).sum();
        let wasted: f64 = p[..=places].iter().enumerate().map(|(n, p)| p * late_work(n, timeout)).sum();
        let accepted: f64 = p[..=places].iter().sum();
        let clock = Clock::steady(5e4, rate, 200.0);
        let station = json!({"workers": 1, "queue": places, "on_timeout": "orphan", "on_full": on_full});
        let class = json!({"timeout": seconds(timeout)});
        let system = System::desk(clock, rate, station, exponential(1.0), class);
        let [good, late, useless, refused, queue] = system.observe(&case, REPLICATIONS, |run| {
            let (tally, station) = (run.record.classes[0].tally, &run.record.stations[0]);
            [
                run.share(tally.answered, rate),
                run.share(tally.timeouts, rate),
                station.wasted as f64 * 1e-9 / (rate * run.clock.measured as f64),
                run.share(station.refused + station.dropped, rate),
                run.queue(0),
            ]
        });
        table.power(0.03);
        table.compare(&case, "answered per arrival", answered, &good);
        // A full queue that says nothing costs its client a timeout.
        let asked = if on_full == "drop" { 1.0 } else { accepted };
        table.compare(&case, "timeouts per arrival", asked - answered, &late);
        table.compare(&case, "wasted s per arrival", wasted, &useless);
        if p[places + 1] > 0.01 {
            table.compare(&case, "share turned away", p[places + 1], &refused);
        }
        table.compare(&case, "queue length", mean(&p, |n| n.saturating_sub(1) as f64), &queue);
    }
}

fn poisson(k: usize, mean: f64) -> f64 {
    (1..=k).fold((-mean).exp(), |p, n| p * mean / n as f64)
}

/// E(S; W + S > T), S exponential of mean 1 and W the sum of n more of them, by Simpson's rule.
fn late_work(n: usize, timeout: f64) -> f64 {
    let late = |left: f64| (left + 1.0) * (-left).exp();
    if n == 0 {
        return late(timeout);
    }
    const STEPS: usize = 2000;
    let h = timeout / STEPS as f64;
    let at = |i: usize| poisson(n - 1, i as f64 * h) * late(timeout - i as f64 * h);
    let inner: f64 = (1..STEPS).map(|i| at(i) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
    let started_in_time = h / 3.0 * (at(0) + inner + at(STEPS));
    // Those who start after T waste all of their service.
    started_in_time + (0..n).map(|k| poisson(k, timeout)).sum::<f64>()
}

/// One worker without a queue who pays for every refusal: a customer's service of mean 1 brings λ refusals on average,
/// each of which takes r and brings λ·r more. The branching process (Harris 1963) has the mean total 1/(1 − λr), and a
/// cycle is that and the time until the next customer, 1/λ (renewal-reward; Ross 1996, *Stochastic Processes*, 3.6).
fn refusals_cost_what_they_breed(table: &mut Table) {
    for (rate, cost) in [(0.8, 0.25), (3.0, 0.1)] {
        let case = format!("refusals that cost {cost} s, rate {rate}");
        let busy = 1.0 / (1.0 - rate * cost);
        let cycle = 1.0 / rate + busy;
        let clock = Clock::steady(4e4, rate, 20.0);
        let station = json!({"workers": 1, "queue": 0, "refusal_cost": seconds(cost)});
        let system = System::desk(clock, rate, station, exponential(1.0), json!({}));
        let [done, refused, occupied, wasted] = system.observe(&case, REPLICATIONS, |run| {
            let station = &run.record.stations[0];
            let wasted = station.wasted as f64 / station.busy as f64;
            [run.share(run.record.classes[0].tally.completed, rate), run.share(station.refused, rate), run.busy(0), wasted]
        });
        table.compare(&case, "share completed", 1.0 / cycle / rate, &done);
        table.compare(&case, "share refused", 1.0 - 1.0 / cycle / rate, &refused);
        table.compare(&case, "busy workers", busy / cycle, &occupied);
        table.compare(&case, "wasted share of busy", rate * cost, &wasted);
    }
}
