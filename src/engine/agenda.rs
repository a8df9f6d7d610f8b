//! What is to happen apart from the four frequent kinds of events: changes at given times, and services to be started
//! at this instant.

use super::changes::Change;
use crate::time::Time;
use std::collections::VecDeque;

/// Changes and starts to come.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Agenda {
    /// In order of time.
    changes: VecDeque<(Time, Change)>,
    /// Stations at which services are to be started at this instant, before its timeouts.
    before_timeouts: VecDeque<u16>,
    /// The same, where a timeout freed a worker: after the timeouts.
    after_timeouts: VecDeque<u16>,
    /// Nothing of these happens before: the next change, or no time at all while starts wait.
    earliest: Time,
}

impl Agenda {
    /// With changes in order of time.
    pub(super) fn new(changes: Vec<(Time, Change)>) -> Agenda {
        let mut agenda = Agenda {
            changes: changes.into(),
            before_timeouts: VecDeque::new(),
            after_timeouts: VecDeque::new(),
            earliest: Time::NEVER,
        };
        agenda.look();
        agenda
    }

    fn look(&mut self) {
        let starts = !self.before_timeouts.is_empty() || !self.after_timeouts.is_empty();
        self.earliest = if starts { Time::ZERO } else { self.next_change() };
    }

    /// Whether nothing of it is to happen at `now` or before.
    #[inline]
    pub(super) fn is_quiet(&self, now: Time) -> bool {
        self.earliest > now
    }

    /// Time of the next change, [`Time::NEVER`] when there is none.
    pub(super) fn next_change(&self) -> Time {
        self.changes.front().map_or(Time::NEVER, |(at, _)| *at)
    }

    /// Whether services are to be started before this instant's timeouts.
    pub(super) fn starts_before_timeouts(&self) -> bool {
        !self.before_timeouts.is_empty()
    }

    /// Whether services are to be started after this instant's timeouts.
    pub(super) fn starts_after_timeouts(&self) -> bool {
        !self.after_timeouts.is_empty()
    }

    /// Adds a change, after those for the same time. O(n).
    pub(super) fn schedule(&mut self, at: Time, change: Change) {
        let place = self.changes.partition_point(|(other, _)| *other <= at);
        self.changes.insert(place, (at, change));
        self.look();
    }

    /// Takes back a change that was to happen at that time, if it is there. O(n).
    pub(super) fn cancel(&mut self, at: Time, change: Change) {
        let from = self.changes.partition_point(|(other, _)| *other < at);
        let there = self.changes.iter().skip(from).take_while(|(other, _)| *other == at);
        if let Some(place) = there.map(|(_, change)| change).position(|other| *other == change) {
            self.changes.remove(from + place);
            self.look();
        }
    }

    pub(super) fn pop_change(&mut self) -> Option<Change> {
        let change = self.changes.pop_front();
        self.look();
        change.map(|(_, change)| change)
    }

    /// Services are to be started at a station, before this instant's timeouts.
    pub(super) fn start_at(&mut self, station: u16) {
        self.before_timeouts.push_back(station);
        self.earliest = Time::ZERO;
    }

    /// The same, after them.
    pub(super) fn start_after_timeouts_at(&mut self, station: u16) {
        self.after_timeouts.push_back(station);
        self.earliest = Time::ZERO;
    }

    pub(super) fn pop_start_before_timeouts(&mut self) -> Option<u16> {
        let station = self.before_timeouts.pop_front();
        self.look();
        station
    }

    pub(super) fn pop_start_after_timeouts(&mut self) -> Option<u16> {
        let station = self.after_timeouts.pop_front();
        self.look();
        station
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn up(station: u16) -> Change {
        Change::Up { station }
    }

    #[test]
    fn it_is_quiet_before_its_first_change_and_never_while_starts_wait() {
        let mut agenda = Agenda::new(vec![(Time(5), up(0))]);
        assert!(agenda.is_quiet(Time(4)) && !agenda.is_quiet(Time(5)));
        agenda.start_at(0);
        assert!(!agenda.is_quiet(Time(0)));
        assert_eq!(agenda.pop_start_before_timeouts(), Some(0));
        assert!(agenda.is_quiet(Time(4)));
        agenda.start_after_timeouts_at(1);
        assert!(!agenda.is_quiet(Time(0)));
        assert_eq!(agenda.pop_start_after_timeouts(), Some(1));
        assert_eq!(agenda.pop_change(), Some(up(0)));
        assert!(agenda.is_quiet(Time(5)));
    }

    #[test]
    fn a_change_is_taken_back_among_others_before_it_behind_it_and_of_its_time() {
        let mut agenda = Agenda::new(vec![(Time(1), up(0)), (Time(2), up(1)), (Time(2), up(2)), (Time(3), up(3))]);
        agenda.cancel(Time(2), up(2));
        agenda.cancel(Time(2), up(3));
        agenda.cancel(Time(4), up(3));
        let left: Vec<Change> = std::iter::from_fn(|| agenda.pop_change()).collect();
        assert_eq!(left, [up(0), up(1), up(3)]);
    }
}
