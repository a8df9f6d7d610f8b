//! Scenarios as a user writes them, run in replications.

use clickday::engine::{Record, Trial, simulate};
use clickday::model::Model;
use clickday::scenario::Scenario;
use rayon::prelude::*;
use serde_json::{Value, json};
use std::path::Path;

/// Simulated time: `skip` seconds to forget the empty start, then `measured` seconds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    pub(crate) skip: u64,
    pub(crate) measured: u64,
}

/// How much more to simulate than is usual, from the environment.
pub(crate) fn effort() -> f64 {
    let wanted = std::env::var("THEORY_EFFORT").ok();
    wanted.map_or(1.0, |wanted| wanted.parse().expect("THEORY_EFFORT is a number"))
}

/// Relaxation times skipped at the start: what is left of the start is e^−10 of it.
const FORGET: f64 = 10.0;

impl Clock {
    /// Time for about so many arrivals of a rate, and at least as long as what is skipped, after the start is forgotten.
    pub(crate) fn steady(arrivals: f64, rate: f64, relaxation: f64) -> Clock {
        let skip = (FORGET * relaxation).ceil().max(1.0);
        // Whole bins of the length that is skipped.
        let bins = (effort() * arrivals / rate / skip).ceil().max(1.0);
        Clock { skip: skip as u64, measured: (bins * skip) as u64 }
    }

    /// Seconds in all.
    pub(crate) fn end(self) -> u64 {
        self.skip + self.measured
    }

    /// Population and arrivals of a Poisson stream over the whole clock.
    pub(crate) fn poisson(self, rate: f64, class: Value) -> Value {
        let stream = json!({
            "population": {"poisson": rate * self.end() as f64},
            "arrivals": [{"share": 1, "curve": {"uniform": {"from": moment(0), "to": moment(self.end())}}}],
        });
        merge(stream, class)
    }
}

/// The civil time so many seconds after the start.
pub(crate) fn moment(seconds: u64) -> String {
    let start = jiff::civil::date(2020, 1, 1).at(0, 0, 0, 0);
    (start + jiff::SignedDuration::from_secs(seconds as i64)).to_string()
}

/// A duration in the scenario's words.
pub(crate) fn seconds(length: f64) -> String {
    format!("{}ns", (length * 1e9).round())
}

/// An exponential distribution with this mean in seconds.
pub(crate) fn exponential(mean: f64) -> Value {
    json!({"exponential": {"mean": seconds(mean)}})
}

/// A journey of one request to the station `desk`.
pub(crate) fn request(service: Value) -> Value {
    json!([{"name": "request", "station": "desk", "service": service}])
}

/// Adds the keys of one object to another.
pub(crate) fn merge(mut object: Value, more: Value) -> Value {
    if let (Value::Object(object), Value::Object(more)) = (&mut object, more) {
        object.extend(more);
    }
    object
}

/// A scenario of one policy.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) clock: Clock,
    pub(crate) stations: Value,
    pub(crate) classes: Value,
    pub(crate) rules: Value,
    /// Seconds.
    pub(crate) bin: u64,
}

impl System {
    /// One station, `desk`, and one class, `people`, who come as a Poisson stream and send one request.
    pub(crate) fn desk(clock: Clock, rate: f64, station: Value, service: Value, class: Value) -> System {
        let people = clock.poisson(rate, merge(json!({"journey": request(service)}), class));
        System {
            clock,
            stations: json!({"desk": station}),
            classes: json!({"people": people}),
            rules: json!([]),
            bin: clock.skip,
        }
    }

    fn model(&self) -> Model {
        let scenario = json!({
            "format": 1,
            "name": "theory",
            "clock": {"start": moment(0), "end": moment(self.clock.end()), "time_zone": "UTC", "bin": format!("{}s", self.bin),
                      "measure_from": moment(self.clock.skip)},
            "stations": self.stations,
            "classes": self.classes,
            "policies": {"only": {"rules": self.rules}},
        });
        let text = format!("{scenario:#}");
        let read = Scenario::parse(&text, Path::new("theory.json")).and_then(|scenario| scenario.compile(None));
        read.unwrap_or_else(|mistakes| panic!("{mistakes}\n{text}")).model
    }

    /// Runs so many replications, seeded by the case's name, and gives the values of each figure.
    pub(crate) fn observe<const N: usize>(
        &self,
        case: &str,
        replications: u32,
        figures: impl Fn(&Observed) -> [f64; N] + Sync,
    ) -> [Vec<f64>; N] {
        let model = self.model();
        // Another effort is other luck: it must not repeat the sizes of the Poisson populations.
        let seed = seed(case) ^ effort().to_bits() ^ 1.0_f64.to_bits();
        let one = |replication| {
            let trial = Trial { policy: 0, seed, replication, demand: 1.0, capacity: 1.0, check_every_bin: false };
            let record = simulate(&model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{case}: {error}"));
            figures(&Observed { record, clock: self.clock })
        };
        let runs: Vec<[f64; N]> = (0..replications).into_par_iter().with_max_len(1).map(one).collect();
        std::array::from_fn(|figure| runs.iter().map(|run| run[figure]).collect())
    }
}

/// A different seed for every case (FNV-1a), so that no two comparisons share their luck.
fn seed(case: &str) -> u64 {
    case.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// One run, with its figures in seconds.
#[derive(Debug)]
pub(crate) struct Observed {
    pub(crate) record: Record,
    pub(crate) clock: Clock,
}

impl Observed {
    /// Mean time in queue of a class.
    pub(crate) fn wait(&self, class: usize) -> f64 {
        self.record.classes[class].wait.mean().unwrap_or(0.0) * 1e-9
    }

    /// Mean square of the time in queue; buckets of the histogram are 0.2 % wide, which moves it by some 1e-6.
    pub(crate) fn wait_squared(&self, class: usize) -> f64 {
        let wait = &self.record.classes[class].wait;
        let sum: f64 = wait.iter().map(|(nanos, count)| nanos * nanos * 1e-18 * count as f64).sum();
        sum / wait.count() as f64
    }

    /// Share of waits of at least so many nanoseconds: exact for 1 and for those that [`on_a_bucket`] gives.
    pub(crate) fn waited(&self, class: usize, nanos: u64) -> f64 {
        let wait = &self.record.classes[class].wait;
        let longer: u128 = wait.iter().filter(|(value, _)| *value >= nanos as f64).map(|(_, count)| count).sum();
        longer as f64 / wait.count() as f64
    }

    /// Average number waiting at a station.
    pub(crate) fn queue(&self, station: usize) -> f64 {
        self.record.stations[station].queue.mean().unwrap_or(0.0)
    }

    /// Average number of busy workers at a station.
    pub(crate) fn busy(&self, station: usize) -> f64 {
        self.record.stations[station].busy as f64 * 1e-9 / self.clock.measured as f64
    }

    /// A count as a share of the arrivals of a Poisson stream of this rate. The expected count is divided by, not the
    /// count itself: this has no bias.
    pub(crate) fn share(&self, count: u64, rate: f64) -> f64 {
        count as f64 / (rate * self.clock.measured as f64)
    }
}

/// The instant where a bucket of the histogram begins, not above so many seconds: in nanoseconds.
pub(crate) fn on_a_bucket(seconds: f64) -> u64 {
    let nanos = (seconds * 1e9) as u64;
    let below = (64 - nanos.leading_zeros()).saturating_sub(10);
    nanos >> below << below
}
