//! Every mistake of a scenario file is told, each with its place, all at once.

use clickday::model::{Population, Rule};
use clickday::scenario::{Scenario, explain, schema, warnings};
use std::path::Path;

/// A scenario without mistakes; each case below replaces a piece of it.
const GOOD: &str = r#"{
  "format": 1,
  "name": "office",
  "clock": {"start": "2020-03-28T00:00", "end": "2020-03-30T00:00", "time_zone": "Europe/Rome", "bin": "1min"},
  "stations": {
    "portal": {"workers": 4, "queue": 50}
  },
  "classes": {
    "citizens": {
      "population": 1000,
      "arrivals": [{"share": 1, "curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}}],
      "journey": [{"name": "form", "station": "portal", "service": "1s"}],
      "timeout": "60s",
      "retry": {"attempts": 3, "backoff": "5s"}
    }
  },
  "policies": {
    "open": {"rules": []},
    "split": {"rules": [{"windows": {"open": {"citizens": ["08:00-16:00"]}}}]}
  },
  "observations": [],
  "experiment": {"seed": 1, "replications": 10}
}
"#;

/// The mistakes of a text, each line without the path.
fn mistakes(text: &str) -> Vec<String> {
    match Scenario::parse(text, Path::new("s.json")) {
        Ok(_) => Vec::new(),
        Err(mistakes) => mistakes.to_string().lines().map(|line| line.trim_start_matches("s.json:").to_owned()).collect(),
    }
}

/// The good scenario with one piece replaced.
fn with(piece: &str, other: &str) -> String {
    assert!(GOOD.contains(piece), "{piece}");
    GOOD.replacen(piece, other, 1)
}

/// What is replaced, by what, and every line that is told.
type Case = (&'static str, &'static str, &'static [&'static str]);

fn hold(cases: &[Case]) {
    for (piece, other, lines) in cases {
        assert_eq!(mistakes(&with(piece, other)), *lines, "{piece} -> {other}");
    }
}

#[test]
fn the_good_scenario_is_good() {
    assert_eq!(mistakes(GOOD), [""; 0]);
}

