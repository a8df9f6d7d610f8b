//! The class and hour that fared worst under a policy, and the one that fell most against the baseline, for the summary and in words.

use super::estimates::{Unit, difference, plain, value};
use super::summary::name;
use crate::experiment::{DoneWithin, FellMost, Figure, JudgedBy, LEAST_ARRIVED, Results, WorstTreated};
use crate::model::Study;
use crate::time::Time;
use schemars::JsonSchema;
use serde::Serialize;

/// The class and hour of intended arrival that fared worst: with the smallest share done in time and, where that is
/// alike, by the end.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct WorstSummary {
    /// The class.
    pub class: String,
    /// Civil time at which the hour begins.
    pub from: String,
    /// Civil time at which it ends.
    pub to: String,
    /// In how many other hours, of this class or others, people fared exactly as badly.
    pub alike: usize,
    /// The share by which hours were compared: `done_within.4h`, on clocks of less than eight hours `done_within.1h`, of
    /// less than two `completed_share`. Only hours in which everybody had that time are compared.
    pub judged_by: &'static str,
    /// Only hours in which at least so many of a class came are compared, in the mean over replications.
    pub least_arrived: u32,
    /// Who came.
    pub arrived: Figure,
    /// `completed` over `arrived`.
    pub completed_share: Figure,
    /// `abandoned` over `arrived`.
    pub abandoned_share: Figure,
    /// Shares done within a time of the intended arrival, among those who had it.
    pub done_within: DoneWithin<Figure>,
}

impl WorstSummary {
    pub(super) fn new(study: &Study, worst: &WorstTreated) -> WorstSummary {
        WorstSummary {
            class: name(&study.names.classes, worst.class),
            from: study.calendar.label(worst.from),
            to: study.calendar.label(worst.to),
            alike: worst.alike,
            judged_by: key(worst.judged_by),
            least_arrived: LEAST_ARRIVED,
            arrived: worst.arrived,
            completed_share: worst.completed_share,
            abandoned_share: worst.abandoned_share,
            done_within: worst.done_within.clone(),
        }
    }
}

fn key(judged_by: JudgedBy) -> &'static str {
    match judged_by {
        JudgedBy::OneHour => "done_within.1h",
        JudgedBy::FourHours => "done_within.4h",
        JudgedBy::End => "completed_share",
    }
}

/// The class and hour of intended arrival of which the share that got through by the end fell most against the baseline. It is the
/// largest fall among many hours, hence a little larger than the same hour's in other replications would be.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FellMostSummary {
    /// The policy.
    pub policy: String,
    /// The baseline.
    pub against: String,
    /// The class.
    pub class: String,
    /// Civil time at which the hour begins.
    pub from: String,
    /// Civil time at which it ends.
    pub to: String,
    /// The time that everybody of the hour had before the end; only such hours are compared: as in `worst_treated`.
    pub judged_by: &'static str,
    /// Only hours in which at least so many of a class came are compared, in the mean over replications.
    pub least_arrived: u32,
    /// Who came.
    pub arrived: Figure,
    /// `completed` over `arrived`, under the baseline.
    pub completed_share_before: Figure,
    /// `completed` over `arrived`.
    pub completed_share: Figure,
    /// The paired difference of the two.
    pub difference: Figure,
    /// The share of `judged_by`, under the baseline; `null` where that is `completed_share`.
    pub in_time_before: Figure,
    /// The share of `judged_by`.
    pub in_time: Figure,
}

impl FellMostSummary {
    /// That of every policy under which some fall.
    pub(super) fn all(results: &Results) -> Vec<FellMostSummary> {
        let policies = results.policies.iter().filter_map(|policy| Some((policy.policy, policy.fell_most.as_ref()?)));
        policies.map(|(policy, fell)| FellMostSummary::new(results, policy, fell)).collect()
    }

    fn new(results: &Results, policy: usize, fell: &FellMost) -> FellMostSummary {
        let study = &results.study;
        let called = |policy: usize| name(&study.names.policies, policy);
        FellMostSummary {
            policy: called(policy),
            against: results.policies.first().map_or_else(String::new, |baseline| called(baseline.policy)),
            class: name(&study.names.classes, fell.class),
            from: study.calendar.label(fell.from),
            to: study.calendar.label(fell.to),
            judged_by: key(fell.judged_by),
            least_arrived: LEAST_ARRIVED,
            arrived: fell.arrived,
            completed_share_before: fell.before,
            completed_share: fell.completed_share,
            difference: fell.difference,
            in_time_before: fell.in_time_before,
            in_time: fell.in_time,
        }
    }
}

