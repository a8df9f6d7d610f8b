//! Incidents: shaded between two dashed edges in every panel, explained once on the page.

use super::outages::times;
use super::page::Cell;
use super::palette::{INCIDENT, INCIDENT_EDGE};
use super::picture::{Ink, Picture, Stroke};
use crate::model::Study;
use crate::report::summary::name;
use crate::time::Time;

/// More incidents than these are shaded and not explained.
const MOST: usize = 6;

/// What the shades mean: `cache-error: 1 Apr 12:00–12:30 pages of others`. Nothing without any.
pub(super) fn explained(study: &Study) -> Option<String> {
    let incidents = &study.model.incidents;
    let mut day = String::new();
    let told = incidents.iter().take(MOST).enumerate().map(|(id, incident)| {
        let when = times(&study.calendar, (incident.from, incident.to()), &mut day);
        let why = if incident.why.is_empty() { String::new() } else { format!(" {}", incident.why) };
        format!("{}: {when}{why}", name(&study.names.incidents, id))
    });
    let mut text = told.collect::<Vec<_>>().join("; ");
    if incidents.len() > MOST {
        text += &format!("; and {} more", incidents.len() - MOST);
    }
    (!incidents.is_empty()).then_some(text)
}

/// A shade between two dashed edges.
pub(super) fn fenced(picture: &mut Picture, (left, top): (f64, f64), (right, bottom): (f64, f64), ink: Ink) {
    picture.block((left, top), (right, bottom), ink);
    for x in [left, right] {
        picture.line(vec![(x, top), (x, bottom)], Stroke { ink: INCIDENT_EDGE, width: 1.0, dash: &[3.0, 3.0] });
    }
}

/// Shades the incidents of a frame, each over the longest of its lengths.
pub(super) fn draw(picture: &mut Picture, study: &Study, frame: Cell, at: &dyn Fn(Time) -> f64) {
    for incident in &study.model.incidents {
        let left = at(incident.from);
        let right = at(incident.to()).max(left + 3.0).min(frame.right);
        fenced(picture, (left, frame.top), (right, frame.bottom), INCIDENT);
    }
}
