//! The grid of time on which the account is kept.

use crate::model::{Model, Timeout};
use crate::time::{Span, Time};

/// Cells of equal width; bins of the series are whole numbers of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Width of a cell.
    pub cell: Span,
    /// How many cells from `clock.start` to `clock.end`.
    pub cells: usize,
    end: Time,
}

/// Cells of a grid whose width nobody asked for: at least, and at most.
const LEAST: u64 = 2_000;
const MOST: u64 = 20_000;
/// So many cells in the shortest timeout, where there may be as many.
const IN_TIMEOUT: f64 = 2.0;

impl Grid {
    /// Cells of about so much, and never wider: whole parts of a bin.
    #[must_use]
    pub fn new(model: &Model, about: Span) -> Grid {
        let least = model.bin.0.div_ceil(about.0.max(1)).max(1);
        // Whole nanoseconds, where a few more parts make them so.
        let whole = (least..=least.saturating_mul(2)).take(10_000).find(|parts| model.bin.0.is_multiple_of(*parts));
        let cell = Span((model.bin.0 / whole.unwrap_or(least)).max(1));
        // What is left of a cell at the end by rounding is none.
        let cells = model.end.0.saturating_sub(cell.0 / 1000).div_ceil(cell.0).max(1);
        Grid { cell, cells: usize::try_from(cells).unwrap_or(usize::MAX), end: model.end }
    }

    /// The width that a model asks for by its timeouts and the length of its clock.
    #[must_use]
    pub fn width_for(model: &Model) -> Span {
        let steps = model.classes.iter().flat_map(|class| &class.journey);
        let timeout = |timeout: &Timeout| match timeout {
            Timeout::Never => None,
            Timeout::After(sampler) => Some(sampler.mean_seconds() * 1e9 / IN_TIMEOUT),
        };
        let shortest = steps.filter_map(|step| timeout(&step.timeout)).fold(f64::INFINITY, f64::min);
        let wanted = if shortest.is_finite() { shortest as u64 } else { u64::MAX };
        Span(wanted.clamp(model.end.0 / MOST, model.end.0 / LEAST).max(1))
    }

    /// Cells half as wide.
    #[must_use]
    pub fn halved(&self, model: &Model) -> Grid {
        Grid::new(model, Span((self.cell.0 / 2).max(1)))
    }

    pub(super) fn bounds(&self, cell: usize) -> (Time, Time) {
        let from = Time(self.cell.0.saturating_mul(cell as u64));
        (from, (from + self.cell).min(self.end))
    }

    /// An instant inside a cell, by which it is open or closed, up or down.
    pub(super) fn middle(&self, cell: usize) -> Time {
        Time(self.cell.0.saturating_mul(cell as u64).saturating_add(self.cell.0 / 2))
    }

    /// Of a time, how many cells it is.
    pub(super) fn seconds(&self) -> f64 {
        self.cell.seconds()
    }
}
