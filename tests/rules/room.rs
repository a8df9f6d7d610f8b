//! Waiting rooms: queues whose waits are known, draws whose ranks are known, places that are freed on time.

use super::lab::{Clock, Observed, System, exponential};
use super::{agree, crowd, figure, lost_by_waiting, play};
use serde_json::{Value, json};

const REPLICATIONS: u32 = 20;

/// People who come as a Poisson stream of one a second through a room, and then are served at once.
fn stream(rate: f64, relaxation: f64, arrivals: f64, service: Value, room: &Value, class: Value) -> System {
    let clock = Clock::steady(arrivals / f64::from(REPLICATIONS), rate, relaxation);
    let mut system = System::desk(clock, rate, json!({"workers": 1_000_000}), service, class);
    system.rules = json!([{"waiting_room": room}]);
    system
}

fn time_in_room(run: &Observed) -> f64 {
    run.record.rules[0].times[0].1.mean().unwrap_or(0.0) * 1e-9
}

/// Of those who came into the room, the share that left again.
fn share_left(run: &Observed) -> f64 {
    figure(&run.record, "left") / figure(&run.record, "joined")
}

/// Admissions at a rate make it an M/D/1 queue: the mean wait is ρd/2(1 − ρ) (Pollaczek 1930, Khinchine 1932).
#[test]
fn a_room_that_admits_at_a_rate_is_a_queue_with_constant_services() {
    for load in [0.5, 0.8] {
        let system = stream(load, 60.0, 1e6, json!("0s"), &json!({"per_minute": 60}), json!({}));
        let [wait, people] = system
            .observe(&format!("room at {load}"), REPLICATIONS, |run| [time_in_room(run), figure(&run.record, "people_average")]);
        let formula = load / (2.0 * (1.0 - load));
        agree(&format!("mean time in a room at load {load}"), formula, &wait);
        agree(&format!("people in a room at load {load}, by Little's law"), load * formula, &people);
    }
}

/// Admissions up to a number of sessions make it an M/M/c queue: Erlang's delay formula.
#[test]
fn a_room_that_admits_up_to_a_number_of_sessions_is_erlangs_queue() {
    let (c, rate) = (5_u32, 4.0);
    let b = (1..=c).fold(1.0, |b, n| rate * b / (f64::from(n) + rate * b));
    let delayed = b / (1.0 - rate / f64::from(c) * (1.0 - b));
    let system = stream(rate, 100.0, 1e6, exponential(1.0), &json!({"active_sessions": c}), json!({}));
    let [wait] = system.observe("room of 5", REPLICATIONS, |run| [time_in_room(run)]);
    agree("mean time in a room for 5 sessions", delayed / (f64::from(c) - rate), &wait);
}

/// Patience in the room. Whether people leave when it ends, or at once since they are told that it would: whoever is
/// served is the same, and so is the share that is not (Baccelli, Boyer & Hebuterne 1984; Whitt 1999).
#[test]
fn people_who_are_told_the_wait_balk_as_often_as_others_lose_patience() {
    let (rate, mean) = (1.2, 5.0);
    let lost = lost_by_waiting(rate, 1.0, 60.0, |v: f64| (-v / mean).exp());
    for tells in ["nothing", "wait"] {
        let room = json!({"per_minute": 60, "tells": tells, "patience": exponential(mean)});
        let system = stream(rate, 30.0, 6e5, json!("0s"), &room, json!({}));
        let [left, balked] = system.observe(&format!("told {tells}"), REPLICATIONS, |run| {
            [share_left(run), figure(&run.record, "balked") / figure(&run.record, "left").max(1.0)]
        });
        agree(&format!("share that leaves a room that tells {tells}"), lost, &left);
        assert!(balked.iter().all(|share| *share == if tells == "wait" { 1.0 } else { 0.0 }));
    }
}

