//! The policies ranked by what people feel, and what becomes of a budget, on the terminal and in the summary.

use super::estimates::{Unit, figure, plain, value};
use super::numbers::{percent, short};
use super::summary::name;
use super::table::{add_row, new_table, printed, wrapped};
use crate::experiment::{BudgetFigures, Felt, PolicyResult, Results};
use crate::time::Time;
use schemars::JsonSchema;
use serde::Serialize;

/// Fewer policies than these are seen side by side without a ranking.
const LEAST: usize = 4;

/// A policy's place among the others by what people feel.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RankSummary {
    /// The policy.
    pub policy: String,
    /// The mean of its ranks by the five figures below, from 1 for the best.
    pub mean_rank: f64,
    /// Of those who came, the share that got through by the end.
    pub completed_share: f64,
    /// Seconds within which half of all who came got through; `null`: fewer than half did.
    pub median_of_all: Option<f64>,
    /// Seconds within which 95 % of all who came got through; `null`: fewer did.
    pub p95_of_all: Option<f64>,
    /// Of the sessions, the share that did not get anybody through.
    pub sessions_in_vain: f64,
    /// The class of which the smallest share got through.
    pub worst_class: Option<String>,
    /// That share.
    pub worst_class_share: Option<f64>,
}

/// The ranking, best first; empty where there are few policies.
pub(super) fn ranking(results: &Results) -> Vec<RankSummary> {
    if results.policies.len() < LEAST {
        return Vec::new();
    }
    let names = &results.study.names;
    let summary = |felt: Felt| RankSummary {
        policy: name(&names.policies, results.policies[felt.place].policy),
        mean_rank: felt.rank,
        completed_share: felt.completed_share,
        median_of_all: felt.median,
        p95_of_all: felt.p95,
        sessions_in_vain: felt.sessions_in_vain,
        worst_class: felt.worst_class.map(|(class, _)| name(&names.classes, class)),
        worst_class_share: felt.worst_class.map(|(_, share)| share),
    };
    results.felt().into_iter().map(summary).collect()
}

/// A time within which a share of all who came got through.
pub(super) fn time_of_all(seconds: Option<f64>) -> String {
    seconds.map_or_else(|| "not by the end".to_owned(), |seconds| value(seconds, Unit::Seconds))
}

/// The ranking for the terminal.
pub(super) fn ranked(results: &Results, width: u16) -> Option<String> {
    let ranking = ranking(results);
    if ranking.is_empty() {
        return None;
    }
    let heads = ["got through", "half of all\nwithin", "95 % of all\nwithin", "sessions\nin vain", "worst class", "mean rank"];
    let mut table = new_table("best first", heads.map(str::to_owned), width);
    for one in &ranking {
        let worst = one.worst_class.as_ref().zip(one.worst_class_share);
        let figures = [
            percent(one.completed_share),
            time_of_all(one.median_of_all),
            time_of_all(one.p95_of_all),
            percent(one.sessions_in_vain),
            worst.map_or_else(|| "–".to_owned(), |(class, share)| format!("{} {}", plain(class), percent(share))),
            format!("{:.1}", one.mean_rank),
        ];
        add_row(&mut table, &plain(&one.policy), figures);
    }
    let head = "What people feel: the policies by the mean of their ranks in the five columns; times are of all who came, not only \
                of those who got through";
    Some(format!("{}\n{}", wrapped(head, "", width), printed(&table)))
}

/// What becomes of the budget, for the terminal.
pub(super) fn budgets(results: &Results, width: u16) -> Option<String> {
    let first = results.policies.iter().find_map(|policy| policy.budget.as_ref())?;
    let head = format!("A budget for {} completions, first come, first served", short(first.completions as f64));
    let told = |policy: &PolicyResult| {
        let budget = policy.budget.as_ref()?;
        let line = format!("{}: {}", plain(&name(&results.study.names.policies, policy.policy)), told(results, budget));
        Some(wrapped(&line, "  ", width))
    };
    let lines: Vec<String> = results.policies.iter().filter_map(told).collect();
    Some(format!("{}\n{}", wrapped(&head, "", width), lines.join("\n")))
}

fn told(results: &Results, budget: &BudgetFigures) -> String {
    let Some(after) = budget.used_up_after else {
        return format!("not used up by the end, {} are left", figure(budget.left, Unit::Number));
    };
    let model = &results.study.model;
    let form = if model.bin.seconds() < 60.0 { "%-d %b %H:%M:%S%.1f" } else { "%-d %b %H:%M" };
    let at = results.study.calendar.civil(Time((after.mean * 1e9) as u64)).strftime(form);
    let often = if budget.used_up_share < 1.0 {
        format!(" in {} of the replications", percent(budget.used_up_share))
    } else {
        String::new()
    };
    let classes = budget.classes.iter().enumerate().filter_map(|(class, of_class)| {
        let of_class = of_class.as_ref()?;
        let (out, paid) = (of_class.left_out?.mean, of_class.paid?.mean);
        let share = if out + paid > 0.0 { out / (out + paid) } else { 0.0 };
        Some(format!("{} {} ({})", plain(&name(&results.study.names.classes, class)), short(out), percent(share)))
    });
    format!("used up at {at}{often}; left out: {}", classes.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn few_policies_are_not_ranked_and_many_are_best_first() {
        assert!(ranked(&testdata::two_days(), 120).is_none());
        let results = testdata::twelve_policies();
        let ranks: Vec<f64> = ranking(&results).iter().map(|one| one.mean_rank).collect();
        assert_eq!(ranks.len(), 12);
        assert!(ranks.is_sorted() && ranks[0] >= 1.0, "{ranks:?}");
        let mean = ranks.iter().sum::<f64>() / 12.0;
        assert!((mean - 6.5).abs() < 1e-9, "ranks are shared out: {mean}");
        let text = ranked(&results, 100).unwrap();
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}
