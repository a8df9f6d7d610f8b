//! What is counted of each class and each station.

use crate::time::Span;

/// The times within which `done_within` counts completions.
pub const DONE_WITHIN: [Span; 3] = [Span::from_seconds(3_600), Span::from_seconds(4 * 3_600), Span::from_seconds(24 * 3_600)];

/// Counts of one class since `measure_from`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ClassTally {
    /// Applicants who came.
    pub arrived: u64,
    /// Applicants who got through.
    pub completed: u64,
    /// Applicants who gave up for good.
    pub abandoned: u64,
    /// Sessions begun.
    pub sessions: u64,
    /// Requests sent.
    pub requests: u64,
    /// Requests answered in time.
    pub answered: u64,
    /// Requests whose client stopped waiting.
    pub timeouts: u64,
    /// Requests turned away at once.
    pub refused: u64,
    /// Requests cut by an outage.
    pub failed: u64,
    /// Requests answered by a closed gate.
    pub closed: u64,
    /// Requests that repeat a failed try.
    pub retries: u64,
    /// People called in from a waiting room.
    pub admitted: u64,
    /// Of those who arrived at least so long before the end, see [`DONE_WITHIN`].
    pub had_time: [u64; 3],
    /// Of those, how many completed within that time.
    pub done_in_time: [u64; 3],
}

impl ClassTally {
    /// Adds another class's counts.
    pub fn add(&mut self, other: &ClassTally) {
        let ClassTally {
            arrived,
            completed,
            abandoned,
            sessions,
            requests,
            answered,
            timeouts,
            refused,
            failed,
            closed,
            retries,
            admitted,
            had_time,
            done_in_time,
        } = other;
        self.arrived += arrived;
        self.completed += completed;
        self.abandoned += abandoned;
        self.sessions += sessions;
        self.requests += requests;
        self.answered += answered;
        self.timeouts += timeouts;
        self.refused += refused;
        self.failed += failed;
        self.closed += closed;
        self.retries += retries;
        self.admitted += admitted;
        for i in 0..DONE_WITHIN.len() {
            self.had_time[i] += had_time[i];
            self.done_in_time[i] += done_in_time[i];
        }
    }
}

/// Counts of one station since `measure_from`.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct StationTally {
    pub(super) requests: u64,
    pub(super) served: u64,
    /// Served with the client still there.
    pub(super) answered: u64,
    pub(super) timeouts: u64,
    pub(super) refused: u64,
    pub(super) dropped: u64,
    pub(super) failed: u64,
    /// Left the queue or the service by timeout (`on_timeout: leave`).
    pub(super) left: u64,
    /// Orphans cut by an outage.
    pub(super) vanished: u64,
    /// The part of these counts that was sent by another station's workers.
    pub(super) called: Called,
}

/// What came from workers of other stations, and what became of it while the client still waited.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(super) struct Called {
    pub(super) requests: u64,
    pub(super) answered: u64,
    pub(super) refused: u64,
    pub(super) failed: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another number in each field.
    fn tally(number: impl Fn(u64) -> u64) -> ClassTally {
        ClassTally {
            arrived: number(1),
            completed: number(2),
            abandoned: number(3),
            sessions: number(4),
            requests: number(5),
            answered: number(6),
            timeouts: number(7),
            refused: number(8),
            failed: number(9),
            closed: number(10),
            retries: number(11),
            admitted: number(12),
            had_time: [number(13), number(14), number(15)],
            done_in_time: [number(16), number(17), number(18)],
        }
    }

    #[test]
    fn classes_together_are_the_sums_of_each_count() {
        let mut sum = tally(|field| 100 + field);
        sum.add(&tally(|field| field * field));
        assert_eq!(sum, tally(|field| 100 + field + field * field));
    }

    #[test]
    fn people_are_told_to_be_done_within_an_hour_four_hours_and_a_day() {
        let hours = [1, 4, 24].map(|hours| Span::from_seconds(hours * 3_600));
        assert_eq!(DONE_WITHIN, hours);
    }
}
