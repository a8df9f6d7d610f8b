//! What is played: three queues and two real scenarios.

use crate::Error;
use crate::draws::{Keyed, Ziggurat};
use crate::hand;
use crate::naive::Queue;
use crate::parts::Counts;
use clickday::engine::{Trial, simulate};
use clickday::model::Study;
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// One of the three queues.
#[derive(Clone, Copy)]
pub(crate) struct Work {
    pub(crate) name: &'static str,
    pub(crate) queue: Queue,
    pub(crate) by_hand: fn(u64, u64) -> Counts,
    /// The same with keyed draws.
    pub(crate) keyed: fn(u64, u64) -> Counts,
}

pub(crate) const WORKS: [Work; 3] = [
    Work {
        name: "m1",
        queue: Queue { rate: 45.0, patience: None, tries: 1 },
        by_hand: hand::m1::<Ziggurat>,
        keyed: hand::m1::<Keyed>,
    },
    Work {
        name: "m2",
        queue: Queue { rate: 60.0, patience: Some(5.0), tries: 1 },
        by_hand: hand::m2::<Ziggurat>,
        keyed: hand::m2::<Keyed>,
    },
    Work {
        name: "m3",
        queue: Queue { rate: 60.0, patience: Some(5.0), tries: 5 },
        by_hand: hand::m3::<Ziggurat>,
        keyed: hand::m3::<Keyed>,
    },
];

/// M4 and M5, with their scenarios.
pub(crate) const DAYS: [(&str, &str); 2] = [("m4", "inps-2020-04"), ("m5", "inps-2020-04-to-20")];

/// Time for the last of them to be served or to give up.
const AFTER_THE_LAST: f64 = 1800.0;

impl Work {
    pub(crate) fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("benches/scenarios/{}.json", self.name))
    }

    /// The text of the scenario for so many people at the same rate.
    pub(crate) fn scenario(&self, people: u64) -> Result<String, Error> {
        let mut scenario: Value = serde_json::from_str(&std::fs::read_to_string(self.path())?)?;
        let start: DateTime = scenario["clock"]["start"].as_str().ok_or("the clock has no start")?.parse()?;
        let after = |seconds: f64| -> Result<Value, Error> {
            Ok(json!(start.checked_add(jiff::SignedDuration::try_from_secs_f64(seconds)?)?.to_string()))
        };
        let span = people as f64 / self.queue.rate;
        let changes = [
            ("/clock/end", after(self.clock(people))?),
            ("/classes/people/population", json!(people)),
            ("/classes/people/arrivals/0/curve/uniform/to", after(span)?),
        ];
        for (pointer, value) in changes {
            *scenario.pointer_mut(pointer).ok_or_else(|| format!("the scenario has no {pointer}"))? = value;
        }
        Ok(scenario.to_string())
    }

    /// Seconds of the clock.
    fn clock(&self, people: u64) -> f64 {
        (people as f64 / self.queue.rate + AFTER_THE_LAST).ceil()
    }

    /// What the program counted.
    pub(crate) fn counts_of(&self, summary: &Value, people: u64) -> Result<Counts, Error> {
        let total = |key: &str| number(summary, &format!("/policies/open/total/{key}/mean"));
        let served = total("answered")?;
        Ok(Counts {
            tries: total("requests")? as u64,
            served: served as u64,
            timeouts: total("timeouts")? as u64,
            waited: total("wait/mean")? * served,
            queue: number(summary, "/policies/open/stations/desk/queue_length/time_average/mean")? * self.clock(people),
        })
    }
}

/// One run of the engine.
pub(crate) fn by_engine(study: &Study, seed: u64) -> Result<Counts, Error> {
    let trial = Trial { policy: 0, seed, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: false };
    let record = simulate(&study.model, &trial, &mut |_| true)?;
    let (class, station) = (&record.classes[0], &record.stations[0]);
    Ok(Counts {
        tries: class.tally.requests,
        served: class.tally.answered,
        timeouts: class.tally.timeouts,
        waited: class.wait.sum() as f64 * 1e-9,
        queue: station.queue.sum() as f64 * 1e-9,
    })
}

/// The number at a JSON pointer.
pub(crate) fn number(summary: &Value, pointer: &str) -> Result<f64, Error> {
    summary.pointer(pointer).and_then(Value::as_f64).ok_or_else(|| format!("the summary has no {pointer}").into())
}