/// Whose completion falls most against the baseline, in words.
pub(super) fn fall_told(study: &Study, fell: &FellMost) -> String {
    let who = plain(&name(&study.names.classes, fell.class));
    let share = |figure: Figure| figure.map_or_else(|| "–".to_owned(), |share| value(share.mean, Unit::Share));
    let from_to = |before: Figure, after: Figure| format!("{} → {}", share(before).trim_end_matches(" %"), share(after));
    let change = fell.difference.map_or_else(String::new, |it| format!(" ({})", difference(it, Unit::Share)));
    let within = match fell.judged_by {
        JudgedBy::OneHour => "1 h",
        JudgedBy::FourHours => "4 h",
        JudgedBy::End => "",
    };
    let in_time = match fell.in_time {
        Some(_) => format!(", {} within {within}", from_to(fell.in_time_before, fell.in_time)),
        None => String::new(),
    };
    let chance = match fell.difference.and_then(|it| it.high) {
        Some(high) if high >= 0.0 => ", no more than chance",
        _ => "",
    };
    let when = when(study, fell.from, fell.to);
    format!(
        "{who} who came {when}: {} got through by the end{change}{in_time}{chance}",
        from_to(fell.before, fell.completed_share)
    )
}

/// Who fared worst, in words.
pub(super) fn told(study: &Study, worst: &WorstTreated) -> String {
    let who = plain(&name(&study.names.classes, worst.class));
    let share = |figure: Figure| figure.map_or_else(|| "–".to_owned(), |share| value(share.mean, Unit::Share));
    let through = match worst.judged_by {
        JudgedBy::OneHour => format!("{} got through within 1 h, ", share(worst.done_within.one_hour)),
        JudgedBy::FourHours => format!("{} got through within 4 h, ", share(worst.done_within.four_hours)),
        JudgedBy::End => String::new(),
    };
    let by_the_end = share(worst.completed_share);
    let when = when(study, worst.from, worst.to);
    let alike = match worst.alike {
        0 => String::new(),
        1 => ", and so in another hour".to_owned(),
        n => format!(", and so in {n} other hours"),
    };
    format!(
        "{who} who came {when}: {through}{by_the_end} by the end{alike} (of the hours in which at least {LEAST_ARRIVED} of a class came)"
    )
}

/// `between 15:00 and 16:00 on 2 Apr`.
fn when(study: &Study, from: Time, to: Time) -> String {
    let (from, to) = (study.calendar.civil(from), study.calendar.civil(to));
    let time = |civil: jiff::civil::DateTime| civil.strftime(if civil.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string();
    let midnight = to.time() == jiff::civil::Time::midnight() && from.date().tomorrow().is_ok_and(|next| next == to.date());
    if from.date() == to.date() || midnight {
        let to = if midnight { "24:00".to_owned() } else { time(to) };
        return format!("between {} and {to} on {}", time(from), from.strftime("%-d %b"));
    }
    let both = |civil: jiff::civil::DateTime| format!("{} on {}", time(civil), civil.strftime("%-d %b"));
    format!("between {} and {}", both(from), both(to))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;
    use crate::time::{Span, Time};

    #[test]
    fn hours_are_told_as_people_tell_them() {
        let results = testdata::two_days();
        let mut worst = results.policies[0].worst_treated.clone().unwrap();
        let told = |from: u64, hours: u64| {
            let from = Time::ZERO + Span::from_seconds(from * 3600);
            when(&results.study, from, from + Span::from_seconds(hours * 3600))
        };
        assert_eq!(told(39, 1), "between 15:00 and 16:00 on 2 Apr");
        assert_eq!(told(23, 1), "between 23:00 and 24:00 on 1 Apr");
        assert_eq!(told(22, 6), "between 22:00 on 1 Apr and 04:00 on 2 Apr");
        (worst.from, worst.to) = (Time::ZERO + Span::from_seconds(22 * 3600), Time::ZERO + Span::from_seconds(28 * 3600));
        worst.judged_by = JudgedBy::End;
        assert!(
            super::told(&results.study, &worst).contains("2 Apr: 31.0 % by the end, and so in 2 other hours (of"),
            "{}",
            super::told(&results.study, &worst)
        );
    }

    #[test]
    fn the_fall_is_told_with_its_interval_and_marked_where_it_may_be_chance() {
        let results = testdata::two_days();
        let mut fell = results.policies[1].fell_most.clone().unwrap();
        assert_eq!(
            fall_told(&results.study, &fell),
            "patronati who came between 15:00 and 16:00 on 2 Apr: 91.2 → 71.2 % got through by the end (−20.0 ± 1.0 points), \
             60.0 → 4.0 % within 4 h"
        );
        fell.difference = fell.difference.map(|it| crate::stats::Estimate { high: Some(0.01), ..it });
        fell.in_time = None;
        let text = fall_told(&results.study, &fell);
        assert!(text.ends_with("points), no more than chance"), "{text}");
    }
}
