//! What the parts of any such simulator cost on this machine: draws, event lists, memory.

use crate::draws::{Draws, Keyed, Xoshiro, Ziggurat};
use crate::parts::Ends;
use crate::processor::own;
use clickday::model::Sampler;
use clickday::random::{Draw, Key, NameHash, Purpose};
use clickday::stats::Histogram;
use clickday::time::Span;
use rand::Rng;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt::Write;
use std::hint::black_box;

const ROUNDS: u32 = 5;
const TIMES: u64 = 4_000_000;
/// Numbers of 4 bytes: 512 MB, beyond every cache.
const FAR: usize = 1 << 27;

/// The table, in Markdown.
pub(crate) fn table() -> String {
    let mut text = String::from("| | nanoseconds |\n| --- | --: |\n");
    let parts: [(&str, f64); 9] = [
        ("an exponential draw by ziggurat on xoshiro256++", draws::<Ziggurat>()),
        ("an exponential draw by Philox and logarithm", draws::<Keyed>()),
        ("the same, each waiting for the one before", chained()),
        ("the same from a scenario's distribution, to the nanosecond", sampled()),
        ("a value into a histogram", recorded()),
        ("the next of 50 ends in a tournament replaced by another", tournament()),
        ("the next of 50 in the standard heap replaced by another", heap(50)),
        ("the next of a million in the standard heap replaced by another", heap(1_000_000)),
        ("a read from anywhere in 512 MB, each waiting for the one before", far_reads()),
    ];
    for (part, nanos) in parts {
        let _ = writeln!(text, "| {part} | {nanos:.1} |");
    }
    text
}

/// Nanoseconds each, the best of the rounds.
fn each(times: u64, mut work: impl FnMut()) -> f64 {
    (0..ROUNDS).map(|_| own(&mut work).1.seconds() * 1e9 / times as f64).fold(f64::INFINITY, f64::min)
}

fn draws<D: Draws>() -> f64 {
    let mut draws = D::new(1);
    each(TIMES, || {
        let sum: f64 = (0..TIMES).map(|_| draws.unit()).sum();
        black_box(sum);
    })
}

fn key() -> Key {
    Key::new(1, 0, NameHash::new("bench", "floor"))
}

fn chained() -> f64 {
    let key = key();
    let mut last = 0;
    each(TIMES, || {
        for _ in 0..TIMES {
            last = key.stream(Purpose::Service, last, Draw::default()).uniform().to_bits();
            last = clickday::stats::ln_normal(f64::from_bits(last)).to_bits();
        }
        black_box(last);
    })
}

fn sampled() -> f64 {
    let key = key();
    let Ok(sampler) = Sampler::exponential(Span::from_seconds(1)) else { return f64::NAN };
    each(TIMES, || {
        let span = |applicant| sampler.sample(&mut key.stream(Purpose::Service, applicant, Draw::default())).0;
        let sum = (0..TIMES).map(span).fold(0, u64::wrapping_add);
        black_box(sum);
    })
}

fn recorded() -> f64 {
    let mut random = Xoshiro::new(1);
    let values: Vec<u64> = (0..1 << 16).map(|_| random.next_u64() >> 30).collect();
    let mut histogram = Histogram::default();
    let times = values.len() as u64 * 64;
    each(times, || {
        for _ in 0..64 {
            values.iter().for_each(|value| histogram.record(*value));
        }
    })
}

fn tournament() -> f64 {
    let (mut ends, mut draws) = (Ends::new(), Ziggurat::new(1));
    let gaps: Vec<u64> = (0..1 << 16).map(|_| draws.exponential(1.0)).collect();
    (0..50).for_each(|worker| ends.set(worker, gaps[worker as usize]));
    let times = gaps.len() as u64 * 64;
    each(times, || {
        for _ in 0..64 {
            for gap in &gaps {
                let next = ends.next();
                ends.set(next & 63, (next & !63) + gap);
            }
        }
    })
}

fn heap(size: usize) -> f64 {
    let mut draws = Ziggurat::new(1);
    let gaps: Vec<u64> = (0..1 << 16).map(|_| draws.exponential(1.0)).collect();
    let mut heap: BinaryHeap<Reverse<u64>> = (0..size).map(|_| Reverse(draws.exponential(1.0))).collect();
    let times = gaps.len() as u64 * 16;
    each(times, || {
        for _ in 0..16 {
            for gap in &gaps {
                let Some(Reverse(next)) = heap.pop() else { return };
                heap.push(Reverse(next + gap));
            }
        }
    })
}

fn far_reads() -> f64 {
    // One cycle through all numbers (Sattolo), so that no read can be foreseen.
    let mut next: Vec<u32> = (0..FAR as u32).collect();
    let mut random = Xoshiro::new(1);
    for i in (1..FAR).rev() {
        let other = ((u128::from(random.next_u64()) * i as u128) >> 64) as usize;
        next.swap(i, other);
    }
    let mut at = 0;
    let times = TIMES / 4;
    each(times, || {
        for _ in 0..times {
            at = next[at] as usize;
        }
        black_box(at);
    })
}
