//! The one list of charts.

use super::picture::Picture;
use super::render::{ChartError, png, svg};
use super::{comparison, completed, hysteresis, in_short, load, queue, time_to_complete, timeouts, who_lost};
use crate::experiment::Results;

/// How charts are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ChartFormat {
    /// Pictures of pixels.
    #[default]
    Png,
    /// Pictures that scale.
    Svg,
    /// No charts.
    None,
}

impl ChartFormat {
    /// What file names end in; `None`: there are no files.
    #[must_use]
    pub fn ending(self) -> Option<&'static str> {
        match self {
            ChartFormat::Png => Some("png"),
            ChartFormat::Svg => Some("svg"),
            ChartFormat::None => None,
        }
    }
}

/// A chart that every run gets that has something to show in it.
#[derive(Debug, Clone, Copy)]
pub struct Chart {
    /// Its file's name, without the ending.
    pub name: &'static str,
    /// What it shows, as its heading says.
    pub title: &'static str,
    layout: fn(&Results, &str) -> Picture,
    wanted: fn(&Results) -> bool,
}

/// Every chart, in the order in which a reader wants them.
pub const CHARTS: &[Chart] = &[
    Chart { name: "in-short", title: "In short: what became of all who came", layout: in_short::layout, wanted: always },
    Chart { name: "queue-length", title: "How long the queue was", layout: queue::layout, wanted: always },
    Chart { name: "timeouts", title: "How many requests were lost", layout: timeouts::layout, wanted: always },
    Chart {
        name: "load-and-goodput",
        title: "What was asked of the site, and what it got done",
        layout: load::layout,
        wanted: always,
    },
    Chart { name: "completed-by-class", title: "Who got through, and by when", layout: completed::layout, wanted: always },
    Chart {
        name: "time-to-complete",
        title: "How long it took to get through",
        layout: time_to_complete::layout,
        wanted: always,
    },
    Chart {
        name: "who-lost",
        title: "Who lost: the chances of those who came in each hour",
        layout: who_lost::layout,
        wanted: always,
    },
    Chart { name: "comparison", title: "What the policies change", layout: comparison::layout, wanted: always },
    Chart {
        name: "hysteresis",
        title: "The way up and the way down: what the site did at the same load",
        layout: hysteresis::layout,
        wanted: hysteresis::is_wanted,
    },
];

fn always(_: &Results) -> bool {
    true
}

/// More policies than these fit no page that one would look at, and no memory that one would spend on it.
const MOST_POLICIES: usize = 32;

impl Chart {
    /// Whether these results have something to show in it.
    #[must_use]
    pub fn is_wanted(&self, results: &Results) -> bool {
        (self.wanted)(results)
    }

    /// The chart's file; empty for [`ChartFormat::None`].
    ///
    /// # Errors
    /// When the drawing library or the encoder fails.
    pub fn draw(&self, results: &Results, format: ChartFormat) -> Result<Vec<u8>, ChartError> {
        match format {
            ChartFormat::Png => png(&self.picture(results)),
            ChartFormat::Svg => svg(&self.picture(results)).map(String::into_bytes),
            ChartFormat::None => Ok(Vec::new()),
        }
    }

    pub(super) fn picture(&self, results: &Results) -> Picture {
        if results.policies.len() <= MOST_POLICIES {
            return (self.layout)(results, self.title);
        }
        let mut shown = results.clone();
        shown.policies.truncate(MOST_POLICIES);
        (self.layout)(&shown, &format!("{} (the first {MOST_POLICIES} policies)", self.title))
    }
}
