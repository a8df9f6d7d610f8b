//! Stations in front of stations: a worker is held while it waits for the station that it calls.

use super::chain::Chain;
use super::lab::{exponential, hold, mistakes, moment, observe, play_one, request, scenario, stream};
use serde_json::{Value, json};

const SKIP: u64 = 1000;
const END: u64 = 31_000;

/// Two threads in front of one database connection, three places to wait before the threads, none before the database but
/// for those threads: the chain in (waiting or in the first part, at the database) is solved numerically.
#[test]
fn threads_held_by_a_slow_database_are_the_chain_in_both_numbers() {
    let (threads, places, rate, own, data) = (3usize, 4usize, 1.0, 4.0, 1.25);
    // (inside, at the database): the others inside are in their own part if they have a thread, and wait else.
    let chain = Chain::explore((0usize, 0usize), |(inside, database)| {
        let mut next = Vec::new();
        if inside < threads + places {
            next.push(((inside + 1, database), rate));
        }
        let working = inside.min(threads) - database;
        next.push(((inside, database + 1), own * working as f64));
        if database > 0 {
            next.push(((inside - 1, database - 1), data));
        }
        next
    });
    let p = chain.stationary();
    let stations = json!({
        "web": {"workers": threads, "queue": places, "calls": {"station": "database", "service": exponential(1.0 / data)}},
        "database": {"workers": 1},
    });
    let people = stream(0, END, rate, json!({"journey": request("web", exponential(1.0 / own))}));
    let day = scenario(SKIP, END, stations, json!({"people": people}), json!([]));
    let time = (END - SKIP) as f64;
    let figure = |reference: f64, case: &str, of: &(dyn Fn(&clickday::engine::Record) -> f64 + Sync)| {
        hold(case, reference, &observe(&day, 24, of))
    };
    figure(p.mean(|(inside, _)| f64::from(u8::from(inside == threads + places))), "refused", &|run| {
        run.stations[0].refused as f64 / (rate * time)
    });
    figure(p.mean(|(inside, _)| inside.min(threads) as f64), "threads busy", &|run| run.stations[0].busy as f64 * 1e-9 / time);
    figure(p.mean(|(_, database)| database as f64), "threads held", &|run| run.stations[0].held.unwrap() as f64 * 1e-9 / time);
    figure(p.mean(|(inside, _)| inside.saturating_sub(threads) as f64), "waiting for a thread", &|run| {
        run.stations[0].queue.mean().unwrap()
    });
    figure(p.mean(|(_, database)| database.saturating_sub(1) as f64), "waiting at the database", &|run| {
        run.stations[1].queue.mean().unwrap()
    });
}

/// A content cache that answers four fifths: the origin sees a Poisson stream of a fifth, and is M/M/1.
#[test]
fn a_cache_lets_its_share_through() {
    let (rate, share) = (3.5, 0.2);
    let stations = json!({
        "cache": {"workers": 100_000, "calls": {"station": "origin", "service": exponential(1.0), "share": share}},
        "origin": {"workers": 1},
    });
    let people = stream(0, END, rate, json!({"journey": request("cache", json!("10ms"))}));
    let day = scenario(SKIP, END, stations, json!({"people": people}), json!([]));
    let load: f64 = rate * share;
    hold("calls", load, &observe(&day, 24, |run| run.stations[1].served as f64 / (END - SKIP) as f64));
    hold("queue", load * load / (1.0 - load), &observe(&day, 24, |run| run.stations[1].queue.mean().unwrap()));
}

/// One request through so many layers, each of which tries so often; the last station is down all day.
fn storm(layers: usize, attempts: u32) -> Value {
    let mut stations = serde_json::Map::new();
    // The client is the first layer.
    for layer in 1..layers {
        let next = if layer + 1 < layers { format!("layer{}", layer + 1) } else { "database".to_owned() };
        let call = json!({"station": next, "service": "1ms", "attempts": attempts});
        stations.insert(format!("layer{layer}"), json!({"workers": 10, "calls": call}));
    }
    stations.insert("database".into(), json!({"workers": 10, "outages": [{"from": moment(0), "to": moment(60)}]}));
    let client = json!({
        "population": 1, "arrivals": [{"share": 1, "curve": {"spike": {"at": moment(1), "delay": "0s"}}}],
        "journey": request("layer1", json!("1ms")), "retry": {"attempts": attempts, "backoff": "1s"},
    });
    scenario(0, 60, Value::Object(stations), json!({"client": client}), json!([]))
}

