//! Incidents.

use super::super::incident::Incident;
use super::super::mistake::{Checker, suggestion};
use super::super::read::List;
use super::super::tree::shorten;
use super::super::when::Moment;
use super::{Context, observation};
use crate::model;
use crate::time::{Span, Time};

/// Lengths of one incident at most.
const MOST_LENGTHS: usize = 100;

/// Compiles an incident.
pub(super) fn incident(context: &Context<'_>, record: &Incident, check: &mut Checker<'_>) -> Option<model::Incident> {
    let from = check.within("from", |check| observation::measured(context, &record.from, true, check));
    let lasts = match (&record.to, &record.lasts) {
        (Some(to), None) => from.and_then(|from| until(context, (from, &record.from), to, check)),
        (None, Some(lasts)) => check.within("lasts", |check| lengths(context, from, lasts, check)),
        (Some(_), Some(_)) => {
            check.mistake("`lasts` stands beside `to`; keep one of them");
            None
        }
        (None, None) => {
            check.mistake("it says not when it ends; give `to`, or the lengths that it may have had as `lasts`");
            None
        }
    };
    let steps = steps(context, record.steps.as_ref(), check);
    Some(model::Incident { from: from?, lasts: lasts?, why: record.why.clone(), steps: steps? })
}

/// The one length of an incident that ends at a given moment.
fn until(context: &Context<'_>, (from, written): (Time, &Moment), to: &Moment, check: &mut Checker<'_>) -> Option<Vec<Span>> {
    let end = check.within("to", |check| observation::measured(context, to, false, check))?;
    if end <= from {
        check.mistake_at("to", format!("{} is not after `from`, {}; move one of them", to.text, written.text));
        return None;
    }
    Some(vec![end.since(from)])
}

/// Several lengths, in order.
fn lengths(context: &Context<'_>, from: Option<Time>, list: &List<Span>, check: &mut Checker<'_>) -> Option<Vec<Span>> {
    let mut lasts: Vec<Span> = Vec::new();
    let mut good = true;
    for (i, length) in list.iter() {
        let text = if *length == Span::ZERO {
            "no length; give at least 1ns".to_owned()
        } else if lasts.last().is_some_and(|before| length <= before) {
            format!("{length} is not longer than the one before it; put the lengths in rising order, each once")
        } else if from.is_some_and(|from| from + *length > context.end) {
            format!("{length} later the clock has ended, {}; shorten it or move the end", context.file.clock.end.text)
        } else {
            lasts.push(*length);
            continue;
        };
        check.mistake_at(i, text);
        good = false;
    }
    if good && lasts.is_empty() {
        check.mistake("the list of lengths is empty; give one, such as \"10min\"");
        good = false;
    } else if lasts.len() > MOST_LENGTHS {
        check.mistake(format!("there are {} lengths; at most {MOST_LENGTHS} are possible", lasts.len()));
        good = false;
    }
    good.then_some(lasts)
}

/// By class and step: whether answers to it count.
fn steps(context: &Context<'_>, names: Option<&List<String>>, check: &mut Checker<'_>) -> Option<Vec<Vec<bool>>> {
    let classes = || context.file.classes.iter().map(|(_, _, class)| class);
    let mut good = true;
    check.within("steps", |check| {
        let mut known: Vec<&str> = Vec::new();
        for (_, step) in classes().flat_map(|class| class.journey.iter()) {
            if !known.contains(&step.name.as_str()) {
                known.push(&step.name);
            }
        }
        for (i, name) in names.into_iter().flat_map(List::iter) {
            if !known.contains(&name.as_str()) && !known.is_empty() {
                let hint = suggestion(name, known.iter().copied());
                check.mistake_at(i, format!("no step is called `{}`; {hint}", shorten(name)));
                good = false;
            }
        }
        if names.is_some_and(|names| names.iter().next().is_none()) {
            check.mistake("the list of steps is empty; name some, or remove the key for all");
            good = false;
        }
    });
    let counts = |step: &str| names.is_none_or(|names| names.iter().any(|(_, name)| name == step));
    let of_class = |class: &super::super::class::Class| class.journey.iter().map(|(_, step)| counts(&step.name)).collect();
    good.then(|| classes().map(of_class).collect())
}
