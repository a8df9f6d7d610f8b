//! What `plan.json` holds, and so what `clickday plan --json` prints.

use super::policy_name;
use crate::experiment::Figure;
use crate::plan::{Answer, Outcome, Question, Tried, Verdict};
use crate::report::Ordered;
use crate::report::numbers::round_all;
use crate::sweep::{Source, Unit};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// The format of `plan.json`.
const FORMAT: u32 = 1;

/// What `plan.json` holds: the value of a parameter that meets goals, for every policy. Durations are in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlanFile {
    /// The format of this file.
    pub format: u32,
    /// The version of clickday that wrote it.
    pub clickday: String,
    /// The scenario's name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Master seed.
    pub seed: u64,
    /// Size of the copy that was simulated against the system that the file describes.
    pub scale: f64,
    /// What was varied (JSON Pointer into the scenario).
    pub vary: String,
    /// What its values are.
    pub unit: ValueUnit,
    /// Between which values it was looked.
    pub range: Option<PlanRange>,
    /// Which of the values that meet the goals is the answer.
    pub sought: Sought,
    /// The goals, as they were written.
    pub goals: Vec<String>,
    /// How sure the answer is.
    pub confidence: f64,
    /// Replications of a value at most.
    pub max_replications: u32,
    /// By name.
    pub policies: Ordered<PlanPolicy>,
}

/// What the values of a parameter are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueUnit {
    /// Durations in seconds.
    #[serde(rename = "s")]
    Seconds,
    /// Numbers.
    Number,
}

/// Which value is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sought {
    /// The smallest one.
    Smallest,
    /// The largest one.
    Largest,
}

/// Between which values it was looked, and how many of them were told apart.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct PlanRange {
    /// The lowest.
    pub from: f64,
    /// The highest.
    pub to: f64,
    /// How many.
    pub count: u64,
    /// Whether the scenario takes whole numbers only.
    pub whole: bool,
    /// Only of a copy: how many of them it cannot have to within 5 %, because its capacities are whole numbers; these were not looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_out: Option<u64>,
}

/// The answer for a policy.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PlanPolicy {
    /// The value; `null` where none in the range meets the goals.
    pub answer: Option<f64>,
    /// Where the goals are met and missed again; `null` where they are not, or where it was not seen.
    pub not_monotone: Option<NotMonotone>,
    /// Every value that was tried, those that are preferred first.
    pub tried: Vec<TriedValue>,
}

/// A value that meets the goals although a later one misses them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct NotMonotone {
    /// The value that meets them.
    pub met: f64,
    /// The later value that misses them.
    pub missed: f64,
}

/// A value that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct TriedValue {
    /// The value.
    pub value: f64,
    /// Whether it meets the goals.
    pub verdict: Verdict,
    /// Replications made.
    pub replications: u32,
    /// By goal: the mean of its figure with the 95 % interval; `null` where no replication has the figure.
    pub figures: Vec<Figure>,
}

impl PlanFile {
    /// What is to be written of an answer.
    #[must_use]
    pub fn new(question: &Question, answers: &[Answer]) -> PlanFile {
        let study = &question.study;
        let unit = if question.parameter.unit == Unit::Seconds { ValueUnit::Seconds } else { ValueUnit::Number };
        PlanFile {
            format: FORMAT,
            clickday: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: study.name.clone(),
            title: study.title.clone(),
            seed: study.experiment.seed,
            scale: study.scale,
            vary: question.parameter.pointer.clone(),
            unit,
            range: range(question),
            sought: if question.largest { Sought::Largest } else { Sought::Smallest },
            goals: question.goals.iter().map(|goal| goal.text.clone()).collect(),
            confidence: question.confidence,
            max_replications: question.most,
            policies: Ordered(answers.iter().map(|answer| (policy_name(question, answer), policy(question, answer))).collect()),
        }
    }

    /// As JSON, every number to nine significant digits.
    ///
    /// # Errors
    /// Never with the types as they are; serde_json's signature says it might.
    pub fn to_json(&self) -> serde_json::Result<Value> {
        let mut value = serde_json::to_value(self)?;
        round_all(&mut value);
        Ok(value)
    }
}

fn range(question: &Question) -> Option<PlanRange> {
    let Source::Range { from, to, count, .. } = question.parameter.values else { return None };
    let left_out = Some(question.left_out).filter(|count| *count > 0);
    Some(PlanRange { from, to, count, whole: question.parameter.whole, left_out })
}

/// The number that stands at a place; every value of a range is one.
fn number(question: &Question, place: usize) -> f64 {
    question.values.get(place).and_then(|value| value.number).unwrap_or(f64::NAN)
}

fn policy(question: &Question, answer: &Answer) -> PlanPolicy {
    let tried = |tried: &Tried| TriedValue {
        value: number(question, tried.place),
        verdict: tried.decision.verdict,
        replications: tried.decision.replications,
        figures: tried.decision.figures.clone(),
    };
    let not_monotone = answer.not_monotone;
    PlanPolicy {
        answer: match answer.outcome {
            Outcome::Found(place) => Some(number(question, place)),
            Outcome::None => None,
        },
        not_monotone: not_monotone
            .map(|(met, missed)| NotMonotone { met: number(question, met), missed: number(question, missed) }),
        tried: answer.tried.iter().map(tried).collect(),
    }
}

/// The JSON Schema of `plan.json`.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(PlanFile).to_value()
}
