//! A second engine, as plain as can be: one heap of events, one list of people, a queue that is a list. It follows
//! docs/model.md and shares nothing with the engine under test but the model and its keyed draws.

use clickday::engine::{ClassTally, DONE_WITHIN};
use clickday::model::{
    AppliesTo, Arrivals, Backoff, Class, Discipline, Jitter, Model, OnFull, OnTimeout, Resume, Rule, Sampler, Timeout,
    TimeoutCovers, WindowsRule,
};
use clickday::random::{Draw, Key, Purpose};
use clickday::stats::Histogram;
use clickday::time::{Span, Time};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What happens, with the kind by which events of one instant are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Completion { service: usize },
    Down { station: usize },
    Up { station: usize },
    Workers { station: usize, workers: u32 },
    Duty { class: usize },
    Off { class: usize },
    Start { station: usize },
    Timeout { person: usize, request: u64 },
    StartAfterTimeouts { station: usize },
    Wake { person: usize },
    Arrival { class: usize },
}

impl Event {
    fn kind(self) -> u8 {
        match self {
            Event::Completion { .. } => 0,
            Event::Down { .. } | Event::Up { .. } | Event::Workers { .. } | Event::Duty { .. } | Event::Off { .. } => 1,
            Event::Start { .. } => 2,
            Event::Timeout { .. } => 3,
            Event::StartAfterTimeouts { .. } => 4,
            Event::Wake { .. } => 5,
            Event::Arrival { .. } => 6,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Backlog,
    Preparing,
    Thinking,
    Queued,
    InService,
    Dropped,
    Backoff { to_start: bool },
    Away,
    AwayForWindow,
    Gone,
}

#[derive(Debug)]
struct Person {
    class: usize,
    number: u64,
    arrived: Time,
    state: State,
    step: usize,
    attempt: u16,
    session: u16,
    returns: u16,
    informed: bool,
    /// Number of the request under way.
    request: u64,
    service: usize,
}

#[derive(Debug, Clone, Copy)]
struct Request {
    person: usize,
    request: u64,
    entered: Time,
    class: usize,
    number: u64,
    draw: Draw,
}

#[derive(Debug)]
struct Service {
    station: usize,
    started: Time,
    /// `None` pays the debt of refusals.
    client: Option<(usize, u64)>,
    over: bool,
}

/// A number of things over time, as a list of its changes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Level {
    pub(crate) now: u64,
    /// Every change, in order.
    changes: Vec<(Time, u64)>,
}

impl Level {
    fn set(&mut self, at: Time, level: u64) {
        self.now = level;
        self.changes.push((at, level));
    }

    fn up(&mut self, at: Time) {
        self.set(at, self.now + 1);
    }

    fn down(&mut self, at: Time) {
        self.set(at, self.now - 1);
    }

    /// The stretches at one level between two instants.
    fn stretches(&self, from: Time, to: Time) -> Vec<(u64, u64)> {
        let mut stretches = Vec::new();
        let (mut level, mut since) = (0, from);
        for (at, next) in &self.changes {
            if *at >= to {
                break;
            }
            // Changes before `from` only tell the level with which it begins.
            if *at > since {
                stretches.push((level, at.since(since).0));
                since = *at;
            }
            level = *next;
        }
        stretches.push((level, to.since(since).0));
        stretches
    }

    /// Level times nanoseconds.
    pub(crate) fn area(&self, from: Time, to: Time) -> u128 {
        self.stretches(from, to).iter().map(|(level, nanos)| u128::from(*level) * u128::from(*nanos)).sum()
    }

    /// The same where `from` may be any instant.
    pub(crate) fn between(&self, from: Time, to: Time) -> u128 {
        if from < to { self.area(Time::ZERO, to) - self.area(Time::ZERO, from) } else { 0 }
    }

    pub(crate) fn average(&self, from: Time, to: Time) -> f64 {
        self.area(from, to) as f64 / to.since(from).0 as f64
    }

    /// The largest level from the beginning of `from` on, before `to`.
    pub(crate) fn max(&self, from: Time, to: Time) -> u64 {
        let before = self.changes.iter().take_while(|(at, _)| *at < from).last().map_or(0, |(_, level)| *level);
        let within = self.changes.iter().filter(|(at, _)| *at >= from && *at < to).map(|(_, level)| *level);
        within.fold(before, u64::max)
    }

    /// The first instant of a level.
    pub(crate) fn first(&self, level: u64) -> Time {
        self.changes.iter().find(|(_, other)| *other == level).map_or(Time::ZERO, |(at, _)| *at)
    }

