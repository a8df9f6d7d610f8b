//! A whole day: rates, workers and windows that change, against the Kolmogorov forward equations.

use super::family::families;
use super::lab::{Clock, System, effort, exponential, merge, moment, request};
use super::table::Table;
use serde_json::{Value, json};

families! {
    a_day_follows_the_forward_equations:
        "A day with varying rates, changing workers and an outage: M_t/M/c_t/K",
        "Kolmogorov forward equations, Runge-Kutta of fourth order";
    a_closed_window_makes_a_second_rush:
        "A day with a closed window",
        "the same, with the rates of a displaced Poisson process (Kingman 1993, 5.1)";
}

const REPLICATIONS: f64 = 2000.0;
const HOUR: f64 = 3600.0;
/// Length of the day, and of a bin, in seconds.
const DAY: u64 = 12 * 3600;
const BIN: u64 = 900;
const BINS: usize = (DAY / BIN) as usize;
/// Waiting places.
const PLACES: usize = 40;
/// Mean service.
const SERVICE: f64 = 60.0;

/// Workers from so many seconds on. When the number falls those in service finish; when it rises those who wait start.
/// People come before anybody is there to serve them.
const WORKERS: [(u64, usize); 5] = [(0, 0), (2700, 4), (3 * 3600, 8), (6 * 3600, 2), (9 * 3600 + 1800, 6)];
const MOST: usize = 8;

/// Intended arrivals per hour, by hour; some of the day the class may not enter.
const RATES: [f64; 12] = [60.0, 180.0, 300.0, 480.0, 420.0, 240.0, 180.0, 150.0, 120.0, 60.0, 240.0, 330.0];
const CLOSED: (f64, f64) = (6.5 * HOUR, 8.0 * HOUR);
/// When the station is down, on a day with an outage.
const OUTAGE: (u64, u64) = (3 * 3600 + BIN, 4 * 3600);

/// What makes one day differ from another, beside the rate of requests.
#[derive(Clone, Copy, Default)]
struct Events {
    /// Mean of the Poisson number who come at the instant of the opening.
    at_opening: f64,
    outage: bool,
}

fn intended(t: f64) -> f64 {
    RATES[((t / HOUR) as usize).min(RATES.len() - 1)] / HOUR
}

/// Probabilities by busy workers and queue, and what they add up to over a bin.
#[derive(Clone)]
struct Forward {
    /// `p[busy][waiting]`.
    p: Vec<Vec<f64>>,
    waiting: f64,
    requests: f64,
    refused: f64,
    failed: f64,
}

impl Forward {
    fn zero() -> Forward {
        Forward { p: vec![vec![0.0; PLACES + 1]; MOST + 1], waiting: 0.0, requests: 0.0, refused: 0.0, failed: 0.0 }
    }

    /// The forward equations at this rate of requests and number of workers.
    fn slope(&self, rate: f64, workers: usize) -> Forward {
        let mut slope = Forward::zero();
        slope.requests = rate;
        for busy in 0..=MOST {
            for waiting in 0..=PLACES {
                let p = self.p[busy][waiting];
                if p == 0.0 {
                    continue;
                }
                slope.waiting += waiting as f64 * p;
                let mut flow = |to: (usize, usize), flow: f64| {
                    slope.p[busy][waiting] -= flow;
                    slope.p[to.0][to.1] += flow;
                };
                // Nobody new starts until the count fits.
                match (busy < workers, waiting < PLACES) {
                    (true, _) => flow((busy + 1, waiting), rate * p),
                    (false, true) => flow((busy, waiting + 1), rate * p),
                    (false, false) => slope.refused += rate * p,
                }
                if busy > 0 {
                    let next = if busy <= workers && waiting > 0 { (busy, waiting - 1) } else { (busy - 1, waiting) };
                    let ends = busy as f64 / SERVICE * p;
                    slope.p[busy][waiting] -= ends;
                    slope.p[next.0][next.1] += ends;
                }
            }
        }
        slope
    }

    fn plus(&self, step: f64, slope: &Forward) -> Forward {
        let row = |(p, s): (&Vec<f64>, &Vec<f64>)| p.iter().zip(s).map(|(p, s)| p + step * s).collect();
        Forward {
            p: self.p.iter().zip(&slope.p).map(row).collect(),
            waiting: self.waiting + step * slope.waiting,
            requests: self.requests + step * slope.requests,
            refused: self.refused + step * slope.refused,
            failed: self.failed,
        }
    }

