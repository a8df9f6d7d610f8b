//! Explanations and warnings.

use super::{GOOD, with};
use clickday::scenario::{Scenario, explain, warnings};
use std::path::Path;

/// The warnings on a scenario whose people come back spread after an opening.
fn warned(text: &str) -> Vec<String> {
    let spread = text.replace("\"timeout\": \"60s\"", "\"timeout\": \"60s\", \"closed\": {\"return_delay\": \"5min\"}");
    warnings(&Scenario::parse(&spread, Path::new("s.json")).unwrap().compile(None).unwrap())
}

/// What `check` says.
fn told(text: &str) -> String {
    let scenario = Scenario::parse(text, Path::new("s.json")).unwrap();
    explain(&scenario, &scenario.compile(None).unwrap())
}

fn holds(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|found| found == *line), "{line}\nis not in\n{text}");
    }
}

#[test]
fn warnings_name_the_zombie_cliff_and_the_lock_in() {
    assert!(warned(GOOD).is_empty(), "fifty places at four a second are served in thirteen seconds");
    let crowd = |people: &str| with("\"queue\": 50", "\"queue\": 5000").replace("\"population\": 1000", people);
    let long = warned(&crowd("\"population\": 50000"));
    assert!(!long.is_empty(), "{long:?}");
    assert_eq!(
        long[0],
        "zombie cliff at `portal`: with 4 workers a full queue takes 21 min to serve, and `citizens` wait 60.0 s at most; once the \
         queue has grown that long nearly all work is done for people who have left. Shorten the queue to about 240 places, or \
         let requests leave on timeout."
    );
    let busy = warned(&crowd("\"population\": 500000"));
    assert!(busy.len() == 2 && busy[1].starts_with("lock-in at `portal`"), "{busy:?}");
    assert!(warned(&with("\"queue\": 50", "\"on_timeout\": \"leave\"")).is_empty());
}

