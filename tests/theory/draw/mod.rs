//! Pictures for the page, in the hand of the project's own charts.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    missing_debug_implementations,
    reason = "the charts have more than is used here"
)]

#[path = "../../../src/report/charts/font.rs"]
mod font;
#[path = "../../../src/report/charts/palette.rs"]
mod palette;
#[path = "../../../src/report/charts/picture.rs"]
mod picture;
#[path = "../../../src/report/charts/render.rs"]
mod render;

use palette::{BLACK, FRAME, GREY, RULE, bold, words};
use picture::{Anchor, Ink, Picture, Point, Stroke};

/// A page to draw on.
#[derive(Debug)]
pub(crate) struct Sheet(Picture);

#[derive(Debug, Clone, Copy)]
pub(crate) enum Colour {
    Black,
    Grey,
    Sky,
    Red,
    Green,
}

impl Colour {
    fn ink(self) -> Ink {
        match self {
            Colour::Black => BLACK,
            Colour::Grey => GREY,
            Colour::Sky => Ink::new(86, 180, 233),
            Colour::Red => Ink::new(213, 94, 0),
            Colour::Green => Ink::new(0, 158, 115),
        }
    }
}

/// An axis: its bounds, the marks on it with what they say, and whether every factor is alike.
#[derive(Debug, Clone)]
pub(crate) struct Axis {
    pub(crate) name: String,
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) ticks: Vec<(f64, String)>,
    pub(crate) log: bool,
}

impl Axis {
    /// From the first to the last tick.
    pub(crate) fn new(name: &str, ticks: Vec<(f64, String)>, log: bool) -> Axis {
        Axis { name: name.to_owned(), low: ticks[0].0, high: ticks[ticks.len() - 1].0, ticks, log }
    }

    /// Ticks from `low` to `high`, `step` apart.
    pub(crate) fn even(name: &str, low: f64, high: f64, step: f64, label: impl Fn(f64) -> String) -> Axis {
        let count = ((high - low) / step).round() as usize;
        let ticks = (0..=count).map(|i| low + i as f64 * step).map(|tick| (tick, label(tick))).collect();
        Axis::new(name, ticks, false)
    }

    fn share(&self, value: f64) -> f64 {
        let share = if self.log {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        share.clamp(0.0, 1.0)
    }
}

/// A frame with two axes on a picture.
#[derive(Debug)]
pub(crate) struct Plot {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
    across: Axis,
    up: Axis,
}

impl Plot {
    /// Draws the axes into a rectangle of the picture: left, top, right, bottom.
    pub(crate) fn new(Sheet(picture): &mut Sheet, [left, top, right, bottom]: [f64; 4], across: Axis, up: Axis) -> Plot {
        let plot = Plot { left: left + 58.0, top: top + 24.0, right: right - 18.0, bottom: bottom - 42.0, across, up };
        for (value, label) in &plot.up.ticks {
            let y = plot.y(*value);
            picture.line(vec![(plot.left, y), (plot.right, y)], Stroke::solid(RULE, 0.8));
            picture.text((plot.left - 7.0, y + 4.0), label, words(11.0, BLACK, Anchor::End));
        }
        for (value, label) in &plot.across.ticks {
            let x = plot.x(*value);
            picture.line(vec![(x, plot.bottom), (x, plot.bottom + 4.0)], Stroke::solid(FRAME, 1.0));
            picture.text((x, plot.bottom + 18.0), label, words(11.0, BLACK, Anchor::Middle));
        }
        picture.line(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], Stroke::solid(FRAME, 1.0));
        picture.text((plot.left, plot.top - 10.0), &plot.up.name, words(11.5, GREY, Anchor::Start));
        picture.text((plot.right, plot.bottom + 35.0), &plot.across.name, words(11.5, GREY, Anchor::End));
        plot
    }

    fn x(&self, value: f64) -> f64 {
        self.left + (self.right - self.left) * self.across.share(value)
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom + (self.top - self.bottom) * self.up.share(value)
    }

    fn at(&self, (x, y): (f64, f64)) -> Point {
        (self.x(x), self.y(y))
    }

    pub(crate) fn line(
        &self,
        Sheet(picture): &mut Sheet,
        points: &[(f64, f64)],
        colour: Colour,
        width: f64,
        dash: &'static [f64],
    ) {
        picture.line(points.iter().map(|point| self.at(*point)).collect(), Stroke { ink: colour.ink(), width, dash });
    }

    /// The band between two curves.
    pub(crate) fn band(&self, Sheet(picture): &mut Sheet, low: &[(f64, f64)], high: &[(f64, f64)], colour: Colour) {
        let around = low.iter().chain(high.iter().rev()).map(|point| self.at(*point)).collect();
        picture.area(around, colour.ink().alpha(0.22));
    }

    pub(crate) fn dot(&self, Sheet(picture): &mut Sheet, at: (f64, f64), radius: f64, colour: Colour) {
        let (x, y) = self.at(at);
        let corner = |i: u32| (f64::from(i) * std::f64::consts::TAU / 16.0).sin_cos();
        picture.area((0..16).map(corner).map(|(sine, cosine)| (x + radius * sine, y + radius * cosine)).collect(), colour.ink());
    }

    /// Words on the plot.
    pub(crate) fn note(&self, Sheet(picture): &mut Sheet, at: (f64, f64), text: &str, colour: Colour) {
        picture.text(self.at(at), text, words(11.5, colour.ink(), Anchor::Start));
    }

    /// A value with its interval.
    pub(crate) fn whisker(&self, Sheet(picture): &mut Sheet, x: f64, (low, high): (f64, f64), colour: Colour) {
        picture.line(vec![self.at((x, low)), self.at((x, high))], Stroke::solid(colour.ink(), 1.4));
    }
}

/// Explains a line, in the row of the heading.
pub(crate) fn legend(Sheet(picture): &mut Sheet, x: f64, text: &str, (colour, dash): (Colour, &'static [f64])) {
    picture.line(vec![(x, 20.0), (x + 26.0, 20.0)], Stroke { ink: colour.ink(), width: 2.2, dash });
    picture.text((x + 33.0, 24.0), text, words(11.5, BLACK, Anchor::Start));
}

/// An empty page with a heading.
pub(crate) fn page(width: f64, height: f64, heading: &str) -> Sheet {
    let mut picture = Picture::new(width, height);
    picture.text((16.0, 24.0), heading, bold(14.0, BLACK, Anchor::Start));
    Sheet(picture)
}

pub(crate) fn png(Sheet(picture): &Sheet) -> Vec<u8> {
    render::png(picture).expect("a picture")
}
