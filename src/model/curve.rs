//! Arrival curves (stub: cumulative shares only).
use super::Sampler;
use crate::time::{Span, Time};

/// placeholder
#[derive(Debug, Clone)]
pub struct Curve {
    kind: Kind,
    total: f64,
}
#[derive(Debug, Clone)]
enum Kind {
    Weibull(Time, f64, Span),
    Spike(Time),
    Rates(Vec<(Time, f64)>, Between),
    Atoms(Vec<Time>),
}
/// placeholder
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Between {
    /// a
    Step,
    /// b
    Linear,
}
/// How a curve is cut at the end of the clock.
#[derive(Debug, Clone, Copy)]
pub struct Cut {
    /// clock.end
    pub end: Time,
    /// whether all come before it
    pub truncate: bool,
}
/// placeholder
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CurveError {
    /// x
    #[error("nobody comes within the clock")]
    Bad,
}
#[allow(missing_docs, clippy::missing_errors_doc, clippy::must_use_candidate)]
impl Curve {
    fn make(kind: Kind, cut: Cut) -> Result<Curve, CurveError> {
        let mut curve = Curve { kind, total: 1.0 };
        if cut.truncate {
            curve.total = curve.share_before(cut.end);
        }
        if curve.total > 0.0 { Ok(curve) } else { Err(CurveError::Bad) }
    }
    pub fn weibull(from: Time, shape: f64, scale: Span, cut: Cut) -> Result<Curve, CurveError> {
        Curve::make(Kind::Weibull(from, shape, scale), cut)
    }
    pub fn spike(at: Time, _delay: Sampler, cut: Cut) -> Result<Curve, CurveError> {
        Curve::make(Kind::Spike(at), cut)
    }
    pub fn rates(points: &[(Time, f64)], between: Between, cut: Cut) -> Result<Curve, CurveError> {
        Curve::make(Kind::Rates(points.to_vec(), between), cut)
    }
    pub fn atoms(times: &[Time], cut: Cut) -> Result<Curve, CurveError> {
        Curve::make(Kind::Atoms(times.to_vec()), cut)
    }
    pub fn share_before(&self, at: Time) -> f64 {
        let raw = match &self.kind {
            Kind::Weibull(from, shape, scale) => 1.0 - (-(at.since(*from).seconds() / scale.seconds()).powf(*shape)).exp(),
            Kind::Spike(t) => f64::from(u8::from(at > *t)),
            Kind::Atoms(times) => times.iter().filter(|t| **t < at).count() as f64 / times.len() as f64,
            Kind::Rates(points, between) => {
                let mass = |to: Time| {
                    points
                        .windows(2)
                        .map(|p| {
                            let (a, b) = (p[0].0.min(to), p[1].0.min(to));
                            let x = b.since(a).seconds();
                            let w = p[1].0.since(p[0].0).seconds();
                            match between {
                                Between::Step => p[0].1 * x,
                                Between::Linear => p[0].1 * x + (p[1].1 - p[0].1) * x * x / w / 2.0,
                            }
                        })
                        .sum::<f64>()
                };
                mass(at) / mass(Time::NEVER)
            }
        };
        (raw / self.total).min(1.0)
    }
}
