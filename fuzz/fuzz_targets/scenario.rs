//! `cargo +nightly fuzz run scenario`
#![no_main]

#[path = "../readers.rs"]
#[allow(dead_code, reason = "each target has one reader")]
mod readers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| readers::scenario(data));
