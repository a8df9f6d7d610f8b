//! One run: the state, and the loop that takes the next event.

use super::agenda::Agenda;
use super::audit;
use super::autoscale::Scaler;
use super::calls::Link;
use super::departures::Departures;
use super::expiries::Expiries;
use super::gate::Gate;
use super::guard::Guard;
use super::heap::MinHeap;
use super::incidents::Incidents;
use super::manners::Manners;
use super::operators::Crew;
use super::people::People;
use super::record::{Law, Record};
use super::recorder::Recorder;
use super::service::Service;
use super::snapshot::{Keeper, Nobody, Place};
use super::station::StationState;
use super::wheel::Wheel;
use crate::model::{Arrivals, Class, Model, Step};
use crate::random::Key;
use crate::time::Time;

/// Which of the many runs this is.
#[derive(Debug, Clone, Copy)]
pub struct Trial {
    /// Index of the policy in the model.
    pub policy: usize,
    /// Master seed.
    pub seed: u64,
    /// Number of the replication.
    pub replication: u32,
    /// Factor on all populations.
    pub demand: f64,
    /// Factor on the speed of all workers: every service takes its time divided by it.
    pub capacity: f64,
    /// Check the laws at the end of every bin too, by counting everybody: for tests.
    pub check_every_bin: bool,
}

/// Why a run gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The watcher said stop.
    #[error("interrupted")]
    Interrupted,
    /// The books do not balance: a fault of the program.
    #[error("the simulation broke its own laws, which is a fault of clickday: {}", describe(.0))]
    Broken(Vec<Law>),
}

fn describe(laws: &[Law]) -> String {
    let broken = laws.iter().filter(|law| law.residual != 0);
    broken.map(|law| format!("{} (off by {})", law.name, law.residual)).collect::<Vec<_>>().join("; ")
}

/// Kinds of events, in the order in which they happen at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Completion,
    Change,
    Start,
    Timeout,
    StartAfterTimeouts,
    Wake,
    Arrival,
}

/// The state of a run.
pub(super) struct Run<'m> {
    pub(super) model: &'m Model,
    pub(super) gate: Gate<'m>,
    /// By class.
    pub(super) keys: Vec<Key>,
    pub(super) now: Time,
    pub(super) arrivals: Vec<Arrivals<'m>>,
    /// The next arrival, and its class.
    pub(super) next_arrival: Time,
    pub(super) next_class: u16,
    /// The next ones of the other classes that have one.
    pub(super) other_arrivals: MinHeap<(Time, u16)>,
    /// By class: how many have come; the next applicant's number.
    pub(super) came: Vec<u32>,
    pub(super) people: People,
    /// Ends of think, backoff, return and preparation.
    pub(super) wheel: Wheel,
    pub(super) expiries: Expiries,
    /// By class: the waits of a capped exponential backoff, before jitter.
    pub(super) waits: Vec<Vec<f64>>,
    pub(super) next_ticket: u32,
    pub(super) departures: Departures,
    /// Those of them whose service was cut.
    pub(super) cut_departures: usize,
    pub(super) services: Vec<Service>,
    pub(super) free_services: Vec<u32>,
    /// By slot of the services at stations that call or are called.
    pub(super) links: Vec<Link>,
    pub(super) services_started: u64,
    pub(super) stations: Vec<StationState>,
    pub(super) agenda: Agenda,
    /// Index of the policy.
    pub(super) policy: usize,
    /// By class.
    pub(super) crews: Vec<Option<Crew>>,
    /// Whether there are any.
    pub(super) has_crews: bool,
    /// By station, where the policy has rules for them.
    pub(super) guards: Vec<Guard<'m>>,
    /// Whether rules are asked, of any class, before a request is sent.
    pub(super) asks_senders: bool,
    /// By class, where the policy has rules for clients.
    pub(super) manners: Vec<Manners<'m>>,
    pub(super) scalers: Vec<Scaler<'m>>,
    pub(super) recorder: Recorder,
    pub(super) incidents: Incidents<'m>,
    /// By class: those who came and went before `measure_from`.
    pub(super) gone_before: Vec<u64>,
    /// Requests at the stations when counting started less those whose clients still waited: orphans, less what was
    /// dropped in silence.
    pub(super) carried: i128,
    /// How many pause until beyond the end, and so in nobody's list.
    pub(super) sleepers: u64,
    /// Events that came before the one before.
    pub(super) steps_back: u64,
    /// Factor on the speed of all workers.
    pub(super) capacity: f64,
    pub(super) check_every_bin: bool,
}

