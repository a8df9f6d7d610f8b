//! The event loop allocates nothing once its structures have grown.

use clickday::engine::{Trial, simulate};
use clickday::scenario::Scenario;
use serde_json::json;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};
use std::alloc::System;
use std::path::Path;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Where structures have their largest size: the orbit of M3 fills within a few minutes.
const WARM: f64 = 0.5;
/// Before the last person comes.
const STILL_RUNNING: f64 = 0.9;

/// Blocks asked for, or moved to a larger place.
fn allocations() -> usize {
    let stats = ALLOCATOR.stats();
    stats.allocations + stats.reallocations
}

/// M3: 60 people a second at 50 workers, patience, retries, series, histograms, audit; a hundred thousand come in the window.
///
/// The counter knows no threads, so this file has one test.
#[test]
fn nothing_is_allocated_in_the_steady_state() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/scenarios/m3.json");
    // One bin, so that no row of the series is due in the window.
    let study = Scenario::load(&path).and_then(|scenario| scenario.with(&[("/clock/bin", json!("1d"))])?.compile(None)).unwrap();
    let trial = Trial { policy: 0, seed: 1, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: false };
    let end = study.model.end.seconds();
    let mut seen = Vec::with_capacity(10_000);
    let record = simulate(&study.model, &trial, &mut |now| {
        let part = now.seconds() / end;
        if (WARM..STILL_RUNNING).contains(&part) {
            seen.push(allocations());
        }
        true
    })
    .unwrap();
    assert!(seen[0] > 0, "the allocator counts");
    assert!(seen.len() > 10 && seen.len() < seen.capacity(), "looked {} times", seen.len());
    assert!(record.classes[0].tally.timeouts > 1_000_000, "the queue is overloaded");
    assert_eq!(seen[0], seen[seen.len() - 1], "allocations in the window: {:?}", seen);
}
