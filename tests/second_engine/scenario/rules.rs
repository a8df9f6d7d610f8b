//! Rules beside windows, as far as the second engine knows them.

use super::Tape;
use serde_json::{Value, json};

/// Rules at a station: at most one that sets its order, one that refuses early, one that drops late, one that follows the load.
pub(super) fn at_station(tape: &mut Tape<'_>, station: &str, record: &Value, classes: &[&str]) -> Vec<Value> {
    let mut rules = Vec::new();
    let bounded = record.get("queue").is_some();
    match tape.below(6) {
        // Those who share workers have no order, those picked by chance none that a rule could change.
        _ if record["discipline"] == json!("processor_sharing") || record["discipline"] == json!("random") => {}
        3 => {
            let order = some(tape, classes);
            rules.push(json!({"priority": {"station": station, "order": order, "push_out": tape.below(2) == 1}}));
        }
        4 if classes.len() > 1 => {
            let places = if bounded { tape.below(3) } else { 0 };
            let mut reserve = json!({"station": station, "classes": [tape.one_of(classes)], "queue": places});
            reserve["workers"] = json!(tape.below(3).max(u8::from(places == 0)));
            rules.push(json!({"reserve": reserve}));
        }
        5 => rules.push(json!({"adaptive_lifo": {"station": station, "interval": tape.one_of(&["0s", "3s", "20s"])}})),
        _ => {}
    }
    if tape.below(3) == 1 {
        let mut shed = json!({"station": station, "spare_begun": tape.below(2) == 1});
        match tape.below(4) {
            0 => shed["queue"] = json!(1 + tape.below(4)),
            1 => shed["wait"] = tape.one_of(&[json!("0s"), json!("5s"), json!("20s")]),
            2 => shed["deadline"] = json!(true),
            _ => shed = json!({"station": station, "queue": 3, "wait": "8s", "deadline": true}),
        }
        if tape.below(2) == 1 {
            shed["classes"] = some(tape, classes);
        }
        rules.push(json!({"shed": shed}));
    }
    if tape.below(4) == 1 {
        let target = tape.one_of(&["0s", "1s", "4s"]);
        rules.push(json!({"codel": {"station": station, "target": target, "interval": tape.one_of(&["5s", "10s", "1min"])}}));
    }
    if record.get("workers_at").is_none() && tape.below(4) == 1 {
        let ceiling = record["workers"].as_u64().unwrap_or(0) + u64::from(tape.below(5));
        rules.push(json!({"autoscale": {
            "station": station,
            "every": tape.one_of(&["10s", "3s", "1min"]),
            "delay": tape.one_of(&["20s", "0s", "5s"]),
            "step": 1 + tape.below(2),
            "ceiling": ceiling,
            "above": tape.one_of(&[0.8, 0.5, 1.0]),
            "below": tape.one_of(&[0.3, 0.0]),
        }}));
    }
    rules
}

/// Rules that clients keep to.
pub(super) fn of_clients(tape: &mut Tape<'_>, classes: &[&str]) -> Vec<Value> {
    let mut rules = Vec::new();
    if tape.below(4) == 1 {
        let mut budget = json!({"ratio": tape.one_of(&[0.0, 0.1, 0.5]), "burst": 1 + tape.below(3)});
        if tape.below(2) == 1 {
            budget["classes"] = some(tape, classes);
        }
        rules.push(json!({"retry_budget": budget}));
    }
    if tape.below(4) == 1 {
        let mut throttle = json!({"k": tape.one_of(&[1.0, 1.5, 2.0]), "window": tape.one_of(&["20s", "3s", "2min"])});
        if tape.below(2) == 1 {
            throttle["classes"] = some(tape, classes);
        }
        rules.push(json!({"throttle": throttle}));
    }
    rules
}

/// A limit on the rate of requests.
pub(super) fn rate_limit(tape: &mut Tape<'_>, classes: &[&str]) -> Value {
    let mut limit = json!({
        "per": tape.one_of(&["all", "class", "applicant"]),
        "per_minute": tape.one_of(&[20.0, 7.0, 100.0, 0.5]),
        "burst": 1 + tape.below(3),
        "applies_to": tape.one_of(&["requests", "sessions"]),
        "respected": tape.one_of(&[0.0, 0.5, 1.0]),
    });
    if tape.below(3) == 1 && limit["respected"] != json!(0.0) {
        limit["retry_after"] = tape.one_of(&[json!("0s"), json!("7s")]);
    }
    if tape.below(2) == 1 {
        limit["classes"] = some(tape, classes);
    }
    json!({"rate_limit": limit})
}

/// One class, or the first few.
pub(super) fn some(tape: &mut Tape<'_>, classes: &[&str]) -> Value {
    if tape.below(2) == 1 {
        json!(classes[..1 + usize::from(tape.below(classes.len() as u8))])
    } else {
        json!([tape.one_of(classes)])
    }
}
