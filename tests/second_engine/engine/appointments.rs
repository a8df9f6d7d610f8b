//! Appointments.

use super::gate::Entry;
use super::{Event, Second, State};
use clickday::model::SlotsRule;
use clickday::random::{Draw, Purpose};
use clickday::time::{Span, Time};

/// The appointments of a rule.
#[derive(Debug)]
pub(crate) struct Appointments<'m> {
    rule: &'m SlotsRule,
    /// By slot.
    booked: Vec<u32>,
    kept: u64,
    late: u64,
    no_show: u64,
    too_late: u64,
    full: u64,
}

/// What becomes of an appointment.
#[derive(Debug, Clone, Copy)]
enum Fate {
    NobodyComes,
    InTime,
    Late,
    TooLate,
}

impl<'m> Appointments<'m> {
    pub(super) fn new(rule: &'m SlotsRule) -> Appointments<'m> {
        Appointments { rule, booked: vec![0; rule.count as usize], kept: 0, late: 0, no_show: 0, too_late: 0, full: 0 }
    }

    pub(crate) fn figures(&self) -> Vec<(&'static str, u64)> {
        let booked = self.booked.iter().map(|booked| u64::from(*booked)).sum();
        let kept = [("booked", booked), ("kept", self.kept), ("late", self.late)];
        let not = [("no_show", self.no_show), ("too_late", self.too_late), ("full", self.full)];
        [kept, not].concat()
    }

    fn starts(&self, slot: usize) -> Time {
        self.rule.from + Span(self.rule.every.0 * slot as u64)
    }
}

impl Second<'_> {
    pub(super) fn book(&mut self, person: usize, index: usize) {
        let (now, class) = (self.now, self.people[person].class);
        let slots = &mut self.appointments[index];
        let has_room = |slot: &usize| slots.booked[*slot] < slots.rule.capacity && slots.starts(*slot) >= now;
        let Some(slot) = (0..slots.booked.len()).find(has_room) else {
            slots.full += 1;
            self.give_up(person);
            return;
        };
        slots.booked[slot] += 1;
        let starts = slots.starts(slot);
        let (_, comes) = self.fate(person, index, starts);
        self.people[person].state = State::Appointment;
        self.classes[class].away.up(now);
        self.schedule(comes, Event::Wake { person });
    }

    /// What becomes of the appointment of a slot that starts then, and when.
    fn fate(&self, person: usize, index: usize, starts: Time) -> (Fate, Time) {
        let (rule, who) = (self.appointments[index].rule, &self.people[person]);
        let (key, draw) = (&self.keys[who.class], Draw { session: who.session, ..Draw::default() });
        let ends = starts + rule.every;
        if key.uniform(Purpose::NoShow, who.number, draw) < rule.no_show {
            return (Fate::NobodyComes, ends);
        }
        let span = |of: &Option<clickday::model::Sampler>, purpose| {
            of.as_ref().map_or(Span::ZERO, |of| of.sample(&mut key.stream(purpose, who.number, draw)))
        };
        if key.uniform(Purpose::Late, who.number, draw) < rule.late {
            let by = span(&rule.late_by, Purpose::LateBy);
            let too_late = rule.grace.is_some_and(|grace| by > grace);
            return (if too_late { Fate::TooLate } else { Fate::Late }, ends + by);
        }
        (Fate::InTime, starts + span(&rule.delay, Purpose::SlotDelay).min(rule.every))
    }

    pub(super) fn end_appointment(&mut self, person: usize) {
        let class = self.people[person].class;
        let of = self
            .entries(class)
            .into_iter()
            .find_map(|entry| if let Entry::Appointments(index) = entry { Some(index) } else { None });
        let Some(index) = of else { return };
        self.classes[class].away.down(self.now);
        let fate = self.fate(person, index, Time::ZERO).0;
        let slots = &mut self.appointments[index];
        match fate {
            Fate::NobodyComes => slots.no_show += 1,
            Fate::TooLate => slots.too_late += 1,
            Fate::InTime | Fate::Late => {
                slots.kept += 1;
                slots.late += u64::from(matches!(fate, Fate::Late));
                self.go_on_behind(person, Entry::Appointments(index));
                return;
            }
        }
        self.give_up(person);
    }
}
