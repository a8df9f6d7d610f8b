//! A system in which everything can go wrong.

use crate::model::{
    AppliesTo, Backoff, Between, Bucket, CallbackRule, Class, Closed, Cohort, Component, Conduct, Curve, Cut, Discipline,
    Intervals, Model, OnFull, OnTimeout, Operators, Policy, Population, RateLimitRule, Resume, Retry, RoomOrder, Rule, Sampler,
    SlotsRule, Slowdown, Station, Step, Tells, Timeout, TimeoutCovers, WaitingRoomRule, WindowsRule,
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
        policies: vec![Policy { rules: rules(windows), ..Policy::default() }],
        incidents: Vec::new(),
    }
}

/// Citizens need appointments after the windows; visitors go through a room, where many leave contacts.
fn rules(windows: WindowsRule) -> Vec<Rule> {
    let slots = SlotsRule {
        classes: vec![true, false, false],
        from: at(0),
        every: Span::from_seconds(60),
        count: 180,
        capacity: 20,
        delay: None,
        no_show: 0.1,
        late: 0.2,
        late_by: Some(exponential(60)),
        grace: Some(Span::from_seconds(120)),
    };
    let room = WaitingRoomRule {
        classes: vec![false, false, true],
        opens: at(0),
        starts: at(0),
        order: RoomOrder::Fifo,
        per_minute: None,
        active_sessions: Some(2),
        places: Some(3),
        session_limit: None,
        tells: Tells::Nothing,
        watch: Span::from_seconds(60),
        patience: Some(exponential(900)),
        several: None,
        reload: None,
    };
    let callback = CallbackRule {
        classes: vec![false, false, true],
        share: 0.8,
        below: 2,
        answer: 0.5,
        answers_after: None,
        hold: Span::from_seconds(60),
        calls: 2,
    };
    let limit = RateLimitRule {
        classes: vec![false, true, false],
        applies_to: AppliesTo::Requests,
        per: Bucket::Class,
        per_minute: 3.0,
        burst: 2.0,
        retry_after: None,
        respected: 0.5,
    };
    vec![Rule::Windows(windows), Rule::Slots(slots), Rule::WaitingRoom(room), Rule::Callback(callback), Rule::RateLimit(limit)]
}
