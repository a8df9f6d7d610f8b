//! Everything adds up: random systems, with the books checked at the end of every bin by counting everybody.

use clickday::engine::{Record, Trial, simulate};
use clickday::model::{
    AppliesTo, Backoff, Between, Call, Class, Closed, Cohort, ColdStart, Component, Conduct, Crash, Curve, Cut, Discipline,
    HealthCheck, Intervals, Jitter, Model, OnFull, OnTimeout, Operators, Outage, Policy, Population, Resume, Retry, Rule,
    Sampler, Slowdown, Station, Step, Timeout, TimeoutCovers, WindowsRule,
};
use clickday::random::NameHash;
use clickday::time::{Span, Time};
use proptest::prelude::*;

const END: u64 = 600;

fn seconds(s: f64) -> Span {
    Span::from_nanos(s * 1e9)
}

fn at(s: f64) -> Time {
    Time::ZERO + seconds(s)
}

/// A distribution that is as often constant, zero included, as not.
fn duration(mean: f64) -> impl Strategy<Value = Sampler> {
    (0u8..6, 0.0..mean).prop_map(|(kind, mean)| match kind {
        0 => Sampler::constant(Span::ZERO),
        1 => Sampler::constant(seconds(mean.round())),
        2 => Sampler::exponential(seconds(mean)).unwrap(),
        3 => Sampler::lognormal(seconds(mean + 0.1), 1.5).unwrap(),
        4 => Sampler::gamma(seconds(mean + 0.1), 0.7).unwrap(),
        _ => Sampler::uniform(Span::ZERO, seconds(2.0 * mean)).unwrap(),
    })
}

fn intervals() -> impl Strategy<Value = Intervals> {
    prop::collection::vec((0.0..600.0f64, 0.0..300.0f64), 0..3).prop_map(|pieces| {
        Intervals::new(pieces.into_iter().map(|(from, length)| (at(from.round()), at((from + length).round()))).collect())
    })
}

fn station() -> impl Strategy<Value = Station> {
    let discipline = prop_oneof![
        Just(Discipline::Fifo),
        Just(Discipline::Lifo),
        Just(Discipline::Priority),
        Just(Discipline::Random),
        Just(Discipline::ProcessorSharing),
    ];
    let on_timeout = prop_oneof![Just(OnTimeout::Leave), Just(OnTimeout::Orphan)];
    let changes = prop::collection::vec((1.0..600.0f64, 0u32..6), 0..3);
    let outage = prop::option::of((0.0..500.0f64, 1.0..200.0f64));
    (0u32..6, prop::option::of(0u32..30), discipline, on_timeout, any::<bool>(), 0.0..0.3f64, changes, outage, conduct())
        .prop_map(|(workers, queue, discipline, on_timeout, drop, cost, mut workers_at, outage, conduct)| {
            workers_at.sort_by(|a, b| a.0.total_cmp(&b.0));
            Station {
                key: NameHash::new("station", "s"),
                workers,
                queue,
                discipline,
                on_timeout,
                on_full: if drop { OnFull::Drop } else { OnFull::Refuse },
                refusal_cost: seconds(cost),
                slowdown: Slowdown { contention: 0.05, coherency: 0.01, scale: 1.0 },
                workers_at: workers_at.into_iter().map(|(when, n)| (at(when.round()), n)).collect(),
                outages: outage
                    .into_iter()
                    .map(|(from, length)| Outage { from: at(from.round()), to: at((from + length).round()), why: String::new() })
                    .collect(),
                conduct,
            }
        })
}

fn conduct() -> impl Strategy<Value = Conduct> {
    let crash = (1u32..20, 0.0..60.0f64).prop_map(|(queue, restart)| Crash { queue, restart: seconds(restart.round()) });
    let cold = (1.0..5.0f64, 1.0..60.0f64).prop_map(|(slower, half_life)| ColdStart { slower, half_life: seconds(half_life) });
    let check = (1.0..20.0f64, 0.0..10.0f64, 1u16..4, 1u16..4).prop_map(|(every, slow, fall, rise)| HealthCheck {
        every: seconds(every.round()),
        slower_than: seconds(slow),
        fall,
        rise,
    });
    let connections = prop::option::of(1u32..8);
    (connections, prop::option::of(crash), prop::option::of(cold), prop::option::of(check)).prop_map(
        |(connections, crash, cold_start, health_check)| Conduct { calls: None, connections, crash, cold_start, health_check },
    )
}

/// Where it is wanted, a station calls the next.
fn chained(mut stations: Vec<Station>, calls: Vec<Option<(Sampler, f64, u16)>>) -> Vec<Station> {
    for (at, call) in calls.into_iter().enumerate() {
        if let Some((service, share, attempts)) = call
            && at + 1 < stations.len()
            && stations[at].discipline != Discipline::ProcessorSharing
        {
            stations[at].conduct.calls = Some(Call { station: at as u16 + 1, service, share, attempts });
            stations[at + 1].on_timeout = OnTimeout::Orphan;
            stations[at + 1].on_full = OnFull::Refuse;
        }
    }
    stations
}

fn backoff() -> impl Strategy<Value = Backoff> {
    let capped = prop_oneof![Just(Jitter::None), Just(Jitter::Equal), Just(Jitter::Full)]
        .prop_map(|jitter| Backoff::CappedExponential { first: seconds(1.0), factor: 2.0, max: seconds(20.0), jitter });
    prop_oneof![duration(20.0).prop_map(Backoff::Drawn), capped]
}

