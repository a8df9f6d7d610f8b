//! Rules of the gate at their boundaries, by counts that must come out.

use super::super::begin::ready;
use super::super::lab::{AT_ONCE, TRIAL, figures, play, system};
use super::super::run::Run;
use crate::random::{Draw, Purpose};
use crate::time::{Span, Time};

fn room(rule: &str) -> String {
    format!(r#"{{"waiting_room": {{{rule}}}}}"#)
}

/// One who comes now and wants to begin a session.
fn newcomer(run: &mut Run<'_>, number: u32) -> u32 {
    let slot = run.people.insert(0, number, run.now);
    run.gate.newcomer(slot);
    run.recorder.arrival(0, run.now);
    slot
}

/// After an hour in the room the n-th in the order drawn is told n minutes: who has a patience of 70 minutes stays up to n = 10,
/// and is called at its end; the others leave at the start.
#[test]
fn whoever_is_told_more_than_their_patience_after_a_draw_leaves_and_the_others_stay() {
    let rule = r#""starts": "2020-01-06T01:00", "order": "random", "per_minute": 1, "tells": "wait", "patience": "70min""#;
    let record = play(&system(20, AT_ONCE, &room(rule), 2));
    assert_eq!(figures(&record, ["joined", "admitted", "left", "balked"]), [20.0, 11.0, 9.0, 0.0]);
    let minutes = 20.0 * 60.0 + f64::from((0..=10).sum::<u32>());
    assert!((figures(&record, ["people_average"])[0] - minutes / 120.0).abs() < 1e-9);
}

/// One is called a minute: the third is told two minutes, the fourth three.
#[test]
fn whoever_is_told_a_wait_as_long_as_their_patience_stays() {
    let rule = r#""per_minute": 1, "tells": "wait", "patience": "2min""#;
    let record = play(&system(4, AT_ONCE, &room(rule), 1));
    assert_eq!(figures(&record, ["joined", "admitted", "left", "balked"]), [4.0, 3.0, 1.0, 1.0]);
}

/// Of eight one is called at once, one after half a minute. After a minute the one with two before them reckons with two more
/// minutes, three in all.
#[test]
fn whoever_reckons_with_a_stay_as_long_as_their_patience_stays() {
    let rule = r#""per_minute": 2, "tells": "position", "watch": "1min", "patience": "3min""#;
    let record = play(&system(8, AT_ONCE, &room(rule), 1));
    assert_eq!(figures(&record, ["admitted", "left"]), [5.0, 3.0]);
}

/// The third would be called after a minute, but patience comes before calls.
#[test]
fn a_patience_that_ends_when_its_person_would_look_ends() {
    let rule = r#""per_minute": 2, "tells": "position", "watch": "1min", "patience": "1min""#;
    let record = play(&system(3, AT_ONCE, &room(rule), 1));
    assert_eq!(figures(&record, ["admitted", "left"]), [2.0, 1.0]);
}

/// An arrival, the end of a patience before the room starts, and its start: the look that was planned for the start first is
/// not had twice.
#[test]
fn a_look_at_a_room_that_comes_earlier_than_planned_takes_the_place_of_the_other() {
    let rule = r#""starts": "2020-01-06T01:00", "per_minute": 1, "patience": "10min""#;
    let record = play(&system(1, AT_ONCE, &room(rule), 2));
    assert_eq!((figures(&record, ["left"]), record.events), ([1.0], 3));
}

#[test]
fn places_that_nobody_will_claim_are_counted_until_none_is_left_and_kept_for_no_time() {
    let model = system(1, AT_ONCE, &room(r#""per_minute": 60, "several": {"share": 1, "places": 3}"#), 1);
    let mut run = ready(&model, &TRIAL);
    let slot = newcomer(&mut run, 0);
    run.begin_session(slot);
    for (second, left) in [(0, vec![2]), (1, vec![1]), (2, vec![])] {
        run.now = Time::ZERO + Span::from_seconds(second);
        run.tend_room(0);
        let room = &run.gate.rooms[0];
        assert_eq!(room.ghosts.values().copied().collect::<Vec<u16>>(), left, "after {second} s");
        assert_eq!((room.tally.unclaimed, room.unclaimed), (second, 0), "after {second} s");
    }
}

#[test]
fn whether_someone_leaves_a_contact_is_drawn_anew_for_every_session() {
    let rules = format!(r#"{}, {{"callback": {{"share": 0.5, "below": 1}}}}"#, room(r#""active_sessions": 1"#));
    let model = system(40, AT_ONCE, &rules, 1);
    let mut run = ready(&model, &TRIAL);
    let key = run.keys[0];
    let leave = |run: &mut Run<'_>, session: u16| {
        let leave = |number: u32| {
            let slot = newcomer(run, number);
            run.people[slot].session = session;
            run.leave_contact(slot)
        };
        (0..40).map(leave).collect::<Vec<bool>>()
    };
    let drawn = |session: u16| {
        let draw = Draw { session, ..Draw::default() };
        (0..40).map(|number| key.uniform(Purpose::LeaveContact, number, draw) < 0.5).collect::<Vec<bool>>()
    };
    let (first, second) = (leave(&mut run, 0), leave(&mut run, 1));
    assert_eq!((&first, &second), (&drawn(0), &drawn(1)));
    assert_ne!(first, second);
}

/// All come ten minutes after the end of their slot.
#[test]
fn whoever_is_as_late_as_the_grace_is_let_in() {
    for (grace, kept) in [("10min", 3.0), ("599s", 0.0)] {
        let late = format!(r#"{{"share": 1, "by": "10min", "grace": "{grace}"}}"#);
        let times = r#""from": "2020-01-06T00:30", "to": "2020-01-06T01:00", "every": "10min""#;
        let record = play(&system(3, AT_ONCE, &format!(r#"{{"slots": {{{times}, "capacity": 3, "late": {late}}}}}"#), 2));
        assert_eq!(figures(&record, ["booked", "kept", "late", "too_late"]), [3.0, kept, kept, 3.0 - kept], "{grace}");
    }
}
