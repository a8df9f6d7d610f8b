//! Arrival curves: when the people of a class intend to come.
//!
//! A new kind of curve is one more arm of `Kind`, and its constructor. A curve turns a rising cumulative hazard, −ln of
//! the share of people still to come, into a rising instant; [`super::Arrivals`] supplies the hazards.

mod rates;

pub use rates::Between;

use super::steps::Steps;
use super::{Sampler, SamplerError};
use crate::stats::exp;
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
            // The share is a place on the clock: it needs no relative precision near 0.
            Kind::Rates(rates) => rates.instant(1.0 - exp(-hazard), cursor),
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

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Cut = Cut { end: Time(1000), truncate: false };
    const CUT: Cut = Cut { end: Time(1000), truncate: true };

    fn curves(cut: Cut) -> Vec<Curve> {
        let points = [(Time(100), 0.0), (Time(300), 4.0), (Time(700), 0.0), (Time(800), 1.0), (Time(1400), 3.0)];
        [
            Curve::weibull(Time(50), 0.6, Span(400), cut),
            Curve::spike(Time(50), Sampler::lognormal(Span(700), 1.0).expect("valid"), cut),
            Curve::spike(Time(50), Sampler::gamma(Span(700), 0.5).expect("valid"), cut),
            Curve::spike(Time(50), Sampler::uniform(Span(100), Span(1500)).expect("valid"), cut),
            Curve::rates(&points, Between::Step, cut),
            Curve::rates(&points, Between::Linear, cut),
        ]
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("valid")
    }

    fn hazard(share: f64) -> f64 {
        -libm::log1p(-share)
    }

    #[test]
    fn instants_invert_the_share() {
        for curve in curves(WHOLE).into_iter().chain(curves(CUT)) {
            let (mut cursor, mut last) = (0, Time::ZERO);
            for i in 1..1000 {
                let share = f64::from(i) / 1000.0;
                let time = curve.instant(hazard(share), &mut cursor);
                assert!(time >= last);
                last = time;
                if time == Time::NEVER {
                    assert!(share >= curve.share_before(Time(1000)) - 1e-3, "{curve:?} at {share}");
                } else {
                    // The share lies between those a nanosecond before and after.
                    let around = [curve.share_before(time - Span(1)), curve.share_before(time + Span(1))];
                    let end = time == Time(999);
                    assert!(around[0] <= share && (share <= around[1] || end), "{curve:?} at {share}: {time:?}");
                }
            }
        }
    }

    #[test]
    fn a_cut_keeps_away_or_squeezes_in() {
        for (whole, cut) in curves(WHOLE).into_iter().zip(curves(CUT)) {
            let inside = whole.share_before(Time(1000));
            assert!(inside > 0.0 && inside < 1.0 && whole.share_before(Time::NEVER) == inside);
            assert_eq!((cut.share_before(Time(1000)), cut.share_before(Time::NEVER)), (1.0, 1.0));
            for at in (0..1000).step_by(7).map(Time) {
                assert!((cut.share_before(at) * inside - whole.share_before(at)).abs() < 1e-12, "{cut:?} at {at:?}");
            }
            for far in [20.0, 40.0, 700.0, f64::INFINITY] {
                assert_eq!(whole.instant(far, &mut 0), Time::NEVER);
                assert!(cut.instant(far, &mut 0) < Time(1000));
            }
        }
    }

    #[test]
    fn a_tiny_part_of_a_curve_can_be_all_of_it() {
        // 1e-12 of the curve lies before the end; within it the density is flat.
        let curve = Curve::weibull(Time::ZERO, 1.0, Span(1_000_000_000_000_000), CUT).expect("valid");
        assert_eq!([0.25, 0.5, 0.75].map(|share| curve.instant(hazard(share), &mut 0).0), [250, 500, 750]);
    }

    #[test]
    fn linear_rates_are_trapezoids() {
        let ramp = Curve::rates(&[(Time(0), 0.0), (Time(1000), 2.0)], Between::Linear, WHOLE).expect("valid");
        assert_eq!([0.25, 0.81].map(|share| ramp.instant(hazard(share), &mut 0)), [Time(500), Time(900)]);
        assert_eq!(ramp.share_before(Time(500)), 0.25);
        let step = Curve::rates(&[(Time(0), 1.0), (Time(500), 3.0), (Time(1000), 9.0)], Between::Step, WHOLE).expect("valid");
        assert_eq!((step.share_before(Time(500)), step.share_before(Time(750))), (0.25, 0.625));
    }

    #[test]
    fn atoms_are_exact_instants() {
        let times = [Time(700), Time(20), Time(700), Time(1500)];
        let whole = Curve::atoms(&times, WHOLE).expect("valid");
        let at = |curve: &Curve, share| curve.instant(hazard(share), &mut 0);
        assert_eq!([0.2, 0.3, 0.7, 0.8].map(|share| at(&whole, share)), [Time(20), Time(700), Time(700), Time::NEVER]);
        assert_eq!([20, 21, 700, 701].map(|t| whole.share_before(Time(t))), [0.0, 0.25, 0.25, 0.75]);
        let cut = Curve::atoms(&times, CUT).expect("valid");
        assert_eq!([0.3, 0.4, 0.999].map(|share| at(&cut, share)), [Time(20), Time(700), Time(700)]);
        let spike = Curve::spike(Time(7), Sampler::constant(Span(5)), CUT).expect("valid");
        assert_eq!((at(&spike, 0.5), spike.share_before(Time(12)), spike.share_before(Time(13))), (Time(12), 0.0, 1.0));
    }

    #[test]
    fn mistakes_say_what_would_be_right() {
        let told = |result: Result<Curve, CurveError>| result.expect_err("a mistake");
        let rates = |points: &[(Time, f64)]| told(Curve::rates(points, Between::Step, CUT));
        assert_eq!(rates(&[(Time(1), 1.0)]), CurveError::TooFewPoints);
        assert_eq!(rates(&[(Time(1), 1.0), (Time(1), 2.0)]), CurveError::Unordered { index: 1 });
        assert_eq!(rates(&[(Time(1), 1.0), (Time(2), -2.0)]), CurveError::Rate { index: 1, rate: -2.0 });
        assert_eq!(rates(&[(Time(1), 0.0), (Time(2), 2.0)]), CurveError::NoRate);
        assert_eq!(rates(&[(Time(1000), 1.0), (Time(2000), 2.0)]), CurveError::NothingBeforeEnd);
        assert_eq!(told(Curve::atoms(&[], CUT)), CurveError::NoTimes);
        assert_eq!(told(Curve::atoms(&[Time(1000)], CUT)), CurveError::NothingBeforeEnd);
        assert_eq!(told(Curve::weibull(Time(1000), 1.0, Span(1), CUT)), CurveError::NothingBeforeEnd);
        assert_eq!(told(Curve::weibull(Time(0), 0.0, Span(1), CUT)), CurveError::Sampler(SamplerError::Shape(0.0)));
        let says = CurveError::Unordered { index: 1 }.to_string();
        assert_eq!(says, "point number 2 is not later than the one before; points must be in order of time");
    }

    #[test]
    fn a_part_of_a_curve_keeps_its_digits_however_tiny() {
        // 1e-15 of the curve lies before the end, nine steps of a number near 1.
        let curve = Curve::weibull(Time::ZERO, 1.0, Span(1_000_000_000_000_000_000), CUT).expect("valid");
        assert_eq!([0.25, 0.5, 0.75].map(|share| curve.instant(hazard(share), &mut 0).0), [250, 500, 750]);
    }

    #[test]
    fn a_whole_curve_takes_hazards_as_they_are() {
        // e^-800 is 0 in floating point.
        let curve = Curve::weibull(Time::ZERO, 1.0, Span(1), WHOLE).expect("valid");
        assert_eq!([3.0, 800.0].map(|hazard| curve.instant(hazard, &mut 0)), [Time(3), Time(800)]);
    }
}
