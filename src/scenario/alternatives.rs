//! Keys that take values of different shapes: a number or an object, a word or a distribution.

use super::class::{CappedExponential, HoursOnDays, PoissonPopulation};
use super::distribution::Distribution;
use super::leaf::{People, Window};
use super::mistake::Checker;
use super::read::{List, Read};
use super::record::tagged;
use super::tree::{Node, Value};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// Size of a class: a number, or `{"poisson": mean}`.
#[derive(Debug, Clone, PartialEq)]
pub enum Population {
    /// So many.
    Fixed(People),
    /// A Poisson number.
    Poisson(PoissonPopulation),
}

impl Read for Population {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match &node.value {
            Value::Object(_) => PoissonPopulation::read(node, check).map(Population::Poisson),
            Value::Text(text) => {
                let digits: String = text.chars().filter(|c| !matches!(c, ',' | '.' | '_' | '\'' | ' ' | '\u{a0}')).collect();
                let count = digits.parse::<u32>().unwrap_or(60_000);
                check.mistake(format!(
                    "found {}; write a whole number without quotes, such as {count}, or {{\"poisson\": {count}}}",
                    node.describe()
                ));
                None
            }
            _ => People::read(node, check).map(Population::Fixed),
        }
    }
    fn stand_in() -> Option<Self> {
        People::stand_in().map(Population::Fixed)
    }
}

/// When the client stops waiting: `"never"`, a duration or a distribution.
#[derive(Debug, Clone, PartialEq)]
pub enum Timeout {
    /// Waits for ever.
    Never,
    /// After this long.
    After(Distribution),
}

impl Read for Timeout {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) if text == "never" => Some(Timeout::Never),
            _ => Distribution::read(node, check).map(Timeout::After),
        }
    }
}

/// Wait before a retry: a distribution or `capped_exponential`.
#[derive(Debug, Clone, PartialEq)]
pub enum Backoff {
    /// A constant or any distribution.
    Drawn(Distribution),
    /// Growing waits.
    CappedExponential(CappedExponential),
}

const CAPPED: &str = "capped_exponential";

impl Read for Backoff {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        if node.entries().is_none() {
            return Distribution::read(node, check).map(Backoff::Drawn);
        }
        let tags: Vec<&str> = [CAPPED].iter().chain(Distribution::TAGS).copied().collect();
        let entry = tagged(node, "a backoff", &tags, check)?;
        if entry.key == CAPPED {
            return check.within(CAPPED, |check| CappedExponential::read(&entry.value, check)).map(Backoff::CappedExponential);
        }
        Distribution::read(node, check).map(Backoff::Drawn)
    }
}

/// Working hours: a list of times of day, or an object with `open` and `days`.
#[derive(Debug, Clone, PartialEq)]
pub enum Hours {
    /// The same every day.
    Daily(List<Window>),
    /// On some days only.
    OnDays(HoursOnDays),
}

impl Read for Hours {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match &node.value {
            Value::Object(_) => HoursOnDays::read(node, check).map(Hours::OnDays),
            _ => List::read(node, check).map(Hours::Daily),
        }
    }
}

/// Implements [`JsonSchema`] as any of several schemas.
macro_rules! any_schema {
    ($ty:ty, $name:literal, $generator:ident => [$($schema:expr),+]) => {
        impl JsonSchema for $ty {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                json_schema!({"anyOf": [$($schema),+]})
            }
        }
    };
}

any_schema!(Population, "Population", g => [g.subschema_for::<People>(), g.subschema_for::<PoissonPopulation>()]);
any_schema!(Timeout, "Timeout", g => [json_schema!({"const": "never"}), g.subschema_for::<Distribution>()]);
any_schema!(Backoff, "Backoff", g => [
    g.subschema_for::<Distribution>(),
    super::schema::tagged::<CappedExponential>(CAPPED, &["Waits that grow up to a limit."], g)
]);
any_schema!(Hours, "Hours", g => [g.subschema_for::<List<Window>>(), g.subschema_for::<HoursOnDays>()]);
