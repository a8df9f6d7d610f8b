//! What nobody knows beforehand: a random factor on demand and one on capacity, drawn once per replication.

use crate::model::{Experiment, gamma_variate};
use crate::random::{Draw, Key, NameHash, Purpose};

/// The factors of a replication, the same under every policy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Factors {
    /// On all populations.
    pub(super) demand: f64,
    /// On the speed of all workers.
    pub(super) capacity: f64,
}

impl Factors {
    /// As many people and as fast workers as the file says.
    pub(super) const SURE: Factors = Factors { demand: 1.0, capacity: 1.0 };

    /// Draws the factors of a replication.
    pub(super) fn of(experiment: &Experiment, replication: u32) -> Factors {
        let factor = |cv: Option<f64>, name, purpose| {
            let key = Key::new(experiment.seed, replication, NameHash::new("experiment", name));
            cv.map_or(1.0, |cv| factor(cv, &key, purpose))
        };
        Factors {
            demand: factor(experiment.demand_cv, "demand", Purpose::Demand),
            capacity: factor(experiment.capacity_cv, "capacity", Purpose::Capacity),
        }
    }
}

/// A gamma variate of mean 1.
fn factor(cv: f64, key: &Key, purpose: Purpose) -> f64 {
    let scale = cv * cv;
    if scale == 0.0 { 1.0 } else { scale * gamma_variate(1.0 / scale, &mut key.stream(purpose, 0, Draw::default())) }
}

/// Whether anything is unsure.
pub(super) fn is_unsure(experiment: &Experiment) -> bool {
    [experiment.demand_cv, experiment.capacity_cv].iter().flatten().any(|cv| *cv > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Estimate;

    #[test]
    fn factors_have_mean_one_and_are_drawn_apart() {
        let experiment = Experiment { seed: 3, replications: 1, demand_cv: Some(0.3), capacity_cv: Some(0.3) };
        let factors: Vec<Factors> = (0..4000).map(|replication| Factors::of(&experiment, replication)).collect();
        let (demand, capacity): (Vec<f64>, Vec<f64>) = factors.iter().map(|f| (f.demand, f.capacity)).unzip();
        let square = |values: &[f64]| values.iter().map(|x| (x - 1.0).powi(2)).collect::<Vec<_>>();
        let product: Vec<f64> = factors.iter().map(|f| (f.demand - 1.0) * (f.capacity - 1.0)).collect();
        // Five standard errors.
        for (values, want) in
            [(demand.clone(), 1.0), (capacity.clone(), 1.0), (square(&demand), 0.09), (square(&capacity), 0.09), (product, 0.0)]
        {
            let estimate = Estimate::of(&values).unwrap();
            let error = (estimate.high.unwrap() - estimate.mean) / 1.96;
            assert!((estimate.mean - want).abs() < 5.0 * error, "{estimate:?}, not {want}");
        }
        let only = Experiment { demand_cv: None, ..experiment };
        assert_eq!(Factors::of(&only, 7), Factors { demand: 1.0, capacity: factors[7].capacity });
        assert!(is_unsure(&only) && !is_unsure(&Experiment { capacity_cv: None, ..only.clone() }));
    }
}
