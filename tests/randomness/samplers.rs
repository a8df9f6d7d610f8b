//! Durations, against the distributions of `statrs` and closed forms.

use crate::fits::{Z_LIMIT, assert_chi_square, assert_follows, assert_moments_of_many};
use crate::setting::{key, span};
use clickday::model::Sampler;
use clickday::random::{Draw, Purpose};
use clickday::time::Span;
use statrs::distribution::{ContinuousCDF, Exp, Gamma, LogNormal, Pareto, Uniform, Weibull};
use statrs::function::gamma::gamma;

struct Case {
    name: &'static str,
    sampler: Sampler,
    /// Of seconds.
    cdf: Box<dyn Fn(f64) -> f64 + Sync>,
    mean: f64,
    cv: f64,
}

fn of<D: ContinuousCDF<f64, f64> + Sync + 'static, E: std::fmt::Debug>(law: Result<D, E>) -> Box<dyn Fn(f64) -> f64 + Sync> {
    let law = law.expect("valid");
    Box::new(move |x| law.cdf(x))
}

/// By mean and coefficient of variation, from the definitions.
fn lognormal(mean: f64, cv: f64) -> Box<dyn Fn(f64) -> f64 + Sync> {
    let variance = (1.0 + cv * cv).ln();
    of(LogNormal::new(mean.ln() - variance / 2.0, variance.sqrt()))
}

fn gamma_law(mean: f64, cv: f64) -> Box<dyn Fn(f64) -> f64 + Sync> {
    of(Gamma::new(1.0 / (cv * cv), 1.0 / (mean * cv * cv)))
}

/// Mean and coefficient of variation in closed form.
fn weibull_moments(shape: f64, scale: f64) -> (f64, f64) {
    let moment = |k: f64| gamma(1.0 + k / shape);
    (scale * moment(1.0), (moment(2.0) / moment(1.0).powi(2) - 1.0).sqrt())
}

fn cases() -> Vec<Case> {
    let case = |name, sampler: Result<Sampler, _>, cdf, (mean, cv)| {
        let sampler = sampler.expect("valid");
        Case { name, sampler, cdf, mean, cv }
    };
    let s = span;
    let wide = 0.7f64.sqrt().recip();
    vec![
        case("exponential", Sampler::exponential(s(3.0)), of(Exp::new(1.0 / 3.0)), (3.0, 1.0)),
        case("lognormal", Sampler::lognormal(s(0.4), 0.8), lognormal(0.4, 0.8), (0.4, 0.8)),
        case("gamma, shape 4", Sampler::gamma(s(7.0), 0.5), gamma_law(7.0, 0.5), (7.0, 0.5)),
        case("gamma, shape 0.7", Sampler::gamma(s(7.0), wide), gamma_law(7.0, wide), (7.0, wide)),
        case("weibull, shape 0.8", Sampler::weibull(0.8, s(5.0)), of(Weibull::new(0.8, 5.0)), weibull_moments(0.8, 5.0)),
        case("weibull, shape 2.5", Sampler::weibull(2.5, s(5.0)), of(Weibull::new(2.5, 5.0)), weibull_moments(2.5, 5.0)),
        case("pareto", Sampler::pareto(s(2.0), 6.0), of(Pareto::new(2.0, 6.0)), (2.4, 24f64.sqrt().recip())),
        case("uniform", Sampler::uniform(s(1.0), s(4.0)), of(Uniform::new(1.0, 4.0)), (2.5, 0.75f64.sqrt() / 2.5)),
    ]
}

/// Seconds drawn by applicants 0, 1, 2 …
fn draws(sampler: &Sampler, n: u64) -> impl Iterator<Item = f64> {
    let key = key(0);
    (0..n).map(move |i| sampler.sample(&mut key.stream(Purpose::Service, i, Draw::default())).seconds())
}

#[test]
fn samples_follow_their_distribution() {
    for case in cases() {
        assert_follows(case.name, draws(&case.sampler, 100_000).collect(), &case.cdf);
        assert!((case.sampler.mean_seconds() / case.mean - 1.0).abs() < 1e-12, "{}", case.name);
    }
}

