//! Customers who leave: M/M/c with patience of any distribution, in the queue or in the system.

use super::chain::{birth_death, mean};
use super::family::families;
use super::lab::{Clock, Observed, System, exponential, seconds};
use super::table::Table;
use serde_json::{Value, json};

families! {
    exponential_patience_is_erlang_a:
        "M/M/c+M: exponential patience in the queue (Erlang A)",
        "Palm 1937; Mandelbaum & Zeltyn 2007: a birth-death chain";
    other_patience_is_baccelli_and_hebuternes:
        "M/M/c+G: constant, uniform and two-valued patience",
        "Baccelli & Hébuterne 1981, integrated numerically";
    patience_that_covers_the_answer_frees_the_worker:
        "M/M/c, clients who hang up in service too",
        "birth-death chain: each of n in the system leaves at rate θ";
}

const REPLICATIONS: u32 = 24;

/// One system: services of mean 1 s, `c` workers, patience of mean about 1 s.
fn run<const N: usize>(
    case: &str,
    (c, rate): (usize, f64),
    timeout: Value,
    covers: &str,
    figures: impl Fn(&Observed) -> [f64; N] + Sync,
) -> [Vec<f64>; N] {
    let class = json!({"timeout": timeout, "timeout_covers": covers});
    let station = json!({"workers": c, "on_timeout": "leave"});
    // Lost customers make the system forget within a few services or patiences.
    let arrivals = if c > 20 { 1e5 } else { 2e4 };
    let clock = Clock::steady(arrivals, rate, 5.0);
    System::desk(clock, rate, station, exponential(1.0), class).observe(case, REPLICATIONS, figures)
}

/// Erlang A (Palm 1937; Mandelbaum & Zeltyn 2007, *Service engineering in action: the Palm/Erlang-A queue*): the number
/// in the system is a birth-death chain whose deaths are services and those who lose patience in the queue.
fn exponential_patience_is_erlang_a(table: &mut Table) {
    table.power(0.04);
    for load in [0.8, 1.0, 1.2] {
        for (c, patience) in [(1, 2.0), (10, 1.0), (50, 0.5)] {
            let rate = load * c as f64;
            let case = format!("M/M/{c}+M at load {load}");
            let p = birth_death(|_| rate, |n| n.min(c) as f64 + n.saturating_sub(c) as f64 / patience);
            let queue = mean(&p, |n| n.saturating_sub(c) as f64);
            let lost = queue / patience / rate;
            let at_once: f64 = p[..c].iter().sum();
            let [left, waiting, served_late, busy] = run(&case, (c, rate), exponential(patience), "queue", |run| {
                [run.share(run.record.stations[0].timeouts, rate), run.queue(0), run.waited(0, 1), run.busy(0)]
            });
            table.compare(&case, "share who leave", lost, &left);
            table.compare(&case, "queue length", queue, &waiting);
            table.compare(&case, "P(wait > 0) of served", 1.0 - at_once / (1.0 - lost), &served_late);
            table.compare(&case, "busy workers", rate * (1.0 - lost), &busy);
        }
    }
}

/// What Baccelli & Hébuterne 1981 (*On queues with impatient customers*) give for M/M/c+G, services of mean 1.
struct Offered {
    /// Share who leave.
    lost: f64,
    /// Mean wait of those served.
    wait: f64,
    /// P(the wait offered is above 0).
    delayed: f64,
}

/// The wait offered has, for x > 0, the density λ·p(c−1)·exp(λ·∫₀ˣ(1−G) − c·x), G being the patience; it and the
/// states below c, p(n) = p(0)·λⁿ/n!, add up to 1. `survival` is 1−G; `kinks` are where it is not smooth.
fn baccelli_hebuterne(c: usize, rate: f64, survival: impl Fn(f64) -> f64, kinks: &[f64]) -> Offered {
    let mut below = vec![1.0];
    for n in 1..c {
        below.push(below[n - 1] * rate / n as f64);
    }
    let scale = rate * below[c - 1];
    let (mut patient, mut mass, mut served, mut waited, mut from) = (0.0, 0.0, 0.0, 0.0, 0.0);
    // Trapezes over pieces without kinks; the tail beyond the last is of services alone.
    for to in kinks.iter().copied().chain([kinks.last().unwrap_or(&0.0) + 40.0]) {
        const STEPS: usize = 200_000;
        let h = (to - from) / STEPS as f64;
        // Just inside the piece, a step is taken from its own side.
        let inside = |i: usize| from + h * (i as f64).clamp(1e-9, STEPS as f64 - 1e-9);
        let density = |x: f64, patient: f64| scale * (rate * patient - c as f64 * x).exp();
        for i in 0..STEPS {
            let (x, y) = (inside(i), inside(i + 1));
            let (g, k) = (survival(x), survival(y));
            let next = patient + h * 0.5 * (g + k);
            let (left, right) = (density(x, patient), density(y, next));
            mass += h * 0.5 * (left + right);
            served += h * 0.5 * (left * g + right * k);
            waited += h * 0.5 * (left * g * x + right * k * y);
            patient = next;
        }
        from = to;
    }
    let below: f64 = below.iter().sum();
    let total = below + mass;
    Offered { lost: (mass - served) / total, wait: waited / (below + served), delayed: mass / total }
}

