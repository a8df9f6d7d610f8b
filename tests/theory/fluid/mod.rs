//! The fluid limit: the two days at INPS, played by ever more people, against a deterministic account of the same day.

mod day;
mod delay;
mod line;
mod mean_field;
pub(crate) mod solver;

use crate::lab::effort;
use clickday::engine::{Record, Trial, simulate};
use clickday::fluid::Account;
use clickday::scenario::Scenario;
use line::{Line, power};
use mean_field::{Flows, play};
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, StudentsT};
use std::path::Path;
use std::sync::OnceLock;

/// Length of a bin in seconds.
pub(crate) const BIN: f64 = 900.0;
/// Cells of the account, each half as long as the one before.
const CELLS: [f64; 3] = [20.0, 10.0, 5.0];
/// Sizes of the simulated copies, and replications of each.
pub(crate) const SCALES: [(f64, u32); 5] = [(0.01, 24), (0.04, 32), (0.16, 12), (0.64, 6), (1.0, 3)];
/// From this one on, copies are so large that chance alone does not fill the queue: rates are those of these.
const LARGE: usize = 1;
/// The probability that a correct simulator fails here, shared by the figures.
const FALSE_ALARM: f64 = 0.01;

/// By this share the solver of `clickday fluid` and the account may differ beside what each says of its own error.
const AGREE: f64 = 0.001;

/// What was counted up to an hour of the clock.
const FIGURES: [(&str, Count, f64); 11] = [
    ("completed by 1 April 08:30", Count::Completed, 8.5),
    ("completed by 1 April 13:30", Count::Completed, 13.5),
    ("completed by 2 April 00:00", Count::Completed, 24.0),
    ("completed by 2 April 04:00", Count::Completed, 28.0),
    ("completed by 2 April 17:00", Count::Completed, 41.0),
    ("completed by the end", Count::Completed, 48.0),
    ("requests by 2 April 00:00", Count::Requests, 24.0),
    ("requests by the end", Count::Requests, 48.0),
    ("refused by 2 April 00:00", Count::Refused, 24.0),
    ("timeouts by 2 April 00:00", Count::Timeouts, 24.0),
    ("timeouts by the end", Count::Timeouts, 48.0),
];

#[derive(Debug, Clone, Copy)]
enum Count {
    Completed,
    Requests,
    Refused,
    Timeouts,
}

/// Mean over replications, its standard error and the standard deviation of one replication, all per unit of scale.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) mean: f64,
    pub(crate) error: f64,
    pub(crate) deviation: f64,
    n: f64,
}

impl Sample {
    fn of(values: &[f64]) -> Sample {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
        Sample { mean, error: deviation / n.sqrt(), deviation, n }
    }
}

/// One figure: the fluid, how far halving the cells moves it, and the copies, the smallest first.
#[derive(Debug)]
pub(crate) struct Figure {
    pub(crate) name: &'static str,
    pub(crate) fluid: f64,
    pub(crate) grid: f64,
    /// The same by the solver of `clickday fluid`, extrapolated, and not.
    by_solver: (f64, f64),
    pub(crate) samples: Vec<Sample>,
}

impl Figure {
    /// The copy's distance from the fluid, as a share of the fluid.
    pub(crate) fn bias(&self, scale: usize) -> f64 {
        (self.samples[scale].mean - self.fluid) / self.fluid
    }

    /// What the solver of `clickday fluid` finds, and by how much it says that it may be off.
    pub(crate) fn solver(&self) -> (f64, f64) {
        let (value, plain) = self.by_solver;
        (value, (value - plain).abs())
    }

    /// The logarithm of the standard deviation of a replication against that of the scale, of the larger copies, were the
    /// figure normal.
    fn deviations(&self) -> Line {
        let point =
            |(sample, (scale, _)): (&Sample, (f64, u32))| (scale.ln(), sample.deviation.ln(), (0.5 / (sample.n - 1.0)).sqrt());
        Line::through(&self.samples.iter().zip(SCALES).skip(LARGE).map(point).collect::<Vec<_>>())
    }

    /// The exponent of the scale in the standard deviation of a replication, and its standard error.
    pub(crate) fn slope(&self) -> (f64, f64) {
        self.deviations().slope
    }

    /// The larger copies: scale, mean, and its standard error. Few replications tell the error badly, hence the line through the
    /// deviations of all.
    fn means(&self) -> Vec<(f64, f64, f64)> {
        let deviations = self.deviations();
        let point =
            |(sample, (scale, _)): (&Sample, (f64, u32))| (scale, sample.mean, deviations.at(scale.ln()).exp() / sample.n.sqrt());
        self.samples.iter().zip(SCALES).skip(LARGE).map(point).collect()
    }

