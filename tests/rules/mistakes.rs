//! Rules that are wrong, or stand where they make no sense.

use clickday::scenario::Scenario;
use std::path::Path;

/// What is told of a policy's rules, without the path.
fn told(rules: &str) -> Vec<String> {
    let text = format!(
        r#"{{"format": 1, "name": "office", "clock": {{"start": "2020-03-28T00:00", "end": "2020-03-30T00:00", "time_zone": "UTC", "bin": "1min"}},
"stations": {{"portal": {{"workers": 4}}}},
"classes": {{
  "citizens": {{"population": 10, "arrivals": [{{"share": 1, "curve": {{"uniform": {{"from": "2020-03-28T00:00", "to": "2020-03-29T00:00"}}}}}}],
               "journey": [{{"name": "form", "station": "portal", "service": "1s"}}]}},
  "patronati": {{"population": 10, "operators": 2, "arrivals": [{{"share": 1, "curve": {{"uniform": {{"from": "2020-03-28T00:00", "to": "2020-03-29T00:00"}}}}}}],
               "journey": [{{"name": "form", "station": "portal", "service": "1s"}}]}}}},
"policies": {{"only": {{"rules":
{rules}
}}}}}}"#
    );
    match Scenario::parse(&text, Path::new("s.json")) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes
            .to_string()
            .lines()
            .map(|line| line.trim_start_matches("s.json:").replace("/policies/only/rules", ""))
            .collect(),
    }
}

const ROOM: &str = r#"{"waiting_room": {"per_minute": 60}}"#;
const WINDOWS: &str = r#"{"windows": {"open": {"citizens": ["08:00-16:00"]}}}"#;
const SLOTS: &str = r#"{"slots": {"classes": ["citizens"], "from": "2020-03-28T08:00", "to": "2020-03-28T10:00", "every": "10min", "capacity": 5}}"#;
const CALLBACK: &str = r#"{"callback": {"classes": ["citizens"], "share": 0.5, "below": 10}}"#;

