//! Mistakes of units, quotes, days and spelling: each is told once, with what was meant.

use super::{GOOD, hold, mistakes, with};
use clickday::scenario::Scenario;
use std::path::Path;

#[test]
fn a_word_for_a_unit_leads_to_the_unit() {
    let told = |written: &str| mistakes(&with("\"60s\"", &format!("\"{written}\"")));
    for (written, word, unit) in [
        ("1m", "m", "min"),
        ("2 minutes", "minutes", "min"),
        ("300 millis", "millis", "ms"),
        ("5 sec", "sec", "s"),
        ("90S", "S", "s"),
        ("2 hours", "hours", "h"),
        ("3days", "days", "d"),
        ("7 µs", "µs", "us"),
        ("1h 30mins", "mins", "min"),
        ("9 nanos", "nanos", "ns"),
    ] {
        let expected = format!("13:18: /classes/citizens/timeout: `{word}` is not a unit of time; did you mean `{unit}`?");
        assert_eq!(told(written), [expected], "{written}");
    }
    assert_eq!(
        told("2 weeks"),
        ["13:18: /classes/citizens/timeout: `weeks` is not a unit of time; units are ns, us, ms, s, min, h and d"]
    );
}

#[test]
fn a_number_is_no_duration() {
    hold(&[
        (
            r#""timeout": "60s""#,
            r#""timeout": 30"#,
            &[r#"13:18: /classes/citizens/timeout: found 30; a duration has a unit: did you mean "30s"?"#],
        ),
        (
            r#""timeout": "60s""#,
            r#""timeout": 1.5"#,
            &[r#"13:18: /classes/citizens/timeout: found 1.5; a duration has a unit: did you mean "1.5s"?"#],
        ),
        (
            r#""timeout": "60s""#,
            r#""timeout": -1"#,
            &[r#"13:18: /classes/citizens/timeout: found -1; expected a duration such as "90s" or "1.5h""#],
        ),
    ]);
}

#[test]
fn a_population_is_a_number_without_quotes() {
    for written in ["60,000", "60000", "60.000", "60 000", "60_000"] {
        assert_eq!(
            mistakes(&with("\"population\": 1000", &format!("\"population\": \"{written}\""))),
            [format!(
                "10:21: /classes/citizens/population: found \"{written}\"; write a whole number without quotes, such as 60000, \
                 or {{\"poisson\": 60000}}"
            )]
        );
    }
}

#[test]
fn a_day_that_does_not_exist_is_rightly_written() {
    let told = |moment: &str| mistakes(&with("\"end\": \"2020-03-30T00:00\"", &format!("\"end\": \"{moment}\"")));
    for (moment, text) in [
        ("2021-02-30T20:00", "2021-02-30T20:00 does not exist: February 2021 has 28 days; correct it"),
        ("2020-04-31T20:00:05", "2020-04-31T20:00:05 does not exist: April 2020 has 30 days; correct it"),
        ("2020-13-01T20:00", "2020-13-01T20:00 does not exist: months are 01 to 12; correct it"),
        ("2020-04-01T25:00", "`2020-04-01T25:00` is not a moment; write it as \"2020-04-01T08:30\", in the scenario's zone"),
        ("30.4.2020", "`30.4.2020` is not a moment; write it as \"2020-04-01T08:30\", in the scenario's zone"),
    ] {
        assert_eq!(told(moment), [format!("4:49: /clock/end: {text}")]);
    }
}

#[test]
fn a_misspelt_key_that_must_be_there_is_told_once() {
    hold(&[
        (r#""name": "office""#, r#""nmae": "office""#, &["3:3: /nmae: unknown key `nmae`; did you mean `name`?"]),
        (
            r#""service": "1s""#,
            r#""servcie": "1s""#,
            &["12:57: /classes/citizens/journey/0/servcie: unknown key `servcie`; did you mean `service`?"],
        ),
        (
            r#"{"open": {"citizens": ["08:00-16:00"]}}"#,
            r#"{"cohorts": {"citizens": {"first": 0.5, "second": 0.5}}, "open": {"citizens": {"frist": ["08:00-16:00"], "second": []}}}"#,
            &[
                "19:116: /policies/split/rules/0/windows/open/citizens/frist: `citizens` has no cohort `frist`; did you mean `first`?",
            ],
        ),
    ]);
    let both = with("\"workers\": 4", "\"speed\": 4");
    assert_eq!(mistakes(&both).len(), 2, "what is not near is missing: {:?}", mistakes(&both));
}

#[test]
fn a_scale_that_is_too_small_leads_to_one_that_is_not() {
    let scenario = Scenario::load(Path::new("scenarios/inps-2020-04.json")).unwrap();
    let told = scenario.compile(Some(0.0001)).unwrap_err().to_string();
    assert!(
        told.lines()
            .all(|line| line
                .ends_with("choose another scale: the smallest round one that keeps every capacity within 5 % is 0.005")),
        "{told}"
    );
    assert!(scenario.compile(Some(0.005)).is_ok());
    let odd = Scenario::parse(&with("\"workers\": 4", "\"workers\": 1"), Path::new("s.json")).unwrap();
    let told = odd.compile(Some(0.5)).unwrap_err().to_string();
    assert!(told.ends_with("choose another scale: no round one below 1 keeps every capacity within 5 %"), "{told}");
    assert!(Scenario::parse(GOOD, Path::new("s.json")).is_ok());
}
