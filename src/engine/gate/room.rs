//! A waiting room: who is in it, in what order, and when the next may be called.

use super::super::heap::MinHeap;
use super::super::snapshot::state;
use super::super::station::QueueMeter;
use crate::model::{RoomOrder, Tells, WaitingRoomRule};
use crate::stats::Histogram;
use crate::time::{Span, Time};
use std::collections::{HashMap, VecDeque};

/// A waiting room in the course of a run.
#[derive(Debug)]
pub(in super::super) struct Room<'m> {
    pub(super) rule: &'m WaitingRoomRule,
    spacing: Span,
    /// Places in the order in which they are called; before a draw, in the order in which they were taken.
    pub(super) line: VecDeque<Place>,
    /// How many places were called or found empty: the number of the first in line.
    pub(super) called: u64,
    pub(super) started: bool,
    /// Sessions that hold a place.
    pub(in super::super) active: u32,
    /// Places kept for nobody: called and not claimed.
    pub(in super::super) unclaimed: u32,
    /// Places kept for those who were called back.
    pub(in super::super) reserved: u32,
    /// The next admission not before.
    next_admission: Time,
    pub(super) timers: MinHeap<Timer>,
    timers_set: u32,
    /// When the room is to be looked at next, as the changes know it.
    pub(super) tick: Time,
    /// To be looked at in this instant.
    pub(super) soon: bool,
    /// By stay of one who entered: places left in line that nobody will claim.
    pub(super) ghosts: HashMap<u32, u16>,
    recent: Recent,
    /// Of people in the room.
    pub(in super::super) meter: QueueMeter,
    pub(in super::super) tally: RoomTally,
    /// Nanoseconds in the room of those who were admitted.
    pub(in super::super) time: Histogram,
}

state!(Room {
    values: line called started active unclaimed reserved next_admission timers timers_set tick soon ghosts recent
        meter tally time;
    parts:;
    part:;
    of_model: rule spacing;
});

/// A place in line.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(super) struct Place {
    pub(super) slot: u32,
    /// Of whom: void when that person's stay is another.
    pub(super) stay: u32,
    /// Which of their places.
    pub(super) index: u16,
}

/// Something that will happen in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) struct Timer {
    pub(super) at: Time,
    order: u32,
    pub(super) what: Ring,
    pub(super) slot: u32,
    pub(super) stay: u32,
    /// What `what` needs to remember.
    pub(super) mark: u64,
}

/// What a timer is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) enum Ring {
    /// The room begins to call.
    Start,
    /// Patience ends.
    Leave,
    /// Time to judge how fast the line moves; the mark is how many had been called.
    Look,
    /// A reload.
    Reload,
    /// A session has lasted too long.
    Expire,
    /// A place that nobody claimed is free.
    Unclaimed,
}

/// Counts since `measure_from`.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(in super::super) struct RoomTally {
    /// People who came in.
    pub(in super::super) joined: u64,
    /// People who were called and entered.
    pub(in super::super) admitted: u64,
    /// People who left again.
    pub(in super::super) left: u64,
    /// People whom the full room turned away.
    pub(in super::super) full: u64,
    /// Of those who left: at once, for the wait that they were told.
    pub(in super::super) balked: u64,
    /// Reloads that lost a place.
    pub(in super::super) reloads: u64,
    /// Places called that nobody claimed.
    pub(in super::super) unclaimed: u64,
    /// Sessions that lasted too long.
    pub(in super::super) expired: u64,
}