/// How many events pass between two looks at the watcher; few in tests, which stop and keep runs at any event.
const EVENTS_BETWEEN_LOOKS: u64 = if cfg!(test) { 7 } else { 1 << 13 };

/// Simulates one policy of a model once.
///
/// `watch` is told the simulated time now and then, and stops the run by answering `false`.
///
/// # Errors
/// When the watcher stopped it, or when a law of the model was broken.
pub fn simulate(model: &Model, trial: &Trial, watch: &mut dyn FnMut(Time) -> bool) -> Result<Record, RunError> {
    simulate_kept(model, trial, watch, &mut Nobody)
}

/// The same, with someone who looks after the state: the run goes on from what they kept of it.
///
/// # Errors
/// As [`simulate`].
pub fn simulate_kept(
    model: &Model,
    trial: &Trial,
    watch: &mut dyn FnMut(Time) -> bool,
    keeper: &mut dyn Keeper,
) -> Result<Record, RunError> {
    let (mut run, place) = Run::going_on(model, trial, keeper);
    #[cfg(test)]
    super::faults::arm(trial.seed);
    let events = run.play(place, watch, keeper)?;
    run.finish(events)
}

impl<'m> Run<'m> {
    /// Takes event after event until `clock.end`; returns how many there were.
    fn play(&mut self, from: Place, watch: &mut dyn FnMut(Time) -> bool, keeper: &mut dyn Keeper) -> Result<u64, RunError> {
        let Place { mut events, mut bin } = from;
        let mut look = |run: &Run<'_>, events, bin| run.look(Place { events, bin }, watch, keeper);
        let mut boundary = self.next_boundary(bin);
        loop {
            let (at, kind) = self.next_event();
            if at >= boundary {
                self.now = boundary;
                self.pass_boundary(&mut bin)?;
                if boundary >= self.model.end {
                    return Ok(events);
                }
                boundary = self.next_boundary(bin);
                look(self, events, bin)?;
                continue;
            }
            self.steps_back += u64::from(at < self.now);
            self.now = at;
            #[cfg(test)]
            super::faults::strike(self);
            let counts = u64::from(!matches!(kind, Kind::Start | Kind::StartAfterTimeouts));
            events += counts;
            if events.is_multiple_of(EVENTS_BETWEEN_LOOKS) {
                // This event is still to come.
                look(self, events - counts, bin)?;
            }
            let sender = match kind {
                Kind::Completion => self.complete(),
                Kind::Wake => self.wake(),
                Kind::Arrival => self.arrive(),
                Kind::Timeout => {
                    self.expire();
                    continue;
                }
                rare => {
                    self.take_rare(rare);
                    continue;
                }
            };
            if let Some(sender) = sender {
                self.send_now(sender);
            }
        }
    }

    /// A change, or a start that waited for its turn.
    #[inline(never)]
    fn take_rare(&mut self, kind: Kind) {
        match kind {
            Kind::Start => {
                let station = self.agenda.pop_start_before_timeouts();
                self.start_services(station);
            }
            Kind::StartAfterTimeouts => {
                let station = self.agenda.pop_start_after_timeouts();
                self.start_services(station);
            }
            _ => self.change(),
        }
    }

