//! Whether replications say that a goal is met, missed, or neither yet.

use crate::experiment::COLLAPSED;
use crate::stats::{Estimate, normal_quantile, student_t_quantile, wilson};
use crate::sweep::{Goal, Sense};

/// What replications say of goals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// All goals are met, with the confidence asked for.
    Met,
    /// A goal is missed, with that confidence.
    Missed,
    /// The replications do not tell.
    Open,
}

/// What was found out about a value.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Whether it meets the goals.
    pub verdict: Verdict,
    /// By goal: the mean over replications with its 95 % interval; `None` where no replication has the figure.
    pub figures: Vec<Option<Estimate>>,
    /// Replications made.
    pub replications: u32,
}

/// Decides on several goals from the values of each over replications, with an error probability of at most `error` on
/// either side. A figure that no replication has is not met: nobody got through whose time could be told.
///
/// The bound is Student's for a mean, and the score bound (Wilson 1927) for a probability.
#[must_use]
pub fn decide(goals: &[Goal], values: &[Vec<f64>], error: f64) -> Verdict {
    let each: Vec<Verdict> = goals.iter().zip(values).map(|(goal, values)| one(goal, values, error)).collect();
    if each.contains(&Verdict::Missed) {
        Verdict::Missed
    } else if each.contains(&Verdict::Open) {
        Verdict::Open
    } else {
        Verdict::Met
    }
}

fn one(goal: &Goal, values: &[f64], error: f64) -> Verdict {
    let Some((low, high)) = bounds(goal, values, error) else {
        return if values.is_empty() { Verdict::Missed } else { Verdict::Open };
    };
    match goal.sense {
        Sense::AtMost if high <= goal.limit => Verdict::Met,
        Sense::AtMost if low > goal.limit => Verdict::Missed,
        Sense::AtLeast if low >= goal.limit => Verdict::Met,
        Sense::AtLeast if high < goal.limit => Verdict::Missed,
        _ => Verdict::Open,
    }
}

/// Bounds each of which the true mean passes with probability `error` at most.
fn bounds(goal: &Goal, values: &[f64], error: f64) -> Option<(f64, f64)> {
    let n = u32::try_from(values.len()).ok().filter(|n| *n > 1)?;
    let count = f64::from(n);
    if goal.figure == COLLAPSED {
        let share = values.iter().sum::<f64>() / count;
        let z = normal_quantile(1.0 - error);
        let centre = (share + z * z / (2.0 * count)) / (1.0 + z * z / count);
        let half = z * libm::sqrt(share * (1.0 - share) / count + z * z / (4.0 * count * count)) / (1.0 + z * z / count);
        return Some((centre - half, centre + half));
    }
    let estimate = Estimate::of(values)?;
    let half = estimate.half_width()? / student_t_quantile(0.975, n - 1) * student_t_quantile(1.0 - error, n - 1);
    Some((estimate.mean - half, estimate.mean + half))
}

/// The mean with its interval, as it is reported.
pub(super) fn estimate(goal: &Goal, values: &[f64]) -> Option<Estimate> {
    if goal.figure != COLLAPSED {
        return Estimate::of(values);
    }
    let yes = values.iter().filter(|value| **value > 0.0).count();
    wilson(u32::try_from(yes).unwrap_or(u32::MAX), u32::try_from(values.len()).unwrap_or(u32::MAX))
}

/// The error that the n-th look at a value may make (from 1), so that all looks together make at most `error`:
/// Σ 6/(π²·n²) = 1.
#[must_use]
pub(super) fn error_of_look(error: f64, look: u32) -> f64 {
    error * 6.0 / (std::f64::consts::PI * f64::from(look)).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Draw, Key, NameHash, Purpose};

    fn goal(text: &str) -> Goal {
        Goal::parse(text).unwrap()
    }

    #[test]
    fn several_goals_are_met_when_each_is() {
        let goals = [goal("timeout_share<=1%"), goal("completed_share>=0.9")];
        let small = vec![0.001, 0.002, 0.001, 0.003];
        let (all, few, unsure) = (vec![0.99, 0.98, 0.97, 0.99], vec![0.5, 0.52, 0.51, 0.5], vec![0.7, 1.0, 0.9, 0.95]);
        assert_eq!(decide(&goals, &[small.clone(), all.clone()], 0.05), Verdict::Met);
        assert_eq!(decide(&goals, &[small.clone(), few], 0.05), Verdict::Missed);
        assert_eq!(decide(&goals, &[small.clone(), unsure], 0.05), Verdict::Open);
        assert_eq!(decide(&goals, &[small, vec![]], 0.05), Verdict::Missed);
        assert_eq!(decide(&goals, &[vec![0.0], all], 0.05), Verdict::Open, "one replication tells nothing");
    }

    #[test]
    fn never_collapsed_in_ten_runs_is_no_proof() {
        let rare = goal("collapsed<=1%");
        assert_eq!(decide(std::slice::from_ref(&rare), &[vec![0.0; 10]], 0.05), Verdict::Open);
        assert_eq!(decide(std::slice::from_ref(&rare), &[vec![0.0; 300]], 0.05), Verdict::Met);
        assert_eq!(decide(&[rare], &[vec![1.0; 10]], 0.05), Verdict::Missed);
    }

    #[test]
    fn looking_often_errs_no_more_often_than_asked() {
        let sum: f64 = (1..100_000).map(|look| error_of_look(0.05, look)).sum();
        assert!((sum - 0.05).abs() < 1e-5);
        // A mean a little above the limit: how often is it taken for met, over looks at 10, 20, 40 … 320 values?
        let goals = [goal("wait.mean<=10")];
        let mut wrong = 0;
        for trial in 0..1000 {
            let key = Key::new(1, trial, NameHash::new("test", "decide"));
            let value = |i: u64| 10.01 + normal_quantile(key.uniform(Purpose::Design, i, Draw::default()));
            let values: Vec<f64> = (0..320).map(value).collect();
            let met = (1..=6)
                .any(|look| decide(&goals, &[values[..10 << (look - 1)].to_vec()], error_of_look(0.05, look)) == Verdict::Met);
            wrong += u32::from(met);
        }
        // At most 5 % of 1000, and three standard errors.
        assert!(wrong <= 70, "{wrong}");
    }
}
