//! Operators: people of the trade who work a class's backlog, one application each at a time.

use super::heap::MinHeap;
use super::people::State;
use super::run::Run;
use crate::random::{Draw, Purpose};
use crate::time::{Span, Time};
use std::collections::VecDeque;

/// The operators of one class.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Crew {
    count: u32,
    idle: u32,
    pub(super) on_duty: bool,
    /// Applications as collected, oldest first.
    pub(super) fresh: VecDeque<u32>,
    /// Those that came back, by number and slot.
    rejoined: MinHeap<(u32, u32)>,
    changed: Time,
    /// Operator-nanoseconds with an application in hand.
    pub(super) busy: u128,
    /// Operator-nanoseconds on duty, or finishing after it.
    pub(super) available: u128,
}

impl Crew {
    pub(super) fn new(count: u32, on_duty: bool) -> Crew {
        let (fresh, rejoined) = (VecDeque::new(), MinHeap::new());
        Crew { count, idle: count, on_duty, fresh, rejoined, changed: Time::ZERO, busy: 0, available: 0 }
    }

    /// Brings the areas up to `now`.
    pub(super) fn advance(&mut self, now: Time) {
        let passed = u128::from(now.since(self.changed).0);
        let busy = self.at_work();
        self.busy += u128::from(busy) * passed;
        self.available += u128::from(if self.on_duty { self.count } else { busy }) * passed;
        self.changed = now;
    }

    pub(super) fn restart(&mut self, now: Time) {
        self.advance(now);
        (self.busy, self.available) = (0, 0);
    }

    /// How many have an application in hand.
    pub(super) fn at_work(&self) -> u32 {
        self.count - self.idle
    }

    /// How many applications wait.
    pub(super) fn waiting(&self) -> usize {
        self.fresh.len() + self.rejoined.len()
    }

    /// The application collected first among those in backlog.
    fn take_oldest(&mut self, number: impl Fn(u32) -> u32) -> Option<u32> {
        let rejoined = self.rejoined.peek().copied();
        match (self.fresh.front(), rejoined) {
            (Some(&fresh), Some((old, _))) if number(fresh) < old => self.fresh.pop_front(),
            (_, Some(_)) => self.rejoined.pop().map(|(_, slot)| slot),
            (_, None) => self.fresh.pop_front(),
        }
    }
}

impl Run<'_> {
    /// Whether the applicant's class is worked by operators.
    #[inline]
    pub(super) fn is_operated(&self, class: u16) -> bool {
        self.crews[usize::from(class)].is_some()
    }

    /// Puts an application, new or come back, into its class's backlog.
    pub(super) fn join_backlog(&mut self, slot: u32, is_new: bool) {
        let person = &mut self.people[slot];
        person.state = State::Backlog;
        let (class, number) = (person.class, person.number);
        let recorder = self.recorder.class(class);
        recorder.backlog.up(self.now);
        recorder.backlog_max = recorder.backlog_max.max(recorder.backlog.level);
        let Some(crew) = &mut self.crews[usize::from(class)] else { return };
        if is_new {
            crew.fresh.push_back(slot);
        } else {
            crew.rejoined.push((number, slot));
        }
        self.put_operators_to_work(class);
    }

    /// An operator is done with an application and looks for the next.
    #[inline(always)]
    pub(super) fn free_operator(&mut self, class: u16) {
        if self.has_crews {
            self.free_operator_of(class);
        }
    }

    fn free_operator_of(&mut self, class: u16) {
        if let Some(crew) = &mut self.crews[usize::from(class)] {
            crew.advance(self.now);
            crew.idle += 1;
            self.put_operators_to_work(class);
        }
    }

    /// Idle operators on duty take the oldest applications and prepare them.
    pub(super) fn put_operators_to_work(&mut self, class: u16) {
        let model = &self.model.classes[usize::from(class)];
        let Some(operators) = &model.operators else { return };
        // Not by the flag: at the instant at which hours end, whoever finishes may be told before the flag is.
        if operators.hours.as_ref().is_some_and(|hours| !hours.contains(self.now)) {
            return;
        }
        let prepare = operators.prepare.as_ref();
        while let Some(crew) = &mut self.crews[usize::from(class)] {
            if crew.idle == 0 {
                return;
            }
            let people = &self.people;
            let Some(slot) = crew.take_oldest(|slot| people[slot].number) else { return };
            crew.advance(self.now);
            crew.idle -= 1;
            self.recorder.class(class).backlog.down(self.now);
            let person = &mut self.people[slot];
            person.state = State::Preparing;
            let draw = Draw { session: person.session, ..Draw::default() };
            let number = u64::from(person.number);
            let pause = prepare.map_or(Span::ZERO, |prepare| {
                prepare.sample(&mut self.keys[usize::from(class)].stream(Purpose::Prepare, number, draw))
            });
            self.wake_at(slot, self.now + pause);
        }
    }

    /// Operators come on duty or go off it; those at work finish what they have begun.
    pub(super) fn change_duty(&mut self, class: u16, on_duty: bool) {
        if let Some(crew) = &mut self.crews[usize::from(class)] {
            crew.advance(self.now);
            crew.on_duty = on_duty;
            self.put_operators_to_work(class);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_collected_first_is_taken_first_whether_it_came_back_or_not() {
        let mut crew = Crew::new(1, true);
        crew.fresh.extend([3, 9]);
        crew.rejoined.push((50, 1));
        crew.rejoined.push((20, 2));
        let number = |slot: u32| 10 * slot;
        let taken: Vec<u32> = std::iter::from_fn(|| crew.take_oldest(number)).collect();
        assert_eq!(taken, [2, 3, 1, 9]);
    }

    #[test]
    fn what_operators_did_before_counting_began_is_not_counted() {
        let mut crew = Crew::new(3, true);
        crew.idle = 1;
        crew.advance(Time(7));
        assert_eq!((crew.busy, crew.available), (2 * 7, 3 * 7));
        crew.restart(Time(10));
        assert_eq!((crew.busy, crew.available), (0, 0));
        crew.advance(Time(15));
        assert_eq!((crew.busy, crew.available), (2 * 5, 3 * 5));
    }
}
