//! Everything adds up: random systems, with the books checked at the end of every bin by counting everybody.

mod guards;

use clickday::engine::{Record, Trial, simulate};
use clickday::model::{
    AppliesTo, Backoff, Between, Bucket, Call, CallbackRule, Class, Closed, Cohort, ColdStart, Component, Conduct, Crash, Curve,
    Cut, Discipline, HealthCheck, Incident, Intervals, Jitter, Model, OnFull, OnTimeout, Operators, Outage, Policy, Population,
    RateLimitRule, Reload, Resume, Retry, RoomOrder, Rule, Sampler, Several, SlotsRule, Slowdown, Station, Step, Tells, Timeout,
    TimeoutCovers, WaitingRoomRule, WindowsRule,
};
use clickday::random::NameHash;
use clickday::time::{Span, Time};
use proptest::prelude::*;
use proptest::strategy::ValueTree;

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
    (any::<bool>(), prop_oneof![Just(1.0), 0.0..1.0f64], prop::collection::vec(cohorts, classes)).prop_map(
        |(requests, follow, classes)| {
            let applies_to = if requests { AppliesTo::Requests } else { AppliesTo::Sessions };
            Rule::Windows(WindowsRule { applies_to, follow, classes })
        },
    )
}

/// Whom a rule means.
fn some(classes: usize) -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(any::<bool>(), classes)
}

fn room(classes: usize) -> impl Strategy<Value = WaitingRoomRule> {
    let times = (prop_oneof![Just(0.0), 0.0..200.0f64], prop_oneof![Just(0.0), 0.0..200.0f64], any::<bool>());
    let limits = (prop::option::of(5.0..600.0f64), prop::option::of(1u32..40), prop::option::of(1u32..60));
    let told = (0u8..3, 1.0..60.0f64, prop::option::of(duration(200.0)), prop::option::of(5.0..100.0f64));
    let several = prop::option::of((0.0..1.0f64, 2u16..5, prop_oneof![Just(0.0), 0.0..40.0f64]));
    let reload = prop::option::of((0.0..1.0f64, 1.0..60.0f64));
    (some(classes), times, limits, told, several, reload).prop_map(|(classes, times, limits, told, several, reload)| {
        let (opens, wait, random) = times;
        WaitingRoomRule {
            classes,
            opens: at(f64::round(opens)),
            starts: at((opens + wait).round()),
            order: if random { RoomOrder::Random } else { RoomOrder::Fifo },
            per_minute: limits.0,
            active_sessions: limits.1,
            places: limits.2,
            session_limit: told.3.map(seconds),
            tells: [Tells::Nothing, Tells::Position, Tells::Wait][usize::from(told.0)],
            watch: seconds(told.1),
            patience: told.2,
            several: several.map(|(share, places, unclaimed)| Several { share, places, unclaimed: seconds(unclaimed) }),
            reload: reload.map(|(share, after)| Reload { share, after: Sampler::exponential(seconds(after)).unwrap() }),
        }
    })
}

fn slots(classes: usize) -> impl Strategy<Value = SlotsRule> {
    let share = || 0.0..1.0f64;
    let times = (0.0..300.0f64, 5.0..100.0f64, 1u32..20, 1u32..30);
    let come =
        (prop::option::of(duration(30.0)), share(), share(), prop::option::of(duration(60.0)), prop::option::of(0.0..60.0f64));
    (some(classes), times, come).prop_map(|(classes, (from, every, count, capacity), (delay, no_show, late, late_by, grace))| {
        let (from, every, grace) = (at(f64::round(from)), seconds(f64::round(every)), grace.map(seconds));
        SlotsRule { classes, from, every, count, capacity, delay, no_show, late, late_by, grace }
    })
}

