//! Mistakes of the head, the clock, stations, arrivals and journeys.

use super::{hold, mistakes, with};

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
            &["4:49: /clock/end: 2020-02-30T00:00 does not exist: February 2020 has 29 days; correct it"],
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
        (
            r#""seed": 1"#,
            r#""seed": 1, "capacity": {"cv": 1.2}"#,
            &[
                "22:48: /experiment/capacity/cv: a coefficient of variation of 1 or more, at which services have no mean; 0.2 means give or take 20 %",
            ],
        ),
    ]);
}

#[test]
fn mistakes_of_stations() {
    hold(&[
        (
            r#""workers": 4"#,
            r#""wrokers": 4"#,
            &["6:16: /stations/portal/wrokers: unknown key `wrokers`; did you mean `workers`?"],
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
                "6:43: /stations/portal/speed: unknown key `speed`; use `server`, `workers`, `queue`, `discipline`, `on_timeout`, `on_full`, `refusal_cost`, `slowdown`, `workers_at`, `outages`, `connections`, `calls`, `crash`, `cold_start`, `health_check`, `note`, `source` or `chosen`",
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
            &[
                "6:57: /stations/portal/discipline: unknown word `round robin`; use `fifo`, `lifo`, `priority`, `random` or `processor_sharing`",
            ],
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
            &[r#"12:68: /classes/citizens/journey/0/service: found 1; a duration has a unit: did you mean "1s"?"#],
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
fn mistakes_of_incidents() {
    let incident = |inside: &str| with(r#""observations": []"#, &format!(r#""incidents": {{"odd": {{{inside}}}}}"#));
    for (inside, lines) in [
        (r#""from": "2020-03-28T12:00", "to": "2020-03-28T13:00""#, &[][..]),
        (r#""from": "2020-03-28T12:00", "lasts": ["5min", "10min"], "steps": ["form"]"#, &[]),
        (
            r#""from": "2020-03-28T12:00""#,
            &["21:24: /incidents/odd: it says not when it ends; give `to`, or the lengths that it may have had as `lasts`"],
        ),
        (
            r#""from": "2020-03-28T12:00", "to": "2020-03-28T13:00", "lasts": ["1h"]"#,
            &["21:24: /incidents/odd: `lasts` stands beside `to`; keep one of them"],
        ),
        (r#""to": "2020-03-28T13:00""#, &["21:24: /incidents/odd: the key `from` is missing; add it"]),
        (
            r#""from": "2020-03-28T12:00", "to": "2020-03-28T12:00""#,
            &["21:59: /incidents/odd/to: 2020-03-28T12:00 is not after `from`, 2020-03-28T12:00; move one of them"],
        ),
        (
            r#""from": "2020-03-30T00:00", "lasts": ["1h"]"#,
            &["21:33: /incidents/odd/from: 2020-03-30T00:00 lies beyond clock.end, 2020-03-30T00:00; move it or the end"],
        ),
        (
            r#""from": "2020-03-29T23:00", "lasts": ["1h", "1h", "2h", "0s"], "steps": ["from", "form"]"#,
            &[
                "21:69: /incidents/odd/lasts/1: 1 h is not longer than the one before it; put the lengths in rising order, each once",
                "21:75: /incidents/odd/lasts/2: 2 h later the clock has ended, 2020-03-30T00:00; shorten it or move the end",
                "21:81: /incidents/odd/lasts/3: no length; give at least 1ns",
                "21:98: /incidents/odd/steps/0: no step is called `from`; did you mean `form`?",
            ],
        ),
        (
            r#""from": "2020-03-28T12:00", "lasts": [], "steps": []"#,
            &[
                r#"21:62: /incidents/odd/lasts: the list of lengths is empty; give one, such as "10min""#,
                "21:75: /incidents/odd/steps: the list of steps is empty; name some, or remove the key for all",
            ],
        ),
    ] {
        assert_eq!(mistakes(&incident(inside)), lines, "{inside}");
    }
}
