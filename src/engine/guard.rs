//! Rules at a station: who is let into its queue, who is taken out of it, and in what order.

use super::line::{NOBODY, Request};
use super::people::State;
use super::request::is_waiting;
use super::run::Run;
use super::snapshot::state;
use super::station::StationState;
use crate::model::{CodelRule, Discipline, Policy, ReserveRule, Rule, ShedRule, Timeout, TimeoutCovers};
use crate::random::Purpose;
use crate::time::{Span, Time};

/// What the rules of a policy say of one station.
#[derive(Debug, Default)]
pub(super) struct Guard<'m> {
    shed: Option<&'m ShedRule>,
    codel: Option<&'m CodelRule>,
    reserve: Option<&'m ReserveRule>,
    /// Adaptive last in first out: how long a queue must stand.
    lifo: Option<Span>,
    push_out: bool,
    /// Mean length of services in nanoseconds, recent ones more; 0 before the first.
    service: f64,
    /// Since when the queue has not been empty.
    standing: Option<Time>,
}

state!(Guard {
    values: service standing;
    parts:;
    part:;
    of_model: shed codel reserve lifo push_out;
});

/// The weight of a service in the mean of recent ones.
const RECENT: f64 = 0.02;

impl Guard<'_> {
    /// Takes the length of a service into the mean.
    pub(super) fn learn(&mut self, takes: Span) {
        let takes = takes.0 as f64;
        self.service = if self.service == 0.0 { takes } else { self.service + RECENT * (takes - self.service) };
    }

    /// Whether the queue has not been empty for so long.
    fn stands(&self, now: Time, interval: Span) -> bool {
        self.standing.is_some_and(|since| now.since(since) >= interval)
    }

    /// What a newcomer would wait behind so many, with so many workers, in nanoseconds.
    fn wait(&self, waiting: u32, workers: u32) -> f64 {
        f64::from(waiting + 1) * self.service / f64::from(workers.max(1))
    }
}

/// What became of the look for the next request to serve.
pub(super) enum Next {
    /// This one.
    Serve(Request),
    /// One was dropped; look again.
    Dropped,
    /// Nobody whom the rules let be served now.
    Nobody,
}

impl<'m> Run<'m> {
    /// Puts the rules of a policy at their stations.
    pub(super) fn set_up_guards(&mut self, policy: &'m Policy) {
        self.guards = self.stations.iter().map(|_| Guard::default()).collect();
        for rule in &policy.rules {
            let station = match rule {
                Rule::Priority(rule) => {
                    self.stations[usize::from(rule.station)].line.reorder(Discipline::Priority, &rule.ranks);
                    self.guards[usize::from(rule.station)].push_out = rule.push_out;
                    rule.station
                }
                Rule::Reserve(rule) => {
                    let ranks: Vec<u32> = rule.classes.iter().map(|meant| u32::from(!meant)).collect();
                    self.stations[usize::from(rule.station)].line.reorder(Discipline::Priority, &ranks);
                    self.guards[usize::from(rule.station)].reserve = Some(rule);
                    rule.station
                }
                Rule::Shed(rule) => {
                    self.guards[usize::from(rule.station)].shed = Some(rule);
                    rule.station
                }
                Rule::Codel(rule) => {
                    self.guards[usize::from(rule.station)].codel = Some(rule);
                    rule.station
                }
                Rule::AdaptiveLifo(rule) => {
                    self.stations[usize::from(rule.station)].line.reorder(Discipline::Fifo, &[]);
                    self.guards[usize::from(rule.station)].lifo = Some(rule.interval);
                    rule.station
                }
                _ => continue,
            };
            self.stations[usize::from(station)].guarded = true;
        }
    }

    /// Whether there is a place in the queue for a newcomer; those that are kept for others count as taken.
    pub(super) fn finds_place(&mut self, station: u16, request: &Request) -> bool {
        let index = usize::from(station);
        let state = &self.stations[index];
        let Some(places) = self.model.stations[index].queue else { return true };
        let kept = match self.guards[index].reserve {
            Some(rule) if !rule.classes[usize::from(request.class)] => rule.queue,
            _ => 0,
        };
        if state.queue.level() < places.saturating_sub(kept) {
            return true;
        }
        self.guards[index].push_out && state.queue.level() >= places && self.push_out(station, request)
    }

    /// Whether a worker may take the request now.
    pub(super) fn may_start(&self, station: u16, request: &Request) -> bool {
        let state = &self.stations[usize::from(station)];
        let idle = state.workers.saturating_sub(state.busy.level);
        idle > self.guards[usize::from(station)].kept(request.class)
    }

    /// Whether a newcomer who would have to wait is refused.
    pub(super) fn sheds(&self, station: u16, request: &Request) -> bool {
        let (guard, state) = (&self.guards[usize::from(station)], &self.stations[usize::from(station)]);
        let Some(rule) = guard.shed.filter(|rule| is_meant(rule, request)) else { return false };
        let wait = guard.wait(state.queue.level(), state.servers);
        rule.queue.is_some_and(|queue| state.queue.level() >= queue)
            || rule.wait.is_some_and(|longest| wait > longest.0 as f64)
            || (rule.deadline && self.leaves_before(request, wait, guard.service))
    }

