//! The smallest parts of a file: texts, windows, numbers with their limits.

use super::mistake::Checker;
use super::read::Read;
use super::tree::{Node, Value, shorten};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Implements [`JsonSchema`] for a leaf.
macro_rules! leaf_schema {
    ($ty:ty, $name:expr, $schema:tt) => {
        impl JsonSchema for $ty {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}

pub(crate) use leaf_schema;

/// The text of a node, or a mistake that says what is expected.
pub(crate) fn text<'n>(node: &'n Node, what: &str, check: &mut Checker<'_>) -> Option<&'n str> {
    match &node.value {
        Value::Text(text) => Some(text),
        _ => {
            check.mistake(format!("found {}; expected {what}", node.describe()));
            None
        }
    }
}

impl Read for String {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        text(node, "a text in double quotes", check).map(str::to_owned)
    }
    fn stand_in() -> Option<Self> {
        Some(String::new())
    }
}

impl Read for bool {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => {
                check.mistake(format!("found {}; expected true or false", node.describe()));
                None
            }
        }
    }
}

/// Times of day, `08:00-16:00`; `16:00-08:00` is two pieces of the same civil day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Opens, in seconds after midnight.
    pub from: u32,
    /// Closes, in seconds after midnight; at most 86,400.
    pub to: u32,
}

impl Window {
    /// The pieces of the civil day, in seconds after midnight.
    #[must_use]
    pub fn pieces(self) -> Vec<(u32, u32)> {
        if self.from < self.to { vec![(self.from, self.to)] } else { vec![(0, self.to), (self.from, 86_400)] }
    }

    /// Reads `08:00-16:00`; the error says how to write it.
    pub(crate) fn parse(text: &str) -> Result<Window, &'static str> {
        const FORM: &str = "write it as \"08:00-16:00\"";
        let (from, to) = text.split_once('-').ok_or(FORM)?;
        let (from, to) = (time_of_day(from).ok_or(FORM)?, time_of_day(to).ok_or(FORM)?);
        if from == 86_400 {
            return Err("nothing begins at 24:00; write 00:00");
        }
        if from == to {
            return Err("it closes when it opens; the whole day is \"00:00-24:00\"");
        }
        Ok(Window { from, to })
    }
}

/// Seconds after midnight of `08:00` or `08:00:30`.
fn time_of_day(text: &str) -> Option<u32> {
    let parts: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&parts.len()) || parts.iter().any(|part| part.len() != 2 || !part.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let number = |i: usize| parts.get(i).map_or(Some(0), |part| part.parse::<u32>().ok());
    let (hour, minute, second) = (number(0)?, number(1)?, number(2)?);
    let total = hour * 3600 + minute * 60 + second;
    (minute < 60 && second < 60 && total <= 86_400).then_some(total)
}

impl Read for Window {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let text = text(node, "a window such as \"08:00-16:00\"", check)?;
        Window::parse(text).map_err(|hint| check.mistake(format!("`{}` is not a window; {hint}", shorten(text)))).ok()
    }
}

leaf_schema!(Window, "Window", {
    "description": "Times of day; 16:00-08:00 is the two pieces 00:00-08:00 and 16:00-24:00 of the same day.",
    "type": "string",
    "pattern": r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?-(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?)$",
    "examples": ["08:00-16:00", "16:00-08:00"],
});

/// A number as `f64`, or a mistake that says what is expected.
fn number(node: &Node, what: &str, fits: impl Fn(f64) -> bool, check: &mut Checker<'_>) -> Option<f64> {
    let value = match &node.value {
        Value::Number(text) => text.parse().ok().filter(|value: &f64| value.is_finite() && fits(*value)),
        _ => None,
    };
    if value.is_none() {
        check.mistake(format!("found {}; expected {what}", node.describe()));
    }
    value
}

/// Declares a number with limits.
macro_rules! limited {
    ($(#[doc = $doc:literal])+ $name:ident, $what:literal, $fits:expr, $schema:tt) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name(pub f64);

        impl Read for $name {
            fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
                number(node, $what, $fits, check).map($name)
            }
            fn stand_in() -> Option<Self> {
                Some($name(1.0))
            }
        }

        leaf_schema!($name, stringify!($name), $schema);
    };
}

limited! {
    /// A share: from 0 to 1.
    Share, "a share from 0 to 1", |x| (0.0..=1.0).contains(&x), {"type": "number", "minimum": 0, "maximum": 1}
}
limited! {
    /// A number greater than zero.
    Positive, "a number greater than zero, at most 1e12", |x| x > 0.0 && x <= 1e12, {"type": "number", "exclusiveMinimum": 0, "maximum": 1e12}
}
limited! {
    /// A number, zero or greater.
    NonNegative, "a number, zero or greater, at most 1e12", |x| (0.0..=1e12).contains(&x), {"type": "number", "minimum": 0, "maximum": 1e12}
}
limited! {
    /// Growth of a backoff.
    Factor, "a factor from 1 to 1000", |x| (1.0..=1000.0).contains(&x), {"type": "number", "minimum": 1, "maximum": 1000}
}
limited! {
    /// The expected number of a Poisson population.
    PeopleMean, "a number of people from 0 to 4000000000", |x| (0.0..=4e9).contains(&x), {"type": "number", "minimum": 0, "maximum": 4_000_000_000_u64}
}