#[test]
fn samples_have_the_mean_and_the_variance() {
    for case in cases() {
        // A thousandth of the mean is two standard errors more than the limit: it would be seen 97 times in a hundred.
        let n = (case.cv * (Z_LIMIT + 2.0) / 0.001).powi(2) as u64;
        let key = key(0);
        let draw = |i| case.sampler.sample(&mut key.stream(Purpose::Service, i, Draw::default())).seconds();
        assert_moments_of_many(case.name, draw, n, case.mean, (case.cv * case.mean).powi(2));
    }
}

#[test]
fn quantiles_and_distribution_functions_agree_with_the_references() {
    for case in cases() {
        for i in 1..400 {
            let p = f64::from(i) / 400.0;
            let x = case.sampler.quantile(p);
            let told = (case.cdf)(x / 1e9);
            assert!((told - p).abs() < 1e-9, "{} at {p}: {told}", case.name);
            assert!((case.sampler.cdf(x) - p).abs() < 1e-12, "{} at {p}", case.name);
        }
    }
}

#[test]
fn inversion_is_the_quantile_of_the_first_uniform() {
    let key = key(0);
    for case in cases().into_iter().filter(|case| !case.name.starts_with("gamma")) {
        for i in 0..1000 {
            let drawn = case.sampler.sample(&mut key.stream(Purpose::Think, i, Draw::default())).0 as f64;
            let want = case.sampler.quantile(key.uniform(Purpose::Think, i, Draw::default()));
            assert!((drawn - want).abs() <= 0.5 + 1e-12 * want, "{}: {drawn} and {want}", case.name);
        }
    }
}

#[test]
fn empirical_draws_have_their_weights() {
    let values: Vec<Span> = (1..=7).map(Span::from_seconds).collect();
    let weights = [1.0, 0.0, 5.0, 2.0, 0.5, 3.0, 0.25];
    let sampler = Sampler::empirical(&values, &weights).expect("valid");
    let n = 400_000;
    let mut seen = [0; 7];
    draws(&sampler, n).for_each(|x| seen[x as usize - 1] += 1);
    let expected = weights.map(|weight| weight / 11.75 * n as f64);
    assert_eq!(seen[1], 0);
    let cells: Vec<_> = seen.into_iter().zip(expected).filter(|cell| cell.1 > 0.0).collect();
    assert_chi_square("empirical", &cells);
    let moment = |power| values.iter().zip(weights).map(|(x, w)| x.seconds().powi(power) * w / 11.75).sum::<f64>();
    let (mean, variance) = (moment(1), moment(2) - moment(1).powi(2));
    // As many as show a thousandth of the mean.
    let n = (variance.sqrt() / mean * (Z_LIMIT + 2.0) / 0.001).powi(2) as u64;
    let key = key(0);
    let draw = |i| sampler.sample(&mut key.stream(Purpose::Service, i, Draw::default())).seconds();
    assert_moments_of_many("empirical", draw, n, mean, variance);
}

#[test]
fn neighbouring_names_draw_independently() {
    let key = key(0);
    let draw = |session, attempt, step| Draw { session, attempt, step };
    let neighbours = [
        ("applicant", Purpose::Service, 1, draw(0, 0, 0)),
        ("session", Purpose::Service, 0, draw(1, 0, 0)),
        ("attempt", Purpose::Service, 0, draw(0, 1, 0)),
        ("step", Purpose::Service, 0, draw(0, 0, 1)),
        ("purpose", Purpose::Think, 0, draw(0, 0, 0)),
    ];
    let n = 500_000u64;
    for (name, purpose, further, other) in neighbours {
        let product = |i| {
            let one = key.uniform(Purpose::Service, i, draw(0, 0, 0)) - 0.5;
            one * (key.uniform(purpose, i + further, other) - 0.5)
        };
        // The product of two independent centred uniforms has variance 1/144.
        let z = (0..n).map(product).sum::<f64>() * 12.0 / (n as f64).sqrt();
        assert!(z.abs() < Z_LIMIT, "{name}: correlated, z = {z}");
    }
}
