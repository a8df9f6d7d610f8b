//! The gate: the rules of a policy that are asked before a session begins, and before a request is sent.
//!
//! Whoever wants to begin a session goes through the entries of their class in the order of the policy's rules. Each lets
//! them on or takes them over: sends them away until an opening, keeps them in a waiting room. What an entry has taken over
//! it lets go on at the one behind it. A class that no rule names has no entries, and costs nothing.

mod callback;
mod limit;
mod record;
mod room;
mod slots;
mod waiting;
mod windows;

pub(super) use callback::CallbackTally;
pub(super) use slots::SlotsTally;
pub(super) use windows::Verdict;

use super::record::RuleRecord;
use super::run::Run;
use super::snapshot::state;
use crate::model::{AppliesTo, Class, Policy, PolicyRule, Rule};
use crate::time::Time;
use callback::Callback;
use limit::Limit;
use room::Room;
use slots::Slots;
use waiting::Visit;
use windows::ClassWindows;

/// The rules of one policy, by class.
#[derive(Debug)]
pub(super) struct Gate<'m> {
    classes: Vec<ClassGate<'m>>,
    /// Nobody of any class is asked who wants to begin a session.
    is_open: bool,
    pub(super) rooms: Vec<Room<'m>>,
    pub(super) callbacks: Vec<Callback<'m>>,
    pub(super) slots: Vec<Slots<'m>>,
    pub(super) limits: Vec<Limit<'m>>,
    /// What rooms know of people, by slot; empty without rooms.
    pub(super) visits: Vec<Visit>,
    stays: u32,
    /// Whether anything is kept by slot.
    keeps_people: bool,
}

/// What the people of one class are asked.
#[derive(Debug)]
struct ClassGate<'m> {
    windows: ClassWindows<'m>,
    /// At the start of a session, in order.
    entries: Vec<Entry>,
    /// Whether anything is asked at a request.
    asks_requests: bool,
    /// Whether windows are among it.
    asks_windows: bool,
    room: Option<usize>,
    callback: Option<usize>,
}

/// One of the rules that are asked at the start of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    /// All windows of the policy together, where the first of them stands.
    Windows,
    Room(usize),
    Slots(usize),
}

state!(Gate {
    values: visits stays;
    parts: rooms callbacks slots limits;
    part:;
    of_model: classes is_open keeps_people;
});

