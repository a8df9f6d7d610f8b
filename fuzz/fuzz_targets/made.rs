//! `cargo +nightly fuzz run made`: valid scenarios, run small with the audit on after every bin.
#![no_main]

#[path = "../../tests/second_engine"]
mod second_engine {
    pub(crate) mod scenario;
}

use clickday::engine::{Trial, simulate};
use clickday::scenario::Scenario;
use second_engine::scenario;
use std::path::Path;

libfuzzer_sys::fuzz_target!(|tape: &[u8]| {
    let made = scenario::scenario(tape).to_string();
    let study = Scenario::parse(&made, Path::new("made.json")).and_then(|scenario| scenario.compile(None));
    let study = study.unwrap_or_else(|mistakes| panic!("not valid: {mistakes}\n{made}"));
    let seed = study.experiment.seed;
    let trial = Trial { policy: 0, seed, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: true };
    simulate(&study.model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}\n{made}"));
});
