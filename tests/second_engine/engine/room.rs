//! Waiting rooms.

mod visits;

use super::books::Level;
use super::gate::Entry;
use super::{Event, Second, State};
use clickday::model::{PolicyRule, RoomOrder, Tells, WaitingRoomRule};
use clickday::random::{Draw, Purpose};
use clickday::stats::Histogram;
use clickday::time::{Span, Time};

const MINUTE: u64 = 60_000_000_000;

/// A waiting room.
#[derive(Debug)]
pub(crate) struct Room<'m> {
    rule: &'m WaitingRoomRule,
    pub(super) started: bool,
    /// Places in the order of calls; those whose people have gone stay until their turn.
    line: Vec<Place>,
    /// How many places had their turn.
    turns: u64,
    /// When places were called.
    calls: Vec<Time>,
    timers: Vec<Timer>,
    /// Sessions that hold a place, places kept for nobody, places kept for those called back.
    active: u64,
    kept: u64,
    pub(super) called_back: u64,
    /// By stay of one who was called: other places that nobody will claim.
    unclaimed: Vec<u64>,
    /// When the room is to be looked at next, and the event that does it.
    planned: Time,
    version: u64,
    soon: bool,
    pub(crate) people: Level,
    pub(crate) time: Histogram,
    pub(crate) counts: Counts,
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    joined: u64,
    admitted: u64,
    left: u64,
    balked: u64,
    full: u64,
    reloads: u64,
    unclaimed: u64,
    expired: u64,
}

impl Counts {
    pub(crate) fn figures(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("joined", self.joined),
            ("admitted", self.admitted),
            ("left", self.left),
            ("balked", self.balked),
            ("full", self.full),
            ("reloads", self.reloads),
            ("unclaimed", self.unclaimed),
            ("expired", self.expired),
        ]
    }
}

#[derive(Debug, Clone, Copy)]
struct Place {
    person: usize,
    stay: u64,
    /// Which of their places.
    index: u16,
}

#[derive(Debug, Clone, Copy)]
struct Timer {
    at: Time,
    what: Ring,
    person: usize,
    stay: u64,
}

#[derive(Debug, Clone, Copy)]
enum Ring {
    Start,
    PatienceEnds,
    /// A look at how many had their turn since.
    Look {
        turns: u64,
    },
    Reload,
    SessionExpires,
    UnclaimedIsFree,
}

/// What a waiting room knows of a person.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Visit {
    /// Number of the stay in the room, or of the session; 0: neither.
    stay: u64,
    /// The session under way holds a place.
    holds: bool,
    since: Time,
    /// How many turns there are before theirs, counted from the first ever.
    ordinal: u64,
    /// Was told a wait that is bearable.
    told: bool,
}

impl<'m> Room<'m> {
    pub(super) fn new(rule: &'m WaitingRoomRule) -> Room<'m> {
        Room {
            rule,
            started: false,
            line: Vec::new(),
            turns: 0,
            calls: Vec::new(),
            timers: Vec::new(),
            active: 0,
            kept: 0,
            called_back: 0,
            unclaimed: Vec::new(),
            planned: Time::NEVER,
            version: 0,
            soon: false,
            people: Level::default(),
            time: Histogram::new(),
            counts: Counts::default(),
        }
    }

    pub(super) fn taken(&self) -> u64 {
        self.active + self.kept + self.called_back
    }

    fn has_room(&self) -> bool {
        self.rule.active_sessions.is_none_or(|most| self.taken() < u64::from(most))
    }

    /// Before this no further place is called.
    fn next_call(&self) -> Time {
        let spacing = self.rule.per_minute.map_or(Span::ZERO, |rate| Span::from_nanos(60e9 / rate));
        self.calls.last().map_or(Time::ZERO, |last| *last + spacing)
    }

    /// Calls a minute in the last five whole minutes, or as many as there were since the first call.
    fn calls_a_minute(&self, now: Time) -> Option<f64> {
        let minute = |at: Time| at.0 / MINUTE;
        let from = minute(*self.calls.first()?).max(minute(now).saturating_sub(5));
        let whole = minute(now) - from;
        let calls = self.calls.iter().filter(|at| minute(**at) >= from && minute(**at) < minute(now)).count();
        (whole > 0 && calls > 0).then(|| calls as f64 / whole as f64)
    }

    /// The wait that is told to one with so many places before them.
    fn wait(&self, before: u64, now: Time) -> Option<Span> {
        let start = if self.started { Span::ZERO } else { self.rule.starts.since(now) };
        if let (Some(rate), None) = (self.rule.per_minute, self.rule.active_sessions) {
            let first = self.next_call().since(now.max(self.rule.starts));
            return Some(start + (first + Span(Span::from_nanos(60e9 / rate).0 * before)));
        }
        if before == 0 && self.has_room() {
            return Some(start);
        }
        let rate = self.calls_a_minute(now).or(self.rule.per_minute)?;
        Some(start + Span::from_nanos((before as f64 + 1.0) / rate * 60e9))
    }
}

impl Second<'_> {
    pub(super) fn room_of(&self, class: usize) -> Option<usize> {
        self.rooms.iter().position(|room| room.rule.concerns(class))
    }

