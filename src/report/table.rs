//! The table on the terminal: what the policies change, and for whom, without opening a file.

mod conduct;

use super::changes::Changes;
use super::charts::clock_ticks;
use super::estimates::{Unit, figure, plain, value};
use super::numbers::short;
use super::summary::{class_names, metric_name, name};
use super::verdict::{Verdict, verdicts};
use crate::experiment::{Columns, PolicyResult, Results, ScopeFigures};
use crate::model::{Metric, Moment, Population};
use crate::time::{Calendar, Time};
use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use std::path::Path;

/// Narrower terminals get lines that wrap.
const NARROWEST: u16 = 60;
/// Room that a column of figures wants.
const COLUMN: usize = 23;
/// Room for what the rows are called.
const LABELS: usize = 34;
/// Longer lists of who got through by when show all classes together only.
const MOST_ROWS: usize = 24;

/// A row that only says of whom the next ones tell.
const OF_THOSE: &str = "of those who got through";

/// A rule below the heads of columns, and nothing else.
pub(super) const LINES: TableStyle = TableStyle::new().header_separator(LineStyle::new('─', '─', '─', '─'));

/// The tables and sentences that answer, for a terminal of `width` columns, what the policies change and for whom;
/// `folder` is where the files are, if any were written.
#[must_use]
pub fn table(results: &Results, folder: Option<&Path>, width: u16) -> String {
    let width = width.max(NARROWEST);
    let mut blocks = vec![heading(results, width)];
    blocks.extend(policies(results, width));
    blocks.extend(super::felt::ranked(results, width));
    blocks.extend(super::felt::budgets(results, width));
    blocks.extend(super::incidents::incidents(results, width));
    blocks.extend(super::doubt::sure(results, width));
    blocks.extend(super::doubt::collapses(results, width));
    blocks.extend(super::sparkline::queues(results, width));
    blocks.extend(by_when(results, width));
    blocks.extend(changes(results, width));
    blocks.extend(observations(results, width));
    blocks.extend(verdicts(results).iter().map(|verdict| told(verdict, width)));
    blocks.push(audit(results));
    if let Some(folder) = folder {
        blocks.push(format!("Files: {}", folder.display()));
    }
    blocks.join("\n\n") + "\n"
}

fn heading(results: &Results, width: u16) -> String {
    let runs = match results.replications {
        1 => "1 replication, so no intervals".to_owned(),
        n => format!("means of {n} replications, ± half of the 95 % interval"),
    };
    let mut heading = format!("{}\n{runs}, seed {}", plain(&results.study.title), results.seed);
    if let Some(sequential) = &results.sequential {
        heading += &format!("\n{}", wrapped(&super::doubt::stopped(results, sequential), "", width));
    }
    if let Some(scope) = what_intervals_leave_out(results) {
        heading += &format!("\n{}", wrapped(scope, "", width));
    }
    heading
}

/// Where nobody doubts how many come, intervals do not either: the reader must.
fn what_intervals_leave_out(results: &Results) -> Option<&'static str> {
    let sure = |class: &crate::model::Class| matches!(class.population, Population::Fixed(_));
    let classes = &results.study.model.classes;
    if results.replications == 1 || classes.is_empty() || results.study.experiment.demand_cv.is_some_and(|cv| cv > 0.0) {
        return None;
    }
    Some(if classes.iter().all(sure) {
        "the intervals are about chance in what people do, not about how many come: that is taken as known (experiment.demand)"
    } else {
        "the intervals are about chance around an expected number of people; that number is taken as known (experiment.demand)"
    })
}

/// An empty table with a heading in its first corner; every further column is one of figures.
pub(super) fn new_table(corner: &str, columns: impl IntoIterator<Item = String>, width: u16) -> Table {
    let mut table = Table::new();
    table.load_style(LINES).set_content_arrangement(ContentArrangement::Dynamic).set_width(width);
    let columns = columns.into_iter().map(|column| Cell::new(column).set_alignment(CellAlignment::Right));
    table.set_header(std::iter::once(Cell::new(corner)).chain(columns));
    table
}

pub(super) fn add_row(table: &mut Table, label: &str, figures: impl IntoIterator<Item = String>) {
    let figures = figures.into_iter().map(|text| Cell::new(text).set_alignment(CellAlignment::Right));
    table.add_row(std::iter::once(Cell::new(label)).chain(figures));
}

