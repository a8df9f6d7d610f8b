//! What each policy changes against the baseline, and for whom: a row for each class, the worst off first.

use super::estimates::{Unit, difference, plain, value};
use super::numbers::percent;
use super::summary::name;
use crate::experiment::{Comparison, Figure, PolicyResult, Results, ScopeFigures};

/// More policies than these are told in one table, all classes together.
pub(super) const MOST_POLICIES: usize = 4;

/// A table of texts; the first column holds what the rows are called.
pub(super) struct Changes {
    pub(super) title: String,
    pub(super) heads: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// Whether there was no room for some columns.
    pub(super) left_out: bool,
}

/// What the signs and columns of the tables mean.
pub(super) fn key(results: &Results) -> String {
    let key = "points: of every hundred who came, or of every hundred requests that ended; * of those who got through, who are not the \
               same people under both policies; ~ cannot be told from zero";
    match results.policies.len().saturating_sub(1) {
        0 | 1 => key.to_owned(),
        several => format!(
            "{key} at 5 % after Holm's correction for {several} policies against one baseline (each interval is at 95 % for \
             itself alone)"
        ),
    }
}

/// How a column is called, and the comparison that it shows; columns to the right go first where the page is narrow.
const COLUMNS: [(&str, &str, Unit); 5] = [
    ("change\nin points", "completed_share", Unit::Share),
    ("within 4 h,\nin points", "done_within.4h", Unit::Share),
    ("median time *", "time_to_complete.p50", Unit::Seconds),
    ("requests lost,\nin points", "lost_share", Unit::Share),
    ("requests per\ncompletion", "requests_per_completion", Unit::Number),
];

/// The paired difference of a figure between a policy and the baseline.
pub(super) fn find<'a>(results: &'a Results, policy: usize, class: Option<usize>, figure: &str) -> Option<&'a Comparison> {
    results.comparisons.iter().find(|c| c.policy == policy && c.class == class && c.figure == figure)
}

/// The figures of all classes or of one.
pub(super) fn figures(policy: &PolicyResult, class: Option<usize>) -> Option<&ScopeFigures<Figure>> {
    class.map_or(Some(&policy.total), |class| policy.classes.get(class))
}

/// Whether a difference can be told from chance; with one replication nobody knows, and it is told as it is.
pub(super) fn is_told(results: &Results, comparison: &Comparison) -> bool {
    comparison.distinct || results.replications == 1
}

/// The classes whose figures were compared, the worst off under a policy first: those of whom fewer get through, then
/// those who take longer. One class alone is the total.
pub(super) fn worst_first(results: &Results, policy: usize) -> Vec<usize> {
    let told = |class: usize, figure: &str| {
        let comparison = find(results, policy, Some(class), figure).filter(|c| is_told(results, c));
        comparison.map_or(0.0, |c| c.difference.mean)
    };
    let harm = |class: &usize| {
        // A thousandth of a point decides nothing.
        let share = |figure| (told(*class, figure) * 1e4).round();
        [share("completed_share"), share("done_within.4h"), -told(*class, "time_to_complete.p50")]
    };
    let count = results.study.names.classes.len();
    let mut classes: Vec<usize> = (0..if count > 1 { count } else { 0 }).collect();
    classes.retain(|class| results.comparisons.iter().any(|c| c.policy == policy && c.class == Some(*class)));
    classes.sort_by(|one, other| {
        let pairs = harm(one).into_iter().zip(harm(other));
        pairs.map(|(a, b)| a.total_cmp(&b)).find(|order| order.is_ne()).unwrap_or(std::cmp::Ordering::Equal)
    });
    classes
}

/// The tables for a page that is `width` wide: one a policy, or one for all where there are many.
pub(super) fn changes(results: &Results, width: usize) -> Vec<Changes> {
    let Some((baseline, others)) = results.policies.split_first().filter(|_| !results.comparisons.is_empty()) else {
        return Vec::new();
    };
    let names = &results.study.names;
    let called = |policy: &PolicyResult| plain(&name(&names.policies, policy.policy));
    if others.len() > MOST_POLICIES {
        let rows = others.iter().map(|policy| row(results, baseline, policy, None, called(policy))).collect();
        let title = format!("What the policies change against {}, all classes together", called(baseline));
        return narrowed(vec![Changes { title, heads: heads("policy"), rows, left_out: false }], width);
    }
    let of_policy = |policy: &PolicyResult| {
        let classes = worst_first(results, policy.policy);
        let corner = if classes.is_empty() { "" } else { "worst off first" };
        let mut rows = vec![row(results, baseline, policy, None, "all classes".to_owned())];
        rows.extend(
            classes
                .into_iter()
                .map(|class| row(results, baseline, policy, Some(class), format!("  {}", plain(&name(&names.classes, class))))),
        );
        let title = format!("What {} changes against {}", called(policy), called(baseline));
        Changes { title, heads: heads(corner), rows, left_out: false }
    };
    narrowed(others.iter().map(of_policy).collect(), width)
}

