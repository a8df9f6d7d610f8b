//! Distributions of durations as a person writes them.

use super::leaf::{NonNegative, Positive};
use super::read::List;
use super::record::{choice, record};
use crate::time::Span;

choice! {
    /// A distribution of durations: a duration is a constant.
    pub enum Distribution, "a distribution" {
        otherwise {
            /// Always the same.
            Constant(Span)
        }
        /// Exponential.
        "exponential" Exponential(Mean),
        /// Lognormal, by the mean and coefficient of variation of the duration itself.
        "lognormal" Lognormal(MeanCv),
        /// Gamma.
        "gamma" Gamma(MeanCv),
        /// Weibull.
        "weibull" Weibull(ShapeScale),
        /// Pareto.
        "pareto" Pareto(MinShape),
        /// Uniform.
        "uniform" Uniform(MinMax),
        /// One of some values.
        "empirical" Empirical(Values),
    }
}

record! {
    /// By its mean.
    pub struct Mean, "this distribution" {
        /// Mean.
        required mean: Span,
    }
}

record! {
    /// By mean and coefficient of variation.
    pub struct MeanCv, "this distribution" {
        /// Mean.
        required mean: Span,
        /// Standard deviation over mean.
        required cv: Positive,
    }
}

record! {
    /// By shape and scale.
    pub struct ShapeScale, "this distribution" {
        /// Shape: 1 is the exponential.
        required shape: Positive,
        /// Scale: 63 % are below it.
        required scale: Span,
    }
}

record! {
    /// By minimum and shape.
    pub struct MinShape, "this distribution" {
        /// Nothing is shorter.
        required min: Span,
        /// Shape: the tail falls as 1/t to this power; at 1 or less the mean is infinite.
        required shape: Positive,
    }
}

record! {
    /// By its limits.
    pub struct MinMax, "this distribution" {
        /// Nothing is shorter.
        required min: Span,
        /// Nothing is longer.
        required max: Span,
    }
}

record! {
    /// By its values.
    pub struct Values, "this distribution" {
        /// What is drawn.
        required values: List<Span>,
        /// A weight for each value; absent: all alike.
        default weights: List<NonNegative> = [],
    }
}
