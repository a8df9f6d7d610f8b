//! What the programs for each library share: the queue, its random numbers, its counts and how they are printed.

use rand_distr::{Distribution, Exp1};
use serde::{Deserialize, Serialize};
use std::convert::Infallible;
use std::time::Duration;

pub const WORKERS: usize = 50;

/// What is simulated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Queue {
    pub model: String,
    pub people: u64,
    pub rate: f64,
    pub patience: Option<Duration>,
    pub tries: u8,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Counts {
    pub tries: u64,
    pub served: u64,
    pub timeouts: u64,
    /// Seconds in the queue of those served.
    pub waited: f64,
    /// Seconds in the queue of all.
    pub queue: f64,
}

/// xoshiro256++, in a form that can be saved.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Random([u64; 4]);

impl Random {
    pub fn new(mut seed: u64) -> Random {
        Random(std::array::from_fn(|_| {
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }))
    }

    pub fn seconds(&mut self, mean: f64) -> f64 {
        let draw: f64 = Exp1.sample(self);
        draw * mean
    }

    pub fn duration(&mut self, mean: f64) -> Duration {
        Duration::from_nanos((self.seconds(mean) * 1e9) as u64 + 1)
    }
}

impl rand::TryRng for Random {
    type Error = Infallible;

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let [a, b, c, d] = self.0;
        let out = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.0 = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        Ok(out)
    }

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|bits| (bits >> 32) as u32)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            let bits = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&bits[..chunk.len()]);
        }
        Ok(())
    }
}

/// Reads `MODEL PEOPLE SEED`, plays, and prints the counts and the processor time.
pub fn main(play: impl FnOnce(Queue, Random) -> Counts) {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, people, seed] = arguments.as_slice() else { panic!("usage: MODEL PEOPLE SEED") };
    let (rate, patience, tries) = match model.as_str() {
        "m1" => (45.0, None, 1),
        "m2" => (60.0, Some(Duration::from_secs(5)), 1),
        "m3" => (60.0, Some(Duration::from_secs(5)), 5),
        _ => panic!("MODEL is m1, m2 or m3"),
    };
    let people = people.parse().expect("PEOPLE is a number");
    let random = Random::new(seed.parse().expect("SEED is a number"));
    let queue = Queue { model: model.clone(), people, rate, patience, tries };
    let before = processor_seconds();
    let Counts { tries, served, timeouts, waited, queue } = play(queue, random);
    let seconds = processor_seconds() - before;
    println!(
        r#"{{"tries": {tries}, "served": {served}, "timeouts": {timeouts}, "waited": {waited}, "queue": {queue}, "seconds": {seconds}}}"#
    );
}

fn processor_seconds() -> f64 {
    let time = nix::time::clock_gettime(nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("a clock");
    time.tv_sec() as f64 + time.tv_nsec() as f64 * 1e-9
}
