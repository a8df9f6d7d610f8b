//! Stations whose services slow down as workers get busy, the pace being set when a service starts.

use super::chain::Chain;
use super::family::families;
use super::lab::{Clock, System, exponential};
use super::table::Table;
use serde_json::json;

families! {
    the_pace_is_set_when_a_service_starts:
        "Services slow down with busy workers, fixed at the start",
        "chain in the number started at each pace; the pace by Gunther 2007";
}

const REPLICATIONS: u32 = 24;
const MOST: usize = 4;

/// Services under way by the number of workers that were busy when they started, themselves included; and who waits.
type State = ([usize; MOST], usize);

/// Gunther's universal scalability law (Gunther 2007, *Guerrilla Capacity Planning*): how much longer the service takes.
fn factor(contention: f64, coherency: f64, n: usize) -> f64 {
    let n = n as f64;
    1.0 + contention * (n - 1.0) + coherency * n * (n - 1.0)
}

/// M/M/c/K with services of mean 1 s times the factor at their start. A chain in the number of busy workers alone would
/// be another model, in which everybody's pace changes whenever a service starts or ends.
fn the_pace_is_set_when_a_service_starts(table: &mut Table) {
    for (c, rate, contention, coherency) in [(2usize, 1.1, 0.6, 0.2), (4, 1.5, 0.1, 0.1), (4, 3.0, 0.3, 0.0)] {
        let case = format!("{c} workers, USL {contention} {coherency}, rate {rate}");
        let places = 25;
        let busy = |started: [usize; MOST]| started.iter().sum::<usize>();
        let start = |mut started: [usize; MOST]| {
            let n = busy(started);
            started[n] += 1;
            started
        };
        let chain = Chain::explore(([0; MOST], 0), |(started, waiting): State| {
            let mut next = Vec::new();
            if busy(started) < c {
                next.push(((start(started), waiting), rate));
            } else if waiting < places {
                next.push(((started, waiting + 1), rate));
            }
            for n in 0..MOST {
                if started[n] > 0 {
                    let mut left = started;
                    left[n] -= 1;
                    let to = if waiting > 0 { (start(left), waiting - 1) } else { (left, waiting) };
                    next.push((to, started[n] as f64 / factor(contention, coherency, n + 1)));
                }
            }
            next
        });
        let p = chain.stationary();
        let clock = Clock::steady(5e4, rate, 100.0);
        let station = json!({"workers": c, "queue": places, "slowdown": {"contention": contention, "coherency": coherency}});
        let system = System::desk(clock, rate, station, exponential(1.0), json!({}));
        let [waiting, occupied, lost] = system
            .observe(&case, REPLICATIONS, |run| [run.queue(0), run.busy(0), run.share(run.record.stations[0].refused, rate)]);
        table.compare(&case, "queue length", p.mean(|(_, waiting)| waiting as f64), &waiting);
        table.compare(&case, "busy workers", p.mean(|(started, _)| busy(started) as f64), &occupied);
        let refused = p.mean(|(_, waiting)| f64::from(u8::from(waiting == places)));
        if refused > 0.05 {
            table.compare(&case, "share refused", refused, &lost);
        }
    }
}
