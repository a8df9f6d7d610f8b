//! Samplers one by one.

use super::*;
use crate::random::NameHash;

fn every_kind() -> Vec<Sampler> {
    let s = Span::from_seconds;
    [
        Ok(Sampler::constant(s(9))),
        Sampler::exponential(s(9)),
        Sampler::lognormal(s(9), 1.5),
        Sampler::gamma(s(9), 0.3),
        Sampler::gamma(s(9), 1.7),
        Sampler::weibull(0.7, s(9)),
        Sampler::pareto(s(9), 3.5),
        Sampler::uniform(s(9), s(20)),
        Sampler::empirical(&[s(9), s(1), s(4)], &[1.0, 2.0, 0.5]),
    ]
    .into_iter()
    .collect::<Result<_, _>>()
    .expect("valid")
}

#[test]
fn the_mean_is_the_integral_of_the_quantiles() {
    for sampler in every_kind() {
        // Substituting p = 1 − t⁴ flattens the upper tail, which carries much of the mean.
        let n = 100_000;
        let t = |i| (f64::from(i) + 0.5) / f64::from(n);
        let value = |i| sampler.at_hazard(-4.0 * libm::log(t(i))) * 4.0 * libm::pow(t(i), 3.0);
        let mean = (0..n).map(value).sum::<f64>() / f64::from(n) / 1e9;
        assert!((mean / sampler.mean_seconds() - 1.0).abs() < 1e-4, "{sampler:?}: {mean}");
    }
}

#[test]
fn hazards_reach_into_the_far_tail() {
    for sampler in every_kind().into_iter().filter(|sampler| sampler.atoms().is_none()) {
        for hazard in [1e-6, 0.1, 1.0, 10.0, 30.0] {
            let told = sampler.hazard(sampler.at_hazard(hazard));
            // A bounded distribution has no digits left for the hazard near its end.
            let bounded = matches!(sampler.0, Kind::Uniform { .. }) && hazard > 5.0;
            assert!(bounded || (told / hazard - 1.0).abs() < 1e-9, "{sampler:?}: {told} for {hazard}");
        }
    }
}

#[test]
fn distributions_without_spread_are_constants() {
    let nine = Span::from_seconds(9);
    for (sampler, want) in [
        (Sampler::exponential(Span::ZERO), Span::ZERO),
        (Sampler::lognormal(nine, 0.0), nine),
        (Sampler::lognormal(Span::ZERO, 2.0), Span::ZERO),
        (Sampler::gamma(nine, 0.0), nine),
        (Sampler::gamma(nine, 1e-200), nine),
        (Sampler::weibull(0.5, Span::ZERO), Span::ZERO),
        (Sampler::uniform(nine, nine), nine),
        (Sampler::empirical(&[nine, nine], &[]), nine),
    ] {
        assert_eq!(sampler.map(|sampler| sampler.as_constant()), Ok(Some(want)));
    }
    let constant = Sampler::constant(nine);
    assert_eq!((constant.quantile(0.3), constant.cdf(8.9e9), constant.cdf(9e9)), (9e9, 0.0, 1.0));
    assert_eq!(Sampler::exponential(nine).map(|sampler| sampler.as_constant()), Ok(None));
}

#[test]
fn mistakes_say_what_would_be_right() {
    let nine = Span::from_seconds(9);
    let told = |result: Result<Sampler, SamplerError>| result.expect_err("a mistake").to_string();
    for (mistake, says) in [
        (told(Sampler::lognormal(nine, -1.0)), "the coefficient of variation is -1; it must be a number from 0 to 1000"),
        (told(Sampler::gamma(nine, f64::NAN)), "the coefficient of variation is NaN; it must be a number from 0 to 1000"),
        (told(Sampler::weibull(0.0, nine)), "the shape is 0; it must be a number greater than 0"),
        (told(Sampler::pareto(Span::ZERO, 1.0)), "the minimum of a Pareto distribution is 0; it must be longer"),
        (told(Sampler::uniform(nine, Span::ZERO)), "the maximum is shorter than the minimum; it must be at least as long"),
        (told(Sampler::empirical(&[], &[])), "there are no values; at least one is needed"),
        (
            told(Sampler::empirical(&[nine], &[1.0, 2.0])),
            "2 weights for 1 values; give one weight a value, or none for equal weights",
        ),
        (told(Sampler::empirical(&[nine, nine], &[1.0, -2.0])), "weight number 2 is -2; weights must be numbers from 0 up"),
        (told(Sampler::empirical(&[nine], &[0.0])), "all weights are 0; at least one must be greater"),
    ] {
        assert_eq!(mistake, says);
    }
}