    /// The mean at a scale without end, were the bias to fall as the root of the scale: its distance from the fluid, the
    /// standard error of that, and the distance in them.
    pub(crate) fn limit(&self) -> (f64, f64, f64) {
        let points: Vec<_> = self.means().into_iter().map(|(scale, mean, error)| (scale.powf(-0.5), mean, error)).collect();
        let (limit, error) = Line::through(&points).at_zero;
        let away = limit - self.fluid;
        // What the grid may be off by is no matter of luck.
        (away, error, (away.abs() - self.grid).max(0.0) / error)
    }

    /// The exponent of the scale in the bias, and its standard error.
    pub(crate) fn bias_slope(&self) -> (f64, f64) {
        let small = self.samples.iter().zip(SCALES).take(LARGE).map(|(sample, (scale, _))| (scale, sample.mean, sample.error));
        let biases = small.chain(self.means()).map(|(scale, mean, error)| (scale, mean - self.fluid, error));
        power(&biases.collect::<Vec<_>>())
    }
}

/// Both sides of the day.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) figures: Vec<Figure>,
    /// Completed by bin: the fluid, and by scale the mean over replications.
    pub(crate) completed: Vec<f64>,
    pub(crate) of_scales: Vec<Vec<f64>>,
    /// By scale: replications in which the queue was over half full for a quarter of an hour before 08:00 of the first day.
    pub(crate) nights: Vec<usize>,
    /// Most standard errors that a figure may be away.
    pub(crate) most: f64,
}

impl Outcome {
    /// The figure with the largest bias.
    pub(crate) fn timeouts(&self) -> &Figure {
        self.figures.iter().rfind(|figure| figure.name.starts_with("timeouts")).expect("the timeouts")
    }
}

/// What both sides give, computed once.
pub(crate) fn outcome() -> &'static Outcome {
    static OUTCOME: OnceLock<Outcome> = OnceLock::new();
    OUTCOME.get_or_init(|| {
        let (grids, runs) = rayon::join(|| CELLS.map(|cell| play(cell, BIN)), simulated);
        let figures = FIGURES.iter().map(|(name, count, hour)| figure(name, *count, *hour, &grids, &runs)).collect();
        let mean = |runs: &Vec<Record>, scale: f64| -> Vec<f64> {
            let completed = |bin: usize| -> f64 {
                runs.iter().flat_map(|run| &run.classes).map(|class| f64::from(class.series.completed[bin])).sum()
            };
            (0..grids[0].completed.len()).map(|bin| completed(bin) / runs.len() as f64 / scale).collect()
        };
        let of_scales = runs.iter().zip(SCALES).map(|(runs, (scale, _))| mean(runs, scale)).collect();
        let collapsed = |run: &&Record, scale: f64| {
            let night = (8.0 * 3600.0 / BIN) as usize;
            run.stations[0].series.queue_average[..night].iter().any(|queue| *queue > 0.5 * scale * day::PLACES)
        };
        let nights = |(runs, (scale, _)): (&Vec<Record>, (f64, u32))| runs.iter().filter(|run| collapsed(run, scale)).count();
        let nights = runs.iter().zip(SCALES).map(nights).collect();
        let freedom = runs.iter().skip(LARGE).map(|runs| runs.len() as f64 - 1.0).sum();
        let quantile = StudentsT::new(0.0, 1.0, freedom).expect("degrees of freedom");
        let most = quantile.inverse_cdf(1.0 - FALSE_ALARM / (2.0 * FIGURES.len() as f64));
        let completed = extrapolated(&grids[1].completed, &grids[2].completed);
        Outcome { figures, completed, of_scales, nights, most }
    })
}

/// Richardson's extrapolation of an error of second order to cells of no length.
fn extrapolated(coarse: &[f64], fine: &[f64]) -> Vec<f64> {
    coarse.iter().zip(fine).map(|(coarse, fine)| fine + (fine - coarse) / 3.0).collect()
}

fn simulated() -> Vec<Vec<Record>> {
    let text = day::scenario(BIN).to_string();
    let of = |(place, (scale, replications)): (usize, (f64, u32))| {
        let compiled = Scenario::parse(&text, Path::new("inps.json")).and_then(|scenario| scenario.compile(Some(scale)));
        let model = compiled.unwrap_or_else(|mistakes| panic!("{mistakes}")).model;
        let one = |replication| {
            let trial =
                Trial { policy: 0, seed: 1 + place as u64, replication, demand: 1.0, capacity: 1.0, check_every_bin: false };
            simulate(&model, &trial, &mut |_| true).unwrap_or_else(|error| panic!("{error}"))
        };
        (0..(f64::from(replications) * effort()) as u32).into_par_iter().with_max_len(1).map(one).collect()
    };
    SCALES.into_iter().enumerate().map(of).collect()
}

