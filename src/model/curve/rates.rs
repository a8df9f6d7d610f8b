//! A density by pieces, constant or linear in each.

use super::{CurveError, Cut};
use crate::time::{Span, Time};

/// What a rate does between two points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// Holds the rate of the earlier point.
    Step,
    /// Goes in a straight line from one to the other.
    Linear,
}

/// Pieces in order of time, each with something in it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rates(Box<[Piece]>);

#[derive(Debug, Clone, Copy, PartialEq)]
struct Piece {
    start: Time,
    /// Nanoseconds.
    width: f64,
    /// Share of the curve before the piece, and up to its end.
    before: f64,
    upto: f64,
    /// Rate at the start over the sum of those at start and end: ½ where it is constant.
    lean: f64,
}

impl Rates {
    pub(super) fn new(points: &[(Time, f64)], between: Between, cut: Cut) -> Result<Rates, CurveError> {
        if points.len() < 2 {
            return Err(CurveError::TooFewPoints);
        }
        if let Some(index) = points.iter().position(|(_, rate)| !(rate.is_finite() && *rate >= 0.0)) {
            return Err(CurveError::Rate { index, rate: points[index].1 });
        }
        if let Some(index) = points.windows(2).position(|pair| pair[0].0 >= pair[1].0) {
            return Err(CurveError::Unordered { index: index + 1 });
        }
        // Relative to the largest rate, so that no sum overflows.
        let largest = points.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
        let end = if cut.truncate { cut.end } else { Time::NEVER };
        let (mut pieces, mut sum, mut anything) = (Vec::with_capacity(points.len() - 1), 0.0, false);
        for pair in points.windows(2) {
            let ((start, first), (stop, last)) = (pair[0], pair[1]);
            let last = if between == Between::Step { first } else { last };
            anything |= first + last > 0.0;
            if start >= end {
                continue;
            }
            let (whole, width) = (stop.since(start).0 as f64, stop.min(end).since(start).0 as f64);
            let (first, last) = (first / largest, (first + (last - first) * (width / whole)) / largest);
            let mass = 0.5 * (first + last) * width;
            if mass > 0.0 {
                pieces.push(Piece { start, width, before: sum, upto: sum + mass, lean: first / (first + last) });
                sum += mass;
            }
        }
        if pieces.is_empty() {
            return Err(if anything { CurveError::NothingBeforeEnd } else { CurveError::NoRate });
        }
        for piece in &mut pieces {
            piece.before /= sum;
            piece.upto /= sum;
        }
        Ok(Rates(pieces.into()))
    }

    /// The instant before which the share `u` of the curve lies, searched from the cursor on.
    #[inline]
    pub(super) fn instant(&self, u: f64, cursor: &mut usize) -> Time {
        while *cursor + 1 < self.0.len() && u >= self.0[*cursor].upto {
            *cursor += 1;
        }
        let piece = &self.0[*cursor];
        let share = ((u - piece.before) / (piece.upto - piece.before)).clamp(0.0, 1.0);
        let part = if piece.lean == 0.5 || share == 0.0 {
            share
        } else {
            // Solves 2·lean·s + (1 − 2·lean)·s² = share for s, in the form that does not cancel.
            share / (piece.lean + libm::sqrt(piece.lean * piece.lean + (1.0 - 2.0 * piece.lean) * share))
        };
        piece.start + Span::from_nanos(part * piece.width)
    }

    pub(super) fn share_before(&self, at: Time) -> f64 {
        let Some(piece) = self.0.partition_point(|piece| piece.start < at).checked_sub(1).map(|index| &self.0[index]) else {
            return 0.0;
        };
        let part = (at.since(piece.start).0 as f64 / piece.width).min(1.0);
        let share = part * (2.0 * piece.lean + (1.0 - 2.0 * piece.lean) * part);
        piece.before + (piece.upto - piece.before) * share
    }
}
