//! Times in which stations are down: shaded in every panel, marked with letters, explained once on the page.

use super::font::text_width;
use super::page::Cell;
use super::palette::{GREY, OUTAGE, bold};
use super::picture::{Anchor, Picture};
use crate::model::Study;
use crate::report::summary::name;
use crate::time::{Calendar, Time};

/// More outages than these are shaded and not marked.
const MOST: usize = 12;
const LETTERS: f64 = 10.5;

/// A time in which one or more stations are down.
struct Down<'a> {
    from: Time,
    to: Time,
    why: &'a str,
    stations: Vec<String>,
}

fn outages(study: &Study) -> Vec<Down<'_>> {
    let mut all: Vec<Down<'_>> = Vec::new();
    for (id, station) in study.model.stations.iter().enumerate() {
        for outage in &station.outages {
            let station_name = name(&study.names.stations, id);
            let same = |down: &&mut Down<'_>| (down.from, down.to, down.why) == (outage.from, outage.to, outage.why.as_str());
            match all.iter_mut().find(same) {
                Some(down) => down.stations.push(station_name),
                None => all.push(Down { from: outage.from, to: outage.to, why: &outage.why, stations: vec![station_name] }),
            }
        }
    }
    all.sort_by_key(|down| (down.from, down.to));
    all
}

/// The letter of an outage; one alone needs none.
fn letter(place: usize, count: usize) -> Option<char> {
    let letter = u8::try_from(place).ok().filter(|place| usize::from(*place) < MOST).map(|place| char::from(b'a' + place));
    letter.filter(|_| count > 1)
}

/// What the shades mean: `portal down: a 1 Apr 00:00–01:00 not open yet; b 13:30–17:45 closed`. Nothing without any.
pub(super) fn explained(study: &Study) -> Option<String> {
    let all = outages(study);
    let mut text = String::new();
    let (mut stations, mut day) = (Vec::new(), String::new());
    for (place, down) in all.iter().take(MOST).enumerate() {
        if place > 0 {
            text += "; ";
        }
        if stations != down.stations {
            text += &format!("{} down: ", down.stations.join(", "));
            stations.clone_from(&down.stations);
        }
        text.extend(letter(place, all.len()).map(|letter| format!("{letter} ")));
        text += &times(&study.calendar, (down.from, down.to), &mut day);
        if !down.why.is_empty() {
            text += &format!(" {}", down.why);
        }
    }
    if all.len() > MOST {
        text += &format!("; and {} more", all.len() - MOST);
    }
    (!all.is_empty()).then_some(text)
}

/// From when to when; a day is said where it is another than the one said before.
pub(super) fn times(calendar: &Calendar, (from, to): (Time, Time), day: &mut String) -> String {
    let mut moment = |at: Time| {
        let civil = calendar.civil(at);
        let date = civil.strftime("%-d %b").to_string();
        let time = civil.strftime(if civil.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string();
        let said = if *day == date { time } else { format!("{date} {time}") };
        *day = date;
        said
    };
    let from = moment(from);
    format!("{from}–{}", moment(to))
}

/// Shades the outages of a frame and puts their letters into their upper ends, where there is room.
pub(super) fn draw(picture: &mut Picture, study: &Study, frame: Cell, at: &dyn Fn(Time) -> f64) {
    let all = outages(study);
    let mut free_from = f64::NEG_INFINITY;
    for (place, down) in all.iter().enumerate() {
        let (left, right) = (at(down.from), at(down.to).max(at(down.from) + 1.0));
        picture.block((left, frame.top), (right, frame.bottom), OUTAGE);
        let Some(letter) = letter(place, all.len()).map(String::from) else { continue };
        let half = text_width(&letter, LETTERS, true) / 2.0;
        // A letter may stand a little to the right of its shade, where the one before it is close.
        let middle = left.midpoint(right).max(frame.left + half).max(free_from + half);
        if middle - half <= right + 6.0 && middle + half <= frame.right {
            picture.text((middle, frame.top - 4.0), &letter, bold(LETTERS, GREY, Anchor::Middle));
            free_from = middle + half + 3.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outage;
    use crate::report::testdata;

    #[test]
    fn every_outage_is_explained_once() {
        let mut study = testdata::two_days().study;
        assert_eq!(explained(&study).as_deref(), Some("portal down: 1 Apr 13:30–17:45 closed by the operator"));
        let at = |text: &str| study.calendar.parse(text).unwrap();
        let early = Outage { from: at("2020-04-01T00:00"), to: at("2020-04-01T01:00"), why: "not open yet".to_owned() };
        let late = Outage { from: at("2020-04-02T23:00"), to: at("2020-04-03T00:00"), why: String::new() };
        study.model.stations[0].outages.insert(0, early);
        study.model.stations[1].outages.push(late);
        assert_eq!(
            explained(&study).as_deref(),
            Some(
                "portal down: a 1 Apr 00:00–01:00 not open yet; b 13:30–17:45 closed by the operator; \
                 pin-service down: c 2 Apr 23:00–3 Apr 00:00"
            )
        );
        study.model.stations.iter_mut().for_each(|station| station.outages.clear());
        assert_eq!(explained(&study), None);
    }
}
