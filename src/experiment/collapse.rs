//! Whether a run collapsed, and what its figures are where it did and where it did not.
//!
//! A run *collapsed* when for ten minutes on end, minute by minute, more than half of the requests that ended were lost
//! (timed out, refused or failed), outside the outages that the scenario writes down. A rush that is over within minutes is no
//! collapse, and neither is an announced closure. Where the clock measures less than 100 minutes, a tenth of it stands for the
//! ten minutes; bins that are longer than a minute (or than a tenth of the stretch) are taken whole.

use super::figures::Single;
use super::outcome::{Collapse, Median, Outcome};
use super::results::Figure;
use super::run_figures::RunFigures;
use super::series::RunSeries;
use crate::model::Model;
use crate::stats::{Estimate, wilson};
use crate::time::Span;

const STRETCH: Span = Span::from_seconds(600);
/// A stretch has so many parts, each of which has to be bad.
const PARTS: u64 = 10;

/// How long more than half of the requests have to be lost for a collapse: a whole number of bins.
#[must_use]
pub fn collapse_stretch(model: &Model) -> Span {
    let (bins, parts) = parts(model);
    Span(model.bin.0.saturating_mul(bins as u64 * parts))
}

/// Bins in a part, and parts in a stretch.
fn parts(model: &Model) -> (usize, u64) {
    let stretch = STRETCH.0.min(model.end.since(model.measure_from).0 / 10).max(1);
    let bins = stretch.div_ceil(PARTS).div_ceil(model.bin.0);
    (usize::try_from(bins).unwrap_or(usize::MAX), stretch.div_ceil(bins.saturating_mul(model.bin.0)))
}

/// How often a policy's runs collapsed, and the main figures of those that did and of the others.
pub(super) fn collapse(runs: &[RunFigures], collapsed: &[bool]) -> Collapse {
    let those = |bad: bool| -> Vec<&RunFigures> {
        runs.iter().zip(collapsed).filter(|(_, collapsed)| **collapsed == bad).map(|(run, _)| run).collect()
    };
    let (bad, good) = (those(true), those(false));
    let count = |runs: usize| u32::try_from(runs).unwrap_or(u32::MAX);
    Collapse {
        probability: wilson(count(bad.len()), count(runs.len())),
        given_collapse: outcome(&bad),
        given_none: outcome(&good),
    }
}

fn outcome(runs: &[&RunFigures]) -> Option<Outcome> {
    let over_runs = |value: fn(&RunFigures) -> Single| -> Figure {
        Estimate::of(&runs.iter().filter_map(|run| value(run)).collect::<Vec<_>>())
    };
    (!runs.is_empty()).then(|| Outcome {
        completed_share: over_runs(|run| run.total.counts.completed_share),
        timeout_share: over_runs(|run| run.total.counts.timeout_share),
        time_to_complete: Median { p50: over_runs(|run| run.total.time_to_complete.p50) },
    })
}

/// Whether a run collapsed.
pub(super) fn has_collapsed(model: &Model, run: &RunSeries) -> bool {
    let (width, parts) = parts(model);
    let bins: Vec<usize> = (0..model.bins()).collect();
    let mut on_end = 0;
    bins.chunks_exact(width.min(bins.len()).max(1)).any(|part| {
        on_end = if is_bad(model, run, part) { on_end + 1 } else { 0 };
        on_end >= parts
    })
}

/// Whether more than half of the requests that ended in some bins were lost, and no outage is to blame.
fn is_bad(model: &Model, run: &RunSeries, bins: &[usize]) -> bool {
    let (Some(first), Some(last)) = (bins.first(), bins.last()) else { return false };
    let (from, to) = (model.bin_bounds(*first).0, model.bin_bounds(*last).1);
    if model.stations.iter().flat_map(|station| &station.outages).any(|outage| outage.from < to && from < outage.to) {
        return false;
    }
    let (mut lost, mut answered) = (0, 0);
    for class in &run.classes {
        let sum = |column: &[u32]| bins.iter().map(|bin| u64::from(column[*bin])).sum::<u64>();
        lost += sum(&class.timeouts) + sum(&class.refused) + sum(&class.failed);
        answered += sum(&class.answered);
    }
    lost > answered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::ClassSeries;
    use crate::model::{Conduct, Discipline, OnFull, OnTimeout, Outage, Slowdown, Station};
    use crate::random::NameHash;
    use crate::time::Time;

    fn model(minutes: u64, bin: u64) -> Model {
        let at = |minutes: u64| Time::ZERO + Span::from_seconds(60 * minutes);
        let station = Station {
            key: NameHash::new("station", "portal"),
            workers: 1,
            queue: None,
            discipline: Discipline::Fifo,
            on_timeout: OnTimeout::Orphan,
            on_full: OnFull::Refuse,
            refusal_cost: Span::ZERO,
            slowdown: Slowdown::default(),
            workers_at: Vec::new(),
            outages: vec![Outage { from: at(200), to: at(230), why: String::new() }],
            conduct: Conduct::default(),
        };
        Model {
            end: at(minutes),
            measure_from: Time::ZERO,
            bin: Span::from_seconds(bin),
            stations: vec![station],
            classes: Vec::new(),
            policies: Vec::new(),
            incidents: Vec::new(),
        }
    }

    /// Ten answers a bin, and in some bins so many losses.
    fn run(model: &Model, losses: u32, bad: impl Fn(usize) -> bool) -> RunSeries {
        let bins = model.bins();
        let class = ClassSeries {
            answered: vec![10; bins],
            timeouts: (0..bins).map(|bin| if bad(bin) { losses / 2 } else { 0 }).collect(),
            refused: (0..bins).map(|bin| if bad(bin) { losses - losses / 2 } else { 0 }).collect(),
            failed: vec![0; bins],
            ..ClassSeries::default()
        };
        RunSeries { classes: vec![class], stations: Vec::new(), queued_max: Vec::new() }
    }

    #[test]
    fn ten_minutes_on_end_are_a_collapse_and_nine_are_a_rush() {
        let day = model(1440, 60);
        assert_eq!(collapse_stretch(&day), Span::from_seconds(600));
        assert!(has_collapsed(&day, &run(&day, 11, |bin| (100..110).contains(&bin))));
        assert!(!has_collapsed(&day, &run(&day, 11, |bin| (100..109).contains(&bin))));
        assert!(!has_collapsed(&day, &run(&day, 11, |bin| bin % 10 != 0)), "nine, again and again");
        assert!(!has_collapsed(&day, &run(&day, 10, |_| true)), "half is not more than half");
        assert!(!has_collapsed(&day, &run(&day, 90, |bin| (195..235).contains(&bin))), "what an outage cuts is no collapse");
        assert!(has_collapsed(&day, &run(&day, 90, |bin| (195..240).contains(&bin))), "what stays after it is");
    }

    #[test]
    fn the_stretch_fits_the_clock_and_its_bins() {
        let of = |minutes, bin| collapse_stretch(&model(minutes, bin)).seconds();
        assert_eq!([of(1440, 1), of(1440, 420), of(1440, 3600), of(2, 1), of(10, 600)], [600.0, 840.0, 3600.0, 12.0, 600.0]);
        let seconds = model(100, 1);
        assert!(has_collapsed(&seconds, &run(&seconds, 21, |bin| (600..1200).contains(&bin) && bin % 2 == 0)), "by the minute");
        let one = model(10, 600);
        assert!(has_collapsed(&one, &run(&one, 11, |_| true)) && !has_collapsed(&one, &run(&one, 9, |_| true)));
    }
}
