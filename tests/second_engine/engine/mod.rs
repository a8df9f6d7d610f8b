//! A second engine, as plain as can be: one heap of events, one list of people, a queue that is a list. It follows
//! docs/model.md and shares nothing with the engine under test but the model and its keyed draws.

mod applicant;
mod appointments;
mod books;
mod calls;
mod contacts;
mod gate;
mod health;
mod operators;
mod room;
mod rules;
mod sharing;
mod station;

pub(crate) use books::{ClassBook, Level, StationBook};

use appointments::Appointments;
use clickday::model::{Arrivals, Class, Model, Policy, Sampler, WindowsRule};
use clickday::random::{Draw, Key, Purpose};
use clickday::time::{Span, Time};
use contacts::Contacts;
use health::Scaler;
use room::{Room, Visit};
use rules::{Buckets, Manners};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What happens, with the kind by which events of one instant are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Completion { service: usize },
    Shared { station: usize, version: u64 },
    Down { station: usize },
    Up { station: usize },
    Workers { station: usize, workers: u32 },
    Duty { class: usize },
    Off { class: usize },
    Crash { station: usize },
    Restart { station: usize },
    Check { station: usize },
    Scale { scaler: usize },
    Hire { scaler: usize, workers: u32 },
    Room { room: usize, version: u64 },
    Start { station: usize },
    Timeout { person: usize, request: u64 },
    StartAfterTimeouts { station: usize },
    Wake { person: usize },
    Arrival { class: usize },
}

impl Event {
    fn kind(self) -> u8 {
        match self {
            Event::Completion { .. } | Event::Shared { .. } => 0,
            Event::Start { .. } => 2,
            Event::Timeout { .. } => 3,
            Event::StartAfterTimeouts { .. } => 4,
            Event::Wake { .. } => 5,
            Event::Arrival { .. } => 6,
            _ => 1,
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
    InRoom,
    Contact,
    Called { answers: bool },
    Appointment,
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
    /// What a waiting room knows of them.
    visit: Visit,
}

#[derive(Debug, Clone, Copy)]
struct Request {
    person: usize,
    request: u64,
    entered: Time,
    /// When the client sent what led to it.
    sent: Time,
    class: usize,
    number: u64,
    draw: Draw,
    /// The service that waits for it, of a worker who calls.
    caller: Option<usize>,
}

#[derive(Debug)]
struct Service {
    station: usize,
    started: Time,
    /// `None` pays the debt of refusals.
    request: Option<Request>,
    over: bool,
    /// Its own part is done, and its worker is held by a call.
    held: bool,
    /// Tries of that call before this one.
    tries: u16,
    /// Tells apart the services of one request: the calls that led here.
    path: u32,
}

pub(crate) struct Second<'m> {
    model: &'m Model,
    policy: &'m Policy,
    rules: Vec<&'m WindowsRule>,
    /// By class.
    manners: Vec<Manners>,
    buckets: Buckets,
    pub(crate) rooms: Vec<Room<'m>>,
    pub(crate) contacts: Vec<Contacts<'m>>,
    pub(crate) appointments: Vec<Appointments<'m>>,
    scalers: Vec<Scaler<'m>>,
    stays: u64,
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
    let stations = model.stations.iter().map(|station| {
        let key = Some(Key::new(seed, replication, station.key));
        StationBook { workers: station.workers, key, ..Default::default() }
    });
    let stations = stations.collect();
    let policy = &model.policies[policy];
    let mut run = Second {
        policy,
        rules: policy.windows().collect(),
        manners: model.classes.iter().map(|_| Manners::default()).collect(),
        buckets: Buckets::new(),
        rooms: Vec::new(),
        contacts: Vec::new(),
        appointments: Vec::new(),
        scalers: Vec::new(),
        stays: 0,
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
        stations,
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
        self.set_up_manners();
        self.set_up_stations();
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
        self.set_up_gate();
        self.set_up_checks();
        self.set_up_scalers();
    }

    fn set_up_stations(&mut self) {
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
            Event::Shared { station, version } => self.end_shared(station, version),
            Event::Down { station } => self.outage(station, true),
            Event::Up { station } => self.outage(station, false),
            Event::Workers { station, workers } => self.set_workers(station, workers),
            Event::Crash { station } => self.crash(station),
            Event::Restart { station } => self.restart(station),
            Event::Check { station } => self.check(station),
            Event::Scale { scaler } => self.scale(scaler),
            Event::Hire { scaler, workers } => self.hire(scaler, workers),
            Event::Room { room, version } => self.look_at_room(room, version),
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
            if there != station.available.now {
                station.available.set(now, there);
            }
        }
        let waiting = self.stations.iter().map(|station| station.queue.now).sum();
        if waiting != self.queued.now {
            self.queued.set(now, waiting);
        }
    }

    /// What workers were still busy with at the end, and for nobody.
    fn close(&mut self) {
        self.now = self.model.end;
        for index in 0..self.services.len() {
            if !self.services[index].over && self.client_of(index).is_none() {
                let station = self.services[index].station;
                if self.is_shared(station) {
                    self.waste_shared(station, index);
                } else {
                    self.stations[station].wasted += u128::from(self.now.since(self.services[index].started).0);
                }
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
}