/// Told the position, people judge by how fast it moves. One is called a second; in 10.5 s they see ten go, and reckon that
/// the n before them take 1.05 s each.
#[test]
fn people_who_see_the_line_move_leave_when_it_is_too_slow() {
    let room = json!({"per_minute": 60, "tells": "position", "watch": "10.5s", "patience": "100s"});
    let record = play(&json!({"people": crowd(500, "01:00", &json!("0s"))}), &json!([{"waiting_room": room}]), 3);
    let stays = |rank: &u32| 10.5 + 1.05 * f64::from(rank.saturating_sub(11)) <= 100.0;
    let want = (0..500).filter(stays).count() as f64;
    assert_eq!((figure(&record, "admitted"), figure(&record, "left")), (want, 500.0 - want));
    assert!((want - 101.0).abs() < 5.0, "{want}");
    // A line that does not move drives all away: nobody is ever done.
    let stuck = json!({"active_sessions": 1, "tells": "position", "watch": "10s", "patience": "100s"});
    let record = play(&json!({"people": crowd(500, "01:00", &json!("2h"))}), &json!([{"waiting_room": stuck}]), 2);
    assert_eq!(figure(&record, "left"), 499.0);
}

/// In a draw every rank is as likely for who came first as for who came last; who comes after it stands behind all.
#[test]
fn a_draw_gives_everybody_the_same_chance_and_late_comers_none() {
    let classes = json!({
        "early": crowd(2000, "01:00", &json!("0s")), "late": crowd(2000, "01:59:59", &json!("0s")),
        "after": crowd(100, "02:00:01", &json!("0s")),
    });
    let room = json!({"opens": "2020-01-06T00:30", "starts": "2020-01-06T02:00", "order": "random", "per_minute": 120});
    let record = play(&classes, &json!([{"waiting_room": room}]), 4);
    let since_start = |class: usize, before: f64| record.classes[class].time_to_complete.mean().unwrap() * 1e-9 - before;
    // Ranks of half of 4000 at random: mean 1999.5, standard error 4000/√(12·2000)·√½; half a second each.
    let error = 0.5 * 4000.0 / (12.0_f64 * 2000.0 * 2.0).sqrt();
    for mean in [since_start(0, 3600.0), since_start(1, 1.0)] {
        assert!((mean - 999.75).abs() < 4.0 * error, "{mean}");
    }
    let least = record.classes[2].time_to_complete.quantile(0.001).unwrap() * 1e-9;
    assert!((least - 1999.0).abs() < 4.0, "{least}");
    let in_order = play(&classes, &json!([{"waiting_room": {"starts": "2020-01-06T02:00", "per_minute": 120}}]), 4);
    let mean = |class: usize| in_order.classes[class].time_to_complete.mean().unwrap() * 1e-9;
    assert!((mean(0) - 3600.0 - 499.75).abs() < 1.0 && (mean(1) - 1.0 - 1499.75).abs() < 1.0);
}

/// The first of three places among 3N drawn at random is the (3N + 1)/4-th in the mean; the other two are called in vain.
#[test]
fn who_holds_three_places_is_called_with_the_first_and_wastes_two() {
    let room = json!({"starts": "2020-01-06T02:00", "order": "random", "per_minute": 600,
                      "several": {"share": 1, "places": 3}});
    let record = play(&json!({"people": crowd(3000, "01:00", &json!("0s"))}), &json!([{"waiting_room": room}]), 6);
    assert_eq!((figure(&record, "admitted"), figure(&record, "unclaimed")), (3000.0, 6000.0));
    let mean = record.classes[0].time_to_complete.mean().unwrap() * 1e-9 - 3600.0;
    // The mean of (3N+1)/4 less the first, which is called at once; ranks have a standard deviation of some 3N·√(3/80).
    let (want, error) = (0.1 * (9001.0 / 4.0 - 1.0), 0.1 * 9000.0 * (3.0_f64 / 80.0 / 3000.0).sqrt());
    assert!((mean - want).abs() < 4.0 * error, "{mean} against {want} ± {error}");
}

