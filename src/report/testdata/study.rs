//! The made-up study: an office with two stations, five classes, and opening times from the second day.

use crate::model::{
    AppliesTo, Backoff, Class, Closed, Cohort, Conduct, Discipline, Experiment, Intervals, Model, Names, OnFull, OnTimeout,
    Operators, Outage, Policy, Population, Resume, Retry, Rule, Sampler, Slowdown, Station, Step, Study, Timeout, TimeoutCovers,
    WindowsRule,
};
use crate::random::NameHash;
use crate::time::{Calendar, Span, Time};

pub(super) const CLASSES: [(&str, f64); 5] = [
    ("citizens", 900_000.0),
    ("self-employed", 350_000.0),
    ("patronati", 150_000.0),
    ("labour consultants", 80_000.0),
    ("bots", 20_000.0),
];

pub(super) fn study(policies: &[&str], days: u64, bin: Span) -> Study {
    let end = Time(days * 86_400_000_000_000);
    let calendar = Calendar::new("2020-04-01T00:00", "Europe/Rome").unwrap().unwrap();
    let windows = Policy { rules: vec![Rule::Windows(split(&calendar, end))], ..Policy::default() };
    let model = Model {
        end,
        measure_from: Time::ZERO,
        bin,
        stations: vec![station(vec![outage(&calendar, "2020-04-01T13:30", "2020-04-01T17:45")]), station(Vec::new())],
        classes: CLASSES.iter().map(|(name, population)| class(name, *population)).collect(),
        policies: (0..policies.len()).map(|id| if id % 3 == 1 { windows.clone() } else { Policy::default() }).collect(),
        incidents: Vec::new(),
    };
    Study {
        name: "inps".to_owned(),
        title: "A rush".to_owned(),
        model,
        calendar,
        names: Names {
            stations: vec!["portal".to_owned(), "pin-service".to_owned()],
            classes: CLASSES.iter().map(|(name, _)| (*name).to_owned()).collect(),
            policies: policies.iter().map(|name| (*name).to_owned()).collect(),
            incidents: Vec::new(),
        },
        budget: None,
        observations: Vec::new(),
        experiment: Experiment { seed: 1, replications: 10, demand_cv: None, capacity_cv: None },
        scale: 1.0,
    }
}

fn outage(calendar: &Calendar, from: &str, to: &str) -> Outage {
    Outage { from: calendar.parse(from).unwrap(), to: calendar.parse(to).unwrap(), why: "closed by the operator".to_owned() }
}

/// Intermediaries by day, citizens by night, from the second day at eight.
fn split(calendar: &Calendar, end: Time) -> WindowsRule {
    let from = calendar.parse("2020-04-02T08:00").unwrap();
    let hour = 3_600_000_000_000;
    let by_day = |start: u64, length: u64| {
        let pieces = (0..end.0 / (24 * hour)).map(|day| {
            let at = Time((day * 24 + start) * hour);
            (at.max(from), (at + Span(length * hour)).min(end))
        });
        Intervals::new(std::iter::once((Time::ZERO, from)).chain(pieces).collect())
    };
    let cohort = |open| vec![Cohort { name: String::new(), below: 1.0, open }];
    let night = by_day(16, 16);
    WindowsRule {
        applies_to: AppliesTo::Sessions,
        follow: 1.0,
        classes: vec![cohort(night.clone()), cohort(night), cohort(by_day(8, 8)), cohort(by_day(8, 8)), Vec::new()],
    }
}

fn station(outages: Vec<Outage>) -> Station {
    Station {
        key: NameHash::new("station", "portal"),
        workers: 40,
        queue: Some(5000),
        discipline: Discipline::Fifo,
        on_timeout: OnTimeout::Orphan,
        on_full: OnFull::Refuse,
        refusal_cost: Span::ZERO,
        slowdown: Slowdown::default(),
        workers_at: Vec::new(),
        outages,
        conduct: Conduct::default(),
    }
}

fn class(name: &str, population: f64) -> Class {
    let second = Sampler::constant(Span::from_seconds(1));
    let step = Step { station: 0, think: None, service: second.clone(), timeout: Timeout::Never, covers: TimeoutCovers::Answer };
    let trade = ["patronati", "labour consultants"].contains(&name);
    Class {
        key: NameHash::new("class", name),
        population: Population::Fixed(population as u64),
        arrivals: Vec::new(),
        journey: vec![step],
        retry: Retry { attempts: 3, resume: Resume::Step, backoff: Backoff::Drawn(second), return_after: None, returns: 0 },
        closed: Closed { aware: 1.0, return_delay: None },
        operators: trade.then_some(Operators { count: 500, prepare: None, hours: None }),
        priority: 0,
    }
}
