//! What the doubt about demand and capacity adds to the intervals, how often a policy collapses, and what ended the
//! replications: blocks of the table on the terminal.

use super::estimates::{Unit, figure, plain, value};
use super::numbers::{duration, percent, short};
use super::summary::name;
use super::table::{abreast, add_row, new_table, printed, wrapped};
use crate::experiment::{Figure, Outcome, PolicyResult, Results, ScopeFigures, Sequential, collapse_stretch};
use crate::model::{Experiment, Population};

type Get = fn(&ScopeFigures<Figure>) -> Figure;

/// The figures that are shown with and without the doubt.
const SHOWN: [(&str, Unit, Get); 4] = [
    ("got through, of those who came", Unit::Share, |t| t.counts.completed_share),
    ("done within 4 h", Unit::Share, |t| t.done_within.four_hours),
    ("median time to complete", Unit::Seconds, |t| t.time_to_complete.p50),
    ("timed out, of all requests", Unit::Share, |t| t.counts.timeout_share),
];

/// The main figures with the doubt and without it, where there is any.
pub(super) fn sure(results: &Results, width: u16) -> Vec<String> {
    let Some(title) = results.policies.iter().any(|policy| policy.sure.is_some()).then(|| condition(results)) else {
        return Vec::new();
    };
    let block = |policies: &[PolicyResult]| {
        let names = &results.study.names.policies;
        let mut table = new_table("with the doubt, and without", policies.iter().map(|p| plain(&name(names, p.policy))), width);
        for (label, unit, get) in SHOWN {
            let with: Vec<String> = policies.iter().map(|policy| figure(get(&policy.total), unit)).collect();
            let without: Vec<String> = policies.iter().map(|policy| figure(policy.sure.as_ref().and_then(get), unit)).collect();
            if with.iter().chain(&without).any(|text| text != "–") {
                add_row(&mut table, label, with);
                add_row(&mut table, "  without", without);
            }
        }
        printed(&table)
    };
    let mut blocks: Vec<String> = results.policies.chunks(abreast(width)).map(block).collect();
    if let Some(first) = blocks.first_mut() {
        *first = format!("{}\n{first}", wrapped(&title, "", width));
    }
    blocks
}

/// `If exactly 1.5 M came: …`
fn condition(results: &Results) -> String {
    let Experiment { demand_cv, capacity_cv, .. } = results.study.experiment;
    let classes = &results.study.model.classes;
    let people = short(classes.iter().map(|class| class.population.mean()).sum());
    let came = if classes.iter().all(|class| matches!(class.population, Population::Fixed(_))) {
        format!("exactly {people} came")
    } else {
        format!("{people} were expected for certain")
    };
    let sure = |cv: Option<f64>| cv.filter(|cv| *cv > 0.0).map(|cv| format!("(coefficient of variation {})", round(cv)));
    let (condition, doubt) = match (sure(demand_cv), sure(capacity_cv)) {
        (Some(demand), None) => (came, format!("how many come {demand}")),
        (None, Some(capacity)) => {
            ("the workers were just as fast as written".to_owned(), format!("how fast they are {capacity}"))
        }
        (demand, capacity) => {
            let (demand, capacity) = (demand.unwrap_or_default(), capacity.unwrap_or_default());
            let condition = format!("{came} and the workers were just as fast as written");
            (condition, format!("how many come {demand} and how fast the workers are {capacity}"))
        }
    };
    format!("If {condition}: the same replications without the doubt about {doubt}")
}

/// A share that somebody chose, without more digits than it has: `20 %`.
fn round(share: f64) -> String {
    format!("{} %", short(share * 100.0))
}

/// How often each policy collapsed, and a warning where a mean over both outcomes says little.
pub(super) fn collapses(results: &Results, width: u16) -> Option<String> {
    let names = &results.study.names.policies;
    let told = |policy: &PolicyResult| {
        let probability = policy.collapse.probability?;
        let count = (probability.mean * f64::from(probability.n)).round() as u32;
        let range = format!("{} to {}", percent(probability.low?), percent(probability.high?));
        let who = plain(&name(names, policy.policy));
        Some((
            count,
            format!(
                "{who} in {} of {} ({range})",
                count.to_string().replacen('0', "none", usize::from(count == 0)),
                probability.n
            ),
        ))
    };
    let all: Vec<(u32, String)> = results.policies.iter().filter_map(told).collect();
    let collapsed: Vec<String> = all.iter().filter(|(count, _)| *count > 0).map(|(_, text)| text.clone()).collect();
    let stretch = duration(collapse_stretch(&results.study.model).seconds());
    let meaning = format!("{stretch} on end in which more than half of the requests are lost, outside outages");
    let line = match (collapsed.len(), all.first()) {
        (_, None) => return None,
        (0, Some((_, first))) if all.len() == 1 => format!("Collapse ({meaning}): {first}."),
        (0, _) => format!("Collapse ({meaning}): none of the policies, in any replication."),
        (some, _) => {
            let others = if some < all.len() { "; no other" } else { "" };
            format!("Collapse ({meaning}): {}{others}.", collapsed.join(", "))
        }
    };
    let warnings = results.policies.iter().filter_map(|policy| warning(names, policy));
    let lines: Vec<String> = std::iter::once(line).chain(warnings).map(|line| wrapped(&line, "", width)).collect();
    Some(lines.join("\n"))
}

