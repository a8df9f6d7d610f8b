//! The order of service: priority classes, last come first served, random.

use super::family::families;
use super::lab::{Clock, System, exponential, request};
use super::many_servers::{erlang_c, relaxation};
use super::table::Table;
use serde_json::{Value, json};

families! {
    two_priority_classes_wait_as_cobham_says:
        "Two priority classes, no interruption",
        "Cobham 1954";
    last_come_and_random_order_wait_as_long_but_less_alike:
        "First come, last come, random order",
        "mean as first come; mean square by Kingman 1962 (last come) and Takács 1963 (random)";
    orphans_wait_like_everybody:
        "Every client is gone before the answer, in any order",
        "M/M/1: the server does not know";
}

const REPLICATIONS: u32 = 24;

/// Two classes without interruption of service (Cobham 1954): with W₀ the mean wait until a worker would be free for
/// one who goes before all others, the first waits W₀/(1−ρ₁), the second W₀/((1−ρ₁)(1−ρ)).
fn two_priority_classes_wait_as_cobham_says(table: &mut Table) {
    let gamma = json!({"gamma": {"mean": "2s", "cv": 0.5}});
    // One worker: services of their own, W₀ = ½·Σλ·E S². Mean 1 constant: E S² = 1; mean 2, cv ½: E S² = 5.
    let one = 0.5 * (0.3 * 1.0 + 0.25 * 5.0);
    two_classes(table, 1, [(0.3, json!("1s"), 0.3), (0.25, gamma, 0.5)], one);
    // Several: the same exponential service for both, W₀ = C/c (Cobham's second case).
    for (c, first, second) in [(1, 0.4, 0.4), (10, 5.0, 4.0)] {
        let reference = erlang_c(c, first + second) / f64::from(c);
        two_classes(table, c, [(first, exponential(1.0), first), (second, exponential(1.0), second)], reference);
    }
}

/// Classes as rate, service and work offered.
fn two_classes(table: &mut Table, c: u32, classes: [(f64, Value, f64); 2], until_free: f64) {
    let [(rate, _, work), (_, _, other)] = &classes;
    let (first, load) = (work / f64::from(c), (work + other) / f64::from(c));
    let case = format!("two priorities, {c} workers, {}", if until_free == 0.775 { "two services" } else { "one service" });
    let clock = Clock::steady(6e4 * rate / f64::from(c) * 2.0, *rate / f64::from(c), 4.0 * relaxation(c, load));
    let class = |(rate, service, _): &(f64, Value, f64), priority: u32| {
        clock.poisson(*rate, json!({"journey": request(service.clone()), "priority": priority}))
    };
    // The order in the file is not the order of service.
    let people = json!({"hurried": class(&classes[0], 0), "patient": class(&classes[1], 7)});
    let stations = json!({"desk": {"workers": c, "discipline": "priority"}});
    let system = System { clock, stations, classes: people, rules: json!([]), bin: clock.skip };
    let [hurried, patient] = system.observe(&case, REPLICATIONS, |run| [run.wait(0), run.wait(1)]);
    table.compare(&case, "wait of the first", until_free / (1.0 - first), &hurried);
    table.compare(&case, "wait of the second", until_free / (1.0 - first) / (1.0 - load), &patient);
}

/// The mean wait does not depend on the order (work conservation), its mean square does: with that of first come first
/// served as unit, 1/(1−ρ) for the last come (Kingman 1962, *The effect of queue discipline on waiting time variance*)
/// and 1/(1−ρ/2) at random (Takács 1963, *Delay distributions for one line with Poisson input, general holding times,
/// and various orders of service*), for any service.
fn last_come_and_random_order_wait_as_long_but_less_alike(table: &mut Table) {
    let load = 0.7;
    // By name: service, E S², E S³ (gamma of cv ½: 1.25, 1.875).
    let services = [
        ("M/M/1", exponential(1.0), 2.0, 6.0),
        ("M/D/1", json!("1s"), 1.0, 1.0),
        ("M/G/1", json!({"gamma": {"mean": "1s", "cv": 0.5}}), 1.25, 1.875),
    ];
    for (name, service, second, third) in services {
        let wait = load * second / (2.0 * (1.0 - load));
        let square = 2.0 * wait * wait + load * third / (3.0 * (1.0 - load));
        for (discipline, factor) in [("fifo", 1.0), ("lifo", 1.0 / (1.0 - load)), ("random", 1.0 / (1.0 - load / 2.0))] {
            let case = format!("{name} {discipline} at load {load}");
            let clock = Clock::steady(6e4, load, 4.0 * relaxation(1, load));
            let station = json!({"workers": 1, "discipline": discipline});
            let system = System::desk(clock, load, station, service.clone(), json!({}));
            order(table, &case, &system, wait, square * factor);
        }
    }
    // Several workers: those who wait at all wait as in M/M/1 with one worker as fast as all.
    let (c, rate) = (10, 8.0);
    let given = 1.0 / (f64::from(c) - rate);
    let delayed = erlang_c(c, rate);
    for (discipline, factor) in [("fifo", 1.0), ("lifo", 5.0), ("random", 1.0 / 0.6)] {
        let case = format!("M/M/{c} {discipline} at load 0.8");
        let clock = Clock::steady(1e5, rate, 4.0 * relaxation(c, 0.8));
        let station = json!({"workers": c, "discipline": discipline});
        let system = System::desk(clock, rate, station, exponential(1.0), json!({}));
        order(table, &case, &system, delayed * given, 2.0 * delayed * given * given * factor);
    }
}

fn order(table: &mut Table, case: &str, system: &System, wait: f64, square: f64) {
    let [waits, squares] = system.observe(case, REPLICATIONS, |run| [run.wait(0), run.wait_squared(0)]);
    table.power(0.02);
    table.compare(case, "mean wait", wait, &waits);
    table.power(0.04);
    table.compare(case, "mean square of waits", square, &squares);
}

/// The server does not know that clients are gone: a queue of orphans is as long as one of the living, in any order.
fn orphans_wait_like_everybody(table: &mut Table) {
    for discipline in ["fifo", "lifo", "random"] {
        let case = format!("M/M/1 {discipline}, all orphans late");
        let load = 0.7;
        let clock = Clock::steady(4e4, load, relaxation(1, load));
        let station = json!({"workers": 1, "discipline": discipline, "on_timeout": "orphan"});
        let class = json!({"timeout": "10ms"});
        let system = System::desk(clock, load, station, exponential(1.0), class);
        let [queue, busy] = system.observe(&case, REPLICATIONS, |run| [run.queue(0), run.busy(0)]);
        table.compare(&case, "queue length", load * load / (1.0 - load), &queue);
        table.compare(&case, "busy workers", load, &busy);
    }
}
