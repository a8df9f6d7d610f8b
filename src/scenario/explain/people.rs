//! The classes in plain words: when they come, what they do, how they take a failure and a closed gate.

use super::super::{Backoff, Class, Distribution, Hours, List, Scenario, Timeout, Weekday, Window};
use super::spread::{arrivals, spread};
use super::warnings::{kept_out, percent};
use super::words::{grouped, plural};
use crate::model::{self, Discipline, Jitter, Population, Resume, Study, TimeoutCovers};
use crate::time::Time;
use std::fmt::Write;

/// What several classes may have in common, told once: lines, and how to say that they are those of another class.
struct Part {
    alike: &'static str,
    lines: Vec<String>,
}

/// Tells of every class; what one shares with a class before it is told at the first.
pub(super) fn describe(scenario: &Scenario, study: &Study, out: &mut String) -> std::fmt::Result {
    let by_rank = study.model.stations.iter().any(|station| station.discipline == Discipline::Priority);
    let mut told: Vec<(&str, Vec<Part>)> = Vec::new();
    for (i, (class, (_, name, record))) in study.model.classes.iter().zip(scenario.file.classes.iter()).enumerate() {
        describe_head(class, name, out)?;
        let parts = vec![
            Part { alike: "come as", lines: come(class, record, study.model.end) },
            Part { alike: "the same steps as", lines: steps(record) },
            Part { alike: "tries and returns as", lines: tries(record) },
            Part { alike: "when closed as", lines: closed(study, i, record) },
        ];
        for (at, part) in parts.iter().enumerate() {
            let same = told.iter().find(|(_, before)| before[at].lines == part.lines).map(|(name, _)| name);
            match same {
                Some(other) if part.lines.len() > 1 => writeln!(out, "    {} {other}", part.alike)?,
                _ => part.lines.iter().try_for_each(|line| writeln!(out, "    {line}"))?,
            }
        }
        operators(record, out)?;
        if by_rank || record.priority.0 > 0 {
            let unused = if by_rank { "" } else { "; no station serves by priority" };
            writeln!(out, "    priority {} (0 is served first{unused})", record.priority.0)?;
        }
        told.push((name, parts));
    }
    Ok(())
}

fn describe_head(class: &model::Class, name: &str, out: &mut String) -> std::fmt::Result {
    let people = match class.population {
        Population::Fixed(n) => format!("{} people", grouped(n as f64)),
        Population::Poisson(mean) => format!("about {} people (Poisson)", grouped(mean)),
    };
    write!(out, "  {name}: {people}")?;
    if let Some(operators) = &class.operators {
        write!(out, ", whose applications {} operators work", grouped(f64::from(operators.count)))?;
    }
    writeln!(out)
}

fn come(class: &model::Class, record: &Class, end: Time) -> Vec<String> {
    let mut lines: Vec<String> = record.arrivals.iter().map(|(_, part)| arrivals(part)).collect();
    let late = 1.0 - class.arrivals.iter().map(|part| part.share * part.curve.share_before(end)).sum::<f64>();
    if late >= 0.0005 {
        lines.push(format!("{} would come after the end of the clock, and are not there", percent(late)));
    }
    lines
}

fn steps(record: &Class) -> Vec<String> {
    let step = record.journey.iter().map(|(_, step)| {
        let think = step.think.as_ref().map_or(String::new(), |think| format!("thinks {}, ", spread(think, "")));
        let covers = match step.timeout_covers.unwrap_or(record.timeout_covers) {
            TimeoutCovers::Answer => "",
            TimeoutCovers::Queue => " in the queue",
        };
        let timeout = match step.timeout.as_ref().unwrap_or(&record.timeout) {
            Timeout::Never => "waits as long as it takes".to_owned(),
            Timeout::After(Distribution::Constant(after)) => format!("waits {after} at most{covers}"),
            Timeout::After(after) => format!("waits{covers} {}", spread(after, "")),
        };
        format!("{} at {}: {think}{}, {timeout}", step.name, step.station, spread(&step.service, "of work"))
    });
    step.collect()
}

fn tries(record: &Class) -> Vec<String> {
    let retry = &record.retry;
    let of = match retry.resume {
        _ if retry.attempts.0 == 1 => "",
        Resume::Step => " of each step",
        Resume::Journey => ", each from the first step,",
    };
    let returns = if retry.returns.0 == 0 { "for good" } else { "for now" };
    let mut lines = vec![format!("{}{of} in all before giving up {returns}", plural(retry.attempts.0, "try", "tries"))];
    if let (Some(backoff), true) = (&retry.backoff, retry.attempts.0 > 1) {
        lines.push(match backoff {
            Backoff::Drawn(drawn) => format!("waits {} before each retry", spread(drawn, "")),
            Backoff::CappedExponential(x) => {
                let jitter = match x.jitter {
                    Jitter::None => "",
                    Jitter::Equal => ", each shortened by chance to between half and all of it",
                    Jitter::Full => ", each shortened by chance to between nothing and all of it",
                };
                format!(
                    "waits {} before the first retry, {} times that before each further one, {} at most{jitter}",
                    x.first, x.factor.0, x.max
                )
            }
        });
    }
    if let (Some(after), true) = (&retry.return_after, retry.returns.0 > 0) {
        let times = plural(retry.returns.0, "time", "times");
        lines.push(format!("comes back {} after giving up, up to {times}", spread(after, "")));
    }
    lines
}

/// What they do while a policy keeps them out, where one does.
fn closed(study: &Study, class: usize, record: &Class) -> Vec<String> {
    if !kept_out(study, class) && record.closed.is_none() {
        return Vec::new();
    }
    let aware = record.closed.as_ref().map_or(1.0, |closed| closed.aware.0);
    let know = match aware {
        1.0 => "all know the schedule".to_owned(),
        0.0 => "nobody knows the schedule before a request".to_owned(),
        share => format!("{} know the schedule, the others ask once", percent(share)),
    };
    let back = match record.closed.as_ref().and_then(|closed| closed.return_delay.as_ref()) {
        Some(delay) => format!("come back {} after the opening", spread(delay, "")),
        None => "come back in the instant of the opening".to_owned(),
    };
    vec![format!("kept out by a policy, {know}; they {back}")]
}

fn operators(record: &Class, out: &mut String) -> std::fmt::Result {
    if let Some(prepare) = &record.prepare {
        writeln!(out, "    operators prepare each application for {}", spread(prepare, ""))?;
    }
    match &record.hours {
        None => Ok(()),
        Some(Hours::Daily(open)) => writeln!(out, "    operators work {}", times(open)),
        Some(Hours::OnDays(x)) => {
            let days = x.days.as_ref().map_or(String::new(), |days| format!(" on {}", names(days)));
            writeln!(out, "    operators work {}{days}", times(&x.open))
        }
    }
}

fn times(open: &List<Window>) -> String {
    let clock = |second: u32| {
        let seconds = if second.is_multiple_of(60) { String::new() } else { format!(":{:02}", second % 60) };
        format!("{:02}:{:02}{seconds}", second / 3600, second / 60 % 60)
    };
    let windows = open.iter().map(|(_, window)| format!("{}-{}", clock(window.from), clock(window.to)));
    windows.collect::<Vec<_>>().join(", ")
}

fn names(days: &List<Weekday>) -> String {
    let names = days.iter().map(|(_, day)| format!("{:?}", day.0).chars().take(3).collect::<String>());
    names.collect::<Vec<_>>().join(", ")
}
