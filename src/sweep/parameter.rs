//! A parameter of a sweep, compiled: its values, by number or by their place between 0 and 1.

use super::values::{Scalar, Spacing, Values};
use crate::stats::normal_quantile;
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// What is varied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Where it stands in the scenario (JSON Pointer).
    pub pointer: String,
    /// What its values are.
    pub unit: Unit,
    /// Whether the scenario takes whole numbers only.
    pub whole: bool,
    /// Its values.
    pub values: Source,
}

/// What values are, as the tables have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Numbers.
    Number,
    /// Durations, told in seconds.
    Seconds,
    /// Anything else, told as text.
    Text,
}

/// Where values come from; durations in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// These.
    List(Vec<serde_json::Value>),
    /// Steps from one to another.
    Range {
        /// The first.
        from: f64,
        /// The last.
        to: f64,
        /// How many.
        count: u64,
        /// Whether factors are equal, not steps.
        logarithmic: bool,
    },
    /// All alike between two.
    Uniform {
        /// The lowest.
        from: f64,
        /// The highest.
        to: f64,
    },
    /// Every factor alike between two.
    Loguniform {
        /// The lowest.
        from: f64,
        /// The highest.
        to: f64,
    },
    /// Likeliest at `mode`.
    Triangular {
        /// The lowest.
        from: f64,
        /// The likeliest.
        mode: f64,
        /// The highest.
        to: f64,
    },
    /// Lognormal.
    Lognormal {
        /// Mean.
        mean: f64,
        /// Standard deviation over mean.
        cv: f64,
    },
    /// Normal.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation over mean.
        cv: f64,
    },
}

/// A parameter's value in a cell.
#[derive(Debug, Clone, PartialEq)]
pub struct CellValue {
    /// As the scenario takes it.
    pub json: serde_json::Value,
    /// As a number, durations in seconds; `None` for other texts, lists and objects.
    pub number: Option<f64>,
}

impl CellValue {
    /// The value in words: a number, a text as it is, or JSON.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.json {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }
}

impl Parameter {
    /// Compiles the values of a file; whether only whole numbers are taken has to be found out with the scenario.
    pub(super) fn new(pointer: &str, values: &Values) -> Parameter {
        let (values, unit) = match values {
            Values::Listed(list) => {
                let values: Vec<serde_json::Value> = list.iter().map(|(_, value)| value.0.clone()).collect();
                let unit = unit_of(&values);
                (Source::List(values), unit)
            }
            Values::Range(range) => {
                let (from, to) = (range.from.value(), range.to.value());
                let logarithmic = range.spacing == Spacing::Logarithmic;
                (Source::Range { from, to, count: range.count.0, logarithmic }, unit_of_scalar(range.from))
            }
            Values::Uniform(ends) => {
                (Source::Uniform { from: ends.from.value(), to: ends.to.value() }, unit_of_scalar(ends.from))
            }
            Values::Loguniform(ends) => {
                (Source::Loguniform { from: ends.from.value(), to: ends.to.value() }, unit_of_scalar(ends.from))
            }
            Values::Triangular(three) => {
                let (from, mode, to) = (three.from.value(), three.mode.value(), three.to.value());
                (Source::Triangular { from, mode, to }, unit_of_scalar(three.from))
            }
            Values::Lognormal(spread) => {
                (Source::Lognormal { mean: spread.mean.value(), cv: spread.cv.0 }, unit_of_scalar(spread.mean))
            }
            Values::Normal(spread) => {
                (Source::Normal { mean: spread.mean.value(), cv: spread.cv.0 }, unit_of_scalar(spread.mean))
            }
        };
        Parameter { pointer: pointer.to_owned(), unit, whole: false, values }
    }

