//! Operators with an endless backlog are a closed network: K of them, thinking or at a station.

use super::chain::{birth_death, mean};
use super::family::families;
use super::lab::{Clock, System, exponential, moment, request, seconds};
use super::table::Table;
use serde_json::{Value, json};

families! {
    one_station_is_the_machine_repair_model:
        "Operators at one station: M/M/c//K",
        "Palm 1947; insensitive to the preparation: Bunday & Scraton 1980";
    two_stations_are_a_closed_network:
        "Operators at two stations",
        "Gordon & Newell 1967, by the convolution of Buzen 1973";
}

const REPLICATIONS: u32 = 24;

/// A class whose applications are all there at the start, more than will ever be worked.
fn backlog(clock: Clock, operators: usize, throughput: f64, prepare: Value, journey: Value) -> Value {
    json!({
        "population": (1.2 * throughput * clock.end() as f64 + 1000.0).round(),
        "arrivals": [{"share": 1, "curve": {"spike": {"at": moment(0), "delay": "0s"}}}],
        "operators": operators,
        "prepare": prepare,
        "journey": journey,
    })
}

/// The machine-repair model M/M/c//K (Palm 1947): whoever prepares comes at rate ν, of n at the station min(n, c) are
/// served. The number there depends on the preparation through its mean alone (Bunday & Scraton 1980), so it is also
/// checked with a constant one and a long-tailed one.
fn one_station_is_the_machine_repair_model(table: &mut Table) {
    for (operators, c, prepare) in [(5usize, 1usize, 4.0), (40, 4, 9.0), (200, 20, 8.0)] {
        let p = birth_death(|n| (operators - n) as f64 / prepare, |n| n.min(c) as f64);
        let throughput = mean(&p, |n| n.min(c) as f64);
        let queue = mean(&p, |n| n.saturating_sub(c) as f64);
        for (name, distribution) in [
            ("exponential", exponential(prepare)),
            ("constant", json!(seconds(prepare))),
            ("lognormal", json!({"lognormal": {"mean": seconds(prepare), "cv": 2}})),
        ] {
            let case = format!("{operators} operators, {c} workers, {name}");
            let clock = Clock::steady(2e4, throughput, 20.0 * prepare);
            let class = backlog(clock, operators, throughput, distribution, request(exponential(1.0)));
            let classes = json!({"intermediaries": class});
            let stations = json!({"desk": {"workers": c}});
            let system = System { clock, stations, classes, rules: json!([]), bin: clock.skip };
            let [done, waiting, wait] = system.observe(&case, REPLICATIONS, |run| {
                [run.share(run.record.classes[0].tally.completed, 1.0), run.queue(0), run.wait(0)]
            });
            table.compare(&case, "uploads per second", throughput, &done);
            table.compare(&case, "queue length", queue, &waiting);
            table.compare(&case, "mean wait", queue / throughput, &wait);
        }
    }
}

/// Two stations with thinking between them, a closed network of Gordon & Newell 1967, by the convolution of Buzen 1973:
/// preparing and thinking are one place without queues.
fn two_stations_are_a_closed_network(table: &mut Table) {
    let (operators, prepare, think) = (30usize, 6.0, 4.0);
    // Work per round: 1 s of three workers, then 0.4 s of one.
    let stations = [(3usize, 1.0), (1usize, 0.4)];
    let case = "30 operators, two stations";
    // Weights of n at a place: its work to the n over the product of how many of n are served at once.
    let weights = |work: f64, workers: usize| {
        let mut weights = vec![1.0];
        for n in 1..=operators {
            weights.push(weights[n - 1] * work / n.min(workers) as f64);
        }
        weights
    };
    let convolve =
        |a: &[f64], b: &[f64]| -> Vec<f64> { (0..=operators).map(|n| (0..=n).map(|i| a[i] * b[n - i]).sum()).collect() };
    let outside = weights(prepare + think, operators);
    let of = stations.map(|(workers, work)| weights(work, workers));
    let all = convolve(&convolve(&outside, &of[0]), &of[1]);
    let throughput = all[operators - 1] / all[operators];
    let queue = |station: usize| -> f64 {
        let others = convolve(&outside, &of[1 - station]);
        let at_station = (0..=operators).map(|n| of[station][n] * others[operators - n] / all[operators]);
        at_station.enumerate().map(|(n, p)| n.saturating_sub(stations[station].0) as f64 * p).sum()
    };
    let journey = json!([
        {"name": "login", "station": "desk", "service": exponential(1.0)},
        {"name": "upload", "station": "archive", "think": exponential(think), "service": exponential(0.4)},
    ]);
    let clock = Clock::steady(4e4, throughput, 100.0);
    let classes = json!({"intermediaries": backlog(clock, operators, throughput, exponential(prepare), journey)});
    let system = System {
        clock,
        stations: json!({"desk": {"workers": 3}, "archive": {"workers": 1}}),
        classes,
        rules: json!([]),
        bin: clock.skip,
    };
    let [done, first, second] = system
        .observe(case, REPLICATIONS, |run| [run.share(run.record.classes[0].tally.completed, 1.0), run.queue(0), run.queue(1)]);
    table.compare(case, "uploads per second", throughput, &done);
    table.compare(case, "queue at the first", queue(0), &first);
    table.compare(case, "queue at the second", queue(1), &second);
}
