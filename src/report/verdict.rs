//! What the policies change against the baseline, in words: who pays, who gains, and what their openings do.
//!
//! The median time is of those who got through. Where fewer do, it may fall because the slow ones are missing: so the
//! share who got through always comes first.

use super::changes::{MOST_POLICIES, figures, find, from_to, is_told, worst_first};
use super::estimates::{Unit, plain, points, value};
use super::numbers::{percent, short};
use super::summary::name;
use super::worst;
use crate::experiment::{Figure, Opening, PolicyResult, Results};

/// What is said of a policy: a sentence, then lines with what they are about.
pub(super) struct Verdict {
    pub(super) head: String,
    pub(super) lines: Vec<(&'static str, String)>,
}

/// Smaller changes of a share are not worth words.
const NEGLIGIBLE: f64 = 0.001;
/// Smaller parts of those who came are not worth words where the rest is told.
const NOTABLE: f64 = 0.005;
/// More classes than these on one side are counted, not named.
const MOST_CLASSES: usize = 8;

/// A verdict on each of the first policies of which there is anything to say.
pub(super) fn verdicts(results: &Results) -> Vec<Verdict> {
    results.policies.iter().take(MOST_POLICIES + 1).filter_map(|policy| verdict(results, policy)).collect()
}

fn verdict(results: &Results, policy: &PolicyResult) -> Option<Verdict> {
    let names = &results.study.names;
    let baseline = results.policies.first()?;
    let called = plain(&name(&names.policies, policy.policy));
    let opening = reopening(results, policy).map(|text| ("reopening", text));
    let worst = policy.worst_treated.as_ref().map(|worst| ("worst treated", worst::told(&results.study, worst)));
    if policy.policy == baseline.policy {
        let lines: Vec<_> = worst.into_iter().chain(opening).collect();
        return (!lines.is_empty()).then(|| Verdict { head: format!("{called}:"), lines });
    }
    let all = overall(results, baseline, policy)?;
    let head = format!("{called} against {}: {all}.", plain(&name(&names.policies, baseline.policy)));
    let mut lines = Vec::new();
    let classes = worst_first(results, policy.policy);
    let said: Vec<(usize, Change)> = classes.iter().map(|class| (*class, change(results, policy, *class))).collect();
    for (label, side) in [("who pays", Side::Pays), ("who gains", Side::Gains)] {
        let on_side: Vec<String> = said
            .iter()
            .filter(|(_, change)| change.side == side)
            .map(|(class, change)| format!("{}: {}", plain(&name(&names.classes, *class)), change.text))
            .collect();
        if on_side.is_empty() && !classes.is_empty() {
            lines.push((label, "nobody, as far as can be told".to_owned()));
        }
        let more = on_side.len().saturating_sub(MOST_CLASSES);
        lines.extend(on_side.into_iter().take(MOST_CLASSES).map(|text| (label, text)));
        if more > 0 {
            lines.push((label, format!("and {more} more classes")));
        }
    }
    let same: Vec<String> =
        said.iter().filter(|s| s.1.side == Side::Neither).map(|s| plain(&name(&names.classes, s.0))).collect();
    if !same.is_empty() {
        lines.push(("no change", format!("none worth telling for {}", listed(&same))));
    }
    lines.extend(worst);
    lines.extend(policy.fell_most.as_ref().map(|fell| ("falls most", worst::fall_told(&results.study, fell))));
    lines.extend(opening);
    Some(Verdict { head, lines })
}

/// All classes together: how many more or fewer get through, what becomes of the rest, how many requests are lost.
fn overall(results: &Results, baseline: &PolicyResult, policy: &PolicyResult) -> Option<String> {
    let completed = find(results, policy.policy, None, "completed")?;
    let mean = completed.difference.mean;
    let mut text = match mean {
        _ if !is_told(results, completed) => "as many get through, as far as can be told".to_owned(),
        0.0 => "as many get through".to_owned(),
        mean => format!("{} {} get through by the end", short(mean.abs()), if mean < 0.0 { "fewer" } else { "more" }),
    };
    text.extend(from_to(baseline, policy, None).map(|shares| format!(" ({shares} of those who came)")));
    text += &the_rest(results, baseline, policy);
    let lost = find(results, policy.policy, None, "lost_share").filter(|c| is_told(results, c));
    if let Some(mean) = lost.map(|c| c.difference.mean).filter(|mean| mean.abs() >= NEGLIGIBLE) {
        let direction = if mean < 0.0 { "falls" } else { "rises" };
        text += &format!("; the share of requests lost {direction} by {}", points(mean.abs()));
    }
    Some(text)
}

/// Those who did not get through, where notably more or fewer gave up or still try.
fn the_rest(results: &Results, baseline: &PolicyResult, policy: &PolicyResult) -> String {
    let mean = |figure: Figure| figure.map_or(0.0, |estimate| estimate.mean);
    let notable = mean(baseline.total.counts.arrived) * NOTABLE;
    let mut text = String::new();
    let gave_up = find(results, policy.policy, None, "abandoned").filter(|c| is_told(results, c));
    if let Some(more) = gave_up.map(|c| c.difference.mean).filter(|more| more.abs() >= notable && *more != 0.0) {
        text += &format!("; {} {} give up for good", short(more.abs()), if more < 0.0 { "fewer" } else { "more" });
    }
    let (before, after) = (mean(baseline.total.counts.pending), mean(policy.total.counts.pending));
    if (after - before).abs() >= notable && after != before {
        text += &format!("; {} are still trying at the end, in place of {}", short(after), short(before));
    }
    text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Pays,
    Gains,
    Neither,
}

/// What a policy changes for a class.
struct Change {
    side: Side,
    text: String,
}

/// How many get through decides who pays and who gains, wherever that can be told; how long it takes those who do, only
/// where it cannot.
fn change(results: &Results, policy: &PolicyResult, class: usize) -> Change {
    let told = |figure| find(results, policy.policy, Some(class), figure).filter(|c| is_told(results, c));
    let share = told("completed_share").map_or(0.0, |c| c.difference.mean);
    let share = if share.abs() < NEGLIGIBLE { 0.0 } else { share };
    let time = told("time_to_complete.p50").map_or(0.0, |c| c.difference.mean);
    let time = if time.abs() < least_time(results, class) { 0.0 } else { time };
    let side = match (share, time) {
        (0.0, 0.0) => Side::Neither,
        (share, _) if share < 0.0 => Side::Pays,
        (share, _) if share > 0.0 => Side::Gains,
        (_, time) if time > 0.0 => Side::Pays,
        _ => Side::Gains,
    };
    let raw = find(results, policy.policy, Some(class), "completed_share").map_or(0.0, |c| c.difference.mean);
    let unclear = raw.abs() >= NEGLIGIBLE;
    let through = match share {
        0.0 if unclear => "as many get through, as far as can be told".to_owned(),
        0.0 => "as many get through".to_owned(),
        share => format!("{} {} get through", points(share.abs()), if share < 0.0 { "fewer" } else { "more" }),
    };
    let takes = match time {
        0.0 => String::new(),
        time => {
            let direction = if time < 0.0 { "shorter" } else { "longer" };
            format!(" (the median time of those who do is {} {direction})", value(time.abs(), Unit::Seconds))
        }
    };
    Change { side, text: through + &takes }
}

/// Changes of the median time below this are not worth words: a minute, but a tenth of short times and a hundredth of
/// long ones.
fn least_time(results: &Results, class: usize) -> f64 {
    let baseline = results.policies.first().and_then(|policy| figures(policy, Some(class)));
    let median = baseline.and_then(|f| f.time_to_complete.p50).map_or(0.0, |median| median.mean);
    f64::min(60.0, median * 0.1).max(median * 0.01)
}

/// Whether an opening is a second rush: the worst one that no outage spoils.
fn reopening(results: &Results, policy: &PolicyResult) -> Option<String> {
    let after = |opening: &Opening| opening.lost_after.map(|share| share.mean);
    let open = || policy.openings.iter().filter(|opening| !opening.station_down && opening.lost_after.is_some());
    let worst = open().reduce(|worst, next| if after(next) > after(worst) { next } else { worst })?;
    let (lost, count) = (after(worst)?, open().count());
    if lost < 0.01 && count > 1 {
        return Some(format!(
            "after none of its {count} openings as much as 1 % of the requests is lost within ten minutes: no second rush"
        ));
    }
    let civil = results.study.calendar.civil(worst.at);
    let time = civil.strftime(if civil.second() == 0 { "%H:%M" } else { "%H:%M:%S" });
    let classes: Vec<String> = worst
        .classes
        .iter()
        .zip(&worst.cohorts)
        .map(|(class, cohorts)| {
            let class = plain(&name(&results.study.names.classes, *class));
            if cohorts.is_empty() { class } else { format!("{class} ({})", plain(cohorts)) }
        })
        .collect();
    let which = if count > 1 { format!("the worst of {count}: ") } else { String::new() };
    let opens = format!("{which}at {time} on {} the window of {} opens, and", civil.strftime("%-d %b"), listed(&classes));
    if lost < 0.01 {
        return Some(format!("{opens} less than 1 % of the requests of the next ten minutes is lost: no second rush"));
    }
    let before = worst.lost_before.map_or_else(String::new, |share| format!(", after {} in the ten before", percent(share.mean)));
    Some(format!("{opens} {} of the requests of the next ten minutes are lost{before}", percent(lost)))
}

/// `a`, `a and b`, `a, b and c`.
fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    /// The lines on a class, with its differences of the share who get through and of the median time.
    fn lines_for(share: f64, seconds: f64) -> Vec<(&'static str, String)> {
        let mut results = testdata::two_days();
        for comparison in results.comparisons.iter_mut().filter(|c| c.class.is_some()) {
            comparison.distinct = comparison.class == Some(2);
            match comparison.figure {
                "completed_share" => comparison.difference.mean = share,
                "time_to_complete.p50" => comparison.difference.mean = seconds,
                _ => {}
            }
        }
        verdicts(&results).swap_remove(1).lines
    }

