//! An interval of 95 % holds the truth in 95 % of cases.
//!
//! Each count of intervals that hold it is binomial; a test fails where it lies outside the central interval of the binomial
//! distribution of level 1 − 10⁻⁶, which a right program leaves once in a million runs.

mod loss;

use clickday::experiment::{Plan, Progress, Results, run};
use clickday::random::{Draw, Key, NameHash, Purpose};
use clickday::stats::{Estimate, holm, normal_quantile, wilson};
use loss::Expected;
use rayon::prelude::*;
use statrs::distribution::{Binomial, DiscreteCDF};
use std::sync::OnceLock;

pub(crate) use loss::{ARRIVALS, DOUBT};

pub(crate) const EXPERIMENTS: u32 = 1000;
pub(crate) const REPLICATIONS: u32 = 10;
pub(crate) const LEVEL: f64 = 1e-6;
const CHANCE: f64 = 0.95;

/// A figure whose true value is known, and what each experiment said of it.
#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) truth: f64,
    pub(crate) estimates: Vec<Estimate>,
}

impl Case {
    pub(crate) fn held(&self) -> u32 {
        self.estimates.iter().filter(|estimate| holds(estimate, self.truth)).count() as u32
    }

    /// Half the width of an interval, in the mean.
    pub(crate) fn half_width(&self) -> f64 {
        self.estimates.iter().filter_map(Estimate::half_width).sum::<f64>() / self.estimates.len() as f64
    }

    pub(crate) fn may_be(&self) -> bool {
        is_binomial(self.held(), EXPERIMENTS, CHANCE)
    }
}

pub(crate) fn holds(estimate: &Estimate, truth: f64) -> bool {
    estimate.low.expect("an interval") <= truth && truth <= estimate.high.expect("an interval")
}

/// Whether so many of the experiments may hold the truth where each does so with this chance.
fn is_binomial(held: u32, experiments: u32, chance: f64) -> bool {
    let binomial = Binomial::new(chance, u64::from(experiments)).expect("a chance");
    let below = binomial.cdf(u64::from(held));
    let above = if held == 0 { 1.0 } else { binomial.sf(u64::from(held) - 1) };
    below.min(above) > LEVEL / 2.0
}

#[track_caller]
fn assert_binomial(case: &str, held: u32, experiments: u32, chance: f64) {
    let share = f64::from(held) / f64::from(experiments);
    assert!(is_binomial(held, experiments, chance), "{case}: {share} of {experiments} intervals hold the truth, not {chance}");
}

/// The fewest and the most of the experiments that may hold the truth.
pub(crate) fn bounds() -> (u32, u32) {
    let may = |held: &u32| is_binomial(*held, EXPERIMENTS, CHANCE);
    ((0..=EXPERIMENTS).find(may).expect("a bound"), (0..=EXPERIMENTS).rev().find(may).expect("a bound"))
}

/// `n` uniform numbers of an experiment.
fn uniforms(case: &str, experiment: u32, n: u64) -> impl Iterator<Item = f64> {
    let key = Key::new(1, experiment, NameHash::new("coverage", case));
    (0..n).map(move |i| key.uniform(Purpose::Service, i, Draw::default()))
}

#[test]
fn of_normal_values_with_few_and_with_many_replications() {
    let experiments = 40_000;
    for replications in [2, 3, 10, 50] {
        let held = (0..experiments).into_par_iter().filter(|experiment| {
            let values: Vec<f64> =
                uniforms("normal", *experiment, replications).map(|u| 5.0 + 2.0 * normal_quantile(u)).collect();
            holds(&Estimate::of(&values).expect("values"), 5.0)
        });
        assert_binomial(&format!("{replications} normal values"), held.count() as u32, experiments, 0.95);
    }
}

/// How often the interval holds the mean of a figure as skewed as an exponential one.
pub(crate) fn skewed(replications: u64) -> f64 {
    let experiments = 40_000;
    let held = (0..experiments).into_par_iter().filter(|experiment| {
        let values: Vec<f64> = uniforms("exponential", *experiment, replications).map(|u| -libm::log(u)).collect();
        holds(&Estimate::of(&values).expect("values"), 1.0)
    });
    held.count() as f64 / f64::from(experiments)
}

/// Of a figure as skewed as an exponential one, Student's interval over ten replications holds less than it says: 90 %. Days are
/// sums over many people and far less skewed; where one is near its tipping point, the collapse is told instead.
#[test]
fn of_skewed_values_it_falls_short_as_is_known() {
    let (ten, many) = (skewed(10), skewed(200));
    assert!((0.89..0.91).contains(&ten), "{ten}");
    assert!((0.94..0.95).contains(&many), "{many}");
}

/// The chance that Wilson's interval holds the truth, from the binomial distribution itself: between 0.92 and 0.98 for any
/// share that is not close to 0 or 1 (Brown, Cai & DasGupta 2001, *Interval estimation for a binomial proportion*).
#[test]
fn of_shares_wilson_holds_on_average() {
    let cover = |share: f64, n: u32| -> f64 {
        use statrs::distribution::Discrete;
        let binomial = Binomial::new(share, u64::from(n)).expect("a share");
        (0..=n).filter(|k| holds(&wilson(*k, n).expect("tries"), share)).map(|k| binomial.pmf(u64::from(k))).sum()
    };
    for n in [10, 20, 100] {
        let shares: Vec<f64> = (1..200).map(|i| f64::from(i) / 200.0).collect();
        let covers: Vec<f64> = shares.iter().map(|share| cover(*share, n)).collect();
        let mean = covers.iter().sum::<f64>() / covers.len() as f64;
        assert!((0.945..0.965).contains(&mean), "n = {n}: {mean}");
        assert!(covers.iter().all(|cover| *cover > 0.82), "n = {n}");
    }
}

