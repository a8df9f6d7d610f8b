//! Memory grows with those in the system, not with the population.

use clickday::engine::{Record, Trial, simulate};
use clickday::scenario::Scenario;
use std::path::Path;

fn play(name: &str) -> Record {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/scenarios").join(name);
    let study = Scenario::load(&path).and_then(|scenario| scenario.compile(None)).unwrap();
    let trial = Trial { policy: 0, seed: 1, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: false };
    simulate(&study.model, &trial, &mut |_| true).unwrap()
}

/// Slots for people are the only storage that could grow with the population, and they are used again.
#[test]
fn ten_times_the_people_over_ten_times_the_days_need_no_more_slots() {
    let (short, long) = (play("steady-2-days.json"), play("steady-20-days.json"));
    assert_eq!(short.classes[0].tally.arrived * 10, long.classes[0].tally.arrived);
    assert!(short.peak_people > 1_000, "the system is not empty: {}", short.peak_people);
    assert!(long.peak_people < 2 * short.peak_people, "{} slots became {}", short.peak_people, long.peak_people);
}
