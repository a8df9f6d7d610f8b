//! The page around the panels: heading, what it is about, legend; and how panels share the page.

use super::font::text_width;
use super::incidents;
use super::outages;
use super::palette::{BLACK, GREY, INCIDENT, OPEN, OUTAGE, SHUT, Style, bold, draw_mark, words};
use super::picture::{Anchor, Ink, Picture, Stroke, fitted};
use crate::experiment::Results;
use crate::report::summary::name;

/// Width of every chart.
pub(super) const WIDTH: f64 = 1200.0;
/// Height of a chart that needs no more.
pub(super) const HEIGHT: f64 = 640.0;
/// Free room at the left edge.
pub(super) const LEFT: f64 = 24.0;
/// Free room at the right edge: the last label of a time axis reaches into it.
pub(super) const RIGHT: f64 = 40.0;
/// Free room below the panels, and between rows of them.
const FOOT: f64 = 12.0;
pub(super) const GAP: f64 = 14.0;
/// More panels than these are not drawn.
pub(super) const MOST_PANELS: usize = 16;

/// A rectangle of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Cell {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

/// How a legend shows what its words mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Sample {
    /// A line with its mark.
    Policy(Style),
    /// A mark alone, filled or hollow.
    Mark(Style, bool),
    /// A plain line.
    Line(Stroke),
    /// A shade.
    Shade(Ink),
    /// A shade between dashed edges.
    Fenced(Ink),
    /// The dark and the pale part of a strip.
    Strip,
}

/// One entry of a legend.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) sample: Sample,
    pub(super) text: String,
}

impl Entry {
    pub(super) fn new(sample: Sample, text: impl Into<String>) -> Entry {
        Entry { sample, text: text.into() }
    }
}

/// The look of each policy that was run, with its name.
pub(super) fn policy_entries(results: &Results) -> Vec<Entry> {
    let names = &results.study.names.policies;
    let entry = |(place, policy): (usize, &crate::experiment::PolicyResult)| {
        Entry::new(Sample::Policy(Style::of(place)), name(names, policy.policy))
    };
    results.policies.iter().enumerate().map(entry).collect()
}

/// What strips mean, where there are any.
pub(super) fn strip_entries(any: bool) -> Vec<Entry> {
    if !any {
        return Vec::new();
    }
    vec![Entry::new(Sample::Strip, "may enter / may not")]
}

/// What the shades behind the curves mean, where there are any.
pub(super) fn shade_entries(results: &Results) -> Vec<Entry> {
    let down = outages::explained(&results.study).map(|text| Entry::new(Sample::Shade(OUTAGE), text));
    let incidents = incidents::explained(&results.study).map(|text| Entry::new(Sample::Fenced(INCIDENT), text));
    down.into_iter().chain(incidents).collect()
}

const LETTERS: f64 = 12.5;
const SAMPLE: f64 = 34.0;
const ROW: f64 = 21.0;

/// Starts a page: heading, the scenario's title with the size of the experiment, legend. Gives where panels may begin.
pub(super) fn start(results: &Results, title: &str, note: &str, legend: &[Entry]) -> (Picture, f64) {
    let room = WIDTH - LEFT - RIGHT;
    let runs = match results.replications {
        1 => "1 replication".to_owned(),
        n => format!("means of {n} replications"),
    };
    let size = format!("{runs}, seed {}{}{note}", results.seed, if note.is_empty() { "" } else { " · " });
    let scenario = fitted(&results.study.title, LETTERS, false, (room - text_width(&size, LETTERS, false) - 16.0).max(120.0));
    headed(title, &format!("{scenario} · {size}"), legend)
}

/// Starts a page: heading, a line on what it is about, legend. Gives where panels may begin.
pub(super) fn headed(title: &str, about: &str, legend: &[Entry]) -> (Picture, f64) {
    let mut picture = Picture::new(WIDTH, HEIGHT);
    let room = WIDTH - LEFT - RIGHT;
    picture.text((LEFT, 33.0), &fitted(title, 20.0, true, room), bold(20.0, BLACK, Anchor::Start));
    picture.text((LEFT, 53.0), &fitted(about, LETTERS, false, room), words(LETTERS, GREY, Anchor::Start));
    let bottom = draw_legend(&mut picture, legend, 77.0);
    (picture, bottom)
}

