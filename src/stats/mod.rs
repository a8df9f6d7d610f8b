//! Statistics that know nothing of queues: histograms, time-weighted averages, intervals.

mod interval;

pub use interval::Estimate;