    #[test]
    fn who_pays_is_decided_by_who_gets_through() {
        let nobody = "nobody, as far as can be told";
        let lines = lines_for(-0.021, -7000.0);
        let expected = "patronati: 2.1 points fewer get through (the median time of those who do is 1 h 57 min shorter)";
        assert_eq!((lines[0].0, lines[0].1.as_str()), ("who pays", expected));
        assert_eq!((lines[1].0, lines[1].1.as_str()), ("who gains", nobody));
        let lines = lines_for(0.03, 9000.0);
        assert_eq!((lines[0].1.as_str(), lines[1].0), (nobody, "who gains"));
        assert!(lines[1].1.starts_with("patronati: 3.0 points more get through (the median"), "{lines:?}");
        let lines = lines_for(0.0002, -9000.0);
        assert!(lines[1].0 == "who gains" && lines[1].1.starts_with("patronati: as many get through ("), "{lines:?}");
        let lines = lines_for(0.0002, 3.0);
        assert!(lines[2].0 == "no change" && lines[2].1.contains("patronati"), "{lines:?}");
    }

    #[test]
    fn the_reopening_is_told() {
        let verdicts = verdicts(&testdata::two_days());
        assert_eq!(verdicts.len(), 3);
        let worst = "citizens who came between 03:00 and 04:00 on 1 Apr: 12.0 % got through within 4 h, 31.0 % by the end, and so in 2 other hours (of the \
                     hours in which at least 100 of a class came)";
        assert_eq!((verdicts[0].head.as_str(), verdicts[0].lines[0].1.as_str()), ("open:", worst));
        assert!(verdicts[1].head.starts_with("time-split against open: "), "{}", verdicts[1].head);
        let expected = "at 16:00 on 2 Apr the window of citizens and self-employed opens, and 84.3 % of the requests of the \
                        next ten minutes are lost, after 2.1 % in the ten before";
        assert_eq!(verdicts[1].lines.last().map(|(label, text)| (*label, text.as_str())), Some(("reopening", expected)));
        assert!(verdicts[2].lines.iter().all(|(label, _)| *label != "reopening"));
        assert_eq!(super::verdicts(&testdata::one_policy())[0].lines.len(), 1);
        assert!(super::verdicts(&testdata::nothing()).is_empty());
    }
}
