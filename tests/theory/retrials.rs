//! Customers who come back: retrial queues, by chains in the number busy and the numbers in orbit.

use super::chain::Chain;
use super::family::families;
use super::lab::{Clock, Observed, System, exponential};
use super::table::Table;
use serde_json::{Value, json};

families! {
    patient_retrials_fill_the_orbit:
        "M/M/c/c, the refused try again for ever",
        "Falin & Templeton 1997: chain in busy workers and orbit, solved numerically";
    retrials_end_after_the_last_attempt:
        "M/M/c/K, three tries",
        "chain in the system and two orbits, solved numerically";
}

const REPLICATIONS: u32 = 24;

fn retry(attempts: usize, backoff: f64) -> Value {
    json!({"retry": {"attempts": attempts, "resume": "step", "backoff": exponential(backoff)}})
}

fn in_orbit(run: &Observed) -> f64 {
    // The first bin is the start that is forgotten.
    let counted = &run.record.classes[0].series.in_orbit[1..];
    counted.iter().sum::<f64>() / counted.len() as f64
}

/// M/M/c/c whose refused customers try again for ever, each after an exponential backoff: the main model of Falin &
/// Templeton 1997, *Retrial Queues*. State: busy workers, customers in orbit.
fn patient_retrials_fill_the_orbit(table: &mut Table) {
    table.power(0.03);
    for (c, rate, backoff) in [(1, 0.6, 0.5), (1, 0.6, 5.0), (5, 3.5, 2.0)] {
        let case = format!("M/M/{c}/{c}, {rate} offered, backoff {backoff} s");
        // The orbit is cut where nothing is left.
        let chain = Chain::explore((0usize, 0usize), |(busy, orbit)| {
            let mut next = Vec::new();
            if busy < c {
                next.push(((busy + 1, orbit), rate));
                if orbit > 0 {
                    next.push(((busy + 1, orbit - 1), orbit as f64 / backoff));
                }
            } else if orbit < 150 {
                next.push(((busy, orbit + 1), rate));
            }
            if busy > 0 {
                next.push(((busy - 1, orbit), busy as f64));
            }
            next
        });
        let p = chain.stationary();
        let orbit = p.mean(|(_, orbit)| orbit as f64);
        if c == 1 {
            // With one worker there is a formula (Falin & Templeton 1997, section 1.2): ρ(λ + ρθ)/((1 − ρ)θ).
            let formula = rate * (rate + rate / backoff) / ((1.0 - rate) / backoff);
            assert!((orbit / formula - 1.0).abs() < 1e-6, "the chain has {orbit} in orbit, the formula {formula}");
        }
        let refused = p.mean(|(busy, orbit)| if busy == c { rate + orbit as f64 / backoff } else { 0.0 });
        let clock = Clock::steady(8e4, rate, 60.0);
        let station = json!({"workers": c, "queue": 0});
        let system = System::desk(clock, rate, station, exponential(1.0), retry(60_000, backoff));
        let [waiting, turned, busy] = system
            .observe(&case, REPLICATIONS, |run| [in_orbit(run), run.share(run.record.stations[0].refused, rate), run.busy(0)]);
        table.compare(&case, "in orbit", orbit, &waiting);
        table.compare(&case, "refusals per arrival", refused / rate, &turned);
        table.compare(&case, "busy workers", rate, &busy);
    }
}

/// Three tries, then they give up for good, at a queue with two places: state: number in the system, in orbit after one
/// failure, in orbit after two.
fn retrials_end_after_the_last_attempt(table: &mut Table) {
    for (c, rate, backoff) in [(2, 2.4, 1.5), (1, 1.5, 4.0)] {
        let places = 2;
        let case = format!("M/M/{c} with {places} places, three tries, {rate} offered");
        let size = c + places;
        let chain = Chain::explore((0usize, 0usize, 0usize), |(n, one, two)| {
            let mut next = Vec::new();
            let (first, second) = (one as f64 / backoff, two as f64 / backoff);
            let room = |orbit: usize| orbit < 30;
            if n < size {
                next.push(((n + 1, one, two), rate));
                next.push(((n + 1, one.saturating_sub(1), two), first));
                next.push(((n + 1, one, two.saturating_sub(1)), second));
            } else {
                if room(one) {
                    next.push(((n, one + 1, two), rate));
                }
                if room(two) {
                    next.push(((n, one.saturating_sub(1), two + 1), first));
                }
                next.push(((n, one, two.saturating_sub(1)), second));
            }
            if n > 0 {
                next.push(((n - 1, one, two), n.min(c) as f64));
            }
            next
        });
        let p = chain.stationary();
        let orbit = p.mean(|(_, one, two)| (one + two) as f64);
        let lost = p.mean(|(n, _, two)| if n == size { two as f64 / backoff } else { 0.0 }) / rate;
        let tries = p.mean(|(_, one, two)| rate + (one + two) as f64 / backoff) / rate;
        let clock = Clock::steady(5e4, rate, 30.0);
        let station = json!({"workers": c, "queue": places});
        let system = System::desk(clock, rate, station, exponential(1.0), retry(3, backoff));
        let [waiting, abandoned, retried, queue] = system.observe(&case, REPLICATIONS, |run| {
            let tally = run.record.classes[0].tally;
            [in_orbit(run), run.share(tally.abandoned, rate), run.share(tally.retries, rate), run.queue(0)]
        });
        table.compare(&case, "in orbit", orbit, &waiting);
        table.compare(&case, "share who give up", lost, &abandoned);
        table.compare(&case, "retries per arrival", tries - 1.0, &retried);
        table.compare(&case, "queue length", p.mean(|(n, _, _)| n.saturating_sub(c) as f64), &queue);
    }
}