    /// One step of Runge and Kutta's method of fourth order.
    fn step(&self, t: f64, h: f64, rate: impl Fn(f64) -> f64, workers: usize) -> Forward {
        // A little inside the step: rates jump at its ends.
        let (first, middle, last) = (rate(t + 1e-6 * h), rate(t + 0.5 * h), rate(t + (1.0 - 1e-6) * h));
        let one = self.slope(first, workers);
        let two = self.plus(0.5 * h, &one).slope(middle, workers);
        let three = self.plus(0.5 * h, &two).slope(middle, workers);
        let four = self.plus(h, &three).slope(last, workers);
        self.plus(h / 6.0, &one).plus(h / 3.0, &two).plus(h / 3.0, &three).plus(h / 6.0, &four)
    }

    /// More workers: those who wait start at once, as many as can.
    fn raise(&mut self, workers: usize) {
        for busy in 0..workers {
            for waiting in 1..=PLACES {
                let start = waiting.min(workers - busy);
                let p = std::mem::take(&mut self.p[busy][waiting]);
                self.p[busy + start][waiting - start] += p;
            }
        }
    }

    /// A Poisson number of this mean comes at one instant.
    fn batch(&mut self, mean: f64, workers: usize) {
        let before = std::mem::replace(&mut self.p, Forward::zero().p);
        self.requests += mean;
        let (mut chance, mut came) = ((-mean).exp(), 0.0);
        while came < mean || chance > 1e-18 {
            for (busy, row) in before.iter().enumerate() {
                for (waiting, p) in row.iter().enumerate() {
                    let start = (came as usize).min(workers.saturating_sub(busy));
                    let queue = (came as usize - start).min(PLACES - waiting);
                    self.p[busy + start][waiting + queue] += chance * p;
                    self.refused += chance * p * (came - (start + queue) as f64);
                }
            }
            came += 1.0;
            chance *= mean / came;
        }
    }

    /// The station goes down: all who are there fail.
    fn fail(&mut self) {
        let there = |(busy, row): (usize, &Vec<f64>)| -> f64 {
            row.iter().enumerate().map(|(waiting, p)| (busy + waiting) as f64 * p).sum()
        };
        self.failed += self.p.iter().enumerate().map(there).sum::<f64>();
        self.p = Forward::zero().p;
        self.p[0][0] = 1.0;
    }
}

/// One bin's expected average queue, requests, refusals and failures.
struct Bin {
    queue: f64,
    requests: f64,
    refused: f64,
    failed: f64,
}

fn forward(rate: impl Fn(f64) -> f64, events: Events) -> Vec<Bin> {
    const STEP: f64 = 2.5;
    let mut state = Forward::zero();
    state.p[0][0] = 1.0;
    let (mut bins, mut workers) = (Vec::new(), 0);
    for bin in 0..BINS as u64 {
        (state.waiting, state.requests, state.refused, state.failed) = (0.0, 0.0, 0.0, 0.0);
        let begin = bin * BIN;
        let now = WORKERS.iter().rev().find(|(from, _)| *from <= begin).map_or(0, |(_, workers)| *workers);
        if now > workers {
            state.raise(now);
        }
        workers = now;
        if begin == CLOSED.1 as u64 && events.at_opening > 0.0 {
            state.batch(events.at_opening, workers);
        }
        if events.outage && begin == OUTAGE.0 {
            state.fail();
        }
        if events.outage && (OUTAGE.0..OUTAGE.1).contains(&begin) {
            // Nobody is let in; rates are constant over the bin.
            state.requests = rate(begin as f64) * BIN as f64;
            state.refused = state.requests;
        } else {
            for step in 0..(BIN as f64 / STEP) as usize {
                state = state.step(begin as f64 + STEP * step as f64, STEP, &rate, workers);
            }
        }
        let sum: f64 = state.p.iter().flatten().sum();
        assert!((sum - 1.0).abs() < 1e-9, "probability leaks: {sum}");
        let Forward { waiting, requests, refused, failed, .. } = state;
        bins.push(Bin { queue: waiting / BIN as f64, requests, refused, failed });
    }
    bins
}

