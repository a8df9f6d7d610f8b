//! Random variates that need rejection: gamma, Poisson, binomial. All exact, from the draw's own stream.

use crate::random::Stream;
use crate::stats::normal_quantile;

/// Constants of a gamma distribution of scale 1.
///
/// Rejection from the cube of a normal (Marsaglia & Tsang 2000, *A simple method for generating gamma variables*);
/// normals by inversion; a shape below 1 by their boost, the variate of shape + 1 times U^(1/shape).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Gamma {
    d: f64,
    c: f64,
    /// 1/shape for a shape below 1, else 0.
    boost: f64,
}

impl Gamma {
    /// For `shape` > 0.
    pub(super) fn new(shape: f64) -> Gamma {
        let (shape, boost) = if shape < 1.0 { (shape + 1.0, 1.0 / shape) } else { (shape, 0.0) };
        let d = shape - 1.0 / 3.0;
        Gamma { d, c: 1.0 / libm::sqrt(9.0 * d), boost }
    }

    /// One variate. About 2.1 uniforms of the stream.
    #[inline]
    pub(super) fn sample(&self, stream: &mut Stream<'_>) -> f64 {
        let cube = loop {
            let x = normal_quantile(stream.uniform());
            let root = 1.0 + self.c * x;
            if root <= 0.0 {
                continue;
            }
            let cube = root * root * root;
            let square = x * x;
            let u = stream.uniform();
            if u < 1.0 - 0.0331 * square * square || libm::log(u) < 0.5 * square + self.d * (1.0 - cube + libm::log(cube)) {
                break cube;
            }
        };
        let variate = self.d * cube;
        if self.boost > 0.0 { variate * libm::exp(self.boost * libm::log(stream.uniform())) } else { variate }
    }
}

/// A gamma variate of scale 1 and mean `shape`, exact (Marsaglia & Tsang 2000); 0 for a shape that is not above 0.
#[must_use]
pub fn gamma_variate(shape: f64, stream: &mut Stream<'_>) -> f64 {
    if shape > 0.0 { Gamma::new(shape).sample(stream) } else { 0.0 }
}

/// Means and sizes from which the reductions pay; below, a draw counts one event after the other.
const COUNT_ONE_BY_ONE: f64 = 16.0;
/// Beyond, whole numbers are no longer told apart in floating point.
const LARGEST_MEAN: f64 = 1e15;

/// A Poisson variate, exact; 0 for a mean that is not above 0.
///
/// A large mean is cut by the arrival time of its m-th event, a gamma variate, m being 7/8 of the mean (Ahrens & Dieter
/// 1974, *Computer methods for sampling from gamma, beta, Poisson and binomial distributions*); what is left is counted
/// by products of uniforms (Knuth, *TAOCP* 3.4.1). The work grows as the logarithm of the mean.
#[must_use]
pub fn poisson(mean: f64, stream: &mut Stream<'_>) -> u64 {
    let mut mean = if mean > 0.0 { mean.min(LARGEST_MEAN) } else { return 0 };
    let mut count = 0;
    while mean >= COUNT_ONE_BY_ONE {
        let events = libm::floor(mean * 0.875);
        let time = gamma_variate(events, stream);
        if time > mean {
            // The events before the last of them fell uniformly on (0, time).
            return count + binomial(events as u64 - 1, mean / time, stream);
        }
        count += events as u64;
        mean -= time;
    }
    let stop = libm::exp(-mean);
    let mut product = stream.uniform();
    while product > stop {
        count += 1;
        product *= stream.uniform();
    }
    count
}

/// A binomial variate, exact: successes among `n` tries of probability `p` (taken as 0 below 0 and 1 above 1).
///
/// While n is large, the median of n uniforms is drawn as a beta variate (two gammas), and the count goes on in the half
/// that `p` cuts (Relles 1972; Ahrens & Dieter 1974); then one try after the other. The work grows as log n.
#[must_use]
pub fn binomial(n: u64, p: f64, stream: &mut Stream<'_>) -> u64 {
    let (mut n, mut p, mut count) = (n, p, 0);
    while n as f64 >= 2.0 * COUNT_ONE_BY_ONE && p > 0.0 && p < 1.0 {
        let place = 1 + n / 2;
        let rest = n + 1 - place;
        let (below, above) = (gamma_variate(place as f64, stream), gamma_variate(rest as f64, stream));
        let median = below / (below + above);
        if median > p {
            n = place - 1;
            p /= median;
        } else {
            count += place;
            n = rest - 1;
            p = (p - median) * (below + above) / above;
        }
    }
    if p >= 1.0 {
        return count + n;
    }
    if p.is_nan() || p <= 0.0 {
        return count;
    }
    count + (0..n).map(|_| u64::from(stream.uniform() < p)).sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Draw, Key, NameHash, Purpose};

    /// The method as Marsaglia & Tsang prove it, without the first comparison that spares logarithms.
    fn by_the_book(shape: f64, stream: &mut Stream<'_>) -> f64 {
        if shape < 1.0 {
            return by_the_book(shape + 1.0, stream) * libm::pow(stream.uniform(), 1.0 / shape);
        }
        let d = shape - 1.0 / 3.0;
        loop {
            let x = normal_quantile(stream.uniform());
            let root = 1.0 + x / (3.0 * libm::sqrt(d));
            if root > 0.0 {
                let v = libm::pow(root, 3.0);
                if libm::log(stream.uniform()) < 0.5 * x * x + d - d * v + d * libm::log(v) {
                    return d * v;
                }
            }
        }
    }

    fn key() -> Key {
        Key::new(1, 0, NameHash::new("class", "citizens"))
    }

    #[test]
    fn gamma_variates_are_accepted_by_the_book() {
        let key = key();
        for shape in [0.3, 1.0, 2.5, 40.0] {
            for applicant in 0..4000 {
                let stream = || key.stream(Purpose::Demand, applicant, Draw::default());
                let (got, want) = (gamma_variate(shape, &mut stream()), by_the_book(shape, &mut stream()));
                assert!((got - want).abs() <= 1e-9 * want, "shape {shape}, {applicant}: {got}, not {want}");
            }
        }
    }

    #[test]
    fn what_is_sure_takes_no_random_number() {
        let key = key();
        let fresh = || key.stream(Purpose::Split, 0, Draw::default());
        for (p, want) in [(-0.5, 0), (0.0, 0), (1.0, 1000), (1.5, 1000), (f64::NAN, 0)] {
            let mut stream = fresh();
            assert_eq!((binomial(1000, p, &mut stream), stream.bits()), (want, fresh().bits()), "{p}");
        }
        let mut stream = fresh();
        assert_eq!((poisson(0.0, &mut stream), gamma_variate(0.0, &mut stream)), (0, 0.0));
        assert_eq!(stream.bits(), fresh().bits());
    }
}