/// A whole number between two limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const MIN: u64, const MAX: u64>(pub u64);

/// Up to four thousand million people.
pub type People = Count<0, 4_000_000_000>;
/// A number of workers.
pub type Workers = Count<0, 10_000_000>;
/// Waiting places.
pub type Places = Count<0, 4_294_967_295>;
/// At least one person of the trade.
pub type OperatorCount = Count<1, 10_000_000>;
/// At least one try.
pub type Attempts = Count<1, 65_535>;
/// Returns after giving up for now.
pub type Returns = Count<0, 65_535>;
/// A rank, 0 first.
pub type Priority = Count<0, 65_535>;
/// Runs per policy.
pub type Replications = Count<1, 100_000>;
/// A master seed.
pub type Seed = Count<0, { u64::MAX }>;

impl<const MIN: u64, const MAX: u64> Count<MIN, MAX> {
    /// The number in 32 bits, for limits that fit.
    #[must_use]
    pub fn as_u32(self) -> u32 {
        u32::try_from(self.0).unwrap_or(u32::MAX)
    }

    /// The number in 16 bits, for limits that fit.
    #[must_use]
    pub fn as_u16(self) -> u16 {
        u16::try_from(self.0).unwrap_or(u16::MAX)
    }
}

impl<const MIN: u64, const MAX: u64> Read for Count<MIN, MAX> {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let whole = match &node.value {
            Value::Number(text) => text.parse().ok().or_else(|| whole(text)),
            _ => None,
        };
        let count = whole.filter(|n| (MIN..=MAX).contains(n)).map(Count);
        if count.is_none() {
            check.mistake(format!("found {}; expected a whole number from {MIN} to {MAX}", node.describe()));
        }
        count
    }
    fn stand_in() -> Option<Self> {
        Some(Count(MIN))
    }
}

/// `40.0` and `1e3`, which JSON takes for whole numbers.
fn whole(text: &str) -> Option<u64> {
    let value: f64 = text.parse().ok()?;
    (value.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&value)).then_some(value as u64)
}

impl<const MIN: u64, const MAX: u64> JsonSchema for Count<MIN, MAX> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("CountFrom{MIN}To{MAX}").into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

/// The version of the file's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Format;

impl Read for Format {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match &node.value {
            Value::Number(text) if whole(text) == Some(1) => Some(Format),
            _ => {
                check.mistake(format!("found {}; this program reads format 1", node.describe()));
                None
            }
        }
    }
    fn stand_in() -> Option<Self> {
        Some(Format)
    }
}

leaf_schema!(Format, "Format", {"const": 1});

/// A name that serves as a folder's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderName(pub String);

impl Read for FolderName {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let text = text(node, "a short name such as \"small-example\"", check)?;
        let fits = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if (1..=100).contains(&text.len()) && !text.starts_with('.') && text.chars().all(fits) {
            return Some(FolderName(text.to_owned()));
        }
        let shown = shorten(text);
        check.mistake(format!(
            "`{shown}` does not serve as the name of a folder; use 1 to 100 letters a-z, digits, `.`, `_` and `-`, no `.` first"
        ));
        None
    }
    fn stand_in() -> Option<Self> {
        Some(FolderName(String::new()))
    }
}

leaf_schema!(FolderName, "FolderName", {
    "description": "Names the folder of the results: letters, digits, `.`, `_`, `-`, no `.` first.",
    "type": "string",
    "pattern": "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$",
    "examples": ["small-example"],
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_wrap_past_midnight() {
        let pieces = |text: &str| Window::parse(text).map(Window::pieces);
        assert_eq!(pieces("08:00-16:00"), Ok(vec![(28_800, 57_600)]));
        assert_eq!(pieces("16:00-08:00"), Ok(vec![(0, 28_800), (57_600, 86_400)]));
        assert_eq!(pieces("16:00-24:00"), Ok(vec![(57_600, 86_400)]));
        assert_eq!(pieces("00:00-24:00"), Ok(vec![(0, 86_400)]));
        assert_eq!(pieces("12:00:30-12:01"), Ok(vec![(43_230, 43_260)]));
        for bad in ["", "-", "8:00-9:00", "08:00", "08:00-24:01", "08:60-09:00", "08:00-08:00", "24:00-08:00", "+8:00-09:00"] {
            assert!(Window::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn whole_numbers_may_be_written_with_a_point_or_an_exponent() {
        assert_eq!(
            (whole("40.0"), whole("1e3"), whole("-0"), whole("2.5"), whole("-1")),
            (Some(40), Some(1000), Some(0), None, None)
        );
    }
}
