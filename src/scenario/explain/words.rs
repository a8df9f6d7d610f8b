//! The explanation as text.

use super::super::Scenario;
use super::warnings::{calm, percent, spoken, warnings};
use super::{calendar, load, people, places};
use crate::model::Study;
use crate::time::{Span, Time};
use std::fmt::Write;

/// Seconds that one request takes to simulate, all its events together, on one core: measured on the INPS days, see
/// `docs/performance.md`; good to a factor of three.
const SECONDS_PER_REQUEST: f64 = 0.25e-6;

/// Bytes that one applicant in the system takes at most, with all that waits for them: the record, a request, a timeout, a
/// place in the event list.
const BYTES_PER_APPLICANT: f64 = 128.0;

/// Tells what a scenario says, compiled to `study`, the load it puts on its stations, when its policies let people in, what will be
/// simulated, and what to beware of.
#[must_use]
pub fn explain(scenario: &Scenario, study: &Study) -> String {
    let mut text = String::new();
    // Writing to a `String` cannot fail.
    let _ = sections(scenario, study, &mut text);
    text
}

fn sections(scenario: &Scenario, study: &Study, out: &mut String) -> std::fmt::Result {
    let label = |at: Time| study.calendar.label(at);
    writeln!(out, "{} ({})", study.title, study.name)?;
    let (end, zone) = (study.model.end, study.calendar.zone_name());
    writeln!(out, "From {} to {} in {zone}: {}.", label(Time::ZERO), label(end), Span(end.0))?;
    if study.model.measure_from > Time::ZERO {
        writeln!(out, "Counting starts at {}.", label(study.model.measure_from))?;
    }
    writeln!(out, "Series in steps of {}.", study.model.bin)?;
    writeln!(out, "\nWho comes")?;
    people::describe(scenario, study, out)?;
    if let Some(demand) = &scenario.file.experiment.demand {
        writeln!(out, "  each replication multiplies all populations by one random factor (mean 1, cv {})", demand.cv.0)?;
    }
    writeln!(out, "\nWho serves them")?;
    for (station, name) in study.model.stations.iter().zip(&study.names.stations) {
        places::describe(study, station, name, out)?;
    }
    load_table(study, out)?;
    for line in calm(study) {
        writeln!(out, "  {line}")?;
    }
    writeln!(out, "\nWhat is compared")?;
    for (i, name) in study.names.policies.iter().enumerate() {
        let mut rules = calendar::rules(scenario, study, i);
        rules.extend(calendar::stations(study, i));
        let all = if rules.is_empty() { ": everybody may enter at any time" } else { "" };
        writeln!(out, "  {name}{}{all}", if i == 0 { " (the baseline)" } else { "" })?;
        for line in rules {
            writeln!(out, "    {line}")?;
        }
    }
    incidents(scenario, study, out)?;
    work(study, out)?;
    let warnings = warnings(study);
    if !warnings.is_empty() {
        writeln!(out, "\nBeware")?;
        for warning in warnings {
            writeln!(out, "  {warning}")?;
        }
    }
    Ok(())
}

/// The stretches of the clock of which it is told what was answered in them.
fn incidents(scenario: &Scenario, study: &Study, out: &mut String) -> std::fmt::Result {
    let written = scenario.file.incidents.iter().map(|(_, _, record)| record);
    let all = study.model.incidents.iter().zip(&study.names.incidents).zip(written);
    for (place, ((incident, name), record)) in all.enumerate() {
        if place == 0 {
            writeln!(out, "\nWhat is counted apart")?;
        }
        let lasts: Vec<String> = incident.lasts.iter().map(Span::to_string).collect();
        let steps: Vec<&str> = record.steps.iter().flat_map(|steps| steps.iter().map(|(_, step)| step.as_str())).collect();
        let steps = if steps.is_empty() { String::new() } else { format!(" at {}", steps.join(", ")) };
        let why = if incident.why.is_empty() { String::new() } else { format!(": {}", incident.why) };
        let from = study.calendar.label(incident.from);
        writeln!(out, "  {name}: what is answered{steps} within {} from {from}{why}", lasts.join(", "))?;
    }
    Ok(())
}

