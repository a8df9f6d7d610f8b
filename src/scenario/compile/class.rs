//! Classes of applicants.

use super::super::alternatives::{Backoff, Hours, Population, Timeout};
use super::super::class::{Class, Closed, Retry, Step};
use super::super::mistake::{Checker, suggestion};
use super::super::tree::shorten;
use super::{Context, arrivals, distribution, windows};
use crate::model::{self, Intervals};
use crate::random::NameHash;
use crate::time::Span;

/// Compiles a class.
pub(super) fn class(context: &Context<'_>, name: &str, record: &Class, check: &mut Checker<'_>) -> Option<model::Class> {
    let arrivals = check.within("arrivals", |check| arrivals::mixture(context, &record.arrivals, check));
    let timeout = check.within("timeout", |check| timeout(&record.timeout, check));
    let journey = check.within("journey", |check| journey(context, record, check));
    let retry = check.within("retry", |check| retry(&record.retry, check));
    let closed = check.within("closed", |check| closed(record.closed.as_ref(), check));
    let operators = operators(context, record, check);
    timeout?;
    Some(model::Class {
        key: NameHash::new("class", name),
        population: match &record.population {
            Population::Fixed(people) => model::Population::Fixed(people.0),
            Population::Poisson(poisson) => model::Population::Poisson(poisson.poisson.0),
        },
        arrivals: arrivals?,
        journey: journey?,
        retry: retry?,
        closed: closed?,
        operators: operators?,
        priority: record.priority.as_u32(),
    })
}

fn timeout(record: &Timeout, check: &mut Checker<'_>) -> Option<model::Timeout> {
    match record {
        Timeout::Never => Some(model::Timeout::Never),
        Timeout::After(after) => {
            let sampler = distribution::sampler(after, check)?;
            if sampler.as_constant() == Some(Span::ZERO) {
                check.mistake("a timeout of zero ends every request at once; give it a length, or \"never\"");
                return None;
            }
            Some(model::Timeout::After(sampler))
        }
    }
}

fn journey(context: &Context<'_>, class: &Class, check: &mut Checker<'_>) -> Option<Vec<model::Step>> {
    let count = class.journey.0.len();
    if count == 0 {
        check.mistake("the journey has no steps; give at least one");
        return None;
    }
    if count > usize::from(u16::MAX) {
        check.mistake(format!("the journey has {count} steps; at most 65535 are possible"));
        return None;
    }
    let steps: Vec<_> =
        class.journey.iter().map(|(i, record)| check.within(i, |check| step(context, class, record, check))).collect();
    steps.into_iter().collect()
}

fn step(context: &Context<'_>, class: &Class, record: &Step, check: &mut Checker<'_>) -> Option<model::Step> {
    if record.name.trim().is_empty() {
        check.mistake_at("name", "the name of the step is empty; give it one");
    }
    let station = context.file.stations.position(&record.station);
    // Without any station that is the mistake to tell.
    if station.is_none() && !context.file.stations.0.is_empty() {
        let hint = suggestion(&record.station, context.file.stations.names());
        check.mistake_at("station", format!("no station is called `{}`; {hint}", shorten(&record.station)));
    }
    let think = distribution::optional("think", record.think.as_ref(), check);
    let service = check.within("service", |check| distribution::sampler(&record.service, check));
    let own = record.timeout.as_ref();
    // The class's own timeout is told at the class and not again at each of its steps.
    let timeout = match own {
        Some(own) => check.within("timeout", |check| timeout(own, check)),
        None => quietly(&class.timeout),
    };
    Some(model::Step {
        station: u16::try_from(station?).ok()?,
        think: think?,
        service: service?,
        timeout: timeout?,
        covers: record.timeout_covers.unwrap_or(class.timeout_covers),
    })
}

fn quietly(record: &Timeout) -> Option<model::Timeout> {
    let nowhere = super::super::tree::Node::from_json(&serde_json::Value::Null);
    timeout(record, &mut Checker::new(std::path::Path::new(""), &nowhere))
}

fn retry(record: &Retry, check: &mut Checker<'_>) -> Option<model::Retry> {
    if record.attempts.0 > 1 && record.backoff.is_none() {
        check.mistake(
            "`attempts` is more than 1 and there is no `backoff`; say how long people wait before a retry, such as \"10s\"",
        );
    }
    if record.returns.0 > 0 && record.return_after.is_none() {
        check.mistake("`returns` is more than 0 and there is no `return_after`; say when people come back, such as \"1h\"");
    }
    let backoff = match &record.backoff {
        Some(record) => check.within("backoff", |check| backoff(record, check)),
        None => Some(model::Backoff::Drawn(model::Sampler::constant(Span::ZERO))),
    };
    let return_after = distribution::optional("return_after", record.return_after.as_ref(), check);
    Some(model::Retry {
        attempts: record.attempts.as_u16(),
        resume: record.resume,
        backoff: backoff?,
        return_after: return_after?,
        returns: record.returns.as_u16(),
    })
}

fn backoff(record: &Backoff, check: &mut Checker<'_>) -> Option<model::Backoff> {
    let capped = match record {
        Backoff::Drawn(drawn) => return distribution::sampler(drawn, check).map(model::Backoff::Drawn),
        Backoff::CappedExponential(capped) => capped,
    };
    if capped.max < capped.first {
        let text = format!("max is {} and first is {}; max must not be less than first", capped.max, capped.first);
        check.within("capped_exponential", |check| check.mistake_at("max", text));
        return None;
    }
    Some(model::Backoff::CappedExponential {
        first: capped.first,
        factor: capped.factor.0,
        max: capped.max,
        jitter: capped.jitter,
    })
}

fn closed(record: Option<&Closed>, check: &mut Checker<'_>) -> Option<model::Closed> {
    let Some(record) = record else { return Some(model::Closed { aware: 1.0, return_delay: None }) };
    let return_delay = distribution::optional("return_delay", record.return_delay.as_ref(), check)?;
    Some(model::Closed { aware: record.aware.0, return_delay })
}

fn operators(context: &Context<'_>, record: &Class, check: &mut Checker<'_>) -> Option<Option<model::Operators>> {
    let prepare = distribution::optional("prepare", record.prepare.as_ref(), check);
    let hours = match &record.hours {
        Some(hours) => check.within("hours", |check| self::hours(context, hours, check)).map(Some),
        None => Some(None),
    };
    let Some(count) = record.operators else {
        for (key, given) in [("prepare", record.prepare.is_some()), ("hours", record.hours.is_some())] {
            if given {
                check.mistake_at(key, format!("`{key}` without `operators`; say how many operators there are, or remove it"));
            }
        }
        return Some(None);
    };
    Some(Some(model::Operators { count: count.as_u32(), prepare: prepare?, hours: hours? }))
}

fn hours(context: &Context<'_>, record: &Hours, check: &mut Checker<'_>) -> Option<Intervals> {
    let (open, days) = match record {
        Hours::Daily(open) => (open, None),
        Hours::OnDays(on) => (&on.open, on.days.as_ref()),
    };
    if open.0.is_empty() {
        check.mistake("the hours are empty, so nobody ever works; give a window such as \"08:00-16:00\"");
        return None;
    }
    let days = windows::named_days(days, check)?;
    Some(windows::working_hours(context, open, &days))
}