#[test]
fn rules_that_make_sense_together_are_taken() {
    for rules in [
        format!("[{ROOM}]"),
        format!("[{WINDOWS}, {SLOTS}, {ROOM}, {CALLBACK}]"),
        format!(r#"[{ROOM}, {{"windows": {{"applies_to": "requests", "open": {{"citizens": []}}}}}}]"#),
        format!(r#"[{ROOM}, {{"windows": {{"open": {{"citizens": []}}}}}}]"#).replace("60}", r#"60, "classes": ["patronati"]}"#),
        r#"[{"rate_limit": {"per_minute": 60}}, {"rate_limit": {"per": "applicant", "per_minute": 60}}]"#.to_owned(),
        format!(
            "[{}, {}]",
            ROOM.replace("60", r#"60, "classes": ["citizens"]"#),
            ROOM.replace("60", r#"60, "classes": ["patronati"]"#)
        ),
    ] {
        assert_eq!(told(&rules), [""; 0], "{rules}");
    }
}

#[test]
fn orders_that_make_no_sense_are_refused() {
    for (rules, line) in [
        (
            [ROOM, WINDOWS].join(",\n"),
            "10:2: /1/windows: `citizens` would be called from the waiting room and then sent away; put `windows` before `waiting_room`",
        ),
        (
            [ROOM, SLOTS].join(",\n"),
            "10:2: /1/slots: `citizens` would be called from the waiting room and then sent away; put `slots` before `waiting_room`",
        ),
        (
            [SLOTS, WINDOWS].join(",\n"),
            "10:2: /1/windows: `citizens` would come to their appointment and be sent away; put `windows` before `slots`",
        ),
        (
            [SLOTS, SLOTS].join(",\n"),
            "10:2: /1/slots: `citizens` already need an appointment of this policy; name other `classes`, or remove one",
        ),
        (
            [ROOM, ROOM].join(",\n"),
            "10:2: /1/waiting_room: `citizens` already go through a waiting room of this policy; name other `classes`, or remove one",
        ),
        (
            [CALLBACK, ROOM].join(",\n"),
            "9:3: /0/callback: no waiting room before this keeps `citizens`, so that none of them is turned away; put one before it",
        ),
        (
            [ROOM, CALLBACK, CALLBACK].join(",\n"),
            "11:2: /2/callback: `citizens` may already leave a contact under this policy; name other `classes`, or remove one",
        ),
    ] {
        assert_eq!(told(&format!("[{rules}]")), [line], "{rules}");
    }
}

#[test]
fn mistakes_within_rules_are_told_with_their_place() {
    for (rule, lines) in [
        (
            r#"{"waiting_room": {"order": "random"}}"#,
            &[
                "9:19: /0/waiting_room: this room keeps nobody; give `per_minute`, `active_sessions` or both",
                "9:29: /0/waiting_room/order: nobody is there when it opens, so there is none to draw; give `starts`, later than `opens`",
            ][..],
        ),
        (
            r#"{"waiting_room": {"per_minute": 0, "tells": "wait", "opens": "2020-03-28T09:00", "starts": "2020-03-28T08:00"}}"#,
            &[
                "9:34: /0/waiting_room/per_minute: found 0; expected a number greater than zero, at most 1e12",
                "9:46: /0/waiting_room/tells: without `patience` people wait for ever, whatever they are told; give it, or remove this",
                "9:93: /0/waiting_room/starts: it starts before it opens; move one of the two",
            ],
        ),
        (
            r#"{"waiting_room": {"per_minute": 6, "tells": "wait", "opens": "2020-03-28T09:00", "starts": "2020-03-28T08:00", "session_limit": "0s"}}"#,
            &[
                "9:46: /0/waiting_room/tells: without `patience` people wait for ever, whatever they are told; give it, or remove this",
                "9:93: /0/waiting_room/starts: it starts before it opens; move one of the two",
                "9:130: /0/waiting_room/session_limit: a session of no length; give it time, such as \"20min\"",
            ],
        ),
        (
            r#"{"waiting_room": {"per_minute": 6, "reload": {"share": 1, "after": "0s"}, "classes": ["citizen"]}}"#,
            &[
                "9:69: /0/waiting_room/reload/after: whoever reloads again at once is never called; give it time, such as \"10min\"",
                "9:88: /0/waiting_room/classes/0: no class is called `citizen`; did you mean `citizens`?",
            ],
        ),
        (
            r#"{"rate_limit": {"per_minute": 60, "retry_after": "5s", "burst": 0}}"#,
            &[
                "9:51: /0/rate_limit/retry_after: nobody heeds it, since `respected` is 0; give the share of those who do",
                "9:66: /0/rate_limit/burst: found 0; expected a whole number from 1 to 1000000000",
            ],
        ),
        (
            r#"{"rate_limit": {"per_minute": 60, "retry_after": "5s", "classes": []}}"#,
            &[
                "9:51: /0/rate_limit/retry_after: nobody heeds it, since `respected` is 0; give the share of those who do",
                "9:68: /0/rate_limit/classes: no class is named, so the rule does nothing; name one, or remove the key to mean all",
            ],
        ),
        (
            r#"{"slots": {"from": "2020-03-28T08:00", "to": "2020-03-28T09:00", "every": "2h", "capacity": 5}}"#,
            &["9:12: /0/slots: `patronati` have operators, who do not book; name only classes without them"],
        ),
        (
            r#"{"slots": {"classes": ["citizens", "citizens"], "from": "2020-03-28T08:00", "to": "2020-03-28T09:00", "every": "2h", "capacity": 5}}"#,
            &["9:37: /0/slots/classes/1: `citizens` stands here a second time; remove it"],
        ),
        (
            r#"{"slots": {"classes": ["citizens"], "from": "2020-03-28T08:00", "to": "2020-03-28T09:00", "every": "2h", "capacity": 5}}"#,
            &["9:101: /0/slots/every: no slot of this length fits between `from` and `to`; choose another"],
        ),
        (
            r#"{"windows": {"follow": 2, "open": {"citizens": ["someday", "mon 8-9", "2020-04-28"]}}}"#,
            &[
                "9:25: /0/windows/follow: found 2; expected a share from 0 to 1",
                "9:50: /0/windows/open/citizens/0: `someday` is not a window; write it as \"08:00-16:00\"",
                "9:61: /0/windows/open/citizens/1: `8-9` is not a window; write it as \"08:00-16:00\"",
                "9:72: /0/windows/open/citizens/2: 2020-04-28 is no day of the clock; correct it, or remove the window",
            ],
        ),
        (
            r#"{"windows": {"weights": {"citizens": {"A": 0}}, "open": {"citizens": {"A": ["funday 08:00-16:00", "2020-04-28"]}}}}"#,
            &[
                "9:27: /0/windows/weights/citizens: all weights are zero; make one of them greater",
                "9:78: /0/windows/open/citizens/A/0: `funday` is no day; use one of mon, tue, wed, thu, fri, sat, sun, or a date such as 2021-08-09",
                "9:100: /0/windows/open/citizens/A/1: 2020-04-28 is no day of the clock; correct it, or remove the window",
            ],
        ),
    ] {
        assert_eq!(told(&format!("[{rule}]")), lines, "{rule}");
    }
}