fn heads(corner: &str) -> Vec<String> {
    let known = [corner, "got through"].into_iter().chain(COLUMNS.iter().map(|(head, _, _)| *head));
    known.map(str::to_owned).collect()
}

fn row(results: &Results, baseline: &PolicyResult, policy: &PolicyResult, class: Option<usize>, who: String) -> Vec<String> {
    let cell = |(_, key, unit): &(&str, &str, Unit)| match find(results, policy.policy, class, key) {
        Some(comparison) => {
            let mark = if is_told(results, comparison) { "" } else { "~ " };
            format!("{mark}{}", difference(comparison.difference, *unit).replacen(" points", "", 1))
        }
        None => "–".to_owned(),
    };
    let mut row = vec![who, from_to(baseline, policy, class).unwrap_or_else(|| "–".to_owned())];
    row.extend(COLUMNS.iter().map(cell));
    row
}

/// The share who got through under the baseline and under the policy: `92.2 → 89.4 %`.
pub(super) fn from_to(baseline: &PolicyResult, policy: &PolicyResult, class: Option<usize>) -> Option<String> {
    let share = |of: &PolicyResult| figures(of, class)?.counts.completed_share.map(|share| share.mean);
    let (before, after) = (value(share(baseline)?, Unit::Share), percent(share(policy)?));
    Some(format!("{} → {after}", before.trim_end_matches(" %")))
}

/// Leaves out columns that say nothing, and from the right those for which there is no room; three stay, and all tables
/// have the same.
fn narrowed(mut tables: Vec<Changes>, width: usize) -> Vec<Changes> {
    let columns = tables.iter().map(|table| table.heads.len()).min().unwrap_or(0);
    let says = |column: &usize| *column < 2 || tables.iter().flat_map(|table| &table.rows).any(|row| row[*column] != "–");
    let mut kept: Vec<usize> = (0..columns).filter(says).collect();
    let wide = |table: &Changes, column: usize| {
        let texts = std::iter::once(&table.heads).chain(&table.rows).map(|row| &row[column]);
        texts.flat_map(|text| text.lines()).map(|line| line.chars().count()).max().unwrap_or(0) + 3
    };
    let too_wide = |kept: &[usize]| tables.iter().any(|t| kept.iter().map(|column| wide(t, *column)).sum::<usize>() > width);
    let wanted = kept.len();
    while kept.len() > 3 && too_wide(&kept) {
        kept.pop();
    }
    let keep = |row: &Vec<String>| -> Vec<String> { kept.iter().map(|column| row[*column].clone()).collect() };
    for table in &mut tables {
        (table.heads, table.rows) = (keep(&table.heads), table.rows.iter().map(keep).collect());
        table.left_out = kept.len() < wanted;
    }
    tables
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn the_worst_off_stand_first() {
        let mut results = testdata::two_days();
        for comparison in results.comparisons.iter_mut().filter(|c| c.figure == "completed_share") {
            comparison.distinct = true;
            comparison.difference.mean = comparison.class.map_or(0.0, |class| [-0.01, 0.02, -0.2, 0.0, -0.05][class]);
        }
        assert_eq!(worst_first(&results, 1), [2, 4, 0, 3, 1]);
        let table = &changes(&results, 160)[0];
        assert_eq!(table.title, "What time-split changes against open");
        let first: Vec<&str> = table.rows.iter().map(|row| row[0].trim()).collect();
        assert_eq!(first, ["all classes", "patronati", "bots", "citizens", "labour consultants", "self-employed"]);
        assert!(table.rows[1][1].contains(" → ") && table.rows[1][2].starts_with("−20.0"), "{:?}", table.rows[1]);
    }

    #[test]
    fn narrow_pages_have_fewer_columns_and_many_policies_one_table() {
        let results = testdata::two_days();
        let count = |width| changes(&results, width)[0].heads.len();
        assert!(count(60) < count(160), "{} {}", count(60), count(160));
        let tables = changes(&results, 90);
        assert!(tables.iter().all(|table| table.left_out && table.heads[1..] == tables[0].heads[1..]));
        let many = changes(&testdata::twelve_policies(), 120);
        assert_eq!((many.len(), many[0].rows.len()), (1, 11));
        assert!(changes(&testdata::one_policy(), 120).is_empty());
    }
}
