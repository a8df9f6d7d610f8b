//! What was simulated at the place and time of a published figure.

use super::figures::Single;
use super::series::RunSeries;
use crate::engine::ClassSeries;
use crate::model::{Metric, Model, Moment, Observation};
use crate::time::Time;

/// The observation's figure in one run, in its unit.
pub(super) fn observe(model: &Model, observation: &Observation, run: &RunSeries) -> Single {
    let watch = Watch { model, observation, run };
    match (observation.metric, observation.moment) {
        (Metric::QueueAverage | Metric::Backlog, Moment::At(at) | Moment::Between(at, _)) => watch.level(at),
        (Metric::LostShare, moment) => {
            let (from, to) = bounds(moment);
            let lost = watch.count(from, to, |c| [&c.timeouts, &c.refused, &c.failed]);
            let answered = watch.count(from, to, |c| [&c.answered]);
            (lost + answered > 0.0).then(|| lost / (lost + answered))
        }
        (metric, Moment::At(at)) => Some(watch.count(Time::ZERO, at, |c| [column(metric, c)])),
        (metric, Moment::Between(from, to)) => Some(watch.count(from, to, |c| [column(metric, c)]) / to.since(from).seconds()),
    }
}

fn bounds(moment: Moment) -> (Time, Time) {
    match moment {
        Moment::At(at) => (Time::ZERO, at),
        Moment::Between(from, to) => (from, to),
    }
}

/// The column that a count adds up.
fn column(metric: Metric, class: &ClassSeries) -> &Vec<u32> {
    match metric {
        Metric::Arrived => &class.arrived,
        Metric::Completed => &class.completed,
        Metric::Requests => &class.requests,
        Metric::Timeouts => &class.timeouts,
        Metric::Refused => &class.refused,
        Metric::Failed => &class.failed,
        Metric::Closed | Metric::QueueAverage | Metric::Backlog | Metric::LostShare => &class.closed,
    }
}

struct Watch<'a> {
    model: &'a Model,
    observation: &'a Observation,
    run: &'a RunSeries,
}

impl Watch<'_> {
    fn classes(&self) -> impl Iterator<Item = &ClassSeries> {
        let chosen = &self.observation.classes;
        let classes = self.run.classes.iter().enumerate();
        classes.filter(move |(index, _)| chosen.is_empty() || chosen.contains(index)).map(|(_, class)| class)
    }

    /// The sum of columns between two instants; a bin that is cut counts in proportion.
    fn count<const N: usize>(&self, from: Time, to: Time, columns: impl Fn(&ClassSeries) -> [&Vec<u32>; N]) -> f64 {
        let mut total = 0.0;
        for class in self.classes() {
            for column in columns(class) {
                total += column.iter().enumerate().map(|(bin, n)| f64::from(*n) * self.overlap(bin, from, to)).sum::<f64>();
            }
        }
        total
    }

    /// The share of a bin, of what of it is counted, that lies between two instants.
    fn overlap(&self, bin: usize, from: Time, to: Time) -> f64 {
        let (start, end) = self.model.bin_bounds(bin);
        let start = start.max(self.model.measure_from);
        if start >= end {
            return 0.0;
        }
        let inside = end.min(to).since(start.max(from));
        inside.seconds() / end.since(start).seconds()
    }

    /// The level in the bin that holds an instant; the end of the clock belongs to the last bin.
    fn level(&self, at: Time) -> Single {
        let bin = usize::try_from(at.0 / self.model.bin.0).ok()?.min(self.model.bins().checked_sub(1)?);
        match self.observation.metric {
            Metric::QueueAverage => self.run.stations.iter().map(|station| station.queue_average.get(bin).copied()).sum(),
            _ => self.classes().map(|class| class.backlog.get(bin).copied()).sum(),
        }
    }
}
