//! Appointments and calls: counts that must come out.

use super::{crowd, figure, play};
use serde_json::json;

/// Twelve slots for ten each hold 120 of 150 people; of these nobody comes to one in four, and one in five is late.
#[test]
fn slots_hold_their_capacity_and_no_more() {
    let people = crowd(150, "00:00", &json!("0s"));
    let slots = |capacity: u32, more: serde_json::Value| {
        let mut rule = json!({"from": "2020-01-06T01:00", "to": "2020-01-06T03:00", "every": "10min", "capacity": capacity});
        rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!([{"slots": rule}])
    };
    let record = play(&json!({"people": people}), &slots(10, json!({})), 4);
    assert_eq!((figure(&record, "booked"), figure(&record, "kept"), figure(&record, "full")), (120.0, 120.0, 30.0));
    let done = &record.classes[0].series.completed;
    let by_slot: Vec<u32> = (0..12).map(|slot| done[60 + 10 * slot]).collect();
    assert_eq!((by_slot, done.iter().sum::<u32>()), (vec![10; 12], 120));
    assert_eq!(record.classes[0].tally.abandoned, 30);

    let many = json!({"people": crowd(12_000, "00:00", &json!("0s"))});
    let late =
        json!({"no_show": 0.25, "late": {"share": 0.2, "by": {"uniform": {"min": "0s", "max": "40min"}}, "grace": "10min"}});
    let record = play(&many, &slots(1000, late), 5);
    let near = |name: &str, want: f64| {
        let share = want / 12_000.0;
        let found = figure(&record, name);
        assert!((found - want).abs() < 4.0 * (12_000.0 * share * (1.0 - share)).sqrt(), "{name}: {found} against {want}");
    };
    // Three quarters come, a fifth of them late, three in four of those later than ten minutes of forty.
    near("no_show", 3000.0);
    near("too_late", 9000.0 * 0.2 * 0.75);
    near("late", 9000.0 * 0.2 * 0.25);
    near("kept", 9000.0 * (0.8 + 0.05));
}

/// Who missed an appointment books again, if they come back; who comes after the last slot began finds none.
#[test]
fn who_misses_an_appointment_books_another() {
    let mut people = crowd(20, "00:00", &json!("0s"));
    people["retry"] = json!({"return_after": "1min", "returns": 2});
    let rule = json!({"from": "2020-01-06T01:00", "to": "2020-01-06T02:00", "every": "30min", "capacity": 20, "no_show": 1});
    let record = play(&json!({"people": people}), &json!([{"slots": rule}]), 4);
    // At 01:30 the first was missed; back at 01:31 none is left, and none at 01:32 either.
    assert_eq!((figure(&record, "booked"), figure(&record, "no_show"), figure(&record, "full")), (20.0, 20.0, 40.0));
    assert_eq!(record.classes[0].tally.abandoned, 20);
}

/// Whom the full room turns away is called when there is room, and never are there more sessions than may be.
#[test]
fn contacts_are_called_when_there_is_room_and_only_then() {
    let rules = |answer: f64, calls: u32| {
        json!([
            {"waiting_room": {"active_sessions": 20, "places": 30}},
            {"callback": {"share": 1, "below": 15, "answer": answer, "hold": "10s", "calls": calls}},
        ])
    };
    let people = json!({"people": crowd(1000, "00:00", &json!("1min"))});
    let find = |record: &clickday::engine::Record, name: &str| {
        record.rules[1].figures.iter().find(|(known, _)| *known == name).and_then(|(_, value)| *value).unwrap()
    };
    let record = play(&people, &rules(1.0, 1), 3);
    assert_eq!((find(&record, "contacts"), find(&record, "calls"), find(&record, "answered")), (950.0, 950.0, 950.0));
    assert_eq!(record.classes[0].tally.completed, 1000);
    // Twenty, twenty, ten; these ten and five called beside them; then fifteen a minute.
    let done: Vec<u32> = record.classes[0].series.completed[..6].to_vec();
    assert_eq!(done, [0, 20, 20, 15, 15, 15]);
    // Six calls in ten are answered; after three in vain a contact is lost: 0.4³ of them.
    let record = play(&json!({"people": crowd(20_000, "00:00", &json!("1s"))}), &rules(0.6, 3), 24);
    let contacts = find(&record, "contacts");
    let lost = find(&record, "lost");
    assert!(contacts > 15_000.0 && (find(&record, "answered") + lost - contacts).abs() < 1.0);
    assert!((lost / contacts - 0.064).abs() < 4.0 * (0.064 * 0.936 / contacts).sqrt(), "{}", lost / contacts);
    assert!(find(&record, "calls") > contacts);
}
