//! Lengths of time and moments as a person writes them.

use super::leaf::{leaf_schema, text};
use super::mistake::Checker;
use super::read::Read;
use super::tree::{Node, Value, shorten};
use crate::time::{Calendar, DurationError, Span};
use jiff::civil::{Date, DateTime};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

impl Read for Span {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        if let Value::Number(number) = &node.value
            && Span::parse(&format!("{number}s")).is_ok()
        {
            check.mistake(format!("found {}; a duration has a unit: did you mean \"{number}s\"?", node.describe()));
            return None;
        }
        let text = text(node, "a duration such as \"90s\" or \"1.5h\"", check)?;
        match Span::parse(text) {
            Ok(span) => Some(span),
            Err(error) => {
                const UNITS: &str = "units are ns, us, ms, s, min, h and d";
                let hint = match &error {
                    DurationError::UnknownUnit(unit) => {
                        meant(unit).map_or(UNITS.to_owned(), |unit| format!("did you mean `{unit}`?"))
                    }
                    DurationError::NoUnit(_) => UNITS.to_owned(),
                    DurationError::NotADuration(_) => "write numbers with units, such as \"90s\" or \"1h30min\"".to_owned(),
                    DurationError::TooLong(_) => "shorten it".to_owned(),
                };
                check.mistake(format!("{error}; {hint}"));
                None
            }
        }
    }
    fn stand_in() -> Option<Self> {
        Some(Span::from_seconds(3600))
    }
}

/// The unit that a person means who writes another word for it.
fn meant(unit: &str) -> Option<&'static str> {
    const WORDS: [(&str, &[&str]); 7] = [
        ("ns", &["nsec", "nsecs", "nano", "nanos", "nanosec", "nanosecs", "nanosecond", "nanoseconds"]),
        ("us", &["µs", "μs", "usec", "usecs", "micro", "micros", "microsec", "microsecs", "microsecond", "microseconds"]),
        ("ms", &["msec", "msecs", "milli", "millis", "millisec", "millisecs", "millisecond", "milliseconds"]),
        ("s", &["sec", "secs", "second", "seconds"]),
        ("min", &["m", "mins", "minute", "minutes"]),
        ("h", &["hr", "hrs", "hour", "hours"]),
        ("d", &["day", "days"]),
    ];
    let unit = unit.to_lowercase();
    let found = WORDS.iter().find(|(name, words)| *name == unit || words.contains(&unit.as_str()));
    found.map(|(name, _)| *name)
}

leaf_schema!(Span, "Duration", {
    "description": "A length of time: numbers with the units ns us ms s min h d, fractions allowed, added up.",
    "type": "string",
    "pattern": r"^\s*([0-9]+(\.[0-9]+)?\s*(ns|us|ms|s|min|h|d)\s*)+$",
    "examples": ["250ms", "90s", "1.5h", "1h30min"],
});

/// A civil time in the scenario's zone, such as `2020-04-01T08:30`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// As it is written.
    pub text: String,
    /// What it says.
    pub civil: DateTime,
}

impl Read for Moment {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let text = text(node, "a moment such as \"2020-04-01T08:30\"", check)?;
        match Calendar::read(text) {
            Ok(civil) => Some(Moment { text: text.to_owned(), civil }),
            Err(_) => {
                check.mistake(no_such_day(text).unwrap_or_else(|| {
                    let shown = shorten(text);
                    format!("`{shown}` is not a moment; write it as \"2020-04-01T08:30\", in the scenario's zone")
                }));
                None
            }
        }
    }
}

/// What to say of a moment that is rightly written and of no day of the calendar.
fn no_such_day(text: &str) -> Option<String> {
    let (date, time) = text.split_once('T')?;
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts[..] else { return None };
    let digits = |part: &str, length: usize| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return None;
    }
    // With a day that exists the rest must be right.
    Calendar::read(&format!("2020-01-01T{time}")).ok()?;
    let Ok(first) = Date::new(year.parse().ok()?, month.parse().ok()?, 1) else {
        return Some(format!("{text} does not exist: months are 01 to 12; correct it"));
    };
    Some(format!("{text} does not exist: {} has {} days; correct it", first.strftime("%B %Y"), first.days_in_month()))
}

leaf_schema!(Moment, "Moment", {
    "description": "A civil time in the scenario's zone; seconds and fractions of them may follow.",
    "type": "string",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?$",
    "examples": ["2020-04-01T00:00", "2020-04-01T08:30:15"],
});
