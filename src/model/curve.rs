//! Arrival curves: when the people of a class intend to come.
//!
//! A new kind of curve is one more arm of `Kind`, and its constructor. A curve turns a rising cumulative hazard, −ln of
//! the share of people still to come, into a rising instant; [`super::Arrivals`] supplies the hazards.

mod rates;

pub use rates::Between;

use super::steps::Steps;
use super::{Sampler, SamplerError};
use crate::time::{Span, Time};
use rates::Rates;

/// A density of intended arrivals over the clock.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    kind: Kind,
    cut: Cut,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    /// An instant and a continuous delay after it, of which only the share `head` (with `tail` = 1 − `head`) is kept.
    Delay { from: Time, delay: Sampler, head: f64, tail: f64 },
    /// A density by pieces.
    Rates(Rates),
    /// Exact instants.
    Atoms(Steps),
}

/// What becomes of the people whom a curve would bring at or after an instant, as a rule `clock.end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The instant.
    pub end: Time,
    /// True: the curve is conditioned on coming before `end`, so that everybody does. False: they never arrive.
    pub truncate: bool,
}

/// Why parameters make no curve.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CurveError {
    /// The delay or the Weibull parameters are wrong.
    #[error(transparent)]
    Sampler(#[from] SamplerError),
    /// A curve cut to the clock that has nothing within it.
    #[error("nobody would come before the end of the clock; start the curve earlier, or do not truncate it")]
    NothingBeforeEnd,
    /// Fewer than two points of a rate.
    #[error("a rate needs at least two points; the last one says where it ends")]
    TooFewPoints,
    /// Points out of order.
    #[error("point number {} is not later than the one before; points must be in order of time", index + 1)]
    Unordered {
        /// The point's place, from 0.
        index: usize,
    },
    /// A rate out of range.
    #[error("the rate of point number {} is {rate}; rates must be numbers from 0 up", index + 1)]
    Rate {
        /// The point's place, from 0.
        index: usize,
        /// The rate.
        rate: f64,
    },
    /// Nothing under the curve.
    #[error("the rate is 0 from the first point to the last; it must be greater somewhere between them")]
    NoRate,
    /// No instants.
    #[error("there are no times; at least one is needed")]
    NoTimes,
}

impl Curve {
    /// Density k/s·(t/s)^(k−1)·exp(−(t/s)^k) of the time t since `from`, k being the shape and s the scale.
    ///
    /// # Errors
    /// [`CurveError::Sampler`], [`CurveError::NothingBeforeEnd`].
    pub fn weibull(from: Time, shape: f64, scale: Span, cut: Cut) -> Result<Curve, CurveError> {
        Curve::spike(from, Sampler::weibull(shape, scale)?, cut)
    }

    /// All at `at`, each after a delay of their own.
    ///
    /// # Errors
    /// [`CurveError::NothingBeforeEnd`].
    pub fn spike(at: Time, delay: Sampler, cut: Cut) -> Result<Curve, CurveError> {
        if let Some(atoms) = delay.atoms() {
            return Curve::steps(atoms.into_iter().map(|(nanos, share)| ((at + Span(nanos)).0, share)), cut);
        }
        let (mut head, mut tail) = (1.0, 0.0);
        if cut.truncate {
            let hazard = delay.hazard(cut.end.since(at).0 as f64);
            (head, tail) = (-libm::expm1(-hazard), libm::exp(-hazard));
            if head.is_nan() || head <= 0.0 {
                return Err(CurveError::NothingBeforeEnd);
            }
        }
        Ok(Curve { kind: Kind::Delay { from: at, delay, head, tail }, cut })
    }

    /// A rate over time; only its shape counts, for it is scaled to the population. Zero before the first point and
    /// after the last.
    ///
    /// # Errors
    /// [`CurveError::TooFewPoints`], [`CurveError::Unordered`], [`CurveError::Rate`], [`CurveError::NoRate`],
    /// [`CurveError::NothingBeforeEnd`].
    pub fn rates(points: &[(Time, f64)], between: Between, cut: Cut) -> Result<Curve, CurveError> {
        Ok(Curve { kind: Kind::Rates(Rates::new(points, between, cut)?), cut })
    }

    /// Given instants, each equally likely; one that is given twice is twice as likely.
    ///
    /// # Errors
    /// [`CurveError::NoTimes`], [`CurveError::NothingBeforeEnd`].
    pub fn atoms(times: &[Time], cut: Cut) -> Result<Curve, CurveError> {
        if times.is_empty() {
            return Err(CurveError::NoTimes);
        }
        Curve::steps(times.iter().map(|time| (time.0, 1.0)), cut)
    }

    fn steps(weighted: impl Iterator<Item = (u64, f64)>, cut: Cut) -> Result<Curve, CurveError> {
        let kept = weighted.filter(|(time, _)| !cut.truncate || *time < cut.end.0).collect();
        let steps = Steps::new(kept).ok_or(CurveError::NothingBeforeEnd)?;
        Ok(Curve { kind: Kind::Atoms(steps), cut })
    }

    /// The share of the population that comes before `at`, by what the cut leaves of the curve.
    #[must_use]
    pub fn share_before(&self, at: Time) -> f64 {
        if self.cut.truncate && at >= self.cut.end {
            return 1.0;
        }
        let at = at.min(self.cut.end);
        match &self.kind {
            Kind::Delay { from, .. } if at <= *from => 0.0,
            Kind::Delay { from, delay, head, .. } => (delay.cdf(at.since(*from).0 as f64) / head).min(1.0),
            Kind::Rates(rates) => rates.share_before(at),
            Kind::Atoms(steps) => steps.share_below(at.0),
        }
    }

    /// The instant at which −ln of the share of people still to come is `hazard`; [`Time::NEVER`] for those whom the cut
    /// keeps away. The cursor starts at 0 and goes with rising hazards.
    #[inline]
    pub(super) fn instant(&self, hazard: f64, cursor: &mut usize) -> Time {
        let time = match &self.kind {
            Kind::Delay { from, delay, head, tail } => {
                *from + Span::from_nanos(delay.at_hazard(if *tail > 0.0 { conditioned(hazard, *head, *tail) } else { hazard }))
            }
            Kind::Rates(rates) => rates.instant(-libm::expm1(-hazard), cursor),
            Kind::Atoms(steps) => Time(steps.quantile_from(-libm::expm1(-hazard), cursor)),
        };
        if time < self.cut.end {
            time
        } else if self.cut.truncate {
            Time(self.cut.end.0.saturating_sub(1))
        } else {
            Time::NEVER
        }
    }
}

/// The hazard of the whole curve where that of its first part, of share `head`, is `hazard`: −ln(1 − head·(1 −
/// e^−hazard)), from whichever side keeps its digits.
#[inline]
fn conditioned(hazard: f64, head: f64, tail: f64) -> f64 {
    let share = -head * libm::expm1(-hazard);
    if share < 0.5 { -libm::log1p(-share) } else { -libm::log(tail + head * libm::exp(-hazard)) }
}