/// The day as a scenario; `class` adds what people do when it is closed.
fn system(rules: Value, class: Value, outages: Value) -> System {
    let rate = |hour: usize| RATES.get(hour).copied().unwrap_or(0.0);
    let points: Vec<Value> = (0..=RATES.len()).map(|hour| json!([moment(hour as u64 * 3600), rate(hour)])).collect();
    let people = json!({
        "population": {"poisson": RATES.iter().sum::<f64>()},
        "arrivals": [{"share": 1, "curve": {"rates": {"points": points, "between": "step"}}}],
        "journey": request(exponential(SERVICE)),
    });
    let change = |(from, workers): &(u64, usize)| json!({"from": moment(*from), "workers": workers});
    let changes: Vec<Value> = WORKERS[1..].iter().map(change).collect();
    let station = json!({"workers": WORKERS[0].1, "queue": PLACES, "workers_at": changes, "outages": outages});
    let clock = Clock { skip: 0, measured: DAY };
    System { clock, stations: json!({"desk": station}), classes: json!({"people": merge(people, class)}), rules, bin: BIN }
}

/// Compares counts over the day, and the queue in every other bin; gives the requests that a closed gate answered.
fn compare(table: &mut Table, case: &str, system: &System, rate: impl Fn(f64) -> f64, events: Events) -> Vec<f64> {
    let exact = forward(rate, events);
    const COUNTS: usize = 4;
    let simulated: [Vec<f64>; COUNTS + BINS] = system.observe(case, (REPLICATIONS * effort()) as u32, |run| {
        let series = &run.record.stations[0].series;
        let sum = |counts: &[u32]| counts.iter().map(|n| f64::from(*n)).sum();
        std::array::from_fn(|figure| match figure {
            0 => sum(&series.requests),
            1 => sum(&series.refused),
            2 => sum(&series.failed),
            3 => run.record.classes[0].tally.closed as f64,
            _ => series.queue_average[figure - COUNTS],
        })
    });
    table.compare(case, "requests", exact.iter().map(|bin| bin.requests).sum(), &simulated[0]);
    table.compare(case, "refused", exact.iter().map(|bin| bin.refused).sum(), &simulated[1]);
    if events.outage {
        table.compare(case, "failed", exact.iter().map(|bin| bin.failed).sum(), &simulated[2]);
    }
    table.curve(case, exact.iter().map(|bin| bin.queue).collect(), &simulated[COUNTS..]);
    for (bin, values) in simulated[COUNTS..].iter().enumerate().skip(1).step_by(2) {
        // Next to nobody waits in some quarters of an hour, so rarely that no mean is to be had.
        if exact[bin].queue > 0.3 {
            table.compare(case, &format!("queue in quarter {bin}"), exact[bin].queue, values);
        }
    }
    simulated[3].clone()
}

/// Arrivals are a Poisson process of varying rate: M_t/M/c_t/K, with and without an outage.
fn a_day_follows_the_forward_equations(table: &mut Table) {
    table.power(0.05);
    compare(table, "open day", &system(json!([]), json!({}), json!([])), intended, Events::default());
    let outage = json!([{"from": moment(OUTAGE.0), "to": moment(OUTAGE.1)}]);
    let events = Events { outage: true, ..Events::default() };
    compare(table, "open day, an outage", &system(json!([]), json!({}), outage), intended, events);
}

/// Those who would come while it is closed come back after the opening, each after an exponential delay. A Poisson
/// process whose points are moved independently is a Poisson process (Kingman 1993, *Poisson Processes*, section 5.1),
/// so that requests are one still: the rate of the open hours, none while closed, and after the opening the rate of
/// those turned away, dying exponentially; without a delay, all of them at once.
fn a_closed_window_makes_a_second_rush(table: &mut Table) {
    table.power(0.05);
    let delay = 1200.0;
    // Second by second; rates are constant in each.
    let turned_away: f64 = (CLOSED.0 as u64..CLOSED.1 as u64).map(|t| intended(t as f64)).sum();
    let open = |t: f64| if (CLOSED.0..CLOSED.1).contains(&t) { 0.0 } else { intended(t) };
    let delayed = |t: f64| {
        let after = if t < CLOSED.1 { 0.0 } else { turned_away / delay * (-(t - CLOSED.1) / delay).exp() };
        open(t) + after
    };
    let rules = json!([{"windows": {"open": {"people": ["00:00-06:30", "08:00-24:00"]}}}]);
    let class = json!({"closed": {"aware": 0.5, "return_delay": exponential(delay)}});
    let case = "closed 6:30 to 8:00, half know";
    let asked = compare(table, case, &system(rules.clone(), class, json!([])), delayed, Events::default());
    table.compare(case, "answered closed", 0.5 * turned_away, &asked);
    let at_once = Events { at_opening: turned_away, ..Events::default() };
    let class = json!({"closed": {"aware": 1}});
    compare(table, "closed 6:30 to 8:00, no delay", &system(rules, class, json!([])), open, at_once);
}