    pub(super) fn open_room(&mut self, room: usize) {
        let starts = self.rooms[room].rule.starts;
        if starts == Time::ZERO {
            self.rooms[room].started = true;
        } else {
            self.set_timer(room, starts, Ring::Start, 0, 0);
        }
        self.plan_room(room);
    }

    fn set_timer(&mut self, room: usize, at: Time, what: Ring, person: usize, stay: u64) {
        self.rooms[room].timers.push(Timer { at, what, person, stay });
    }

    /// Has the room looked at now, if there is anybody to let in.
    pub(super) fn look_soon(&mut self, room: usize) {
        self.rooms[room].soon = !self.rooms[room].line.is_empty() || self.somebody_is_to_be_called(room);
        self.plan_room(room);
    }

    /// Foresees when something is to be done.
    fn plan_room(&mut self, room: usize) {
        let state = &mut self.rooms[room];
        let timer = state.timers.iter().map(|timer| timer.at).min().unwrap_or(Time::NEVER);
        let calls = state.started && !state.line.is_empty() && state.has_room();
        let next = if state.soon { self.now } else { timer.min(if calls { state.next_call() } else { Time::NEVER }) };
        let next = next.max(self.now);
        if next != state.planned {
            state.planned = next;
            state.version += 1;
            let version = state.version;
            self.schedule(next, Event::Room { room, version });
        }
    }

    pub(super) fn look_at_room(&mut self, room: usize, version: u64) {
        if self.rooms[room].version == version {
            self.rooms[room].planned = Time::NEVER;
            self.tend_room(room);
        }
    }

    /// What is due, then calls.
    fn tend_room(&mut self, room: usize) {
        let now = self.now;
        self.rooms[room].soon = false;
        loop {
            let timers = &mut self.rooms[room].timers;
            let first = (0..timers.len()).filter(|place| timers[*place].at <= now).min_by_key(|place| timers[*place].at);
            let Some(first) = first else { break };
            let timer = timers.remove(first);
            self.ring(room, timer);
        }
        loop {
            let state = &mut self.rooms[room];
            if !state.started || state.line.is_empty() || now < state.next_call() || !state.has_room() {
                break;
            }
            let place = state.line.remove(0);
            self.take_turn(room, place);
        }
        self.call_contacts(room);
        self.plan_room(room);
    }

    fn ring(&mut self, room: usize, timer: Timer) {
        let person = timer.person;
        let there = self.people.get(person).is_some_and(|who| who.visit.stay == timer.stay);
        match timer.what {
            Ring::Start => self.start_room(room),
            Ring::UnclaimedIsFree => self.rooms[room].kept -= 1,
            _ if !there => {}
            Ring::SessionExpires => {
                if std::mem::take(&mut self.people[person].visit.holds) {
                    self.rooms[room].active -= 1;
                }
            }
            Ring::PatienceEnds => {
                if !self.people[person].visit.told {
                    self.leave_room(person, room);
                }
            }
            Ring::Look { turns } => self.judge(person, room, turns),
            Ring::Reload => {
                self.rooms[room].counts.reloads += 1;
                self.people[person].attempt += 1;
                self.stand_at_the_end(person, room);
            }
        }
    }

    /// The first turn; where the order is drawn, it is drawn now.
    fn start_room(&mut self, room: usize) {
        self.rooms[room].started = true;
        if self.rooms[room].rule.order != RoomOrder::Random {
            return;
        }
        let mut line = std::mem::take(&mut self.rooms[room].line);
        line.retain(|place| self.people[place.person].visit.stay == place.stay);
        line.sort_by_key(|place| {
            let who = &self.people[place.person];
            let draw = Draw { session: who.session, step: place.index, ..Draw::default() };
            let lot = self.keys[who.class].stream(Purpose::RoomLot, who.number, draw).bits();
            (lot, who.class, who.number, place.index)
        });
        let turns = self.rooms[room].turns;
        let mut firsts: Vec<usize> = Vec::new();
        for (order, place) in line.iter().enumerate() {
            if !firsts.contains(&place.person) {
                firsts.push(place.person);
                self.people[place.person].visit.ordinal = turns + order as u64;
            }
        }
        self.rooms[room].line = line;
        if self.rooms[room].rule.tells == Tells::Wait {
            firsts.into_iter().for_each(|person| self.tell(person, room));
        }
    }
}
