//! The policies in the order of what people feel.

use super::results::{PolicyResult, Results};

/// Within which times the share of people who got through is told: an hour, four, a day.
pub const WITHIN: [f64; 3] = [3600.0, 14_400.0, 86_400.0];

/// What people feel under a policy, all replications together; shares are of all who came.
#[derive(Debug, Clone, PartialEq)]
pub struct Felt {
    /// Its place in [`Results::policies`].
    pub place: usize,
    /// The mean of its ranks by the five figures below, from 1 for the best; alike figures share the mean of their ranks.
    pub rank: f64,
    /// Who got through by the end.
    pub completed_share: f64,
    /// Seconds from intended arrival within which half of all who came got through; `None`: fewer than half did.
    pub median: Option<f64>,
    /// The same of 95 %.
    pub p95: Option<f64>,
    /// Of the sessions, those that did not get anybody through.
    pub sessions_in_vain: f64,
    /// The class of which the smallest share got through, and that share; `None` where nobody came.
    pub worst_class: Option<(usize, f64)>,
    /// Who got through within each of [`WITHIN`].
    pub within: [f64; 3],
    /// Who gave up for good.
    pub abandoned_share: f64,
}

impl Results {
    /// What people feel under each policy, the best first; policies of the same rank in the order of the file.
    #[must_use]
    pub fn felt(&self) -> Vec<Felt> {
        let mut felt: Vec<Felt> = self.policies.iter().enumerate().map(|(place, policy)| of_policy(place, policy)).collect();
        let late = |time: Option<f64>| time.unwrap_or(f64::INFINITY);
        let figures: [&dyn Fn(&Felt) -> f64; 5] =
            [&|f| -f.completed_share, &|f| late(f.median), &|f| late(f.p95), &|f| f.sessions_in_vain, &|f| {
                f.worst_class.map_or(f64::INFINITY, |(_, share)| -share)
            }];
        for figure in figures {
            let values: Vec<f64> = felt.iter().map(figure).collect();
            for (one, value) in felt.iter_mut().zip(&values) {
                let better = values.iter().filter(|other| *other < value).count();
                let alike = values.iter().filter(|other| *other == value).count();
                one.rank += (better as f64 + (alike as f64 + 1.0) / 2.0) / figures.len() as f64;
            }
        }
        felt.sort_by(|a, b| a.rank.total_cmp(&b.rank));
        felt
    }
}

fn of_policy(place: usize, policy: &PolicyResult) -> Felt {
    let mean = |figure: super::results::Figure| figure.map_or(0.0, |estimate| estimate.mean);
    let counts = &policy.total.counts;
    let (arrived, sessions) = (mean(counts.arrived), mean(counts.sessions));
    let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
    let curve = &policy.completion_curve;
    let reached = |wanted: f64| curve.iter().find(|(_, done)| *done >= wanted).map(|(seconds, _)| *seconds);
    let done = |limit: f64| curve.iter().take_while(|(seconds, _)| *seconds <= limit).last().map_or(0.0, |(_, done)| *done);
    let shares = policy.classes.iter().enumerate().filter_map(|(class, f)| Some((class, f.counts.completed_share?.mean)));
    Felt {
        place,
        rank: 0.0,
        completed_share: share(mean(counts.completed), arrived),
        median: reached(0.5),
        p95: reached(0.95),
        sessions_in_vain: share((sessions - mean(counts.completed)).max(0.0), sessions),
        worst_class: shares.min_by(|a, b| a.1.total_cmp(&b.1)),
        within: WITHIN.map(done),
        abandoned_share: share(mean(counts.abandoned), arrived),
    }
}
