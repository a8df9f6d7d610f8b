//! Gamma, Poisson and binomial numbers.

use crate::fits::{assert_discrete, assert_follows, assert_moments};
use crate::setting::key;
use clickday::model::{binomial, gamma_variate, poisson};
use clickday::random::{Draw, Purpose};
use statrs::distribution::{Binomial, ContinuousCDF, DiscreteCDF, Gamma, Poisson};

fn step(number: usize) -> Draw {
    Draw { step: number as u16, ..Draw::default() }
}

#[test]
fn gamma_variates_follow_their_distribution_at_any_shape() {
    let key = key(1);
    for (number, shape) in [0.05, 0.5, 1.0, 1.7, 30.0, 4000.0].into_iter().enumerate() {
        let draw = |i| gamma_variate(shape, &mut key.stream(Purpose::Demand, i, step(number)));
        let values: Vec<f64> = (0..100_000).map(draw).collect();
        assert_moments(&format!("gamma {shape}"), &values, shape, shape);
        let law = Gamma::new(shape, 1.0).expect("valid");
        assert_follows(&format!("gamma {shape}"), values, |x| law.cdf(x));
    }
    assert_eq!(gamma_variate(0.0, &mut key.stream(Purpose::Demand, 0, step(0))), 0.0);
}

#[test]
fn poisson_numbers_are_poisson() {
    let key = key(2);
    for (number, mean) in [0.3, 3.7, 15.9, 16.1, 120.0, 54_321.5].into_iter().enumerate() {
        let draw = |i| poisson(mean, &mut key.stream(Purpose::Population, i, step(number))) as f64;
        let values: Vec<f64> = (0..150_000).map(draw).collect();
        assert_moments(&format!("poisson {mean}"), &values, mean, mean);
        let law = Poisson::new(mean).expect("valid");
        assert_discrete(&format!("poisson {mean}"), &values, mean, mean.sqrt(), |k| law.cdf(k));
    }
    for mean in [0.0, -1.0, f64::NAN] {
        assert_eq!(poisson(mean, &mut key.stream(Purpose::Population, 0, step(0))), 0);
    }
    // A mean without end is cut, not waited for.
    assert!(poisson(f64::INFINITY, &mut key.stream(Purpose::Population, 0, step(0))) > 0);
}

#[test]
fn binomial_numbers_are_binomial() {
    let key = key(3);
    let laws = [(5, 0.3), (31, 0.5), (33, 0.02), (200, 0.9), (1_500_000, 0.35), (1_500_000, 0.000_01)];
    for (number, (n, p)) in laws.into_iter().enumerate() {
        let draw = |i| binomial(n, p, &mut key.stream(Purpose::Split, i, step(number))) as f64;
        let values: Vec<f64> = (0..100_000).map(draw).collect();
        let (mean, variance) = (n as f64 * p, n as f64 * p * (1.0 - p));
        assert_moments(&format!("binomial {n}, {p}"), &values, mean, variance);
        let law = Binomial::new(p, n).expect("valid");
        assert_discrete(&format!("binomial {n}, {p}"), &values, mean, variance.sqrt(), |k| law.cdf(k));
    }
    for (p, want) in [(0.0, 0), (1.0, 1_000_000), (-0.5, 0), (1.5, 1_000_000), (f64::NAN, 0)] {
        assert_eq!(binomial(1_000_000, p, &mut key.stream(Purpose::Split, 0, step(0))), want);
    }
}
