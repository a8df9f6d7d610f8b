//! Policies as a person writes them. A new kind of rule is one more arm of [`Rule`] and its record.

use super::leaf::{Share, Window};
use super::mistake::Checker;
use super::read::{List, Map, Read};
use super::record::{choice, record, word};
use super::tree::{Node, Value};
use super::when::Moment;
use crate::model::AppliesTo;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// Who may enter when.
    pub struct Policy, "a policy" {
        /// Rules that all have to let an applicant in; none is open access.
        required rules: List<Rule>,
    }
}

choice! {
    /// One rule of a policy.
    pub enum Rule, "a rule" {
        /// Times of day at which classes, or cohorts of them, may enter.
        "windows" Windows(WindowsRule),
    }
}

record! {
    /// Times of day at which classes, or cohorts of them, may enter.
    pub struct WindowsRule, "a windows rule" {
        /// In force from this moment; absent: from the start of the clock.
        optional from: Moment,
        /// In force until this moment; absent: to the end of the clock.
        optional to: Moment,
        /// Days of the week on which it is in force, on others the class is open; absent: all.
        optional days: List<Weekday>,
        /// What is asked at the gate.
        default applies_to: AppliesTo = "sessions",
        /// By class its times of day, or by class and cohort. A class that is not named is open.
        required open: Map<Opening>,
        /// By class the shares of its cohorts, which add up to 1.
        default cohorts: Map<Map<Share>> = {},
    }
}

super::record::words! { AppliesTo, "AppliesTo", "What is asked at the gate." {
    "sessions" => AppliesTo::Sessions, "The start of a session; one under way may finish.";
    "requests" => AppliesTo::Requests, "Every request.";
}}

/// Opening times of a class: a list of windows, or one for each of its cohorts.
#[derive(Debug, Clone, PartialEq)]
pub enum Opening {
    /// The same for everybody.
    All(List<Window>),
    /// By cohort.
    Cohorts(Map<List<Window>>),
}

impl Read for Opening {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match &node.value {
            Value::Object(_) => Map::read(node, check).map(Opening::Cohorts),
            _ => List::read(node, check).map(Opening::All),
        }
    }
}

impl JsonSchema for Opening {
    fn schema_name() -> Cow<'static, str> {
        "Opening".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let windows = generator.subschema_for::<List<Window>>();
        json_schema!({"anyOf": [windows, generator.subschema_for::<Map<List<Window>>>()]})
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekday(pub jiff::civil::Weekday);

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Read for Weekday {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let day = word(node, &DAYS, check)?;
        let number = DAYS.iter().position(|known| *known == day)?;
        let number = i8::try_from(number).ok()?;
        jiff::civil::Weekday::from_monday_zero_offset(number).ok().map(Weekday)
    }
}

impl JsonSchema for Weekday {
    fn schema_name() -> Cow<'static, str> {
        "Weekday".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"enum": DAYS})
    }
}