#[test]
fn a_pareto_of_any_shape_up_to_one_has_no_mean() {
    let nine = Span::from_seconds(9);
    let mean = |shape| Sampler::pareto(nine, shape).map(|sampler| sampler.mean_seconds());
    assert_eq!([0.5, 1.0, 2.0].map(mean), [Ok(f64::INFINITY), Ok(f64::INFINITY), Ok(18.0)]);
}

#[test]
fn a_weibull_of_shape_one_is_the_exponential() {
    let nine = Span::from_seconds(9);
    assert_eq!(Sampler::weibull(1.0, nine), Sampler::exponential(nine));
    assert_ne!(Sampler::weibull(1.1, nine), Sampler::exponential(nine));
}

#[test]
fn a_long_constant_is_drawn_to_the_nanosecond() {
    // The least whole number that a float does not hold.
    let long = Span((1 << 53) + 1);
    let key = Key::new(1, 0, NameHash::new("class", "citizens"));
    let constant = Sampler::constant(long);
    assert_eq!(constant.sample(&mut key.stream(Purpose::Service, 0, Draw::default())), long);
    assert_eq!(constant.draw(&key, Purpose::Service, 0, Draw::default()), long);
}

#[test]
fn the_heaviest_weights_are_weighed_as_others() {
    let values = [1, 2].map(Span::from_seconds);
    let sampler = Sampler::empirical(&values, &[f64::MAX, f64::MAX]).expect("valid");
    assert_eq!((sampler.quantile(0.5), sampler.quantile(0.75), sampler.mean_seconds()), (1e9, 2e9, 1.5));
}

#[test]
fn quantiles_reach_their_share_exactly() {
    let values: Vec<Span> = (1..=1000).map(Span).collect();
    let empirical = Sampler::empirical(&values, &[]).expect("valid");
    let uniform = Sampler::uniform(Span::ZERO, Span(1024)).expect("valid");
    for i in 1..1000 {
        let number = f64::from(i);
        assert_eq!((empirical.quantile(number / 1000.0), uniform.quantile(number / 1024.0)), (number, number));
    }
}

#[test]
fn gamma_quantiles_keep_the_digits_of_the_upper_tail() {
    let nine = Span::from_seconds(9);
    let last = libm::exp2(-45.0);
    for cv in [0.3, 1.7] {
        let sampler = Sampler::gamma(nine, cv).expect("valid");
        let hazard = sampler.hazard(sampler.quantile(1.0 - last));
        assert!((hazard / -libm::log(last) - 1.0).abs() < 1e-9, "{cv}: {hazard}");
    }
}

#[test]
fn distribution_functions_keep_the_digits_of_the_lower_tail() {
    let nine = Span::from_seconds(9);
    for sampler in [Sampler::lognormal(nine, 1.5), Sampler::gamma(nine, 0.3), Sampler::gamma(nine, 1.7)] {
        let sampler = sampler.expect("valid");
        let share = sampler.cdf(sampler.quantile(1e-20));
        assert!((share / 1e-20 - 1.0).abs() < 1e-9, "{sampler:?}: {share}");
    }
}

#[test]
fn nothing_is_shorter_than_nothing() {
    for sampler in every_kind() {
        assert_eq!((sampler.cdf(-1.0), sampler.cdf(0.0)), (0.0, 0.0), "{sampler:?}");
    }
    let none = Sampler::constant(Span::ZERO);
    assert_eq!((none.cdf(-1.0), none.cdf(0.0)), (0.0, 1.0));
    let some = Sampler::empirical(&[Span::ZERO, Span(8)], &[]).expect("valid");
    assert_eq!((some.cdf(-1.0), some.cdf(0.0)), (0.0, 0.5));
}

#[test]
fn empirical_shares_step_at_their_values() {
    let sampler = Sampler::empirical(&[Span(10), Span(40)], &[1.0, 3.0]).expect("valid");
    assert_eq!([9.0, 9.9, 10.0, 39.9, 40.0, 1e30].map(|nanos| sampler.cdf(nanos)), [0.0, 0.0, 0.25, 0.25, 1.0, 1.0]);
}