pub(super) fn printed(table: &Table) -> String {
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

/// How many policies stand side by side.
pub(super) fn abreast(width: u16) -> usize {
    (usize::from(width).saturating_sub(LABELS) / COLUMN).max(1)
}

/// A row of the table of policies: what it is called and what it says of a policy.
type Row = (String, Box<dyn Fn(&PolicyResult) -> String>);

fn policies(results: &Results, width: u16) -> Vec<String> {
    let names = &results.study.names.policies;
    let rows = policy_rows(results);
    let block = |policies: &[PolicyResult]| {
        let mut table = new_table("all classes", policies.iter().map(|p| plain(&name(names, p.policy))), width);
        for (label, say) in &rows {
            let figures: Vec<String> = policies.iter().map(say).collect();
            // A station at which nobody ever waited has no quantiles to show.
            if figures.iter().any(|figure| figure != "–") {
                add_row(&mut table, label, figures);
            }
        }
        printed(&table)
    };
    results.policies.chunks(abreast(width)).map(block).collect()
}

fn policy_rows(results: &Results) -> Vec<Row> {
    type Get = fn(&ScopeFigures<Option<crate::stats::Estimate>>) -> Option<crate::stats::Estimate>;
    let of_total: [(&str, Unit, Get); 17] = [
        ("came", Unit::Number, |t| t.counts.arrived),
        ("got through by the end", Unit::Number, |t| t.counts.completed),
        ("  of those who came", Unit::Share, |t| t.counts.completed_share),
        ("  done within 1 h", Unit::Share, |t| t.done_within.one_hour),
        ("  done within 4 h", Unit::Share, |t| t.done_within.four_hours),
        ("  done within 24 h", Unit::Share, |t| t.done_within.a_day),
        ("gave up for good", Unit::Number, |t| t.counts.abandoned),
        ("still trying at the end", Unit::Number, |t| t.counts.pending),
        (OF_THOSE, Unit::Seconds, |t| t.time_to_complete.p50),
        ("  median time", Unit::Seconds, |t| t.time_to_complete.p50),
        ("  95 % within", Unit::Seconds, |t| t.time_to_complete.p95),
        ("requests sent", Unit::Number, |t| t.counts.requests),
        ("requests per completion", Unit::Number, |t| t.counts.requests_per_completion),
        ("requests lost, of those that ended", Unit::Share, |t| t.counts.lost_share),
        ("  timed out", Unit::Number, |t| t.counts.timeouts),
        ("  turned away at once", Unit::Number, |t| t.counts.refused),
        ("  cut by an outage", Unit::Number, |t| t.counts.failed),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for (label, unit, get) in of_total {
        let say = move |policy: &PolicyResult| match get(&policy.total) {
            Some(_) if label == OF_THOSE => String::new(),
            found => figure(found, unit),
        };
        rows.push((label.to_owned(), Box::new(say)));
    }
    for (id, station) in results.study.names.stations.iter().enumerate() {
        rows.extend(station_rows(id, &plain(station)));
        rows.extend(conduct::rows(results, id));
    }
    rows
}

fn station_rows(id: usize, station: &str) -> [Row; 5] {
    let work = move |policy: &PolicyResult| policy.stations.get(id).map(|s| s.work.clone()).unwrap_or_default();
    let queue = move |policy: &PolicyResult| policy.stations.get(id).map(|s| s.queue_length.clone()).unwrap_or_default();
    let most = move |policy: &PolicyResult| {
        let when = policy.time_of_max.get(id).cloned().flatten();
        let when = when.map_or_else(String::new, |when| format!("\nat {}", when.replace('T', " ")));
        figure(queue(policy).max, Unit::Number) + &when
    };
    [
        (format!("queue at {station}, average"), Box::new(move |p| figure(queue(p).time_average, Unit::Number))),
        ("  95 % of the time at most".to_owned(), Box::new(move |p| figure(queue(p).p95, Unit::Number))),
        ("  longest".to_owned(), Box::new(most)),
        (format!("utilisation of {station}"), Box::new(move |p| figure(work(p).utilisation, Unit::Share))),
        ("  wasted on people gone or refused".to_owned(), Box::new(move |p| figure(work(p).wasted_share, Unit::Share))),
    ]
}

/// Who got through by when: running totals at a few times of the clock.
fn by_when(results: &Results, width: u16) -> Option<String> {
    let study = &results.study;
    let count = (usize::from(width).saturating_sub(LABELS) / 9).clamp(2, 9);
    let mut moments = clock_ticks(&study.calendar, study.model.end, count);
    moments.retain(|moment| moment.at > Time::ZERO);
    if moments.is_empty() || results.policies.is_empty() {
        return None;
    }
    let mut day = String::new();
    let heads: Vec<String> = moments
        .iter()
        .map(|moment| {
            let date = study.calendar.civil(moment.at).strftime("%-d %b").to_string();
            let head = match moment.label.as_str() {
                label if !label.contains(':') && label.ends_with(" s") => label.to_owned(),
                label if !label.contains(':') => date.clone(),
                label if date == day => format!("\n{label}"),
                label => format!("{date}\n{label}"),
            };
            day = date;
            head
        })
        .collect();
    let mut table = new_table("got through by", heads, width);
    let classes = study.names.classes.len();
    let short_list = (classes + 1) * results.policies.len() > MOST_ROWS || classes < 2;
    let scopes = std::iter::once(None).chain((0..if short_list { 0 } else { classes }).map(Some));
    for scope in scopes {
        let who = scope.map_or_else(|| "all classes".to_owned(), |class| plain(&name(&study.names.classes, class)));
        add_row(&mut table, &who, std::iter::empty());
        for policy in &results.policies {
            let columns = match scope {
                None => Some(&policy.series.total),
                Some(class) => policy.series.classes.get(class),
            };
            let counts = moments.iter().map(|moment| columns.map_or_else(String::new, |c| completed_by(results, c, moment.at)));
            add_row(&mut table, &format!("  {}", plain(&name(&study.names.policies, policy.policy))), counts);
        }
    }
    Some(printed(&table))
}

/// How many completed in the bins that end by a moment.
fn completed_by(results: &Results, columns: &Columns, at: Time) -> String {
    if columns.completed.is_empty() {
        return "–".to_owned();
    }
    let ends_by = |bin: &usize| results.study.model.bin_bounds(*bin).1 <= at;
    let bins = (0..columns.completed.len()).take_while(ends_by);
    short(bins.map(|bin| columns.completed[bin]).sum())
}

/// What the other policies change against the baseline, for all classes together and for each.
fn changes(results: &Results, width: u16) -> Vec<String> {
    let all = super::changes::changes(results, usize::from(width));
    let block = |changes: &Changes| {
        let (corner, heads) = changes.heads.split_first().map_or(("", &[][..]), |(corner, heads)| (corner.as_str(), heads));
        let mut table = new_table(corner, heads.iter().cloned(), width);
        for row in &changes.rows {
            add_row(&mut table, row.first().map_or("", String::as_str), row.iter().skip(1).cloned());
        }
        format!("{}\n{}", wrapped(&changes.title, "", width), printed(&table))
    };
    let mut blocks: Vec<String> = all.iter().map(block).collect();
    if let Some(last) = blocks.last_mut() {
        let left_out = if all.iter().any(|changes| changes.left_out) { "; more columns in summary.json" } else { "" };
        *last += &format!("\n{}", wrapped(&format!("{}{left_out}", super::changes::key(results)), "", width));
    }
    blocks
}

/// A verdict: its sentence, then its lines, each label once.
fn told(verdict: &Verdict, width: u16) -> String {
    let mut text = wrapped(&verdict.head, "", width);
    let room = verdict.lines.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
    let indent = " ".repeat(room + 4);
    let mut before = "";
    for (label, line) in &verdict.lines {
        let shown = if *label == before { "" } else { *label };
        let lines = wrapped(line, &indent, width);
        text += &format!("\n  {shown:room$}  {}", lines.trim_start());
        before = label;
    }
    text
}

/// Published figures beside simulated ones.
fn observations(results: &Results, width: u16) -> Option<String> {
    if results.observations.is_empty() {
        return None;
    }
    let study = &results.study;
    let called = |policy| plain(&name(&study.names.policies, policy));
    let first = results.observations.first().map(|observed| observed.policy);
    // Where all were simulated under one policy, it is named once.
    let only = first.filter(|first| results.observations.iter().all(|observed| observed.policy == *first));
    let title = match only {
        Some(policy) => format!("Published figures beside those simulated under {}", called(policy)),
        None => "Published figures beside simulated ones".to_owned(),
    };
    let mut table = new_table("", std::iter::empty(), width);
    let heads = ["policy", "what", "who", "when", "published", "simulated", "holds"];
    table.set_header(heads.into_iter().skip(usize::from(only.is_some())));
    for observed in &results.observations {
        let observation = &observed.observation;
        let unit = if observation.metric == Metric::LostShare { Unit::Share } else { Unit::Number };
        let rate = if metric_name(observation.metric, observation.moment).ends_with("_rate") { "/s" } else { "" };
        let tolerance = short(observation.tolerance * 100.0);
        let holds = if observed.holds { "yes" } else { "no" };
        let cells = [
            metric_name(observation.metric, observation.moment).replace('_', " "),
            class_names(study, &observation.classes).map_or_else(|| "all classes".to_owned(), |names| plain(&names)),
            when(&study.calendar, observation.moment),
            format!("{}{rate} ± {tolerance} %", value(observation.value, unit)),
            figure(observed.simulated, unit) + if observed.simulated.is_some() { rate } else { "" },
            holds.to_owned(),
        ];
        let policy = only.is_none().then(|| called(observed.policy));
        table.add_row(policy.into_iter().chain(cells));
    }
    let held = results.observations.iter().filter(|observed| observed.holds).count();
    Some(format!(
        "{}\n{}\n{held} of {} published figures hold",
        wrapped(&title, "", width),
        printed(&table),
        results.observations.len()
    ))
}

/// `1 Apr 08:30`, and from when to when.
pub(super) fn when(calendar: &Calendar, moment: Moment) -> String {
    let said = |at: Time, form: &str| calendar.civil(at).strftime(form).to_string();
    let clock = |at: Time| said(at, if at.0.is_multiple_of(60_000_000_000) { "%H:%M" } else { "%H:%M:%S%.f" });
    let day = |at: Time| format!("{} {}", said(at, "%-d %b"), clock(at));
    match moment {
        Moment::At(at) => day(at),
        Moment::Between(from, to) if said(from, "%F") == said(to, "%F") => format!("{}–{}", day(from), clock(to)),
        Moment::Between(from, to) => format!("{}–{}", day(from), day(to)),
    }
}

fn audit(results: &Results) -> String {
    let audit = &results.audit;
    if audit.holds {
        let laws = audit.checks.len();
        return format!("Audit: everything adds up ({laws} {} checked in every run).", if laws == 1 { "law" } else { "laws" });
    }
    let broken = audit.checks.iter().filter(|check| check.residual != 0);
    let list: Vec<String> = broken.map(|check| format!("{} (off by {})", check.name, check.residual)).collect();
    format!("Audit: THE RUN DOES NOT ADD UP: {}. Do not use these figures; this is a bug of clickday.", list.join("; "))
}

/// A text broken at spaces so that no line, each after an indent, is wider than the terminal, but for words that are.
#[must_use]
pub fn wrapped(text: &str, indent: &str, width: u16) -> String {
    let mut lines: Vec<String> = vec![indent.to_owned()];
    for word in text.split_whitespace() {
        let used = lines.last().map_or(0, |line| line.chars().count());
        match lines.last_mut() {
            Some(line) if used == indent.len() => line.push_str(word),
            Some(line) if used + 1 + word.chars().count() <= usize::from(width) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(format!("{indent}{word}")),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn every_policy_and_class_is_told_and_no_line_is_too_wide() {
        for results in testdata::all() {
            for width in [80, 120, 200] {
                let text = table(&results, Some(Path::new("output/inps")), width);
                for policy in &results.policies {
                    let start: String = results.study.names.policies[policy.policy].chars().take(12).collect();
                    assert!(text.contains(&start), "{start} at {width}:\n{text}");
                }
                let too_wide = text.lines().find(|line| line.chars().count() > usize::from(width) && !line.contains("Files"));
                assert_eq!(too_wide, None, "{width}");
                assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
                assert!(text.contains("Audit: everything adds up") && text.ends_with("output/inps\n"));
            }
        }
    }

    #[test]
    fn what_cannot_be_told_is_marked_and_what_does_not_hold_is_said() {
        let results = testdata::two_days();
        let text = table(&results, None, 120);
        assert!(text.contains("~ +") || text.contains("~ −"), "{text}");
        assert!(text.contains("2 of 5 published figures hold"), "{text}");
        assert!(text.contains("time-split against open: "), "{text}");
        assert!(text.contains("What time-split changes against open"), "{text}");
        assert!(text.contains("  who pays ") && text.contains("  who gains "), "{text}");
        assert!(text.contains("not about how many come"), "{text}");
        assert!(!text.contains("Files"));
    }

    #[test]
    fn a_run_that_does_not_add_up_shouts() {
        let mut results = testdata::one_policy();
        results.audit.holds = false;
        results.audit.checks[0].residual = 3;
        assert!(table(&results, None, 100).contains("DOES NOT ADD UP: arrived = completed + abandoned + pending (off by 3)"));
    }
}
