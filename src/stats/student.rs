//! Student's t distribution for whole degrees of freedom.

use super::special::normal_quantile;
use std::f64::consts::{FRAC_2_PI, PI};

/// Above so many degrees of freedom the expansion in powers of 1/df is exact to the last digits.
const EXPANSION_FROM: u32 = 1000;

/// P(T ≤ `t`) for Student's t with `df` ≥ 1 degrees of freedom (finite sums, Abramowitz & Stegun 26.7.3 and 26.7.4).
#[must_use]
pub fn student_t_cdf(t: f64, df: u32) -> f64 {
    let nu = f64::from(df.max(1));
    let theta = libm::atan(t / libm::sqrt(nu));
    let (sine, cosine) = (libm::sin(theta), libm::cos(theta));
    let square = cosine * cosine;
    let odd = df % 2 == 1;
    // The terms of either sum: each is the one before times cos²θ·k/(k+1), k of the other parity than df.
    let (mut term, mut k) = if odd { (cosine, 2.0) } else { (1.0, 1.0) };
    let mut sum = 0.0;
    for _ in 0..(if odd { (df - 1) / 2 } else { df / 2 }) {
        sum += term;
        term *= square * k / (k + 1.0);
        k += 2.0;
    }
    let both_sides = if odd { FRAC_2_PI * (theta + sine * sum) } else { sine * sum };
    0.5 + 0.5 * both_sides
}

/// The t with P(T ≤ t) = `p`, 0 < `p` < 1, for `df` ≥ 1 degrees of freedom; absolute error below 1e-9 for `p` from
/// 0.0001 to 0.9999.
///
/// Newton's method on [`student_t_cdf`] from the expansion of Cornish and Fisher (Abramowitz & Stegun 26.7.5), which
/// is used alone for many degrees of freedom.
#[must_use]
pub fn student_t_quantile(p: f64, df: u32) -> f64 {
    if p < 0.5 {
        return -student_t_quantile(1.0 - p, df);
    }
    if df <= 1 {
        return libm::tan(PI * (p - 0.5));
    }
    if df == 2 {
        let both_sides = 2.0 * p - 1.0;
        return both_sides * libm::sqrt(2.0 / (1.0 - both_sides * both_sides));
    }
    let nu = f64::from(df);
    let mut t = expansion(normal_quantile(p), nu);
    if df > EXPANSION_FROM || !t.is_finite() {
        return t;
    }
    let log_front = libm::lgamma((nu + 1.0) / 2.0) - libm::lgamma(nu / 2.0) - 0.5 * libm::log(nu * PI);
    for _ in 0..50 {
        let density = libm::exp(log_front - (nu + 1.0) / 2.0 * libm::log1p(t * t / nu));
        let step = (student_t_cdf(t, df) - p) / density;
        t = (t - step).max(0.5 * t);
        if step.abs() <= 1e-14 * t {
            break;
        }
    }
    t
}

fn expansion(x: f64, nu: f64) -> f64 {
    let s = x * x;
    let g1 = x * (s + 1.0) / 4.0;
    let g2 = x * ((5.0 * s + 16.0) * s + 3.0) / 96.0;
    let g3 = x * (((3.0 * s + 19.0) * s + 17.0) * s - 15.0) / 384.0;
    let g4 = x * ((((79.0 * s + 776.0) * s + 1482.0) * s - 1920.0) * s - 945.0) / 92_160.0;
    x + (g1 + (g2 + (g3 + g4 / nu) / nu) / nu) / nu
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn the_quantiles_are_those_of_the_tables() {
        // NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2, three decimals.
        for (df, p, want) in [
            (1, 0.975, 12.706),
            (2, 0.975, 4.303),
            (3, 0.975, 3.182),
            (4, 0.95, 2.132),
            (9, 0.975, 2.262),
            (10, 0.995, 3.169),
            (29, 0.975, 2.045),
            (30, 0.90, 1.310),
            (99, 0.999, 3.175),
            (100, 0.975, 1.984),
        ] {
            let got = student_t_quantile(p, df);
            assert!((got - want).abs() <= 0.000_5, "t({p}, {df}) = {got}, not {want}");
            assert_eq!(student_t_quantile(1.0 - p, df), -student_t_quantile(1.0 - (1.0 - p), df));
        }
        // The exact ones: tan and a rational form.
        assert!((student_t_quantile(0.75, 1) - 1.0).abs() < 1e-15);
        assert_eq!(student_t_quantile(0.5, 7), 0.0);
    }

    /// All terms are there with their signs: what is left out falls with the fifth power of the degrees of freedom.
    #[test]
    fn the_expansion_is_exact_to_the_fourth_power() {
        for (df, bound) in [(20, 3e-8), (50, 3e-10), (100, 1e-11)] {
            for p in [0.6, 0.9] {
                let off = expansion(normal_quantile(p), f64::from(df)) - student_t_quantile(p, df);
                assert!(off.abs() < bound, "df {df}, p {p}: {off:e}");
            }
        }
    }

    #[test]
    fn quantiles_invert_the_distribution_function_to_nine_digits() {
        for df in [1, 2, 3, 4, 5, 8, 19, 64, 199, 500, 999, 1000, 1001, 5000, 100_000] {
            let reference = StudentsT::new(0.0, 1.0, f64::from(df)).expect("valid");
            for p in [0.500_1, 0.6, 0.9, 0.95, 0.975, 0.995, 0.999_9] {
                let t = student_t_quantile(p, df);
                assert!((student_t_cdf(t, df) - p).abs() < 1e-12, "df {df}, p {p}");
                // Beyond, the reference itself loses digits.
                assert!(df > 1001 || (reference.cdf(t) - p).abs() < 1e-9, "df {df}, p {p}: {}", reference.cdf(t));
            }
        }
    }
}
