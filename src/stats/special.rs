//! Special functions through `libm`, so that they give the same bits on every machine.

use std::f64::consts::{PI, SQRT_2};

/// Above this shape the incomplete gamma function is computed by Temme's expansion, below by series and fraction.
const TEMME_FROM: f64 = 1e5;

/// The standard normal distribution function.
#[must_use]
pub fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x / SQRT_2)
}

/// The standard normal quantile, relative error about 1e-16 (Wichura 1988, *Algorithm AS 241*, routine PPND16).
///
/// Minus infinity at 0, infinity at 1, NaN outside [0, 1].
#[inline]
#[must_use]
pub fn normal_quantile(p: f64) -> f64 {
    normal_quantile_of(p, 1.0 - p)
}

/// The normal quantile of `p`, with `q` = 1 − `p` given apart so that the upper tail keeps its precision.
#[inline]
pub(crate) fn normal_quantile_of(p: f64, q: f64) -> f64 {
    let centre = 0.5 * (p - q);
    if centre.abs() <= 0.425 {
        let r = 0.180_625 - centre * centre;
        return centre * ratio(r, &CENTRE);
    }
    let tail = p.min(q);
    if tail <= 0.0 || tail.is_nan() {
        return if tail == 0.0 { centre.signum() * f64::INFINITY } else { f64::NAN };
    }
    let r = libm::sqrt(-libm::log(tail));
    let x = if r <= 5.0 { ratio(r - 1.6, &MIDDLE) } else { ratio(r - 5.0, &FAR) };
    if centre < 0.0 { -x } else { x }
}

type Rational = [[f64; 8]; 2];

#[inline]
fn ratio(x: f64, [above, below]: &Rational) -> f64 {
    let horner = |c: &[f64; 8]| c.iter().rev().fold(0.0, |sum, c| sum * x + c);
    horner(above) / horner(below)
}

#[expect(clippy::excessive_precision, reason = "the published coefficients, digit by digit")]
const CENTRE: Rational = [
    [
        3.3871328727963666080e0,
        1.3314166789178437745e2,
        1.9715909503065514427e3,
        1.3731693765509461125e4,
        4.5921953931549871457e4,
        6.7265770927008700853e4,
        3.3430575583588128105e4,
        2.5090809287301226727e3,
    ],
    [
        1.0,
        4.2313330701600911252e1,
        6.8718700749205790830e2,
        5.3941960214247511077e3,
        2.1213794301586595867e4,
        3.9307895800092710610e4,
        2.8729085735721942674e4,
        5.2264952788528545610e3,
    ],
];

#[expect(clippy::excessive_precision, reason = "the published coefficients, digit by digit")]
const MIDDLE: Rational = [
    [
        1.42343711074968357734e0,
        4.63033784615654529590e0,
        5.76949722146069140550e0,
        3.64784832476320460504e0,
        1.27045825245236838258e0,
        2.41780725177450611770e-1,
        2.27238449892691845833e-2,
        7.74545014278341407640e-4,
    ],
    [
        1.0,
        2.05319162663775882187e0,
        1.67638483018380384940e0,
        6.89767334985100004550e-1,
        1.48103976427480074590e-1,
        1.51986665636164571966e-2,
        5.47593808499534494600e-4,
        1.05075007164441684324e-9,
    ],
];

#[expect(clippy::excessive_precision, reason = "the published coefficients, digit by digit")]
const FAR: Rational = [
    [
        6.65790464350110377720e0,
        5.46378491116411436990e0,
        1.78482653991729133580e0,
        2.96560571828504891230e-1,
        2.65321895265761230930e-2,
        1.24266094738807843860e-3,
        2.71155556874348757815e-5,
        2.01033439929228813265e-7,
    ],
    [
        1.0,
        5.99832206555887937690e-1,
        1.36929880922735805310e-1,
        1.48753612908506148525e-2,
        7.86869131145613259100e-4,
        1.84631831751005468180e-5,
        1.42151175831644588870e-7,
        2.04426310338993978564e-15,
    ],
];

