//! Intended arrivals: their curve, their cut, their order, and how they vary from day to day.

use crate::fits::{Z_LIMIT, assert_chi_square, assert_follows};
use crate::setting::{END, a_day, all, at, class, cut, densities, instants, key, span};
use clickday::model::{Arrivals, Curve, Cut, Population, Sampler};
use clickday::time::{Span, Time};
use statrs::distribution::{Beta, ContinuousCDF};

#[test]
fn arrivals_follow_their_curve_and_the_cut() {
    let n = 40_000;
    for truncate in [true, false] {
        for (name, curve) in densities(cut(truncate)).into_iter().chain(instants(cut(truncate))) {
            let times = all(&class(Population::Fixed(n), vec![(1.0, curve.clone())]), 0, at(END));
            if truncate {
                assert_eq!(times.len() as u64, n, "{name}: all come when the curve is cut to the clock");
            }
            let (mut cells, mut seen, mut share) = (Vec::new(), 0, 0.0);
            for bound in (1..=48).map(|half_hour| at(f64::from(half_hour) * 0.5)) {
                let (count, upto) = (times.partition_point(|time| *time < bound) as u64, curve.share_before(bound));
                cells.push((count - seen, (upto - share) * n as f64));
                (seen, share) = (count, upto);
            }
            // Those who never come are one more cell.
            cells.push((n - seen, (1.0 - share) * n as f64));
            assert!(cells.iter().all(|(seen, expected)| *seen == 0 || *expected > 0.0), "{name}: where none can come");
            cells.retain(|(_, expected)| *expected > 0.0);
            assert_chi_square(name, &cells);
        }
    }
}

#[test]
fn continuous_arrivals_are_the_curve_to_the_last_percent() {
    // Kolmogorov-Smirnov looks where bins do not: the first and the last minutes.
    for (name, curve) in densities(cut(true)) {
        let times = all(&class(Population::Fixed(50_000), vec![(1.0, curve.clone())]), 1, at(END));
        // Rounding piles the first nanoseconds of a very peaked curve up; what comes after has the conditional law.
        let instant = Time(1000);
        let late: Vec<f64> = times.iter().filter(|time| **time > instant).map(|time| time.0 as f64).collect();
        let early = curve.share_before(instant);
        assert_follows(name, late, |x| (curve.share_before(Time(x as u64)) - early) / (1.0 - early));
    }
}

#[test]
fn spacings_give_the_order_statistics_of_independent_draws() {
    // The k-th of n sorted uniforms is Beta(k, n+1−k); the gap between two neighbours is Beta(1, n).
    let n = 10;
    let delay = Sampler::uniform(Span::ZERO, span(1e6)).expect("valid");
    let curve = Curve::spike(Time::ZERO, delay, Cut { end: Time::NEVER, truncate: false }).expect("valid");
    let class = class(Population::Fixed(n), vec![(1.0, curve)]);
    let run = |r| all(&class, r, Time::NEVER).iter().map(|time| time.0 as f64 / 1e15).collect();
    let runs: Vec<Vec<f64>> = (0..20_000).map(run).collect();
    for rank in 0..n as usize {
        let law = Beta::new((rank + 1) as f64, n as f64 - rank as f64).expect("valid");
        assert_follows(&format!("rank {rank}"), runs.iter().map(|run| run[rank]).collect(), |x| law.cdf(x));
    }
    for rank in 1..n as usize {
        let gaps = runs.iter().map(|run| run[rank] - run[rank - 1]).collect();
        assert_follows(&format!("gap before rank {rank}"), gaps, |x| 1.0 - (1.0 - x).powi(n as i32));
    }
}

