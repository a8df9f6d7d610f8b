//! The exponential function by a table: shorter than `libm`'s, and the same bits on every machine.

const STEPS: usize = 64;
const STEP: f64 = std::f64::consts::LN_2 / STEPS as f64;
/// The same in two parts, of which the first has so few digits that its product with a step's number is exact.
const STEP_HIGH: f64 = f64::from_bits(STEP.to_bits() & (u64::MAX << 20));
const STEP_LOW: f64 = STEP - STEP_HIGH + 2.319_046_813_846_299_6e-17 / STEPS as f64;
/// Adding it rounds to a whole number, which then stands in the lowest bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// Beyond, the result is hardly normal any more.
const FAR: f64 = 700.0;

/// 2^(j/64).
static ROOTS: [f64; STEPS] = roots();

const fn roots() -> [f64; STEPS] {
    let mut roots = [1.0; STEPS];
    let mut step = 1;
    while step < STEPS {
        let x = step as f64 * STEP;
        let (mut sum, mut term) = (1.0, 24);
        while term > 0 {
            sum = 1.0 + sum * x / term as f64;
            term -= 1;
        }
        roots[step] = sum;
        step += 1;
    }
    roots
}

/// e^x, within a few units of the last place.
///
/// x = (64·k + j)·ln 2/64 + r: e^x = 2^k·2^(j/64)·e^r, |r| being at most 0.0055, by Taylor's series (the way of Tang 1989,
/// *Table-driven implementation of the exponential function*).
#[inline]
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x.is_nan() || x.abs() > FAR {
        return libm::exp(x);
    }
    let rounded = x * (1.0 / STEP) + ROUNDER;
    let number = rounded - ROUNDER;
    let r = (x - number * STEP_HIGH) - number * STEP_LOW;
    let step = rounded.to_bits();
    let square = r * r;
    let series = r + square * ((0.5 + r * (1.0 / 6.0)) + square * (1.0 / 24.0 + r * (1.0 / 120.0)));
    let root = ROOTS[step as usize % STEPS];
    // The lowest bits of `step` are 64·k + j: shifted by six, k comes into the exponent.
    let power = f64::from_bits((step >> 6 << 52).wrapping_add(1.0_f64.to_bits()));
    (root + root * series) * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_near(x: f64) -> bool {
        let want = libm::exp(x);
        exp(x) == want || (exp(x) - want).abs() <= 4.0 * f64::EPSILON * want
    }

    #[test]
    fn the_ends_and_the_middle_of_every_step() {
        for step in -65..=65 {
            for x in [f64::from(step) * STEP, (f64::from(step) + 0.5) * STEP] {
                assert!(is_near(x) && is_near(x.next_up()) && is_near(x.next_down()), "{x}");
            }
        }
    }

    #[test]
    fn zero_and_what_is_far() {
        assert_eq!((exp(0.0), exp(-0.0), exp(f64::NEG_INFINITY), exp(f64::INFINITY)), (1.0, 1.0, 0.0, f64::INFINITY));
        assert!(exp(f64::NAN).is_nan());
        assert!([-745.0, -700.1, -699.9, 699.9, 700.1, 709.7].into_iter().all(is_near));
    }

    proptest! {
        #[test]
        fn agrees_with_libm(x in -745.0f64..709.0, small in -1.0f64..1.0) {
            prop_assert!(is_near(x) && is_near(small));
        }
    }
}
