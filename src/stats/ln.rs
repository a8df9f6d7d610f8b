//! The natural logarithm without a division: half the time of `libm`'s, and the same bits on every machine.

/// A bucket's middle `c`, its inverse and its logarithm.
#[derive(Debug, Clone, Copy)]
struct Middle {
    c: f64,
    inverse: f64,
    ln: f64,
}

const BUCKET_BITS: u32 = 7;
const BUCKETS: usize = 1 << BUCKET_BITS;
/// Width of a bucket in units of the last place of a mantissa.
const WIDTH: u64 = 1 << (52 - BUCKET_BITS);
/// The bits of 0.705: buckets run from here for an octave, and 1 is the middle of one, so that the logarithm of what
/// is near 1 keeps its relative precision.
const LOWEST: u64 = (1.0_f64).to_bits() - 75 * WIDTH - WIDTH / 2;
/// ln 2, and what its nearest number leaves out.
const LN_2: [f64; 2] = [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17];

static MIDDLES: [Middle; BUCKETS] = middles();

const fn middles() -> [Middle; BUCKETS] {
    let mut middles = [Middle { c: 1.0, inverse: 1.0, ln: 0.0 }; BUCKETS];
    let mut bucket = 0;
    while bucket < BUCKETS {
        let c = f64::from_bits(LOWEST + bucket as u64 * WIDTH + WIDTH / 2);
        middles[bucket] = Middle { c, inverse: 1.0 / c, ln: series(c) };
        bucket += 1;
    }
    middles
}

/// ln c = 2 artanh((c − 1)/(c + 1)), by its series, for c from 0.7 to 1.42.
const fn series(c: f64) -> f64 {
    let z = (c - 1.0) / (c + 1.0);
    let (mut sum, mut term) = (0.0, 25);
    while term > 0 {
        sum = sum * z * z + 1.0 / term as f64;
        term -= 2;
    }
    2.0 * z * sum
}

/// The natural logarithm, within a few units of the last place.
#[inline]
#[must_use]
pub fn ln(x: f64) -> f64 {
    if x.is_normal() && x > 0.0 { ln_normal(x) } else { libm::log(x) }
}

/// The same for a number that is known to be positive, finite and normal; of another it gives nonsense.
///
/// x = 2^k·z, where z lies in the bucket of c: ln x = k ln 2 + ln c + ln(1 + r), r = (z − c)/c being below 1/256, by
/// Taylor's series (the way of Tang 1990, *Table-driven implementation of the logarithm function*).
#[inline]
#[must_use]
pub fn ln_normal(x: f64) -> f64 {
    let above = x.to_bits().wrapping_sub(LOWEST);
    let k = (above as i64 >> 52) as f64;
    let z = f64::from_bits(x.to_bits().wrapping_sub(above & (u64::MAX << 52)));
    let middle = &MIDDLES[(above >> (52 - BUCKET_BITS)) as usize % BUCKETS];
    // z − c is exact.
    let r = (z - middle.c) * middle.inverse;
    let square = r * r;
    let tail = (1.0 / 3.0 - r * 0.25) + square * ((0.2 - r * (1.0 / 6.0)) + square * (1.0 / 7.0));
    (k * LN_2[0] + middle.ln) + (r + (square * (r * tail - 0.5) + k * LN_2[1]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_near(x: f64) -> bool {
        let want = libm::log(x);
        (ln(x) - want).abs() <= 4.0 * f64::EPSILON * want.abs()
    }

    #[test]
    fn the_ends_of_every_bucket_and_octave() {
        assert_eq!(ln(1.0), 0.0);
        for exponent in [-1022, -53, -2, -1, 0, 1, 2, 1023] {
            for bucket in 0..BUCKETS as u64 {
                let z = f64::from_bits(LOWEST + bucket * WIDTH) * libm::exp2(f64::from(exponent));
                for x in [z.next_down(), z, z.next_up()].into_iter().filter(|x| x.is_normal()) {
                    assert!(is_near(x), "{x:e}: {:e}", ln(x));
                }
            }
        }
    }

    #[test]
    fn near_one_the_precision_is_relative() {
        for bits in 1..=52 {
            let step = libm::exp2(-f64::from(bits));
            assert!(is_near(1.0 - 0.5 * step) && is_near(1.0 + step), "2^-{bits}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_libm(x in prop::num::f64::POSITIVE | prop::num::f64::NORMAL, u in 0.0f64..1.0) {
            prop_assume!(x.is_normal() && x > 0.0 && u > 0.0);
            prop_assert!(is_near(x) && is_near(1.0 - u));
        }
    }

    #[test]
    fn what_is_not_positive_finite_and_normal_is_left_to_libm() {
        assert!([-1.0, -1e300, -1e-310, f64::NEG_INFINITY, f64::NAN].into_iter().all(|x| ln(x).is_nan()));
        assert_eq!((ln(0.0), ln(-0.0), ln(f64::INFINITY)), (f64::NEG_INFINITY, f64::NEG_INFINITY, f64::INFINITY));
        assert!(is_near(1e-310) && is_near(f64::from_bits(1)));
    }

    #[test]
    fn of_all_others_it_is_the_same_as_by_the_table() {
        for i in 1..2000 {
            let x = f64::from(i) / 700.0;
            assert_eq!(ln(x).to_bits(), ln_normal(x).to_bits(), "{x}");
        }
    }

    /// A single result is too coarse to show it: the mean of many differences between ln 2z and ln z is ln 2 to more
    /// digits than a number has.
    #[test]
    fn an_octave_is_ln_2_with_what_its_nearest_number_leaves_out() {
        let steps = 20_000;
        let beyond = (0..steps).map(|step| {
            let z = 0.71 + 0.69 * f64::from(step) / f64::from(steps);
            (ln(2.0 * z) - LN_2[0]) - ln(z)
        });
        let mean = beyond.sum::<f64>() / f64::from(steps);
        assert!((mean - LN_2[1]).abs() < 1e-17, "{mean:e}");
    }
}