/// With four policies that all do exactly what the baseline does but for chance: in how many experiments any of them is told from
/// it after Holm's correction, in how many without, and of how many.
pub(crate) fn false_findings() -> (u32, u32, u32) {
    const POLICIES: u64 = 4;
    let experiments = 20_000;
    let found = (0..experiments).into_par_iter().map(|experiment| {
        let days = u64::from(REPLICATIONS);
        let values: Vec<f64> = uniforms("none", experiment, days * (POLICIES + 1)).map(normal_quantile).collect();
        let (baseline, others) = values.split_at(REPLICATIONS as usize);
        let p_value = |ours: &[f64]| Estimate::of_differences(ours, baseline).and_then(|d| d.p_value()).expect("a test");
        let alone: Vec<f64> = others.chunks_exact(REPLICATIONS as usize).map(p_value).collect();
        let any = |p_values: &[f64]| u32::from(p_values.iter().any(|p| *p < 1.0 - CHANCE));
        (any(&holm(&alone)), any(&alone))
    });
    let (corrected, alone) = found.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    (corrected, alone, experiments)
}

/// The corrected tests find something where there is nothing in at most 5 % of experiments, and uncorrected ones in far more.
#[test]
fn of_several_policies_that_change_nothing_holm_finds_one_in_at_most_five_percent() {
    let (corrected, alone, experiments) = false_findings();
    let most = Binomial::new(1.0 - CHANCE, u64::from(experiments)).expect("a chance").inverse_cdf(1.0 - LEVEL);
    assert!(u64::from(corrected) <= most, "{corrected} of {experiments}");
    assert!(f64::from(corrected) > 0.02 * f64::from(experiments), "{corrected}: tests that never find anything are no tests");
    assert!(f64::from(alone) > 0.1 * f64::from(experiments), "{alone}: without the correction it is no 5 %");
}

fn experiment(seed: u32, policies: Vec<usize>, in_doubt: bool) -> Results {
    let plan = Plan { policies, threads: Some(1) };
    let study = loss::study(u64::from(seed), REPLICATIONS, in_doubt);
    run(&study, &plan, &Progress::default()).unwrap_or_else(|error| panic!("{error}"))
}

/// Each experiment's outcome, in their order. Plain threads: a worker of a pool that waits for a pool of its own takes up the next
/// experiment on top of the one before, until its stack is full.
fn on_all_cores<T: Send>(of: impl Fn(u32) -> T + Sync) -> Vec<T> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let part = EXPERIMENTS.div_ceil(threads as u32);
    std::thread::scope(|scope| {
        let of = &of;
        let ranges = (0..threads as u32).map(|i| i * part..((i + 1) * part).min(EXPERIMENTS));
        let running: Vec<_> = ranges.map(|range| scope.spawn(move || range.map(of).collect::<Vec<T>>())).collect();
        running.into_iter().flat_map(|thread| thread.join().expect("an experiment")).collect()
    })
}

/// The whole simulator on a system with an exact answer: levels, paired differences, and a level where demand is in doubt. Computed
/// once.
pub(crate) fn simulated() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(|| {
        let (open, half) = (Expected::of(loss::ARRIVALS, 1.0), Expected::of(loss::ARRIVALS, 0.5));
        let known = [
            ("came", open.arrived),
            ("turned away", open.lost),
            ("in service at the end", open.busy),
            ("completed", open.completed()),
            ("`completed`, difference of two policies", half.completed() - open.completed()),
            ("`requests`, difference of two policies", half.arrived - open.arrived),
            ("`abandoned`, difference of two policies", half.lost - open.lost),
            ("turned away, demand in doubt", loss::lost_in_doubt()),
        ];
        let of = |seed: u32| -> [Estimate; 8] {
            let results = experiment(seed, vec![0, 1], false);
            let counts = &results.policies[0].total.counts;
            let difference = |figure: &str| {
                let found = results.comparisons.iter().find(|c| c.class.is_none() && c.figure == figure);
                found.expect("a comparison").difference
            };
            let doubtful = experiment(EXPERIMENTS + seed, vec![0], true);
            let levels = [counts.arrived, counts.refused, counts.pending, counts.completed];
            let [came, lost, busy, completed] = levels.map(|figure| figure.expect("a figure"));
            let in_doubt = doubtful.policies[0].total.counts.refused.expect("a figure");
            let [more, sent, gone] = ["completed", "requests", "abandoned"].map(difference);
            [came, lost, busy, completed, more, sent, gone, in_doubt]
        };
        let all = on_all_cores(of);
        let case = |(index, (name, truth)): (usize, (&'static str, f64))| {
            let estimates = all.iter().map(|estimates| estimates[index]).collect();
            Case { name, truth, estimates }
        };
        known.into_iter().enumerate().map(case).collect()
    })
}

#[test]
fn of_a_simulated_loss_system_with_an_exact_transient_answer() {
    for case in simulated() {
        println!("{:<42} {:>9.3} {:>5} ± {:.2}", case.name, case.truth, case.held(), case.half_width());
    }
    for case in simulated() {
        assert!(case.may_be(), "{}: {} of {EXPERIMENTS} intervals hold {}", case.name, case.held(), case.truth);
    }
}