/// Where some replications collapsed and others did not.
fn warning(names: &[String], policy: &PolicyResult) -> Option<String> {
    let (bad, good) = (policy.collapse.given_collapse.as_ref()?, policy.collapse.given_none.as_ref()?);
    let tell = |outcome: &Outcome| {
        let share = |share: Figure| share.map_or_else(|| "–".to_owned(), |share| percent(share.mean));
        let median = outcome.time_to_complete.p50.map(|median| format!(" (median time {})", value(median.mean, Unit::Seconds)));
        let through = share(outcome.completed_share);
        format!(
            "{through} get through{} and {} of the requests time out",
            median.unwrap_or_default(),
            share(outcome.timeout_share)
        )
    };
    Some(format!(
        "{} has two outcomes: where it collapses {}; where it does not {}. A mean ± t over both says little.",
        plain(&name(names, policy.policy)),
        tell(bad),
        tell(good)
    ))
}

/// What ended the replications.
pub(super) fn stopped(results: &Results, sequential: &Sequential) -> String {
    let names = &results.study.names;
    let policy = |id: usize| plain(&name(&names.policies, id));
    let class = sequential.class.map(|class| format!(" of {} under", plain(&name(&names.classes, class))));
    let figure = format!("{}{} {}", sequential.metric, class.as_deref().unwrap_or(" of"), policy(sequential.policy));
    let figure = match sequential.against {
        Some(against) => format!("the difference of {figure} to {}", policy(against)),
        None => figure,
    };
    let within = sequential
        .half_width
        .map_or_else(|| "it has no relative precision".to_owned(), |half| format!("it is within {} of itself", percent(half)));
    let goal = round(sequential.goal);
    if sequential.met {
        format!("stopped by --precision {goal}: {figure} is known, {within}")
    } else {
        format!("stopped by --max-replications {}, not by --precision {goal} of {figure}: {within}", sequential.most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn doubt_is_told_with_and_without() {
        let mut results = testdata::in_doubt();
        let text = sure(&results, 120).join("\n");
        let title = "If exactly 1.5 M came and the workers were just as fast as written: the same replications without the";
        assert!(text.starts_with(title), "{text}");
        assert!(text.contains("variation 20 %)") && text.contains("  without  "), "{text}");
        results.study.experiment.capacity_cv = None;
        assert!(
            sure(&results, 200)[0].starts_with("If exactly 1.5 M came: the same replications without the doubt about how many")
        );
        results.study.experiment.demand_cv = None;
        results.study.experiment.capacity_cv = Some(0.1);
        assert!(sure(&results, 200)[0].starts_with("If the workers were just as fast as written: "));
        assert!(sure(&testdata::two_days(), 120).is_empty());
    }

    #[test]
    fn collapses_are_counted_and_two_outcomes_warned_of() {
        let text = collapses(&testdata::in_doubt(), 400).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let line = "Collapse (10 min on end in which more than half of the requests are lost, outside outages): open in 3 of 10 \
                    (10.8 % to 60.3 %); no other.";
        assert_eq!(lines[0], line);
        assert!(lines[1].starts_with("open has two outcomes: where it collapses 41.2 % get through and 58.8 % of the"), "{text}");
        assert!(collapses(&testdata::two_days(), 120).is_none());
    }

    #[test]
    fn what_stopped_it_is_told() {
        let results = testdata::in_doubt();
        let mut sequential = results.sequential.clone().unwrap();
        assert_eq!(
            stopped(&results, &sequential),
            "stopped by --precision 1 %: timeout_share of open is known, it is within 0.9 % of itself"
        );
        (sequential.policy, sequential.against, sequential.class) = (1, Some(0), Some(2));
        assert_eq!(
            stopped(&results, &sequential),
            "stopped by --precision 1 %: the difference of timeout_share of patronati under time-split to open is known, it is \
             within 0.9 % of itself"
        );
        (sequential.met, sequential.half_width) = (false, None);
        assert!(stopped(&results, &sequential).starts_with("stopped by --max-replications 1000, not by"));
    }
}
