//! Requests gathered in bins and a histogram, however many they are.

use super::{Request, moment};
use crate::stats::Histogram;
use std::collections::BTreeMap;

/// More bins than these take memory, and no scenario has more.
const MOST_BINS: usize = 1_000_000;
/// Shares of the requests at whose ends the steps of the empirical distribution lie.
const STEPS: [f64; 14] = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0];

/// How many requests came in a stretch of time.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Bin {
    /// Its start, in civil time.
    pub time: String,
    /// Requests.
    pub count: u64,
}

/// How long requests took, in seconds.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Service {
    /// How many had a duration.
    pub count: u64,
    /// Mean.
    pub mean: f64,
    /// Standard deviation over mean.
    pub cv: f64,
    /// Median.
    pub p50: f64,
    /// 95th percentile.
    pub p95: f64,
    /// 99th percentile.
    pub p99: f64,
    /// Longest.
    pub max: f64,
    /// Middles of the steps of the empirical distribution, and the share of the requests in each.
    pub steps: Vec<(f64, f64)>,
}

/// What files of requests hold.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct Found {
    /// Requests that were understood and wanted.
    pub requests: u64,
    /// Requests of other paths.
    pub left_out: u64,
    /// Lines that could not be understood.
    pub skipped: u64,
    /// The first of them: its line and why.
    pub first_skipped: Option<(u64, String)>,
    /// Width of a bin, in seconds.
    pub bin_seconds: u32,
    /// The curve, from the first bin with a request to the last.
    #[serde(skip)]
    pub bins: Vec<Bin>,
    /// Start of the first bin.
    pub from: String,
    /// End of the last bin.
    pub to: String,
    /// The bin with most requests.
    pub peak: Bin,
    /// Requests by the first digit of their status, `1xx` to `5xx`.
    pub statuses: [u64; 5],
    /// How long they took; `null` where the files do not say.
    pub service: Option<Service>,
}

/// Gathers requests.
#[derive(Debug)]
pub(super) struct Gather {
    bin: i64,
    counts: BTreeMap<i64, u64>,
    durations: Histogram,
    statuses: [u64; 5],
    read: u64,
    left_out: u64,
    skipped: u64,
    first_skipped: Option<(u64, String)>,
}

impl Gather {
    pub(super) fn new(bin_seconds: u32) -> Gather {
        Gather {
            bin: i64::from(bin_seconds.max(1)),
            counts: BTreeMap::new(),
            durations: Histogram::new(),
            statuses: [0; 5],
            read: 0,
            left_out: 0,
            skipped: 0,
            first_skipped: None,
        }
    }

    /// How many requests were gathered or left out so far.
    pub(super) fn read(&self) -> u64 {
        self.read + self.left_out
    }

    pub(super) fn first_skipped(&self) -> Option<&(u64, String)> {
        self.first_skipped.as_ref()
    }

    pub(super) fn skip(&mut self, line: u64, why: String) {
        self.skipped += 1;
        self.first_skipped.get_or_insert((line, why));
    }

    pub(super) fn leave_out(&mut self) {
        self.left_out += 1;
    }

    pub(super) fn add(&mut self, request: Request) -> Result<(), String> {
        *self.counts.entry(request.second.div_euclid(self.bin)).or_default() += 1;
        if self.counts.len() > MOST_BINS {
            return Err(format!("the requests fall into more than {MOST_BINS} bins; use a wider --bin"));
        }
        if let Some(duration) = request.duration {
            self.durations.record(duration);
        }
        if let Some(count) = request.status.and_then(|status| self.statuses.get_mut(usize::from(status / 100).checked_sub(1)?)) {
            *count += 1;
        }
        self.read += 1;
        Ok(())
    }

    /// Puts together what was found.
    pub(super) fn found(self) -> Result<Found, String> {
        let ends = self.counts.first_key_value().zip(self.counts.last_key_value());
        let Some(((first, _), (last, _))) = ends else {
            return Err("no request has the path that is looked for".to_owned());
        };
        let (first, last) = (*first, *last);
        if usize::try_from(last - first).unwrap_or(usize::MAX) >= MOST_BINS {
            return Err(format!("from the first request to the last there are more than {MOST_BINS} bins; use a wider --bin"));
        }
        let label = |bin: i64| {
            let civil = moment::civil(bin * self.bin);
            civil.strftime(if civil.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" }).to_string()
        };
        let bins: Vec<Bin> =
            (first..=last).map(|bin| Bin { time: label(bin), count: self.counts.get(&bin).copied().unwrap_or(0) }).collect();
        // The first of the highest.
        let peak = bins.iter().rev().max_by_key(|bin| bin.count).cloned().unwrap_or(Bin { time: String::new(), count: 0 });
        Ok(Found {
            requests: self.read,
            left_out: self.left_out,
            skipped: self.skipped,
            bin_seconds: u32::try_from(self.bin).unwrap_or(u32::MAX),
            from: label(first),
            to: label(last + 1),
            peak,
            bins,
            statuses: self.statuses,
            service: service(&self.durations),
            first_skipped: self.first_skipped,
        })
    }
}

/// The distribution of durations; `None` of none.
fn service(durations: &Histogram) -> Option<Service> {
    let mean = durations.mean()?;
    let count = durations.count() as f64;
    let variance = durations.iter().map(|(value, weight)| (value - mean).powi(2) * weight as f64).sum::<f64>() / count;
    let seconds = |p: f64| durations.quantile(p).unwrap_or(0.0) / 1e9;
    let mut steps = Vec::new();
    let mut buckets = durations.iter().peekable();
    let mut behind = 0.0;
    // The mean of what lies in each step, so that the distribution has the mean that was measured.
    for pair in STEPS.windows(2) {
        let (mut weight, mut sum) = (0.0, 0.0);
        while let Some((value, held)) = buckets.peek().copied() {
            if behind >= pair[1] * count && pair[1] < 1.0 {
                break;
            }
            weight += held as f64;
            sum += value * held as f64;
            behind += held as f64;
            buckets.next();
        }
        if weight > 0.0 {
            steps.push((sum / weight / 1e9, weight / count));
        }
    }
    Some(Service {
        count: durations.count() as u64,
        mean: mean / 1e9,
        cv: if mean > 0.0 { variance.sqrt() / mean } else { 0.0 },
        p50: seconds(0.5),
        p95: seconds(0.95),
        p99: seconds(0.99),
        max: seconds(1.0),
        steps,
    })
}
