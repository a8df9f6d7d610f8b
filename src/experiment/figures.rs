//! One run's record as figures.

use super::results::{
    Counts, DoneWithin, OperatorFigures, Quantiles, QueueLength, ScopeFigures, StationConduct, StationFigures, StationWork,
};
use super::rules::RuleFigures;
use crate::engine::{ClassRecord, ClassTally, Record, RuleRecord, StationRecord};
use crate::stats::Histogram;

/// A figure of one run; `None` where there was nothing to measure.
pub(super) type Single = Option<f64>;

const NANOS: f64 = 1e-9;

/// The figures of one class.
pub(super) fn of_class(class: &ClassRecord) -> ScopeFigures<Single> {
    scope(class.population, class.pending, &class.tally, &class.wait, &class.time_to_complete)
}

/// The figures of all classes together, and the histogram of their times to complete.
pub(super) fn of_total(record: &Record) -> (ScopeFigures<Single>, Histogram) {
    let mut tally = ClassTally::default();
    let (mut wait, mut time_to_complete) = (Histogram::default(), Histogram::default());
    for class in &record.classes {
        tally.add(&class.tally);
        wait.merge(&class.wait);
        time_to_complete.merge(&class.time_to_complete);
    }
    let population = record.classes.iter().map(|class| class.population).sum();
    let pending = record.classes.iter().map(|class| class.pending).sum();
    (scope(population, pending, &tally, &wait, &time_to_complete), time_to_complete)
}

fn scope(population: u64, pending: u64, tally: &ClassTally, wait: &Histogram, complete: &Histogram) -> ScopeFigures<Single> {
    let count = |n: u64| Some(n as f64);
    let lost = tally.timeouts + tally.refused + tally.failed;
    let done = |i: usize| ratio(tally.done_in_time[i], tally.had_time[i]);
    ScopeFigures {
        counts: Counts {
            population: count(population),
            arrived: count(tally.arrived),
            not_arrived: count(population - tally.arrived),
            completed: count(tally.completed),
            abandoned: count(tally.abandoned),
            pending: count(pending),
            sessions: count(tally.sessions),
            requests: count(tally.requests),
            answered: count(tally.answered),
            timeouts: count(tally.timeouts),
            refused: count(tally.refused),
            failed: count(tally.failed),
            closed: count(tally.closed),
            retries: count(tally.retries),
            completed_share: ratio(tally.completed, tally.arrived),
            timeout_share: ratio(tally.timeouts, tally.requests),
            lost_share: ratio(lost, lost + tally.answered),
            requests_per_completion: ratio(tally.requests, tally.completed),
        },
        done_within: DoneWithin { one_hour: done(0), four_hours: done(1), a_day: done(2) },
        wait: quantiles(wait),
        time_to_complete: quantiles(complete),
    }
}

/// The figures of a class's operators, where it has them.
pub(super) fn of_operators(class: &ClassRecord) -> Option<OperatorFigures<Single>> {
    class.operators.map(|operators| OperatorFigures {
        collected: Some(class.tally.arrived as f64),
        uploaded: Some(class.tally.completed as f64),
        backlog_max: Some(operators.backlog_max as f64),
        utilisation: ratio_wide(operators.busy, operators.available),
    })
}

/// The figures of one rule.
pub(super) fn of_rule(rule: &RuleRecord) -> RuleFigures<Single> {
    RuleFigures {
        rule: rule.rule,
        figures: rule.figures.clone(),
        times: rule.times.iter().map(|(name, times)| (*name, quantiles(times))).collect(),
    }
}

/// The figures of one station.
pub(super) fn of_station(station: &StationRecord) -> StationFigures<Single> {
    let count = |n: u64| Some(n as f64);
    StationFigures {
        queue_length: QueueLength {
            time_average: station.queue.mean(),
            p95: station.queue.quantile(0.95),
            max: count(u64::from(station.queue_max)),
        },
        work: StationWork {
            utilisation: ratio_wide(station.busy, station.available),
            wasted_share: ratio_wide(station.wasted, station.busy),
            served: count(station.served),
            refused: count(station.refused),
            dropped: count(station.dropped),
            timeouts: count(station.timeouts),
        },
        conduct: StationConduct {
            held_share: station.held.and_then(|held| ratio_wide(held, station.busy)),
            crashes: station.crashes.and_then(count),
            taken_out: station.taken_out.and_then(count),
            worker_hours: station.paid.map(|paid| paid as f64 * NANOS / 3600.0),
        },
    }
}

fn quantiles(times: &Histogram) -> Quantiles<Single> {
    let quantile = |p| times.quantile(p).map(|nanos| nanos * NANOS);
    Quantiles {
        mean: times.mean().map(|nanos| nanos * NANOS),
        p50: quantile(0.5),
        p90: quantile(0.9),
        p95: quantile(0.95),
        p99: quantile(0.99),
        max: times.max().map(|nanos| nanos as f64 * NANOS),
    }
}

fn ratio(part: u64, whole: u64) -> Single {
    ratio_wide(u128::from(part), u128::from(whole))
}

fn ratio_wide(part: u128, whole: u128) -> Single {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Trial, simulate};
    use crate::scenario::Scenario;
    use std::path::Path;

    /// So many come at once to one worker who takes ten seconds each: every length of the queue from all but one down to none lasts ten
    /// seconds, the last one until the end of the clock.
    fn queue_of(people: u64) -> QueueLength<Single> {
        let seconds = 10 * people;
        let end = format!(
            "2020-04-{:02}T{:02}:{:02}:{:02}",
            1 + seconds / 86_400,
            seconds / 3600 % 24,
            seconds / 60 % 60,
            seconds % 60
        );
        let text = format!(
            r#"{{"format": 1, "name": "queue", "title": "A queue",
                "clock": {{"start": "2020-04-01T00:00", "end": "{end}", "time_zone": "UTC", "bin": "1h"}},
                "stations": {{"desk": {{"workers": 1, "queue": "unbounded"}}}},
                "classes": {{"people": {{"population": {people}, "timeout": "never",
                    "arrivals": [{{"share": 1, "curve": {{"spike": {{"at": "2020-04-01T00:00", "delay": "0s"}}}}}}],
                    "journey": [{{"name": "ask", "station": "desk", "service": "10s"}}]}}}},
                "policies": {{"open": {{"rules": []}}}}}}"#
        );
        let study = Scenario::parse(&text, Path::new("queue.json")).and_then(|scenario| scenario.compile(None));
        let study = study.unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let trial = Trial { policy: 0, seed: 1, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: true };
        of_station(&simulate(&study.model, &trial, &mut |_| true).unwrap().stations[0]).queue_length
    }

    #[test]
    fn the_quantile_of_the_queue_over_time_is_exact_to_its_bin() {
        // 95 of 100 lengths, each as long as the others, are at most 94; of 1000, 949: lengths below 1024 have bins of their own.
        assert_eq!((queue_of(100).p95, queue_of(1000).p95), (Some(94.0), Some(949.0)));
        assert_eq!((queue_of(1000).max, queue_of(1000).time_average), (Some(999.0), Some(499.5)));
        // From 2048 on four lengths share a bin: 2848 to 2851, told by its middle.
        assert_eq!(queue_of(3000).p95, Some(2849.5));
        let told = queue_of(20_000).p95.unwrap();
        assert!((told - 18_999.0).abs() <= 0.001 * 18_999.0, "{told}");
    }
}
