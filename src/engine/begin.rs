//! The state of a run at its begin.

use super::agenda::Agenda;
use super::changes::changes;
use super::departures::Departures;
use super::expiries::Expiries;
use super::gate::Gate;
use super::heap::MinHeap;
use super::incidents::Incidents;
use super::operators::Crew;
use super::people::People;
use super::recorder::Recorder;
use super::run::{Run, Trial};
use super::station::StationState;
use super::wheel::Wheel;
use crate::model::{Arrivals, Class, Discipline, Model};
use crate::random::Key;
use crate::time::Time;

/// A run at its begin.
pub(super) fn ready<'m>(model: &'m Model, trial: &Trial) -> Run<'m> {
    let mut run = Run::new(model, trial);
    run.set_up_health(model);
    let policy = &model.policies[trial.policy];
    run.set_up_guards(policy);
    run.set_up_manners(policy);
    run.set_up_scalers(policy);
    run.stations.iter_mut().for_each(StationState::look_whether_simple);
    run.set_up_patience();
    run.asks_senders = !run.manners.is_empty() || (0..run.keys.len() as u16).any(|class| run.gate.asks_requests(class));
    run
}

impl<'m> Run<'m> {
    fn new(model: &'m Model, trial: &Trial) -> Run<'m> {
        let key = |name| Key::new(trial.seed, trial.replication, name);
        let keys: Vec<Key> = model.classes.iter().map(|class| key(class.key)).collect();
        let arrivals: Vec<Arrivals> =
            model.classes.iter().zip(&keys).map(|(class, key)| Arrivals::new(class, *key, trial.demand, model.end)).collect();
        let mut other_arrivals = MinHeap::new();
        for (class, arrivals) in arrivals.iter().enumerate() {
            if arrivals.peek() < model.end {
                other_arrivals.push((arrivals.peek(), class as u16));
            }
        }
        let (next_arrival, next_class) = other_arrivals.pop().unwrap_or((Time::NEVER, 0));
        let priorities: Vec<u32> = model.classes.iter().map(|class| class.priority).collect();
        let population = arrivals.iter().map(Arrivals::population).sum();
        let mut run = Run {
            model,
            gate: Gate::new(&model.policies[trial.policy], &model.classes),
            keys,
            now: Time::ZERO,
            next_arrival,
            next_class,
            other_arrivals,
            came: vec![0; model.classes.len()],
            people: People::with_room(population),
            wheel: Wheel::new(),
            arrivals,
            expiries: Expiries::new(),
            waits: model.classes.iter().map(|class| class.retry.backoff.waits(class.retry.attempts)).collect(),
            next_ticket: 1,
            departures: Departures::new(model.stations.iter().any(|s| s.discipline == Discipline::ProcessorSharing), model.end),
            cut_departures: 0,
            services: Vec::new(),
            free_services: Vec::new(),
            links: Vec::new(),
            services_started: 0,
            stations: model.stations.iter().map(|s| StationState::new(s, key(s.key), &priorities, trial.capacity)).collect(),
            agenda: Agenda::new(changes(model)),
            policy: trial.policy,
            crews: model.classes.iter().map(crew).collect(),
            has_crews: model.classes.iter().any(|class| class.operators.is_some()),
            guards: Vec::new(),
            asks_senders: false,
            manners: Vec::new(),
            scalers: Vec::new(),
            recorder: Recorder::new(model),
            incidents: Incidents::new(&model.incidents),
            gone_before: vec![0; model.classes.len()],
            carried: 0,
            sleepers: 0,
            steps_back: 0,
            capacity: trial.capacity,
            check_every_bin: trial.check_every_bin,
        };
        (0..run.gate.rooms.len()).for_each(|room| run.plan_room(room));
        run
    }
}

fn crew(class: &Class) -> Option<Crew> {
    class.operators.as_ref().map(|operators| {
        let on_duty = operators.hours.as_ref().is_none_or(|hours| hours.contains(Time::ZERO));
        Crew::new(operators.count, on_duty)
    })
}
