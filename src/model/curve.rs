//! Arrival curves.

/// placeholder
#[derive(Debug, Clone)]
pub struct Curve;
/// placeholder
#[derive(Debug, Clone, Copy)]
pub enum Between {
    /// a
    Step,
    /// b
    Linear,
}
/// placeholder
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CurveError {
    /// x
    #[error("bad")]
    Bad,
}
