//! What the tests draw from: a key, moments of a day, a class, curves of every kind.

use clickday::model::{
    Arrivals, Backoff, Between, Class, Closed, Component, Curve, Cut, Population, Resume, Retry, Sampler, Step, Timeout,
    TimeoutCovers,
};
use clickday::random::{Key, NameHash};
use clickday::time::{Span, Time};

/// Hours from the start to the end of the clock.
pub(crate) const END: f64 = 24.0;

pub(crate) fn span(seconds: f64) -> Span {
    Span::from_nanos(seconds * 1e9)
}

pub(crate) fn hours(hours: f64) -> Span {
    span(hours * 3600.0)
}

/// So many hours after the start of the clock.
pub(crate) fn at(after: f64) -> Time {
    Time::ZERO + hours(after)
}

pub(crate) fn key(replication: u32) -> Key {
    Key::new(20_200_401, replication, NameHash::new("class", "citizens"))
}

pub(crate) fn cut(truncate: bool) -> Cut {
    Cut { end: at(END), truncate }
}

pub(crate) fn class(population: Population, arrivals: Vec<(f64, Curve)>) -> Class {
    let step = Step {
        station: 0,
        think: None,
        service: Sampler::constant(Span::from_seconds(1)),
        timeout: Timeout::Never,
        covers: TimeoutCovers::Answer,
    };
    let backoff = Backoff::Drawn(Sampler::constant(Span::ZERO));
    Class {
        key: NameHash::new("class", "citizens"),
        population,
        arrivals: arrivals.into_iter().map(|(share, curve)| Component { share, curve }).collect(),
        journey: vec![step],
        retry: Retry { attempts: 1, resume: Resume::Step, backoff, return_after: None, returns: 0 },
        closed: Closed { aware: 1.0, return_delay: None },
        operators: None,
        priority: 0,
    }
}

/// All arrivals of one replication, once it is sure that they rise, come before the end, and that nobody is lost.
pub(crate) fn all(class: &Class, replication: u32, end: Time) -> Vec<Time> {
    let mut arrivals = Arrivals::new(class, key(replication), 1.0, end);
    let mut times = Vec::new();
    while arrivals.peek() < Time::NEVER {
        let next = arrivals.peek();
        assert_eq!(arrivals.pop(), next);
        times.push(next);
    }
    assert_eq!(arrivals.pop(), Time::NEVER);
    assert!(times.is_sorted() && times.iter().all(|time| *time < end));
    assert_eq!(times.len() as u64 + arrivals.not_arrived(), arrivals.population());
    times
}

/// A curve that brings about half of its people in the first eight hours.
pub(crate) fn a_day(cut: Cut) -> Curve {
    Curve::weibull(at(1.0), 0.7, hours(20.0), cut).expect("valid")
}

/// Continuous curves of every kind.
pub(crate) fn densities(cut: Cut) -> Vec<(&'static str, Curve)> {
    let points = [(at(1.0), 5.0), (at(3.0), 0.0), (at(6.0), 2.0), (at(20.0), 9.0), (at(30.0), 1.0)];
    let delay = |sampler: Result<Sampler, _>| Curve::spike(at(2.0), sampler.expect("valid"), cut);
    let list = [
        ("weibull 0.7", Ok(a_day(cut))),
        ("weibull 0.05", Curve::weibull(at(0.0), 0.05, hours(20.0), cut)),
        ("weibull 3", Curve::weibull(at(0.0), 3.0, hours(20.0), cut)),
        ("exponential spike", delay(Sampler::exponential(hours(9.0)))),
        ("lognormal spike", delay(Sampler::lognormal(hours(10.0), 1.2))),
        ("gamma spike", delay(Sampler::gamma(hours(10.0), 0.6))),
        ("pareto spike", delay(Sampler::pareto(hours(1.0), 0.8))),
        ("uniform spike", delay(Sampler::uniform(hours(1.0), hours(40.0)))),
        ("step rates", Curve::rates(&points, Between::Step, cut)),
        ("linear rates", Curve::rates(&points, Between::Linear, cut)),
    ];
    list.into_iter().map(|(name, curve)| (name, curve.expect("valid"))).collect()
}

/// Curves of exact instants.
pub(crate) fn instants(cut: Cut) -> Vec<(&'static str, Curve)> {
    let times = [2.1, 5.6, 5.6, 9.1, 17.1, 23.9, 26.0].map(at);
    let delays = Sampler::empirical(&[0.1, 1.1, 5.1, 9.1, 30.0].map(hours), &[1.0, 1.0, 4.0, 2.0, 3.0]).expect("valid");
    let list = [("empirical spike", Curve::spike(at(2.0), delays, cut)), ("atoms", Curve::atoms(&times, cut))];
    list.into_iter().map(|(name, curve)| (name, curve.expect("valid"))).collect()
}
