//! A system in which everything can go wrong.

use crate::model::{
    AppliesTo, Backoff, Between, Class, Closed, Cohort, Component, Conduct, Curve, Cut, Discipline, Intervals, Model, OnFull,
    OnTimeout, Operators, Policy, Population, Resume, Retry, Rule, Sampler, Slowdown, Station, Step, Timeout, TimeoutCovers,
    WindowsRule,
};
use crate::random::NameHash;
use crate::time::{Span, Time};

pub(super) const HOUR: u64 = 3600;

pub(super) fn at(seconds: u64) -> Time {
    Time::ZERO + Span::from_seconds(seconds)
}

fn exponential(seconds: u64) -> Sampler {
    Sampler::exponential(Span::from_seconds(seconds)).unwrap()
}

fn station(workers: u32, queue: Option<u32>, on_timeout: OnTimeout) -> Station {
    Station {
        key: NameHash::new("station", "s"),
        workers,
        queue,
        discipline: Discipline::Fifo,
        on_timeout,
        on_full: OnFull::Refuse,
        refusal_cost: Span::from_seconds(1),
        slowdown: Slowdown { contention: 0.05, coherency: 0.01, scale: 1.0 },
        workers_at: Vec::new(),
        outages: Vec::new(),
        conduct: Conduct::default(),
    }
}

fn class(name: &str, population: u64, station: u16, patience: Sampler, operators: Option<u32>) -> Class {
    let cut = Cut { end: at(3 * HOUR), truncate: false };
    let shape = [(Time::ZERO, 1.0), (at(3 * HOUR), 0.0)];
    let step = Step {
        station,
        think: Some(exponential(20)),
        service: exponential(10),
        timeout: Timeout::After(patience),
        covers: TimeoutCovers::Answer,
    };
    Class {
        key: NameHash::new("class", name),
        population: Population::Fixed(population),
        arrivals: vec![Component { share: 1.0, curve: Curve::rates(&shape, Between::Step, cut).unwrap() }],
        journey: vec![step.clone(), step],
        retry: Retry {
            attempts: 3,
            resume: Resume::Step,
            backoff: Backoff::Drawn(exponential(30)),
            return_after: Some(exponential(600)),
            returns: 1,
        },
        closed: Closed { aware: 0.5, return_delay: Some(exponential(60)) },
        operators: operators.map(|count| Operators { count, prepare: None, hours: None }),
        priority: 0,
    }
}

/// Citizens who overload a portal whose queue fills; operators with a growing backlog; visitors to a desk where
/// nobody serves.
pub(super) fn model() -> Model {
    let open = Intervals::new(vec![(at(0), at(HOUR)), (at(2 * HOUR), at(3 * HOUR))]);
    let windows = WindowsRule {
        applies_to: AppliesTo::Sessions,
        follow: 1.0,
        classes: vec![vec![Cohort { name: String::new(), below: 1.0, open }], Vec::new(), Vec::new()],
    };
    Model {
        end: at(3 * HOUR),
        measure_from: Time::ZERO,
        bin: Span::from_seconds(600),
        stations: vec![
            station(3, Some(10), OnTimeout::Orphan),
            station(2, None, OnTimeout::Leave),
            station(0, None, OnTimeout::Leave),
            Station { discipline: Discipline::ProcessorSharing, ..station(1, None, OnTimeout::Leave) },
        ],
        classes: vec![
            class("citizens", 3000, 0, exponential(60), None),
            class("patronati", 2000, 1, Sampler::constant(Span::from_seconds(300)), Some(2)),
            class("visitors", 50, 2, Sampler::constant(Span::from_seconds(60)), None),
        ],
        policies: vec![Policy { rules: vec![Rule::Windows(windows)] }],
    }
}
