//! `cargo +nightly fuzz run trace`
#![no_main]

#[path = "../readers.rs"]
#[allow(dead_code, reason = "each target has one reader")]
mod readers;

libfuzzer_sys::fuzz_target!(|data: &[u8]| readers::trace(data));