    /// The earliest event; at one instant the earliest kind.
    #[inline]
    fn next_event(&self) -> (Time, Kind) {
        let (mut at, mut kind) = (self.departures.peek(), Kind::Completion);
        for (other, of_kind) in
            [(self.expiries.peek(), Kind::Timeout), (self.wheel.peek(), Kind::Wake), (self.next_arrival, Kind::Arrival)]
        {
            if other < at {
                (at, kind) = (other, of_kind);
            }
        }
        if self.agenda.is_quiet(at) { (at, kind) } else { self.next_of_all(at, kind) }
    }

    /// The same, with what is on the agenda.
    fn next_of_all(&self, at: Time, kind: Kind) -> (Time, Kind) {
        let agenda = &self.agenda;
        let starts = |are_to_be| if are_to_be { self.now } else { Time::NEVER };
        let rare = [
            (agenda.next_change(), Kind::Change),
            (starts(agenda.starts_before_timeouts()), Kind::Start),
            (starts(agenda.starts_after_timeouts()), Kind::StartAfterTimeouts),
        ];
        rare.into_iter()
            .fold((at, kind), |next, other| if (other.0, other.1 as u8) < (next.0, next.1 as u8) { other } else { next })
    }

    /// Whether nothing else but arrivals is to happen at this instant, so that what is due now may happen at once.
    #[inline]
    pub(super) fn nothing_waits_now(&self) -> bool {
        let now = self.now;
        self.wheel.peek() > now && self.expiries.peek() > now && self.nothing_precedes_starts()
    }

    /// Whether no more completions or changes happen at this instant, and no starts wait for their turn: a service may
    /// start at once.
    #[inline]
    pub(super) fn nothing_precedes_starts(&self) -> bool {
        self.departures.peek() > self.now && self.agenda.is_quiet(self.now)
    }

    /// Has the person act at that time; what lies beyond the end is not kept.
    #[inline]
    pub(super) fn wake_at(&mut self, slot: u32, at: Time) {
        if at < self.model.end {
            self.wheel.push(at, slot);
        } else {
            self.sleepers += 1;
        }
    }

    #[inline]
    pub(super) fn class_of(&self, slot: u32) -> &'m Class {
        &self.model.classes[usize::from(self.people[slot].class)]
    }

    #[inline]
    pub(super) fn step(&self, class: u16, step: u16) -> &'m Step {
        &self.model.classes[usize::from(class)].journey[usize::from(step)]
    }

    fn next_boundary(&self, bin: usize) -> Time {
        let end = self.model.bin_bounds(bin).1;
        let measure_from = self.model.measure_from;
        if self.now < measure_from { end.min(measure_from) } else { end }
    }

    /// The end of a bin, the begin of counting, or both.
    fn pass_boundary(&mut self, bin: &mut usize) -> Result<(), RunError> {
        let (from, to) = self.model.bin_bounds(*bin);
        if self.now == to {
            self.recorder.end_bin(self.now, to.since(from), &mut self.stations);
            *bin += 1;
        }
        if self.now == self.model.measure_from {
            self.restart_counting();
        }
        if self.check_every_bin {
            self.bring_meters_up();
            audit::require(audit::laws(self))?;
        }
        Ok(())
    }

    /// The services that a station works on.
    pub(super) fn services_under_way(&self, station: u16) -> impl Iterator<Item = &Service> {
        let under_way = move |service: &&Service| service.status.is_under_way() && service.station == station;
        self.services.iter().filter(under_way)
    }

    /// Requests in service at a station, orphans included.
    pub(super) fn requests_in_service(&self, station: u16) -> u64 {
        self.services_under_way(station).filter(|service| service.client.is_some()).count() as u64
    }

    /// Closes the books.
    fn finish(mut self, events: u64) -> Result<Record, RunError> {
        self.bring_meters_up();
        let laws = audit::require(audit::laws(&self))?;
        self.book_waste_under_way();
        Ok(audit::record(self, laws, events))
    }
}

#[cfg(test)]
mod tests;
