//! Arrival curves as a person writes them.

use super::distribution::Distribution;
use super::leaf::{NonNegative, Positive, Share};
use super::mistake::Checker;
use super::read::{List, Read};
use super::record::{choice, record, words};
use super::tree::{Node, Value};
use super::when::Moment;
use crate::model::Between;
use crate::time::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// One part of a class's arrivals.
    pub struct Component, "a part of the arrivals" {
        /// Share of the population that comes by this curve.
        required share: Share,
        /// When they intend to come.
        required curve: Curve,
    }
}

choice! {
    /// A density of intended arrivals over time. With `truncate` all of it comes within the clock; without, what lies
    /// beyond the end of the clock has not arrived.
    pub enum Curve, "an arrival curve" {
        /// A rush that dies away: Weibull after `from`.
        "weibull" Weibull(WeibullCurve),
        /// Even between two moments.
        "uniform" Uniform(UniformCurve),
        /// All at one moment, each with a delay.
        "spike" Spike(SpikeCurve),
        /// A shape by points.
        "rates" Rates(RatesCurve),
        /// A weight for each hour of the local day, repeated daily.
        "hourly" Hourly(HourlyCurve),
        /// A CSV file of times or counts beside the scenario.
        "trace" Trace(TraceCurve),
    }
}

record! {
    /// A Weibull distribution of the time after `from`.
    pub struct WeibullCurve, "this curve" {
        /// The rush begins.
        required from: Moment,
        /// Below 1 the rush is sharpest at the beginning.
        required shape: Positive,
        /// By then 63 % intend to have come.
        required scale: Span,
        /// Whether all come within the clock.
        default truncate: bool = false,
    }
}

record! {
    /// Even between two moments.
    pub struct UniformCurve, "this curve" {
        /// First moment.
        required from: Moment,
        /// Last moment.
        required to: Moment,
        /// Whether all come within the clock.
        default truncate: bool = false,
    }
}

record! {
    /// All at one moment, each with a delay.
    pub struct SpikeCurve, "this curve" {
        /// The moment.
        required at: Moment,
        /// How it is spread.
        required delay: Distribution,
        /// Whether all come within the clock.
        default truncate: bool = false,
    }
}

record! {
    /// A shape by points, scaled to the population; zero before the first point and after the last.
    pub struct RatesCurve, "this curve" {
        /// Moments in order, each with a rate.
        required points: List<Point>,
        /// What holds between two points.
        default between: Between = "step",
        /// Whether all come within the clock.
        default truncate: bool = false,
    }
}

record! {
    /// A weight for each hour of the local day, repeated daily.
    pub struct HourlyCurve, "this curve" {
        /// First moment.
        required from: Moment,
        /// Last moment.
        required to: Moment,
        /// Twenty-four rates, the first that of the hour after midnight.
        required weights: List<NonNegative>,
        /// Whether all come within the clock.
        default truncate: bool = false,
    }
}

record! {
    /// A CSV file with a column `time`, or with `time` and `count`.
    pub struct TraceCurve, "this curve" {
        /// Path of the file, seen from the folder of the scenario.
        required file: String,
        /// Whether all come within the clock.
        default truncate: bool = false,
    }
}

words! { Between, "Between", "What holds between two points." {
    "step" => Between::Step, "The rate of the point before.";
    "linear" => Between::Linear, "A straight line from one to the next.";
}}

/// A point of a shape: `["2020-04-01T00:00", 5]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// When.
    pub at: Moment,
    /// How many in a unit of time; only the proportions count.
    pub rate: NonNegative,
}

impl Read for Point {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let Value::List(pair) = &node.value else {
            check.mistake(format!("found {}; a point is a list of a moment and a rate", node.describe()));
            return None;
        };
        let [at, rate] = pair.as_slice() else {
            check.mistake(format!("a point has {} elements; it is a moment and a rate", pair.len()));
            return None;
        };
        let at = check.within(0, |check| Moment::read(at, check));
        let rate = check.within(1, |check| NonNegative::read(rate, check));
        Some(Point { at: at?, rate: rate? })
    }
}

impl JsonSchema for Point {
    fn schema_name() -> Cow<'static, str> {
        "Point".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A moment and the rate there.",
            "type": "array",
            "prefixItems": [generator.subschema_for::<Moment>(), generator.subschema_for::<NonNegative>()],
            "minItems": 2,
            "maxItems": 2,
        })
    }
}
