//! The values of a parameter as a person writes them.

use crate::scenario::leaf::leaf_schema;
use crate::scenario::mistake::Checker;
use crate::scenario::read::Read;
use crate::scenario::record::{choice, record, words};
use crate::scenario::tree::{Node, Value};
use crate::scenario::{Count, List, Positive};
use crate::time::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

choice! {
    /// The values of a parameter: a list, a range, or a distribution to sample from.
    pub enum Values, "the values of a parameter" {
        otherwise {
            /// These, in this order.
            Listed(List<Any>)
        }
        /// Steps from one value to another.
        "range" Range(Range),
        /// Any value between two, all alike.
        "uniform" Uniform(Ends),
        /// Any value between two, every factor alike.
        "loguniform" Loguniform(Ends),
        /// Between two values, those near a third the likeliest.
        "triangular" Triangular(Triangle),
        /// Lognormal.
        "lognormal" Lognormal(Spread),
        /// Normal.
        "normal" Normal(Spread),
    }
}

record! {
    /// Steps from one value to another, both included.
    pub struct Range, "a range" {
        /// The first value: a number or a duration.
        required from: Scalar,
        /// The last value.
        required to: Scalar,
        /// How many values, the two ends included.
        required count: Count<2, 1_000_000>,
        /// Whether the steps are equal or the factors are.
        default spacing: Spacing = "linear",
    }
}

record! {
    /// Two ends.
    pub struct Ends, "this distribution" {
        /// The lowest value: a number or a duration.
        required from: Scalar,
        /// The highest value.
        required to: Scalar,
    }
}

record! {
    /// Two ends and the likeliest value between them.
    pub struct Triangle, "this distribution" {
        /// The lowest value: a number or a duration.
        required from: Scalar,
        /// The likeliest value.
        required mode: Scalar,
        /// The highest value.
        required to: Scalar,
    }
}

record! {
    /// By mean and coefficient of variation.
    pub struct Spread, "this distribution" {
        /// Mean: a number or a duration.
        required mean: Scalar,
        /// Standard deviation over mean.
        required cv: Positive,
    }
}

/// Whether the steps of a range are equal or the factors are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spacing {
    /// Equal steps.
    Linear,
    /// Equal factors.
    Logarithmic,
}

words! {
    Spacing, "Spacing", "How the values of a range are spaced." {
        "linear" => Spacing::Linear, "Equal steps.";
        "logarithmic" => Spacing::Logarithmic, "Equal factors.";
    }
}

/// A number or a duration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scalar {
    /// A number.
    Number(f64),
    /// A duration.
    Duration(Span),
}

impl Scalar {
    /// The number, or the duration in seconds.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Scalar::Number(number) => number,
            Scalar::Duration(span) => span.seconds(),
        }
    }

    /// Whether it is a duration.
    #[must_use]
    pub fn is_duration(self) -> bool {
        matches!(self, Scalar::Duration(_))
    }
}

impl Read for Scalar {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(_) => Span::read(node, check).map(Scalar::Duration),
            Value::Number(text) => {
                let number = text.parse().ok().filter(|number: &f64| number.abs() <= 1e15);
                if number.is_none() {
                    check.mistake(format!("found {}; expected a number of at most 1e15", node.describe()));
                }
                number.map(Scalar::Number)
            }
            _ => {
                check.mistake(format!("found {}; expected a number, or a duration such as \"60s\"", node.describe()));
                None
            }
        }
    }
}

impl JsonSchema for Scalar {
    fn schema_name() -> Cow<'static, str> {
        "Scalar".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [{"type": "number", "minimum": -1e15, "maximum": 1e15}, generator.subschema_for::<Span>()]})
    }
}

/// Any value that the scenario takes at a parameter's place.
#[derive(Debug, Clone, PartialEq)]
pub struct Any(pub serde_json::Value);

impl Read for Any {
    fn read(node: &Node, _: &mut Checker<'_>) -> Option<Self> {
        Some(Any(node.to_json()))
    }
}

leaf_schema!(Any, "Any", {"description": "Any value that the scenario takes there."});

/// What is wrong with values by themselves.
pub(super) fn faults(values: &Values) -> Option<String> {
    let ends = |from: Scalar, to: Scalar, positive: bool| {
        if from.is_duration() != to.is_duration() {
            Some("one of these is a duration and the other a number; make them alike".to_owned())
        } else if positive && (from.value() <= 0.0 || to.value() <= 0.0) {
            Some("equal factors need values greater than zero; raise the ends or use equal steps".to_owned())
        } else if from.value() == to.value() {
            Some("the two ends are the same; write the value into the scenario, or move one of them".to_owned())
        } else {
            None
        }
    };
    let rising = |from: Scalar, to: Scalar| {
        (from.value() > to.value()).then(|| "the lowest value is above the highest; swap them".to_owned())
    };
    match values {
        Values::Listed(list) => {
            let values: Vec<&serde_json::Value> = list.iter().map(|(_, value)| &value.0).collect();
            let twice = (1..values.len()).find(|i| values[..*i].contains(&values[*i]));
            if values.is_empty() {
                Some("there is no value; list at least one".to_owned())
            } else {
                twice.map(|i| format!("`{}` stands here twice; remove one", values[i]))
            }
        }
        Values::Range(range) => ends(range.from, range.to, range.spacing == Spacing::Logarithmic),
        Values::Uniform(e) => ends(e.from, e.to, false).or_else(|| rising(e.from, e.to)),
        Values::Loguniform(e) => ends(e.from, e.to, true).or_else(|| rising(e.from, e.to)),
        Values::Triangular(t) => ends(t.from, t.to, false).or_else(|| rising(t.from, t.to)).or_else(|| {
            let inside =
                t.mode.is_duration() == t.from.is_duration() && (t.from.value()..=t.to.value()).contains(&t.mode.value());
            (!inside).then(|| "the mode lies outside the two ends; move it between them".to_owned())
        }),
        Values::Lognormal(s) | Values::Normal(s) => {
            (s.mean.value() <= 0.0).then(|| "the mean must be greater than zero for a coefficient of variation".to_owned())
        }
    }
}
