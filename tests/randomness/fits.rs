//! Tests of fit.

use rayon::prelude::*;
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// √n·D beyond which a Kolmogorov-Smirnov test fails: 2·exp(−2·2.7²) is one in a million.
const KS_LIMIT: f64 = 2.7;
/// Standard errors beyond which a mean or a variance fails.
pub(crate) const Z_LIMIT: f64 = 4.5;

pub(crate) fn assert_follows(name: &str, mut values: Vec<f64>, cdf: impl Fn(f64) -> f64) {
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len() as f64;
    let gap = values.iter().enumerate().map(|(i, x)| {
        let f = cdf(*x);
        (f - i as f64 / n).max((i + 1) as f64 / n - f)
    });
    let distance = gap.fold(0.0, f64::max) * n.sqrt();
    assert!(distance < KS_LIMIT, "{name}: √n·D = {distance}");
}

/// Mean and variance of what is drawn, each within its standard errors.
pub(crate) fn assert_moments(name: &str, values: &[f64], mean: f64, variance: f64) {
    let n = values.len() as f64;
    let centred = |power: i32| values.iter().map(|x| (x - mean).powi(power)).sum::<f64>() / n;
    let z = centred(1) / (variance / n).sqrt();
    assert!(z.abs() < Z_LIMIT, "{name}: mean off by {z} standard errors");
    let z = (centred(2) - variance) / ((centred(4) - centred(2).powi(2)) / n).sqrt();
    assert!(z.abs() < Z_LIMIT, "{name}: variance off by {z} standard errors");
}

/// As [`assert_moments`], of more values than one would hold: sums over parts, added up in order.
pub(crate) fn assert_moments_of_many(name: &str, draw: impl Fn(u64) -> f64 + Sync, n: u64, mean: f64, variance: f64) {
    let part = 1 << 16;
    let sums = |from: u64| {
        (from..(from + part).min(n)).map(&draw).fold([0.0; 3], |[one, two, four], x| {
            let (d, square) = (x - mean, (x - mean) * (x - mean));
            [one + d, two + square, four + square * square]
        })
    };
    let parts: Vec<[f64; 3]> = (0..n.div_ceil(part)).into_par_iter().map(|i| sums(i * part)).collect();
    let centred = |which: usize| parts.iter().map(|sums| sums[which]).sum::<f64>() / n as f64;
    let z = centred(0) / (variance / n as f64).sqrt();
    assert!(z.abs() < Z_LIMIT, "{name}: mean off by {z} standard errors");
    let z = (centred(1) - variance) / ((centred(2) - centred(1).powi(2)) / n as f64).sqrt();
    assert!(z.abs() < Z_LIMIT, "{name}: variance off by {z} standard errors");
}

/// Pairs of what was counted and what was expected; those that expect fewer than 20 join their neighbours.
pub(crate) fn assert_chi_square(name: &str, cells: &[(u64, f64)]) {
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for (seen, expected) in cells {
        match joined.last_mut() {
            Some(last) if last.1 < 20.0 || *expected < 20.0 => *last = (last.0 + *seen as f64, last.1 + expected),
            _ => joined.push((*seen as f64, *expected)),
        }
    }
    assert!(joined.len() > 1, "{name}: too few cells");
    let square: f64 = joined.iter().map(|(seen, expected)| (seen - expected).powi(2) / expected).sum();
    let p = ChiSquared::new((joined.len() - 1) as f64).expect("freedom").sf(square);
    assert!(p > 1e-6, "{name}: χ² = {square} in {} cells, p = {p}", joined.len());
}

/// χ² of whole numbers over cells of half a standard deviation, from four below the mean to four above.
pub(crate) fn assert_discrete(name: &str, values: &[f64], mean: f64, deviation: f64, cdf: impl Fn(u64) -> f64) {
    let bound = |i: i32| (mean + f64::from(i) * deviation / 2.0).max(0.0).floor() as u64;
    let mut bounds: Vec<u64> = (-8..=8).map(bound).collect();
    bounds.dedup();
    let mut seen = vec![0; bounds.len() + 1];
    values.iter().for_each(|x| seen[bounds.partition_point(|bound| (*bound as f64) < *x)] += 1);
    let upto = bounds.iter().map(|bound| cdf(*bound)).chain([1.0]);
    let shares = upto.scan(0.0, |below, upto| Some(upto - std::mem::replace(below, upto)));
    let cells: Vec<(u64, f64)> = seen.into_iter().zip(shares.map(|share| share * values.len() as f64)).collect();
    assert_chi_square(name, &cells);
}