/// Places that are called and not claimed keep sessions out for as long as they are held.
#[test]
fn unclaimed_places_cost_the_time_for_which_they_are_kept() {
    // Two sessions at most, of no length; all hold two places, and the second keeps one of them for a minute.
    let room = json!({"active_sessions": 1, "several": {"share": 1, "places": 2, "unclaimed": "1min"}});
    let record = play(&json!({"people": crowd(50, "01:00", &json!("0s"))}), &json!([{"waiting_room": room}]), 3);
    assert_eq!((figure(&record, "admitted"), figure(&record, "unclaimed")), (50.0, 50.0));
    assert_eq!(record.classes[0].time_to_complete.max(), Some(49 * 60_000_000_000));
}

/// After its limit a session's place is free, whether or not its person has noticed.
#[test]
fn a_session_that_lasts_too_long_frees_its_place_on_time() {
    let people = json!({
        "population": 100,
        "arrivals": [{"share": 1, "curve": {"spike": {"at": "2020-01-06T00:00", "delay": "0s"}}}],
        "journey": [{"name": "form", "station": "desk", "think": "90s", "service": "0s"}],
    });
    let room = json!({"active_sessions": 10, "session_limit": "1min"});
    let record = play(&json!({"people": people}), &json!([{"waiting_room": room}]), 1);
    // Ten a minute, from the first instant on: 600 in the hour. Nobody is ever done: each is sent back to the room.
    assert_eq!(figure(&record, "admitted"), 600.0);
    assert_eq!(record.classes[0].tally.completed, 0);
    assert_eq!(figure(&record, "expired"), record.classes[0].tally.closed as f64);
    let in_time = json!({"active_sessions": 10, "session_limit": "2min"});
    let record = play(&json!({"people": crowd(100, "00:00", &json!("90s"))}), &json!([{"waiting_room": in_time}]), 1);
    assert_eq!((record.classes[0].tally.completed, figure(&record, "expired")), (100, 0.0));
    assert_eq!(record.classes[0].time_to_complete.max(), Some(900_000_000_000));
}

/// A reload puts one behind all who are there. Where all reload at the same times the order stays, and how many reload is
/// a sum.
#[test]
fn a_reload_costs_the_place() {
    let room = json!({"per_minute": 1, "reload": {"share": 1, "after": "630s"}});
    let record = play(&json!({"people": crowd(100, "00:00", &json!("0s"))}), &json!([{"waiting_room": room}]), 2);
    // One is called at every minute from 0 on; after 630 s, 1260 s and so on those still there reload, before the call of
    // the same instant.
    let reloads: f64 = (1..).map(|k: u32| 100.0 - f64::from((630 * k).div_ceil(60))).take_while(|left| *left > 0.0).sum();
    assert_eq!((figure(&record, "reloads"), figure(&record, "admitted")), (reloads, 100.0));
    // One of two who reloads at 30 s, while the other does not, is called last.
    let alone = json!({"per_minute": 1, "reload": {"share": 0.5, "after": "30s"}});
    let record = play(&json!({"people": crowd(60, "00:00", &json!("0s"))}), &json!([{"waiting_room": alone}]), 3);
    assert_eq!(figure(&record, "admitted"), 60.0);
}

/// Who finds the room full is turned away and gives up for now.
#[test]
fn a_full_room_turns_away() {
    let rules = json!([{"waiting_room": {"per_minute": 1, "places": 30}}]);
    let record = play(&json!({"people": crowd(100, "00:00", &json!("0s"))}), &rules, 2);
    assert_eq!((figure(&record, "full"), figure(&record, "admitted"), figure(&record, "people_max")), (69.0, 31.0, 30.0));
    assert_eq!(record.classes[0].tally.abandoned, 69);
}

/// Whoever is there before it opens is told so, and comes back.
#[test]
fn before_it_opens_the_room_is_closed() {
    let mut people = crowd(100, "00:00", &json!("0s"));
    people["closed"] = json!({"aware": 0});
    let room = json!({"opens": "2020-01-06T01:00", "per_minute": 600});
    let record = play(&json!({"people": people}), &json!([{"waiting_room": room}]), 2);
    assert_eq!((record.classes[0].tally.closed, record.classes[0].tally.completed), (100, 100));
    assert_eq!(record.classes[0].time_to_complete.max(), Some(3_600_000_000_000 + 99 * 100_000_000));
}
