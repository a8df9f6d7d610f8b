//! Published figures.

use super::super::mistake::{Checker, suggestion};
use super::super::observation::Observation;
use super::super::read::List;
use super::super::tree::shorten;
use super::super::when::Moment as Written;
use super::Context;
use crate::model::{self, Metric, Moment};
use crate::time::Time;

const RATE: &str = "_rate";

/// Compiles an observation.
pub(super) fn observation(context: &Context<'_>, record: &Observation, check: &mut Checker<'_>) -> Option<model::Observation> {
    let between = record.from.is_some() || record.to.is_some();
    let metric = check.within("metric", |check| metric(&record.metric, between, check));
    let moment = moment(context, record, metric, check);
    let policy = match &record.policy {
        None => Some(None),
        Some(name) => {
            let found = context.file.policies.position(name);
            if found.is_none() && !context.file.policies.0.is_empty() {
                let hint = suggestion(name, context.file.policies.names());
                check.mistake_at("policy", format!("no policy is called `{}`; {hint}", shorten(name)));
            }
            found.map(Some)
        }
    };
    let classes = classes(context, record, check);
    if metric == Some(Metric::QueueAverage) && (record.class.is_some() || record.classes.is_some()) {
        check.mistake("a queue is counted over all classes; remove `class` and `classes`");
    }
    if metric == Some(Metric::LostShare) && record.value.0 > 1.0 {
        check.mistake_at("value", "a share is at most 1; write 40 % as 0.4");
    }
    if record.tolerance.0 > 100.0 {
        check.mistake_at("tolerance", "a tolerance is a share of the value, such as 0.2 for 20 %; at most 100 is possible");
    }
    Some(model::Observation {
        moment: moment?,
        policy: policy?,
        classes: classes?,
        metric: metric?,
        value: record.value.0,
        tolerance: record.tolerance.0,
        source: record.remarks.source.join("; "),
    })
}

/// The metric of a name, which has `_rate` behind it where a count is taken between two moments.
fn metric(name: &str, between: bool, check: &mut Checker<'_>) -> Option<Metric> {
    let named = |name: &str| Metric::ALL.iter().find(|(_, known)| *known == name).map(|(metric, _)| *metric);
    let is_count = |metric: Metric| !metric.is_level() && metric != Metric::LostShare;
    let rate = name.strip_suffix(RATE).and_then(named).filter(|metric| is_count(*metric));
    let plain = named(name);
    let text = match (plain, rate) {
        (Some(metric), _) if !between || metric == Metric::LostShare => return Some(metric),
        (_, Some(metric)) if between => return Some(metric),
        (Some(metric), _) if metric.is_level() => format!("`{name}` is a level at one moment; give `at` and not `from` and `to`"),
        (Some(_), _) => format!("`{name}` is a count up to one moment; use `{name}{RATE}`, or give `at`"),
        (_, Some(_)) => format!("`{name}` is a rate between two moments; give `from` and `to` and not `at`"),
        (None, None) => {
            let rates: Vec<String> = Metric::ALL.iter().map(|(_, known)| format!("{known}{RATE}")).collect();
            let known =
                Metric::ALL.iter().filter(|(metric, _)| !between || *metric == Metric::LostShare).map(|(_, known)| *known);
            let rates = Metric::ALL.iter().zip(&rates).filter(|((metric, _), _)| between && is_count(*metric));
            let hint = suggestion(name, known.chain(rates.map(|(_, rate)| rate.as_str())));
            format!("unknown metric `{}`; {hint}", shorten(name))
        }
    };
    check.mistake(text);
    None
}

fn moment(context: &Context<'_>, record: &Observation, metric: Option<Metric>, check: &mut Checker<'_>) -> Option<Moment> {
    match (&record.at, &record.from, &record.to) {
        (Some(at), None, None) => {
            let level = metric.is_some_and(Metric::is_level);
            check.within("at", |check| measured(context, at, level, check)).map(Moment::At)
        }
        (None, Some(from), Some(to)) => {
            let start = check.within("from", |check| measured(context, from, true, check));
            let end = check.within("to", |check| measured(context, to, false, check));
            let (start, end) = (start?, end?);
            if end <= start {
                check.mistake_at("to", format!("{} is not after `from`, {}; move one of them", to.text, from.text));
                return None;
            }
            Some(Moment::Between(start, end))
        }
        (Some(_), _, _) => {
            check.mistake("`at` stands beside `from` or `to`; keep `at` for a count, or `from` and `to` for a rate");
            None
        }
        _ => {
            check.mistake("it says not when; give `at` for a count, or `from` and `to` for a rate");
            None
        }
    }
}

/// A moment at which something is measured; `open` where it may not be the very end of the clock.
pub(super) fn measured(context: &Context<'_>, moment: &Written, open: bool, check: &mut Checker<'_>) -> Option<Time> {
    let at = context.moment(moment, check)?;
    let clock = &context.file.clock;
    if at > context.end || (open && at == context.end) {
        check.mistake(format!("{} lies beyond clock.end, {}; move it or the end", moment.text, clock.end.text));
        return None;
    }
    if at < context.measure_from {
        let from = clock.measure_from.as_ref().map_or("", |from| &from.text);
        check.mistake(format!("{} is before clock.measure_from, {from}; move it", moment.text));
        return None;
    }
    Some(at)
}

fn classes(context: &Context<'_>, record: &Observation, check: &mut Checker<'_>) -> Option<Vec<usize>> {
    match (&record.class, &record.classes) {
        (None, None) => Some(Vec::new()),
        (Some(name), None) => check.within("class", |check| class(context, name, check)).map(|class| vec![class]),
        (None, Some(list)) => check.within("classes", |check| several(context, list, check)),
        (Some(_), Some(_)) => {
            check.mistake_at("classes", "`classes` stands beside `class`; keep one of them");
            None
        }
    }
}

fn class(context: &Context<'_>, name: &str, check: &mut Checker<'_>) -> Option<usize> {
    let found = context.file.classes.position(name);
    if found.is_none() && !context.file.classes.0.is_empty() {
        let hint = suggestion(name, context.file.classes.names());
        check.mistake(format!("no class is called `{}`; {hint}", shorten(name)));
    }
    found
}

fn several(context: &Context<'_>, list: &List<String>, check: &mut Checker<'_>) -> Option<Vec<usize>> {
    let mut classes = Vec::new();
    for (i, name) in list.iter() {
        let class = check.within(i, |check| class(context, name, check))?;
        if classes.contains(&class) {
            check.mistake_at(i, format!("`{}` stands here a second time; remove it", shorten(name)));
            return None;
        }
        classes.push(class);
    }
    if classes.is_empty() {
        check.mistake("the list of classes is empty; name some, or remove the key for the total");
        return None;
    }
    Some(classes)
}

/// Compiles the budget; `Some(None)` where there is none.
pub(super) fn budget(context: &Context<'_>, check: &mut Checker<'_>) -> Option<Option<model::Budget>> {
    let Some(record) = &context.file.budget else { return Some(None) };
    let classes = match &record.classes {
        None => Vec::new(),
        Some(list) => check.within("classes", |check| several(context, list, check))?,
    };
    if record.completions.0 == 0 {
        check.mistake_at("completions", "a budget for nobody; give at least 1, or remove it");
        return None;
    }
    Some(Some(model::Budget { completions: record.completions.0, classes }))
}
