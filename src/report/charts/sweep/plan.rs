//! A plan: the goals' figures over the parameter, with their bands, and the answers.

use super::super::page::{self, Cell, Entry, Sample};
use super::super::palette::{BAND, Style, bold, draw_mark};
use super::super::picture::{Anchor, Picture, Stroke};
use super::super::render::{ChartError, png, svg};
use super::plot::{self, Axis};
use crate::plan::{Answer, Outcome, Question};
use crate::report::ChartFormat;
use crate::report::plan::{policy_name, unit_of};
use crate::sweep::CellValue;

/// The chart's file; empty for [`ChartFormat::None`].
pub(in crate::report) fn plan_chart(question: &Question, answers: &[Answer], format: ChartFormat) -> Result<Vec<u8>, ChartError> {
    match format {
        ChartFormat::Png => png(&layout(question, answers)),
        ChartFormat::Svg => svg(&layout(question, answers)).map(String::into_bytes),
        ChartFormat::None => Ok(Vec::new()),
    }
}

fn layout(question: &Question, answers: &[Answer]) -> Picture {
    let mut legend: Vec<Entry> = answers
        .iter()
        .enumerate()
        .map(|(place, answer)| {
            let found = match answer.outcome {
                Outcome::Found(at) => question.values.get(at).map_or_else(String::new, |value| question.label(value)),
                Outcome::None => "none".to_owned(),
            };
            Entry::new(Sample::Policy(Style::of(place)), format!("{}: {found}", policy_name(question, answer)))
        })
        .collect();
    legend.push(Entry::new(Sample::Shade(Style::of(0).ink.alpha(BAND)), "95 % interval of the mean"));
    let sought = if question.largest { "The largest" } else { "The smallest" };
    let title = format!("{sought} {} that meets the goals", question.parameter.pointer);
    let confidence = crate::report::plan::part(question.confidence);
    let about = format!(
        "{} · {confidence} sure · seed {} · a mark a value that was tried",
        question.study.title, question.study.experiment.seed
    );
    let (mut picture, top) = page::headed(&title, &about, &legend);
    let count = question.goals.len();
    for (goal, cell) in page::cells(&mut picture, count, page::columns(count), top, 260.0).into_iter().enumerate() {
        panel(&mut picture, question, answers, cell, goal);
    }
    picture
}

fn panel(picture: &mut Picture, question: &Question, answers: &[Answer], cell: Cell, place: usize) {
    let Some(goal) = question.goals.get(place) else { return };
    let frame = plot::frame(cell);
    let tried = || answers.iter().flat_map(|answer| &answer.tried);
    let values: Vec<&CellValue> = tried().filter_map(|tried| question.values.get(tried.place)).collect();
    let across = Axis::of_parameter(&question.parameter, &values, (frame.left + 8.0, frame.right - 8.0));
    let figures = tried().filter_map(|tried| tried.decision.figures.get(place).copied().flatten());
    let ends = figures.flat_map(|f| [f.mean, f.low.unwrap_or(f.mean), f.high.unwrap_or(f.mean)]);
    let up = Axis::of_figure(unit_of(&goal.figure), ends.chain([goal.limit]), (frame.bottom, frame.top));
    let heading = goal.text.split(['<', '>']).next().unwrap_or_default();
    plot::draw(picture, cell, heading, (&across, &question.parameter.pointer), &up);
    plot::draw_limit(picture, cell, up.at(goal.limit), &goal.text);
    for (policy, answer) in answers.iter().enumerate() {
        let style = Style::of(policy);
        let points: Vec<(f64, crate::stats::Estimate)> = answer
            .tried
            .iter()
            .filter_map(|tried| {
                let figure = tried.decision.figures.get(place).copied().flatten()?;
                Some((across.at_value(question.values.get(tried.place)?), figure))
            })
            .collect();
        let upper = points.iter().filter_map(|(x, f)| Some((*x, up.at(f.high?))));
        let lower = points.iter().rev().filter_map(|(x, f)| Some((*x, up.at(f.low?))));
        picture.area(upper.chain(lower).collect(), style.ink.alpha(BAND));
        let line: Vec<(f64, f64)> = points.iter().map(|(x, f)| (*x, up.at(f.mean))).collect();
        picture.line(line.clone(), style.stroke());
        line.iter().for_each(|at| draw_mark(picture, *at, style.mark, 3.2, style.ink, false));
        if let Outcome::Found(found) = answer.outcome {
            let Some(value) = question.values.get(found) else { continue };
            let x = across.at_value(value);
            picture.line(vec![(x, frame.top), (x, frame.bottom)], Stroke { width: 1.6, ..style.stroke() });
            let at = answer.tried.iter().find(|tried| tried.place == found);
            if let Some(figure) = at.and_then(|tried| tried.decision.figures.get(place).copied().flatten()) {
                draw_mark(picture, (x, up.at(figure.mean)), style.mark, 5.4, style.ink, true);
            }
            let y = frame.top + 12.0 + 15.0 * policy as f64;
            let (x, anchor) = if x > frame.right - 60.0 { (x - 6.0, Anchor::End) } else { (x + 6.0, Anchor::Start) };
            picture.text((x, y), &question.label(value), bold(11.5, style.ink, anchor));
        }
    }
}