/// The regularized incomplete gamma functions P(`a`, `x`) and Q(`a`, `x`) = 1 − P, for `a` > 0 and `x` ≥ 0.
///
/// Series and continued fraction (Abramowitz & Stegun 6.5.29, 6.5.31, the fraction by Lentz's method); for large
/// `a` the uniform expansion of Temme (1979) with the coefficients of DiDonato & Morris (1986, ACM 12, 377).
pub(crate) fn gamma_pq(a: f64, x: f64) -> (f64, f64) {
    if x.is_nan() || x <= 0.0 {
        return (0.0, 1.0);
    }
    if x == f64::INFINITY {
        return (1.0, 0.0);
    }
    if a >= TEMME_FROM {
        return temme(a, x);
    }
    let front = poisson_weight(a, x);
    if x < a + 1.0 {
        let (mut term, mut sum, mut n) = (1.0, 1.0, a);
        while term > sum * 1e-17 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        let p = (front * sum).min(1.0);
        (p, 1.0 - p)
    } else {
        let tiny = 1e-300;
        let mut b = x + 1.0 - a;
        let (mut c, mut d) = (1.0 / tiny, 1.0 / b);
        let mut fraction = d;
        for i in 1..100_000 {
            let i = f64::from(i);
            let step = -i * (i - a);
            b += 2.0;
            d = away_from_zero(step * d + b, tiny).recip();
            c = away_from_zero(b + step / c, tiny);
            let change = c * d;
            fraction *= change;
            if (change - 1.0).abs() < 1e-16 {
                break;
            }
        }
        let q = (front * a * fraction).min(1.0);
        (1.0 - q, q)
    }
}

fn away_from_zero(x: f64, tiny: f64) -> f64 {
    if x.abs() < tiny { tiny } else { x }
}

/// x^a·e^−x / Γ(a+1), by the saddle point for larger `a` (Loader 2000, *Fast and accurate computation of binomial
/// probabilities*).
fn poisson_weight(a: f64, x: f64) -> f64 {
    if a < 10.0 {
        return libm::exp(a * libm::log(x) - x - libm::lgamma(a + 1.0));
    }
    let a2 = a * a;
    let stirling = (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0 - 691.0 / 360_360.0 / a2) / a2) / a2) / a2) / a2)
        / a;
    libm::exp(-stirling - a * excess((x - a) / a)) / libm::sqrt(2.0 * PI * a)
}

/// t − ln(1+t), without cancellation near 0.
fn excess(t: f64) -> f64 {
    if t.abs() > 0.1 {
        return t - libm::log1p(t);
    }
    // ln(1+t) = 2 artanh(v) with v = t/(2+t), and t − 2v = t·v.
    let v = t / (2.0 + t);
    let (mut power, mut sum, mut n) = (v, 0.0, 1.0);
    while power.abs() > 1e-20 {
        power *= v * v;
        n += 2.0;
        sum += power / n;
    }
    t * v - 2.0 * sum
}

fn temme(a: f64, x: f64) -> (f64, f64) {
    const C0: [f64; 8] =
        [-1.0 / 3.0, 1.0 / 12.0, -2.0 / 135.0, 1.0 / 864.0, 3.527_336_86e-4, -1.787_551_44e-4, 3.919_263_18e-5, -2.185_448_51e-6];
    const C1: [f64; 4] = [-1.0 / 540.0, -1.0 / 288.0, 2.645_502_65e-3, -9.902_263_37e-4];
    let t = (x - a) / a;
    let half_square = excess(t);
    let eta = libm::copysign(libm::sqrt(2.0 * half_square), t);
    let at = |c: &[f64]| c.iter().rev().fold(0.0, |sum, c| sum * eta + c);
    let rest = if eta.abs() < 0.5 {
        libm::exp(-a * half_square) / libm::sqrt(2.0 * PI * a) * (at(&C0) + at(&C1) / a)
    } else {
        0.0 // a·η²/2 is beyond 10⁴: both are zero to the last bit
    };
    let root = libm::sqrt(a / 2.0);
    let q = (0.5 * libm::erfc(eta * root) + rest).clamp(0.0, 1.0);
    let p = (0.5 * libm::erfc(-eta * root) - rest).clamp(0.0, 1.0);
    (p, q)
}

