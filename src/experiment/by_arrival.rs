//! Who lost: what became of people by the hour in which they intended to come, and who fared worst.

use super::results::{DoneWithin, Figure};
use crate::engine::{DONE_WITHIN, SlotTally};
use crate::model::Model;
use crate::stats::Estimate;
use crate::time::{Span, Time};

/// What became of people by the slot of the clock (an hour, see [`Model::slot`]) in which they intended to come.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ByArrival {
    /// All classes together, slot by slot.
    pub total: Vec<Hour>,
    /// By class, slot by slot.
    pub classes: Vec<Vec<Hour>>,
}

/// Those who came in one slot: counts are means over replications, so that shares are of all replications together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Hour {
    /// Who came.
    pub arrived: f64,
    /// Of those, who got through by the end.
    pub completed: f64,
    /// Of those, who gave up for good.
    pub abandoned: f64,
    /// Of those, who came at least an hour, four hours and a day before the end.
    pub had_time: [f64; 3],
    /// Of those, who completed within that time.
    pub done_in_time: [f64; 3],
    /// Seconds from intent to completion, summed over those who completed.
    pub seconds: f64,
}

impl Hour {
    /// Who was neither through nor gone at the end.
    #[must_use]
    pub fn pending(&self) -> f64 {
        // Means are rounded: nobody is less than none.
        (self.arrived - self.completed - self.abandoned).max(0.0)
    }

    /// A number of people over those who came; `None` where nobody did.
    #[must_use]
    pub fn share(&self, people: f64) -> Option<f64> {
        ratio(people, self.arrived)
    }

    /// Of those who came early enough to have had the time, the share that completed within it: an hour, four, a day.
    #[must_use]
    pub fn done_within(&self, which: usize) -> Option<f64> {
        ratio(*self.done_in_time.get(which)?, *self.had_time.get(which)?)
    }

    /// Mean seconds from intent to completion, of those who completed.
    #[must_use]
    pub fn time_to_complete(&self) -> Option<f64> {
        ratio(self.seconds, self.completed)
    }

    /// Both together.
    #[must_use]
    pub fn and(&self, other: &Hour) -> Hour {
        let both = |i: usize| (self.had_time[i] + other.had_time[i], self.done_in_time[i] + other.done_in_time[i]);
        let [hour, four_hours, day] = [both(0), both(1), both(2)];
        Hour {
            arrived: self.arrived + other.arrived,
            completed: self.completed + other.completed,
            abandoned: self.abandoned + other.abandoned,
            had_time: [hour.0, four_hours.0, day.0],
            done_in_time: [hour.1, four_hours.1, day.1],
            seconds: self.seconds + other.seconds,
        }
    }
}

fn ratio(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// The class and slot that fared worst under a policy.
#[derive(Debug, Clone, PartialEq)]
pub struct WorstTreated {
    /// Class index.
    pub class: usize,
    /// The slot of their intended arrival.
    pub from: Time,
    /// Its end.
    pub to: Time,
    /// In how many other hours, of this class or others, people fared exactly as badly.
    pub alike: usize,
    /// How they were compared.
    pub judged_by: JudgedBy,
    /// Who came.
    pub arrived: Figure,
    /// Shares done within a time of the intended arrival, among those who had it.
    pub done_within: DoneWithin<Figure>,
    /// Share that got through by the end.
    pub completed_share: Figure,
    /// Share that gave up for good.
    pub abandoned_share: Figure,
}

/// The class and slot whose share of completions falls most against the baseline's.
#[derive(Debug, Clone, PartialEq)]
pub struct FellMost {
    /// Class index.
    pub class: usize,
    /// The slot of their intended arrival.
    pub from: Time,
    /// Its end.
    pub to: Time,
    /// Only slots in which everybody had this time were compared.
    pub judged_by: JudgedBy,
    /// Who came.
    pub arrived: Figure,
    /// Share that got through by the end, under the baseline.
    pub before: Figure,
    /// Share that got through by the end.
    pub completed_share: Figure,
    /// The paired difference of the two.
    pub difference: Figure,
    /// Share done within the time of `judged_by`, under the baseline; `None` where that is the end.
    pub in_time_before: Figure,
    /// Share done within the time of `judged_by`.
    pub in_time: Figure,
}

/// The share by which slots are compared: everybody compared must have had the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JudgedBy {
    /// Done within an hour.
    OneHour,
    /// Done within four hours.
    FourHours,
    /// Done by the end: clocks so short that hours do not divide them.
    End,
}

