//! Appointments: booked in order, kept or not.

use super::super::people::State;
use super::super::run::Run;
use super::super::snapshot::state;
use crate::model::SlotsRule;
use crate::random::{Draw, Purpose};
use crate::time::{Span, Time};

/// The appointments of a rule in the course of a run.
#[derive(Debug)]
pub(in super::super) struct Slots<'m> {
    rule: &'m SlotsRule,
    /// By slot: appointments booked.
    pub(in super::super) booked: Vec<u32>,
    /// All slots before this one are full.
    first_free: u32,
    pub(in super::super) tally: SlotsTally,
}

state!(Slots {
    values: booked first_free tally;
    parts:;
    part:;
    of_model: rule;
});

/// Counts since `measure_from`.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(in super::super) struct SlotsTally {
    /// Appointments booked.
    pub(in super::super) booked: u64,
    /// People who came to them and were let in.
    pub(in super::super) kept: u64,
    /// Of those, after the end of their slot.
    pub(in super::super) late: u64,
    /// Appointments to which nobody came.
    pub(in super::super) no_show: u64,
    /// People sent away because they came too late.
    pub(in super::super) too_late: u64,
    /// People who found no slot.
    pub(in super::super) full: u64,
}

impl<'m> Slots<'m> {
    pub(super) fn new(rule: &'m SlotsRule) -> Slots<'m> {
        Slots { rule, booked: vec![0; rule.count as usize], first_free: 0, tally: SlotsTally::default() }
    }

    pub(super) fn restart(&mut self, open: u64) {
        self.tally = SlotsTally { booked: open, ..SlotsTally::default() };
    }

    /// Appointments beyond what the slots hold: none.
    pub(in super::super) fn overbooked(&self) -> u64 {
        self.booked.iter().map(|booked| u64::from(booked.saturating_sub(self.rule.capacity))).sum()
    }

    /// Books the first slot that has not begun and has room.
    fn book(&mut self, now: Time) -> Option<u32> {
        let has_room = |slot: &u32| self.booked[*slot as usize] < self.rule.capacity;
        while self.first_free < self.rule.count && !has_room(&self.first_free) {
            self.first_free += 1;
        }
        let from = self.first_free.max(self.rule.first_from(now));
        let slot = (from..self.rule.count).find(has_room)?;
        self.booked[slot as usize] += 1;
        self.tally.booked += 1;
        Some(slot)
    }
}

/// What becomes of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    NoShow,
    InTime,
    Late,
    TooLate,
}

impl Run<'_> {
    /// An applicant books an appointment and goes away until then.
    pub(super) fn book_slot(&mut self, slot: u32, index: usize) {
        let now = self.now;
        let slots = &mut self.gate.slots[index];
        let Some(booked) = slots.book(now) else {
            slots.tally.full += 1;
            self.give_up(slot);
            return;
        };
        let start = slots.rule.start(booked);
        let (outcome, at) = self.appointment(slot, index, start);
        let comes = matches!(outcome, Outcome::InTime | Outcome::Late);
        self.people[slot].state = if comes { State::Appointment } else { State::MissedAppointment };
        let class = self.people[slot].class;
        self.recorder.class(class).away.up(now);
        self.wake_at(slot, at);
    }

    /// What becomes of the appointment of a slot that starts then, and when.
    fn appointment(&self, slot: u32, index: usize, start: Time) -> (Outcome, Time) {
        let rule = self.gate.slots[index].rule;
        let end = start + rule.every;
        let person = &self.people[slot];
        let key = &self.keys[usize::from(person.class)];
        let (number, draw) = (u64::from(person.number), Draw { session: person.session, ..Draw::default() });
        let uniform = |purpose| key.uniform(purpose, number, draw);
        if uniform(Purpose::NoShow) < rule.no_show {
            return (Outcome::NoShow, end);
        }
        if uniform(Purpose::Late) < rule.late {
            let by = rule.late_by.as_ref().map_or(Span::ZERO, |by| by.sample(&mut key.stream(Purpose::LateBy, number, draw)));
            let too_late = rule.grace.is_some_and(|grace| by > grace);
            return (if too_late { Outcome::TooLate } else { Outcome::Late }, end + by);
        }
        let delay = rule.delay.as_ref();
        let delay = delay.map_or(Span::ZERO, |delay| delay.sample(&mut key.stream(Purpose::SlotDelay, number, draw)));
        (Outcome::InTime, start + delay.min(rule.every))
    }

    /// An appointment comes: the applicant goes on behind the rule, or has missed it.
    pub(in super::super) fn end_appointment(&mut self, slot: u32) {
        let class = self.people[slot].class;
        let Some((index, behind)) = self.gate.slots_of(class) else { return };
        self.recorder.class(class).away.down(self.now);
        let (outcome, _) = self.appointment(slot, index, Time::ZERO);
        let tally = &mut self.gate.slots[index].tally;
        match outcome {
            Outcome::NoShow => tally.no_show += 1,
            Outcome::TooLate => tally.too_late += 1,
            Outcome::InTime | Outcome::Late => {
                tally.kept += 1;
                tally.late += u64::from(outcome == Outcome::Late);
                self.ask_entries(slot, behind);
                return;
            }
        }
        self.give_up(slot);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appointments_that_are_counted_anew_are_those_to_come_and_what_is_booked_stays_booked() {
        let rule = SlotsRule {
            classes: vec![true],
            from: Time::ZERO,
            every: Span(10),
            count: 3,
            capacity: 1,
            delay: None,
            no_show: 0.0,
            late: 0.0,
            late_by: None,
            grace: None,
        };
        let mut slots = Slots::new(&rule);
        assert_eq!([slots.book(Time(0)), slots.book(Time(0))], [Some(0), Some(1)]);
        slots.tally = SlotsTally { kept: 1, late: 2, no_show: 3, too_late: 4, full: 5, ..slots.tally };
        assert_eq!(slots.tally.booked, 2);
        slots.restart(1);
        let t = slots.tally;
        assert_eq!([t.booked, t.kept, t.late, t.no_show, t.too_late, t.full], [1, 0, 0, 0, 0, 0]);
        assert_eq!([slots.book(Time(0)), slots.book(Time(0))], [Some(2), None]);
    }
}
