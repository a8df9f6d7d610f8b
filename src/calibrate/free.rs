//! A number of the scenario that may be changed, and between which ends.

use crate::scenario::Scenario;
use crate::time::Span;
use serde_json::Value;

/// From this ratio of the ends on, steps are ratios: 1 to 100 is as far as 0.01 to 1.
const LOGARITHMIC: f64 = 5.0;

/// Why a number cannot be set free.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FreeError {
    /// Not of the form `POINTER=LOW..HIGH`.
    #[error("`{0}` is not POINTER=LOW..HIGH, such as /stations/portal/workers=100..400 or /classes/citizens/timeout=30s..5min")]
    Form(String),
    /// Nothing stands there.
    #[error("no value stands at `{0}`; give a JSON pointer of the scenario such as /stations/NAME/workers")]
    Nowhere(String),
    /// What stands there is no number and no duration.
    #[error("`{0}` holds no number and no duration")]
    NotANumber(String),
    /// An end that is not of the kind of the value.
    #[error("`{end}` is not {kind}, as the value at `{pointer}` is")]
    End {
        /// Where.
        pointer: String,
        /// As it was written.
        end: String,
        /// What it should be.
        kind: &'static str,
    },
    /// The ends are upside down.
    #[error("the range of `{0}` is empty: its low end must be below its high end")]
    Empty(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Whole,
    Number,
    Duration,
}

/// A number that may be changed between two ends; inside the fit it is a share of the way from one to the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Free {
    /// Where it stands.
    pub pointer: String,
    kind: Kind,
    low: f64,
    high: f64,
    begin: f64,
    /// Whole numbers are multiples of this.
    grain: f64,
}

/// What a smaller copy has fewer of.
const SCALED: [&str; 4] = ["workers", "operators", "queue", "population"];

impl Free {
    /// Reads `POINTER=LOW..HIGH` against what stands in the scenario.
    ///
    /// # Errors
    /// See [`FreeError`].
    pub fn parse(text: &str, scenario: &Scenario) -> Result<Free, FreeError> {
        let form = || FreeError::Form(text.to_owned());
        let (pointer, range) = text.rsplit_once('=').ok_or_else(form)?;
        let (low, high) = range.split_once("..").ok_or_else(form)?;
        let value = scenario.value(pointer).ok_or_else(|| FreeError::Nowhere(pointer.to_owned()))?;
        let kind = match &value {
            Value::Number(number) if number.is_u64() => Kind::Whole,
            Value::Number(_) => Kind::Number,
            Value::String(text) if Span::parse(text).is_ok() => Kind::Duration,
            _ => return Err(FreeError::NotANumber(pointer.to_owned())),
        };
        let end = |text: &str| {
            let read = match kind {
                Kind::Duration => Span::parse(text.trim()).ok().map(Span::seconds),
                Kind::Whole | Kind::Number => text.trim().parse::<f64>().ok().filter(|number| number.is_finite()),
            };
            read.ok_or_else(|| FreeError::End {
                pointer: pointer.to_owned(),
                end: text.to_owned(),
                kind: if kind == Kind::Duration { "a duration" } else { "a number" },
            })
        };
        let (low, high) = (end(low)?, end(high)?);
        if low >= high {
            return Err(FreeError::Empty(pointer.to_owned()));
        }
        let begin = match &value {
            Value::String(text) => Span::parse(text).map_or(low, Span::seconds),
            other => other.as_f64().unwrap_or(low),
        };
        Ok(Free { pointer: pointer.to_owned(), kind, low, high, begin, grain: 1.0 })
    }

    /// For a smaller copy: a capacity takes only values of which the copy has a whole number.
    pub(super) fn in_a_copy(mut self, scale: Option<f64>) -> Free {
        let is_scaled = self.kind == Kind::Whole && SCALED.iter().any(|key| self.pointer.ends_with(&format!("/{key}")));
        self.grain = scale.filter(|scale| is_scaled && *scale < 1.0).map_or(1.0, |scale| 1.0 / scale);
        self
    }

    /// The whole number nearest to a value.
    fn whole(&self, value: f64) -> f64 {
        ((value / self.grain).round().max(if self.low > 0.0 { 1.0 } else { 0.0 }) * self.grain).round()
    }

    fn logarithmic(&self) -> bool {
        self.low > 0.0 && self.high / self.low >= LOGARITHMIC
    }

    /// The value at a share of the way.
    pub(super) fn at(&self, share: f64) -> f64 {
        let share = share.clamp(0.0, 1.0);
        if self.logarithmic() {
            return self.low * libm::pow(self.high / self.low, share);
        }
        self.low + (self.high - self.low) * share
    }

    /// How far the scenario's value is on the way.
    pub(super) fn start(&self) -> f64 {
        self.share_of(self.begin)
    }

    /// The share of the way at which a whole number really lies, when it is rounded.
    pub(super) fn rounded(&self, share: f64) -> f64 {
        if self.kind == Kind::Whole { self.share_of(self.whole(self.at(share))) } else { share.clamp(0.0, 1.0) }
    }

    fn share_of(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        if self.logarithmic() {
            return libm::log(value / self.low) / libm::log(self.high / self.low);
        }
        (value - self.low) / (self.high - self.low)
    }

    /// The value as it stands in a file: a whole number where the scenario has one, a duration in a unit that fits.
    #[must_use]
    pub fn written(&self, value: f64) -> Value {
        match self.kind {
            Kind::Whole => Value::from(self.whole(value) as u64),
            Kind::Number => Value::from(six_digits(value)),
            Kind::Duration => Value::from(duration(value)),
        }
    }
}

fn six_digits(value: f64) -> f64 {
    format!("{value:.5e}").parse().unwrap_or(value)
}

fn duration(seconds: f64) -> String {
    match seconds {
        s if s >= 172_800.0 => format!("{}d", six_digits(s / 86_400.0)),
        s if s >= 7200.0 => format!("{}h", six_digits(s / 3600.0)),
        s if s >= 1.0 => format!("{}s", six_digits(s)),
        s => format!("{}ms", six_digits(s * 1e3)),
    }
}
