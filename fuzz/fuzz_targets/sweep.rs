//! `cargo +nightly fuzz run sweep`
#![no_main]

#[path = "../readers.rs"]
#[allow(dead_code, reason = "each target has one reader")]
mod readers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| readers::sweep(data));
