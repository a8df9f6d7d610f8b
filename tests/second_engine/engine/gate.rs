//! The gate: what is asked before a session, in the order of the list; windows.

use super::appointments::Appointments;
use super::contacts::Contacts;
use super::room::Room;
use super::{Event, Second, State};
use clickday::model::{AppliesTo, PolicyRule, Rule, WindowsRule};
use clickday::random::{Draw, Purpose};
use clickday::time::{Span, Time};

/// What is asked before a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// All windows together.
    Windows,
    /// The waiting room of that number.
    Room(usize),
    /// The appointments of that number.
    Appointments(usize),
}

impl Second<'_> {
    /// Rooms, contacts and appointments, in the order of the policy.
    pub(super) fn set_up_gate(&mut self) {
        for rule in &self.policy.rules {
            match rule {
                Rule::WaitingRoom(rule) => self.rooms.push(Room::new(rule)),
                Rule::Callback(rule) => self.contacts.push(Contacts::new(rule)),
                Rule::Slots(rule) => self.appointments.push(Appointments::new(rule)),
                _ => {}
            }
        }
        for room in 0..self.rooms.len() {
            self.open_room(room);
        }
    }

    /// What a class is asked, in order.
    pub(super) fn entries(&self, class: usize) -> Vec<Entry> {
        let (mut entries, mut rooms, mut appointments) = (Vec::new(), 0, 0);
        for rule in &self.policy.rules {
            let entry = match rule {
                Rule::Windows(windows) if windows.applies_to == AppliesTo::Sessions => Entry::Windows,
                Rule::WaitingRoom(_) => {
                    rooms += 1;
                    Entry::Room(rooms - 1)
                }
                Rule::Slots(_) => {
                    appointments += 1;
                    Entry::Appointments(appointments - 1)
                }
                _ => continue,
            };
            if rule.concerns(class) && !entries.contains(&entry) {
                entries.push(entry);
            }
        }
        entries
    }

    pub(super) fn want_session(&mut self, person: usize) {
        self.ask(person, 0);
    }

    /// Goes on behind the entry that took this person over.
    pub(super) fn go_on_behind(&mut self, person: usize, entry: Entry) {
        let place = self.entries(self.people[person].class).iter().position(|other| *other == entry);
        self.ask(person, place.map_or(0, |place| place + 1));
    }

    fn ask(&mut self, person: usize, first: usize) {
        for entry in self.entries(self.people[person].class).into_iter().skip(first) {
            match entry {
                Entry::Room(room) => return self.come_to_room(person, room),
                Entry::Appointments(index) => return self.book(person, index),
                Entry::Windows => {
                    if let Some((until, advice)) = self.shut(person, AppliesTo::Sessions) {
                        return self.turn_away(person, until, advice);
                    }
                }
            }
        }
        self.start_session(person);
    }

    /// Closed at the begin of a session: those who do not know begin it nevertheless.
    pub(super) fn turn_away(&mut self, person: usize, until: Time, advice: bool) {
        if !advice && !self.knows(person) {
            self.classes[self.people[person].class].tally.sessions += 1;
        }
        self.wait_for_opening(person, until, advice);
    }

    /// Until when a person is kept out, and whether by advice alone; nothing where they may go on.
    pub(super) fn shut(&self, person: usize, what: AppliesTo) -> Option<(Time, bool)> {
        let who = &self.people[person];
        let key = &self.keys[who.class];
        let personal = key.uniform(Purpose::Cohort, who.number, Draw::default());
        let heeds = key.uniform(Purpose::Follow, who.number, Draw::default());
        let open = |rule: &WindowsRule| {
            let cohorts = &rule.classes[who.class];
            let cohort = cohorts.iter().find(|cohort| personal < cohort.below).or(cohorts.last());
            cohort.map(|cohort| cohort.open.pieces().to_vec())
        };
        let mine: Vec<&&WindowsRule> = self.rules.iter().filter(|rule| heeds < rule.follow && open(rule).is_some()).collect();
        let is_open = |rule: &WindowsRule, at: Time| {
            open(rule).is_none_or(|pieces| pieces.iter().any(|(from, to)| *from <= at && at < *to))
        };
        let shut: Vec<_> = mine.iter().filter(|rule| rule.applies_to == what && !is_open(rule, self.now)).collect();
        if shut.is_empty() {
            return None;
        }
        let advice = shut.iter().all(|rule| rule.follow < 1.0);
        // The next opening of all is the opening of one of them.
        let starts = mine.iter().flat_map(|rule| open(rule).unwrap_or_default()).map(|(from, _)| from);
        let next = starts.filter(|at| *at > self.now && mine.iter().all(|rule| is_open(rule, *at))).min();
        Some((next.unwrap_or(Time::NEVER), advice))
    }

    pub(super) fn knows(&self, person: usize) -> bool {
        let who = &self.people[person];
        let aware = self.class_of(person).closed.aware;
        let knows = self.keys[who.class].uniform(Purpose::Aware, who.number, Draw::default()) < aware;
        who.informed || self.is_operated(who.class) || knows
    }

    pub(super) fn wait_for_opening(&mut self, person: usize, until: Time, advice: bool) {
        let class = self.people[person].class;
        if !advice && !self.knows(person) {
            self.classes[class].tally.requests += 1;
            self.classes[class].tally.closed += 1;
            self.people[person].informed = true;
        }
        self.people[person].attempt += 1;
        self.people[person].state = State::AwayForWindow;
        self.classes[class].away.up(self.now);
        let delay = self.class_of(person).closed.return_delay.clone();
        let delay = delay.filter(|_| !self.is_operated(class));
        let delay = delay.map_or(Span::ZERO, |delay| self.sample(person, &delay, Purpose::ReturnDelay));
        self.schedule(until + delay, Event::Wake { person });
    }
}