fn limit(classes: usize) -> impl Strategy<Value = RateLimitRule> {
    let per = prop_oneof![Just(Bucket::All), Just(Bucket::Class), Just(Bucket::Applicant)];
    let times = (1.0..300.0f64, 1.0..10.0f64, prop::option::of(0.0..30.0f64), 0.0..1.0f64);
    (some(classes), any::<bool>(), per, times).prop_map(|(classes, sessions, per, times)| RateLimitRule {
        classes,
        applies_to: if sessions { AppliesTo::Sessions } else { AppliesTo::Requests },
        per,
        per_minute: times.0,
        burst: times.1.round(),
        retry_after: times.2.map(seconds),
        respected: times.3,
    })
}

/// A policy as `check` lets pass: windows and appointments, then a room, contacts left there, limits; rules at stations and in clients.
fn policy(stations: usize, classes: usize) -> impl Strategy<Value = Policy> {
    let callback = (0.0..1.0f64, 1u32..30, 0.0..1.0f64, prop::option::of(duration(40.0)), 1.0..60.0f64, 1u16..4);
    let rules = (
        prop::collection::vec(rule(classes), 0..3),
        prop::option::of(slots(classes)),
        prop::option::of((room(classes), prop::option::of(callback))),
        prop::collection::vec(limit(classes), 0..2),
        guards::rules(stations, classes),
    );
    rules.prop_map(|(mut rules, slots, room, limits, guards)| {
        rules.extend(slots.map(Rule::Slots));
        if let Some((room, callback)) = room {
            let classes = room.classes.clone();
            rules.push(Rule::WaitingRoom(room));
            rules.extend(callback.map(|(share, below, answer, answers_after, hold, calls)| {
                Rule::Callback(CallbackRule { classes, share, below, answer, answers_after, hold: seconds(hold), calls })
            }));
        }
        rules.extend(limits.into_iter().map(Rule::RateLimit));
        rules.extend(guards);
        Policy { rules, ..Policy::default() }
    })
}

/// Takes those out of a rule who are worked by operators, where `check` would refuse them.
fn without_operators(policy: &mut Policy, classes: &[Class]) {
    for rule in &mut policy.rules {
        let (Rule::Slots(SlotsRule { classes: named, .. }) | Rule::Callback(CallbackRule { classes: named, .. })) = rule else {
            continue;
        };
        named.iter_mut().zip(classes).for_each(|(named, class)| *named &= class.operators.is_none());
    }
}

fn model() -> impl Strategy<Value = Model> {
    (1usize..4, 1usize..4).prop_flat_map(|(stations, classes)| {
        let policy = policy(stations, classes);
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
            .prop_map(|(stations, classes, mut policy, measure_from, bin)| {
                without_operators(&mut policy, &classes);
                guards::keep_what_fits(&mut policy, &stations);
                let incidents = vec![whole_clock(&classes, at(measure_from.round()))];
                Model {
                    end: at(END as f64),
                    measure_from: at(measure_from.round()),
                    bin: seconds(bin),
                    stations,
                    classes,
                    policies: vec![policy],
                    incidents,
                }
            })
    })
}

/// An incident as long as what is counted.
fn whole_clock(classes: &[Class], from: Time) -> Incident {
    let steps = classes.iter().map(|class| vec![true; class.journey.len()]).collect();
    Incident { from, lasts: vec![at(END as f64).since(from)], why: String::new(), steps }
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
        for (class, counted) in record.classes.iter().zip(&record.incidents[0]) {
            prop_assert_eq!((counted[0].answered, counted[0].completed), (class.tally.answered, class.tally.completed));
            prop_assert!(counted[0].people >= counted[0].completed && counted[0].people <= counted[0].answered);
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

/// What is checked does happen: every rule of the list is in force in many systems, and most rules do something there.
#[test]
fn every_rule_is_played() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut played: Vec<(&str, u32)> = Rule::NAMES.iter().map(|name| (*name, 0)).collect();
    for _ in 0..200 {
        let model = model().new_tree(&mut runner).unwrap().current();
        let names: Vec<&str> = model.policies[0].rules.iter().map(Rule::name).collect();
        played.iter_mut().for_each(|(name, count)| *count += u32::from(names.contains(name)));
    }
    assert!(played.iter().all(|(_, count)| *count >= 15), "{played:?}");
}
