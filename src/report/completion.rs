//! `completion.csv`: the share of those who came who were through within a time, by policy.

use super::numbers::nine_digit_text;
use super::summary::name;
use crate::experiment::Results;
use std::io::Write;

/// Writes, for each policy, a row for every time at which the share rises; all replications together.
///
/// # Errors
/// When `target` cannot be written to.
pub fn write_completion(results: &Results, target: impl Write) -> csv::Result<()> {
    let mut csv = csv::Writer::from_writer(target);
    csv.write_record(["policy", "seconds", "share"])?;
    for policy in &results.policies {
        let policy_name = name(&results.study.names.policies, policy.policy);
        for (seconds, share) in &policy.completion_curve {
            csv.write_record([&policy_name, &nine_digit_text(*seconds), &nine_digit_text(*share)])?;
        }
    }
    csv.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn a_rising_curve_for_every_policy() {
        let results = testdata::two_days();
        let mut bytes = Vec::new();
        write_completion(&results, &mut bytes).unwrap();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let rows: Vec<(String, f64, f64)> = reader.deserialize().map(|row| row.unwrap()).collect();
        let points: usize = results.policies.iter().map(|policy| policy.completion_curve.len()).sum();
        assert_eq!(rows.len(), points);
        assert!(rows.windows(2).all(|pair| pair[0].0 != pair[1].0 || (pair[0].1 < pair[1].1 && pair[0].2 <= pair[1].2)));
    }
}
