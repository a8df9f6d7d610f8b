//! `arrivals.csv`: what became of people by the hour in which they intended to come, a row per policy, hour and class.

use super::numbers::nine_digit_text;
use super::summary::name;
use crate::experiment::{Hour, Results};
use std::io::Write;

/// A column's name and what it shows of an hour; empty where there is nothing to show.
type Column = (&'static str, fn(&Hour) -> Option<f64>);

/// The columns after `policy,time,class`, in order.
const COLUMNS: [Column; 11] = [
    ("arrived", |h| Some(h.arrived)),
    ("completed", |h| Some(h.completed)),
    ("completed_share", |h| h.share(h.completed)),
    ("abandoned", |h| Some(h.abandoned)),
    ("abandoned_share", |h| h.share(h.abandoned)),
    ("pending", |h| Some(h.pending())),
    ("pending_share", |h| h.share(h.pending())),
    ("mean_time_to_complete", Hour::time_to_complete),
    ("done_within_1h", |h| h.done_within(0)),
    ("done_within_4h", |h| h.done_within(1)),
    ("done_within_24h", |h| h.done_within(2)),
];

/// Writes, for each policy and hour of intended arrival, a row for the total and one for each class.
///
/// # Errors
/// When `target` cannot be written to.
pub fn write_arrivals(results: &Results, target: impl Write) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(target);
    csv.write_record(["policy", "time", "class"].into_iter().chain(COLUMNS.iter().map(|(name, _)| *name)))?;
    let study = &results.study;
    for policy in &results.policies {
        let policy_name = name(&study.names.policies, policy.policy);
        let classes = policy.by_arrival.classes.iter().enumerate();
        let classes = classes.map(|(id, hours)| (name(&study.names.classes, id), hours));
        let scopes: Vec<_> = std::iter::once(("total".to_owned(), &policy.by_arrival.total)).chain(classes).collect();
        for slot in 0..policy.by_arrival.total.len() {
            let time = study.calendar.label(study.model.slot_bounds(slot).0);
            for (class, hours) in &scopes {
                let hour = hours.get(slot).copied().unwrap_or_default();
                for text in [policy_name.as_str(), time.as_str(), class.as_str()] {
                    csv.write_field(text)?;
                }
                for (_, value) in COLUMNS {
                    csv.write_field(value(&hour).map_or_else(String::new, nine_digit_text))?;
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
        write_arrivals(results, &mut bytes).unwrap();
        testdata::cells(&bytes)
    }

    #[test]
    fn a_row_for_every_policy_hour_and_class() {
        let results = testdata::two_days();
        let rows = written(&results);
        assert_eq!(
            rows[0].join(","),
            "policy,time,class,arrived,completed,completed_share,abandoned,abandoned_share,pending,pending_share,\
             mean_time_to_complete,done_within_1h,done_within_4h,done_within_24h"
        );
        assert_eq!(rows.len(), 1 + 3 * 48 * 6);
        assert_eq!(rows[1][..3], ["open", "2020-04-01T00:00", "total"]);
        assert_eq!(rows[2][2], "citizens");
        assert_eq!(rows[7][1], "2020-04-01T01:00");
        let number = |row: &[String], column: usize| row[column].parse::<f64>().unwrap();
        let classes: f64 = rows[2..7].iter().map(|row| number(row, 3)).sum();
        assert!((number(&rows[1], 3) - classes).abs() < 1e-3);
        let last = &rows[48 * 6];
        assert_eq!((last[1].as_str(), last[11].as_str()), ("2020-04-02T23:00", ""), "nobody had an hour");
        assert!(number(last, 3) > 0.0);
    }

    #[test]
    fn hours_in_which_nobody_came_have_no_shares() {
        let rows = written(&testdata::zeros());
        assert!(rows[1..].iter().all(|row| row[3] == "0" && row[5].is_empty() && row[10].is_empty()));
        assert_eq!(written(&testdata::nothing()).len(), 1);
    }
}
