//! The applicant's side: arrival, sessions, thinking, failures, coming back, giving up.

use super::people::{Person, State};
use super::request::Sender;
use super::run::Run;
use crate::model::{Backoff, Jitter, Resume, Sampler, Step};
use crate::random::Purpose;
use crate::time::{Span, Time};

impl<'m> Run<'m> {
    /// The next applicant comes. Says who sends a request now.
    #[inline(always)]
    pub(super) fn arrive(&mut self) -> Option<Sender<'m>> {
        let class = self.next_class;
        let arrivals = &mut self.arrivals[usize::from(class)];
        let at = arrivals.pop();
        self.next_arrival = arrivals.peek();
        if !self.other_arrivals.is_empty() {
            self.choose_next_arrival();
        }
        let number = self.came[usize::from(class)];
        self.came[usize::from(class)] += 1;
        let slot = self.people.insert(class, number, at);
        self.gate.newcomer(slot);
        self.recorder.arrival(class, at);
        if self.is_operated(class) {
            self.join_backlog(slot, true);
            None
        } else {
            self.enter(slot, class)
        }
    }

    /// The next arrival may be of another class; of two at one instant the first class is first.
    #[inline(never)]
    pub(super) fn choose_next_arrival(&mut self) {
        let of_this = (self.next_arrival, self.next_class);
        match self.other_arrivals.peek() {
            Some(other) if *other < of_this => {
                (self.next_arrival, self.next_class) = *other;
                match of_this.0 {
                    Time::NEVER => drop(self.other_arrivals.pop()),
                    _ => self.other_arrivals.replace_top(of_this),
                }
            }
            _ => {}
        }
    }

    /// An applicant wants to start the journey.
    pub(super) fn begin_session(&mut self, slot: u32) {
        if let Some(sender) = self.enter(slot, self.people[slot].class) {
            self.send(sender);
        }
    }

    /// The same, saying who sends a request now.
    #[inline(always)]
    fn enter(&mut self, slot: u32, class: u16) -> Option<Sender<'m>> {
        if self.gate.lets_all_in(class) {
            return self.let_in(slot);
        }
        self.ask_entries(slot, 0);
        None
    }

    /// The gate let an applicant in.
    pub(super) fn start_session(&mut self, slot: u32) {
        if let Some(sender) = self.let_in(slot) {
            self.send(sender);
        }
    }

    #[inline(always)]
    fn let_in(&mut self, slot: u32) -> Option<Sender<'m>> {
        let person = &mut self.people[slot];
        person.step = 0;
        person.attempt = 0;
        let class = person.class;
        self.recorder.class(class).tally.sessions += 1;
        if self.gate.room_of(class).is_some() {
            self.hold_place(slot);
            // Not at once: the room may call others before.
            self.pause(slot);
            return None;
        }
        self.think(slot)
    }

    /// The pause before a step; without one the request goes out at this instant, in its turn, which may be now.
    #[inline(always)]
    fn think(&mut self, slot: u32) -> Option<Sender<'m>> {
        let (step, pause) = self.begin_thinking(slot);
        if pause == Span::ZERO && self.nothing_waits_now() {
            return Some((slot, step));
        }
        self.wake_at(slot, self.now + pause);
        None
    }

    /// The same, where even without a pause others come first.
    fn pause(&mut self, slot: u32) {
        let (_, pause) = self.begin_thinking(slot);
        self.wake_at(slot, self.now + pause);
    }

    /// Before which step, and for how long.
    #[inline(always)]
    fn begin_thinking(&mut self, slot: u32) -> (&'m Step, Span) {
        let person = &mut self.people[slot];
        person.state = State::Thinking;
        let (class, number, draw) = (person.class, person.number, person.draw());
        let step = self.step(class, draw.step);
        let pause = |think: &Sampler| think.draw(&self.keys[usize::from(class)], Purpose::Think, u64::from(number), draw);
        (step, step.think.as_ref().map_or(Span::ZERO, pause))
    }

    /// Ends of think, backoff, return and preparation. Says who sends a request now.
    #[inline(always)]
    pub(super) fn wake(&mut self) -> Option<Sender<'m>> {
        let slot = self.wheel.pop()?;
        if self.wheel.begins_group() {
            self.bring_wakers_near();
        }
        let person = &self.people[slot];
        let class = person.class;
        match person.state {
            State::Thinking => Some((slot, self.step(class, person.step))),
            State::Backoff => {
                let step = self.step(class, person.step);
                if !self.asks_senders && self.stations[usize::from(step.station)].turns_away() {
                    self.fail_again(slot, class, step.station);
                    return None;
                }
                self.recorder.class(class).in_orbit.down(self.now);
                Some((slot, step))
            }
            State::BackoffToStart => {
                self.recorder.class(class).in_orbit.down(self.now);
                self.think(slot)
            }
            _ => {
                self.wake_to_begin(slot, class);
                None
            }
        }
    }

    #[inline(never)]
    fn bring_wakers_near(&self) {
        self.wheel.soon_of_due().for_each(|slot| self.people.bring_near(slot));
    }

    /// The same of those who have no session under way.
    fn wake_to_begin(&mut self, slot: u32, class: u16) {
        match self.people[slot].state {
            State::Preparing => self.begin_session(slot),
            State::Away => {
                self.recorder.class(class).away.down(self.now);
                if self.is_operated(class) { self.join_backlog(slot, false) } else { self.begin_session(slot) }
            }
            State::AwayForWindow => {
                self.recorder.class(class).away.down(self.now);
                self.begin_session(slot);
            }
            State::Called => self.end_call(slot, true),
            State::CalledInVain => self.end_call(slot, false),
            State::Appointment | State::MissedAppointment => self.end_appointment(slot),
            _ => unreachable!("only those who pause are in the wheel"),
        }
    }

    /// The request was answered: the next step, or done. Says who sends a request now.
    #[inline(always)]
    pub(super) fn advance(&mut self, slot: u32) -> Option<Sender<'m>> {
        let person = &mut self.people[slot];
        let class = person.class;
        let model = &self.model.classes[usize::from(class)];
        if usize::from(person.step) + 1 < model.journey.len() {
            person.step += 1;
            if model.retry.resume == Resume::Step {
                person.attempt = 0;
            }
            return self.think(slot);
        }
        if self.gate.room_of(class).is_some() {
            self.free_place(slot);
        }
        self.recorder.completion(class, self.people.arrived(slot), self.now);
        self.people.remove(slot);
        self.free_operator(class);
        None
    }

    /// The request failed: another try, or the end of the session.
    pub(super) fn fail(&mut self, slot: u32) {
        self.fail_for(slot, None);
    }

    /// The same, where the answer may say how long to wait before the next try.
    #[inline(always)]
    pub(super) fn fail_for(&mut self, slot: u32, told: Option<Span>) {
        let class = self.people[slot].class;
        if self.backs_off(slot, told) {
            self.recorder.class(class).in_orbit.up(self.now);
        }
    }

    /// Another try that is refused at once, as most are in a rush. Where no rule has a say in it, nobody need look at the request
    /// itself, and its client stays in orbit, of which there is nothing to book unless they give up.
    #[inline(never)]
    fn fail_again(&mut self, slot: u32, class: u16, station: u16) {
        self.stations[usize::from(station)].turn_away();
        let tally = &mut self.recorder.class(class).tally;
        tally.requests += 1;
        tally.retries += 1;
        tally.refused += 1;
        if !self.backs_off(slot, None) {
            self.recorder.class(class).in_orbit.down(self.now);
        }
    }

    /// The wait before another try, if there is one; else the session ends.
    #[inline(always)]
    fn backs_off(&mut self, slot: u32, told: Option<Span>) -> bool {
        let person = &mut self.people[slot];
        person.attempt += 1;
        let person = *person;
        let retry = &self.model.classes[usize::from(person.class)].retry;
        if person.attempt >= retry.attempts || (!self.manners.is_empty() && !self.may_retry(person.class)) {
            self.give_up(slot);
            return false;
        }
        let wait = told.unwrap_or_else(|| self.backoff(&person, &retry.backoff));
        let person = &mut self.people[slot];
        person.state = State::Backoff;
        if retry.resume == Resume::Journey && person.step > 0 {
            person.step = 0;
            person.state = State::BackoffToStart;
        }
        self.wake_at(slot, self.now + wait);
        true
    }

    #[inline(always)]
    fn backoff(&self, person: &Person, backoff: &Backoff) -> Span {
        let class = usize::from(person.class);
        let (key, number, draw) = (&self.keys[class], u64::from(person.number), person.draw());
        match backoff {
            Backoff::Drawn(sampler) => sampler.draw(key, Purpose::Backoff, number, draw),
            Backoff::CappedExponential { jitter, .. } => {
                let waits = &self.waits[class];
                let wait = waits[usize::from(person.attempt - 1).min(waits.len() - 1)];
                let uniform = || key.uniform(Purpose::Backoff, number, draw);
                Span::from_nanos(match jitter {
                    Jitter::None => wait,
                    Jitter::Equal => wait * 0.5 * (1.0 + uniform()),
                    Jitter::Full => wait * uniform(),
                })
            }
        }
    }

    /// No tries are left, or a rule let nobody in: come back later, or never.
    #[inline(always)]
    pub(super) fn give_up(&mut self, slot: u32) {
        let class = self.people[slot].class;
        let retry = &self.model.classes[usize::from(class)].retry;
        if self.gate.room_of(class).is_some() {
            self.free_place(slot);
        }
        let person = &mut self.people[slot];
        if person.returns < retry.returns {
            let after = retry.return_after.as_ref();
            let wait = after.map_or(Span::ZERO, |after| self.sample(slot, after, Purpose::ReturnAfter));
            self.people[slot].returns += 1;
            self.end_session(slot);
            self.people[slot].state = State::Away;
            self.recorder.class(class).away.up(self.now);
            self.wake_at(slot, self.now + wait);
        } else {
            self.recorder.abandonment(class, self.people.arrived(slot));
            self.people.remove(slot);
        }
        self.free_operator(class);
    }

    /// The next session is another one, with draws of its own.
    pub(super) fn end_session(&mut self, slot: u32) {
        let person = &mut self.people[slot];
        person.session = person.session.saturating_add(1);
        person.attempt = 0;
        person.step = 0;
    }

    /// The gate closed while a session was under way.
    pub(super) fn cut_short(&mut self, slot: u32, until: Time, advice: bool) {
        if self.gate.room_of(self.people[slot].class).is_some() {
            self.free_place(slot);
        }
        self.end_session(slot);
        self.leave_until(slot, until, advice);
    }

    /// Closed at the start of a session, which those begin nevertheless who do not know the schedule.
    pub(super) fn turn_away(&mut self, slot: u32, until: Time, advice: bool) {
        if !advice && !self.is_aware(slot) {
            self.recorder.class(self.people[slot].class).tally.sessions += 1;
        }
        self.leave_until(slot, until, advice);
    }

    /// Closed: those who do not know the schedule learn it by one request; all come back after the next opening. Whoever
    /// heeds advice knows it.
    fn leave_until(&mut self, slot: u32, until: Time, advice: bool) {
        if !advice && !self.is_aware(slot) {
            let tally = &mut self.recorder.class(self.people[slot].class).tally;
            tally.requests += 1;
            tally.closed += 1;
            self.people[slot].informed = true;
        }
        let person = &mut self.people[slot];
        person.attempt = person.attempt.saturating_add(1);
        person.state = State::AwayForWindow;
        let class = person.class;
        self.recorder.class(class).away.up(self.now);
        // Operators wait for the window itself.
        let delay = self.class_of(slot).closed.return_delay.as_ref().filter(|_| !self.is_operated(class));
        let delay = delay.map_or(Span::ZERO, |delay| self.sample(slot, delay, Purpose::ReturnDelay));
        self.wake_at(slot, until + delay);
    }

    /// Whether this applicant knows when the gate opens; operators do.
    fn is_aware(&self, slot: u32) -> bool {
        let person = &self.people[slot];
        let aware = self.class_of(slot).closed.aware;
        person.informed
            || aware >= 1.0
            || self.is_operated(person.class)
            || self.keys[usize::from(person.class)].uniform(Purpose::Aware, u64::from(person.number), Default::default()) < aware
    }

    /// A draw of this applicant at this try.
    #[inline]
    pub(super) fn sample(&self, slot: u32, sampler: &Sampler, purpose: Purpose) -> Span {
        let person = &self.people[slot];
        let key = &self.keys[usize::from(person.class)];
        sampler.draw(key, purpose, u64::from(person.number), person.draw())
    }
}
