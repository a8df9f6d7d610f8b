//! What people do in a waiting room: they come, stand in line, look, reload, leave, and take their turn.

use super::*;

impl Second<'_> {
    pub(in super::super) fn come_to_room(&mut self, person: usize, room: usize) {
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
    pub(super) fn stand_at_the_end(&mut self, person: usize, room: usize) {
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

    /// Tells somebody the wait that was drawn.
    pub(super) fn tell(&mut self, person: usize, room: usize) {
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
    pub(super) fn judge(&mut self, person: usize, room: usize, turns: u64) {
        let (state, visit) = (&self.rooms[room], self.people[person].visit);
        let Some(patience) = self.room_patience(person, room) else { return };
        let (moved, before) = (state.turns - turns, visit.ordinal.saturating_sub(state.turns));
        let remaining = before as f64 / moved as f64 * state.rule.watch.0 as f64;
        if moved == 0 || self.now.since(visit.since).0 as f64 + remaining > patience.0 as f64 {
            self.leave_room(person, room);
        }
    }

    /// The turn of a place: its person is called, or nobody claims it, or they left and took it along.
    pub(super) fn take_turn(&mut self, room: usize, place: Place) {
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

    pub(super) fn leave_room(&mut self, person: usize, room: usize) {
        self.quit_room(person, room);
        self.rooms[room].counts.left += 1;
        self.turned_away_by_room(person, room);
    }

    /// A session begins.
    pub(in super::super) fn hold_place(&mut self, person: usize) {
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
    pub(in super::super) fn free_place(&mut self, person: usize) {
        let visit = std::mem::take(&mut self.people[person].visit);
        if let Some(room) = self.room_of(self.people[person].class).filter(|_| visit.holds) {
            self.rooms[room].active -= 1;
            self.look_soon(room);
        }
    }

    /// Whether a session that wants to send a request has not lost its place.
    pub(in super::super) fn has_place(&mut self, person: usize) -> bool {
        let Some(room) = self.room_of(self.people[person].class) else { return true };
        let expired = self.rooms[room].rule.session_limit.is_some() && !self.people[person].visit.holds;
        self.rooms[room].counts.expired += u64::from(expired);
        !expired
    }
}
