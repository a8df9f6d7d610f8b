//! In short: what became of all who came, one bar a policy, the best first.

use super::font::text_width;
use super::page::{self, Entry, LEFT, RIGHT, Sample, WIDTH};
use super::palette::{BLACK, FRAME, GREY, WHITE, bold, words};
use super::picture::{Anchor, Ink, Picture, Stroke, fitted};
use crate::experiment::{Felt, Results};
use crate::report::felt::time_of_all;
use crate::report::numbers::percent;
use crate::report::summary::name;

/// From the best to the worst: each darker part is better, and the last is of another colour, so that the order shows in
/// print too.
const INKS: [Ink; 6] = [
    Ink::new(8, 64, 129),
    Ink::new(43, 120, 186),
    Ink::new(123, 178, 217),
    Ink::new(196, 219, 238),
    Ink::new(240, 240, 240),
    Ink::new(200, 90, 20),
];

const PARTS: [&str; 6] =
    ["through within 1 h", "within 4 h", "within 24 h", "later", "still trying at the end", "gave up for good"];

const LETTERS: f64 = 12.5;
/// Room for the figures right of the bars.
const FIGURES: f64 = 210.0;

pub(super) fn layout(results: &Results, title: &str) -> Picture {
    let legend: Vec<Entry> = PARTS.iter().zip(INKS).map(|(part, ink)| Entry::new(Sample::Shade(ink), *part)).collect();
    let (mut picture, top) = page::start(results, title, "of all who came, by policy, the best first", &legend);
    let felt = results.felt();
    let names: Vec<String> = felt.iter().map(|felt| policy_name(results, felt)).collect();
    let left = LEFT + names.iter().map(|n| text_width(n, LETTERS, true)).fold(0.0, f64::max) + 14.0;
    let right = WIDTH - RIGHT - FIGURES;
    let pitch = ((page::HEIGHT - top - 40.0) / felt.len().max(1) as f64).clamp(24.0, 64.0);
    let head = top + 12.0;
    picture.text((right + 110.0, head), "got through", words(11.0, GREY, Anchor::End));
    picture.text((WIDTH - RIGHT, head), "half within", words(11.0, GREY, Anchor::End));
    for (row, (felt, name)) in felt.iter().zip(&names).enumerate() {
        let y = head + 10.0 + pitch * row as f64;
        let middle = y + pitch / 2.0 + 4.0;
        picture.text((LEFT, middle), name, bold(LETTERS, BLACK, Anchor::Start));
        draw_bar(&mut picture, felt, (left, right), (y + pitch * 0.14, y + pitch * 0.86));
        picture.text((right + 110.0, middle), &percent(felt.completed_share), bold(LETTERS, BLACK, Anchor::End));
        picture.text((WIDTH - RIGHT, middle), &time_of_all(felt.median), words(LETTERS, BLACK, Anchor::End));
    }
    picture.height = (head + 10.0 + pitch * felt.len() as f64 + 30.0).ceil().max(page::HEIGHT);
    if felt.is_empty() {
        picture.text((WIDTH / 2.0, page::HEIGHT / 2.0), "nothing was measured", words(12.0, GREY, Anchor::Middle));
    }
    picture
}

fn policy_name(results: &Results, felt: &Felt) -> String {
    fitted(&name(&results.study.names.policies, results.policies[felt.place].policy), LETTERS, true, 240.0)
}

/// The shares of a bar, which add up to 1 where anybody came.
fn parts(felt: &Felt) -> [f64; 6] {
    let [hour, four, day] = felt.within;
    let done = felt.completed_share.max(day);
    [hour, four - hour, day - four, done - day, (1.0 - done - felt.abandoned_share).max(0.0), felt.abandoned_share]
}

fn draw_bar(picture: &mut Picture, felt: &Felt, (left, right): (f64, f64), (top, bottom): (f64, f64)) {
    let mut from = left;
    for (part, ink) in parts(felt).into_iter().zip(INKS) {
        let to = (from + part * (right - left)).min(right);
        if to - from > 0.3 {
            picture.block((from, top), (to, bottom), ink);
        }
        let text = percent(part);
        if to - from > text_width(&text, 11.5, false) + 10.0 {
            let dark = u32::from(ink.rgb.0) + u32::from(ink.rgb.1) + u32::from(ink.rgb.2) < 400;
            let letters = words(11.5, if dark { WHITE } else { BLACK }, Anchor::Middle);
            picture.text((from.midpoint(to), top.midpoint(bottom) + 4.0), &text, letters);
        }
        from = to;
    }
    let frame = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    picture.line(frame, Stroke::solid(FRAME, 0.8));
}
