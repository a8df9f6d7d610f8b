//! What a group of people did: flows of the present cell, and levels.

/// Flows of one cell, and levels at its end.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) arrived: f64,
    pub(super) sessions: f64,
    pub(super) requests: f64,
    pub(super) retries: f64,
    pub(super) closed: f64,
    pub(super) answered: f64,
    pub(super) timeouts: f64,
    pub(super) refused: f64,
    pub(super) failed: f64,
    pub(super) completed: f64,
    pub(super) abandoned: f64,
    /// Gave up more often than returns are told apart.
    pub(super) uncounted: f64,
    /// Levels: between two tries; waiting to return or for a window; in no operator's hands.
    pub(super) in_orbit: f64,
    pub(super) away: f64,
    pub(super) backlog: f64,
}

impl Tally {
    /// Forgets the flows, and keeps the levels.
    pub(super) fn begin_cell(&mut self) {
        *self = Tally { in_orbit: self.in_orbit, away: self.away, backlog: self.backlog, ..Tally::default() };
    }
}
