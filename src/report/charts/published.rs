//! Published figures on a panel: a mark, its tolerance as a bar, and its value where no other words are.

use super::axis::Scale;
use super::font::text_width;
use super::page::Cell;
use super::palette::{BLACK, Mark, WHITE, bold, draw_mark};
use super::picture::{Anchor, Ink, Picture, Point, Stroke};
use crate::report::numbers::short;
use crate::time::Time;

const LETTERS: f64 = 11.0;
const RADIUS: f64 = 5.6;

/// A published figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Published {
    pub(super) at: Time,
    pub(super) value: f64,
    /// Relative: the figure holds as far away as that.
    pub(super) tolerance: f64,
    pub(super) ink: Ink,
}

impl Published {
    /// The highest value at which it holds.
    pub(super) fn high(&self) -> f64 {
        self.value * (1.0 + self.tolerance)
    }
}

/// Left, top, right, bottom.
type Box = [f64; 4];

fn overlap(one: &Box, other: &Box) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

/// Draws all figures of a panel: bars below, then marks, then words.
pub(super) fn draw(picture: &mut Picture, all: &[Published], frame: Cell, at: &dyn Fn(Time) -> f64, up: &Scale) {
    for published in all {
        draw_bar(picture, at(published.at), up.at(published.high()), up.at(published.value * (1.0 - published.tolerance)));
    }
    let places: Vec<Point> = all.iter().map(|published| (at(published.at), up.at(published.value))).collect();
    for (published, place) in all.iter().zip(&places) {
        draw_mark(picture, *place, Mark::Diamond, RADIUS, BLACK, true);
        draw_core(picture, *place, published.ink);
    }
    let mut taken: Vec<Box> = places.iter().map(|(x, y)| [x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS]).collect();
    for (published, place) in all.iter().zip(&places) {
        let text = short(published.value);
        let Some(room) = free_place(*place, text_width(&text, LETTERS, true), frame, &taken) else { continue };
        picture.block((room[0] - 2.0, room[1]), (room[2] + 2.0, room[3]), WHITE.alpha(0.75));
        picture.text((room[0], room[3] - 2.0), &text, bold(LETTERS, BLACK, Anchor::Start));
        taken.push(room);
    }
}

/// From the highest to the lowest value at which the figure holds.
fn draw_bar(picture: &mut Picture, x: f64, top: f64, bottom: f64) {
    for (width, ink) in [(4.0, WHITE), (1.5, BLACK)] {
        picture.line(vec![(x, top), (x, bottom)], Stroke::solid(ink, width));
    }
    for y in [top, bottom] {
        picture.line(vec![(x - 4.0, y), (x + 4.0, y)], Stroke::solid(BLACK, 1.5));
    }
}

/// The colour of the policy inside a black mark.
fn draw_core(picture: &mut Picture, (x, y): Point, ink: Ink) {
    let r = RADIUS - 1.0;
    picture.area(vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)], ink);
}

/// Where words fit beside a mark: curves of running totals come from the lower left, so first to the upper left, then
/// to the lower right, and ever farther away. Nothing if all is taken.
fn free_place((x, y): Point, width: f64, frame: Cell, taken: &[Box]) -> Option<Box> {
    let height = LETTERS + 2.0;
    let tries = (0..4).flat_map(|step| {
        let far = f64::from(step) * height;
        let upper = (x - width - 3.0, y - 9.0 - far);
        let lower = (x + 5.0, y + 19.0 + far);
        let middle = (x - width / 2.0, y - 9.0 - far);
        let (left, right) = ((x - width - 10.0, y + 4.0 - far), (x + 10.0, y + 4.0 + far));
        [upper, lower, middle, left, right]
    });
    let rooms = tries.map(|(left, bottom)| [left, bottom - height, left + width, bottom]);
    let inside = |room: &Box| room[0] > frame.left && room[2] <= frame.right && room[1] >= frame.top && room[3] < frame.bottom;
    rooms.into_iter().find(|room| inside(room) && taken.iter().all(|other| !overlap(room, other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_close_figures_lie_beside_each_other() {
        let frame = Cell { left: 0.0, top: 0.0, right: 300.0, bottom: 200.0 };
        let mut taken: Vec<Box> = Vec::new();
        for x in [100.0, 104.0, 112.0] {
            let room = free_place((x, 100.0), 30.0, frame, &taken).unwrap();
            assert!(taken.iter().all(|other| !overlap(other, &room)), "{x}");
            taken.push(room);
        }
        assert_eq!(free_place((100.0, 100.0), 30.0, frame, &[[0.0, 0.0, 300.0, 200.0]]), None);
    }
}
