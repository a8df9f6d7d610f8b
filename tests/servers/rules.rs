//! Rules at stations and in clients.

use super::chain::{Chain, birth_death, mean};
use super::lab::{exponential, hold, mistakes, moment, observe, play, play_one, request, scenario, stream, study};
use serde_json::{Value, json};

const SKIP: u64 = 500;
const END: u64 = 20_500;
const TIME: f64 = (END - SKIP) as f64;

fn two_classes(first: f64, second: f64, service: &Value, station: Value, rules: Value) -> Value {
    let class = |rate: f64| stream(0, END, rate, json!({"journey": request("desk", service.clone())}));
    scenario(SKIP, END, json!({"desk": station}), json!({"first": class(first), "second": class(second)}), rules)
}

fn refused(class: usize, rate: f64) -> impl Fn(&clickday::engine::Record) -> f64 + Sync {
    move |run| run.classes[class].tally.refused as f64 / (rate * TIME)
}

/// Cobham 1954: with W0 the mean wait until the worker is free, the first wait W0/(1-r1), the second W0/((1-r1)(1-r)); W0 is r
/// for exponential services of mean 1.
#[test]
fn priority_by_class_waits_as_cobham_says() {
    let rule = json!([{"priority": {"station": "desk", "order": ["second"]}}]);
    let day = two_classes(0.4, 0.4, &exponential(1.0), json!({"workers": 1}), rule);
    let wait = |class: usize| observe(&day, 24, move |run| run.classes[class].wait.mean().unwrap() * 1e-9);
    hold("named", 0.8 / 0.6, &wait(1));
    hold("the rest", 0.8 / 0.6 / 0.2, &wait(0));
}

/// M/M/1 with four places, in which the urgent push out the others: the chain in who waits, solved numerically.
#[test]
fn the_urgent_push_the_others_out_of_a_full_queue() {
    let (urgent, other, places) = (0.7, 0.8, 4usize);
    let chain = Chain::explore((0usize, 0usize, 0usize), |(busy, first, second)| {
        if busy == 0 {
            return vec![((1, 0, 0), urgent + other)];
        }
        let full = first + second == places;
        let mut next = vec![];
        if !full {
            next.extend([((1, first + 1, second), urgent), ((1, first, second + 1), other)]);
        } else if second > 0 {
            next.push(((1, first + 1, second - 1), urgent));
        }
        let after = if first > 0 {
            (1, first - 1, second)
        } else if second > 0 {
            (1, 0, second - 1)
        } else {
            (0, 0, 0)
        };
        next.push((after, 1.0));
        next
    });
    let p = chain.stationary();
    let full = |first: usize, second: usize| f64::from(u8::from(first + second == places));
    let urgent_lost = p.mean(|(_, first, _)| f64::from(u8::from(first == places)));
    let lost = p.mean(|(_, first, second)| full(first, second)) * (urgent + other);
    let rule = json!([{"priority": {"station": "desk", "order": ["first"], "push_out": true}}]);
    let day = two_classes(urgent, other, &exponential(1.0), json!({"workers": 1, "queue": places}), rule);
    hold("urgent", urgent_lost, &observe(&day, 48, refused(0, urgent)));
    hold("others", (lost - urgent * urgent_lost) / other, &observe(&day, 24, refused(1, other)));
}

/// Trunk reservation: ten workers without a queue, of which the last three are for the first class: a birth-death chain.
#[test]
fn workers_kept_for_a_class_are_trunk_reservation() {
    let (first, second, workers, kept) = (3.0, 6.0, 10usize, 3usize);
    let p = birth_death(
        |n| {
            if n >= workers {
                0.0
            } else if n < workers - kept {
                first + second
            } else {
                first
            }
        },
        |n| n as f64,
    );
    let rule = json!([{"reserve": {"station": "desk", "classes": ["first"], "workers": kept}}]);
    let day = two_classes(first, second, &exponential(1.0), json!({"workers": workers, "queue": 0}), rule);
    hold("first", p[workers], &observe(&day, 48, refused(0, first)));
    hold("second", p[workers - kept..].iter().sum(), &observe(&day, 24, refused(1, second)));
}

