//! What the charts of the page show, as JSON: the tables of the run, put together to as many bins as a page can show.

use super::lookup::Lookup;
use super::{PageError, broken};
use crate::experiment::{cohort_names, opening_times};
use crate::model::Incident;
use crate::report::summary::name;
use crate::time::Time;
use serde_json::{Map, Number, Value, json};
use std::collections::HashMap;
use std::path::Path;

/// The columns of `series.csv` that the page needs, each with how bins are put together.
const SERIES: [(&str, Join); 15] = [
    ("arrived", Join::Sum),
    ("requests", Join::Sum),
    ("completed", Join::Sum),
    ("timeouts", Join::Sum),
    ("refused", Join::Sum),
    ("failed", Join::Sum),
    ("closed", Join::Sum),
    ("queue_average", Join::Mean),
    ("queue_max", Join::Max),
    ("away", Join::Mean),
    ("backlog", Join::Mean),
    ("queue_p05", Join::Mean),
    ("queue_p95", Join::Mean),
    ("in_room", Join::Mean),
    (OF_ROOMS, Join::Sum),
];
/// A column that is there only where a policy has a waiting room.
const OF_ROOMS: &str = "admitted";
const ARRIVALS: [&str; 4] = ["arrived", "completed_share", "done_within_4h", "mean_time_to_complete"];

/// So many numbers at most: some seven characters each, so that a page stays below two megabytes.
const MOST_NUMBERS: usize = 170_000;
const MOST_BINS: usize = 1500;
const LEAST_BINS: usize = 50;
const MOST_STRIPS: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    Sum,
    Mean,
    Max,
}

/// Everything that the charts need.
pub(super) fn data(lookup: &Lookup<'_>, folder: &Path) -> Result<Value, PageError> {
    let study = lookup.study;
    let model = &study.model;
    let policies = lookup.policies();
    let rows = (1 + study.names.classes.len() + study.names.stations.len()) * policies.len();
    let most = (MOST_NUMBERS / (rows * 9).max(1)).clamp(LEAST_BINS, MOST_BINS);
    let group = model.bins().div_ceil(most).max(1);
    let bins = model.bins().div_ceil(group);
    let start = |bin: usize| model.bin_bounds((bin * group).min(model.bins())).0.min(model.end);
    let edges: Vec<Time> = (0..=bins).map(|bin| if bin == bins { model.end } else { start(bin) }).collect();
    let known: Vec<usize> = policies.iter().filter_map(|p| study.names.policies.iter().position(|n| n == p)).collect();
    Ok(json!({
        "start": civil_seconds(lookup, Time::ZERO),
        "shifts": shifts(lookup, &edges),
        "edges": edges.iter().map(|edge| seconds(*edge)).collect::<Vec<_>>(),
        "policies": policies,
        "classes": lookup.classes(),
        "stations": lookup.stations(),
        "series": series(lookup, folder, group, bins)?,
        "outages": outages(lookup),
        "incidents": incidents(lookup),
        "strips": known.iter().map(|policy| strips(lookup, *policy)).collect::<Vec<_>>(),
        "observed": observed(lookup),
        "slots": (0..=model.slots()).map(|slot| seconds(model.slot_bounds(slot).0.min(model.end))).collect::<Vec<_>>(),
        "arrivals": arrivals(lookup, folder)?,
        "completion": completion(lookup, folder)?,
    }))
}

fn seconds(at: Time) -> Value {
    short(at.0 as f64 / 1e9)
}

/// Seconds from 1970 to the civil time of an instant, as if it were UTC.
fn civil_seconds(lookup: &Lookup<'_>, at: Time) -> i64 {
    let civil = lookup.study.calendar.civil(at);
    civil.to_zoned(jiff::tz::TimeZone::UTC).map_or(0, |zoned| zoned.timestamp().as_second())
}

/// From when on the clock on the wall is ahead of the run by how many seconds more than at its start: summer time.
fn shifts(lookup: &Lookup<'_>, edges: &[Time]) -> Vec<Value> {
    let start = civil_seconds(lookup, Time::ZERO);
    let mut found: Vec<(i64, Time)> = Vec::new();
    for edge in edges {
        let shift = civil_seconds(lookup, *edge) - start - (edge.0 / 1_000_000_000) as i64;
        if found.last().is_none_or(|(last, _)| (last - shift).abs() > 1) {
            found.push((shift, *edge));
        }
    }
    found.iter().map(|(shift, from)| json!([seconds(*from), shift])).collect()
}

/// A number to five significant digits, which no eye tells from the whole of it.
fn short(value: f64) -> Value {
    if !value.is_finite() {
        return Value::Null;
    }
    let rounded: f64 = if value.abs() >= 1e5 { value.round() } else { format!("{value:.4e}").parse().unwrap_or(value) };
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        return Value::from(rounded as i64);
    }
    Number::from_f64(rounded).map_or(Value::Null, Value::Number)
}

