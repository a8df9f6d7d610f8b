//! Servers with default settings; stations that break down, start cold, or are taken out of service.

use super::lab::{mistakes, moment, play_one, request, scenario, stream, study};
use clickday::model::OnFull;
use serde_json::{Value, json};

fn spike(seconds: u64, people: u32, station: &str, service: &str) -> Value {
    json!({"population": people, "journey": request(station, json!(service)),
           "arrivals": [{"share": 1, "curve": {"spike": {"at": moment(seconds), "delay": "0s"}}}]})
}

#[test]
fn servers_have_their_published_defaults() {
    let people = json!({"people": stream(0, 60, 1.0, json!({"journey": request("desk", json!("1s")), "timeout": "60s"}))});
    for (server, workers, queue) in
        [("nginx", 256, 511), ("apache-prefork", 256, 511), ("apache-event", 400, 511), ("tomcat", 200, 9900)]
    {
        let day = scenario(0, 60, json!({"desk": {"server": server}}), people.clone(), json!([]));
        let station = &study(&day).model.stations[0];
        assert_eq!((station.workers, station.queue, station.on_full), (workers, Some(queue), OnFull::Drop));
        let own = json!({"desk": {"server": server, "workers": 7, "queue": "unbounded", "on_full": "refuse"}});
        let station = &study(&scenario(0, 60, own, people.clone(), json!([]))).model.stations[0];
        assert_eq!((station.workers, station.queue, station.on_full), (7, None, OnFull::Refuse));
    }
    let told = mistakes(&scenario(0, 60, json!({"desk": {"queue": 3}}), people, json!([])));
    assert!(told.contains("/stations/desk: the key `workers` is missing; add it"), "{told}");
}

/// Five come at once to one worker: the fourth who waits brings it down for 20 s. All five fail and come again after 15 s,
/// when it is down still, and at 30 s, one by one a second apart by then, when it serves four times as long, and later less so.
#[test]
fn a_crash_fails_all_and_what_comes_after_is_cold() {
    let desk =
        json!({"desk": {"workers": 1, "crash": {"queue": 4, "restart": "20s"}, "cold_start": {"slower": 5, "half_life": "10s"}}});
    let run = play_one(&scenario(0, 120, desk.clone(), json!({"people": spike(1, 5, "desk", "1s")}), json!([])));
    assert_eq!((run.stations[0].crashes.unwrap(), run.classes[0].tally.failed, run.classes[0].tally.abandoned), (1, 5, 5));
    // Later ones find it down until 21 s; one who comes at 31 s, ten seconds after the restart, takes 3 s.
    let classes =
        json!({"people": spike(1, 5, "desk", "1s"), "early": spike(20, 1, "desk", "1s"), "late": spike(31, 1, "desk", "1s")});
    let run = play_one(&scenario(0, 120, desk, classes, json!([])));
    assert_eq!((run.classes[1].tally.refused, run.classes[2].tally.completed), (1, 1));
    assert_eq!(run.classes[2].time_to_complete.sum(), 3_000_000_000);
}

/// A crash that restarts cold crashes again under a load that it bears when warm: 0.8 of what it can, five times slower for a while.
#[test]
fn a_cold_restart_crashes_again_under_a_load_that_it_bears_when_warm() {
    let day = |crash: Value, slower: f64| {
        let mut desk = json!({"workers": 10, "crash": {"queue": 60, "restart": "30s"}, "cold_start": {"slower": slower, "half_life": "5min"}});
        if let (Value::Object(desk), Value::Object(crash)) = (&mut desk, crash) {
            desk.extend(crash);
        }
        let people = stream(0, 7200, 8.0, json!({"journey": request("desk", json!({"exponential": {"mean": "1s"}}))}));
        play_one(&scenario(0, 7200, json!({"desk": desk}), json!({"people": people}), json!([]))).stations[0].crashes.unwrap()
    };
    let outage = json!({"outages": [{"from": moment(600), "to": moment(610)}]});
    assert_eq!(day(json!({}), 5.0), 0);
    assert_eq!(day(outage.clone(), 1.0), 0);
    assert!(day(outage, 5.0) > 3);
}

/// Overloaded by half, looked at every 10 s, out while someone has waited longer than 5 s: it flaps. While it is out nobody
/// is let in; the books balance.
#[test]
fn a_health_check_that_is_too_quick_flaps_under_overload() {
    let day = |check: Value| {
        let mut desk = json!({"workers": 10});
        if let (Value::Object(desk), Value::Object(check)) = (&mut desk, check) {
            desk.extend(check);
        }
        let people = stream(0, 3600, 15.0, json!({"journey": request("desk", json!("1s"))}));
        play_one(&scenario(0, 3600, json!({"desk": desk}), json!({"people": people}), json!([])))
    };
    let run = day(json!({"health_check": {"every": "10s", "slower_than": "5s", "fall": 2, "rise": 2}}));
    let (out, refused, served) = (run.stations[0].taken_out.unwrap(), run.stations[0].refused, run.stations[0].served);
    // 10 s of overload fill 5 s of queue; out for two good looks at least, in for two bad ones: some 40 to 60 s a turn.
    assert!((50..=90).contains(&out), "{out}");
    assert!(refused > 15_000 && served < 36_000, "{refused} {served}");
    assert_eq!(day(json!({})).stations[0].taken_out, None);
}

#[test]
fn what_makes_no_sense_is_told() {
    let people = json!({"people": stream(0, 60, 1.0, json!({"journey": request("desk", json!("1s"))}))});
    let desk = json!({"desk": {"workers": 1, "queue": 10, "crash": {"queue": 11, "restart": "20s"}, "health_check": {"every": "10ms", "slower_than": "1s"},
                      "cold_start": {"slower": 5, "half_life": "0s"}}});
    let told = mistakes(&scenario(0, 60, desk, people.clone(), json!([])));
    for part in
        ["/stations/desk/crash/queue: 11 never wait", "/stations/desk/health_check/every", "/stations/desk/cold_start/half_life"]
    {
        assert!(told.contains(part), "{part}: {told}");
    }
    let told = mistakes(&scenario(
        0,
        60,
        json!({"desk": {"workers": 1, "cold_start": {"slower": 5, "half_life": "1min"}}}),
        people,
        json!([]),
    ));
    assert!(told.contains("/stations/desk/cold_start: the station is never down"), "{told}");
}