    /// A list or a range one by one, in order, none twice; `None` for a distribution.
    #[must_use]
    pub fn listed(&self) -> Option<Vec<CellValue>> {
        match &self.values {
            Source::List(values) => Some(values.iter().map(|value| self.of_json(value)).collect()),
            Source::Range { count, .. } => {
                let mut values: Vec<CellValue> = Vec::new();
                for i in 0..*count {
                    let value = self.of_number(self.quantile(i as f64 / (count - 1).max(1) as f64));
                    if values.last() != Some(&value) {
                        values.push(value);
                    }
                }
                Some(values)
            }
            _ => None,
        }
    }

    /// How many values [`Parameter::listed`] gives; `None` for a distribution.
    pub(super) fn count(&self) -> Option<u64> {
        match &self.values {
            Source::List(values) => Some(values.len() as u64),
            Source::Range { count, .. } if !self.whole => Some(*count),
            _ => self.listed().map(|values| values.len() as u64),
        }
    }

    /// The value at a place between 0 and 1: an element of a list, a point of a range, a quantile of a distribution.
    #[must_use]
    pub fn at(&self, place: f64) -> CellValue {
        match &self.values {
            Source::List(values) => {
                let last = values.len().saturating_sub(1);
                let element = ((place * values.len() as f64) as usize).min(last);
                self.of_json(values.get(element).unwrap_or(&serde_json::Value::Null))
            }
            _ => self.of_number(self.quantile(place)),
        }
    }

    fn quantile(&self, place: f64) -> f64 {
        let between = |from: f64, to: f64| if place >= 1.0 { to } else { from + (to - from) * place };
        let factor = |from: f64, to: f64| if place >= 1.0 { to } else { from * libm::pow(to / from, place) };
        match self.values {
            Source::Range { from, to, logarithmic: true, .. } | Source::Loguniform { from, to } => factor(from, to),
            Source::Range { from, to, .. } | Source::Uniform { from, to } => between(from, to),
            Source::Triangular { from, mode, to } => {
                let (width, left) = (to - from, mode - from);
                if place * width < left {
                    from + libm::sqrt(place * width * left)
                } else {
                    to - libm::sqrt((1.0 - place) * width * (to - mode))
                }
            }
            Source::Lognormal { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                mean * libm::exp(libm::sqrt(variance) * normal_quantile(inside(place)) - variance / 2.0)
            }
            Source::Normal { mean, cv } => mean * (1.0 + cv * normal_quantile(inside(place))),
            Source::List(_) => 0.0,
        }
    }

    /// A number as a value; durations are in seconds.
    #[must_use]
    pub fn of_number(&self, number: f64) -> CellValue {
        if self.unit == Unit::Seconds {
            let span = Span::from_nanos(number * 1e9);
            return CellValue { json: format!("{}ns", span.0).into(), number: Some(span.seconds()) };
        }
        let number = if self.whole { number.round() } else { twelve_digits(number) };
        CellValue { json: of_number(number), number: Some(number) }
    }

    fn of_json(&self, json: &serde_json::Value) -> CellValue {
        let number = match self.unit {
            Unit::Number => json.as_f64(),
            Unit::Seconds => json.as_str().and_then(|text| Span::parse(text).ok()).map(Span::seconds),
            Unit::Text => None,
        };
        CellValue { json: json.clone(), number }
    }
}

/// Distributions without ends have no quantile of 0 and 1.
fn inside(place: f64) -> f64 {
    place.clamp(1e-9, 1.0 - 1e-9)
}

fn unit_of_scalar(scalar: Scalar) -> Unit {
    if scalar.is_duration() { Unit::Seconds } else { Unit::Number }
}

fn unit_of(values: &[serde_json::Value]) -> Unit {
    let is_duration = |value: &serde_json::Value| value.as_str().is_some_and(|text| Span::parse(text).is_ok());
    if values.iter().all(serde_json::Value::is_number) {
        Unit::Number
    } else if values.iter().all(is_duration) {
        Unit::Seconds
    } else {
        Unit::Text
    }
}

/// What the arithmetic of steps leaves in the last digits is no part of a value.
fn twelve_digits(number: f64) -> f64 {
    format!("{number:.11e}").parse().unwrap_or(number)
}