/// A table of the results, whose columns are found by their names.
struct Table<'a> {
    folder: &'a Path,
    file: &'static str,
    reader: csv::Reader<std::fs::File>,
    columns: HashMap<String, usize>,
}

impl<'a> Table<'a> {
    fn open(folder: &'a Path, file: &'static str, wanted: &[&str]) -> Result<Table<'a>, PageError> {
        let failed = |error: csv::Error| broken(folder, file, error.to_string());
        let mut reader = csv::Reader::from_path(folder.join(file)).map_err(failed)?;
        let heads = reader.headers().map_err(failed)?;
        let columns: HashMap<String, usize> = heads.iter().enumerate().map(|(i, head)| (head.to_owned(), i)).collect();
        match wanted.iter().find(|column| !columns.contains_key(**column)) {
            Some(missing) => Err(broken(folder, file, format!("it has no column `{missing}`"))),
            None => Ok(Table { folder, file, reader, columns }),
        }
    }

    fn next(&mut self, row: &mut csv::StringRecord) -> Result<bool, PageError> {
        self.reader.read_record(row).map_err(|error| broken(self.folder, self.file, error.to_string()))
    }

    fn text<'r>(&self, row: &'r csv::StringRecord, column: &str) -> &'r str {
        self.columns.get(column).and_then(|place| row.get(*place)).unwrap_or("")
    }

    /// A number, or none where the cell is empty.
    fn number(&self, row: &csv::StringRecord, column: &str) -> Result<Option<f64>, PageError> {
        match self.text(row, column) {
            "" => Ok(None),
            text => {
                let number = text.parse().ok().filter(|number: &f64| number.is_finite());
                let line = row.position().map_or(0, csv::Position::line);
                let what = || broken(self.folder, self.file, format!("`{text}` in line {line} is no number"));
                number.map(Some).ok_or_else(what)
            }
        }
    }
}

/// The values of a column, joined in groups of bins; empty as long as no cell held a number.
#[derive(Debug, Clone, Default)]
struct Joined {
    values: Vec<f64>,
    count: Vec<u32>,
}

impl Joined {
    fn add(&mut self, place: usize, value: f64, join: Join) {
        if self.values.len() <= place {
            self.values.resize(place + 1, 0.0);
            self.count.resize(place + 1, 0);
        }
        self.values[place] = if join == Join::Max { self.values[place].max(value) } else { self.values[place] + value };
        self.count[place] += 1;
    }

    fn json(&self, join: Join) -> Value {
        let of = |(value, count): (&f64, &u32)| match join {
            Join::Mean => short(value / f64::from((*count).max(1))),
            Join::Sum | Join::Max => short(*value),
        };
        self.values.iter().zip(&self.count).map(of).collect()
    }
}

/// By policy: the total, the classes and the stations, each with the columns that hold anything but zeros.
fn series(lookup: &Lookup<'_>, folder: &Path, group: usize, bins: usize) -> Result<Value, PageError> {
    let wanted: Vec<&str> = ["policy", "time", "scope", "name"]
        .into_iter()
        .chain(SERIES.iter().map(|(name, _)| *name))
        .filter(|name| *name != OF_ROOMS)
        .collect();
    let mut table = Table::open(folder, "series.csv", &wanted)?;
    let names: Vec<&str> = lookup.policies();
    let scopes = 1 + lookup.classes().len() + lookup.stations().len();
    let all = lookup.study.model.bins();
    let mut row = csv::StringRecord::new();
    let mut policies = Vec::new();
    for policy in names {
        let mut joined = vec![vec![Joined::default(); SERIES.len()]; scopes];
        for bin in 0..all {
            for scope in &mut joined {
                if !table.next(&mut row)? || table.text(&row, "policy") != policy {
                    return Err(broken(
                        folder,
                        "series.csv",
                        format!("it has not {all} bins of `{policy}`, as the scenario has"),
                    ));
                }
                for (column, (column_name, join)) in scope.iter_mut().zip(SERIES) {
                    if let Some(value) = table.number(&row, column_name)? {
                        column.add((bin / group).min(bins), value, join);
                    }
                }
            }
        }
        policies.push(joined.iter().map(|scope| columns(scope)).collect::<Vec<_>>());
    }
    Ok(json!(policies))
}

fn columns(scope: &[Joined]) -> Value {
    let shown = SERIES.iter().zip(scope).filter(|(_, joined)| joined.values.iter().any(|value| *value != 0.0));
    Value::Object(shown.map(|((name, join), joined)| ((*name).to_owned(), joined.json(*join))).collect())
}