fn figure(name: &'static str, count: Count, hour: f64, grids: &[Flows; 3], runs: &[Vec<Record>]) -> Figure {
    let bins = (hour * 3600.0 / BIN).round() as usize;
    let of = |flows: &Flows| -> f64 {
        let flow = match count {
            Count::Completed => &flows.completed,
            Count::Requests => &flows.requests,
            Count::Refused => &flows.refused,
            Count::Timeouts => &flows.timeouts,
        };
        flow[..bins].iter().sum()
    };
    let of_run = |run: &Record| -> f64 {
        let sum = |counts: &[u32]| counts[..bins].iter().map(|n| f64::from(*n)).sum::<f64>();
        let station = &run.stations[0].series;
        match count {
            Count::Completed => run.classes.iter().map(|class| sum(&class.series.completed)).sum(),
            Count::Requests => sum(&station.requests),
            Count::Refused => sum(&station.refused),
            Count::Timeouts => sum(&station.timeouts),
        }
    };
    let of_account = |account: &Account| -> f64 {
        let station = &account.stations[0].series;
        let flow = match count {
            Count::Completed => &account.total.series.completed,
            Count::Requests => &station.requests,
            Count::Refused => &station.refused,
            Count::Timeouts => &station.timeouts,
        };
        flow[..bins].iter().sum()
    };
    let solved = solver::of_the_day();
    let by_solver = (of_account(&solved.account), of_account(&solved.plain));
    let [first, second, third] = [0, 1, 2].map(|grid| of(&grids[grid]));
    let fluid = extrapolated(&[second], &[third])[0];
    let before = extrapolated(&[first], &[second])[0];
    let samples = runs
        .iter()
        .zip(SCALES)
        .map(|(runs, (scale, _))| Sample::of(&runs.iter().map(|run| of_run(run) / scale).collect::<Vec<_>>()));
    Figure { name, fluid, grid: (fluid - before).abs(), by_solver, samples: samples.collect() }
}

/// The root mean square of the relative biases at a scale.
pub(crate) fn bias(outcome: &Outcome, scale: usize) -> f64 {
    let squares = outcome.figures.iter().map(|figure| figure.bias(scale).powi(2)).sum::<f64>();
    (squares / outcome.figures.len() as f64).sqrt()
}

#[test]
fn ever_more_people_come_to_the_fluid_limit() {
    let outcome = outcome();
    for figure in &outcome.figures {
        println!("{:<28} fluid {:>12.0} ± {:>7.0}", figure.name, figure.fluid, figure.grid);
        for (scale, sample) in figure.samples.iter().enumerate() {
            let Sample { mean, error, deviation, .. } = sample;
            println!(
                "    {:<6} {mean:>12.0} ± {error:>8.0} bias {:>8.5} sd {deviation:>9.0}",
                SCALES[scale].0,
                figure.bias(scale)
            );
        }
        println!("    slope {:?} limit {:?}", figure.slope(), figure.limit());
    }
    let all: Vec<f64> = (0..SCALES.len()).map(|scale| bias(outcome, scale)).collect();
    println!("biases {all:?}, most {}", outcome.most);
    // At full size what is left is chance.
    assert!(all.windows(2).take(3).all(|pair| pair[1] < pair[0]) && all[4] < all[2], "the bias must shrink: {all:?}");
    for figure in &outcome.figures {
        let (_, _, away) = figure.limit();
        assert!(away < outcome.most, "{}: {away:.2} standard errors from the fluid", figure.name);
        let (slope, error) = figure.slope();
        assert!((slope + 0.5).abs() < outcome.most * error, "{}: the slope is {slope:.2}, not −½", figure.name);
    }
    let (slope, error) = outcome.timeouts().bias_slope();
    println!("slope of the bias of timeouts {slope:.3} ± {error:.3}");
    let (steepest, flattest) = (-1.0 - outcome.most * error, -0.5 + outcome.most * error);
    assert!((steepest..flattest).contains(&slope), "the bias falls with the exponent {slope:.2} ± {error:.2}");
    assert!(slope + outcome.most * error < 0.0, "it might not fall at all: {slope:.2} ± {error:.2}");
}