fn patience_of_any_kind(table: &mut Table, name: &str, timeout: &Value, survival: impl Fn(f64) -> f64 + Copy, kinks: &[f64]) {
    for (c, load) in [(1, 0.8), (10, 0.8), (10, 1.0), (10, 1.2)] {
        let rate = load * f64::from(c);
        let case = format!("M/M/{c}+{name} at load {load}");
        let offered = baccelli_hebuterne(c as usize, rate, survival, kinks);
        let [left, wait, late] = run(&case, (c as usize, rate), timeout.clone(), "queue", |run| {
            [run.share(run.record.stations[0].timeouts, rate), run.wait(0), run.waited(0, 1)]
        });
        table.compare(&case, "share who leave", offered.lost, &left);
        table.compare(&case, "mean wait of served", offered.wait, &wait);
        table.compare(&case, "P(wait > 0) of served", (offered.delayed - offered.lost) / (1.0 - offered.lost), &late);
    }
}

fn other_patience_is_baccelli_and_hebuternes(table: &mut Table) {
    table.power(0.03);
    let until = |end: f64| move |x: f64| if x < end { 1.0 } else { 0.0 };
    patience_of_any_kind(table, "D", &json!(seconds(0.5)), until(0.5), &[0.5]);
    let uniform = json!({"uniform": {"min": "0s", "max": "1s"}});
    patience_of_any_kind(table, "uniform", &uniform, |x| (1.0 - x).max(0.0), &[1.0]);
    // Two peaks: a third leaves after 0.1 s, the others after 1 s.
    let two = json!({"empirical": {"values": ["100ms", "1s"], "weights": [1, 2]}});
    let survival = |x: f64| if x < 0.1 { 1.0 } else { until(1.0)(x) * 2.0 / 3.0 };
    patience_of_any_kind(table, "two values", &two, survival, &[0.1, 1.0]);
}

/// The formulas above against each other: exponential patience by both.
#[test]
fn the_two_references_agree() {
    let (c, rate) = (10, 12.0);
    let p = birth_death(|_| rate, |n| n.min(c) as f64 + n.saturating_sub(c) as f64);
    let lost = mean(&p, |n| n.saturating_sub(c) as f64) / rate;
    let offered = baccelli_hebuterne(c, rate, |x: f64| (-x).exp(), &[]);
    assert!((offered.lost - lost).abs() < 1e-7 && (offered.delayed - p[c..].iter().sum::<f64>()).abs() < 1e-7);
}

/// Clients who hang up in service too, their worker with them: every one of n in the system leaves at rate θ.
fn patience_that_covers_the_answer_frees_the_worker(table: &mut Table) {
    for (c, load) in [(1, 0.8), (5, 1.2)] {
        let (rate, patience) = (load * c as f64, 3.0);
        let case = format!("M/M/{c}, hanging up in service, load {load}");
        let p = birth_death(|_| rate, |n| n.min(c) as f64 + n as f64 / patience);
        let queue = mean(&p, |n| n.saturating_sub(c) as f64);
        let [left, waiting, busy, done] = run(&case, (c, rate), exponential(patience), "answer", |run| {
            let tally = run.record.classes[0].tally;
            [run.share(tally.timeouts, rate), run.queue(0), run.busy(0), run.share(tally.completed, rate)]
        });
        table.compare(&case, "share who leave", mean(&p, |n| n as f64) / patience / rate, &left);
        table.compare(&case, "queue length", queue, &waiting);
        table.compare(&case, "busy workers", mean(&p, |n| n.min(c) as f64), &busy);
        table.compare(&case, "share completed", mean(&p, |n| n.min(c) as f64) / rate, &done);
    }
}
