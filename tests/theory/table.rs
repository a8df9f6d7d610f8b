//! Simulated means held against references, at one stated level for the whole suite.

use statrs::distribution::{ContinuousCDF, StudentsT};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The probability that a correct simulator fails anywhere in the suite, were its seeds drawn anew.
pub(crate) const FALSE_ALARM: f64 = 0.01;

/// Comparisons that share it (Bonferroni); a table that makes more than these fails.
pub(crate) const COMPARISONS: usize = 450;

/// The standard error must be at most this share of the reference, unless a case states another: a comparison that
/// could not see an error proves nothing. What is seen almost surely is an error of seven times this, and with
/// [`super::lab::effort`] of one as small as one likes.
pub(crate) const POWER: f64 = 0.02;

static MADE: AtomicUsize = AtomicUsize::new(0);

/// The cases of one family.
#[derive(Debug)]
pub(crate) struct Table {
    rows: Vec<Row>,
    power: f64,
}

#[derive(Debug)]
struct Row {
    case: String,
    figure: String,
    reference: f64,
    mean: f64,
    error: f64,
    z: f64,
    limit: f64,
    power: f64,
}

impl Table {
    pub(crate) fn new() -> Table {
        Table { rows: Vec::new(), power: POWER }
    }

    /// From here on the standard error may be this share of the reference.
    pub(crate) fn power(&mut self, share: f64) {
        self.power = share;
    }

    /// Notes one figure: its reference, and its value in each replication.
    pub(crate) fn compare(&mut self, case: &str, figure: &str, reference: f64, values: &[f64]) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let square = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
        let error = (square / (n - 1.0) / n).sqrt();
        let difference = mean - reference;
        // A figure without any variance must be right to rounding.
        let z = if error > 1e-12 * reference.abs() { difference / error } else { difference / (1e-9 * reference.abs()) };
        let quantile = StudentsT::new(0.0, 1.0, n - 1.0).expect("degrees of freedom");
        let limit = quantile.inverse_cdf(1.0 - FALSE_ALARM / (2.0 * COMPARISONS as f64));
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        assert!(made < COMPARISONS, "more comparisons than the level is shared by: raise COMPARISONS");
        self.rows.push(Row {
            case: case.to_owned(),
            figure: figure.to_owned(),
            reference,
            mean,
            error,
            z,
            limit,
            power: self.power,
        });
    }

    /// Prints the table and fails if a figure is off, or if its error is too large to tell.
    pub(crate) fn verdict(self) {
        let mut text = format!(
            "{:<40} {:<24} {:>13} {:>13} {:>10} {:>7} {:>6}\n",
            "case", "figure", "reference", "simulated", "error", "z", "limit"
        );
        let mut faults = Vec::new();
        for row in &self.rows {
            let Row { case, figure, reference, mean, error, z, limit, power } = row;
            text += &format!("{case:<40} {figure:<24} {reference:>13.6} {mean:>13.6} {error:>10.2e} {z:>7.2} {limit:>6.2}\n");
            // No number is a fault too.
            if z.is_nan() || z.abs() > *limit {
                faults.push(format!("{case}, {figure}: {mean} is {z:.2} standard errors from {reference}"));
            }
            if error.is_nan() || *error > power * reference.abs() {
                faults.push(format!("{case}, {figure}: a standard error of {error} sees too little of {reference}"));
            }
        }
        println!("{text}");
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }
}