/// Slots of which fewer people came, in the mean over replications, are not called the worst: their shares are chance.
pub const LEAST_ARRIVED: u32 = 100;

impl JudgedBy {
    /// Four hours where half the clock or more is left to those who had them, else one hour, else whatever was left.
    fn of(model: &Model) -> JudgedBy {
        let counted = model.end.since(model.measure_from);
        let leaves_half = |within: Span| counted.0 / 2 >= within.0;
        match DONE_WITHIN {
            [_, four_hours, _] if leaves_half(four_hours) => JudgedBy::FourHours,
            [one_hour, ..] if leaves_half(one_hour) => JudgedBy::OneHour,
            _ => JudgedBy::End,
        }
    }

    /// Whether a slot is compared with others: enough came, after counting began, all with the time left.
    fn counts(self, model: &Model, slot: usize, hour: &Hour) -> bool {
        let had_time = self.place().is_none_or(|i| hour.had_time[i] >= hour.arrived);
        hour.arrived >= f64::from(LEAST_ARRIVED) && had_time && model.slot_bounds(slot).0 >= model.measure_from
    }

    /// The place of the time among those of `done_within`.
    fn place(self) -> Option<usize> {
        match self {
            JudgedBy::OneHour => Some(0),
            JudgedBy::FourHours => Some(1),
            JudgedBy::End => None,
        }
    }
}

/// Means over runs; `runs`: by run, class and slot.
pub(super) fn combine(runs: &[&[Vec<SlotTally>]]) -> ByArrival {
    let classes = runs.first().map_or(0, |run| run.len());
    let classes: Vec<Vec<Hour>> = (0..classes).map(|class| of_class(runs, class)).collect();
    let slots = classes.first().map_or(0, Vec::len);
    let sum = |slot: usize| classes.iter().fold(Hour::default(), |sum, class| sum.and(&class[slot]));
    ByArrival { total: (0..slots).map(sum).collect(), classes }
}

fn of_class(runs: &[&[Vec<SlotTally>]], class: usize) -> Vec<Hour> {
    let slots = runs.first().map_or(0, |run| run[class].len());
    (0..slots).map(|slot| mean(runs.iter().map(|run| &run[class][slot]))).collect()
}

fn mean<'r>(tallies: impl ExactSizeIterator<Item = &'r SlotTally> + Clone) -> Hour {
    let n = tallies.len() as f64;
    let mean = |count: &dyn Fn(&SlotTally) -> u32| tallies.clone().map(|tally| u64::from(count(tally))).sum::<u64>() as f64 / n;
    Hour {
        arrived: mean(&|tally| tally.arrived),
        completed: mean(&|tally| tally.completed),
        abandoned: mean(&|tally| tally.abandoned),
        had_time: [0, 1, 2].map(|i| mean(&|tally| tally.had_time[i])),
        done_in_time: [0, 1, 2].map(|i| mean(&|tally| tally.done_in_time[i])),
        seconds: tallies.clone().map(|tally| tally.time).sum::<u128>() as f64 * 1e-9 / n,
    }
}

