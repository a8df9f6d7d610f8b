//! Windows by day, and windows that are advice.

use super::play;
use serde_json::{Value, json};

/// People who come evenly over three days, Monday to Wednesday, under windows.
fn by_day(windows: &Value) -> [f64; 3] {
    let people = json!({
        "population": 30_000,
        "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-01-06T00:00", "to": "2020-01-09T00:00"}}}],
        "journey": [{"name": "request", "station": "desk", "service": "0s"}],
    });
    let record = play(&json!({"people": people}), &json!([{"windows": windows}]), 96);
    let done = &record.classes[0].series.completed;
    std::array::from_fn(|day| done[1440 * day..1440 * (day + 1)].iter().map(|n| f64::from(*n)).sum())
}

fn near(found: [f64; 3], want: [f64; 3]) {
    for (found, want) in found.into_iter().zip(want) {
        // A count among 30,000 has a standard deviation of at most half their root.
        assert!((found - want).abs() < 4.0 * 30_000.0_f64.sqrt() / 2.0, "{found} against {want}");
    }
}

/// A third of the people may come on each day. Whoever comes on a day before their own waits for it; whoever comes after it
/// waits for the day to catch up, Thursday.
#[test]
fn cohorts_have_their_days_by_share_or_weight() {
    let days = json!({"people": {"A-F": ["mon", "2020-01-09"], "G-N": ["tue", "2020-01-09"], "O-Z": ["wed", "2020-01-09"]}});
    let thirds = 30_000.0 / 9.0;
    for sizes in
        [("cohorts", json!({"A-F": 0.25, "G-N": 0.25, "O-Z": 0.5})), ("weights", json!({"A-F": 90, "G-N": 90, "O-Z": 180}))]
    {
        let found = by_day(&json!({sizes.0: {"people": sizes.1}, "open": days}));
        near(found, [thirds * 0.25 * 3.0, thirds * 0.25 * 3.0 * 2.0, thirds * 0.5 * 3.0 * 3.0]);
    }
}

/// Of advice that 60 % follow, the others take no notice.
#[test]
fn advice_moves_those_who_follow_it() {
    let days = json!({"people": {"A-F": ["mon", "thu"], "G-N": ["tue", "thu"], "O-Z": ["wed", "thu"]}});
    let found = by_day(&json!({"follow": 0.6, "weights": {"people": {"A-F": 1, "G-N": 1, "O-Z": 1}}, "open": days}));
    let ninth = 30_000.0 / 9.0;
    let mixed = |followers: f64| 0.4 * 10_000.0 + 0.6 * ninth * followers;
    near(found, [mixed(1.0), mixed(2.0), mixed(3.0)]);
}

/// Nobody turns away who only takes advice: no request is answered by a closed gate.
#[test]
fn advice_closes_no_gate() {
    let people = json!({
        "population": 1000,
        "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-01-06T00:00", "to": "2020-01-07T00:00"}}}],
        "journey": [{"name": "request", "station": "desk", "service": "0s"}],
        "closed": {"aware": 0},
    });
    let play = |follow: f64| {
        play(&json!({"people": people}), &json!([{"windows": {"follow": follow, "open": {"people": ["wed"]}}}]), 96)
    };
    let (advice, gate) = (play(0.999_999), play(1.0));
    assert_eq!((advice.classes[0].tally.closed, advice.classes[0].tally.completed), (0, 1000));
    assert_eq!((gate.classes[0].tally.closed, gate.classes[0].tally.completed), (1000, 1000));
}
