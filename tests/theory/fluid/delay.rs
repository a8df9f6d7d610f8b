//! Delays on a grid of time.

use statrs::distribution::{ContinuousCDF, Normal};

/// How long something takes, in seconds.
#[derive(Debug, Clone, Copy)]
pub(super) enum Delay {
    Uniform { max: f64 },
    Exponential { mean: f64 },
    Lognormal { mean: f64, cv: f64 },
}

/// What is less likely than this is left to the last cell.
const REST: f64 = 1e-5;

impl Delay {
    fn cdf(self, x: f64) -> f64 {
        match self {
            Delay::Uniform { max } => (x / max).clamp(0.0, 1.0),
            Delay::Exponential { mean } => -(-x.max(0.0) / mean).exp_m1(),
            Delay::Lognormal { .. } if x <= 0.0 => 0.0,
            Delay::Lognormal { mean, cv } => {
                let sigma = (1.0 + cv * cv).ln().sqrt();
                Normal::standard().cdf(((x / mean).ln() + 0.5 * sigma * sigma) / sigma)
            }
        }
    }

    /// The integral of the distribution function from 0.
    fn integral(self, x: f64) -> f64 {
        if x <= 0.0 {
            return 0.0;
        }
        match self {
            Delay::Uniform { max } => {
                if x < max {
                    0.5 * x * x / max
                } else {
                    x - 0.5 * max
                }
            }
            Delay::Exponential { mean } => x - mean * self.cdf(x),
            Delay::Lognormal { mean, cv } => {
                let sigma = (1.0 + cv * cv).ln().sqrt();
                let z = ((x / mean).ln() + 0.5 * sigma * sigma) / sigma;
                x * Normal::standard().cdf(z) - mean * Normal::standard().cdf(z - sigma)
            }
        }
    }

    /// The chance to end so many cells later than it began, for one that begins anywhere in its cell alike. What would
    /// end in its own cell ends in the next one, which is the error of first order in the width of a cell.
    pub(super) fn between_cells(self, width: f64, most: usize) -> Vec<f64> {
        let within = |cells: f64| self.integral(cells * width) / width;
        let chance = |j: f64| within(j + 1.0) - 2.0 * within(j) + within(j - 1.0);
        let mut chances = vec![0.0, chance(0.0) + chance(1.0)];
        let mut rest = 1.0 - chances[1];
        while rest > REST && chances.len() < most {
            chances.push(chance(chances.len() as f64));
            rest -= chances[chances.len() - 1];
        }
        chances
    }

    /// The chance to end so many cells later, for one that begins when a cell does.
    pub(super) fn after_an_instant(self, width: f64, most: usize) -> Vec<f64> {
        let mut chances = Vec::new();
        let mut rest = 1.0;
        while rest > REST && chances.len() < most {
            let j = chances.len() as f64;
            let chance = self.cdf((j + 1.0) * width) - self.cdf(j * width);
            chances.push(chance);
            rest -= chance;
        }
        chances
    }
}
