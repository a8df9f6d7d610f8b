//! What a scenario compiles to: windows, hours, scale, changes.

use super::{GOOD, with};
use clickday::model::Population;
use clickday::scenario::Scenario;
use std::path::Path;

#[test]
fn windows_are_right_on_days_of_23_and_25_hours() {
    let hours = |text: &str| -> Vec<(f64, f64)> {
        let study = Scenario::parse(text, Path::new("s.json")).unwrap().compile(None).unwrap();
        let Some(rule) = study.model.policies[1].windows().next() else { panic!("no windows") };
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
         more than 5 % off; choose another scale: the smallest round one that keeps every capacity within 5 % is 0.02"
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