/// People, work and capacity over the clock.
fn load_table(study: &Study, out: &mut String) -> std::fmt::Result {
    let (width, rows) = load::rows(study);
    writeln!(out, "\nLoad if everybody were served at the first try (per {width}; work and capacity in worker-hours)")?;
    write!(out, "  {:<20} {:>12}", "from", "people")?;
    for name in &study.names.stations {
        write!(out, "   {:>24} {:>7}", format!("{}: work / capacity", shortened(name)), "load")?;
    }
    writeln!(out)?;
    let all = load::row(study, Time::ZERO, study.model.end);
    let lines = rows.iter().map(|row| (study.calendar.label(row.from), row)).chain([("in all".to_owned(), &all)]);
    for (label, row) in lines {
        write!(out, "  {label:<20} {:>12}", grouped(row.people))?;
        for (work, capacity) in &row.stations {
            let load = if *capacity > 0.0 { percent(work / capacity) } else { "-".to_owned() };
            let pair = format!("{} / {}", hours(*work), hours(*capacity));
            write!(out, "   {pair:>24} {load:>7}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// What will be simulated, and roughly what it costs.
fn work(study: &Study, out: &mut String) -> std::fmt::Result {
    let people: f64 = study.model.classes.iter().map(|class| class.population.mean()).sum();
    let requests: f64 = study.model.classes.iter().map(|class| class.population.mean() * class.journey.len() as f64).sum();
    let policies = study.model.policies.len() as f64;
    let experiment = &study.experiment;
    let unsure = experiment.demand_cv.is_some() || experiment.capacity_cv.is_some();
    let runs = policies * f64::from(experiment.replications) * if unsure { 2.0 } else { 1.0 };
    writeln!(out, "\nWhat will be simulated")?;
    writeln!(
        out,
        "  {} x {} from seed {}: {} applicants in all",
        plural(study.model.policies.len() as u64, "policy", "policies"),
        plural(u64::from(experiment.replications), "replication", "replications"),
        experiment.seed,
        grouped(people * runs),
    )?;
    for (what, cv) in [("how many come", experiment.demand_cv), ("how fast the workers are", experiment.capacity_cv)] {
        if let Some(cv) = cv {
            writeln!(out, "  {what} is in doubt: one factor a replication, coefficient of variation {cv}")?;
        }
    }
    if unsure {
        writeln!(out, "  each replication is run twice, with the doubt and without")?;
    }
    writeln!(
        out,
        "  about {} of one core at one try a step, several times that where overload makes people retry;\n  \
         at most {} MB a run, if everybody were there at once, and {} MB for the series of all runs",
        spoken(requests * runs * SECONDS_PER_REQUEST),
        grouped((people * BYTES_PER_APPLICANT / 1e6).ceil()),
        grouped((series_bytes(study) * policies / 1e6).ceil()),
    )
}

/// Replications whose whole series are held at once.
const AT_ONCE: u32 = 64;

/// Bytes of a policy's series: nine counts and four levels a class and bin, six counts and one level a station and bin, of as many
/// replications as are held at once; of the others that level alone.
fn series_bytes(study: &Study) -> f64 {
    let (classes, stations) = (study.model.classes.len() as f64, study.model.stations.len() as f64);
    let (all, whole) = (study.experiment.replications, study.experiment.replications.min(AT_ONCE));
    let whole = f64::from(whole) * (classes * (9.0 * 4.0 + 4.0 * 8.0) + stations * 6.0 * 4.0 + 4.0);
    study.model.bins() as f64 * (whole + f64::from(all) * stations * 8.0)
}

fn hours(seconds: f64) -> String {
    let hours = seconds / 3600.0;
    if hours == 0.0 {
        "0".to_owned()
    } else if hours < 0.1 {
        format!("{hours:.4}")
    } else if hours < 10.0 {
        format!("{hours:.2}")
    } else {
        grouped(hours)
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(12).collect()
}

pub(super) fn plural(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count as f64), if count == 1 { one } else { many })
}

/// A number rounded to a whole one, thousands apart: `1,500,000`.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{:.0}", number.abs());
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