impl<'m> Room<'m> {
    pub(super) fn new(rule: &'m WaitingRoomRule) -> Room<'m> {
        let mut room = Room {
            rule,
            spacing: rule.spacing().unwrap_or(Span::ZERO),
            line: VecDeque::new(),
            called: 0,
            started: rule.starts == Time::ZERO,
            active: 0,
            unclaimed: 0,
            reserved: 0,
            next_admission: Time::ZERO,
            timers: MinHeap::new(),
            timers_set: 0,
            tick: Time::NEVER,
            soon: false,
            ghosts: HashMap::new(),
            recent: Recent::default(),
            meter: QueueMeter::default(),
            tally: RoomTally::default(),
            time: Histogram::default(),
        };
        if !room.started {
            room.set_timer(rule.starts, Ring::Start, 0, 0, 0);
        }
        room
    }

    pub(super) fn set_timer(&mut self, at: Time, what: Ring, slot: u32, stay: u32, mark: u64) {
        let order = self.timers_set;
        self.timers_set = self.timers_set.wrapping_add(1);
        self.timers.push(Timer { at, order, what, slot, stay, mark });
    }

    /// How many timers will free a place that nobody claimed.
    pub(in super::super) fn unclaimed_timers(&self) -> u64 {
        self.timers.iter().filter(|timer| timer.what == Ring::Unclaimed).count() as u64
    }

    pub(in super::super) fn tells(&self) -> Tells {
        self.rule.tells
    }

    /// Nobody is called any more, and nobody's patience ends.
    #[cfg(test)]
    pub(in super::super) fn freeze(&mut self) {
        self.started = false;
        self.timers.retain(|_| false);
    }

    /// The look that was planned is had.
    pub(in super::super) fn ticked(&mut self) {
        self.tick = Time::NEVER;
    }

    /// Sessions under way and places kept.
    pub(super) fn occupied(&self) -> u32 {
        self.active.saturating_add(self.unclaimed).saturating_add(self.reserved)
    }

    fn has_room(&self) -> bool {
        self.rule.active_sessions.is_none_or(|most| self.occupied() < most)
    }

    /// Whether a place may be called now.
    pub(super) fn may_call(&self, now: Time) -> bool {
        self.started && self.next_admission <= now && self.has_room()
    }

    /// Notes that a place was called.
    pub(super) fn note_call(&mut self, now: Time) {
        self.next_admission = now + self.spacing;
        self.recent.note(now);
    }

    /// When something is to be done here, if nothing happens before.
    pub(super) fn next(&self) -> Time {
        let ring = self.timers.peek().map_or(Time::NEVER, |timer| timer.at);
        let call = if self.started && !self.line.is_empty() && self.has_room() { self.next_admission } else { Time::NEVER };
        if self.soon { Time::ZERO } else { ring.min(call) }
    }

    /// The wait of one with so many places before them, from now on; `None`: nobody knows yet.
    pub(super) fn estimate(&self, ahead: u64, now: Time) -> Option<Span> {
        let to_start = if self.started { Span::ZERO } else { self.rule.starts.since(now) };
        let nothing_ahead = ahead == 0 && self.has_room();
        let wait = match (self.rule.per_minute, self.rule.active_sessions) {
            (Some(_), None) => {
                let first = self.next_admission.since(now.max(self.rule.starts));
                first + Span(self.spacing.0.saturating_mul(ahead))
            }
            _ if nothing_ahead => Span::ZERO,
            (rate, _) => {
                let seen = self.recent.a_minute(now);
                let rate = seen.or(rate)?;
                Span::from_nanos((ahead as f64 + 1.0) / rate * 60e9)
            }
        };
        Some(to_start + wait)
    }

    pub(in super::super) fn restart(&mut self, now: Time) {
        self.meter.restart(now);
        self.tally = RoomTally { joined: u64::from(self.meter.level()), ..RoomTally::default() };
        self.time = Histogram::default();
    }

    /// Whether those who are there at the start are called by lot, and the start is still to come.
    pub(super) fn will_draw(&self) -> bool {
        !self.started && self.rule.order == RoomOrder::Random
    }
}

/// Places called in the last whole minutes.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Recent {
    first: Option<u64>,
    /// By minute, the last ones of it in order.
    minutes: VecDeque<(u64, u32)>,
}

const MINUTE: u64 = 60_000_000_000;
/// Minutes over which the rate is taken.
const REMEMBERED: u64 = 5;