#[test]
fn mistakes_of_the_head_and_the_clock() {
    hold(&[
        (r#""format": 1"#, r#""format": 2"#, &["2:13: /format: found 2; this program reads format 1"]),
        (
            r#""name": "office""#,
            r#""name": "../office""#,
            &[
                "3:11: /name: `../office` does not serve as the name of a folder; use 1 to 100 letters a-z, digits, `.`, `_` and `-`, no `.` first",
            ],
        ),
        (
            r#""name": "office""#,
            r#""name": ".office""#,
            &[
                "3:11: /name: `.office` does not serve as the name of a folder; use 1 to 100 letters a-z, digits, `.`, `_` and `-`, no `.` first",
            ],
        ),
        (r#""name": "office""#, r#""title": "office""#, &["1:1: /: the key `name` is missing; add it"]),
        (
            r#""Europe/Rome""#,
            r#""Europe/Roma""#,
            &["4:82: /clock/time_zone: no time zone is called `Europe/Roma`; did you mean `Europe/Rome`?"],
        ),
        (
            r#""Europe/Rome""#,
            r#""the moon""#,
            &["4:82: /clock/time_zone: no time zone is called `the moon`; use an IANA name such as `Europe/Rome` or `UTC`"],
        ),
        (r#""bin": "1min""#, r#""bin": "0s""#, &[r#"4:104: /clock/bin: a bin of no length; use for example "1min""#]),
        (
            r#""bin": "1min""#,
            r#""bin": "1ms""#,
            &["4:104: /clock/bin: that makes 169200000 bins; widen it to have at most 1000000"],
        ),
        (r#""bin": "1min""#, r#""bin": "60""#, &["4:104: /clock/bin: `60` has no unit; units are ns, us, ms, s, min, h and d"]),
        (
            r#""bin": "1min""#,
            r#""bin": "1min", "measure_from": "2020-03-30T00:00""#,
            &["4:128: /clock/measure_from: 2020-03-30T00:00 is not before clock.end, 2020-03-30T00:00; move it or the end"],
        ),
        (
            r#""end": "2020-03-30T00:00""#,
            r#""end": "2020-03-28T00:00""#,
            &["4:49: /clock/end: the clock ends when or before it starts; end it after 2020-03-28T00:00"],
        ),
        (
            r#""end": "2020-03-30T00:00""#,
            r#""end": "2020-02-30T00:00""#,
            &[r#"4:49: /clock/end: `2020-02-30T00:00` is not a moment; write it as "2020-04-01T08:30", in the scenario's zone"#],
        ),
        (
            r#""start": "2020-03-28T00:00""#,
            r#""start": "2020-03-29T02:30""#,
            &[
                "4:22: /clock/start: 2020-03-29T02:30 does not exist: that night clocks jump from 02:00 to 03:00; choose a time outside",
            ],
        ),
        (
            r#""replications": 10"#,
            r#""replications": 0"#,
            &["22:45: /experiment/replications: found 0; expected a whole number from 1 to 100000"],
        ),
        (
            r#""seed": 1"#,
            r#""seed": 18446744073709551616"#,
            &["22:26: /experiment/seed: found 18446744073709551616; expected a whole number from 0 to 18446744073709551615"],
        ),
        (
            r#""seed": 1"#,
            r#""seed": 1, "demand": {"cv": 0}"#,
            &["22:46: /experiment/demand/cv: found 0; expected a number greater than zero, at most 1e12"],
        ),
    ]);
}

#[test]
fn mistakes_of_stations() {
    hold(&[
        (
            r#""workers": 4"#,
            r#""wrokers": 4"#,
            &[
                "6:15: /stations/portal: the key `workers` is missing; add it",
                "6:16: /stations/portal/wrokers: unknown key `wrokers`; did you mean `workers`?",
            ],
        ),
        (
            r#""queue": 50"#,
            r#""queue": 50, "quue": 3"#,
            &["6:43: /stations/portal/quue: unknown key `quue`; did you mean `queue`?"],
        ),
        (
            r#""queue": 50"#,
            r#""queue": 50, "speed": 3"#,
            &[
                "6:43: /stations/portal/speed: unknown key `speed`; use `workers`, `queue`, `discipline`, `on_timeout`, `on_full`, `refusal_cost`, `slowdown`, `workers_at`, `outages`, `note`, `source` or `chosen`",
            ],
        ),
        (
            r#""queue": 50"#,
            r#""queue": 50, "queue": 60"#,
            &["6:43: /stations/portal/queue: the key `queue` stands here a second time; keep one of them"],
        ),
        (
            r#""queue": 50"#,
            r#""queue": -1"#,
            &["6:39: /stations/portal/queue: found -1; expected a whole number from 0 to 4294967295"],
        ),
        (
            r#""queue": 50"#,
            r#""queue": "infinite""#,
            &[r#"6:39: /stations/portal/queue: found "infinite"; expected a number of places or "unbounded""#],
        ),
        (
            r#""queue": 50"#,
            r#""queue": 50, "discipline": "fif0""#,
            &["6:57: /stations/portal/discipline: unknown word `fif0`; did you mean `fifo`?"],
        ),
        (
            r#""queue": 50"#,
            r#""queue": 50, "discipline": "round robin""#,
            &["6:57: /stations/portal/discipline: unknown word `round robin`; use `fifo`, `lifo`, `priority` or `random`"],
        ),
        (
            r#""workers": 4"#,
            r#""workers": 2.5"#,
            &["6:27: /stations/portal/workers: found 2.5; expected a whole number from 0 to 10000000"],
        ),
        (
            r#""workers": 4"#,
            r#""workers": 10000001"#,
            &["6:27: /stations/portal/workers: found 10000001; expected a whole number from 0 to 10000000"],
        ),
        (
            r#""queue": 50"#,
            r#""queue": 50, "workers_at": [{"from": "2020-03-28T12:00", "workers": 1}, {"from": "2020-03-28T11:00", "workers": 1}, {"from": "2020-03-31T11:00", "workers": 1}]"#,
            &[
                "6:111: /stations/portal/workers_at/1/from: 2020-03-28T11:00 is not after the change before it; put the changes in order of time",
                "6:155: /stations/portal/workers_at/2/from: 2020-03-31T11:00 is not before clock.end, 2020-03-30T00:00; move it or the end",
            ],
        ),
        (
            r#""queue": 50"#,
            r#""queue": 50, "outages": [{"from": "2020-03-28T12:00", "to": "2020-03-28T14:00"}, {"from": "2020-03-28T13:00", "to": "2020-03-28T15:00"}]"#,
            &["6:111: /stations/portal/outages/1: this outage overlaps that of `outages/0`; join them or move one"],
        ),
        (
            r#""queue": 50"#,
            r#""queue": 50, "outages": [{"from": "2020-03-28T12:00", "to": "2020-03-28T11:00"}]"#,
            &["6:90: /stations/portal/outages/0/to: 2020-03-28T11:00 is not after `from`, 2020-03-28T12:00; move one of them"],
        ),
        (
            r#""stations": {
    "portal": {"workers": 4, "queue": 50}
  }"#,
            r#""stations": {}"#,
            &["5:15: /stations: there are no stations; name at least one"],
        ),
    ]);
}

#[test]
fn mistakes_of_arrivals() {
    hold(&[
        (
            r#""weibull": {"from": "2020-03-28T00:00""#,
            r#""weibull": {"from": "2020-03-29T02:30""#,
            &[
                "11:63: /classes/citizens/arrivals/0/curve/weibull/from: 2020-03-29T02:30 does not exist: that night clocks jump from 02:00 to 03:00; choose a time outside",
            ],
        ),
        (
            r#""weibull": {"from": "2020-03-28T00:00""#,
            r#""weibull": {"from": "2020-03-27T23:00""#,
            &[
                "11:63: /classes/citizens/arrivals/0/curve/weibull/from: 2020-03-27T23:00 is before clock.start, 2020-03-28T00:00; move it or the start",
            ],
        ),
        (
            r#""weibull": {"from": "2020-03-28T00:00""#,
            r#""weibull": {"from": "2020-03-30T00:00""#,
            &[
                "11:63: /classes/citizens/arrivals/0/curve/weibull/from: 2020-03-30T00:00 is not before clock.end, 2020-03-30T00:00; move it or the end",
            ],
        ),
        (
            r#""weibull": {"from": "2020-03-28T00:00""#,
            r#""weibull": {"from": "28 March""#,
            &[
                r#"11:63: /classes/citizens/arrivals/0/curve/weibull/from: `28 March` is not a moment; write it as "2020-04-01T08:30", in the scenario's zone"#,
            ],
        ),
        (
            r#""weibull""#,
            r#""wiebull""#,
            &[
                "11:43: /classes/citizens/arrivals/0/curve/wiebull: an arrival curve has no kind `wiebull`; did you mean `weibull`?",
            ],
        ),
        (
            r#""share": 1"#,
            r#""share": 0.5"#,
            &["11:19: /classes/citizens/arrivals: the shares add up to 0.5; they must add up to 1"],
        ),
        (
            r#""share": 1"#,
            r#""share": 1.5"#,
            &["11:30: /classes/citizens/arrivals/0/share: found 1.5; expected a share from 0 to 1"],
        ),
        (
            r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#,
            r#""curve": {"hourly": {"from": "2020-03-28T00:00", "to": "2020-03-29T00:00", "weights": [1, 2, 3]}}"#,
            &[
                "11:119: /classes/citizens/arrivals/0/curve/hourly/weights: there are 3 weights; give 24, one for each hour of the day",
            ],
        ),
        (
            r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#,
            r#""curve": {"hourly": {"from": "2020-03-29T00:00", "to": "2020-03-28T00:00", "weights": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}}"#,
            &[
                "11:88: /classes/citizens/arrivals/0/curve/hourly/to: 2020-03-28T00:00 is not after `from`, 2020-03-29T00:00; move one of them",
                "11:119: /classes/citizens/arrivals/0/curve/hourly/weights: all weights are zero, so nobody comes; make one of them greater",
            ],
        ),
        (
            r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#,
            r#""curve": {"rates": {"points": [["2020-03-28T01:00", 1], ["2020-03-28T00:00", -1]]}}"#,
            &[
                "11:110: /classes/citizens/arrivals/0/curve/rates/points/1/1: found -1; expected a number, zero or greater, at most 1e12",
            ],
        ),
        (
            r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#,
            r#""curve": {"rates": {"points": [["2020-03-28T01:00", 0], ["2020-03-28T02:00", 1]]}}"#,
            &[
                "11:63: /classes/citizens/arrivals/0/curve/rates/points: all rates are zero, so nobody comes; make one of them greater (the last point ends the shape)",
            ],
        ),
        (
            r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#,
            r#""curve": {"trace": {"file": "nowhere.csv"}}"#,
            &["11:61: /classes/citizens/arrivals/0/curve/trace/file: `nowhere.csv`: there is no such file; check the path"],
        ),
        (
            r#""arrivals": [{"share": 1, "curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}}]"#,
            r#""arrivals": []"#,
            &["11:19: /classes/citizens/arrivals: there are no arrivals; give at least one curve with its share"],
        ),
    ]);
}

#[test]
fn mistakes_of_journeys() {
    hold(&[
        (
            r#""journey": [{"name": "form", "station": "portal", "service": "1s"}]"#,
            r#""journey": []"#,
            &["12:18: /classes/citizens/journey: the journey has no steps; give at least one"],
        ),
        (
            r#""station": "portal""#,
            r#""station": "protal""#,
            &["12:47: /classes/citizens/journey/0/station: no station is called `protal`; did you mean `portal`?"],
        ),
        (
            r#""station": "portal""#,
            r#""station": "bank""#,
            &["12:47: /classes/citizens/journey/0/station: no station is called `bank`; use `portal`"],
        ),
        (
            r#""service": "1s""#,
            r#""service": "1 parsec""#,
            &[
                "12:68: /classes/citizens/journey/0/service: `parsec` is not a unit of time; units are ns, us, ms, s, min, h and d",
            ],
        ),
        (
            r#""service": "1s""#,
            r#""service": 1"#,
            &[r#"12:68: /classes/citizens/journey/0/service: found 1; expected a duration such as "90s" or "1.5h""#],
        ),
        (
            r#""service": "1s""#,
            r#""service": {"lognormal": {"mean": "1s"}}"#,
            &["12:82: /classes/citizens/journey/0/service/lognormal: the key `cv` is missing; add it"],
        ),
        (
            r#""service": "1s""#,
            r#""service": {"exponential": {"mean": "1s"}, "gamma": {"mean": "1s", "cv": 1}}"#,
            &[
                "12:100: /classes/citizens/journey/0/service/gamma: a distribution has one key and no more, out of `exponential`, `lognormal`, `gamma`, `weibull`, `pareto`, `uniform` or `empirical`; remove the others",
            ],
        ),
        (
            r#""service": "1s""#,
            r#""service": {"normal": {"mean": "1s"}}"#,
            &[
                "12:69: /classes/citizens/journey/0/service/normal: a distribution has no kind `normal`; did you mean `lognormal`?",
            ],
        ),
        (
            r#""service": "1s""#,
            r#""service": {}"#,
            &[
                "12:68: /classes/citizens/journey/0/service: this says no kind; a distribution has one key out of `exponential`, `lognormal`, `gamma`, `weibull`, `pareto`, `uniform` or `empirical`",
            ],
        ),
        (
            r#""service": "1s""#,
            r#""service": {"uniform": {"min": "2s", "max": "1s"}}"#,
            &[
                "12:101: /classes/citizens/journey/0/service/uniform/max: max is 1 s and min is 2 s; max must not be less than min",
            ],
        ),
        (
            r#""service": "1s""#,
            r#""service": {"empirical": {"values": ["1s"], "weights": [1, 2]}}"#,
            &[
                "12:112: /classes/citizens/journey/0/service/empirical/weights: 2 weights for 1 values; give one for each value, or none",
            ],
        ),
        (
            r#""service": "1s""#,
            r#""service": {"empirical": {"values": ["1s"], "weights": [0]}}"#,
            &["12:112: /classes/citizens/journey/0/service/empirical/weights: all weights are zero; make one of them greater"],
        ),
    ]);
}

#[test]
fn mistakes_of_behaviour() {
    hold(&[
        (
            r#""timeout": "60s""#,
            r#""timeout": "0s""#,
            &[r#"13:18: /classes/citizens/timeout: a timeout of zero ends every request at once; give it a length, or "never""#],
        ),
        (
            r#""timeout": "60s""#,
            r#""timeout": null"#,
            &[r#"13:18: /classes/citizens/timeout: found null; expected a duration such as "90s" or "1.5h""#],
        ),
        (
            r#""retry": {"attempts": 3, "backoff": "5s"}"#,
            r#""retry": {"attempts": 0, "returns": 1}"#,
            &["14:29: /classes/citizens/retry/attempts: found 0; expected a whole number from 1 to 65535"],
        ),
        (
            r#""retry": {"attempts": 3, "backoff": "5s"}"#,
            r#""retry": {"attempts": 3}"#,
            &[
                r#"14:16: /classes/citizens/retry: `attempts` is more than 1 and there is no `backoff`; say how long people wait before a retry, such as "10s""#,
            ],
        ),
        (
            r#""backoff": "5s""#,
            r#""backoff": {"capped_exponentail": {"first": "5s", "max": "1min"}}"#,
            &[
                "14:44: /classes/citizens/retry/backoff/capped_exponentail: a backoff has no kind `capped_exponentail`; did you mean `capped_exponential`?",
            ],
        ),
        (
            r#""backoff": "5s""#,
            r#""backoff": {"capped_exponential": {"first": "5s", "max": "1s", "factor": 0.5, "jitter": "some"}}"#,
            &[
                "14:89: /classes/citizens/retry/backoff/capped_exponential/max: max is 1 s and first is 5 s; max must not be less than first",
                "14:105: /classes/citizens/retry/backoff/capped_exponential/factor: found 0.5; expected a factor from 1 to 1000",
                "14:120: /classes/citizens/retry/backoff/capped_exponential/jitter: unknown word `some`; did you mean `none`?",
            ],
        ),
        (
            r#""backoff": "5s""#,
            r#""backoff": {"capped_exponential": {"first": "5s", "max": "1s"}}"#,
            &[
                "14:89: /classes/citizens/retry/backoff/capped_exponential/max: max is 1 s and first is 5 s; max must not be less than first",
            ],
        ),
        (
            r#""timeout": "60s""#,
            r#""closed": {"aware": 1.2}"#,
            &["13:27: /classes/citizens/closed/aware: found 1.2; expected a share from 0 to 1"],
        ),
        (
            r#""timeout": "60s""#,
            r#""operators": 0"#,
            &["13:20: /classes/citizens/operators: found 0; expected a whole number from 1 to 10000000"],
        ),
        (
            r#""timeout": "60s""#,
            r#""prepare": "1min", "hours": ["08:00-12:00"]"#,
            &[
                "13:18: /classes/citizens/prepare: `prepare` without `operators`; say how many operators there are, or remove it",
                "13:35: /classes/citizens/hours: `hours` without `operators`; say how many operators there are, or remove it",
            ],
        ),
        (
            r#""timeout": "60s""#,
            r#""operators": 1, "hours": {"open": ["8-12"], "days": ["monday"]}"#,
            &[
                r#"13:42: /classes/citizens/hours/open/0: `8-12` is not a window; write it as "08:00-16:00""#,
                "13:60: /classes/citizens/hours/days/0: unknown word `monday`; use `mon`, `tue`, `wed`, `thu`, `fri`, `sat` or `sun`",
            ],
        ),
        (
            r#""population": 1000"#,
            r#""population": 5000000000"#,
            &["10:21: /classes/citizens/population: found 5000000000; expected a whole number from 0 to 4000000000"],
        ),
        (
            r#""population": 1000"#,
            r#""population": {"poisson": -1}"#,
            &["10:33: /classes/citizens/population/poisson: found -1; expected a number of people from 0 to 4000000000"],
        ),
        (
            r#""population": 1000"#,
            r#""population": "many""#,
            &[r#"10:21: /classes/citizens/population: found "many"; expected a whole number from 0 to 4000000000"#],
        ),
    ]);
}

#[test]
fn mistakes_of_policies() {
    hold(&[
        (
            r#""08:00-16:00""#,
            r#""08:00-08:00""#,
            &[
                r#"19:60: /policies/split/rules/0/windows/open/citizens/0: `08:00-08:00` is not a window; it closes when it opens; the whole day is "00:00-24:00""#,
            ],
        ),
        (
            r#""08:00-16:00""#,
            r#""24:00-08:00""#,
            &[
                "19:60: /policies/split/rules/0/windows/open/citizens/0: `24:00-08:00` is not a window; nothing begins at 24:00; write 00:00",
            ],
        ),
        (
            r#""08:00-16:00""#,
            r#""08:00-25:00""#,
            &[
                r#"19:60: /policies/split/rules/0/windows/open/citizens/0: `08:00-25:00` is not a window; write it as "08:00-16:00""#,
            ],
        ),
        (
            r#"{"citizens": ["08:00-16:00"]}"#,
            r#"{"citizen": ["08:00-16:00"]}"#,
            &["19:47: /policies/split/rules/0/windows/open/citizen: no class is called `citizen`; did you mean `citizens`?"],
        ),
        (
            r#"{"open": {"citizens": ["08:00-16:00"]}}"#,
            r#"{"open": {}, "days": []}"#,
            &[
                "19:46: /policies/split/rules/0/windows/open: no class is named, so the rule does nothing; name one with its windows",
                "19:58: /policies/split/rules/0/windows/days: the list of days is empty; name some, or remove the key",
            ],
        ),
        (
            r#"{"open": {"citizens": ["08:00-16:00"]}}"#,
            r#"{"open": {"citizens": ["08:00-16:00"]}, "from": "2020-03-29T00:00", "to": "2020-03-28T12:00"}"#,
            &[
                "19:111: /policies/split/rules/0/windows/to: 2020-03-28T12:00 is not after `from`, 2020-03-29T00:00; move one of them",
            ],
        ),
        (
            r#"{"open": {"citizens": ["08:00-16:00"]}}"#,
            r#"{"open": {"citizens": {"A-L": ["08:00-16:00"]}}, "cohorts": {"citizens": {"A-L": 0.5, "M-Z": 0.4}}}"#,
            &[
                "19:59: /policies/split/rules/0/windows/open/citizens: the cohort `M-Z` of `citizens` has no windows; give it a list of them",
                "19:110: /policies/split/rules/0/windows/cohorts/citizens: the shares of these cohorts add up to 0.9; they must add up to 1",
            ],
        ),
        (
            r#"{"open": {"citizens": ["08:00-16:00"]}}"#,
            r#"{"open": {"citizens": {"A-K": ["08:00-16:00"]}}}"#,
            &[
                "19:59: /policies/split/rules/0/windows/open/citizens: `citizens` is not split in `cohorts`; give their shares there, or one list of windows here",
            ],
        ),
        (
            r#"{"open": {"citizens": ["08:00-16:00"]}}"#,
            r#"{"open": {"citizens": {"A-K": ["08:00-16:00"], "L-Z": []}}, "cohorts": {"citizens": {"A-L": 0.5, "L-Z": 0.5}}}"#,
            &[
                "19:59: /policies/split/rules/0/windows/open/citizens: the cohort `A-L` of `citizens` has no windows; give it a list of them",
                "19:60: /policies/split/rules/0/windows/open/citizens/A-K: `citizens` has no cohort `A-K`; did you mean `A-L`?",
            ],
        ),
    ]);
}

#[test]
fn mistakes_of_observations() {
    hold(&[
        (
            r#""observations": []"#,
            r#""observations": [{"at": "2020-03-28T08:00", "metric": "completd", "value": 1, "tolerance": 0.1}]"#,
            &["21:57: /observations/0/metric: unknown metric `completd`; did you mean `completed`?"],
        ),
        (
            r#""observations": []"#,
            r#""observations": [{"at": "2020-03-28T08:00", "metric": "completed_rate", "value": 1, "tolerance": 0.1}]"#,
            &["21:57: /observations/0/metric: `completed_rate` is a rate between two moments; give `from` and `to` and not `at`"],
        ),
        (
            r#""observations": []"#,
            r#""observations": [{"from": "2020-03-28T08:00", "to": "2020-03-28T09:00", "metric": "completed", "value": 1, "tolerance": 0.1}]"#,
            &["21:85: /observations/0/metric: `completed` is a count up to one moment; use `completed_rate`, or give `at`"],
        ),
        (
            r#""observations": []"#,
            r#""observations": [{"from": "2020-03-28T08:00", "to": "2020-03-28T09:00", "metric": "backlog", "value": 1, "tolerance": 0.1}]"#,
            &["21:85: /observations/0/metric: `backlog` is a level at one moment; give `at` and not `from` and `to`"],
        ),
        (
            r#""observations": []"#,
            r#""observations": [{"metric": "completed", "value": 1, "tolerance": 0.1, "policy": "opne", "classes": ["citizens", "citizens"]}]"#,
            &[
                "21:20: /observations/0: it says not when; give `at` for a count, or `from` and `to` for a rate",
                "21:84: /observations/0/policy: no policy is called `opne`; did you mean `open`?",
                "21:116: /observations/0/classes/1: `citizens` stands here a second time; remove it",
            ],
        ),
        (
            r#""observations": []"#,
            r#""observations": [{"at": "2020-03-30T00:01", "metric": "lost_share", "value": 40, "tolerance": 0, "class": "citizen"}]"#,
            &[
                "21:27: /observations/0/at: 2020-03-30T00:01 lies beyond clock.end, 2020-03-30T00:00; move it or the end",
                "21:80: /observations/0/value: a share is at most 1; write 40 % as 0.4",
                "21:97: /observations/0/tolerance: found 0; expected a number greater than zero, at most 1e12",
                "21:109: /observations/0/class: no class is called `citizen`; did you mean `citizens`?",
            ],
        ),
    ]);
}

#[test]
fn many_mistakes_are_told_at_once_and_in_order() {
    let text = GOOD
        .replace("\"workers\": 4", "\"wrokers\": 4")
        .replace("\"1min\"", "\"60 parsecs\"")
        .replace("\"service\": \"1s\"", "\"service\": \"soon\"")
        .replace("\"attempts\": 3", "\"attempts\": 0")
        .replace("{\"citizens\": [", "{\"citizen\": [")
        .replace("\"station\": \"portal\"", "\"station\": \"protal\"");
    assert_eq!(
        mistakes(&text),
        [
            "4:104: /clock/bin: `parsecs` is not a unit of time; units are ns, us, ms, s, min, h and d",
            "6:15: /stations/portal: the key `workers` is missing; add it",
            "6:16: /stations/portal/wrokers: unknown key `wrokers`; did you mean `workers`?",
            "12:47: /classes/citizens/journey/0/station: no station is called `protal`; did you mean `portal`?",
            "12:68: /classes/citizens/journey/0/service: `soon` is not a duration; write numbers with units, such as \"90s\" or \"1h30min\"",
            "14:29: /classes/citizens/retry/attempts: found 0; expected a whole number from 1 to 65535",
            "19:47: /policies/split/rules/0/windows/open/citizen: no class is called `citizen`; did you mean `citizens`?",
        ]
    );
}

#[test]
fn a_queue_that_drops_needs_clients_that_stop_waiting() {
    let text = with("\"queue\": 50", "\"queue\": 50, \"on_full\": \"drop\"");
    assert_eq!(mistakes(&text), [""; 0]);
    assert_eq!(
        mistakes(&text.replace("\"60s\"", "\"never\"")),
        [
            "12:19: /classes/citizens/journey/0: this step never times out, and `portal` drops requests in silence; give a timeout, \
          or set on_full to \"refuse\""
        ]
    );
}

#[test]
fn what_is_no_scenario_at_all_is_told_without_a_crash() {
    assert_eq!(mistakes(""), ["1:1: the file is empty; it should hold one JSON object"]);
    assert_eq!(mistakes("[]"), ["1:1: /: found an empty list; a scenario is an object in `{}`"]);
    assert_eq!(mistakes(&GOOD[..GOOD.len() - 4]), ["22:47: the file ends too early; expected `,` or `}`"]);
    assert_eq!(mistakes(&"[".repeat(100_000)), ["1:129: nested deeper than 128 levels; no scenario needs that"]);
    assert_eq!(mistakes(&format!("{GOOD}{GOOD}")), ["24:1: found `{` after the end of the JSON value; remove what follows it"]);
    assert_eq!(mistakes("{}").len(), 6);
    let load = |path: &Path| Scenario::load(path).unwrap_err().to_string();
    assert_eq!(load(Path::new("nowhere.json")), "nowhere.json: there is no such file; check the path");
    assert_eq!(load(Path::new("scenarios")), "scenarios: this is a folder; name a file in it");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.json");
    for (bytes, text) in [
        (b"{\"\xff\": 1}".to_vec(), "1:3: this is not UTF-8; save the file as UTF-8"),
        (b"\xff\xfe{".to_vec(), "1:1: this file is in UTF-16; save it as UTF-8"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(load(&path), format!("{}:{text}", path.display()));
    }
    std::fs::write(&path, format!("\u{feff}{GOOD}")).unwrap();
    assert!(Scenario::load(&path).is_ok(), "a byte order mark is passed over");
}

#[test]
fn traces_are_read_and_their_mistakes_told_with_their_own_lines() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("s.json");
    let curve = r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#;
    std::fs::write(&scenario, with(curve, r#""curve": {"trace": {"file": "t.csv"}}"#)).unwrap();
    let path = folder.path().join("t.csv");
    let told = |csv: &str| {
        std::fs::write(&path, csv).unwrap();
        let told = Scenario::load(&scenario).map_or_else(|mistakes| mistakes.to_string(), |_| String::new());
        told.replace(&format!("{}:", path.display()), "")
    };
    assert_eq!(told("time\n2020-03-28T01:00\n3600.5\n"), "");
    assert_eq!(told("time,count\n2020-03-28T01:00,5\n2020-03-28T02:00,0\n"), "");
    assert_eq!(told("when\n1\n"), "1:1: the first line is `when`; it must be `time` or `time,count`");
    assert_eq!(told(""), "1:1: the first line is ``; it must be `time` or `time,count`");
    assert_eq!(told("time\n"), "1:1: there are no rows; give at least one");
    assert_eq!(
        told("time,count\n2020-03-28T01:00,-1\nnoon,1\n1\n2020-03-29T02:30,1\n"),
        "2:1: `-1` is not a count; expected a number from 0 to 4000000000\n\
         3:1: `noon` is not a time; write a moment such as 2020-04-01T08:30 or seconds since clock.start\n\
         4:1: 1 fields; expected 2 as in the first line\n\
         5:1: `2020-03-29T02:30:00` does not exist: clocks jump over it when summer time begins; correct it or remove the row"
    );
    assert_eq!(told("time,count\n60,1\n30,1\n"), "3:1: this time is not after that of the row before; sort the rows");
}

#[test]
fn windows_are_right_on_days_of_23_and_25_hours() {
    let hours = |text: &str| -> Vec<(f64, f64)> {
        let study = Scenario::parse(text, Path::new("s.json")).unwrap().compile(None).unwrap();
        let Rule::Windows(rule) = &study.model.policies[1].rules[0];
        let pieces = rule.classes[0][0].open.pieces().iter();
        pieces.map(|(from, to)| (from.seconds() / 3600.0, to.seconds() / 3600.0)).collect()
    };
    // The clocks jump from 02:00 to 03:00 on 29 March: that day begins at hour 24 and 08:00 is seven hours later.
    assert_eq!(hours(GOOD), [(8.0, 16.0), (31.0, 39.0)]);
    assert_eq!(hours(&with("08:00-16:00", "16:00-08:00")), [(0.0, 8.0), (16.0, 31.0), (39.0, 47.0)]);
    assert_eq!(hours(&with("08:00-16:00", "02:30-04:00")), [(2.5, 4.0), (26.0, 27.0)]);
    let autumn = GOOD.replace("2020-03-28", "2020-10-24").replace("2020-03-30", "2020-10-26");
    assert_eq!(hours(&autumn), [(8.0, 16.0), (33.0, 41.0)]);
    // In force from noon of the first day, and on Sundays only: open on all of the rest.
    let some = with("{\"open\"", "{\"from\": \"2020-03-28T12:00\", \"open\"");
    assert_eq!(hours(&some), [(0.0, 16.0), (31.0, 39.0)]);
    let sunday = with("{\"open\"", "{\"days\": [\"sun\"], \"to\": \"2020-03-29T12:00\", \"open\"");
    assert_eq!(hours(&sunday), [(0.0, 24.0), (31.0, 47.0)]);
}

#[test]
fn hourly_weights_are_rates_over_the_hours_on_the_wall() {
    let curve = r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#;
    let weights = (0..24).map(|hour| (hour + 1).to_string()).collect::<Vec<_>>().join(",");
    let hourly =
        format!(r#""curve": {{"hourly": {{"from": "2020-03-29T00:00", "to": "2020-03-30T00:00", "weights": [{weights}]}}}}"#);
    let study = Scenario::parse(&with(curve, &hourly), Path::new("s.json")).unwrap().compile(None).unwrap();
    let curve = &study.model.classes[0].arrivals[0].curve;
    let before = |text: &str| curve.share_before(study.calendar.parse(text).unwrap());
    let total = 300.0 - 3.0;
    for (text, sum) in
        [("2020-03-29T01:00", 1.0), ("2020-03-29T03:00", 3.0), ("2020-03-29T03:30", 5.0), ("2020-03-29T04:00", 7.0)]
    {
        assert!((before(text) - sum / total).abs() < 1e-12, "{text}");
    }
}

#[test]
fn a_smaller_copy_scales_what_it_should_and_says_where_it_cannot() {
    let text = with("\"workers\": 4", "\"workers\": 400, \"workers_at\": [{\"from\": \"2020-03-28T12:00\", \"workers\": 0}]");
    let scenario = Scenario::parse(&text, Path::new("s.json")).unwrap();
    let study = scenario.compile(Some(0.1)).unwrap();
    assert_eq!((study.model.stations[0].workers, study.model.stations[0].queue), (40, Some(5)));
    assert_eq!(study.model.stations[0].workers_at[0].1, 0);
    assert_eq!(study.model.classes[0].population, Population::Fixed(100));
    assert_eq!(
        scenario.compile(Some(0.01)).unwrap_err().to_string(),
        "s.json:6:85: /stations/portal/queue: scaled by 0.01, the 50 queue places of `portal` would be 0.5 and are rounded to 1, \
         more than 5 % off; choose another scale"
            .replace("6:85", &position(&text, "50"))
    );
    assert!(scenario.compile(Some(f64::NAN)).is_err());
}

/// Line and column of a piece of text.
fn position(text: &str, piece: &str) -> String {
    let before = &text[..text.find(piece).unwrap()];
    let line = before.matches('\n').count() + 1;
    format!("{line}:{}", before.rsplit('\n').next().unwrap().chars().count() + 1)
}

#[test]
fn a_change_is_checked_like_a_file() {
    let scenario = Scenario::parse(GOOD, Path::new("s.json")).unwrap();
    let changed = scenario.with(&[("/stations/portal/workers", 7.into()), ("/classes/citizens/priority", 2.into())]).unwrap();
    let study = changed.compile(None).unwrap();
    assert_eq!((study.model.stations[0].workers, study.model.classes[0].priority), (7, 2));
    assert_eq!(
        scenario.with(&[("/stations/portal/workers", "many".into())]).unwrap_err().to_string(),
        "s.json:6:27: /stations/portal/workers: found \"many\"; expected a whole number from 0 to 10000000"
    );
    assert!(scenario.with(&[("/stations/nobody/workers", 7.into())]).is_err());
}

#[test]
fn remarks_are_kept_with_their_place() {
    let text = with("\"population\": 1000", "\"population\": 1000, \"source\": [\"a\", \"b\"], \"chosen\": true");
    let remarks = Scenario::parse(&text, Path::new("s.json")).unwrap().remarks();
    let shown: Vec<_> = remarks.iter().map(|remark| (remark.pointer.as_str(), remark.key, remark.text.as_str())).collect();
    let at = "/classes/citizens";
    assert_eq!(shown, [(at, "source", "a"), (at, "source", "b"), (at, "chosen", "")]);
}

#[test]
fn names_keep_the_order_of_the_file() {
    let text = with("\"open\": {\"rules\": []},", "\"zebra\": {\"rules\": []}, \"ant\": {\"rules\": []},");
    let study = Scenario::parse(&text, Path::new("s.json")).unwrap().compile(None).unwrap();
    assert_eq!(study.names.policies, ["zebra", "ant", "split"]);
}

#[test]
fn shipped_scenarios_are_right_and_fit_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let text = std::fs::read_to_string(&path).unwrap();
            let json: serde_json::Value = serde_json::from_str(&text).unwrap();
            let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
            let scenario = Scenario::load(&path).unwrap_or_else(|mistakes| panic!("{mistakes}"));
            let study = scenario.compile(None).unwrap_or_else(|mistakes| panic!("{mistakes}"));
            assert!(explain(&scenario, &study).contains(&study.title));
            count += 1;
        }
    }
    assert!(count >= 3);
}

#[test]
fn the_schema_in_the_docs_is_the_one_of_the_program() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.schema.json");
    let text = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
    if std::env::var_os("CLICKDAY_UPDATE").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let shipped = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(shipped == text, "docs/scenario.schema.json is out of date; run the tests with CLICKDAY_UPDATE=1");
}

#[test]
fn the_docs_tell_of_every_key() {
    let docs = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scenario.md")).unwrap();
    let mut keys = Vec::new();
    collect_keys(&schema(), &mut keys);
    keys.sort();
    keys.dedup();
    assert!(keys.len() > 60);
    let untold: Vec<_> =
        keys.iter().filter(|key| !docs.contains(&format!("`{key}`")) && !docs.contains(&format!("`\"{key}\"`"))).collect();
    assert!(untold.is_empty(), "docs/scenario.md says nothing of {untold:?}");
}

/// The names of all properties in a schema, and its words.
fn collect_keys(schema: &serde_json::Value, keys: &mut Vec<String>) {
    if let Some(object) = schema.as_object() {
        keys.extend(object.get("properties").and_then(|map| map.as_object()).into_iter().flat_map(|map| map.keys().cloned()));
        keys.extend(object.get("const").and_then(|word| word.as_str()).map(str::to_owned));
        object.values().for_each(|value| collect_keys(value, keys));
    }
    schema.as_array().into_iter().flatten().for_each(|value| collect_keys(value, keys));
}

#[test]
fn schema_and_reader_agree_on_what_is_wrong() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    let valid = |text: &str| validator.is_valid(&serde_json::from_str(text).unwrap());
    assert!(valid(GOOD));
    for (piece, other) in [
        ("\"queue\": 50", "\"quue\": 50"),
        ("\"workers\": 4", "\"workers\": -4"),
        ("\"60s\"", "\"60 parsecs\""),
        ("\"5s\"", "{\"capped\": {}}"),
        ("08:00-16:00", "24:00-08:00"),
        ("\"format\": 1", "\"format\": 2"),
        ("\"name\": \"office\"", "\"name\": \".office\""),
        ("\"share\": 1", "\"share\": 2"),
    ] {
        let text = with(piece, other);
        assert!(!valid(&text) && !mistakes(&text).is_empty(), "{piece} -> {other}");
    }
}

#[test]
fn warnings_name_the_zombie_cliff_and_the_lock_in() {
    let told = |text: &str| warnings(&Scenario::parse(text, Path::new("s.json")).unwrap().compile(None).unwrap());
    assert!(told(GOOD).is_empty(), "fifty places at four a second are served in thirteen seconds");
    let long = told(&with("\"queue\": 50", "\"queue\": 5000"));
    assert_eq!(long.len(), 1, "{long:?}");
    assert!(long[0].starts_with("zombie cliff at `portal`: with 4 workers a full queue takes 21 min to serve"), "{long:?}");
    let busy = told(&with("\"queue\": 50", "\"queue\": 5000").replace("\"population\": 1000", "\"population\": 500000"));
    assert!(busy.len() == 2 && busy[1].starts_with("lock-in at `portal`"), "{busy:?}");
    assert!(told(&with("\"queue\": 50", "\"on_timeout\": \"leave\"")).is_empty());
}

/// JSON pointers of all values within one.
fn pointers(value: &serde_json::Value, at: &str, found: &mut Vec<String>) {
    found.push(at.to_owned());
    for (key, value) in value.as_object().into_iter().flatten() {
        pointers(value, &format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), found);
    }
    for (i, value) in value.as_array().into_iter().flatten().enumerate() {
        pointers(value, &format!("{at}/{i}"), found);
    }
}

/// Values that stand where they should not, and some that may.
fn junk() -> Vec<serde_json::Value> {
    let texts = [
        "",
        "60s",
        "0s",
        "never",
        "unbounded",
        "fifo",
        "08:00-16:00",
        "2020-03-29T02:30",
        "2020-03-28T12:00",
        "portal",
        "584y",
        "é",
    ];
    let mut values: Vec<serde_json::Value> = texts.into_iter().map(Into::into).collect();
    for json in [
        "null",
        "true",
        "0",
        "-1",
        "0.5",
        "1",
        "18446744073709551615",
        "1e308",
        "[]",
        "{}",
        "[[]]",
        "{\"\": {}}",
        "{\"note\": \"x\"}",
        "{\"exponential\": {\"mean\": \"0s\"}}",
        "{\"pareto\": {\"min\": \"1s\", \"shape\": 0.5}}",
        "{\"lognormal\": {\"mean\": \"584d\", \"cv\": 1e12}}",
        "{\"uniform\": {\"from\": \"2020-03-28T12:00\", \"to\": \"2020-03-31T12:00\"}}",
        "{\"open\": {\"citizens\": []}}",
    ] {
        values.push(serde_json::from_str(json).unwrap());
    }
    values
}

#[test]
fn no_value_anywhere_makes_it_crash_and_what_is_read_fits_the_schema() {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    for file in ["small-example", "collapse-in-two-minutes"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{file}.json"));
        let whole: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut places = Vec::new();
        pointers(&whole, "", &mut places);
        for place in &places {
            for value in junk() {
                let mut changed = whole.clone();
                *changed.pointer_mut(place).unwrap() = value.clone();
                if let Ok(scenario) = Scenario::parse(&changed.to_string(), Path::new("s.json")) {
                    assert!(validator.is_valid(&changed), "{place} = {value}: read, but not by the schema");
                    let study = scenario.compile(None).unwrap();
                    assert!(!explain(&scenario, &study).is_empty());
                }
            }
        }
    }
}

#[test]
fn a_file_cut_off_or_broken_anywhere_is_told_and_nothing_more() {
    for end in (0..GOOD.len()).filter(|end| GOOD.is_char_boundary(*end)) {
        if GOOD[end..].trim().is_empty() {
            continue;
        }
        assert!(!mistakes(&GOOD[..end]).is_empty(), "cut at {end}");
        for other in ["\"", "{", "}", "[", ",", "\\", "\u{0}", "9", "é"] {
            let _ = mistakes(&format!("{}{other}{}", &GOOD[..end], &GOOD[end + 1..]));
        }
    }
}

#[test]
fn whatever_may_be_left_out_has_a_default() {
    let curve = r#""curve": {"weibull": {"from": "2020-03-28T00:00", "shape": 0.7, "scale": "1d"}}"#;
    for (piece, other) in [
        ("\"queue\": 50", "\"slowdown\": {}, \"outages\": [{\"from\": \"2020-03-28T01:00\", \"to\": \"2020-03-28T02:00\"}]"),
        ("\"timeout\": \"60s\"", "\"closed\": {}"),
        ("\"timeout\": \"60s\"", "\"operators\": 1, \"hours\": {\"open\": [\"08:00-12:00\"]}"),
        ("\"backoff\": \"5s\"", "\"backoff\": {\"capped_exponential\": {\"first\": \"5s\", \"max\": \"1min\"}}"),
        ("\"service\": \"1s\"", "\"service\": {\"empirical\": {\"values\": [\"1s\", \"2s\"]}}"),
        (curve, "\"curve\": {\"spike\": {\"at\": \"2020-03-28T08:00\", \"delay\": {\"exponential\": {\"mean\": \"5min\"}}}}"),
        (curve, "\"curve\": {\"rates\": {\"points\": [[\"2020-03-28T08:00\", 1], [\"2020-03-28T09:00\", 0]]}}"),
        ("  \"observations\": [],\n  \"experiment\": {\"seed\": 1, \"replications\": 10}", "  \"experiment\": {}"),
        ("]}}}]}\n  },\n  \"observations\": [],\n  \"experiment\": {\"seed\": 1, \"replications\": 10}", "]}}}]}\n  }"),
    ] {
        let told = mistakes(&with(piece, other));
        assert!(told.is_empty(), "{other}: {told:?}");
    }
}

#[test]
fn working_hours_are_pieces_of_their_days() {
    let text = with(
        "\"timeout\": \"60s\"",
        "\"operators\": 1, \"hours\": {\"open\": [\"08:00-12:00\", \"14:00-18:00\"], \"days\": [\"sun\"]}",
    );
    let study = Scenario::parse(&text, Path::new("s.json")).unwrap().compile(None).unwrap();
    let hours = study.model.classes[0].operators.as_ref().unwrap().hours.as_ref().unwrap();
    let pieces: Vec<_> = hours.pieces().iter().map(|(from, to)| (from.seconds() / 3600.0, to.seconds() / 3600.0)).collect();
    assert_eq!(pieces, [(31.0, 35.0), (37.0, 41.0)]);
}

#[test]
fn clocks_at_the_edges_of_the_calendar() {
    let clock = |start: &str, end: &str| {
        mistakes(&with("2020-03-28T00:00\", \"end\": \"2020-03-30T00:00", &format!("{start}\", \"end\": \"{end}")))
    };
    assert_eq!(
        clock("0001-01-01T00:00", "9999-12-31T00:00"),
        ["4:49: /clock/end: 9999-12-31T00:00 is out of range; at most 584 years fit"]
    );
    assert_eq!(clock("2020-03-28T00:00", "12020-01-01T00:00").len(), 1);
    assert_eq!(clock("2020-13-28T00:00", "2020-03-30T00:00").len(), 1);
}

#[test]
fn an_explanation_tells_windows_load_and_work() {
    let scenario = Scenario::parse(GOOD, Path::new("s.json")).unwrap();
    let text = explain(&scenario, &scenario.compile(None).unwrap());
    for line in [
        "office (office)",
        "From 2020-03-28T00:00 to 2020-03-30T00:00 in Europe/Rome: 1 d 23 h.",
        "  citizens: 1,000 people",
        "    form at portal: 1.0 s of work, waits 60.0 s at most",
        "  portal: 4 workers, 50 waiting places",
        "  open (the baseline): everybody may enter at any time",
        "    citizens may enter",
        "      2020-03-28 to 2020-03-29: 08:00-16:00",
        "  2 policies x 10 replications from seed 1: 20,000 applicants in all",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\nis not in\n{text}");
    }
}