/// One worker, six places, of which two are for the first class.
#[test]
fn places_kept_for_a_class() {
    let (first, second, places, kept) = (0.5, 0.9, 6usize, 2usize);
    let p = birth_death(
        |n| {
            if n > places {
                0.0
            } else if n == 0 || n - 1 < places - kept {
                first + second
            } else {
                first
            }
        },
        |_| 1.0,
    );
    let rule = json!([{"reserve": {"station": "desk", "classes": ["first"], "queue": kept}}]);
    let day = two_classes(first, second, &exponential(1.0), json!({"workers": 1, "queue": places}), rule);
    hold("first", p[places + 1], &observe(&day, 48, refused(0, first)));
    hold("second", p[places - kept + 1..].iter().sum(), &observe(&day, 24, refused(1, second)));
    // All wait in one line: nobody is served before their turn.
    hold("waiting", mean(&p, |n| n.saturating_sub(1) as f64), &observe(&day, 24, |run| run.stations[0].queue.mean().unwrap()));
}

/// Of an unbounded queue in which nobody may be the fifth to wait remains M/M/2/6; who is not meant is let in.
#[test]
fn shedding_above_a_length_is_a_bounded_queue() {
    let p = birth_death(|n| if n < 6 { 2.5 } else { 0.0 }, |n| n.min(2) as f64);
    let rule = json!([{"shed": {"station": "desk", "queue": 4}}]);
    let day = two_classes(1.5, 1.0, &exponential(1.0), json!({"workers": 2}), rule);
    hold("refused", p[6], &observe(&day, 24, refused(0, 1.5)));
    let rule = json!([{"shed": {"station": "desk", "queue": 4, "classes": ["second"]}}]);
    let run = play_one(&two_classes(0.8, 1.0, &exponential(1.0), json!({"workers": 2}), rule));
    assert!(run.classes[0].tally.refused == 0 && run.classes[1].tally.refused > 500);
}

/// With services of one second and one worker the estimate is exact: who would wait longer than five seconds is whoever finds
/// five waiting.
#[test]
fn shedding_by_an_estimated_wait_is_exact_where_services_are_alike() {
    let day = |rule: Value| play_one(&two_classes(0.8, 0.7, &json!("1s"), json!({"workers": 1}), json!([{"shed": rule}])));
    let (wait, queue) = (day(json!({"station": "desk", "wait": "5s"})), day(json!({"station": "desk", "queue": 5})));
    assert_eq!(wait.classes[0].tally, queue.classes[0].tally);
    assert!(wait.classes[0].tally.refused > 1000);
}

/// Two steps, overloaded: where what was begun is spared, nobody is refused behind the first step, and more get through.
#[test]
fn what_was_begun_is_finished() {
    let day = |spare: bool| {
        let journey = json!([{"name": "login", "station": "desk", "service": "1s"}, {"name": "pay", "station": "desk", "think": exponential(20.0), "service": "1s"}]);
        let people = stream(0, END, 1.0, json!({"journey": journey}));
        let rule = json!([{"shed": {"station": "desk", "queue": 10, "spare_begun": spare}}]);
        play_one(&scenario(SKIP, END, json!({"desk": {"workers": 1}}), json!({"people": people}), rule))
    };
    let (all, begun) = (day(false), day(true));
    let tally = |run: &clickday::engine::Record| run.classes[0].tally;
    // One worker finishes half a journey a second at best.
    assert!(tally(&begun).completed as f64 > 0.49 * TIME, "{:?}", tally(&begun));
    assert!((tally(&all).completed as f64) < 0.40 * TIME, "{:?}", tally(&all));
    // Each who is refused has sent one request; the others two.
    let sent = tally(&begun).requests - tally(&begun).refused;
    assert!(sent.abs_diff(2 * tally(&begun).completed) < 60);
}

