//! Poisson arrivals and services of any distribution: one worker, and several with constant services.

use super::chain::mean;
use super::family::families;
use super::lab::{Clock, System, seconds};
use super::table::Table;
use serde_json::{Value, json};

families! {
    one_worker_waits_as_pollaczek_and_khinchine_say:
        "M/G/1, services of mean 1 s",
        "Pollaczek 1930 and Khinchine 1932; Takács 1962 for the mean square";
    services_of_great_variance_too:
        "M/G/1, services of great variance",
        "Pollaczek 1930 and Khinchine 1932";
    constant_services_wait_as_crommelin_says:
        "M/D/c, services of 1 s",
        "Crommelin 1932, iterated to its fixed point";
}

const REPLICATIONS: u32 = 24;

/// A distribution of mean 1 with its second and third moment about zero.
struct Service {
    name: &'static str,
    json: Value,
    second: f64,
    third: f64,
}

fn services() -> [Service; 5] {
    // Gamma of shape k and mean 1: E S² = 1 + 1/k, E S³ = (1 + 1/k)(1 + 2/k). Lognormal of mean 1: E Sⁿ = (1 + cv²)^(n(n−1)/2).
    let gamma = |cv: f64| (1.0 + cv * cv, (1.0 + cv * cv) * (1.0 + 2.0 * cv * cv));
    let lognormal = |cv: f64| (1.0 + cv * cv, (1.0 + cv * cv).powi(3));
    let of = |name, json, (second, third)| Service { name, json, second, third };
    [
        of("constant", json!("1s"), (1.0, 1.0)),
        of("gamma cv 0.5", json!({"gamma": {"mean": "1s", "cv": 0.5}}), gamma(0.5)),
        of("gamma cv 1.5", json!({"gamma": {"mean": "1s", "cv": 1.5}}), gamma(1.5)),
        of("lognormal cv 1", json!({"lognormal": {"mean": "1s", "cv": 1}}), lognormal(1.0)),
        // One in eleven takes 10 s, the others 0.1 s: cv 2.85.
        of("0.1 s or 10 s", json!({"empirical": {"values": ["100ms", "10s"], "weights": [10, 1]}}), (9.1, 90.91)),
    ]
}

/// Mean and mean square of the wait in M/G/1, first come first served (Pollaczek 1930, Khinchine 1932; Takács 1962 for
/// the second).
fn pollaczek_khinchine(rate: f64, service: &Service) -> (f64, f64) {
    let wait = rate * service.second / (2.0 * (1.0 - rate));
    (wait, 2.0 * wait * wait + rate * service.third / (3.0 * (1.0 - rate)))
}

fn one_worker_waits_as_pollaczek_and_khinchine_say(table: &mut Table) {
    for (load, arrivals) in [(0.5, 1.5e6), (0.8, 3e6)] {
        for service in services() {
            let case = format!("M/G/1 at load {load}, {}", service.name);
            let relaxation = 4.0 * service.second / ((1.0 - load) * (1.0 - load));
            let clock = Clock::steady(arrivals / f64::from(REPLICATIONS), load, relaxation);
            let system = System::desk(clock, load, json!({"workers": 1}), service.json.clone(), json!({}));
            let [wait, square, waited, queue] =
                system.observe(&case, REPLICATIONS, |run| [run.wait(0), run.wait_squared(0), run.waited(0, 1), run.queue(0)]);
            let (first, second) = pollaczek_khinchine(load, &service);
            table.power(0.03);
            table.compare(&case, "mean wait", first, &wait);
            table.compare(&case, "P(wait > 0)", load, &waited);
            table.compare(&case, "queue length", load * first, &queue);
            table.power(0.05);
            table.compare(&case, "mean square of waits", second, &square);
        }
    }
}

/// A few services are very long: the mean is still Pollaczek and Khinchine's.
fn services_of_great_variance_too(table: &mut Table) {
    table.power(0.03);
    let (load, cv) = (0.5, 2.5);
    let case = "M/G/1 at load 0.5, lognormal cv 2.5";
    let clock = Clock::steady(1e5, load, 500.0);
    let service = json!({"lognormal": {"mean": "1s", "cv": cv}});
    let system = System::desk(clock, load, json!({"workers": 1}), service, json!({}));
    let [wait, queue] = system.observe(case, 40, |run| [run.wait(0), run.queue(0)]);
    let want = load * (1.0 + cv * cv) / (2.0 * (1.0 - load));
    table.compare(case, "mean wait", want, &wait);
    table.compare(case, "queue length", load * want, &queue);
}

/// The number in M/D/c at any time: who is in the system one service later is who waits now and who came meanwhile
/// (Crommelin 1932), p(t + 1) = max(N(t) − c, 0) + Poisson; iterated to its fixed point.
fn crommelin(c: usize, rate: f64) -> Vec<f64> {
    let size = c + (60.0 / (1.0 - rate / c as f64)) as usize;
    let mut poisson = vec![(-rate).exp()];
    for n in 1..size {
        poisson.push(poisson[n - 1] * rate / n as f64);
    }
    let mut p = vec![0.0; size];
    p[0] = 1.0;
    loop {
        let mut next = vec![0.0; size];
        for (n, share) in p.iter().enumerate().filter(|(_, share)| **share > 1e-20) {
            let stay = n.saturating_sub(c);
            for (came, chance) in poisson[..size - stay].iter().enumerate() {
                next[stay + came] += share * chance;
            }
        }
        let sum: f64 = next.iter().sum();
        next.iter_mut().for_each(|p| *p /= sum);
        let moved: f64 = p.iter().zip(&next).map(|(a, b)| (a - b).abs()).sum();
        p = next;
        if moved < 1e-14 {
            return p;
        }
    }
}

fn constant_services_wait_as_crommelin_says(table: &mut Table) {
    for (c, load, arrivals) in [(1, 0.8, 1e6), (4, 0.8, 1e6), (20, 0.9, 3e6)] {
        let case = format!("M/D/{c} at load {load}");
        let rate = load * c as f64;
        let clock = Clock::steady(arrivals / f64::from(REPLICATIONS), rate, super::many_servers::relaxation(c as u32, load));
        let system = System::desk(clock, rate, json!({"workers": c}), json!(seconds(1.0)), json!({}));
        let [wait, waited, queue] = system.observe(&case, REPLICATIONS, |run| [run.wait(0), run.waited(0, 1), run.queue(0)]);
        let p = crommelin(c, rate);
        let waiting = mean(&p, |n| n.saturating_sub(c) as f64);
        table.compare(&case, "mean wait", waiting / rate, &wait);
        table.compare(&case, "P(wait > 0)", p[c..].iter().sum(), &waited);
        table.compare(&case, "queue length", waiting, &queue);
    }
}