#[test]
fn no_zombie_cliff_where_the_load_builds_no_queue() {
    let few = with("\"queue\": 50", "\"queue\": 5000").replace("\"population\": 1000", "\"population\": 100");
    assert!(warned(&few).is_empty(), "{:?}", warned(&few));
    let text = told(&few.replace(
        "\"timeout\": \"60s\"",
        "\"timeout\": \"60s\", \"closed\": {\"return_delay\": {\"exponential\": {\"mean\": \"20min\"}}}",
    ));
    let why = "  portal: a queue longer than `citizens` wait (60.0 s) would waste nearly all work, but the load does not build one: \
               even if all tries were made at once, waits would stay below ";
    assert!(text.lines().any(|line| line.starts_with(why)), "{text}");
    assert!(!text.contains("Beware"), "{text}");
    // The same people all at once, by the curve or because a window lets all of them in together, do build one.
    let spike = "\"curve\": {\"spike\": {\"at\": \"2020-03-28T09:00\", \"delay\": \"1s\"}}";
    let weibull = r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#;
    assert_eq!(warned(&few.replace(weibull, spike).replace(": 100,", ": 200,")).len(), 1);
    let gate = few.replace(weibull, r#""curve": {"uniform": {"from": "2020-03-28T00:00", "to": "2020-03-28T08:00"}}"#);
    let gate = gate.replace(": 100,", ": 200,");
    assert_eq!(warnings(&Scenario::parse(&gate, Path::new("s.json")).unwrap().compile(None).unwrap()).len(), 2);
}

#[test]
fn people_who_come_back_all_at_once_are_warned_of() {
    let sharp = |text: &str| warnings(&Scenario::parse(text, Path::new("s.json")).unwrap().compile(None).unwrap());
    assert_eq!(
        sharp(GOOD),
        [
            "sharp openings for `citizens`: windows of `split` keep them out, and without a `closed` block that gives a `return_delay` \
          all of them come back in the same instant of the opening, a sharper rush than people make. Spread them, for example by \
          \"closed\": {\"return_delay\": {\"exponential\": {\"mean\": \"20min\"}}}."
        ]
    );
    assert!(sharp(&with("08:00-16:00", "00:00-24:00")).is_empty(), "never shut");
    assert!(sharp(&with("[\"08:00-16:00\"]", "[]")).is_empty(), "never opened");
    assert!(sharp(&with("\"timeout\": \"60s\"", "\"timeout\": \"60s\", \"operators\": 3")).is_empty(), "operators are few");
}

#[test]
fn an_explanation_tells_windows_load_and_work() {
    holds(
        &told(GOOD),
        &[
            "office (office)",
            "From 2020-03-28T00:00 to 2020-03-30T00:00 in Europe/Rome: 1 d 23 h.",
            "  citizens: 1,000 people",
            "    all come by a Weibull curve from 2020-03-28T00:00: 63 % within 1 d, shape 0.7",
            "    20 % would come after the end of the clock, and are not there",
            "    form at portal: 1 s of work, waits 1 min at most",
            "    3 tries of each step in all before giving up for good",
            "    waits 5 s before each retry",
            "    kept out by a policy, all know the schedule; they come back in the instant of the opening",
            "  portal: 4 workers, 50 waiting places",
            "  open (the baseline): everybody may enter at any time",
            "    citizens may enter",
            "      2020-03-28 to 2020-03-29: 08:00-16:00",
            "  2 policies x 10 replications from seed 1: 20,000 applicants in all",
        ],
    );
}

#[test]
fn every_length_of_time_and_every_word_of_behaviour_is_told() {
    let class = r#""timeout": "60s",
      "retry": {"attempts": 3, "backoff": "5s"}"#;
    let other = r#""timeout": {"exponential": {"mean": "300ms"}}, "timeout_covers": "queue", "priority": 2,
      "operators": 5, "prepare": {"gamma": {"mean": "6min", "cv": 0.5}}, "hours": {"open": ["08:00-12:30"], "days": ["mon", "sat"]},
      "retry": {"attempts": 3, "resume": "journey", "backoff": {"capped_exponential": {"first": "5s", "max": "5min", "jitter": "equal"}},
                "return_after": {"uniform": {"min": "1h", "max": "2h"}}, "returns": 1},
      "closed": {"aware": 0.25, "return_delay": {"pareto": {"min": "1min", "shape": 2}}}"#;
    let text = with(class, other)
        .replace(
            r#""service": "1s""#,
            r#""think": {"weibull": {"shape": 2, "scale": "2min"}}, "service": {"empirical": {"values": ["2s", "1s"]}}"#,
        )
        .replace(
            r#""queue": 50"#,
            r#""queue": 50, "discipline": "priority", "on_full": "drop", "refusal_cost": "5ms", "on_timeout": "leave",
               "slowdown": {"contention": 0.1}, "workers_at": [{"from": "2020-03-28T09:00", "workers": 1}],
               "outages": [{"from": "2020-03-28T10:00", "to": "2020-03-28T11:00", "why": "works"}]"#,
        )
        .replace(r#""windows": {"open""#, r#""windows": {"applies_to": "requests", "open""#)
        .replace(r#""seed": 1"#, r#""seed": 1, "demand": {"cv": 0.2}"#);
    holds(
        &told(&text),
        &[
            "Series in steps of 1 min.",
            "  citizens: 1,000 people, whose applications 5 operators work",
            "    form at portal: thinks up to 2 min in 63 % of cases (Weibull, shape 2), 1 s to 2 s of work (one of 2 values), \
             waits in the queue 300 ms on average (exponential)",
            "    3 tries, each from the first step, in all before giving up for now",
            "    waits 5 s before the first retry, 2 times that before each further one, 5 min at most, each shortened by chance to \
             between half and all of it",
            "    comes back 1 h to 2 h (uniform) after giving up, up to 1 time",
            "    kept out by a policy, 25 % know the schedule, the others ask once; they come back at least 1 min (Pareto, shape 2) \
             after the opening",
            "    operators prepare each application for 6 min on average (gamma, cv 0.5)",
            "    operators work 08:00-12:30 on Mon, Sat",
            "    priority 2 (0 is served first)",
            "  each replication multiplies all populations by one random factor (mean 1, cv 0.2)",
            "    1 worker from 2020-03-28T09:00",
            "    down from 2020-03-28T10:00 to 2020-03-28T11:00: works",
            "    serves by the priority of the class, first in first out within one",
            "    when its queue is full it is silent, and the client finds out by its timeout",
            "    each refusal at a full queue costs 5 ms of a worker's time",
            "    slows as workers get busy: with 4 busy a request takes 1.30 times as long (contention 0.1, coherency 0)",
            "    drops requests whose client has left",
            "    citizens may enter, asked at every request",
        ],
    );
}

#[test]
fn every_arrival_curve_is_told() {
    let weibull = r#"{"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#;
    let hours = (0..24).map(|hour| if (8..11).contains(&hour) { "9" } else { "1" }).collect::<Vec<_>>().join(",");
    for (curve, line) in [
        (
            r#"{"uniform": {"from": "2020-03-28T00:00", "to": "2020-03-28T08:30", "truncate": true}}"#.to_owned(),
            "evenly from 2020-03-28T00:00 to 2020-03-28T08:30; the curve is cut so that all come within the clock",
        ),
        (
            r#"{"spike": {"at": "2020-03-28T08:00", "delay": {"exponential": {"mean": "5min"}}}}"#.to_owned(),
            "from 2020-03-28T08:00 on, each 5 min on average (exponential) later",
        ),
        (
            r#"{"rates": {"points": [["2020-03-28T08:00", 1], ["2020-03-28T09:00", 3], ["2020-03-28T10:00", 0]], "between": "linear"}}"#
                .to_owned(),
            "along straight lines through 3 points from 2020-03-28T08:00 to 2020-03-28T10:00, most at 2020-03-28T09:00",
        ),
        (
            format!(r#"{{"hourly": {{"from": "2020-03-28T00:00", "to": "2020-03-29T00:00", "weights": [{hours}]}}}}"#),
            "by the hour of the day from 2020-03-28T00:00 to 2020-03-29T00:00, most from 08:00 to 11:00",
        ),
    ] {
        let both = format!(r#"{curve}}}, {{"share": 0.74, "curve": {weibull}"#);
        let text = with(weibull, &both).replacen("\"share\": 1,", "\"share\": 0.26,", 1);
        holds(
            &told(&text),
            &[
                &format!("    26 % come {line}"),
                "    74 % come by a Weibull curve from 2020-03-28T00:00: 63 % within 1 d, shape 0.7",
            ],
        );
    }
}

#[test]
fn what_classes_share_is_told_once() {
    let class = &GOOD[GOOD.find("\"citizens\": {").unwrap()..GOOD.find("  },\n  \"policies\"").unwrap()];
    let two = class.replace("}\n    }", "}\n    },\n").replace(
        "{\"name\": \"form\"",
        "{\"name\": \"login\", \"station\": \"portal\", \"service\": \"1s\"}, {\"name\": \"form\"",
    );
    let text = GOOD.replace(class, &format!("{two}{}", two.replace("citizens", "families").trim_end().trim_end_matches(',')));
    let told = told(&text);
    holds(
        &told,
        &[
            "  families: 1,000 people",
            "    come as citizens",
            "    the same steps as citizens",
            "    tries and returns as citizens",
        ],
    );
    assert_eq!(told.matches("login at portal").count(), 1);
}

#[test]
fn the_example_of_the_docs_gives_the_lines_they_show() {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md")).unwrap();
    let blocks = |kind: &str| -> Vec<String> {
        let fence = format!("```{kind}\n");
        docs.split(&fence).skip(1).map(|block| block.split("```").next().unwrap().to_owned()).collect()
    };
    let (example, shown) = (&blocks("json")[0], blocks("text"));
    assert!(told(example).contains(&shown[0]), "{}\nis not in\n{}", shown[0], told(example));
    assert!(!told(example).contains("Beware"), "{}", told(example));
    let misspelt = example.replacen("\"workers\"", "\"wrokers\"", 1);
    let mistakes = Scenario::parse(&misspelt, Path::new("scenarios/office.json")).unwrap_err();
    assert_eq!(format!("{mistakes}\n"), shown[1]);
    assert_eq!(shown.len(), 2);
}

#[test]
fn an_explanation_tells_what_is_in_doubt() {
    let doubt = r#""seed": 1, "demand": {"cv": 0.2}, "capacity": {"cv": 0.1}"#;
    let scenario = Scenario::parse(&with("\"seed\": 1", doubt), Path::new("s.json")).unwrap();
    let text = explain(&scenario, &scenario.compile(None).unwrap());
    for line in [
        "  2 policies x 10 replications from seed 1: 40,000 applicants in all",
        "  how many come is in doubt: one factor a replication, coefficient of variation 0.2",
        "  how fast the workers are is in doubt: one factor a replication, coefficient of variation 0.1",
        "  each replication is run twice, with the doubt and without",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\nis not in\n{text}");
    }
}
