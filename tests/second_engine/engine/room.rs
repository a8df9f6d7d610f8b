//! Waiting rooms.

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

    pub(super) fn come_to_room(&mut self, person: usize, room: usize) {
        let (rule, now, class) = (self.rooms[room].rule, self.now, self.people[person].class);
        if now < rule.opens {
            self.turn_away(person, rule.opens, false);
            return;
        }
        let state = &mut self.rooms[room];
        if rule.places.is_some_and(|places| state.people.now >= u64::from(places)) {
            state.counts.full += 1;
            self.turned_away_by_room(person, room);
            return;
        }
        state.counts.joined += 1;
        let wait = state.wait(state.line.len() as u64, now);
        let is_told = rule.tells == Tells::Wait && (state.started || rule.order == RoomOrder::Fifo);
        let wait = wait.filter(|_| is_told);
        if wait.zip(self.room_patience(person, room)).is_some_and(|(wait, patience)| wait > patience) {
            self.rooms[room].counts.left += 1;
            self.rooms[room].counts.balked += 1;
            self.turned_away_by_room(person, room);
            return;
        }
        self.rooms[room].people.up(now);
        self.classes[class].in_room.up(now);
        self.people[person].state = State::InRoom;
        self.people[person].visit = Visit { since: now, told: wait.is_some(), ..Visit::default() };
        self.stand_at_the_end(person, room);
        self.tend_room(room);
    }

    /// Takes all places of a person at the end of the line.
    fn stand_at_the_end(&mut self, person: usize, room: usize) {
        self.stays += 1;
        let stay = self.stays;
        let places = self.places_of(person, room);
        let state = &mut self.rooms[room];
        let visit = &mut self.people[person].visit;
        visit.stay = stay;
        visit.ordinal = state.turns + state.line.len() as u64;
        state.line.extend((0..places).map(|index| Place { person, stay, index }));
        let (visit, rule, turns, now) = (*visit, state.rule, state.turns, self.now);
        if let Some(patience) = self.room_patience(person, room).filter(|_| !visit.told) {
            let ends = visit.since + patience;
            let look = now.max(rule.starts) + rule.watch;
            if rule.tells == Tells::Position && look < ends {
                self.set_timer(room, look, Ring::Look { turns }, person, stay);
            } else {
                self.set_timer(room, ends, Ring::PatienceEnds, person, stay);
            }
        }
        if let Some(reload) = rule.reload.as_ref().filter(|reload| self.personal(person, Purpose::Reloads) < reload.share) {
            let at = now + self.sample(person, &reload.after, Purpose::ReloadAfter);
            self.set_timer(room, at, Ring::Reload, person, stay);
        }
    }

    fn personal(&self, person: usize, purpose: Purpose) -> f64 {
        self.keys[self.people[person].class].uniform(purpose, self.people[person].number, Draw::default())
    }

    fn places_of(&self, person: usize, room: usize) -> u16 {
        let several = self.rooms[room].rule.several.as_ref();
        several
            .filter(|several| self.personal(person, Purpose::SeveralPlaces) < several.share)
            .map_or(1, |several| several.places)
    }

    fn room_patience(&self, person: usize, room: usize) -> Option<Span> {
        let who = &self.people[person];
        let draw = Draw { session: who.session, ..Draw::default() };
        let patience = self.rooms[room].rule.patience.as_ref()?;
        Some(patience.sample(&mut self.keys[who.class].stream(Purpose::RoomPatience, who.number, draw)))
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

    /// Tells somebody the wait that was drawn.
    fn tell(&mut self, person: usize, room: usize) {
        let (state, visit) = (&self.rooms[room], self.people[person].visit);
        let wait = state.wait(visit.ordinal - state.turns, self.now);
        let (Some(wait), Some(patience)) = (wait, self.room_patience(person, room)) else { return };
        if self.now.since(visit.since) + wait > patience {
            self.leave_room(person, room);
        } else {
            self.people[person].visit.told = true;
        }
    }

    /// Reckons from the places that had their turn while they watched.
    fn judge(&mut self, person: usize, room: usize, turns: u64) {
        let (state, visit) = (&self.rooms[room], self.people[person].visit);
        let Some(patience) = self.room_patience(person, room) else { return };
        let (moved, before) = (state.turns - turns, visit.ordinal.saturating_sub(state.turns));
        let remaining = before as f64 / moved as f64 * state.rule.watch.0 as f64;
        if moved == 0 || self.now.since(visit.since).0 as f64 + remaining > patience.0 as f64 {
            self.leave_room(person, room);
        }
    }

    /// The turn of a place: its person is called, or nobody claims it, or they left and took it along.
    fn take_turn(&mut self, room: usize, place: Place) {
        let now = self.now;
        let is_first = self.people[place.person].visit.stay == place.stay;
        let state = &mut self.rooms[room];
        state.turns += 1;
        if is_first {
            state.calls.push(now);
            state.unclaimed.push(place.stay);
            state.counts.admitted += 1;
            state.time.record(now.since(self.people[place.person].visit.since).0);
            let class = self.people[place.person].class;
            self.classes[class].tally.admitted += 1;
            self.quit_room(place.person, room);
            self.go_on_behind(place.person, Entry::Room(room));
        } else if state.unclaimed.contains(&place.stay) {
            state.calls.push(now);
            state.counts.unclaimed += 1;
            let keeps = state.rule.several.map_or(Span::ZERO, |several| several.unclaimed);
            if keeps > Span::ZERO {
                state.kept += 1;
                self.set_timer(room, now + keeps, Ring::UnclaimedIsFree, usize::MAX, 0);
            }
        }
    }

    fn quit_room(&mut self, person: usize, room: usize) {
        self.people[person].visit = Visit::default();
        self.people[person].state = State::Thinking;
        self.rooms[room].people.down(self.now);
        self.classes[self.people[person].class].in_room.down(self.now);
    }

    fn leave_room(&mut self, person: usize, room: usize) {
        self.quit_room(person, room);
        self.rooms[room].counts.left += 1;
        self.turned_away_by_room(person, room);
    }

    /// A session begins.
    pub(super) fn hold_place(&mut self, person: usize) {
        let Some(room) = self.room_of(self.people[person].class) else { return };
        self.stays += 1;
        let stay = self.stays;
        self.people[person].visit = Visit { stay, holds: true, ..Visit::default() };
        self.rooms[room].active += 1;
        if let Some(limit) = self.rooms[room].rule.session_limit {
            self.set_timer(room, self.now + limit, Ring::SessionExpires, person, stay);
            self.plan_room(room);
        }
    }

    /// A session ends.
    pub(super) fn free_place(&mut self, person: usize) {
        let visit = std::mem::take(&mut self.people[person].visit);
        if let Some(room) = self.room_of(self.people[person].class).filter(|_| visit.holds) {
            self.rooms[room].active -= 1;
            self.look_soon(room);
        }
    }

    /// Whether a session that wants to send a request has not lost its place.
    pub(super) fn has_place(&mut self, person: usize) -> bool {
        let Some(room) = self.room_of(self.people[person].class) else { return true };
        let expired = self.rooms[room].rule.session_limit.is_some() && !self.people[person].visit.holds;
        self.rooms[room].counts.expired += u64::from(expired);
        !expired
    }
}