/// Goodput under overload (*Site Reliability Engineering*, chapter 22): it rises to capacity, and beyond it falls to nothing where
/// the server works for clients who are gone, or stays where it is with early refusal.
#[test]
fn goodput_stays_up_with_early_refusal_and_falls_without() {
    let goodput = |rate: f64, rules: Value| {
        let people = stream(0, 600, rate, json!({"journey": request("desk", exponential(0.1)), "timeout": "2s"}));
        let run = play_one(&scenario(100, 600, json!({"desk": {"workers": 10}}), json!({"people": people}), rules));
        run.classes[0].tally.answered as f64 / 500.0
    };
    let deadline = || json!([{"shed": {"station": "desk", "deadline": true}}]);
    let short = || json!([{"shed": {"station": "desk", "queue": 100}}]);
    for rate in [50.0, 80.0] {
        for rules in [json!([]), deadline(), short()] {
            assert!((goodput(rate, rules) / rate - 1.0).abs() < 0.03);
        }
    }
    for rate in [120.0, 200.0, 500.0] {
        assert!(goodput(rate, json!([])) < 15.0, "{rate}");
        assert!(goodput(rate, deadline()) > 85.0, "{rate}: {}", goodput(rate, deadline()));
        assert!(goodput(rate, short()) > 95.0, "{rate}");
    }
}

/// Twice as many as can be served, for ever: after the first minute nobody is served who has waited longer than the target
/// (Maurer, *Fail at Scale*, ACM Queue 13, 2015), and the worker is never idle.
#[test]
fn controlled_delay_keeps_the_wait_at_its_target() {
    let day = |rate: f64| {
        let rule = json!([{"codel": {"station": "desk", "target": "3s", "interval": "30s"}}]);
        let people = stream(0, 2000, rate, json!({"journey": request("desk", json!("100ms"))}));
        play_one(&scenario(200, 2000, json!({"desk": {"workers": 1}}), json!({"people": people}), rule))
    };
    let run = day(20.0);
    let longest = run.classes[0].wait.max().unwrap() as f64 * 1e-9;
    assert!((2.8..3.01).contains(&longest), "{longest}");
    assert!(run.stations[0].busy as f64 > 0.999 * run.stations[0].available as f64);
    let answered = run.classes[0].tally.answered as f64 / 1800.0;
    assert!((answered - 10.0).abs() < 0.01, "{answered}");
    // Below capacity the queue is empty now and then, and nobody is dropped.
    assert_eq!(day(7.0).classes[0].tally.refused, 0);
}

/// While the queue stands the newest are served, at once; when it does not, the order is that of arrival.
#[test]
fn adaptive_lifo_serves_the_newest_while_a_queue_stands() {
    let day = |rate: f64, rules: Value| {
        let people = stream(0, 2000, rate, json!({"journey": request("desk", json!("100ms"))}));
        play_one(&scenario(100, 2000, json!({"desk": {"workers": 1}}), json!({"people": people}), rules))
    };
    let rule = json!([{"adaptive_lifo": {"station": "desk", "interval": "20s"}}]);
    let (calm, fifo) = (day(7.0, rule.clone()), day(7.0, json!([])));
    assert_eq!(calm.classes[0].wait.sum(), fifo.classes[0].wait.sum());
    let (rush, fifo) = (day(13.0, rule), day(13.0, json!([])));
    assert_eq!(rush.classes[0].tally.answered, fifo.classes[0].tally.answered);
    // Who is served at once in last come first served waits for the rest of one service and those who come meanwhile.
    assert!(rush.classes[0].wait.quantile(0.5).unwrap() * 1e-9 < 1.0);
    assert!(fifo.classes[0].wait.quantile(0.5).unwrap() * 1e-9 > 200.0);
}

/// Clients send K requests an answer (*Site Reliability Engineering*, chapter 21): ten times too many offered, twice or 1.2 times as
/// many sent as are answered.
#[test]
fn adaptive_throttling_sends_k_requests_an_answer() {
    for k in [2.0, 1.2] {
        let rule = json!([{"throttle": {"k": k, "window": "30s"}}]);
        let people = stream(0, 2000, 100.0, json!({"journey": request("desk", json!("100ms"))}));
        let day = scenario(200, 2000, json!({"desk": {"workers": 1, "queue": 5}}), json!({"people": people}), rule);
        let tally = play_one(&day).classes[0].tally;
        let sent = (tally.requests - tally.closed) as f64 / tally.answered as f64;
        assert!((sent / k - 1.0).abs() < 0.03, "{sent} for {k}");
        assert!(tally.answered as f64 > 0.9 * 18_000.0, "{}", tally.answered);
    }
}

