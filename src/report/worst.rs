//! The class and hour that fared worst under a policy, for the summary and in words.

use super::estimates::{Unit, plain, value};
use super::summary::name;
use crate::experiment::{DoneWithin, Figure, JudgedBy, LEAST_ARRIVED, WorstTreated};
use crate::model::Study;
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
            judged_by: match worst.judged_by {
                JudgedBy::OneHour => "done_within.1h",
                JudgedBy::FourHours => "done_within.4h",
                JudgedBy::End => "completed_share",
            },
            least_arrived: LEAST_ARRIVED,
            arrived: worst.arrived,
            completed_share: worst.completed_share,
            abandoned_share: worst.abandoned_share,
            done_within: worst.done_within.clone(),
        }
    }
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
    let when = when(study, worst);
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
fn when(study: &Study, worst: &WorstTreated) -> String {
    let (from, to) = (study.calendar.civil(worst.from), study.calendar.civil(worst.to));
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
        let mut told = |from: u64, hours: u64| {
            worst.from = Time::ZERO + Span::from_seconds(from * 3600);
            worst.to = worst.from + Span::from_seconds(hours * 3600);
            when(&results.study, &worst)
        };
        assert_eq!(told(39, 1), "between 15:00 and 16:00 on 2 Apr");
        assert_eq!(told(23, 1), "between 23:00 and 24:00 on 1 Apr");
        assert_eq!(told(22, 6), "between 22:00 on 1 Apr and 04:00 on 2 Apr");
        worst.judged_by = JudgedBy::End;
        assert!(
            super::told(&results.study, &worst).contains("2 Apr: 31.0 % by the end, and so in 2 other hours (of"),
            "{}",
            super::told(&results.study, &worst)
        );
    }
}
