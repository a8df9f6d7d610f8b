//! A k6 script: the same people, who come along the same curve, make the same journey with the same think times, timeouts
//! and retries.
//!
//! Distributions are handed over as tables of quantiles, curves as steps of a constant rate. What a load generator cannot
//! do well is left out and said in the script: people who come back hours later, windows, operators' backlogs.

use crate::model::{Backoff, Class, Jitter, Resume, Sampler, Study, Timeout};
use crate::scenario::File;
use crate::time::{Span, Time};
use serde_json::{Value, json};

const SCRIPT: &str = include_str!("k6.js");
/// Steps of each curve.
const STEPS: u64 = 96;
/// Quantiles of each distribution.
const QUANTILES: u32 = 50;

/// What part of a scenario is exported.
#[derive(Debug, Clone, Copy)]
pub struct K6Options {
    /// Start of the part of the clock.
    pub from: Time,
    /// End of it.
    pub to: Time,
    /// Part of the people.
    pub scale: f64,
}

/// The script's text.
#[must_use]
pub fn k6(file: &File, study: &Study, options: &K6Options) -> String {
    let classes: Vec<Value> = study
        .model
        .classes
        .iter()
        .zip(&study.names.classes)
        .zip(file.classes.iter().map(|(_, _, class)| class))
        .enumerate()
        .map(|(place, ((class, name), record))| {
            let steps = class.journey.iter().zip(record.journey.iter()).map(|(step, (_, record))| {
                let timeout = match &step.timeout {
                    Timeout::Never => Value::Null,
                    Timeout::After(after) => quantiles(after),
                };
                json!({
                    "name": record.name,
                    "station": study.names.stations.get(usize::from(step.station)),
                    "think": step.think.as_ref().map(quantiles),
                    "timeout": timeout,
                })
            });
            json!({
                "id": format!("class_{place}"),
                "name": name,
                "rates": rates(class, options),
                "steps": steps.collect::<Vec<_>>(),
                "attempts": class.retry.attempts,
                "resume": if class.retry.resume == Resume::Step { "step" } else { "journey" },
                "backoff": backoff(&class.retry.backoff, class.retry.attempts),
            })
        })
        .collect();
    let scenario = json!({
        "name": study.name,
        "from": study.calendar.label(options.from),
        "to": study.calendar.label(options.to),
        "step_seconds": width(options).seconds(),
        "classes": classes,
    });
    // A slash behind `<` or `*` ends neither a script element nor a comment.
    SCRIPT.replace("/*SCENARIO*/ null", &format!("{scenario:#}").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029"))
}

fn width(options: &K6Options) -> Span {
    Span((options.to.since(options.from).0 / STEPS).max(1_000_000_000))
}

/// People per second in each step.
fn rates(class: &Class, options: &K6Options) -> Vec<f64> {
    let width = width(options);
    let people = class.population.mean() * options.scale;
    let before = |at: Time| class.arrivals.iter().map(|part| part.share * part.curve.share_before(at)).sum::<f64>();
    let mut rates = Vec::new();
    let mut at = options.from;
    while at < options.to {
        let next = (at + width).min(options.to);
        let rate = people * (before(next) - before(at)).max(0.0) / next.since(at).seconds();
        rates.push((rate * 1e6).round() / 1e6);
        at = next;
    }
    rates
}

/// Seconds at evenly spaced shares, the ends half a step inside.
fn quantiles(sampler: &Sampler) -> Value {
    if let Some(constant) = sampler.as_constant() {
        return json!([rounded(constant.seconds())]);
    }
    let share = |place: u32| (f64::from(place) + 0.5) / f64::from(QUANTILES);
    (0..QUANTILES).map(|place| rounded(sampler.quantile(share(place)) / 1e9)).collect()
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 1e4).round() / 1e4
}

/// For each failure in turn the wait before the next try: quantiles, or the longest wait and the part of it that is not
/// drawn.
fn backoff(backoff: &Backoff, attempts: u16) -> Value {
    match backoff {
        Backoff::Drawn(sampler) => json!({"drawn": quantiles(sampler)}),
        Backoff::CappedExponential { jitter, .. } => {
            let waits: Vec<f64> = backoff.waits(attempts).iter().map(|wait| rounded(wait / 1e9)).collect();
            let least = match jitter {
                Jitter::None => 1.0,
                Jitter::Equal => 0.5,
                Jitter::Full => 0.0,
            };
            json!({"waits": waits, "least": least})
        }
    }
}
