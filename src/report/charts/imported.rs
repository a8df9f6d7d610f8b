//! The curve of requests that was found in logs.

use super::axis::{Scale, labels, round_ticks};
use super::page::Cell;
use super::palette::{BLACK, FRAME, GREY, RULE, bold, words};
use super::picture::{Anchor, Ink, Picture, Stroke};
use super::render::{ChartError, png};

const CURVE: Ink = Ink::new(0, 114, 178);
/// More columns than these are no wider than a dot.
const MOST: usize = 900;

/// A chart of counts in bins, as a PNG; each bin has its label, a civil time.
///
/// # Errors
/// When the drawing library or the encoder fails.
pub fn imported_curve(title: &str, note: &str, bins: &[(&str, f64)]) -> Result<Vec<u8>, ChartError> {
    let (width, height) = (1000.0, 380.0);
    let mut picture = Picture::new(width, height);
    picture.block((0.0, 0.0), (width, height), super::palette::WHITE);
    picture.text((24.0, 32.0), title, bold(17.0, BLACK, Anchor::Start));
    picture.text((24.0, 53.0), note, words(12.0, GREY, Anchor::Start));
    let frame = Cell { left: 84.0, top: 74.0, right: width - 28.0, bottom: height - 48.0 };
    let joined = joined(bins);
    let most = joined.iter().map(|(_, value)| *value).fold(0.0, f64::max).max(1e-9);
    let up = Scale::linear((0.0, most * 1.05), (frame.bottom, frame.top));
    let mut ticks = round_ticks(0.0, most, 5);
    ticks.retain(|tick| *tick <= most * 1.05);
    for (tick, label) in ticks.iter().zip(labels(&ticks)) {
        picture.line(vec![(frame.left, up.at(*tick)), (frame.right, up.at(*tick))], Stroke::solid(RULE, 0.8));
        picture.text((frame.left - 7.0, up.at(*tick) + 4.0), &label, words(11.0, BLACK, Anchor::End));
    }
    let across = Scale::linear((0.0, joined.len().max(1) as f64), (frame.left, frame.right));
    let mut points = vec![(frame.left, frame.bottom)];
    for (place, (_, value)) in joined.iter().enumerate() {
        let (from, to) = (across.at(place as f64), across.at(place as f64 + 1.0));
        points.extend([(from, up.at(*value)), (to, up.at(*value))]);
    }
    points.push((frame.right, frame.bottom));
    picture.area(points.clone(), CURVE.alpha(0.25));
    picture.line(points, Stroke::solid(CURVE, 1.4));
    picture.line(vec![(frame.left, frame.bottom), (frame.right, frame.bottom)], Stroke::solid(FRAME, 1.0));
    let every = joined.len().div_ceil(7).max(1);
    let mut day = "";
    for (place, (label, _)) in joined.iter().enumerate().step_by(every) {
        let x = across.at(place as f64);
        picture.line(vec![(x, frame.bottom), (x, frame.bottom + 5.0)], Stroke::solid(FRAME, 1.0));
        let anchor = if place == 0 { Anchor::Start } else { Anchor::Middle };
        let (date, time) = label.split_once('T').unwrap_or(("", label));
        picture.text((x, frame.bottom + 19.0), time, words(11.0, BLACK, anchor));
        if date != day {
            picture.text((x, frame.bottom + 34.0), date, words(11.0, GREY, anchor));
            day = date;
        }
    }
    png(&picture)
}

/// Neighbouring bins put together, by their mean, until they fit the page.
fn joined<'a>(bins: &[(&'a str, f64)]) -> Vec<(&'a str, f64)> {
    let group = bins.len().div_ceil(MOST).max(1);
    bins.chunks(group).map(|bins| (bins[0].0, bins.iter().map(|(_, value)| value).sum::<f64>() / bins.len() as f64)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_bins_has_a_chart() {
        for count in [0, 1, 3, 5000] {
            let labels: Vec<String> = (0..count).map(|bin| format!("2020-04-01T{:02}:{:02}", bin / 60 % 24, bin % 60)).collect();
            let bins: Vec<(&str, f64)> = labels.iter().map(|label| (label.as_str(), 2.0)).collect();
            assert!(imported_curve("t", "n", &bins).unwrap().len() > 1000);
        }
        let many: Vec<(&str, f64)> = vec![("x", 2.0); 5000];
        assert!(joined(&many).len() <= MOST && joined(&many).iter().all(|(_, value)| *value == 2.0));
    }
}