/// "Just below 3x" the load with three tries where nothing is answered, 1.1x with a budget of 10 % (*Site Reliability Engineering*,
/// chapter 21), and never more than the budget allows.
#[test]
fn a_budget_bounds_the_growth_by_retries() {
    let day = |rules: Value| {
        let class = json!({"journey": request("desk", json!("100ms")), "retry": {"attempts": 3, "backoff": "1s"}});
        let people = stream(0, 1000, 50.0, class);
        play_one(&scenario(0, 1000, json!({"desk": {"workers": 0, "queue": 0}}), json!({"people": people}), rules)).classes[0]
            .tally
    };
    let growth = |tally: &clickday::engine::ClassTally| tally.requests as f64 / (tally.requests - tally.retries) as f64;
    let (free, bound) = (day(json!([])), day(json!([{"retry_budget": {"ratio": 0.1, "burst": 20}}])));
    assert!((2.98..=3.0).contains(&growth(&free)), "{}", growth(&free));
    assert!((growth(&bound) - 1.1).abs() < 0.002, "{}", growth(&bound));
    assert!(bound.retries as f64 <= 20.0 + 0.1 * (bound.requests - bound.retries) as f64);
}

/// By hand: two workers, always busy, a look every minute, two more after 90 s, up to seven. Ordered at 60, 120 and 180 s (the
/// last time one), there at 150, 210 and 270 s: 2, 4, 6, 7 workers. In the end the load goes, and they are sent away two a
/// minute, down to two.
#[test]
fn workers_follow_the_load_and_are_paid_by_the_hour() {
    let rule = json!([{"autoscale": {"station": "desk", "every": "60s", "delay": "90s", "step": 2, "ceiling": 7, "above": 0.8, "below": 0.3}}]);
    let people = stream(0, 1000, 50.0, json!({"journey": request("desk", json!("1s")), "timeout": "1000s"}));
    let desk = json!({"desk": {"workers": 2, "queue": 100}});
    let run = play_one(&scenario(0, 900, desk.clone(), json!({"people": people}), rule.clone()));
    let hours: u64 = 150 * 2 + 60 * 4 + 60 * 6 + (900 - 270) * 7;
    assert_eq!(run.stations[0].paid, Some(u128::from(hours) * 1_000_000_000));
    assert!(run.stations[0].busy as f64 > 0.99 * run.stations[0].available as f64);
    // Ends at 600 s, all done by 620 s: looks at 660, 720 and 780 s send away two, two and one.
    let people = stream(0, 600, 50.0, json!({"journey": request("desk", json!("1s"))}));
    let run = play_one(&scenario(0, 900, desk, json!({"people": people}), rule));
    let hours: u64 = 150 * 2 + 60 * 4 + 60 * 6 + (660 - 270) * 7 + 60 * 5 + 60 * 3 + 120 * 2;
    assert_eq!(run.stations[0].paid, Some(u128::from(hours) * 1_000_000_000));
}

