//! Arrival curves.

use super::super::arrivals::{Component, Curve, HourlyCurve, RatesCurve, UniformCurve};
use super::super::mistake::Checker;
use super::super::read::List;
use super::policy::{SHARE_ERROR, rounded};
use super::{Context, distribution, trace};
use crate::model::{self, Between, CurveError};
use crate::time::Time;

/// Hours of an hourly curve at most: about a hundred years.
const MAX_HOURS: u64 = 876_000;

/// Curves of a class at most.
const MAX_COMPONENTS: usize = 10_000;

/// Compiles the mixture of a class.
pub(super) fn mixture(context: &Context<'_>, list: &List<Component>, check: &mut Checker<'_>) -> Option<Vec<model::Component>> {
    if list.0.is_empty() {
        check.mistake("there are no arrivals; give at least one curve with its share");
        return None;
    }
    if list.0.len() > MAX_COMPONENTS {
        check.mistake(format!("there are {} curves; at most {MAX_COMPONENTS} are possible", list.0.len()));
        return None;
    }
    let sum: f64 = list.iter().map(|(_, component)| component.share.0).sum();
    if list.0.iter().all(Option::is_some) && (sum - 1.0).abs() > SHARE_ERROR {
        check.mistake(format!("the shares add up to {}; they must add up to 1", rounded(sum)));
    }
    let parts: Vec<_> = list
        .iter()
        .map(|(i, record)| {
            let curve = check.within(i, |check| check.within("curve", |check| curve(context, &record.curve, check)));
            curve.map(|curve| model::Component { share: record.share.0, curve })
        })
        .collect();
    parts.into_iter().collect()
}

fn curve(context: &Context<'_>, record: &Curve, check: &mut Checker<'_>) -> Option<model::Curve> {
    match record {
        Curve::Weibull(x) => check.within("weibull", |check| {
            let from = check.within("from", |check| context.within_clock(&x.from, check))?;
            told(model::Curve::weibull(from, x.shape.0, x.scale, context.cut(x.truncate)), check)
        }),
        Curve::Uniform(x) => check.within("uniform", |check| uniform(context, x, check)),
        Curve::Spike(x) => check.within("spike", |check| {
            let at = check.within("at", |check| context.within_clock(&x.at, check));
            let delay = check.within("delay", |check| distribution::sampler(&x.delay, check));
            told(model::Curve::spike(at?, delay?, context.cut(x.truncate)), check)
        }),
        Curve::Rates(x) => check.within("rates", |check| rates(context, x, check)),
        Curve::Hourly(x) => check.within("hourly", |check| hourly(context, x, check)),
        Curve::Trace(x) => check.within("trace", |check| trace::trace(context, x, check)),
    }
}

/// The curve, or its error as a mistake of the record.
pub(super) fn told(curve: Result<model::Curve, CurveError>, check: &mut Checker<'_>) -> Option<model::Curve> {
    curve.map_err(|error| check.mistake(error.to_string())).ok()
}

fn uniform(context: &Context<'_>, record: &UniformCurve, check: &mut Checker<'_>) -> Option<model::Curve> {
    let (from, to) = context.piece(&record.from, &record.to, check)?;
    told(model::Curve::rates(&[(from, 1.0), (to, 0.0)], Between::Step, context.cut(record.truncate)), check)
}

fn rates(context: &Context<'_>, record: &RatesCurve, check: &mut Checker<'_>) -> Option<model::Curve> {
    let points = check.within("points", |check| {
        let mut points: Vec<(Time, f64)> = Vec::new();
        for (i, point) in record.points.iter() {
            let at = check.within(i, |check| check.within(0, |check| context.moment(&point.at, check)))?;
            if points.last().is_some_and(|(before, _)| at <= *before) {
                let text = format!("{} is not after the point before it; put the points in order of time", point.at.text);
                check.within(i, |check| check.mistake_at(0, text));
                return None;
            }
            points.push((at, point.rate.0));
        }
        if points.len() < 2 {
            check.mistake("a shape needs two points or more; give the moment at which it ends as the last one");
            return None;
        }
        let counted = if record.between == Between::Step { points.len() - 1 } else { points.len() };
        if points[..counted].iter().all(|(_, rate)| *rate == 0.0) {
            check.mistake("all rates are zero, so nobody comes; make one of them greater (the last point ends the shape)");
            return None;
        }
        Some(points)
    })?;
    told(model::Curve::rates(&points, record.between, context.cut(record.truncate)), check)
}

/// Each hour on the wall has its weight as a rate, so a day of change to or from summer time has 23 or 25 of them.
fn hourly(context: &Context<'_>, record: &HourlyCurve, check: &mut Checker<'_>) -> Option<model::Curve> {
    let bounds = context.piece(&record.from, &record.to, check);
    let weights: Vec<f64> = record.weights.iter().map(|(_, weight)| weight.0).collect();
    let count = record.weights.0.len();
    let fault = if count != 24 {
        Some(format!("there are {count} weights; give 24, one for each hour of the day"))
    } else if weights.iter().all(|weight| *weight == 0.0) {
        Some("all weights are zero, so nobody comes; make one of them greater".to_owned())
    } else {
        None
    };
    if let Some(text) = fault {
        check.mistake_at("weights", text);
        return None;
    }
    let (from, to) = bounds?;
    if to.since(from).0 / 3_600_000_000_000 > MAX_HOURS {
        check.mistake_at("to", "an hourly curve lasts at most a hundred years; shorten it");
        return None;
    }
    let mut points = Vec::new();
    let mut at = from;
    while at < to {
        let hour = usize::from(context.calendar.civil(at).hour().unsigned_abs());
        points.push((at, weights.get(hour).copied().unwrap_or(0.0)));
        at = context.calendar.next_hour(at);
    }
    points.push((to, 0.0));
    told(model::Curve::rates(&points, Between::Step, context.cut(record.truncate)), check)
}
