//! What holds for any parameters.

use crate::setting::{all, class};
use clickday::model::{Between, Curve, Cut, Population, Sampler};
use clickday::time::{Span, Time};
use proptest::prelude::*;

fn any_span() -> impl Strategy<Value = Span> {
    (0u32..50, 1u64..1000).prop_map(|(shift, x)| Span(x << shift))
}

fn any_sampler() -> impl Strategy<Value = Sampler> {
    let shape = || (-2.0..1.5f64).prop_map(|exponent| 10f64.powf(exponent));
    prop_oneof![
        any_span().prop_map(Sampler::exponential),
        (any_span(), shape()).prop_map(|(mean, cv)| Sampler::lognormal(mean, cv)),
        (any_span(), shape()).prop_map(|(mean, cv)| Sampler::gamma(mean, cv)),
        (shape(), any_span()).prop_map(|(shape, scale)| Sampler::weibull(shape, scale)),
        (any_span(), shape()).prop_map(|(min, shape)| Sampler::pareto(min, shape)),
        (any_span(), any_span()).prop_map(|(min, width)| Sampler::uniform(min, min + width)),
    ]
    .prop_map(|sampler| sampler.expect("valid"))
}

proptest! {
    #[test]
    fn quantiles_invert_the_distribution_function(sampler in any_sampler(), p in 1e-9..0.999_999f64) {
        let x = sampler.quantile(p);
        prop_assert!(!x.is_nan() && x >= 0.0);
        // Outside, the quantile itself is beyond what a floating-point number holds.
        if (1e-290..1e290).contains(&x) {
            // Up to the last bits of x, which are worth much where the distribution is narrow.
            let (low, high) = (sampler.cdf(x * (1.0 - 4.0 * f64::EPSILON)), sampler.cdf(x * (1.0 + 4.0 * f64::EPSILON)));
            prop_assert!(low - 1e-8 < p && p < high + 1e-8, "{sampler:?}: quantile {x}, cdf {low} to {high}, p {p}");
        }
    }

    #[test]
    fn quantiles_rise(sampler in any_sampler(), p in 1e-9..0.999f64, step in 0.0..0.000_9f64) {
        let (low, high) = (sampler.quantile(p), sampler.quantile(p + step));
        prop_assert!(low <= high * (1.0 + 1e-9), "{sampler:?}: {low} and {high}");
    }

    #[test]
    fn arrivals_of_any_curve_rise_stay_before_the_end_and_add_up(
        delay in any_sampler(),
        n in 0u64..300,
        from in 0u64..1u64 << 50,
        length in 1u64..1u64 << 50,
        truncate in any::<bool>(),
    ) {
        let cut = Cut { end: Time(from + length), truncate };
        let ramp = Curve::rates(&[(Time(from), 1.0), (Time(from + 2 * length), 0.0)], Between::Linear, cut);
        // A curve of which nothing that a float can hold comes before the end is refused.
        if let (Ok(ramp), Ok(delayed)) = (ramp, Curve::spike(Time(from), delay, cut)) {
            prop_assert!((0.0..=1.0).contains(&delayed.share_before(Time(from + length / 2))));
            let class = class(Population::Fixed(n), vec![(0.5, delayed), (0.5, ramp)]);
            let times = all(&class, 0, cut.end);
            prop_assert!(times.iter().all(|time| *time >= Time(from)));
            prop_assert!(!truncate || times.len() as u64 == n);
            prop_assert_eq!(times, all(&class, 0, cut.end));
        }
    }
}