/// The x with P(`a`, x) = `p` and Q(`a`, x) = `q`; both are given so that either tail keeps its precision.
///
/// Newton's method on the logarithm of the smaller of the two against the logarithm of x, kept in a bracket, from the
/// approximation of Wilson & Hilferty (1931) or, for small x, the first term of the series.
pub(crate) fn gamma_inverse(a: f64, p: f64, q: f64) -> f64 {
    if p <= 0.0 {
        return 0.0;
    }
    if q <= 0.0 {
        return f64::INFINITY;
    }
    let lowest = (libm::log(p) + libm::lgamma(a + 1.0)) / a;
    if lowest < -40.0 {
        return libm::exp(lowest); // the first term of the series is all there is to it
    }
    let cube_root = 1.0 - 1.0 / (9.0 * a) + normal_quantile_of(p, q) / (3.0 * libm::sqrt(a));
    let mut y = if a > 0.5 && cube_root > 0.1 {
        libm::log(a) + 3.0 * libm::log(cube_root)
    } else if q < 0.1 {
        libm::log(-libm::log(q) + 1e-3)
    } else {
        lowest
    };
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    for _ in 0..200 {
        let x = libm::exp(y);
        let (px, qx) = gamma_pq(a, x);
        let slope = a * poisson_weight(a, x);
        let (too_far, step) = if p < q {
            let miss = libm::log(px / p);
            (miss > 0.0, miss * px / slope)
        } else {
            let miss = libm::log(q / qx);
            (miss > 0.0, miss * qx / slope)
        };
        if too_far {
            high = y;
        } else {
            low = y;
        }
        let next = y - step;
        if next.is_finite() && step.abs() < 1e-11 {
            return libm::exp(next);
        }
        y = if next > low && next < high {
            next
        } else if low.is_finite() && high.is_finite() {
            0.5 * (low + high)
        } else {
            y + if too_far { -1.0 } else { 1.0 }
        };
        if high - low < 1e-15 {
            break;
        }
    }
    libm::exp(y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};
    use statrs::function::gamma::{gamma_lr, gamma_ur};

    fn close(got: f64, want: f64, relative: f64) {
        assert!((got - want).abs() <= relative * want.abs(), "got {got:e}, want {want:e}");
    }

    #[test]
    fn the_normal_quantile_inverts_the_distribution_function_in_both_tails() {
        // Wichura's own check values.
        close(normal_quantile(0.25), -0.674_489_750_196_081_7, 1e-15);
        close(normal_quantile(0.001), -3.090_232_306_167_813_5, 1e-15);
        close(normal_quantile(1e-20), -9.262_340_089_798_408, 1e-15);
        let normal = Normal::standard();
        for i in 1..2000 {
            let p = f64::from(i) / 2000.0;
            close(normal_cdf(normal_quantile(p)), p, 1e-14);
            assert!((normal_quantile(p) - normal.inverse_cdf(p)).abs() < 1e-9);
        }
        for exponent in 3..300 {
            let p = libm::pow(10.0, -f64::from(exponent));
            close(normal_cdf(normal_quantile(p)), p, 1e-12);
            close(normal_quantile_of(1.0 - p, p), -normal_quantile(p), 1e-15);
        }
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(f64::NAN).is_nan());
    }

    #[test]
    fn the_incomplete_gamma_functions_agree_with_statrs() {
        for a in [0.01, 0.3, 1.0, 2.5, 9.9, 10.1, 50.0, 1000.0, 90_000.0] {
            for z in -30..=30 {
                let x = a * libm::exp(f64::from(z) / 10.0 / libm::sqrt(a));
                let (p, q) = gamma_pq(a, x);
                assert!((p - gamma_lr(a, x)).abs() < 2e-10, "P({a}, {x}) = {p}, not {}", gamma_lr(a, x));
                assert!((q - gamma_ur(a, x)).abs() < 2e-10);
            }
        }
    }

    #[test]
    fn temmes_expansion_joins_the_series() {
        for t in [-4.0, -1.0, -0.1, 0.0, 0.2, 1.0, 5.0] {
            let a = TEMME_FROM * (1.0 - 1e-12);
            let x = a + t * libm::sqrt(a);
            let (p, q) = gamma_pq(a, x);
            let (p_large, q_large) = temme(a, x);
            close(p_large, p, 1e-9);
            close(q_large, q, 1e-9);
        }
    }

    #[test]
    fn the_inverse_gamma_round_trips() {
        for a in [1e-6, 0.01, 0.2, 0.7, 1.0, 1.5, 6.25, 100.0, 1e4, 1e6, 1e12] {
            for p in [1e-12, 1e-6, 0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999] {
                let x = gamma_inverse(a, p, 1.0 - p);
                if x > 1e-300 {
                    let (px, qx) = gamma_pq(a, x);
                    close(px, p, 1e-8);
                    close(qx, 1.0 - p, 1e-8);
                }
            }
            for q in [1e-3, 1e-9, 1e-15, 1e-100] {
                let x = gamma_inverse(a, 1.0, q);
                if q < a {
                    close(gamma_pq(a, x).1, q, 1e-7); // the last bit of x is worth that much where a is 1e12
                }
            }
        }
    }

    #[test]
    fn nothing_lies_below_zero() {
        for a in [0.5, 2.0, 20.0, 1e6] {
            for x in [-1.0, -0.0, 0.0, f64::NAN] {
                assert_eq!(gamma_pq(a, x), (0.0, 1.0), "{a}, {x}");
            }
        }
    }

    #[test]
    fn a_tiny_shape_takes_the_series_above_its_mean() {
        close(gamma_pq(1e-6, 1e-5).1, 0.000_010_935_660_827_725_528, 1e-9);
    }

    #[test]
    fn at_its_mean_a_poisson_weight_is_right_to_the_last_digits() {
        close(poisson_weight(10.0, 10.0), 1e10 * libm::exp(-10.0) / 3_628_800.0, 2e-15); // 10^10·e^−10/10!
    }

    /// The references are integrals at forty digits.
    #[test]
    fn temmes_expansion_is_right_to_twelve_digits() {
        for (x, p, q) in [
            (99_684.0, 0.158_829_562_417_479_24, 0.841_170_437_582_520_8),
            (100_000.0, 0.500_420_522_110_365_2, 0.499_579_477_889_634_8),
            (100_316.0, 0.841_171_170_872_547_5, 0.158_828_829_127_452_5),
        ] {
            let (p_large, q_large) = temme(1e5, x);
            close(p_large, p, 1e-12);
            close(q_large, q, 1e-12);
        }
    }

    /// Inverses found at fifty digits: from where the first term is all there is, through starts far off the mark, to
    /// where a tail is all but zero.
    #[test]
    fn the_inverse_gamma_is_right_far_from_the_mean() {
        for (a, p, q, x) in [
            (10.0, 1e-300, 1.0, 4.528_728_688_116_765e-30),
            (100.0, 1e-200, 1.0, 0.381_364_137_834_778_8),
            (200.0, 1e-300, 1.0, 2.396_974_186_732_953_8),
            (0.9, 0.02, 0.98, 0.012_482_271_588_754_926),
            (1000.0, 0.6, 0.4, 1_007.698_076_018_917),
            (0.501, 1.0, 1e-150, 341.904_474_714_455_14),
            (100.0, 1.0, 1e-300, 1_017.310_428_854_713_9),
        ] {
            close(gamma_inverse(a, p, q), x, 1e-12);
        }
    }
}
