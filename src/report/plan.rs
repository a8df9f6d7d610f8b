//! The answer to a plan: `plan.json`, a chart, and words for the terminal.

mod file;

pub use file::{NotMonotone, PlanFile, PlanPolicy, PlanRange, Sought, TriedValue, ValueUnit, schema};

use super::charts::{ChartError, ChartFormat, plan_chart};
use super::estimates::{Unit, figure};
use super::folder::Folder;
use super::numbers::short;
use super::target::FolderError;
use crate::experiment::figure_unit;
use crate::plan::{Answer, Outcome, Question, Tried, Verdict};
use comfy_table::{CellAlignment, ContentArrangement, Table};
use std::fmt::Write;
use std::path::Path;

/// Why the answer could not be written.
#[derive(Debug, thiserror::Error)]
pub enum PlanReportError {
    /// The folder, its disk or its permissions.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The chart.
    #[error("cannot draw the chart plan")]
    Chart(#[from] ChartError),
    /// The file.
    #[error("cannot write plan.json")]
    Json(#[from] serde_json::Error),
}

/// Writes `plan.json` and the chart to a claimed folder.
///
/// # Errors
/// When the disk refuses or the chart cannot be drawn.
pub fn write_plan(question: &Question, answers: &[Answer], charts: ChartFormat, folder: &Folder) -> Result<(), PlanReportError> {
    let text = serde_json::to_string_pretty(&PlanFile::new(question, answers).to_json()?)? + "\n";
    folder.write("plan.json", text.as_bytes())?;
    if let Some(ending) = charts.ending() {
        folder.write(&format!("plan.{ending}"), &plan_chart(question, answers, charts)?)?;
    }
    Ok(())
}

/// A part in per cent, with no more digits than it has.
pub(super) fn part(part: f64) -> String {
    format!("{} %", super::numbers::nine_digit_text(part * 100.0))
}

/// A policy's name.
pub(super) fn policy_name(question: &Question, answer: &Answer) -> String {
    question.study.names.policies.get(answer.policy).cloned().unwrap_or_default()
}

/// The unit of a goal's figure, for words.
pub(super) fn unit_of(name: &str) -> Unit {
    match figure_unit(name) {
        "share" => Unit::Share,
        "s" => Unit::Seconds,
        _ => Unit::Number,
    }
}

/// The answer in words and a table.
#[must_use]
pub fn plan_table(question: &Question, answers: &[Answer], target: Option<&Path>, width: u16) -> String {
    let sought = if question.largest { "largest" } else { "smallest" };
    let goals: Vec<&str> = question.goals.iter().map(|goal| goal.text.as_str()).collect();
    let mut text = format!(
        "{}: the {sought} {} with {}, {} sure\n\n",
        question.study.title,
        question.parameter.pointer,
        goals.join(" and "),
        part(question.confidence)
    );
    let _ = writeln!(text, "{}", table(question, answers, width));
    for answer in answers {
        for sentence in sentences(question, answer) {
            let _ = writeln!(text, "{}", super::wrapped(&sentence, "", width));
        }
    }
    text += &ratios(question, answers, width);
    if question.left_out > 0 {
        let _ = writeln!(text, "{}", super::wrapped(&left_out(question), "", width));
    }
    if let Some(target) = target {
        let _ = writeln!(text, "\nall of it in {}", target.display());
    }
    text
}

fn table(question: &Question, answers: &[Answer], width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(super::table::LINES).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let figures = question.goals.iter().map(|goal| goal.text.split(['<', '>']).next().unwrap_or_default().to_owned());
    let next = if question.largest { "next larger" } else { "next smaller" };
    let figures: Vec<String> = figures.collect();
    let head = ["policy".to_owned(), "answer".to_owned()].into_iter().chain(figures.iter().cloned());
    table.set_header(head.chain([next.to_owned()]).chain(figures.iter().cloned()).chain(["runs".to_owned()]));
    for answer in answers {
        let found = match answer.outcome {
            Outcome::Found(place) => Some(place),
            Outcome::None => None,
        };
        let label = |place: Option<usize>| {
            place.and_then(|place| question.values.get(place)).map_or_else(|| "–".to_owned(), |value| question.label(value))
        };
        let next = found.and_then(|place| place.checked_sub(1));
        let runs: u32 = answer.tried.iter().map(|tried| tried.decision.replications).sum();
        let row = [policy_name(question, answer), label(found)].into_iter().chain(told(question, answer, found));
        table.add_row(row.chain([label(next)]).chain(told(question, answer, next)).chain([runs.to_string()]));
    }
    table.column_iter_mut().skip(1).for_each(|column| column.set_cell_alignment(CellAlignment::Right));
    table
}

/// The goals' figures at a place.
fn told(question: &Question, answer: &Answer, place: Option<usize>) -> Vec<String> {
    let at = answer.tried.iter().find(|tried| Some(tried.place) == place);
    let figures = |tried: &Tried| {
        let pairs = question.goals.iter().zip(&tried.decision.figures);
        pairs.map(|(goal, found)| figure(*found, unit_of(&goal.figure))).collect()
    };
    at.map_or_else(|| vec!["–".to_owned(); question.goals.len()], figures)
}

/// What a table does not say.
fn sentences(question: &Question, answer: &Answer) -> Vec<String> {
    let policy = policy_name(question, answer);
    let label = |place: usize| question.values.get(place).map_or_else(String::new, |value| question.label(value));
    let mut sentences = Vec::new();
    let last = question.values.len().saturating_sub(1);
    if let (Outcome::None, Some((met, _))) = (answer.outcome, answer.not_monotone) {
        let other = if question.largest { "leave out --largest" } else { "try --largest" };
        sentences.push(format!(
            "{policy}: {} meets the goals and {}, the end of the range, does not: {other}, or end the range before.",
            label(met),
            label(last)
        ));
        return sentences;
    }
    if answer.outcome == Outcome::None {
        let found = told(question, answer, Some(last)).join(", ");
        let open = answer.tried.last().is_some_and(|tried| tried.decision.verdict == Verdict::Open);
        let ending = if open {
            format!(", and {} runs do not tell; give more by --max-replications", question.most)
        } else {
            String::new()
        };
        let (from, to) = (label(0), label(last));
        sentences
            .push(format!("{policy}: no value from {from} to {to} meets the goals: at {} it is {found}{ending}.", label(last)));
    }
    if answer.outcome == Outcome::Found(0) {
        sentences.push(format!("{policy}: {} is the end of the range; what lies beyond was not looked at.", label(0)));
    }
    if let Some((met, missed)) = answer.not_monotone {
        sentences.push(format!(
            "{policy}: the goals are not monotone here: {} meets them and {} does not. The answer is where they are met from there on.",
            label(met),
            label(missed)
        ));
    }
    if let Outcome::Found(place) = answer.outcome {
        let before = answer.tried.iter().find(|tried| tried.place + 1 == place);
        if before.is_some_and(|tried| tried.decision.verdict == Verdict::Open) {
            let runs = question.most;
            sentences.push(format!("{policy}: whether {} does as well, {runs} runs do not tell.", label(place - 1)));
        }
    }
    sentences
}

/// What a copy cannot tell apart.
fn left_out(question: &Question) -> String {
    let (left, all) = (question.left_out, question.values.len() as u64 + question.left_out);
    format!(
        "A copy at scale {} has whole capacities too: {left} of the {all} values are more than 5 % off in it and were not looked at. \
         A larger --scale tells more of them apart.",
        question.study.scale
    )
}

/// How much more one policy needs than another.
fn ratios(question: &Question, answers: &[Answer], width: u16) -> String {
    let number = |answer: &Answer| match answer.outcome {
        Outcome::Found(place) => question.values.get(place)?.number.filter(|number| *number > 0.0),
        Outcome::None => None,
    };
    let needs: Vec<(String, f64)> = answers.iter().filter_map(|a| Some((policy_name(question, a), number(a)?))).collect();
    let Some((best, least)) = needs.iter().min_by(|one, other| one.1.total_cmp(&other.1)) else { return String::new() };
    let mut text = String::new();
    for (policy, need) in needs.iter().filter(|(_, need)| need > least) {
        let verb = if question.largest { "allows" } else { "needs" };
        let sentence = format!("{policy} {verb} {} times the {} of {best}.", short(need / least), question.parameter.pointer);
        let _ = writeln!(text, "{}", super::wrapped(&sentence, "", width));
    }
    text
}
