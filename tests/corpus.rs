//! The corpora of the fuzzers and what becomes of them under random changes: no reader panics, hangs or runs out of memory.
//!
//! `CLICKDAY_ROUNDS=1000000 cargo test --release --test corpus` makes a million changes for each reader. With a nightly compiler,
//! `cargo +nightly fuzz run scenario` (or `sweep`, `trace`, `requests`, `made`) lets the coverage guide them.

#[path = "../fuzz/readers.rs"]
mod readers;

use std::fs;
use std::path::Path;

/// Pieces that readers look for.
const WORDS: [&[u8]; 24] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b",",
    b":",
    b"null",
    b"true",
    b"-1",
    b"1e308",
    b"5e-324",
    b"18446744073709551615",
    b"0",
    b"\\u0000",
    b"\\ud800",
    b"\xff\xfe",
    b"\n",
    b"\r\n",
    b"2020-03-29T02:30",
    b"9999-12-31T23:59",
    b"300000d",
    b"GET / HTTP/1.1",
    b"\x1f\x8b",
];

/// A plain stream of numbers (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(mixed ^ (mixed >> 31)) * n as u128) >> 64) as usize
    }

    /// A stretch of bytes.
    fn stretch(&mut self, length: usize) -> (usize, usize) {
        let (a, b) = (self.below(length + 1), self.below(length + 1));
        (a.min(b), a.max(b).min(a.min(b) + 64))
    }
}

/// Changes a file in one of the ways in which files go wrong.
fn change(bytes: &mut Vec<u8>, other: &[u8], chance: &mut Chance) {
    let place = chance.below(bytes.len() + 1);
    let (from, to) = chance.stretch(bytes.len());
    match chance.below(7) {
        0 if place < bytes.len() => bytes[place] ^= 1 << chance.below(8),
        1 => drop(bytes.splice(place..place, WORDS[chance.below(WORDS.len())].iter().copied())),
        2 => drop(bytes.drain(from..to)),
        3 => {
            let copy = bytes[from..to].to_vec();
            drop(bytes.splice(place..place, copy));
        }
        4 => {
            let (a, b) = chance.stretch(other.len());
            drop(bytes.splice(from..to, other[a..b].iter().copied()));
        }
        5 => drop(bytes.splice(from..to, WORDS[chance.below(WORDS.len())].iter().copied())),
        _ if chance.below(20) == 0 => bytes.truncate(place),
        _ => drop(bytes.splice(place..place, chance.below(1 << 20).to_string().into_bytes())),
    }
}

fn feed(corpus: &str, read: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(corpus);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let files: Vec<Vec<u8>> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
    assert!(files.len() > 2, "the corpus of {corpus} is gone");
    files.iter().for_each(|file| read(file));
    let rounds: usize = std::env::var("CLICKDAY_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2_000);
    let mut chance = Chance(rounds as u64);
    for _ in 0..rounds {
        let mut file = files[chance.below(files.len())].clone();
        let other = &files[chance.below(files.len())];
        for _ in 0..=chance.below(4) {
            change(&mut file, other, &mut chance);
        }
        let shown = file.clone();
        let outcome = std::panic::catch_unwind(|| read(&file));
        assert!(outcome.is_ok(), "{corpus}: {}", String::from_utf8_lossy(&shown));
    }
}

#[test]
fn no_scenario_breaks_its_reader() {
    feed("scenario", readers::scenario);
}

#[test]
fn no_sweep_breaks_its_reader() {
    feed("sweep", readers::sweep);
}

#[test]
fn no_trace_breaks_its_reader() {
    feed("trace", readers::trace);
}

#[test]
fn no_table_of_requests_breaks_its_reader() {
    feed("requests", readers::requests);
}
