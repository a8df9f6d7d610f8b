//! Simulated means held against references, at one stated level for the whole suite.

use clickday::stats::Estimate;
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
    pub(crate) rows: Vec<Row>,
    pub(crate) curves: Vec<Curve>,
    power: f64,
}

/// One figure of one case.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) case: String,
    pub(crate) figure: String,
    pub(crate) reference: f64,
    pub(crate) simulated: Estimate,
    pub(crate) error: f64,
    /// The difference in standard errors, and how far is too far.
    pub(crate) z: f64,
    pub(crate) limit: f64,
    power: f64,
}

/// A figure over the clock, for a picture: the reference, and its simulated mean, by bin.
#[derive(Debug)]
pub(crate) struct Curve {
    pub(crate) case: String,
    pub(crate) reference: Vec<f64>,
    pub(crate) simulated: Vec<Estimate>,
}

impl Row {
    /// What is wrong with it.
    pub(crate) fn fault(&self) -> Option<&'static str> {
        // No number is a fault too.
        if self.z.is_nan() || self.z.abs() > self.limit {
            Some("off")
        } else if self.error.is_nan() || self.error > self.power * self.reference.abs() {
            Some("sees too little")
        } else {
            None
        }
    }
}

impl Table {
    pub(crate) fn new() -> Table {
        Table { rows: Vec::new(), curves: Vec::new(), power: POWER }
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
            simulated: Estimate::of(values).expect("values"),
            error,
            z,
            limit,
            power: self.power,
        });
    }

    /// Keeps a figure over the clock: its reference by bin, and its value in each replication by bin.
    pub(crate) fn curve(&mut self, case: &str, reference: Vec<f64>, values: &[Vec<f64>]) {
        let simulated = values.iter().map(|values| Estimate::of(values).expect("values")).collect();
        self.curves.push(Curve { case: case.to_owned(), reference, simulated });
    }

    /// Prints the table and fails if a figure is off, or if its error is too large to tell.
    pub(crate) fn verdict(&self) {
        let mut text = format!(
            "{:<40} {:<24} {:>13} {:>13} {:>10} {:>7} {:>6}\n",
            "case", "figure", "reference", "simulated", "error", "z", "limit"
        );
        let mut faults = Vec::new();
        for row in &self.rows {
            let Row { case, figure, reference, error, z, limit, .. } = row;
            let mean = row.simulated.mean;
            text += &format!("{case:<40} {figure:<24} {reference:>13.6} {mean:>13.6} {error:>10.2e} {z:>7.2} {limit:>6.2}\n");
            if let Some(fault) = row.fault() {
                faults.push(format!("{case}, {figure}: {fault}: {mean} against {reference}, {z:.2} standard errors of {error}"));
            }
        }
        println!("{text}");
        assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    }
}
