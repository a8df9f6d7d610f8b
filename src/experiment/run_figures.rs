//! The figures of one run.

use super::figures::{self, Single};
use super::results::{OperatorFigures, ScopeFigures, StationFigures};
use super::rules::RuleFigures;
use super::series::RunSeries;
use crate::engine::{IncidentTally, Law, Record, SlotTally};
use crate::stats::Histogram;
use crate::time::Time;

/// One run's figures.
#[derive(Debug)]
pub(super) struct RunFigures {
    pub(super) total: ScopeFigures<Single>,
    pub(super) classes: Vec<ScopeFigures<Single>>,
    pub(super) operators: Vec<Option<OperatorFigures<Single>>>,
    pub(super) stations: Vec<StationFigures<Single>>,
    pub(super) rules: Vec<RuleFigures<Single>>,
    /// By station: longest queue and when.
    pub(super) queue_max: Vec<(u32, Time)>,
    /// Over the clock; taken out when the run joins the others.
    pub(super) series: RunSeries,
    /// By class and slot.
    pub(super) slots: Vec<Vec<SlotTally>>,
    /// Nanoseconds; taken out with the series.
    pub(super) time_to_complete: Histogram,
    /// By incident, class and length.
    pub(super) incidents: Vec<Vec<Vec<IncidentTally>>>,
    pub(super) laws: Vec<Law>,
    pub(super) events: u64,
    pub(super) peak_people: usize,
}

impl From<Record> for RunFigures {
    fn from(record: Record) -> RunFigures {
        let (total, time_to_complete) = figures::of_total(&record);
        let classes = record.classes.iter().map(figures::of_class).collect();
        let operators = record.classes.iter().map(figures::of_operators).collect();
        let stations = record.stations.iter().map(figures::of_station).collect();
        let rules = record.rules.iter().map(figures::of_rule).collect();
        let queue_max = record.stations.iter().map(|station| (station.queue_max, station.queue_max_at)).collect();
        let (slots, series) = record.classes.into_iter().map(|class| (class.slots, class.series)).unzip();
        RunFigures {
            total,
            classes,
            operators,
            stations,
            rules,
            queue_max,
            time_to_complete,
            incidents: record.incidents,
            laws: record.laws,
            events: record.events,
            peak_people: record.peak_people,
            slots,
            series: RunSeries {
                classes: series,
                stations: record.stations.into_iter().map(|station| station.series).collect(),
                queued_max: record.queued_max,
            },
        }
    }
}
