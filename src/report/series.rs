//! `series.csv`: one row per policy, bin and class or station, means over replications.

use super::numbers::nine_digit_text;
use super::summary::name;
use crate::experiment::{Columns, Results};
use crate::model::{Rule, Study};
use std::io::Write;

/// A column's name and the values it shows.
type Column = (&'static str, fn(&Columns) -> &[f64]);

/// The columns after `policy,time,scope,name`, in order.
const COLUMNS: [Column; 15] = [
    ("arrived", |c| &c.arrived),
    ("requests", |c| &c.requests),
    ("completed", |c| &c.completed),
    ("timeouts", |c| &c.timeouts),
    ("refused", |c| &c.refused),
    ("failed", |c| &c.failed),
    ("closed", |c| &c.closed),
    ("queue_average", |c| &c.queue_average),
    ("queue_max", |c| &c.queue_max),
    ("in_orbit", |c| &c.in_orbit),
    ("away", |c| &c.away),
    ("backlog", |c| &c.backlog),
    ("queue_p05", |c| &c.queue_p05),
    ("queue_p95", |c| &c.queue_p95),
    ("in_room", |c| &c.in_room),
];

/// The column behind these, where a policy has a waiting room.
const OF_ROOMS: Column = ("admitted", |c| &c.admitted);

/// Whether one of these policies has a waiting room.
fn has_room(study: &Study, mut policies: impl Iterator<Item = usize>) -> bool {
    policies.any(|id| study.model.policies[id].rules.iter().any(|rule| matches!(rule, Rule::WaitingRoom(_))))
}

/// Writes the series: for each policy, bin by bin, the total, then the classes, then the stations.
///
/// # Errors
/// When `target` cannot be written to.
pub fn write_series(results: &Results, target: impl Write) -> csv::Result<()> {
    let study = &results.study;
    let policies = results.policies.iter().map(|policy| {
        let series = &policy.series;
        (policy.policy, rows(study, &series.total, series.classes.iter(), series.stations.iter()))
    });
    write_rows(study, policies, target)
}

/// What has rows in the series of a policy: scope, name, columns.
pub(super) type Rows<'a> = Vec<(&'static str, String, &'a Columns)>;

/// The rows of the total, the classes and the stations.
pub(super) fn rows<'a>(
    study: &Study,
    total: &'a Columns,
    classes: impl Iterator<Item = &'a Columns>,
    stations: impl Iterator<Item = &'a Columns>,
) -> Rows<'a> {
    let classes = classes.enumerate().map(|(id, c)| ("class", name(&study.names.classes, id), c));
    let stations = stations.enumerate().map(|(id, c)| ("station", name(&study.names.stations, id), c));
    std::iter::once(("total", "total".to_owned(), total)).chain(classes).chain(stations).collect()
}

/// Writes the rows of policies, each by its index, bin by bin.
///
/// # Errors
/// When `target` cannot be written to.
pub(super) fn write_rows<'a>(
    study: &Study,
    policies: impl Iterator<Item = (usize, Rows<'a>)>,
    target: impl Write,
) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(target);
    let head = ["policy", "time", "scope", "name"];
    let policies: Vec<(usize, Rows<'a>)> = policies.collect();
    let of_rooms = has_room(study, policies.iter().map(|(policy, _)| *policy)).then_some(OF_ROOMS);
    let columns: Vec<Column> = COLUMNS.into_iter().chain(of_rooms).collect();
    csv.write_record(head.into_iter().chain(columns.iter().map(|(name, _)| *name)))?;
    for (policy, rows) in &policies {
        let policy_name = name(&study.names.policies, *policy);
        for bin in 0..study.model.bins() {
            let time = study.calendar.label(study.model.bin_bounds(bin).0);
            for (scope, scope_name, of_scope) in rows {
                for text in [policy_name.as_str(), time.as_str(), scope, scope_name.as_str()] {
                    csv.write_field(text)?;
                }
                for (_, values) in &columns {
                    csv.write_field(values(of_scope).get(bin).map_or_else(String::new, |value| nine_digit_text(*value)))?;
                }
                csv.write_record(None::<&[u8]>)?;
            }
        }
    }
    csv.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    fn written(results: &Results) -> Vec<Vec<String>> {
        let mut bytes = Vec::new();
        write_series(results, &mut bytes).unwrap();
        testdata::cells(&bytes)
    }

    #[test]
    fn columns_in_order_a_row_for_every_bin_and_scope() {
        let results = testdata::two_days();
        let rows = written(&results);
        assert_eq!(
            rows[0].join(","),
            "policy,time,scope,name,arrived,requests,completed,timeouts,refused,failed,closed,queue_average,queue_max,in_orbit,away,\
             backlog,queue_p05,queue_p95,in_room"
        );
        let scopes = 1 + results.study.names.classes.len() + results.study.names.stations.len();
        assert_eq!(rows.len(), 1 + 3 * 2880 * scopes);
        assert_eq!(rows[1][..4], ["open", "2020-04-01T00:00", "total", "total"]);
        assert_eq!(rows[2][2..4], ["class", "citizens"]);
        assert_eq!(rows[1 + scopes][1], "2020-04-01T00:01");
    }

    #[test]
    fn what_has_no_meaning_is_empty_and_the_bins_add_up() {
        let results = testdata::two_days();
        let rows = written(&results);
        let station = rows.iter().find(|row| row[2] == "station").unwrap();
        assert_eq!(station[4], "", "nobody arrives at a station");
        let sum: f64 =
            rows.iter().filter(|row| row[0] == "open" && row[2] == "total").map(|row| row[6].parse::<f64>().unwrap()).sum();
        let exact: f64 = results.policies[0].series.total.completed.iter().sum();
        assert!((sum - exact).abs() < 1e-6 * exact);
    }

    #[test]
    fn names_with_commas_and_quotes_stay_whole() {
        let results = testdata::hostile_names();
        let rows = written(&results);
        assert!(rows.iter().all(|row| row.len() == 19));
        assert!(rows.iter().any(|row| row[3] == results.study.names.classes[0]));
        assert_eq!(written(&testdata::empty_columns())[1][4..].concat(), "");
    }
}