    pub(crate) fn histogram(&self, end: Time) -> Histogram {
        let mut histogram = Histogram::new();
        self.stretches(Time::ZERO, end).iter().for_each(|(level, nanos)| histogram.record_n(*level, *nanos));
        histogram
    }
}

/// What a class did, every event with its time.
#[derive(Debug, Default)]
pub(crate) struct ClassBook {
    pub(crate) population: u64,
    pub(crate) tally: ClassTally,
    pub(crate) inside: u64,
    pub(crate) wait: Histogram,
    pub(crate) time_to_complete: Histogram,
    pub(crate) in_orbit: Level,
    pub(crate) away: Level,
    pub(crate) backlog: Level,
    pub(crate) at_work: Level,
    /// The tally after each change of it.
    pub(crate) history: Vec<(Time, ClassTally)>,
}

/// What a station did.
#[derive(Debug, Default)]
pub(crate) struct StationBook {
    pub(crate) served: u64,
    pub(crate) answered: u64,
    pub(crate) requests: u64,
    pub(crate) timeouts: u64,
    pub(crate) refused: u64,
    pub(crate) dropped: u64,
    pub(crate) failed: u64,
    pub(crate) wasted: u128,
    pub(crate) queue: Level,
    pub(crate) busy: Level,
    /// Workers outside outages, or those who finish.
    pub(crate) available: Level,
    /// Requests, answered, timeouts, refused, failed after each change.
    pub(crate) history: Vec<(Time, [u64; 5])>,
    line: Vec<Request>,
    workers: u32,
    down: bool,
    dirty: bool,
    debt: Span,
}

pub(crate) struct Second<'m> {
    model: &'m Model,
    rules: Vec<&'m WindowsRule>,
    keys: Vec<Key>,
    arrivals: Vec<Arrivals<'m>>,
    now: Time,
    events: BinaryHeap<Reverse<(Time, u8, u64, Event)>>,
    scheduled: u64,
    requests: u64,
    people: Vec<Person>,
    services: Vec<Service>,
    backlogs: Vec<Vec<usize>>,
    pub(crate) classes: Vec<ClassBook>,
    pub(crate) stations: Vec<StationBook>,
    pub(crate) queued: Level,
}

/// Plays one policy of a model once.
pub(crate) fn play(model: &Model, policy: usize, seed: u64, replication: u32) -> Second<'_> {
    let keys: Vec<Key> = model.classes.iter().map(|class| Key::new(seed, replication, class.key)).collect();
    let arrivals = model.classes.iter().zip(&keys).map(|(class, key)| Arrivals::new(class, *key, 1.0, model.end)).collect();
    let rules = model.policies[policy].rules.iter().map(|rule| match rule {
        Rule::Windows(windows) => windows,
        other => panic!("the second engine knows no rule {}", other.name()),
    });
    let mut run = Second {
        rules: rules.collect(),
        keys,
        arrivals,
        now: Time::ZERO,
        events: BinaryHeap::new(),
        scheduled: 0,
        requests: 0,
        people: Vec::new(),
        services: Vec::new(),
        backlogs: vec![Vec::new(); model.classes.len()],
        classes: model.classes.iter().map(|_| ClassBook::default()).collect(),
        stations: model.stations.iter().map(|station| StationBook { workers: station.workers, ..Default::default() }).collect(),
        queued: Level::default(),
        model,
    };
    run.set_up();
    while let Some(Reverse((at, _, _, event))) = run.events.pop() {
        assert!(at >= run.now, "time runs backwards");
        if at >= model.end {
            break;
        }
        run.now = at;
        run.happen(event);
        run.note();
    }
    run.close();
    run
}