/// By policy: the total and the classes, by hour of arrival.
fn arrivals(lookup: &Lookup<'_>, folder: &Path) -> Result<Value, PageError> {
    let wanted: Vec<&str> = ["policy", "class"].into_iter().chain(ARRIVALS).collect();
    let mut table = Table::open(folder, "arrivals.csv", &wanted)?;
    let scopes = 1 + lookup.classes().len();
    let mut row = csv::StringRecord::new();
    let mut policies = Vec::new();
    for policy in lookup.policies() {
        let mut columns = vec![vec![Vec::new(); ARRIVALS.len()]; scopes];
        for _ in 0..lookup.study.model.slots() {
            for scope in &mut columns {
                if !table.next(&mut row)? || table.text(&row, "policy") != policy {
                    return Err(broken(folder, "arrivals.csv", format!("it has not all hours of `{policy}`")));
                }
                for (column, name) in scope.iter_mut().zip(ARRIVALS) {
                    column.push(table.number(&row, name)?.map_or(Value::Null, short));
                }
            }
        }
        let scope = |columns: Vec<Vec<Value>>| {
            let named = ARRIVALS.iter().zip(columns).map(|(name, column)| ((*name).to_owned(), Value::Array(column)));
            Value::Object(named.collect::<Map<_, _>>())
        };
        policies.push(columns.into_iter().map(scope).collect::<Vec<_>>());
    }
    Ok(json!(policies))
}

/// By policy: pairs of seconds and the share who were through by then.
fn completion(lookup: &Lookup<'_>, folder: &Path) -> Result<Value, PageError> {
    const MOST_POINTS: usize = 400;
    let mut table = Table::open(folder, "completion.csv", &["policy", "seconds", "share"])?;
    let policies = lookup.policies();
    let mut curves: Vec<Vec<(f64, f64)>> = vec![Vec::new(); policies.len()];
    let mut row = csv::StringRecord::new();
    while table.next(&mut row)? {
        let place = policies.iter().position(|policy| *policy == table.text(&row, "policy"));
        let point = table.number(&row, "seconds")?.zip(table.number(&row, "share")?);
        if let (Some(place), Some(point)) = (place, point) {
            curves[place].push(point);
        }
    }
    let thinned = |curve: &Vec<(f64, f64)>| {
        let top = curve.last().map_or(0.0, |(_, share)| *share);
        let mut kept: Vec<Value> = Vec::new();
        let mut last = f64::NEG_INFINITY;
        for (place, (seconds, share)) in curve.iter().enumerate() {
            if share - last >= top / MOST_POINTS as f64 || place + 1 == curve.len() {
                kept.push(json!([short(*seconds), short(*share)]));
                last = *share;
            }
        }
        kept
    };
    Ok(json!(curves.iter().map(thinned).collect::<Vec<_>>()))
}

fn outages(lookup: &Lookup<'_>) -> Vec<Value> {
    let study = lookup.study;
    let mut all = Vec::new();
    for (id, station) in study.model.stations.iter().enumerate() {
        for outage in &station.outages {
            let to = outage.to.min(study.model.end);
            let said = json!({"from": seconds(outage.from), "to": seconds(to), "why": outage.why, "station": name(&study.names.stations, id)});
            all.push(said);
        }
    }
    all
}

fn incidents(lookup: &Lookup<'_>) -> Vec<Value> {
    let incidents = lookup.study.model.incidents.iter().zip(&lookup.study.names.incidents);
    let said = |(incident, name): (&Incident, &String)| json!({"from": seconds(incident.from), "to": seconds(incident.to()), "why": incident.why, "name": name});
    incidents.map(said).collect()
}

/// When those who may not always enter may, under one policy; those who share their times share a strip.
fn strips(lookup: &Lookup<'_>, policy: usize) -> Vec<Value> {
    let study = lookup.study;
    let mut strips: Vec<(Vec<Value>, Vec<String>)> = Vec::new();
    for class in 0..study.model.classes.len() {
        let cohorts = cohort_names(&study.model, policy, class);
        for (open, cohort) in opening_times(&study.model, policy, class).iter().zip(&cohorts) {
            let Some(open) = open else { continue };
            let pieces: Vec<Value> =
                open.pieces().iter().map(|(from, to)| json!([seconds(*from), seconds((*to).min(study.model.end))])).collect();
            let class = name(&study.names.classes, class);
            let who = if cohort.is_empty() { class } else { format!("{class} ({cohort})") };
            match strips.iter_mut().find(|(known, _)| *known == pieces) {
                Some((_, names)) => names.push(who),
                None => strips.push((pieces, vec![who])),
            }
        }
    }
    strips.into_iter().take(MOST_STRIPS).map(|(open, names)| json!({"label": names.join(", "), "open": open})).collect()
}

/// Published counts of completions, to be put on the charts.
fn observed(lookup: &Lookup<'_>) -> Vec<Value> {
    use crate::model::{Metric, Moment};
    let listed = lookup.list("/observations");
    let points = lookup.study.observations.iter().filter_map(|observation| match (observation.metric, observation.moment) {
        (Metric::Completed, Moment::At(at)) => Some(json!({
            "at": seconds(at), "value": short(observation.value), "tolerance": observation.tolerance,
            "classes": observation.classes,
        })),
        _ => None,
    });
    // Observations of policies that were not run are in no summary.
    if listed.is_empty() { Vec::new() } else { points.collect() }
}
