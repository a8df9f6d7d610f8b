//! What is asked: which values, which goals, how sure.

use crate::experiment::{FigureKey, Scope};
use crate::model::Study;
use crate::scenario::{Mistakes, Scenario, suggestion};
use crate::sweep::{CellValue, Goal, Parameter, Source, Unit};
use crate::time::Span;

/// What is asked, as it was written.
#[derive(Debug, Clone)]
pub struct Ask {
    /// JSON Pointer of the parameter.
    pub vary: String,
    /// The lowest value; `None`: a sixteenth of the scenario's.
    pub from: Option<String>,
    /// The highest value; `None`: sixteen times the scenario's.
    pub to: Option<String>,
    /// Values between the two where they are not whole numbers.
    pub steps: u64,
    /// The goals.
    pub goals: Vec<String>,
    /// How sure the answer is to be.
    pub confidence: f64,
    /// Whether the largest value is sought.
    pub largest: bool,
    /// Indices of the policies.
    pub policies: Vec<usize>,
    /// Replications of a value at most.
    pub most: u32,
    /// The scale of the copy.
    pub scale: Option<f64>,
}

/// Why a question makes no sense.
#[derive(Debug, thiserror::Error)]
pub enum QuestionError {
    /// The scenario, or a value of the parameter in it.
    #[error("{0}")]
    Mistakes(Mistakes),
    /// The question itself.
    #[error("{0}")]
    Wrong(String),
}

/// What is asked, ready to be answered.
#[derive(Debug, Clone)]
pub struct Question {
    /// The scenario.
    pub base: Scenario,
    /// The scenario compiled, at the scale that was asked for; with another value of the parameter where a copy of that scale cannot
    /// have the scenario's own.
    pub study: Study,
    /// What is varied.
    pub parameter: Parameter,
    /// The values, in the order in which they are preferred: rising, or falling where the largest is sought.
    pub values: Vec<CellValue>,
    /// How many values were left out, because a copy cannot have them to within 5 %.
    pub left_out: u64,
    /// The goals.
    pub goals: Vec<Goal>,
    /// By goal: where its figure is.
    pub keys: Vec<FigureKey>,
    /// How sure the answer is to be.
    pub confidence: f64,
    /// Whether the largest value is sought.
    pub largest: bool,
    /// Indices of the policies.
    pub policies: Vec<usize>,
    /// Replications of a value at most.
    pub most: u32,
    pub(super) scale: Option<f64>,
}

/// More whole numbers than these are not told one from the other.
const MOST_VALUES: f64 = 100_000.0;
/// Values of which it is found out whether they fit a smaller copy.
const MOST_TRIED: usize = 5000;
/// How far from the scenario's value is looked where nothing else is said.
const AROUND: f64 = 16.0;

fn wrong(text: impl Into<String>) -> QuestionError {
    QuestionError::Wrong(text.into())
}

impl Question {
    /// Holds a question against a scenario.
    ///
    /// # Errors
    /// What is wrong with it, and what would be right.
    pub fn new(base: Scenario, ask: &Ask) -> Result<Question, QuestionError> {
        // What is wrong with the file itself is told first; whether a copy can be had is told by the values.
        let study = base.compile(None).map_err(QuestionError::Mistakes)?;
        let goals: Vec<Goal> = ask.goals.iter().map(|goal| Goal::parse(goal)).collect::<Result<_, _>>().map_err(wrong)?;
        let keys = goals.iter().map(|goal| key(goal, &study)).collect::<Result<_, _>>().map_err(wrong)?;
        let parameter = parameter(&base, ask)?;
        let mut values = parameter.listed().unwrap_or_default();
        if ask.largest {
            values.reverse();
        }
        let mut question = Question {
            base,
            study,
            parameter,
            values,
            left_out: 0,
            goals,
            keys,
            confidence: ask.confidence,
            largest: ask.largest,
            policies: ask.policies.clone(),
            most: ask.most,
            scale: ask.scale,
        };
        question.keep_what_scales()?;
        for value in [question.values.first(), question.values.last()].into_iter().flatten() {
            question.study_of(value)?;
        }
        Ok(question)
    }

    /// In a copy of another size, leaves out the values of which rounding would make others.
    fn keep_what_scales(&mut self) -> Result<(), QuestionError> {
        if self.scale.is_none_or(|scale| scale == 1.0) {
            return Ok(());
        }
        if self.values.len() > MOST_TRIED {
            return Err(wrong(format!("in a copy at most {MOST_TRIED} values are told apart; bring --from and --to nearer")));
        }
        let all = std::mem::take(&mut self.values);
        let (fit, others): (Vec<CellValue>, Vec<CellValue>) = all.into_iter().partition(|value| self.study_of(value).is_ok());
        let copy = self.base.compile(self.scale);
        self.study = match (fit.first(), copy) {
            (_, Ok(copy)) => copy,
            // The scenario's own value is none that the copy can have, which is no matter: others are asked for.
            (Some(value), Err(_)) => self.study_of(value)?,
            (None, Err(mistakes)) => return Err(QuestionError::Mistakes(mistakes)),
        };
        self.left_out = others.len() as u64;
        self.values = fit;
        match others.first() {
            Some(other) if self.values.is_empty() => self.study_of(other).map(drop),
            _ => Ok(()),
        }
    }