impl Second<'_> {
    fn set_up(&mut self) {
        for (index, station) in self.model.stations.iter().enumerate() {
            for (at, workers) in &station.workers_at {
                self.schedule(*at, Event::Workers { station: index, workers: *workers });
            }
            for outage in &station.outages {
                self.schedule(outage.from, Event::Down { station: index });
                self.schedule(outage.to, Event::Up { station: index });
            }
            self.stations[index].available.set(Time::ZERO, u64::from(station.workers));
        }
        for class in 0..self.model.classes.len() {
            let hours = self.model.classes[class].operators.as_ref().and_then(|operators| operators.hours.as_ref());
            for (from, to) in hours.map_or(&[][..], |hours| hours.pieces()) {
                self.schedule(*from, Event::Duty { class });
                self.schedule(*to, Event::Off { class });
            }
            self.classes[class].population = self.arrivals[class].population();
            let first = self.arrivals[class].peek();
            self.schedule_arrival(class, first);
        }
    }

    fn schedule(&mut self, at: Time, event: Event) {
        self.scheduled += 1;
        self.events.push(Reverse((at, event.kind(), self.scheduled, event)));
    }

    /// Arrivals of one instant come in the order of the classes.
    fn schedule_arrival(&mut self, class: usize, at: Time) {
        if at < self.model.end {
            self.events.push(Reverse((at, 6, class as u64, Event::Arrival { class })));
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Completion { service } => self.complete(service),
            Event::Down { station } => self.go_down(station),
            Event::Up { station } => {
                self.stations[station].down = false;
                self.mark(station);
            }
            Event::Workers { station, workers } => {
                self.stations[station].workers = workers;
                self.mark(station);
            }
            Event::Duty { class } | Event::Off { class } => self.operators_look(class),
            Event::Start { station } | Event::StartAfterTimeouts { station } => self.start_services(station),
            Event::Timeout { person, request } => self.time_out(person, request),
            Event::Wake { person } => self.wake(person),
            Event::Arrival { class } => self.arrive(class),
        }
    }

    /// Writes down what has changed.
    fn note(&mut self) {
        let now = self.now;
        for class in &mut self.classes {
            if class.history.last().is_none_or(|(_, last)| *last != class.tally) {
                class.history.push((now, class.tally));
            }
        }
        for station in &mut self.stations {
            let counts = [station.requests, station.answered, station.timeouts, station.refused, station.failed];
            if station.history.last().is_none_or(|(_, last)| *last != counts) {
                station.history.push((now, counts));
            }
            let busy = station.busy.now;
            let there = if station.down { busy } else { busy.max(u64::from(station.workers)) };
            station.available.set(now, there);
        }
        let waiting = self.stations.iter().map(|station| station.queue.now).sum();
        if waiting != self.queued.now {
            self.queued.set(now, waiting);
        }
    }

    /// What workers were still busy with at the end, and for nobody.
    fn close(&mut self) {
        for index in 0..self.services.len() {
            let service = &self.services[index];
            if !service.over && self.client_of(index).is_none() {
                let (station, spent) = (service.station, self.model.end.since(service.started).0);
                self.stations[station].wasted += u128::from(spent);
            }
        }
    }

    fn class_of(&self, person: usize) -> &Class {
        &self.model.classes[self.people[person].class]
    }

    fn draw_of(&self, person: usize) -> Draw {
        let person = &self.people[person];
        Draw { session: person.session, attempt: person.attempt, step: person.step as u16 }
    }

    fn sample(&self, person: usize, sampler: &Sampler, purpose: Purpose) -> Span {
        let key = &self.keys[self.people[person].class];
        sampler.sample(&mut key.stream(purpose, self.people[person].number, self.draw_of(person)))
    }

    // The applicant.

    fn arrive(&mut self, class: usize) {
        let at = self.arrivals[class].pop();
        let number = self.classes[class].tally.arrived;
        let person = self.people.len();
        self.people.push(Person {
            class,
            number,
            arrived: at,
            state: State::Thinking,
            step: 0,
            attempt: 0,
            session: 0,
            returns: 0,
            informed: false,
            request: 0,
            service: 0,
        });
        let book = &mut self.classes[class];
        book.tally.arrived += 1;
        book.inside += 1;
        for (had_time, within) in book.tally.had_time.iter_mut().zip(DONE_WITHIN) {
            *had_time += u64::from(at + within <= self.model.end);
        }
        let next = self.arrivals[class].peek();
        self.schedule_arrival(class, next);
        if self.is_operated(class) { self.join_backlog(person) } else { self.want_session(person) }
    }

    fn is_operated(&self, class: usize) -> bool {
        self.model.classes[class].operators.is_some()
    }

    fn want_session(&mut self, person: usize) {
        if let Some((until, advice)) = self.shut(person, AppliesTo::Sessions) {
            if !advice && !self.knows(person) {
                self.classes[self.people[person].class].tally.sessions += 1;
            }
            self.wait_for_opening(person, until, advice);
            return;
        }
        self.people[person].step = 0;
        self.people[person].attempt = 0;
        self.classes[self.people[person].class].tally.sessions += 1;
        self.think(person);
    }

    fn think(&mut self, person: usize) {
        let think = self.class_of(person).journey[self.people[person].step].think.clone();
        let pause = think.map_or(Span::ZERO, |think| self.sample(person, &think, Purpose::Think));
        self.people[person].state = State::Thinking;
        self.schedule(self.now + pause, Event::Wake { person });
    }

    fn wake(&mut self, person: usize) {
        let (class, now) = (self.people[person].class, self.now);
        match self.people[person].state {
            State::Thinking => self.send(person),
            State::Preparing => self.want_session(person),
            State::Backoff { to_start } => {
                self.classes[class].in_orbit.down(now);
                if to_start { self.think(person) } else { self.send(person) }
            }
            State::Away => {
                self.classes[class].away.down(now);
                if self.is_operated(class) { self.join_backlog(person) } else { self.want_session(person) }
            }
            State::AwayForWindow => {
                self.classes[class].away.down(now);
                self.want_session(person);
            }
            other => panic!("nobody wakes who is {other:?}"),
        }
    }

    fn answered(&mut self, person: usize) {
        let class = self.people[person].class;
        let steps = self.class_of(person).journey.len();
        if self.people[person].step + 1 < steps {
            self.people[person].step += 1;
            if self.class_of(person).retry.resume == Resume::Step {
                self.people[person].attempt = 0;
            }
            self.think(person);
            return;
        }
        let arrived = self.people[person].arrived;
        let taken = self.now.since(arrived);
        let end = self.model.end;
        let book = &mut self.classes[class];
        book.tally.completed += 1;
        book.inside -= 1;
        book.time_to_complete.record(taken.0);
        for (done, within) in book.tally.done_in_time.iter_mut().zip(DONE_WITHIN) {
            *done += u64::from(arrived + within <= end && taken <= within);
        }
        self.leave(person);
    }

    fn leave(&mut self, person: usize) {
        self.people[person].state = State::Gone;
        self.free_operator(self.people[person].class);
    }

    fn fail(&mut self, person: usize) {
        let retry = self.class_of(person).retry.clone();
        let class = self.people[person].class;
        self.people[person].attempt += 1;
        if self.people[person].attempt < retry.attempts {
            let wait = self.backoff(person, &retry.backoff);
            let to_start = retry.resume == Resume::Journey && self.people[person].step > 0;
            if to_start {
                self.people[person].step = 0;
            }
            self.people[person].state = State::Backoff { to_start };
            self.classes[class].in_orbit.up(self.now);
            self.schedule(self.now + wait, Event::Wake { person });
            return;
        }
        if self.people[person].returns < retry.returns {
            let wait = retry.return_after.map_or(Span::ZERO, |after| self.sample(person, &after, Purpose::ReturnAfter));
            self.people[person].returns += 1;
            self.end_session(person);
            self.people[person].state = State::Away;
            self.classes[class].away.up(self.now);
            self.schedule(self.now + wait, Event::Wake { person });
            self.free_operator(class);
        } else {
            self.classes[class].tally.abandoned += 1;
            self.classes[class].inside -= 1;
            self.leave(person);
        }
    }

    fn end_session(&mut self, person: usize) {
        let person = &mut self.people[person];
        person.session += 1;
        person.attempt = 0;
        person.step = 0;
    }

    fn backoff(&self, person: usize, backoff: &Backoff) -> Span {
        match backoff {
            Backoff::Drawn(sampler) => self.sample(person, sampler, Purpose::Backoff),
            Backoff::CappedExponential { first, factor, max, jitter } => {
                let mut wait = first.0 as f64;
                for _ in 1..self.people[person].attempt {
                    if wait < max.0 as f64 {
                        wait *= factor;
                    }
                }
                let wait = wait.min(max.0 as f64);
                let key = &self.keys[self.people[person].class];
                let uniform = key.uniform(Purpose::Backoff, self.people[person].number, self.draw_of(person));
                Span::from_nanos(match jitter {
                    Jitter::None => wait,
                    Jitter::Equal => wait * 0.5 * (1.0 + uniform),
                    Jitter::Full => wait * uniform,
                })
            }
        }
    }

    // The gate.

    /// Until when a person is kept out, and whether by advice alone; nothing where they may go on.
    fn shut(&self, person: usize, what: AppliesTo) -> Option<(Time, bool)> {
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

    fn knows(&self, person: usize) -> bool {
        let who = &self.people[person];
        let aware = self.class_of(person).closed.aware;
        let knows = self.keys[who.class].uniform(Purpose::Aware, who.number, Draw::default()) < aware;
        who.informed || self.is_operated(who.class) || knows
    }

    fn wait_for_opening(&mut self, person: usize, until: Time, advice: bool) {
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

    // The station.

    fn send(&mut self, person: usize) {
        if let Some((until, advice)) = self.shut(person, AppliesTo::Requests) {
            self.end_session(person);
            self.wait_for_opening(person, until, advice);
            return;
        }
        self.requests += 1;
        let request = self.requests;
        self.people[person].request = request;
        let (class, step) = (self.people[person].class, self.class_of(person).journey[self.people[person].step].clone());
        let tally = &mut self.classes[class].tally;
        tally.requests += 1;
        tally.retries += u64::from(self.people[person].attempt > 0);
        let index = usize::from(step.station);
        self.stations[index].requests += 1;
        let model = &self.model.stations[index];
        let entry =
            Request { person, request, entered: self.now, class, number: self.people[person].number, draw: self.draw_of(person) };
        let station = &mut self.stations[index];
        let mut refused = false;
        if station.down {
            refused = true;
        } else if station.busy.now < u64::from(station.workers) {
            self.start(index, entry, true);
        } else if model.queue.is_none_or(|places| station.queue.now < u64::from(places)) {
            station.line.push(entry);
            station.queue.up(self.now);
            self.people[person].state = State::Queued;
        } else if model.on_full == OnFull::Drop {
            station.dropped += 1;
            self.people[person].state = State::Dropped;
        } else {
            station.debt = station.debt + model.refusal_cost;
            refused = true;
        }
        if refused {
            self.stations[index].refused += 1;
            self.classes[class].tally.refused += 1;
            self.fail(person);
            return;
        }
        if let Timeout::After(after) = &step.timeout {
            let runs = step.covers == TimeoutCovers::Answer || self.people[person].state != State::InService;
            if runs {
                let after = self.sample(person, after, Purpose::Patience);
                self.schedule(self.now + after, Event::Timeout { person, request });
            }
        }
    }

    /// Whether a request's client is still waiting for it.
    fn waits(&self, request: &Request) -> bool {
        let person = &self.people[request.person];
        person.request == request.request && person.state == State::Queued
    }

    fn client_of(&self, service: usize) -> Option<usize> {
        let (person, request) = self.services[service].client?;
        let who = &self.people[person];
        (who.request == request && who.state == State::InService && who.service == service).then_some(person)
    }

    /// A worker takes a request, whose client still waits for it or has gone.
    fn start(&mut self, index: usize, request: Request, has_client: bool) {
        let here = self.now;
        self.stations[index].busy.up(here);
        let step = &self.model.classes[request.class].journey[usize::from(request.draw.step)];
        let work = step.service.sample(&mut self.keys[request.class].stream(Purpose::Service, request.number, request.draw));
        let slowdown = &self.model.stations[index].slowdown;
        let busy = self.stations[index].busy.now as u32;
        let takes = if slowdown.is_none() { work } else { Span::from_nanos(work.0 as f64 * slowdown.factor(busy)) };
        if has_client {
            let person = &mut self.people[request.person];
            person.state = State::InService;
            person.service = self.services.len();
            self.classes[request.class].wait.record(here.since(request.entered).0);
        }
        self.occupy(index, Some((request.person, request.request)), takes);
    }

    fn occupy(&mut self, station: usize, client: Option<(usize, u64)>, takes: Span) {
        let service = self.services.len();
        self.services.push(Service { station, started: self.now, client, over: false });
        self.schedule(self.now + takes, Event::Completion { service });
    }

    /// A worker is done with a service, or leaves it.
    fn free_worker(&mut self, service: usize, wasted: bool) {
        let Service { station, started, .. } = self.services[service];
        self.services[service].over = true;
        let spent = self.now.since(started).0;
        let station = &mut self.stations[station];
        station.busy.down(self.now);
        station.wasted += if wasted { u128::from(spent) } else { 0 };
    }

    fn complete(&mut self, service: usize) {
        if self.services[service].over {
            return;
        }
        let (client, station) = (self.client_of(service), self.services[service].station);
        self.free_worker(service, client.is_none());
        self.stations[station].served += u64::from(self.services[service].client.is_some());
        self.mark(station);
        if let Some(person) = client {
            self.stations[station].answered += 1;
            self.classes[self.people[person].class].tally.answered += 1;
            self.answered(person);
        }
    }

    /// Services will start when all that comes before at this instant has happened.
    fn mark(&mut self, station: usize) {
        if !std::mem::replace(&mut self.stations[station].dirty, true) {
            self.schedule(self.now, Event::Start { station });
        }
    }

    fn start_services(&mut self, index: usize) {
        self.stations[index].dirty = false;
        loop {
            let station = &mut self.stations[index];
            if station.down || station.busy.now >= u64::from(station.workers) {
                return;
            }
            if station.debt > Span::ZERO {
                let debt = std::mem::take(&mut station.debt);
                station.busy.up(self.now);
                self.occupy(index, None, debt);
                continue;
            }
            let place = match self.model.stations[index].discipline {
                Discipline::Fifo => 0,
                Discipline::Lifo => station.line.len().saturating_sub(1),
                Discipline::Priority => {
                    let rank = |request: &Request| self.model.classes[request.class].priority;
                    let least = station.line.iter().map(rank).min();
                    station.line.iter().position(|request| Some(rank(request)) == least).unwrap_or(0)
                }
                other => panic!("the second engine knows no discipline {other:?}"),
            };
            if station.line.is_empty() {
                return;
            }
            let request = station.line.remove(place);
            station.queue.down(self.now);
            let has_client = self.waits(&request);
            self.start(index, request, has_client);
        }
    }

    fn time_out(&mut self, person: usize, request: u64) {
        let who = &self.people[person];
        let waits = matches!(who.state, State::Queued | State::InService | State::Dropped);
        if who.request != request || !waits {
            return;
        }
        let step = &self.class_of(person).journey[who.step];
        if step.covers == TimeoutCovers::Queue && who.state == State::InService {
            return;
        }
        let (index, state, service) = (usize::from(step.station), who.state, who.service);
        self.classes[who.class].tally.timeouts += 1;
        self.stations[index].timeouts += 1;
        if self.model.stations[index].on_timeout == OnTimeout::Leave {
            if state == State::Queued {
                self.stations[index].line.retain(|waiting| waiting.request != request);
                self.stations[index].queue.down(self.now);
            }
            if state == State::InService {
                self.free_worker(service, false);
                if !std::mem::replace(&mut self.stations[index].dirty, true) {
                    self.schedule(self.now, Event::StartAfterTimeouts { station: index });
                }
            }
        }
        self.fail(person);
    }

    fn go_down(&mut self, index: usize) {
        self.stations[index].down = true;
        let mut failed = Vec::new();
        for service in 0..self.services.len() {
            if self.services[service].station == index && !self.services[service].over {
                let client = self.client_of(service);
                self.free_worker(service, client.is_none());
                failed.extend(client);
            }
        }
        let mut line = std::mem::take(&mut self.stations[index].line);
        if self.model.stations[index].discipline == Discipline::Priority {
            line.sort_by_key(|request| self.model.classes[request.class].priority);
        }
        for request in &line {
            if self.waits(request) {
                failed.push(request.person);
            }
            self.stations[index].queue.down(self.now);
        }
        self.stations[index].debt = Span::ZERO;
        for person in failed {
            self.stations[index].failed += 1;
            self.classes[self.people[person].class].tally.failed += 1;
            self.fail(person);
        }
    }

    // Operators.

    fn join_backlog(&mut self, person: usize) {
        let class = self.people[person].class;
        self.people[person].state = State::Backlog;
        self.classes[class].backlog.up(self.now);
        self.backlogs[class].push(person);
        self.operators_look(class);
    }

    fn free_operator(&mut self, class: usize) {
        if self.is_operated(class) {
            self.classes[class].at_work.down(self.now);
            self.operators_look(class);
        }
    }

    fn operators_look(&mut self, class: usize) {
        let Some(operators) = self.model.classes[class].operators.clone() else { return };
        let now = self.now;
        let on_duty =
            operators.hours.as_ref().is_none_or(|hours| hours.pieces().iter().any(|(from, to)| *from <= now && now < *to));
        while on_duty && self.classes[class].at_work.now < u64::from(operators.count) {
            let oldest = self.backlogs[class].iter().copied().min_by_key(|person| self.people[*person].number);
            let Some(person) = oldest else { return };
            self.backlogs[class].retain(|other| *other != person);
            self.classes[class].backlog.down(now);
            self.classes[class].at_work.up(now);
            self.people[person].state = State::Preparing;
            let draw = Draw { session: self.people[person].session, ..Draw::default() };
            let number = self.people[person].number;
            let pause = operators
                .prepare
                .as_ref()
                .map_or(Span::ZERO, |prepare| prepare.sample(&mut self.keys[class].stream(Purpose::Prepare, number, draw)));
            self.schedule(now + pause, Event::Wake { person });
        }
    }
}