    /// Whether the client of a request will have left, or has, when it has waited for so many nanoseconds more and been served
    /// for so many. The request says how long its client will wait.
    fn leaves_before(&self, request: &Request, wait: f64, service: f64) -> bool {
        let class = usize::from(request.class);
        let step = &self.model.classes[class].journey[usize::from(request.draw.step)];
        let Timeout::After(patience) = &step.timeout else { return false };
        let mut stream = self.keys[class].stream(Purpose::Patience, u64::from(request.number), request.draw);
        let served = if step.covers == TimeoutCovers::Queue { 0.0 } else { service };
        let person = &self.people[request.person];
        let sent = match request.upstream {
            NOBODY => request.entered,
            // The client of a call is served where it sent its request, or gone.
            _ if person.ticket != request.ticket || person.state != State::InService => return true,
            _ if step.covers == TimeoutCovers::Queue => return false,
            _ => person.sent,
        };
        self.now + Span::from_nanos(wait + served) > sent + patience.sample(&mut stream)
    }

    /// Makes room in a full queue for a more urgent newcomer; `false` where all who wait are as urgent.
    fn push_out(&mut self, station: u16, request: &Request) -> bool {
        let state = &mut self.stations[usize::from(station)];
        let (people, leaves) = (&self.people, state.leaves);
        let alive = |other: &Request| !leaves || is_waiting(&people[other.person], other.ticket);
        let Some(victim) = state.line.pop_last_behind(request.class, alive) else { return false };
        self.drop_request(station, victim);
        true
    }

    /// Takes the next request that the rules let be served.
    pub(super) fn next_guarded(&mut self, station: u16) -> Next {
        let index = usize::from(station);
        let (guard, state) = (&self.guards[index], &mut self.stations[index]);
        let (people, leaves) = (&self.people, state.leaves);
        let alive = |request: &Request| !leaves || is_waiting(&people[request.person], request.ticket);
        let popped = if let Some(rule) = guard.reserve {
            let others = state.workers.saturating_sub(state.busy.level) > rule.workers;
            state.line.pop_oldest(others, alive)
        } else if guard.lifo.is_some_and(|interval| guard.stands(self.now, interval)) {
            state.line.pop_newest(alive)
        } else {
            state.line.pop(&state.key, alive)
        };
        let Some(request) = popped else { return Next::Nobody };
        if self.is_too_late(station, &request) {
            self.drop_request(station, request);
            return Next::Dropped;
        }
        Next::Serve(request)
    }

    /// Whether it is no longer worth while to serve a request, or its client has waited too long.
    fn is_too_late(&self, station: u16, request: &Request) -> bool {
        let guard = &self.guards[usize::from(station)];
        let waited = self.now.since(request.entered);
        let codel = |rule: &CodelRule| waited > if guard.stands(self.now, rule.interval) { rule.target } else { rule.interval };
        let in_vain =
            |rule: &ShedRule| rule.deadline && is_meant(rule, request) && self.leaves_before(request, 0.0, guard.service);
        guard.codel.is_some_and(codel) || guard.shed.is_some_and(in_vain)
    }

    /// Notes whether the queue of a station with rules is empty.
    pub(super) fn note_queue(&mut self, station: u16) {
        let level = self.stations[usize::from(station)].queue.level();
        let guard = &mut self.guards[usize::from(station)];
        match (level, guard.standing) {
            (0, _) => guard.standing = None,
            (_, None) => guard.standing = Some(self.now),
            _ => {}
        }
    }

    /// A request that was taken from the line is refused: its client is told, if there is one still.
    fn drop_request(&mut self, station: u16, request: Request) {
        let waits = is_waiting(&self.people[request.person], request.ticket);
        let state: &mut StationState = &mut self.stations[usize::from(station)];
        state.queue.down(self.now, request.entered);
        self.recorder.unqueued();
        if request.upstream != NOBODY {
            state.tally.refused += 1;
            state.tally.called.refused += 1;
            state.owe_refusal();
            self.note_queue(station);
            self.fail_call(request.upstream);
        } else if waits {
            state.tally.refused += 1;
            state.owe_refusal();
            self.people[request.person].state = State::Thinking;
            let recorder = self.recorder.class(request.class);
            recorder.tally.refused += 1;
            recorder.in_flight -= 1;
            self.note_queue(station);
            self.fail(request.person);
        } else {
            state.tally.vanished += 1;
            self.note_queue(station);
        }
    }
}

impl Guard<'_> {
    /// Idle workers that are kept from a class.
    fn kept(&self, class: u16) -> u32 {
        match self.reserve {
            Some(rule) if !rule.classes[usize::from(class)] => rule.workers,
            _ => 0,
        }
    }
}

/// Whether a request is one of those that may be refused early.
fn is_meant(rule: &ShedRule, request: &Request) -> bool {
    rule.classes[usize::from(request.class)] && !(rule.spare_begun && request.draw.step > 0)
}