impl<'m> Gate<'m> {
    pub(super) fn new(policy: &'m Policy, classes: &[Class]) -> Gate<'m> {
        let of_class = |class: usize| {
            let windows = ClassWindows::new(policy, class);
            let asks_windows = windows.ask(AppliesTo::Requests);
            let (asks_requests, entries) = (asks_windows, Vec::new());
            ClassGate { windows, entries, asks_requests, asks_windows, room: None, callback: None }
        };
        let mut gate = Gate {
            classes: (0..classes.len()).map(of_class).collect(),
            is_open: false,
            rooms: Vec::new(),
            callbacks: Vec::new(),
            slots: Vec::new(),
            limits: Vec::new(),
            visits: Vec::new(),
            stays: 0,
            keeps_people: false,
        };
        policy.rules.iter().for_each(|rule| gate.add(rule));
        gate.is_open = gate.classes.iter().all(|class| class.entries.is_empty());
        gate.keeps_people = !gate.rooms.is_empty() || gate.limits.iter().any(Limit::is_personal);
        gate
    }

    /// Adds a rule behind those before it.
    fn add(&mut self, rule: &'m Rule) {
        let entry = match rule {
            Rule::Windows(windows) => (windows.applies_to == AppliesTo::Sessions).then_some(Entry::Windows),
            Rule::WaitingRoom(room) => {
                self.rooms.push(Room::new(room));
                Some(Entry::Room(self.rooms.len() - 1))
            }
            Rule::Slots(slots) => {
                self.slots.push(Slots::new(slots));
                Some(Entry::Slots(self.slots.len() - 1))
            }
            Rule::Callback(callback) => {
                let room = self.classes.iter().enumerate().filter(|(class, _)| rule.concerns(*class));
                if let Some(room) = room.filter_map(|(_, class)| class.room).next() {
                    self.callbacks.push(Callback::new(callback, room));
                }
                None
            }
            Rule::RateLimit(limit) => {
                self.limits.push(Limit::new(limit, self.classes.len()));
                None
            }
            // Kept by stations and by clients.
            _ => return,
        };
        let callback = self.callbacks.len().checked_sub(1);
        for (_, class) in self.classes.iter_mut().enumerate().filter(|(class, _)| rule.concerns(*class)) {
            match rule {
                Rule::RateLimit(_) => class.asks_requests = true,
                Rule::WaitingRoom(room) => class.asks_requests |= room.session_limit.is_some(),
                Rule::Callback(_) => class.callback = callback,
                _ => {}
            }
            if let Some(Entry::Room(room)) = entry {
                class.room = Some(room);
            }
            class.entries.extend(entry.filter(|entry| !class.entries.contains(entry)));
        }
    }

    /// Whether nobody is asked who wants to begin a session of that class.
    #[inline]
    pub(super) fn lets_all_in(&self, class: u16) -> bool {
        self.is_open || self.classes[usize::from(class)].entries.is_empty()
    }

    /// Whether those of that class are asked who want to send a request.
    #[inline]
    pub(super) fn asks_requests(&self, class: u16) -> bool {
        self.classes[usize::from(class)].asks_requests
    }

    /// The waiting room of a class.
    #[inline]
    pub(super) fn room_of(&self, class: u16) -> Option<usize> {
        if self.rooms.is_empty() {
            return None;
        }
        self.classes[usize::from(class)].room
    }

    fn callback_of(&self, class: u16) -> Option<usize> {
        self.classes[usize::from(class)].callback
    }

    /// The entry behind the waiting room of a class.
    fn behind_room(&self, class: u16) -> usize {
        let entries = &self.classes[usize::from(class)].entries;
        entries.iter().position(|entry| matches!(entry, Entry::Room(_))).map_or(entries.len(), |place| place + 1)
    }

    /// The appointments of a class, and the entry behind them.
    fn slots_of(&self, class: u16) -> Option<(usize, usize)> {
        let mut entries = self.classes[usize::from(class)].entries.iter().enumerate();
        entries.find_map(|(place, entry)| match entry {
            Entry::Slots(index) => Some((*index, place + 1)),
            _ => None,
        })
    }

    /// Someone comes to the system in this slot.
    #[inline]
    pub(super) fn newcomer(&mut self, slot: u32) {
        if self.keeps_people {
            self.keep(slot);
        }
    }

    fn keep(&mut self, slot: u32) {
        if !self.rooms.is_empty() {
            let slot = slot as usize;
            if slot >= self.visits.len() {
                self.visits.resize(slot + 1, Visit::default());
            }
            self.visits[slot] = Visit::default();
        }
        self.limits.iter_mut().filter(|limit| limit.is_personal()).for_each(|limit| limit.newcomer(slot));
    }

    /// A number that no other stay has.
    fn new_stay(&mut self) -> u32 {
        self.stays = self.stays.wrapping_add(1).max(1);
        self.stays
    }

    /// Starts counting anew; `open(class)`: how many of a class wait for a call or its answer, and for an appointment.
    pub(super) fn restart(&mut self, now: Time, open: impl Fn(u16) -> (u64, u64)) {
        self.rooms.iter_mut().for_each(|room| room.restart(now));
        self.limits.iter_mut().for_each(|limit| limit.tally = limit::LimitTally::default());
        let classes = || (0..self.classes.len() as u16).map(|class| (class, open(class)));
        let of_callback =
            |index| classes().filter(|(class, _)| self.callback_of(*class) == Some(index)).map(|(_, open)| open.0).sum();
        let callbacks: Vec<u64> = (0..self.callbacks.len()).map(of_callback).collect();
        let in_slots = |class, index| self.slots_of(class).is_some_and(|(slots, _)| slots == index);
        let of_slots = |index| classes().filter(|(class, _)| in_slots(*class, index)).map(|(_, open)| open.1).sum();
        let slots: Vec<u64> = (0..self.slots.len()).map(of_slots).collect();
        self.callbacks.iter_mut().zip(callbacks).for_each(|(callback, open)| callback.restart(open));
        self.slots.iter_mut().zip(slots).for_each(|(slots, open)| slots.restart(open));
    }

    /// What the rules did, in the order of the policy; nothing of windows, whose doing shows elsewhere.
    pub(super) fn into_records(self, policy: &Policy) -> Vec<RuleRecord> {
        let (mut rooms, mut callbacks) = (self.rooms.into_iter(), self.callbacks.into_iter());
        let (mut slots, mut limits) = (self.slots.into_iter(), self.limits.into_iter());
        let record = |rule: &Rule| match rule {
            Rule::WaitingRoom(_) => rooms.next().map(record::room),
            Rule::Callback(_) => callbacks.next().map(|callback| record::callback(&callback)),
            Rule::Slots(_) => slots.next().map(|slots| record::slots(&slots)),
            Rule::RateLimit(_) => limits.next().map(|limit| record::limit(&limit)),
            _ => None,
        };
        policy.rules.iter().filter_map(record).collect()
    }
}

impl Run<'_> {
    /// Asks the entries of an applicant's class from the `first` on; the session begins when all have let them on.
    pub(super) fn ask_entries(&mut self, slot: u32, first: usize) {
        let class = usize::from(self.people[slot].class);
        for place in first..self.gate.classes[class].entries.len() {
            match self.gate.classes[class].entries[place] {
                Entry::Windows => {
                    if let Verdict::Closed { until, advice } = self.windows_say(AppliesTo::Sessions, slot) {
                        self.turn_away(slot, until, advice);
                        return;
                    }
                }
                Entry::Room(room) => return self.come_to_room(slot, room),
                Entry::Slots(index) => return self.book_slot(slot, index),
            }
        }
        self.start_session(slot);
    }

    fn windows_say(&self, what: AppliesTo, slot: u32) -> Verdict {
        let person = &self.people[slot];
        let class = usize::from(person.class);
        self.gate.classes[class].windows.answer(what, &self.keys[class], person.number, self.now)
    }

    /// Whether an applicant may send a request now; if not, they are taken care of.
    pub(super) fn ask_request(&mut self, slot: u32) -> bool {
        let class = usize::from(self.people[slot].class);
        if self.gate.classes[class].asks_windows
            && let Verdict::Closed { until, advice } = self.windows_say(AppliesTo::Requests, slot)
        {
            self.cut_short(slot, until, advice);
            return false;
        }
        self.has_place(slot) && self.ask_limits(slot)
    }
}

#[cfg(test)]
mod tests;
