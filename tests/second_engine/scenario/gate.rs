//! Rules at the entry: windows, appointments, waiting rooms and contacts left there.

use super::Tape;
use super::rules::some;
use serde_json::{Value, json};

/// In an order that makes sense: who is called from a room is not sent away any more.
pub(super) fn rules(tape: &mut Tape<'_>, records: &Value, classes: &[&str]) -> Vec<Value> {
    let mut rules: Vec<Value> = (0..tape.below(3)).map(|_| windows(tape, classes)).collect();
    let without: Vec<&str> = classes.iter().copied().filter(|name| records[name].get("operators").is_none()).collect();
    if !without.is_empty() && tape.below(5) == 1 {
        rules.push(slots(tape, &without));
    }
    if tape.below(3) == 1 {
        let mut room = room(tape);
        let named = if tape.below(2) == 1 { some(tape, classes) } else { json!(classes) };
        room["classes"] = named.clone();
        rules.push(json!({"waiting_room": room}));
        let named = |name: &&str| named.as_array().is_some_and(|named| named.contains(&json!(name)));
        let offered: Vec<&str> = without.iter().copied().filter(named).collect();
        if !offered.is_empty() && tape.below(2) == 1 {
            rules.push(callback(tape, &offered));
        }
    }
    rules
}

fn windows(tape: &mut Tape<'_>, classes: &[&str]) -> Value {
    let mut open = json!({});
    for class in &classes[..1 + usize::from(tape.below(classes.len() as u8))] {
        let times =
            [json!(["00:01-24:00"]), json!(["00:00-00:02", "00:04-01:00"]), json!(["00:00-00:01:30"]), json!(["01:00-00:01"])];
        open[*class] = tape.one_of(&times);
    }
    let applies_to = tape.one_of(&["sessions", "requests"]);
    let mut rule = json!({"open": open, "applies_to": applies_to});
    if tape.below(3) == 1 {
        rule["follow"] = json!(0.5);
    }
    json!({"windows": rule})
}

fn slots(tape: &mut Tape<'_>, classes: &[&str]) -> Value {
    let mut slots = json!({
        "classes": classes,
        "from": tape.one_of(&["2020-04-01T00:01", "2020-04-01T00:00"]),
        "to": tape.one_of(&["2020-04-01T00:05", "2020-04-01T00:03:10"]),
        "every": tape.one_of(&["1min", "10s"]),
        "capacity": 1 + tape.below(9),
        "no_show": tape.one_of(&[0.0, 0.3]),
    });
    if tape.below(2) == 1 {
        slots["delay"] = tape.span();
    }
    if tape.below(2) == 1 {
        slots["late"] = json!({"share": tape.one_of(&[0.5, 1.0]), "by": tape.span()});
        if tape.below(2) == 1 {
            slots["late"]["grace"] = json!(tape.one_of(&["5s", "0s"]));
        }
    }
    json!({"slots": slots})
}

fn room(tape: &mut Tape<'_>) -> Value {
    let mut room = json!({});
    match tape.below(3) {
        0 => room["per_minute"] = json!(tape.one_of(&[30.0, 7.0, 200.0])),
        1 => room["active_sessions"] = json!(1 + tape.below(5)),
        _ => {
            room["per_minute"] = json!(tape.one_of(&[12.0, 60.0]));
            room["active_sessions"] = json!(1 + tape.below(9));
        }
    }
    match tape.below(4) {
        1 => room["opens"] = json!("2020-04-01T00:01"),
        2 => room["starts"] = json!("2020-04-01T00:01:30"),
        3 => {
            room["starts"] = json!("2020-04-01T00:02");
            room["order"] = json!("random");
        }
        _ => {}
    }
    if tape.below(3) == 1 {
        room["places"] = json!(1 + tape.below(12));
    }
    if tape.below(3) == 1 {
        room["session_limit"] = json!(tape.one_of(&["10s", "3s", "1min"]));
    }
    if tape.below(2) == 1 {
        room["patience"] = match tape.below(3) {
            0 => json!({"exponential": {"mean": "1min"}}),
            1 => json!("45s"),
            _ => tape.span(),
        };
        room["tells"] = json!(tape.one_of(&["nothing", "wait", "position"]));
        room["watch"] = json!(tape.one_of(&["15s", "2s", "1min"]));
    }
    if tape.below(3) == 1 {
        room["several"] = json!({"share": tape.one_of(&[0.5, 1.0]), "places": 2 + tape.below(3), "unclaimed": tape.one_of(&["0s", "5s", "20s"])});
    }
    if tape.below(4) == 1 {
        room["reload"] = json!({"share": tape.one_of(&[0.5, 1.0]), "after": tape.positive()});
    }
    room
}

fn callback(tape: &mut Tape<'_>, classes: &[&str]) -> Value {
    let mut callback = json!({
        "classes": classes,
        "share": tape.one_of(&[1.0, 0.5]),
        "below": 1 + tape.below(6),
        "answer": tape.one_of(&[1.0, 0.5, 0.0]),
        "hold": tape.one_of(&["20s", "5s", "1min"]),
        "calls": 1 + tape.below(3),
    });
    if tape.below(2) == 1 {
        callback["answers_after"] = tape.span();
    }
    json!({"callback": callback})
}