/// The class and slot with the smallest share done in time, then the smallest share done by the end, then the first; of
/// those in which at least [`LEAST_ARRIVED`] came after counting began, all of them with that time left.
pub(super) fn worst_treated(model: &Model, runs: &[&[Vec<SlotTally>]]) -> Option<WorstTreated> {
    let judged_by = JudgedBy::of(model);
    let all = combine(runs);
    type Shares = (f64, f64);
    let mut worst: Option<(Shares, usize, usize)> = None;
    let mut alike = 0;
    for (class, hours) in all.classes.iter().enumerate() {
        for (slot, hour) in hours.iter().enumerate() {
            if !judged_by.counts(model, slot, hour) {
                continue;
            }
            let Some(by_the_end) = hour.share(hour.completed) else { continue };
            let share = judged_by.place().map_or(Some(by_the_end), |i| hour.done_within(i))?;
            if worst.is_none_or(|(least, ..)| (share, by_the_end) < least) {
                (worst, alike) = (Some(((share, by_the_end), class, slot)), 0);
            } else if worst.is_some_and(|(least, ..)| (share, by_the_end) == least) {
                alike += 1;
            }
        }
    }
    let (_, class, slot) = worst?;
    let over_runs = |figure: &dyn Fn(&Hour) -> Option<f64>| {
        Estimate::of(&runs.iter().filter_map(|run| figure(&mean(std::iter::once(&run[class][slot])))).collect::<Vec<_>>())
    };
    let (from, to) = model.slot_bounds(slot);
    Some(WorstTreated {
        class,
        from,
        to,
        alike,
        judged_by,
        arrived: over_runs(&|hour| Some(hour.arrived)),
        done_within: DoneWithin {
            one_hour: over_runs(&|hour| hour.done_within(0)),
            four_hours: over_runs(&|hour| hour.done_within(1)),
            a_day: over_runs(&|hour| hour.done_within(2)),
        },
        completed_share: over_runs(&|hour| hour.share(hour.completed)),
        abandoned_share: over_runs(&|hour| hour.share(hour.abandoned)),
    })
}