/// All rules at once, with calls, shared workers, outages, timeouts and both kinds of leaving: the books balance at every bin.
#[test]
fn the_books_balance_under_all_rules_together() {
    let rules = |order: Value| {
        json!([order,
            {"shed": {"station": "web", "queue": 60, "wait": "20s", "deadline": true, "spare_begun": true}},
            {"codel": {"station": "web", "target": "4s", "interval": "15s"}},
            {"codel": {"station": "database", "target": "1s", "interval": "2s"}},
            {"throttle": {"k": 3, "window": "20s"}}, {"retry_budget": {"ratio": 0.5, "burst": 100}},
            {"autoscale": {"station": "web", "delay": "30s", "step": 1, "ceiling": 9}}])
    };
    let orders = [
        json!({"priority": {"station": "web", "order": ["b"], "push_out": true}}),
        json!({"reserve": {"station": "web", "classes": ["b"], "workers": 2, "queue": 5}}),
        json!({"adaptive_lifo": {"station": "web", "interval": "10s"}}),
    ];
    for on_timeout in ["leave", "orphan"] {
        for order in &orders {
            let stations = json!({
                "web": {"workers": 6, "queue": 30, "on_timeout": on_timeout, "refusal_cost": "5ms", "outages": [{"from": moment(500), "to": moment(520)}],
                        "calls": {"station": "database", "service": exponential(0.5), "share": 0.8, "attempts": 2}},
                "database": {"workers": 2, "queue": 12},
            });
            let class = json!({"journey": [
                {"name": "login", "station": "web", "service": exponential(0.3)},
                {"name": "pay", "station": "web", "think": exponential(5.0), "service": exponential(0.3)}],
                "timeout": {"exponential": {"mean": "8s"}}, "retry": {"attempts": 4, "backoff": "3s"}});
            let classes = json!({"a": stream(0, 1500, 3.0, class.clone()), "b": stream(0, 1500, 1.0, class)});
            let run = play(&study(&scenario(200, 1500, stations, classes, rules(order.clone()))).model, 0, 0);
            let tally = &run.classes[0].tally;
            assert!(tally.refused > 100 && tally.failed > 0 && tally.timeouts > 20 && tally.completed > 100, "{order} {tally:?}");
        }
    }
}

#[test]
fn what_makes_no_sense_is_told() {
    let told = |rules: Value, station: Value| mistakes(&two_classes(1.0, 1.0, &json!("1s"), station, rules));
    let plain = json!({"workers": 5});
    let cases = [
        (
            json!([{"shed": {"station": "desc", "queue": 3}}]),
            plain.clone(),
            "/policies/only/rules/0/shed/station: no station is called `desc`; did you mean `desk`?",
        ),
        (json!([{"shed": {"station": "desk"}}]), plain.clone(), "it never refuses anybody"),
        (
            json!([{"priority": {"station": "desk", "order": ["fist"]}}]),
            plain.clone(),
            "/rules/0/priority/order/0: no class is called `fist`",
        ),
        (json!([{"priority": {"station": "desk", "order": ["first", "first"]}}]), plain.clone(), "`first` is named twice"),
        (
            json!([{"priority": {"station": "desk", "order": ["first"]}}, {"adaptive_lifo": {"station": "desk", "interval": "1s"}}]),
            plain.clone(),
            "a rule `priority` before it is at the same station",
        ),
        (
            json!([{"priority": {"station": "desk", "order": ["first"]}}]),
            json!({"workers": 5, "discipline": "processor_sharing"}),
            "there is no order to set",
        ),
        (json!([{"reserve": {"station": "desk", "classes": ["first"]}}]), plain.clone(), "nothing is reserved"),
        (json!([{"reserve": {"station": "desk", "classes": ["first"], "queue": 3}}]), plain.clone(), "without bound"),
        (
            json!([{"reserve": {"station": "desk", "classes": ["first", "second"], "workers": 3}}]),
            plain.clone(),
            "nobody is kept out",
        ),
        (
            json!([{"codel": {"station": "desk", "target": "5s", "interval": "5s"}}]),
            plain.clone(),
            "target must be less than interval",
        ),
        (json!([{"throttle": {"window": "1ms"}}]), plain.clone(), "too short to count anything in"),
        (
            json!([{"retry_budget": {}}, {"retry_budget": {"classes": ["first"]}}]),
            plain.clone(),
            "has a budget of retries already",
        ),
        (
            json!([{"autoscale": {"station": "desk", "delay": "1min", "step": 1, "ceiling": 3}}]),
            plain.clone(),
            "begins with 5 workers, more than the ceiling of 3",
        ),
        (
            json!([{"autoscale": {"station": "desk", "delay": "1min", "step": 1, "ceiling": 9, "above": 0.2}}]),
            plain,
            "below must be less than above",
        ),
        (
            json!([{"autoscale": {"station": "desk", "delay": "1min", "step": 1, "ceiling": 9}}]),
            json!({"workers": 5, "workers_at": [{"from": moment(60), "workers": 6}]}),
            "has `workers_at`",
        ),
    ];
    for (rules, station, want) in cases {
        let found = told(rules.clone(), station);
        assert!(found.contains(want), "{rules}: {want}: {found}");
    }
}
