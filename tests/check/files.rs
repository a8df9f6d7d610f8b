//! Files as such: cut off, broken, without what may be left out; traces.

use super::{GOOD, mistakes, with};
use clickday::scenario::Scenario;
use std::path::Path;

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