#[test]
fn a_fixed_population_is_binomial_and_a_poisson_one_is_poisson() {
    let (n, replications) = (400.0, 4000);
    let curve = a_day(cut(true));
    let share = curve.share_before(at(8.0));
    assert!((0.4..0.6).contains(&share), "{share}");
    let variance = |population| {
        let class = class(population, vec![(0.6, curve.clone()), (0.4, curve.clone())]);
        let early = |r| all(&class, r, at(END)).partition_point(|time| *time < at(8.0)) as f64;
        (0..replications).map(|r| (early(r) - n * share).powi(2)).sum::<f64>() / f64::from(replications)
    };
    let (fixed, poisson) = (variance(Population::Fixed(n as u64)), variance(Population::Poisson(n)));
    let error = (2.0 / f64::from(replications)).sqrt();
    let (binomial_law, poisson_law) = (n * share * (1.0 - share), n * share);
    assert!((fixed / binomial_law - 1.0).abs() < Z_LIMIT * error, "fixed: {fixed}, binomial {binomial_law}");
    assert!((poisson / poisson_law - 1.0).abs() < Z_LIMIT * error, "poisson: {poisson}, law {poisson_law}");
    // And the test tells the two apart.
    assert!(poisson > 1.5 * fixed);
}

#[test]
fn a_poisson_population_comes_in_independent_halves() {
    let (mean, replications) = (100.0, 6000);
    let curve = a_day(cut(true));
    let share = curve.share_before(at(8.0));
    let class = class(Population::Poisson(mean), vec![(1.0, curve)]);
    let product = |r| {
        let times = all(&class, r, at(END));
        let early = times.partition_point(|time| *time < at(8.0));
        (early as f64 - mean * share) * ((times.len() - early) as f64 - mean * (1.0 - share))
    };
    let deviation = mean * (share * (1.0 - share)).sqrt();
    let z = (0..replications).map(product).sum::<f64>() / deviation / f64::from(replications).sqrt();
    assert!(z.abs() < Z_LIMIT, "z = {z}");
}

#[test]
fn components_get_their_shares_and_come_merged() {
    let n = 30_000;
    let (early, late) = (Sampler::uniform(span(0.0), span(3600.0)), Sampler::uniform(span(1800.0), span(5400.0)));
    let spike = |delay: Result<Sampler, _>| Curve::spike(Time::ZERO, delay.expect("valid"), cut(true)).expect("valid");
    let class = class(Population::Fixed(n), vec![(0.25, spike(early)), (0.75, spike(late))]);
    let times: Vec<f64> = all(&class, 0, at(END)).iter().map(|time| time.seconds()).collect();
    assert_eq!(times.len() as u64, n);
    let part = |x: f64, from: f64| ((x - from) / 3600.0).clamp(0.0, 1.0);
    assert_follows("mixture", times, |x| 0.25 * part(x, 0.0) + 0.75 * part(x, 1800.0));
}

#[test]
fn demand_multiplies_the_population() {
    let curve = a_day(cut(true));
    let population =
        |population, demand| Arrivals::new(&class(population, vec![(1.0, curve.clone())]), key(0), demand, at(END)).population();
    assert_eq!(population(Population::Fixed(1001), 1.0), 1001);
    assert_eq!(population(Population::Fixed(1001), 0.5), 501);
    assert_eq!(population(Population::Fixed(1001), 0.0), 0);
    // An applicant's number has 32 bits.
    assert_eq!(population(Population::Fixed(u64::MAX), 1.0), u64::from(u32::MAX));
    assert_eq!(population(Population::Poisson(0.0), 1.0), 0);
    let double = population(Population::Poisson(1e6), 2.0) as f64;
    assert!((double - 2e6).abs() < Z_LIMIT * 2e6f64.sqrt());
}

#[test]
fn nobody_at_all_is_well_behaved() {
    let shares = densities(cut(true)).into_iter().map(|(_, curve)| (0.1, curve)).collect();
    assert!(all(&class(Population::Fixed(0), shares), 0, at(END)).is_empty());
    let late = Curve::spike(at(30.0), Sampler::constant(Span::ZERO), cut(false)).expect("valid");
    let late = class(Population::Fixed(5), vec![(1.0, late)]);
    let no_way_to_come = class(Population::Fixed(5), Vec::new());
    for (class, not_arrived) in [(&late, 5), (&no_way_to_come, 0)] {
        let mut arrivals = Arrivals::new(class, key(0), 1.0, at(END));
        for _ in 0..3 {
            assert_eq!((arrivals.peek(), arrivals.not_arrived()), (Time::NEVER, not_arrived));
            assert_eq!((arrivals.pop(), arrivals.to_come()), (Time::NEVER, not_arrived));
        }
    }
}