impl Recent {
    fn note(&mut self, now: Time) {
        let minute = now.0 / MINUTE;
        self.first.get_or_insert(minute);
        match self.minutes.back_mut() {
            Some((last, count)) if *last == minute => *count += 1,
            _ => self.minutes.push_back((minute, 1)),
        }
        while self.minutes.front().is_some_and(|(old, _)| old + REMEMBERED < minute) {
            self.minutes.pop_front();
        }
    }

    /// Calls a minute over the last five whole minutes, or since the first call; `None` before a whole minute.
    fn a_minute(&self, now: Time) -> Option<f64> {
        let minute = now.0 / MINUTE;
        let since = self.first?.max(minute.saturating_sub(REMEMBERED));
        let whole = minute.checked_sub(since).filter(|whole| *whole > 0)?;
        let calls: u32 = self.minutes.iter().filter(|(m, _)| (since..minute).contains(m)).map(|(_, count)| count).sum();
        (calls > 0).then(|| f64::from(calls) / whole as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_that_of_the_last_five_whole_minutes() {
        let mut recent = Recent::default();
        let at = |minute: u64| Time(minute * MINUTE + 1);
        assert_eq!(recent.a_minute(at(0)), None);
        for minute in 0..10 {
            for _ in 0..=minute {
                recent.note(at(minute));
            }
        }
        assert_eq!(recent.a_minute(at(9)), Some((5 + 6 + 7 + 8 + 9) as f64 / 5.0));
        assert_eq!(recent.a_minute(at(40)), None);
        let mut young = Recent::default();
        young.note(at(3));
        assert_eq!((young.a_minute(at(3)), young.a_minute(at(5))), (None, Some(0.5)));
    }

    #[test]
    fn a_minute_counts_as_soon_as_it_has_passed() {
        let mut recent = Recent::default();
        [0, 0, 0, 1].into_iter().for_each(|minute| recent.note(Time(minute * MINUTE)));
        assert_eq!((recent.a_minute(Time(MINUTE)), recent.a_minute(Time(2 * MINUTE))), (Some(3.0), Some(2.0)));
    }

    /// Two admissions a minute, while fewer sessions than these are under way.
    fn rule(active_sessions: u32) -> WaitingRoomRule {
        WaitingRoomRule {
            classes: vec![true],
            opens: Time::ZERO,
            starts: Time::ZERO,
            order: RoomOrder::Fifo,
            per_minute: Some(2.0),
            active_sessions: Some(active_sessions),
            places: None,
            session_limit: None,
            tells: Tells::Wait,
            watch: Span::from_seconds(60),
            patience: None,
            several: None,
            reload: None,
        }
    }

    #[test]
    fn the_wait_that_is_told_is_that_of_all_before_and_ones_own() {
        let (one, minute) = (rule(1), Span(MINUTE));
        let mut room = Room::new(&one);
        assert_eq!((room.estimate(0, Time::ZERO), room.estimate(3, Time::ZERO)), (Some(Span::ZERO), Some(minute + minute)));
        room.active = 1;
        assert_eq!((room.estimate(0, Time::ZERO), room.estimate(1, Time::ZERO)), (Some(Span(MINUTE / 2)), Some(minute)));
    }

    #[test]
    fn a_room_that_counts_anew_knows_who_is_there_and_nothing_else() {
        let one = rule(1);
        let mut room = Room::new(&one);
        [0, 5].into_iter().for_each(|at| room.meter.up(Time(at)));
        room.tally = RoomTally { joined: 9, admitted: 1, left: 6, full: 2, balked: 3, reloads: 4, unclaimed: 5, expired: 7 };
        room.time.record(8);
        room.restart(Time(10));
        let t = room.tally;
        assert_eq!((t.joined, room.meter.level()), (2, 2));
        assert_eq!([t.admitted, t.left, t.full, t.balked, t.reloads, t.unclaimed, t.expired], [0; 7]);
        assert_eq!((room.time.count(), room.meter.counted(Time(10)), room.meter.area()), (0, 0, 0));
    }
}