/// "Consider a system where the user's call creates a five-deep stack of service calls ... three retries at each layer ...
/// the load on the database will increase 243x" (Brooker, *Timeouts, retries, and backoff with jitter*, Amazon Builders' Library); "layers
/// multiply": 4^3 = 64 tries (*Site Reliability Engineering*, chapter 22).
#[test]
fn retries_in_every_layer_multiply() {
    for (layers, attempts, tries) in [(5, 3, 243), (3, 4, 64), (5, 1, 1)] {
        let run = play_one(&storm(layers, attempts));
        let database = run.stations.last().expect("a database");
        assert_eq!(database.refused, tries, "{layers} layers, {attempts} tries");
        assert_eq!(run.classes[0].tally.failed, u64::from(attempts), "the client sees its own tries only");
        assert_eq!(run.classes[0].tally.abandoned, 1);
    }
}

/// Outages at either end, clients who leave, small queues, three layers and a cache: the books balance at every bin.
#[test]
fn the_books_balance_through_outages_timeouts_and_refusals() {
    for on_timeout in ["leave", "orphan"] {
        let stations = json!({
            "web": {"workers": 8, "queue": 20, "on_timeout": on_timeout, "outages": [{"from": moment(500), "to": moment(520)}],
                    "calls": {"station": "app", "service": exponential(0.5), "share": 0.8, "attempts": 2}},
            "app": {"workers": 4, "queue": 2, "outages": [{"from": moment(800), "to": moment(830)}],
                    "calls": {"station": "database", "service": exponential(0.3), "attempts": 3}},
            "database": {"workers": 2, "queue": 1, "discipline": "processor_sharing", "connections": 3,
                         "outages": [{"from": moment(1100), "to": moment(1130)}]},
        });
        let class = |station: &str| json!({"journey": request(station, exponential(0.2)), "timeout": {"exponential": {"mean": "6s"}}, "retry": {"attempts": 4, "backoff": "3s"}});
        let classes = json!({"all": stream(0, 1500, 4.0, class("web")), "direct": stream(0, 1500, 0.5, class("database"))});
        let run = play_one(&scenario(200, 1500, stations, classes, json!([])));
        assert!(run.laws.iter().all(|law| law.residual == 0));
        let tally = &run.classes[0].tally;
        assert!(tally.failed > 100 && tally.timeouts > 100 && tally.refused > 50 && tally.completed > 1000, "{tally:?}");
        assert!(run.stations[0].held.unwrap() > run.stations[0].busy / 4 && run.stations[1].refused > 20);
    }
}

/// Who comes to a station at the instant at which another's worker calls it was not there first.
#[test]
fn a_request_by_hand() {
    let stations = json!({
        "web": {"workers": 1, "calls": {"station": "database", "service": "3s"}},
        "database": {"workers": 1},
    });
    let client = json!({
        "population": 3, "arrivals": [{"share": 1, "curve": {"spike": {"at": moment(0), "delay": "0s"}}}],
        "journey": request("web", json!("2s")),
    });
    let run = play_one(&scenario(0, 60, stations, json!({"client": client}), json!([])));
    let times = &run.classes[0].time_to_complete;
    assert_eq!((times.count(), times.sum()), (3, 30_000_000_000));
    assert_eq!(
        (run.stations[0].busy, run.stations[0].held.unwrap(), run.stations[1].busy),
        (15_000_000_000, 9_000_000_000, 9_000_000_000)
    );
}

#[test]
fn rings_silence_and_haste_are_refused() {
    let call = |station: &str| json!({"workers": 1, "calls": {"station": station, "service": "1s"}});
    let day = |stations: Value| {
        scenario(0, 60, stations, json!({"people": stream(0, 60, 1.0, json!({"journey": request("a", json!("1s"))}))}), json!([]))
    };
    let told = mistakes(&day(json!({"a": call("b"), "b": call("c"), "c": call("a")})));
    assert!(told.contains("/stations/a/calls/station: these stations call each other in a ring: a -> b -> c -> a"), "{told}");
    let told = mistakes(&day(json!({"a": call("a")})));
    assert!(told.contains("in a ring: a -> a"), "{told}");
    let told = mistakes(&day(json!({"a": call("bb"), "b": {"workers": 1}})));
    assert!(told.contains("no station is called `bb`"), "{told}");
    let told = mistakes(&day(json!({"a": call("b"), "b": {"workers": 1, "queue": 3, "on_full": "drop", "on_timeout": "leave"}})));
    assert!(told.contains("`b` drops requests in silence") && told.contains("`b` has on_timeout \"leave\""), "{told}");
    let told = mistakes(&day(json!({"a": call("b"), "b": {"server": "tomcat"}})));
    assert!(told.contains("`b` drops requests in silence"), "{told}");
}
