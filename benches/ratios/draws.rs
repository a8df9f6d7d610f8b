//! Exponential draws of the loops written by hand: as fast as they come, or keyed as those of the program.

use crate::parts::{SECOND, moment};
use clickday::random::{Draw, Key, NameHash, Purpose};
use clickday::stats::ln_normal;
use rand::{Rng, TryRng};
use rand_distr::{Distribution, Exp1};
use std::convert::Infallible;

/// Where a loop has its exponential times from.
pub(crate) trait Draws {
    fn new(seed: u64) -> Self;

    /// A draw of mean 1.
    fn unit(&mut self) -> f64;

    /// An exponential time with this mean in seconds, as a difference of moments: whole nanoseconds.
    #[inline]
    fn exponential(&mut self, mean: f64) -> u64 {
        // Adding 2^52 leaves the whole number in the mantissa: shorter than a conversion that must think of overflow.
        const SHIFT: f64 = (1u64 << 52) as f64;
        moment((self.unit() * (mean * SECOND as f64) + SHIFT).to_bits() ^ SHIFT.to_bits())
    }
}

/// By the ziggurat method, from one generator after the other: the fastest there is.
#[derive(Debug)]
pub(crate) struct Ziggurat(Xoshiro);

impl Draws for Ziggurat {
    fn new(seed: u64) -> Ziggurat {
        Ziggurat(Xoshiro::new(seed))
    }

    #[inline]
    fn unit(&mut self) -> f64 {
        Exp1.sample(&mut self.0)
    }
}

/// By a block of Philox for each and its logarithm, as every draw of the program is, whose name says whose it is and what
/// for; here the name is a number that rises.
#[derive(Debug)]
pub(crate) struct Keyed {
    key: Key,
    drawn: u64,
}

impl Draws for Keyed {
    fn new(seed: u64) -> Keyed {
        Keyed { key: Key::new(seed, 0, NameHash::new("bench", "by hand")), drawn: 0 }
    }

    #[inline]
    fn unit(&mut self) -> f64 {
        self.drawn += 1;
        -ln_normal(self.key.stream(Purpose::Service, self.drawn, Draw::default()).one_less_uniform())
    }
}

/// xoshiro256++ of Blackman and Vigna (<https://prng.di.unimi.it/xoshiro256plusplus.c>, public domain).
#[derive(Debug, Clone)]
pub(crate) struct Xoshiro([u64; 4]);

impl Xoshiro {
    /// The state is filled by SplitMix64, as its authors recommend.
    pub(crate) fn new(mut seed: u64) -> Xoshiro {
        Xoshiro(std::array::from_fn(|_| {
            seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let z = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        }))
    }
}

impl TryRng for Xoshiro {
    type Error = Infallible;

    #[inline]
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let [a, b, c, d] = self.0;
        let out = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.0 = [a ^ d, b ^ c, c ^ (b << 17), d.rotate_left(45)];
        Ok(out)
    }

    #[inline]
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(8) {
            chunk.copy_from_slice(&self.next_u64().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}