fn of_number(number: f64) -> serde_json::Value {
    if number.fract() == 0.0 && number.abs() < 1e15 { (number as i64).into() } else { number.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parameter(values: Source, unit: Unit, whole: bool) -> Parameter {
        Parameter { pointer: "/x".to_owned(), unit, whole, values }
    }

    fn numbers(parameter: &Parameter) -> Vec<f64> {
        parameter.listed().unwrap().iter().map(|value| value.number.unwrap()).collect()
    }

    #[test]
    fn ranges_have_equal_steps_or_equal_factors_and_both_ends() {
        let range = |from, to, count, logarithmic| Source::Range { from, to, count, logarithmic };
        assert_eq!(numbers(&parameter(range(0.1, 0.5, 5, false), Unit::Number, false)), [0.1, 0.2, 0.3, 0.4, 0.5]);
        assert_eq!(numbers(&parameter(range(1.0, 1000.0, 4, true), Unit::Number, false)), [1.0, 10.0, 100.0, 1000.0]);
        let few = parameter(range(1.0, 4.0, 10, true), Unit::Number, true);
        assert_eq!((numbers(&few), few.count()), (vec![1.0, 2.0, 3.0, 4.0], Some(4)));
        let times = parameter(range(10.0, 20.0, 3, false), Unit::Seconds, false);
        assert_eq!(times.listed().unwrap()[1], CellValue { json: json!("15000000000ns"), number: Some(15.0) });
        assert_eq!(parameter(range(3.0, 1.0, 3, false), Unit::Number, true).listed().unwrap()[2].json, json!(1));
    }

    #[test]
    fn lists_keep_what_they_hold() {
        let list = |values: serde_json::Value| {
            let values = values.as_array().unwrap().clone();
            let unit = unit_of(&values);
            parameter(Source::List(values), unit, false)
        };
        assert_eq!(list(json!([1, 2.5])).unit, Unit::Number);
        let times = list(json!(["60s", "2min"]));
        assert_eq!((times.unit, numbers(&times)), (Unit::Seconds, vec![60.0, 120.0]));
        let mixed = list(json!(["never", {"exponential": {"mean": "1min"}}]));
        assert_eq!((mixed.unit, mixed.at(0.49).label(), mixed.at(1.0).number), (Unit::Text, "never".to_owned(), None));
        assert_eq!(mixed.at(0.5).label(), r#"{"exponential":{"mean":"1min"}}"#);
    }

    #[test]
    fn quantiles_have_the_moments_of_their_distributions() {
        let moments = |source: Source| {
            let parameter = parameter(source, Unit::Number, false);
            let n = 20_000;
            let values: Vec<f64> = (0..n).map(|i| parameter.at((f64::from(i) + 0.5) / f64::from(n)).number.unwrap()).collect();
            let mean = values.iter().sum::<f64>() / values.len() as f64;
            let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64;
            (mean, variance.sqrt() / mean)
        };
        let near = |got: (f64, f64), mean: f64, cv: f64| {
            assert!((got.0 / mean - 1.0).abs() < 2e-3 && (got.1 / cv - 1.0).abs() < 1e-2, "{got:?}, not {mean}, {cv}");
        };
        near(moments(Source::Uniform { from: 1.0, to: 3.0 }), 2.0, (4.0_f64 / 12.0).sqrt() / 2.0);
        near(moments(Source::Lognormal { mean: 5.0, cv: 0.5 }), 5.0, 0.5);
        near(moments(Source::Normal { mean: 5.0, cv: 0.2 }), 5.0, 0.2);
        // Mean (a+b+c)/3, variance (a²+b²+c²−ab−ac−bc)/18.
        near(moments(Source::Triangular { from: 1.0, mode: 2.0, to: 6.0 }), 3.0, (21.0_f64 / 18.0).sqrt() / 3.0);
        // Mean (b−a)/ln(b/a).
        let mean = 9.0 / 10f64.ln();
        near(moments(Source::Loguniform { from: 1.0, to: 10.0 }), mean, (99.0 / 2.0 / 10f64.ln() - mean * mean).sqrt() / mean);
    }
}
