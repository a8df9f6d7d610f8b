//! Colours, dashes and marks. Policies differ by all three, so that they can be told apart in print without colours.

use super::picture::{Anchor, Ink, Letters, Picture, Point, Stroke};

pub(super) const BLACK: Ink = Ink::new(25, 25, 25);
pub(super) const GREY: Ink = Ink::new(95, 95, 95);
pub(super) const RULE: Ink = Ink::new(226, 226, 226);
pub(super) const FRAME: Ink = Ink::new(150, 150, 150);
pub(super) const WHITE: Ink = Ink::new(255, 255, 255);
/// Behind the curves, while a station is down.
pub(super) const OUTAGE: Ink = Ink::new(238, 236, 232);
/// Behind the curves, in an incident, and its edges.
pub(super) const INCIDENT: Ink = Ink::new(253, 226, 185);
pub(super) const INCIDENT_EDGE: Ink = Ink::new(176, 104, 0);
/// How much the band around a curve covers: short peaks must show, and curves below it too.
pub(super) const BAND: f64 = 0.24;
/// A strip where a class may enter, and where it may not.
pub(super) const OPEN: Ink = Ink::new(110, 110, 110);
pub(super) const SHUT: Ink = Ink::new(230, 230, 230);

/// Safe for colour-blind readers (Okabe and Ito, "Color Universal Design", 2008), without yellow, which is too pale
/// for lines on white.
/// The first is light, so that dashes of others show on it without colours too.
const COLOURS: [Ink; 7] = [
    Ink::new(86, 180, 233),
    Ink::new(213, 94, 0),
    Ink::new(0, 158, 115),
    Ink::new(204, 121, 167),
    Ink::new(230, 159, 0),
    Ink::new(0, 114, 178),
    Ink::new(0, 0, 0),
];

const DASHES: [&[f64]; 5] = [&[], &[9.0, 4.0], &[2.5, 2.5], &[11.0, 3.0, 2.5, 3.0], &[5.0, 3.0]];

/// The shape of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    Circle,
    Square,
    Up,
    Diamond,
    Down,
    Cross,
}

const MARKS: [Mark; 6] = [Mark::Circle, Mark::Square, Mark::Up, Mark::Diamond, Mark::Down, Mark::Cross];

/// How a policy looks in every chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Style {
    pub(super) ink: Ink,
    pub(super) dash: &'static [f64],
    pub(super) mark: Mark,
    /// Its place in the list, which shifts its marks along the line away from those of others.
    pub(super) place: usize,
}

impl Style {
    /// The look of the `place`-th policy of a run; 7 colours, 5 dashes and 6 marks repeat together only after 210.
    pub(super) fn of(place: usize) -> Style {
        Style { ink: COLOURS[place % COLOURS.len()], dash: DASHES[place % DASHES.len()], mark: MARKS[place % MARKS.len()], place }
    }

    pub(super) fn stroke(self) -> Stroke {
        // The first one, which the others are compared with, is wide: where another lies on it, both show.
        Stroke { ink: self.ink, width: if self.place == 0 { 3.4 } else { 1.8 }, dash: self.dash }
    }
}

/// Words of a size.
pub(super) fn words(size: f64, ink: Ink, anchor: Anchor) -> Letters {
    Letters { size, bold: false, ink, anchor }
}

/// Bold words of a size.
pub(super) fn bold(size: f64, ink: Ink, anchor: Anchor) -> Letters {
    Letters { size, bold: true, ink, anchor }
}

/// Draws a mark: filled, or white with a coloured edge; `radius` without its edge.
pub(super) fn draw_mark(picture: &mut Picture, at: Point, mark: Mark, radius: f64, ink: Ink, solid: bool) {
    picture.area(outline(mark, at, radius + 1.3), WHITE);
    picture.area(outline(mark, at, radius), ink);
    if !solid {
        picture.area(outline(mark, at, radius - 1.6), WHITE);
    }
}

fn outline(mark: Mark, (x, y): Point, radius: f64) -> Vec<Point> {
    let regular = |corners: usize, turn: f64, radius: f64| {
        (0..corners)
            .map(|i| {
                let angle = (i as f64 + turn) / corners as f64 * std::f64::consts::TAU;
                (x + radius * angle.sin(), y - radius * angle.cos())
            })
            .collect()
    };
    match mark {
        Mark::Circle => regular(24, 0.0, radius),
        Mark::Square => regular(4, 0.5, radius * 1.25),
        Mark::Up => regular(3, 0.0, radius * 1.35),
        Mark::Down => regular(3, 0.5, radius * 1.35),
        Mark::Diamond => regular(4, 0.0, radius * 1.3),
        Mark::Cross => {
            let (long, short) = (radius * 1.25, radius * 0.42);
            let arms = [
                (-short, -long),
                (short, -long),
                (short, -short),
                (long, -short),
                (long, short),
                (short, short),
                (short, long),
                (-short, long),
                (-short, short),
                (-long, short),
                (-long, -short),
                (-short, -short),
            ];
            arms.iter().map(|(dx, dy)| (x + dx, y + dy)).collect()
        }
    }
}
