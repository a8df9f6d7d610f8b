use super::*;
use std::path::Path;

const TEXT: &str = include_str!("../../../scenarios/small-example.json");

fn example() -> (Scenario, Vec<Lever>) {
    let scenario = Scenario::parse(TEXT, Path::new("small-example.json")).unwrap();
    let study = scenario.compile(None).unwrap();
    let levers = levers(&scenario, &study);
    (scenario, levers)
}

fn change(pointer: &str, value: Value) -> Change {
    Change { pointer: pointer.to_owned(), value }
}

#[test]
fn every_lever_may_be_set_to_the_value_it_has_and_changes_nothing() {
    let (scenario, levers) = example();
    let has = |pointer: &str| levers.iter().any(|lever| lever.pointer == pointer);
    for pointer in [
        "/stations/portal/workers",
        "/stations/portal/queue",
        "/classes/citizens/population",
        "/classes/patronati/population/poisson",
        "/classes/citizens/timeout",
        "/classes/citizens/retry/attempts",
        "/classes/citizens/closed/aware",
        "/policies/open/rules/-",
        "/policies/time-split/rules/0",
        "/policies/time-split/rules/0/windows/open/citizens",
    ] {
        assert!(has(pointer), "{pointer} of {levers:?}");
    }
    let same: Vec<Change> =
        levers.iter().filter(|lever| lever.kind != Kind::Room).map(|lever| change(&lever.pointer, lever.value.clone())).collect();
    let changed = apply(&scenario, &levers, &same).unwrap();
    assert_eq!(changed.to_json(), scenario.to_json());
    assert_eq!(as_file(&scenario, &levers, &changed), scenario.to_json());
}

#[test]
fn rules_go_and_a_waiting_room_comes() {
    let (scenario, levers) = example();
    let changes = [
        change("/policies/time-split/rules/0/windows/open/citizens", json!(["18:00-08:00"])),
        change("/policies/open/rules/-", json!(900)),
    ];
    let changed = apply(&scenario, &levers, &changes).unwrap();
    assert_eq!(changed.value("/policies/open/rules/0/waiting_room/per_minute"), Some(json!(900)));
    assert_eq!(changed.value("/policies/time-split/rules/0/windows/open/citizens"), Some(json!(["18:00-08:00"])));
    let file = as_file(&scenario, &levers, &changed);
    let said = file.pointer("/policies/time-split/rules/0/windows/chosen").and_then(Value::as_str).unwrap();
    assert_eq!(said, "windows: [\"16:00-08:00\"] before, changed with clickday serve");
    Scenario::parse(&file.to_string(), Path::new("saved.json")).unwrap();
    let off = apply(&scenario, &levers, &[change("/policies/time-split/rules/0", json!(false))]).unwrap();
    assert_eq!(off.value("/policies/time-split/rules"), Some(json!([])));
}

#[test]
fn what_is_no_lever_cannot_be_changed_and_no_file_can_be_named() {
    let (scenario, levers) = example();
    for (pointer, value) in [
        ("/name", json!("other")),
        ("", json!({})),
        ("/classes/citizens/arrivals/0/curve", json!({"trace": {"file": "/etc/passwd"}})),
        ("/stations/portal/workers", json!({"trace": {"file": "/etc/passwd"}})),
        ("/stations/portal/workers", json!("40")),
        ("/stations/portal/workers", json!(-1)),
        ("/classes/citizens/timeout", json!({"exponential": {"mean": "1s"}})),
        ("/classes/citizens/closed/aware", json!(1.5)),
        ("/policies/time-split/rules/0", json!([])),
        ("/policies/open/rules/-", json!({"windows": {}})),
        ("/policies/time-split/rules/0/windows/open/citizens", json!(vec!["08:00-16:00"; 25])),
    ] {
        let told = apply(&scenario, &levers, &[change(pointer, value.clone())]);
        assert!(matches!(told, Err(ChangeError::NoLever(_))), "{pointer}: {value}");
    }
    let told = apply(&scenario, &levers, &[change("/classes/citizens/timeout", json!("1 fortnight"))]);
    assert!(matches!(told, Err(ChangeError::Mistakes(_))));
    let many: Vec<Change> = (0..=CHANGES).map(|_| change("/stations/portal/workers", json!(1))).collect();
    assert!(apply(&scenario, &levers, &many).is_err());
}