/// The class and slot whose completion falls most against the baseline's, by the same people: of the slots in which
/// [`worst_treated`] looks; `None` where none falls. `runs` and `baseline`: by run, class and slot.
pub(super) fn fell_most(model: &Model, runs: &[&[Vec<SlotTally>]], baseline: &[&[Vec<SlotTally>]]) -> Option<FellMost> {
    let judged_by = JudgedBy::of(model);
    let (ours, theirs) = (combine(runs), combine(baseline));
    let mut most: Option<(f64, usize, usize)> = None;
    for (class, (ours, theirs)) in ours.classes.iter().zip(&theirs.classes).enumerate() {
        for (slot, (after, before)) in ours.iter().zip(theirs).enumerate() {
            let (Some(after_share), Some(before_share)) = (after.share(after.completed), before.share(before.completed)) else {
                continue;
            };
            let change = after_share - before_share;
            if judged_by.counts(model, slot, after) && change < most.map_or(0.0, |(least, ..)| least) {
                most = Some((change, class, slot));
            }
        }
    }
    let (_, class, slot) = most?;
    let hour = |run: &&[Vec<SlotTally>]| mean(std::iter::once(&run[class][slot]));
    let pairs: Vec<(Hour, Hour)> = runs.iter().zip(baseline).map(|(ours, theirs)| (hour(ours), hour(theirs))).collect();
    let (after, before): (Vec<f64>, Vec<f64>) =
        pairs.iter().filter_map(|(after, before)| Some((after.share(after.completed)?, before.share(before.completed)?))).unzip();
    let in_time = |side: fn(&(Hour, Hour)) -> Hour| {
        let which = judged_by.place()?;
        Estimate::of(&pairs.iter().filter_map(|pair| side(pair).done_within(which)).collect::<Vec<_>>())
    };
    let (from, to) = model.slot_bounds(slot);
    Some(FellMost {
        class,
        from,
        to,
        judged_by,
        arrived: Estimate::of(&pairs.iter().map(|(after, _)| after.arrived).collect::<Vec<_>>()),
        before: Estimate::of(&before),
        completed_share: Estimate::of(&after),
        difference: Estimate::of_differences(&after, &before),
        in_time_before: in_time(|pair| pair.1),
        in_time: in_time(|pair| pair.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(hours: u64) -> Model {
        let (stations, classes, policies) = (Vec::new(), Vec::new(), Vec::new());
        let end = Time::ZERO + Span::from_seconds(hours * 3600);
        Model { end, measure_from: Time::ZERO, bin: Span::from_seconds(60), stations, classes, policies, incidents: Vec::new() }
    }

    /// So many came to a slot of which the end is so many hours away, and so many were done within four hours and by
    /// the end.
    fn tally(arrived: u32, left: u64, four_hours: u32, completed: u32) -> SlotTally {
        let had = |hours: u64| if left >= hours { arrived } else { 0 };
        SlotTally {
            arrived,
            completed,
            had_time: [had(1), had(4), had(24)],
            done_in_time: [0, four_hours, 0],
            time: u128::from(completed) * 1_000_000_000,
            ..SlotTally::default()
        }
    }

    #[test]
    fn the_worst_had_as_long_as_the_others_and_were_many() {
        let run = vec![
            vec![tally(500, 11, 50, 300), tally(500, 10, 0, 400), tally(99, 9, 0, 0), tally(500, 3, 0, 0)],
            vec![tally(500, 11, 300, 300), tally(100, 10, 0, 79), tally(500, 9, 0, 400), tally(0, 3, 0, 0)],
        ];
        let worst = worst_treated(&model(12), &[&run]).unwrap();
        assert_eq!((worst.class, worst.from, worst.judged_by), (1, Time::ZERO + Span::from_seconds(3600), JudgedBy::FourHours));
        assert_eq!((worst.completed_share.map(|share| share.mean), worst.alike), (Some(0.79), 0));
        assert_eq!(worst.done_within.a_day, None);
        assert_eq!(worst_treated(&model(3), &[&run]).map(|w| w.judged_by), Some(JudgedBy::OneHour));
        assert_eq!(worst_treated(&model(1), &[&run[..1]]).map(|w| (w.judged_by, w.class)), Some((JudgedBy::End, 0)));
        assert_eq!(worst_treated(&model(12), &[&[vec![tally(99, 11, 0, 0)]]]), None);
        assert_eq!(worst_treated(&model(12), &[&[vec![tally(100, 11, 5, 5), tally(200, 10, 10, 10)]]]).map(|w| w.alike), Some(1));
        assert_eq!(worst_treated(&model(12), &[]), None);
    }

    #[test]
    fn the_hour_that_falls_most_is_of_the_same_people_under_both() {
        let before = [vec![tally(500, 11, 300, 450), tally(500, 10, 0, 400), tally(99, 9, 0, 99), tally(500, 3, 0, 500)]];
        let after = [vec![tally(500, 11, 20, 350), tally(500, 10, 0, 390), tally(99, 9, 0, 0), tally(500, 3, 0, 0)]];
        let fell = fell_most(&model(12), &[&after, &after], &[&before, &before]).unwrap();
        assert_eq!((fell.class, fell.from, fell.judged_by), (0, Time::ZERO, JudgedBy::FourHours));
        let mean = |figure: Figure| figure.unwrap().mean;
        assert_eq!((mean(fell.before), mean(fell.completed_share)), (0.9, 0.7));
        assert_eq!((mean(fell.in_time_before), mean(fell.in_time), mean(fell.arrived)), (0.6, 0.04, 500.0));
        assert!((mean(fell.difference) + 0.2).abs() < 1e-12);
        assert_eq!(fell_most(&model(12), &[&before], &[&before]), None, "nothing changes");
        assert_eq!(fell_most(&model(12), &[&before], &[&after]), None, "nothing falls");
        assert_eq!(fell_most(&model(12), &[], &[]), None);
    }

    #[test]
    fn hours_are_means_and_shares_are_of_all_replications_together() {
        let (one, other) = ([vec![tally(300, 11, 30, 100)]], [vec![tally(100, 11, 70, 100)]]);
        let all = combine(&[&one, &other]);
        let hour = all.total[0];
        assert_eq!((hour.arrived, hour.share(hour.completed), hour.done_within(1)), (200.0, Some(0.5), Some(0.25)));
        assert_eq!((hour.pending(), hour.time_to_complete(), hour.done_within(2)), (100.0, Some(1.0), None));
        assert_eq!(all.classes, [[hour]]);
        assert_eq!(Hour::default().share(0.0), None);
    }
}