/// Draws entries side by side, in as many rows as they need; gives where the room below begins.
fn draw_legend(picture: &mut Picture, legend: &[Entry], top: f64) -> f64 {
    let (mut x, mut y) = (LEFT, top);
    for entry in legend {
        let text = fitted(&entry.text, LETTERS, false, WIDTH - RIGHT - LEFT - SAMPLE - 8.0);
        let width = SAMPLE + 8.0 + text_width(&text, LETTERS, false);
        if x > LEFT && x + width > WIDTH - RIGHT {
            (x, y) = (LEFT, y + ROW);
        }
        draw_sample(picture, entry.sample, x, y - 4.5);
        picture.text((x + SAMPLE + 7.0, y), &text, words(LETTERS, BLACK, Anchor::Start));
        x += width + 24.0;
    }
    y + if legend.is_empty() { 0.0 } else { 18.0 }
}

fn draw_sample(picture: &mut Picture, sample: Sample, x: f64, y: f64) {
    let across = vec![(x, y), (x + SAMPLE, y)];
    match sample {
        Sample::Policy(style) => {
            picture.line(across, style.stroke());
            draw_mark(picture, (x + SAMPLE / 2.0, y), style.mark, 4.0, style.ink, true);
        }
        Sample::Mark(style, solid) => draw_mark(picture, (x + SAMPLE - 10.0, y), style.mark, 5.0, style.ink, solid),
        Sample::Line(stroke) => picture.line(across, stroke),
        Sample::Shade(ink) => picture.block((x, y - 6.0), (x + SAMPLE, y + 6.0), ink),
        Sample::Fenced(ink) => incidents::fenced(picture, (x, y - 6.0), (x + SAMPLE, y + 6.0), ink),
        Sample::Strip => {
            picture.block((x, y - 3.5), (x + SAMPLE / 2.0, y + 3.5), OPEN);
            picture.block((x + SAMPLE / 2.0, y - 1.5), (x + SAMPLE, y + 1.5), SHUT);
        }
    }
}

/// How many panels stand side by side where three are not too narrow.
pub(super) fn columns(count: usize) -> usize {
    match count {
        0 | 1 => 1,
        2..=4 => 2,
        _ => 3,
    }
}

/// Shares the page below `top` among `count` panels in so many columns, each panel at least `least` high; the page
/// grows as needed.
pub(super) fn cells(picture: &mut Picture, count: usize, columns: usize, top: f64, least: f64) -> Vec<Cell> {
    let rows = count.div_ceil(columns).max(1);
    let free = HEIGHT - top - FOOT - GAP * (rows - 1) as f64;
    grid(picture, count, columns, top, (free / rows as f64).max(least))
}

/// As [`cells`], each panel so high; the page ends below the last one.
pub(super) fn grid(picture: &mut Picture, count: usize, columns: usize, top: f64, height: f64) -> Vec<Cell> {
    let rows = count.div_ceil(columns).max(1);
    let (gap_x, gap_y) = (34.0, GAP);
    picture.height = (top + height * rows as f64 + gap_y * (rows - 1) as f64 + FOOT).ceil().max(HEIGHT);
    let width = (WIDTH - LEFT - RIGHT - gap_x * (columns - 1) as f64) / columns as f64;
    let cell = |i: usize| {
        let (left, top) = (LEFT + (i % columns) as f64 * (width + gap_x), top + (i / columns) as f64 * (height + gap_y));
        Cell { left, top, right: left + width, bottom: top + height }
    };
    (0..count).map(cell).collect()
}

/// One panel below the other over the whole width, so high each.
pub(super) fn stack(picture: &mut Picture, top: f64, heights: &[f64]) -> Vec<Cell> {
    let mut top = top;
    let mut cells = Vec::new();
    for height in heights {
        cells.push(Cell { left: LEFT, top, right: WIDTH - RIGHT, bottom: top + height });
        top += height + GAP;
    }
    picture.height = (top - GAP + FOOT).ceil().max(HEIGHT);
    cells
}