fn class(stations: usize) -> impl Strategy<Value = Class> {
    let step = (0..stations, prop::option::of(duration(20.0)), duration(8.0), prop::option::of(duration(15.0)), any::<bool>())
        .prop_map(|(station, think, service, timeout, queue_only)| Step {
            station: station as u16,
            think,
            service,
            timeout: timeout.map_or(Timeout::Never, Timeout::After),
            covers: if queue_only { TimeoutCovers::Queue } else { TimeoutCovers::Answer },
        });
    let retry = (1u16..5, any::<bool>(), backoff(), prop::option::of(duration(60.0)), 0u16..3);
    let operators = prop::option::of((1u32..4, prop::option::of(duration(20.0)), prop::option::of(intervals())));
    let population = prop_oneof![(0u64..150).prop_map(Population::Fixed), (0.0..150.0f64).prop_map(Population::Poisson)];
    (population, prop::collection::vec(step, 1..4), retry, operators, 0.0..1.0f64, prop::option::of(duration(30.0)), 0u32..3)
        .prop_map(|(population, journey, retry, operators, aware, return_delay, priority)| {
            let (attempts, journey_again, backoff, return_after, returns) = retry;
            let cut = Cut { end: at(END as f64), truncate: false };
            let shape = [(at(0.0), 1.0), (at(100.0), 4.0), (at(700.0), 0.0)];
            Class {
                key: NameHash::new("class", "c"),
                population,
                arrivals: vec![Component { share: 1.0, curve: Curve::rates(&shape, Between::Step, cut).unwrap() }],
                journey,
                retry: Retry {
                    attempts,
                    resume: if journey_again { Resume::Journey } else { Resume::Step },
                    backoff,
                    return_after,
                    returns,
                },
                closed: Closed { aware, return_delay },
                operators: operators.map(|(count, prepare, hours)| Operators { count, prepare, hours }),
                priority,
            }
        })
}

fn rule(classes: usize) -> impl Strategy<Value = Rule> {
    let cohorts = prop::collection::vec(intervals(), 0..3).prop_map(|parts| {
        let n = parts.len() as f64;
        parts
            .into_iter()
            .enumerate()
            .map(|(i, open)| Cohort { name: String::new(), below: (i + 1) as f64 / n, open })
            .collect::<Vec<_>>()
    });
    (any::<bool>(), prop::collection::vec(cohorts, classes)).prop_map(|(requests, classes)| {
        let applies_to = if requests { AppliesTo::Requests } else { AppliesTo::Sessions };
        Rule::Windows(WindowsRule { applies_to, follow: 1.0, classes })
    })
}

fn model() -> impl Strategy<Value = Model> {
    (1usize..4, 1usize..4).prop_flat_map(|(stations, classes)| {
        let policy = prop::collection::vec(rule(classes), 0..3).prop_map(|rules| Policy { rules });
        let measure_from = prop_oneof![Just(0.0), 0.0..500.0f64];
        (
            (
                prop::collection::vec(station(), stations),
                prop::collection::vec(prop::option::of((duration(8.0), 0.0..2.0f64, 1u16..4)), stations),
            )
                .prop_map(|(stations, calls)| chained(stations, calls)),
            prop::collection::vec(class(stations), classes),
            policy,
            measure_from,
            prop_oneof![Just(60.0), Just(7.0), Just(1000.0)],
        )
            .prop_map(|(stations, classes, policy, measure_from, bin)| Model {
                end: at(END as f64),
                measure_from: at(measure_from.round()),
                bin: seconds(bin),
                stations,
                classes,
                policies: vec![policy],
            })
    })
}

fn play(model: &Model, check_every_bin: bool) -> Record {
    let trial = Trial { policy: 0, seed: 7, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin };
    simulate(model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_books_balance_at_every_bin(model in model()) {
        let record = play(&model, true);
        for class in &record.classes {
            let tally = class.tally;
            prop_assert_eq!(tally.arrived, tally.completed + tally.abandoned + class.pending);
            prop_assert!(tally.requests >= tally.answered + tally.timeouts + tally.refused + tally.failed + tally.closed);
            prop_assert!(tally.answered >= tally.completed || model.measure_from > Time::ZERO);
            let total = |column: &[u32]| column.iter().map(|n| u64::from(*n)).sum::<u64>();
            prop_assert_eq!(total(&class.series.completed), tally.completed);
            prop_assert_eq!(total(&class.series.requests), tally.requests);
            prop_assert_eq!(class.time_to_complete.count(), u128::from(tally.completed));
        }
        for station in &record.stations {
            prop_assert!(station.busy <= station.available);
            prop_assert!(station.wasted <= station.busy);
        }
    }

    /// The same system twice gives the same record, and looking at it every bin changes nothing.
    #[test]
    fn looking_changes_nothing(model in model()) {
        let (watched, unwatched) = (play(&model, true), play(&model, false));
        prop_assert_eq!(watched.events, unwatched.events);
        for (a, b) in watched.classes.iter().zip(&unwatched.classes) {
            prop_assert_eq!(a.tally, b.tally);
            prop_assert_eq!(&a.series, &b.series);
        }
    }
}
