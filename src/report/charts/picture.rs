//! A picture as a list of lines, areas and words, in points of a page; nothing here knows how it is drawn.

use super::font::text_width;

/// Where something lies: to the right and down from the upper left corner.
pub(super) type Point = (f64, f64);

/// A colour and how much it covers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ink {
    pub(super) rgb: (u8, u8, u8),
    pub(super) alpha: f64,
}

impl Ink {
    pub(super) const fn new(red: u8, green: u8, blue: u8) -> Ink {
        Ink { rgb: (red, green, blue), alpha: 1.0 }
    }

    pub(super) fn alpha(self, alpha: f64) -> Ink {
        Ink { alpha, ..self }
    }
}

/// How a line is drawn: `dash` has the lengths of strokes and gaps in turn; empty is solid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stroke {
    pub(super) ink: Ink,
    pub(super) width: f64,
    pub(super) dash: &'static [f64],
}

impl Stroke {
    pub(super) const fn solid(ink: Ink, width: f64) -> Stroke {
        Stroke { ink, width, dash: &[] }
    }
}

/// Which part of a text lies at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Letters {
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) ink: Ink,
    pub(super) anchor: Anchor,
}

/// One thing to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    Line { points: Vec<Point>, stroke: Stroke },
    Area { points: Vec<Point>, ink: Ink },
    Text { at: Point, text: String, letters: Letters },
}

/// What to draw, the first thing at the bottom.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) shapes: Vec<Shape>,
}

impl Picture {
    pub(super) fn new(width: f64, height: f64) -> Picture {
        Picture { width, height, shapes: Vec::new() }
    }

    pub(super) fn line(&mut self, points: Vec<Point>, stroke: Stroke) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line { points, stroke });
        }
    }

    pub(super) fn area(&mut self, points: Vec<Point>, ink: Ink) {
        if points.len() > 2 {
            self.shapes.push(Shape::Area { points, ink });
        }
    }

    /// A filled rectangle between two corners.
    pub(super) fn block(&mut self, (x0, y0): Point, (x1, y1): Point, ink: Ink) {
        self.area(vec![(x0, y0), (x1, y0), (x1, y1), (x0, y1)], ink);
    }

    /// Words whose baseline runs through `at`.
    pub(super) fn text(&mut self, at: Point, text: &str, letters: Letters) {
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if !text.trim().is_empty() {
            self.shapes.push(Shape::Text { at, text, letters });
        }
    }
}

/// The text, its end cut and replaced by `…` where it is wider than `room`.
pub(super) fn fitted(text: &str, size: f64, bold: bool, room: f64) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text_width(&text, size, bold) <= room {
        return text;
    }
    let letters: Vec<char> = text.chars().collect();
    let shortened = |n: usize| letters[..n].iter().collect::<String>().trim_end().to_owned() + "…";
    let (mut fits, mut too_long) = (0, letters.len());
    while too_long - fits > 1 {
        let middle = fits.midpoint(too_long);
        if text_width(&shortened(middle), size, bold) <= room { fits = middle } else { too_long = middle }
    }
    shortened(fits)
}
