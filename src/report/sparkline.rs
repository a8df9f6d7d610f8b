//! The queue over the clock in one line a policy, for the terminal.

use super::estimates::plain;
use super::numbers::short;
use super::summary::name;
use crate::experiment::Results;
use crate::time::Time;

const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// A line of one-policy-one-row is short enough for every terminal, and long enough to show a rush.
const MOST: usize = 96;
/// More policies than these fill the screen with lines.
const MOST_POLICIES: usize = 8;

/// How long the queue was over the clock, all stations together; `None` where nobody ever waited.
pub(super) fn queues(results: &Results, width: u16) -> Option<String> {
    let study = &results.study;
    let policies: Vec<_> = results.policies.iter().take(MOST_POLICIES).collect();
    let names: Vec<String> = policies.iter().map(|policy| plain(&name(&study.names.policies, policy.policy))).collect();
    let label = names.iter().map(|name| name.chars().count()).max()?.min(28);
    let room = usize::from(width).saturating_sub(label + 2).min(MOST);
    let bins = study.model.bins();
    let columns = room.min(bins);
    if columns < 8 {
        return None;
    }
    let lines: Vec<Vec<f64>> = policies.iter().map(|policy| joined(&policy.series.total.queue_average, columns)).collect();
    let most = lines.iter().flatten().copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let mut text = format!(
        "queue over the clock, {} to {}; █ is {} waiting",
        study.calendar.label(Time::ZERO).replace('T', " "),
        study.calendar.label(study.model.end).replace('T', " "),
        short(most)
    );
    for (policy_name, line) in names.iter().zip(&lines) {
        let shown: String = policy_name.chars().take(label).collect();
        let bars: String = line.iter().map(|value| bar(*value, most)).collect();
        text += "\n";
        text += format!("{shown:label$}  {bars}").trim_end();
    }
    Some(text)
}

/// The largest value of each of so many stretches, so that a short rush shows.
fn joined(values: &[f64], columns: usize) -> Vec<f64> {
    (0..columns)
        .map(|column| {
            let (from, to) = (column * values.len() / columns, (column + 1) * values.len() / columns);
            values.get(from..to).unwrap_or_default().iter().copied().fold(0.0, f64::max)
        })
        .collect()
}

fn bar(value: f64, most: f64) -> char {
    if value < most * 1e-3 {
        return ' ';
    }
    BARS[((value / most * 8.0) as usize).min(7)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn a_line_for_each_policy_no_wider_than_the_terminal() {
        let results = testdata::two_days();
        for width in [60, 80, 200] {
            let text = queues(&results, width).unwrap();
            let lines: Vec<&str> = text.lines().collect();
            assert_eq!(lines.len(), 1 + results.policies.len());
            assert!(lines[1..].iter().all(|line| line.chars().count() <= usize::from(width)), "{text}");
            assert!(text.contains('█') && text.matches('█').count() < 300);
        }
        assert_eq!(queues(&testdata::zeros(), 80), None);
        assert_eq!(queues(&testdata::nothing(), 80), None);
        assert_eq!((bar(0.0, 10.0), bar(0.1, 10.0), bar(10.0, 10.0)), (' ', '▁', '█'));
        assert_eq!(joined(&[1.0, 5.0, 2.0, 0.0], 2), [5.0, 2.0]);
    }
}
