//! People at a waiting room: joining, being called, leaving, losing a place.

use super::super::changes::Change;
use super::super::people::State;
use super::super::run::Run;
use super::room::{Place, Ring, Timer};
use crate::model::Tells;
use crate::random::{Draw, Purpose};
use crate::time::{Span, Time};

/// What a waiting room knows of a person, by the person's slot.
#[derive(Debug, Clone, Copy, Default, serde::Serialize, serde::Deserialize)]
pub(in super::super) struct Visit {
    /// Number of the stay in the room or of the session; timers and places of other stays are void. 0: none.
    pub(super) stay: u32,
    /// Whether the session under way holds a place.
    pub(in super::super) holds: bool,
    /// When the room was entered.
    pub(in super::super) since: Time,
    /// Number of the first place in line.
    ordinal: u64,
    /// Has learned how long it takes and found it bearable: patience no longer ends.
    pub(in super::super) told: bool,
}

impl Run<'_> {
    /// An applicant comes to a waiting room, which takes them over.
    pub(super) fn come_to_room(&mut self, slot: u32, room: usize) {
        let (rule, now) = (self.gate.rooms[room].rule, self.now);
        if now < rule.opens {
            self.turn_away(slot, rule.opens, false);
            return;
        }
        let state = &mut self.gate.rooms[room];
        if rule.places.is_some_and(|most| state.meter.level() >= most) {
            state.tally.full += 1;
            self.turned_away_by_room(slot);
            return;
        }
        let ahead = state.line.len() as u64;
        let told = state.estimate(ahead, now);
        state.tally.joined += 1;
        let patience = self.room_patience(slot, room);
        let knows = rule.tells == Tells::Wait && !self.gate.rooms[room].will_draw();
        if let (true, Some(told), Some(patience)) = (knows, told, patience)
            && told > patience
        {
            let tally = &mut self.gate.rooms[room].tally;
            (tally.left, tally.balked) = (tally.left + 1, tally.balked + 1);
            self.turned_away_by_room(slot);
            return;
        }
        self.gate.rooms[room].meter.up(now);
        let class = self.people[slot].class;
        self.people[slot].state = State::InRoom;
        self.recorder.class(class).in_room.up(now);
        self.gate.visits[slot as usize].since = now;
        self.take_places(slot, room);
        self.gate.visits[slot as usize].told = knows && told.is_some();
        self.set_patience(slot, room);
        self.set_reload(slot, room);
        self.tend_room(room);
    }

    /// Puts all places of a person at the end of the line.
    fn take_places(&mut self, slot: u32, room: usize) {
        let stay = self.gate.new_stay();
        let places = self.places_of(slot, room);
        let state = &mut self.gate.rooms[room];
        let visit = &mut self.gate.visits[slot as usize];
        visit.stay = stay;
        visit.ordinal = state.called + state.line.len() as u64;
        state.line.extend((0..places).map(|index| Place { slot, stay, index }));
    }

    fn personal(&self, slot: u32, purpose: Purpose) -> f64 {
        let person = &self.people[slot];
        self.keys[usize::from(person.class)].uniform(purpose, u64::from(person.number), Draw::default())
    }

    /// How many places a person takes.
    fn places_of(&self, slot: u32, room: usize) -> u16 {
        let several = self.gate.rooms[room].rule.several.as_ref();
        several.filter(|several| self.personal(slot, Purpose::SeveralPlaces) < several.share).map_or(1, |several| several.places)
    }

    /// How long a person is willing to be in the room, in this session.
    pub(in super::super) fn room_patience(&self, slot: u32, room: usize) -> Option<Span> {
        let person = &self.people[slot];
        let draw = Draw { session: person.session, ..Draw::default() };
        let mut stream = self.keys[usize::from(person.class)].stream(Purpose::RoomPatience, u64::from(person.number), draw);
        self.gate.rooms[room].rule.patience.as_ref().map(|patience| patience.sample(&mut stream))
    }

    /// Has the person leave when patience ends, or judge by how fast the line moves before that.
    fn set_patience(&mut self, slot: u32, room: usize) {
        let Some(patience) = self.room_patience(slot, room) else { return };
        let visit = self.gate.visits[slot as usize];
        if visit.told {
            return;
        }
        let ends = visit.since + patience;
        let state = &mut self.gate.rooms[room];
        let look = self.now.max(state.rule.starts) + state.rule.watch;
        if state.rule.tells == Tells::Position && look < ends {
            let mark = state.called;
            state.set_timer(look, Ring::Look, slot, visit.stay, mark);
        } else {
            state.set_timer(ends, Ring::Leave, slot, visit.stay, 0);
        }
    }

    fn set_reload(&mut self, slot: u32, room: usize) {
        let Some(reload) = &self.gate.rooms[room].rule.reload else { return };
        if self.personal(slot, Purpose::Reloads) >= reload.share {
            return;
        }
        let at = self.now + self.sample(slot, &reload.after, Purpose::ReloadAfter);
        let stay = self.gate.visits[slot as usize].stay;
        self.gate.rooms[room].set_timer(at, Ring::Reload, slot, stay, 0);
    }

    /// All that is due in a room now.
    pub(in super::super) fn tend_room(&mut self, room: usize) {
        self.gate.rooms[room].soon = false;
        while let Some(timer) = self.gate.rooms[room].timers.peek().copied().filter(|timer| timer.at <= self.now) {
            self.gate.rooms[room].timers.pop();
            self.ring(room, timer);
        }
        while self.gate.rooms[room].may_call(self.now) && self.call_next(room) {}
        self.call_contacts(room);
        self.plan_room(room);
    }

    /// Keeps the one change that looks at a room where it belongs.
    pub(in super::super) fn plan_room(&mut self, room: usize) {
        let state = &mut self.gate.rooms[room];
        let next = state.next().max(self.now);
        let before = std::mem::replace(&mut state.tick, next);
        if before == next {
            return;
        }
        let look = Change::Room { room: room as u16 };
        if before < Time::NEVER {
            self.agenda.cancel(before, look);
        }
        if next < self.model.end {
            self.agenda.schedule(next, look);
        }
    }

    fn ring(&mut self, room: usize, timer: Timer) {
        let visit = self.gate.visits.get(timer.slot as usize).copied().unwrap_or_default();
        let there = visit.stay == timer.stay;
        match timer.what {
            Ring::Start => self.start_room(room),
            Ring::Unclaimed => self.gate.rooms[room].unclaimed -= 1,
            Ring::Expire if there && visit.holds => {
                self.gate.visits[timer.slot as usize].holds = false;
                self.gate.rooms[room].active -= 1;
            }
            Ring::Leave if there && !visit.told => self.leave_room(timer.slot, room),
            Ring::Look if there => self.judge_the_line(timer, room),
            Ring::Reload if there => {
                self.gate.rooms[room].tally.reloads += 1;
                self.people[timer.slot].attempt = self.people[timer.slot].attempt.saturating_add(1);
                self.take_places(timer.slot, room);
                self.set_patience(timer.slot, room);
                self.set_reload(timer.slot, room);
            }
            Ring::Expire | Ring::Leave | Ring::Look | Ring::Reload => {}
        }
    }

    /// The room begins to call; an order by lot is drawn, and everybody learns their place.
    fn start_room(&mut self, room: usize) {
        let draws = self.gate.rooms[room].will_draw();
        self.gate.rooms[room].started = true;
        if !draws {
            return;
        }
        let line = std::mem::take(&mut self.gate.rooms[room].line);
        let valid = line.into_iter().filter(|place| self.gate.visits[place.slot as usize].stay == place.stay);
        let mut lots: Vec<(u64, u16, u32, Place)> = valid
            .map(|place| {
                let person = &self.people[place.slot];
                let draw = Draw { session: person.session, step: place.index, ..Draw::default() };
                let key = &self.keys[usize::from(person.class)];
                let lot = key.stream(Purpose::RoomLot, u64::from(person.number), draw).bits();
                (lot, person.class, person.number, place)
            })
            .collect();
        lots.sort_unstable_by_key(|(lot, class, number, place)| (*lot, *class, *number, place.index));
        let called = self.gate.rooms[room].called;
        for (order, (_, _, _, place)) in lots.iter().enumerate().rev() {
            // From the last on, so that the first of someone's places is what stays.
            self.gate.visits[place.slot as usize].ordinal = called + order as u64;
        }
        self.gate.rooms[room].line = lots.into_iter().map(|(_, _, _, place)| place).collect();
        if self.gate.rooms[room].rule.tells == Tells::Wait {
            self.tell_the_draw(room);
        }
    }

    /// After a draw: who is told a wait that makes them longer in the room than they are willing to be leaves.
    fn tell_the_draw(&mut self, room: usize) {
        let firsts: Vec<Place> = {
            let state = &self.gate.rooms[room];
            let numbered = (state.called..).zip(&state.line);
            numbered.filter(|(n, p)| self.gate.visits[p.slot as usize].ordinal == *n).map(|(_, place)| *place).collect()
        };
        for place in firsts {
            let visit = self.gate.visits[place.slot as usize];
            let ahead = visit.ordinal - self.gate.rooms[room].called;
            let told = self.gate.rooms[room].estimate(ahead, self.now);
            let Some(patience) = self.room_patience(place.slot, room) else { return };
            match told {
                Some(told) if self.now.since(visit.since) + told > patience => self.leave_room(place.slot, room),
                Some(_) => self.gate.visits[place.slot as usize].told = true,
                None => {}
            }
        }
    }

    /// Leaves if the line would take longer than patience lasts at the speed that was seen; else stays.
    fn judge_the_line(&mut self, timer: Timer, room: usize) {
        let Some(patience) = self.room_patience(timer.slot, room) else { return };
        let state = &self.gate.rooms[room];
        let visit = self.gate.visits[timer.slot as usize];
        let (moved, ahead) = (state.called - timer.mark, visit.ordinal.saturating_sub(state.called));
        let remaining = ahead as f64 / moved as f64 * state.rule.watch.0 as f64;
        if self.now.since(visit.since).0 as f64 + remaining > patience.0 as f64 || moved == 0 {
            self.leave_room(timer.slot, room);
        }
    }

    /// Calls the first in line; `false`: there is none.
    fn call_next(&mut self, room: usize) -> bool {
        let now = self.now;
        let state = &mut self.gate.rooms[room];
        let Some(place) = state.line.pop_front() else { return false };
        state.called += 1;
        if self.gate.visits[place.slot as usize].stay == place.stay {
            state.note_call(now);
            self.admit_from_room(place, room);
        } else if let Some(left) = state.ghosts.get_mut(&place.stay) {
            *left -= 1;
            if *left == 0 {
                state.ghosts.remove(&place.stay);
            }
            state.note_call(now);
            state.tally.unclaimed += 1;
            let keeps = state.rule.several.map_or(Span::ZERO, |several| several.unclaimed);
            if keeps > Span::ZERO {
                state.unclaimed += 1;
                state.set_timer(now + keeps, Ring::Unclaimed, 0, 0, 0);
            }
        }
        true
    }

    fn admit_from_room(&mut self, place: Place, room: usize) {
        let places = self.places_of(place.slot, room);
        let since = self.quit_room(place.slot, room);
        let state = &mut self.gate.rooms[room];
        state.tally.admitted += 1;
        state.time.record(self.now.since(since).0);
        if places > 1 {
            state.ghosts.insert(place.stay, places - 1);
        }
        let class = self.people[place.slot].class;
        self.recorder.class(class).tally.admitted += 1;
        let behind = self.gate.behind_room(class);
        self.ask_entries(place.slot, behind);
    }

    /// The books of one who is no longer in the room; since when they were.
    fn quit_room(&mut self, slot: u32, room: usize) -> Time {
        let visit = std::mem::take(&mut self.gate.visits[slot as usize]);
        self.gate.rooms[room].meter.down(self.now, visit.since);
        let class = self.people[slot].class;
        self.people[slot].state = State::Thinking;
        self.recorder.class(class).in_room.down(self.now);
        visit.since
    }

    fn leave_room(&mut self, slot: u32, room: usize) {
        self.quit_room(slot, room);
        self.gate.rooms[room].tally.left += 1;
        self.turned_away_by_room(slot);
    }

    /// Leaves a contact, where that is offered and wanted, or gives up for now.
    fn turned_away_by_room(&mut self, slot: u32) {
        if !self.leave_contact(slot) {
            self.give_up(slot);
        }
    }

    /// A session begins: it holds a place of the class's waiting room.
    pub(in super::super) fn hold_place(&mut self, slot: u32) {
        let Some(room) = self.gate.room_of(self.people[slot].class) else { return };
        let stay = self.gate.new_stay();
        let state = &mut self.gate.rooms[room];
        self.gate.visits[slot as usize] = Visit { stay, holds: true, ..Visit::default() };
        state.active += 1;
        if let Some(limit) = state.rule.session_limit {
            state.set_timer(self.now + limit, Ring::Expire, slot, stay, 0);
            self.plan_room(room);
        }
    }

    /// A session ends: its place is free, and the room will call the next.
    pub(in super::super) fn free_place(&mut self, slot: u32) {
        let visit = std::mem::take(&mut self.gate.visits[slot as usize]);
        let Some(room) = self.gate.room_of(self.people[slot].class).filter(|_| visit.holds) else { return };
        self.gate.rooms[room].active -= 1;
        self.look_soon(room);
    }

    /// Has the room looked at in this instant, if it may have someone to let in.
    pub(super) fn look_soon(&mut self, room: usize) {
        let state = &mut self.gate.rooms[room];
        state.soon = !state.line.is_empty() || self.gate.callbacks.iter().any(|callback| callback.is_for(room));
        self.plan_room(room);
    }

    /// Whether a session that wants to send a request still has its place; if not, it begins anew at the room.
    pub(super) fn has_place(&mut self, slot: u32) -> bool {
        let class = self.people[slot].class;
        let Some(room) = self.gate.room_of(class) else { return true };
        if self.gate.visits[slot as usize].holds || self.gate.rooms[room].rule.session_limit.is_none() {
            return true;
        }
        self.gate.rooms[room].tally.expired += 1;
        let tally = &mut self.recorder.class(class).tally;
        tally.requests += 1;
        tally.closed += 1;
        self.end_session(slot);
        self.begin_session(slot);
        false
    }
}
