//! Mistakes of behaviour, policies and observations, and many at once.

use super::{GOOD, hold, mistakes, with};

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
            &[
                r#"10:21: /classes/citizens/population: found "many"; write a whole number without quotes, such as 60000, or {"poisson": 60000}"#,
            ],
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
            &["19:60: /policies/split/rules/0/windows/open/citizens/A-K: `citizens` has no cohort `A-K`; did you mean `A-L`?"],
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
