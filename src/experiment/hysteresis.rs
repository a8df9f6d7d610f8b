//! Offered load that goes up and comes down again, and the goodput on both ways.
//!
//! Where a system only depends on what it is asked, both ways are the same. Where it does not come back although the load is down,
//! they enclose an area: hysteresis.

use crate::model::Model;
use crate::time::Time;

/// Levels of the load on each side of the top that a way up and a way down need.
const LEAST_LEVELS: usize = 3;
/// Points at most; finer levels are joined.
const MOST_POINTS: usize = 60;
/// Loads that differ by less than this share of the highest are one level.
const ALIKE: f64 = 0.005;
/// The load begins and ends below this share of the highest.
const LOW: f64 = 2.0 / 3.0;

/// A stretch of the clock with a load of its own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoadLevel {
    /// Bins of the series, from the first to before the last.
    pub bins: (usize, usize),
    /// Applicants of all classes together who are expected to come, per second.
    pub load: f64,
}

/// The levels of the load over the clock, where it goes up to one top and down again without turning on the way.
#[derive(Debug, Clone, PartialEq)]
pub struct UpAndDown {
    /// In order of time.
    pub levels: Vec<LoadLevel>,
    /// The place of the highest.
    pub top: usize,
}

impl UpAndDown {
    /// The levels that the arrival curves of a model say; `None` where the load goes another way.
    #[must_use]
    pub fn of(model: &Model) -> Option<UpAndDown> {
        let levels = levels(model);
        let highest = levels.iter().map(|level| level.load).fold(0.0, f64::max);
        let top = levels.iter().position(|level| level.load == highest)?;
        let near = ALIKE * highest;
        let goes = |sides: &[LoadLevel], sign: f64| sides.windows(2).all(|pair| sign * (pair[1].load - pair[0].load) >= -near);
        let (up, down) = (&levels[..=top], &levels[top..]);
        let ends_low = levels.first()?.load <= LOW * highest && levels.last()?.load <= LOW * highest;
        let enough = up.len() > LEAST_LEVELS && down.len() > LEAST_LEVELS;
        if !(highest > 0.0 && ends_low && enough && goes(up, 1.0) && goes(down, -1.0)) {
            return None;
        }
        Some(UpAndDown {
            levels: [joined(&up[..top], model), vec![levels[top]], joined(&down[1..], model)].concat(),
            top: top.div_ceil(group(top)),
        })
    }

    /// What a column of the series comes to on each level, per second.
    #[must_use]
    pub fn rates(&self, model: &Model, column: &[f64]) -> Vec<f64> {
        let rate = |level: &LoadLevel| {
            let sum: f64 = (level.bins.0..level.bins.1).filter_map(|bin| column.get(bin)).sum();
            sum / seconds(model, level.bins)
        };
        self.levels.iter().map(rate).collect()
    }
}

fn seconds(model: &Model, (first, end): (usize, usize)) -> f64 {
    model.bin_bounds(end - 1).1.since(model.bin_bounds(first).0).seconds()
}

/// The expected load, bin by bin; adjoining bins that are alike are one level.
fn levels(model: &Model) -> Vec<LoadLevel> {
    let come_by = |at: Time| {
        let of_class = |class: &crate::model::Class| {
            let share: f64 = class.arrivals.iter().map(|part| part.share * part.curve.share_before(at)).sum();
            class.population.mean() * share
        };
        model.classes.iter().map(of_class).sum::<f64>()
    };
    let mut before = come_by(Time::ZERO);
    let mut levels: Vec<LoadLevel> = Vec::new();
    for bin in 0..model.bins() {
        let by_now = come_by(model.bin_bounds(bin).1);
        let load = (by_now - before) / seconds(model, (bin, bin + 1));
        before = by_now;
        match levels.last_mut() {
            // Within a level the first bin says what the load is, so that a slow climb is no level.
            Some(last) if (load - last.load).abs() <= ALIKE * load.max(last.load) => last.bins.1 = bin + 1,
            _ => levels.push(LoadLevel { bins: (bin, bin + 1), load }),
        }
    }
    levels
}

/// How many levels of a side are joined.
fn group(levels: usize) -> usize {
    levels.div_ceil(MOST_POINTS / 2).max(1)
}

/// The levels of one side, joined until there are few.
fn joined(side: &[LoadLevel], model: &Model) -> Vec<LoadLevel> {
    let join = |levels: &[LoadLevel]| {
        let weight = |level: &LoadLevel| seconds(model, level.bins);
        let whole: f64 = levels.iter().map(weight).sum();
        let load = levels.iter().map(|level| level.load * weight(level)).sum::<f64>() / whole;
        LoadLevel { bins: (levels[0].bins.0, levels[levels.len() - 1].bins.1), load }
    };
    side.chunks(group(side.len())).map(join).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Study;
    use crate::scenario::Scenario;
    use std::path::Path;

    fn study(name: &str) -> Study {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(name);
        Scenario::load(&path).and_then(|scenario| scenario.compile(None)).unwrap_or_else(|mistakes| panic!("{mistakes}"))
    }

    #[test]
    fn the_steps_of_a_staircase_are_its_levels() {
        let study = study("overload/hysteresis.json");
        let way = UpAndDown::of(&study.model).unwrap();
        let loads: Vec<f64> = way.levels.iter().map(|level| level.load.round()).collect();
        assert_eq!(loads, [100, 150, 200, 250, 300, 350, 400, 350, 300, 250, 200, 150, 100, 50].map(f64::from));
        assert_eq!((way.top, way.levels[way.top].bins), (6, (24, 28)));
        let counts: Vec<f64> = (0..study.model.bins()).map(|bin| if bin < 4 { 30.0 * 80.0 } else { 0.0 }).collect();
        let rates = way.rates(&study.model, &counts);
        assert_eq!((rates[0], rates[1]), (80.0, 0.0));
    }

    #[test]
    fn a_load_that_turns_or_only_falls_is_none() {
        for name in ["inps-2020-04.json", "small-example.json", "mmc-erlang.json", "overload/metastable.json"] {
            assert_eq!(UpAndDown::of(&study(name).model), None, "{name}");
        }
    }

    #[test]
    fn a_smooth_hill_is_joined_to_few_levels_that_keep_its_people() {
        let mut study = study("overload/hysteresis.json");
        let at = |minutes: u64| Time(minutes * 60_000_000_000);
        let cut = crate::model::Cut { end: study.model.end, truncate: false };
        let points = [(at(0), 10.0), (at(12), 400.0), (at(28), 0.0)];
        let curve = crate::model::Curve::rates(&points, crate::model::Between::Linear, cut).unwrap();
        study.model.classes[0].arrivals[0].curve = curve;
        study.model.bin = crate::time::Span::from_seconds(1);
        let way = UpAndDown::of(&study.model).unwrap();
        assert!(way.levels.len() <= MOST_POINTS + 1, "{}", way.levels.len());
        assert!(way.levels.iter().all(|level| level.load <= way.levels[way.top].load));
        let people: f64 = way.levels.iter().map(|level| level.load * seconds(&study.model, level.bins)).sum();
        assert!((people - study.model.classes[0].population.mean()).abs() < 0.01 * people, "{people}");
    }
}