    /// The study with a value of the parameter.
    ///
    /// # Errors
    /// When the scenario does not take it.
    pub fn study_of(&self, value: &CellValue) -> Result<Study, QuestionError> {
        let changed = self.base.with(&[(&self.parameter.pointer, value.json.clone())]);
        changed.and_then(|scenario| scenario.compile(self.scale)).map_err(|mistakes| {
            let told: Vec<&str> = mistakes.0.iter().map(|mistake| mistake.text.as_str()).collect();
            wrong(format!("with {} = {} the scenario says: {}", self.parameter.pointer, self.label(value), told.join("; ")))
        })
    }

    /// A value in words.
    #[must_use]
    pub fn label(&self, value: &CellValue) -> String {
        match value.number {
            Some(seconds) if self.parameter.unit == Unit::Seconds => Span::from_nanos(seconds * 1e9).to_string(),
            _ => value.label(),
        }
    }
}

fn key(goal: &Goal, study: &Study) -> Result<FigureKey, String> {
    let names = &study.names;
    let find = |names: &[String], name: &String| names.iter().position(|known| known == name);
    let of_station = goal.figure.starts_with("station.");
    let of_operators = goal.figure.starts_with("operators.");
    let scope = match &goal.name {
        None if of_station => Some(Scope::Station(0)),
        None if of_operators => study.model.classes.iter().position(|class| class.operators.is_some()).map(Scope::Class),
        None => Some(Scope::Total),
        Some(name) if of_station => find(&names.stations, name).map(Scope::Station),
        Some(name) => find(&names.classes, name).map(Scope::Class),
    };
    let known = if of_station { &names.stations } else { &names.classes };
    let scope = scope.ok_or_else(|| {
        let name = goal.name.clone().unwrap_or_default();
        format!("`{}`: `{name}` is none of the scenario's; {}", goal.text, suggestion(&name, known.iter().map(String::as_str)))
    })?;
    Ok(FigureKey { scope, figure: goal.figure.clone() })
}

/// The parameter as a range.
fn parameter(base: &Scenario, ask: &Ask) -> Result<Parameter, QuestionError> {
    let pointer = &ask.vary;
    let there = base.value(pointer);
    let read = |text: &str| -> Result<(f64, bool), QuestionError> {
        if let Ok(number) = text.trim().parse::<f64>() {
            return Ok((number, false));
        }
        let span =
            Span::parse(text).map_err(|_| wrong(format!("`{text}` is no value; use a number or a duration such as 30s")))?;
        Ok((span.seconds(), true))
    };
    let now: Option<(f64, bool)> = match &there {
        Some(serde_json::Value::Number(number)) => number.as_f64().map(|number| (number, false)),
        Some(serde_json::Value::String(text)) => Span::parse(text).ok().map(|span| (span.seconds(), true)),
        _ => None,
    };
    let end = |given: &Option<String>, factor: f64, option: &str| match (given, now) {
        (Some(text), _) => read(text),
        (None, Some((value, is_duration))) if value > 0.0 => Ok((value * factor, is_duration)),
        _ => Err(wrong(format!("the scenario has no number or duration at `{pointer}`; say where to look with {option}"))),
    };
    let (mut from, in_seconds) = end(&ask.from, 1.0 / AROUND, "--from")?;
    let (mut to, also) = end(&ask.to, AROUND, "--to")?;
    if in_seconds != also {
        return Err(wrong("--from and --to are a number and a duration; make them alike"));
    }
    if from >= to {
        return Err(wrong("--from is not below --to; swap them"));
    }
    let unit = if in_seconds { Unit::Seconds } else { Unit::Number };
    let takes = |value: serde_json::Value| base.with(&[(pointer, value)]).is_ok();
    let middle = (from.midpoint(to)).floor().max(1.0);
    let whole = unit == Unit::Number && !takes((middle + 0.5).into()) && takes((middle as i64).into());
    let mut count = ask.steps;
    if whole {
        // What the scenario's value was divided to may be no number of workers.
        from = if ask.from.is_none() { from.ceil().max(1.0) } else { from.ceil() };
        to = to.floor();
        count = ((to - from).clamp(1.0, MOST_VALUES) + 1.0) as u64;
    }
    let values = Source::Range { from, to, count, logarithmic: false };
    Ok(Parameter { pointer: pointer.clone(), unit, whole, values })
}
