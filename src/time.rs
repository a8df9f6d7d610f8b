//! Integer time: [`Time`] is an instant of a run, [`Span`] a length of time, both in whole nanoseconds.
//!
//! Instants count from `clock.start` of the scenario. All arithmetic saturates at [`Time::NEVER`], so that no
//! scenario, however absurd its figures, can make time wrap around.

mod calendar;
mod duration;

pub use calendar::{Calendar, CivilError};
pub use duration::DurationError;

use std::ops::{Add, AddAssign, Sub};

/// Nanoseconds in a second.
pub const NANOS_PER_SECOND: u64 = 1_000_000_000;

/// An instant: nanoseconds since `clock.start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Time(pub u64);

/// A length of time in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize, serde::Deserialize)]
pub struct Span(pub u64);

impl Time {
    /// `clock.start`.
    pub const ZERO: Time = Time(0);
    /// Later than every event.
    pub const NEVER: Time = Time(u64::MAX);

    /// Seconds since `clock.start`.
    #[must_use]
    pub fn seconds(self) -> f64 {
        Span(self.0).seconds()
    }

    /// The time since `earlier`, zero if that lies in the future.
    #[must_use]
    pub fn since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// Longer than every run.
    pub const FOREVER: Span = Span(u64::MAX);

    /// A whole number of seconds.
    #[must_use]
    pub const fn from_seconds(seconds: u64) -> Span {
        Span(seconds.saturating_mul(NANOS_PER_SECOND))
    }

    /// The nearest whole nanosecond to a number of nanoseconds; negative and NaN give zero, too large gives
    /// [`Span::FOREVER`].
    #[must_use]
    pub fn from_nanos(nanos: f64) -> Span {
        // `as` saturates at both ends and turns NaN into zero; signed, it takes half the instructions.
        let nearest = (nanos + 0.5) as i64;
        if nearest == i64::MAX { Span((nanos + 0.5) as u64) } else { Span(nearest.max(0) as u64) }
    }

    /// The length in seconds.
    #[must_use]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / NANOS_PER_SECOND as f64
    }
}

impl Add<Span> for Time {
    type Output = Time;
    fn add(self, span: Span) -> Time {
        Time(self.0.saturating_add(span.0))
    }
}

impl AddAssign<Span> for Time {
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl Add for Span {
    type Output = Span;
    fn add(self, other: Span) -> Span {
        Span(self.0.saturating_add(other.0))
    }
}

impl Sub<Span> for Time {
    type Output = Time;
    fn sub(self, span: Span) -> Time {
        Time(self.0.saturating_sub(span.0))
    }
}
