//! The words and tables of the page.

use super::solver;
use crate::coverage;
use crate::family::Family;
use crate::fluid::{self, SCALES};
use crate::pairing::{self, Gain};
use crate::table::{COMPARISONS, FALSE_ALARM, Row};
use std::collections::BTreeMap;
use std::fmt::Write;

/// So many significant digits, without an exponent.
fn digits(value: f64, count: i32) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let decimals = (count - 1 - value.abs().log10().floor() as i32).max(0) as usize;
    format!("{value:.decimals$}").replace('-', "−")
}

pub(super) fn signed(value: f64, decimals: usize) -> String {
    format!("{value:+.decimals$}").replace('-', "−")
}

/// In thousands separated by commas.
pub(super) fn people(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 && text != "0" { format!("−{text}") } else { text }
}

/// The whole page.
pub(super) fn page(families: impl Iterator<Item = &'static Family>) -> String {
    let families: Vec<&Family> = families.collect();
    let rows: Vec<&Row> = families.iter().flat_map(|family| &family.table().rows).collect();
    let mut page = String::new();
    head(&mut page, &rows);
    day(&mut page);
    fluid_limit(&mut page);
    solver::section(&mut page);
    covered(&mut page);
    paired(&mut page);
    page.push_str("\n## Every comparison\n");
    for family in families {
        table(&mut page, family);
    }
    page
}

/// The farthest case, and what another run of it gave.
const LOOKED_AT_AGAIN: (&str, &str) = (
    "orphans, rate 3, 40 places, T 41",
    " Simulated again, eight times as long and with other luck, that figure is 0.43 standard errors away.",
);

fn head(page: &mut String, rows: &[&Row]) {
    let count = rows.len();
    let beyond = rows
        .iter()
        .filter(|row| {
            row.simulated.low.is_some_and(|low| low > row.reference)
                || row.simulated.high.is_some_and(|high| high < row.reference)
        })
        .count();
    let failed = rows.iter().filter(|row| row.fault().is_some()).count();
    let worst = rows.iter().max_by(|a, b| a.z.abs().total_cmp(&b.z.abs())).expect("rows");
    let square = (rows.iter().map(|row| row.z * row.z).sum::<f64>() / count as f64).sqrt();
    let mean = rows.iter().map(|row| row.z).sum::<f64>() / count as f64;
    let mut of_cases: BTreeMap<&str, f64> = BTreeMap::new();
    rows.iter().for_each(|row| *of_cases.entry(&row.case).or_default() += row.z - mean);
    let mean_error = of_cases.values().map(|sum| sum * sum).sum::<f64>().sqrt() / count as f64;
    let expected = 0.05 * count as f64;
    let _ = write!(
        page,
        "\
# Validation

The simulator beside {count} numbers that are known from theory, then beside the fluid limit, which growing copies of a system come to. Every
reference is computed without the engine: from a formula, by solving a Markov chain, or by integrating differential equations. This
page is written by `CLICKDAY_UPDATE=1 cargo test --test theory`; `cargo test` fails when it no longer is what the suite finds.

**How to read it.** Each case is a scenario as a user would write it, run in independent replications (24 of most, 2,000 of a day). *Simulated* is
the mean over replications, followed by its 95 % interval (Student's t); *z* is the distance from the reference in standard errors. A
right simulator has intervals that miss the reference in one case of twenty, and values of z that follow Student's t distribution.

**The level.** The suite fails if any |z| is beyond the quantile of Student's t that a right simulator would pass anywhere in the suite
with a probability of {alarm} %, were its seeds drawn anew: {FALSE_ALARM} is shared by {COMPARISONS} comparisons (Bonferroni), which comes to |z| > {limit:.1} for 24 replications.
It fails too if a standard error is so large that the comparison proves nothing (2 % of the reference, where the test does not state another share).
`THEORY_EFFORT=16 cargo test --release --test theory -- --nocapture` simulates sixteen times as much, with other luck.

**What came of it.** {failed} of {count} comparisons fail. {beyond} intervals miss their reference, where {expected:.0} are to be expected; the largest |z| is
{largest:.2} ({case}, {figure}).{again}
The values of z have the root mean square {square:.2} and the mean {mean}, whose standard error is {mean_error:.2} when figures of one case, which
share their runs, are taken together.

![Ordered z against quantiles of the normal distribution](images/validation/z-scores.png)
",
        alarm = 100.0 * FALSE_ALARM,
        limit = worst_limit(rows),
        largest = worst.z.abs(),
        again = if worst.case == LOOKED_AT_AGAIN.0 { LOOKED_AT_AGAIN.1 } else { "" },
        case = worst.case,
        figure = worst.figure,
        mean = signed(mean, 2),
    );
}

/// The limit of the cases with fewest replications.
fn worst_limit(rows: &[&Row]) -> f64 {
    rows.iter().map(|row| row.limit).fold(0.0, f64::max)
}

fn day(page: &mut String) {
    page.push_str(
        "
## A day, against the forward equations

Poisson requests whose rate changes by the hour, workers who come and go (none before 00:45, then 4, 8, 2 and 6), 40 waiting places: the chain's
forward equations, integrated over the day, give the exact expected queue in every quarter of an hour. The second day has an outage, the third and fourth a
closed window, whose people come back after an exponential delay, or all at once.

![Expected queue over the day, simulated and exact](images/validation/day.png)
",
    );
}

fn fluid_limit(page: &mut String) {
    let outcome = fluid::outcome();
    let scales = SCALES.map(|(scale, _)| format!("scale {scale}"));
    let _ = write!(
        page,
        "
## The fluid limit of the two days at INPS

The scenario of 1 and 2 April 2020 without those who need operators or come in small numbers: 1,194,500 citizens and 69,000 accountants, with the outages, the
doubled capacity, retries, returns and time windows of `scenarios/inps-2020-04.json`, and returns without end. The reference is a
deterministic account of flows: on a grid of time, how many people send their first, second … eighth request of each step, think, wait for
another try, are away for hours or for an opening; the station's queue and services, with and without a client, by differential
equations. It shares no code with the engine. Its own error is estimated by halving the grid (20, 10, 5 s).
The solver of `clickday fluid` is another one, see [below](#the-solver-of-clickday-fluid).

Copies of the system at a hundredth, 4, 16 and 64 hundredths of its size and the system itself are simulated {runs} times; counts are divided by the
scale.

![Goodput over the two days, fluid and simulated, and how bias and deviation fall with the scale](images/validation/fluid.png)

| counted | fluid | ± grid | {scales} | limit − fluid | z | slope of the deviation |
| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |
",
        runs = listed(&SCALES.map(|(_, n)| n.to_string())),
        scales = scales.join(" | "),
    );
    for figure in &outcome.figures {
        let biases: Vec<String> = (0..SCALES.len()).map(|scale| signed(100.0 * figure.bias(scale), 2) + " %").collect();
        let (away, error, z) = figure.limit();
        let (slope, slope_error) = figure.slope();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} ± {} | {} | {} ± {:.2} |",
            figure.name,
            people(figure.fluid),
            people(figure.grid),
            biases.join(" | "),
            people(away),
            people(error),
            digits(z, 2),
            signed(slope, 2),
            slope_error
        );
    }
    fluid_rates(page, outcome);
}

fn fluid_rates(page: &mut String, outcome: &fluid::Outcome) {
    let all: Vec<String> = (0..SCALES.len()).map(|scale| format!("{:.2} %", 100.0 * fluid::bias(outcome, scale))).collect();
    let (slope, slope_error) = outcome.timeouts().bias_slope();
    let _ = write!(
        page,
        "
Columns of scales: how far the simulated mean is from the fluid. *Limit*: the simulated mean at a scale without end, on a straight line in s^(−1/2)
through the copies from 0.04 on, with its standard error; *z* is what is left of its distance when the grid's error is taken off, in standard
errors; it must be below {most:.1}. *Slope*: the exponent of the scale in the standard deviation of one replication, from 0.04 to 1, with its standard
error; theory has −½.

The root mean square of the biases is {all}; at the largest sizes it is chance that is left. The largest is that of
the timeouts: a small system leaves the collapse of the second night sooner than the fluid, which passes a critical load slowly. Where the day passes such a
load, theory gives s^(−1/2) for the bias, and 1/s elsewhere (Mandelbaum, Massey & Reiman 1998); that of the timeouts falls with the exponent
{slope} ± {slope_error:.2}.

At the scale of 0.01 (two workers, 100 places) chance alone can fill the queue: in the first night it was over half full for a quarter of an hour in {small} of
{runs} replications, at the larger scales in {large}, and never in the fluid. Hence the deviations there, {jump:.1} times what −½ would make of those at
0.04. A probability of collapse must not be carried from one scale to another.

What the comparison can see was tried by giving the account alone a fault: 2 % less work a request, 5 % fewer places, 5 % shorter absences and a timeout
of 100 s are all found; think times 10 % shorter and backoffs 5 % longer are not, as they move none of these figures by more than chance does.
",
        most = outcome.most,
        all = listed(&all),
        slope = signed(slope, 2),
        jump = jump(outcome),
        small = outcome.nights[0],
        runs = SCALES[0].1,
        large = match outcome.nights[1..].iter().sum::<usize>() {
            0 => "none".to_owned(),
            nights => nights.to_string(),
        },
    );
}

/// `a, b and c`.
fn listed(items: &[String]) -> String {
    items.split_last().map_or_else(String::new, |(last, most)| format!("{} and {last}", most.join(", ")))
}

/// How far intervals are from what they say.
fn covered(page: &mut String) {
    let cases = coverage::simulated();
    let (low, high) = coverage::bounds();
    let _ = write!(
        page,
        "
## Intervals that hold what they say

An interval of 95 % is one that holds the truth in 95 % of experiments. A system with an exact answer, five workers without a queue who start empty and are sent
{arrivals} requests in four minutes (M/M/c/c, its forward equations integrated), is put to the test as a user would: {experiments} experiments of
{replications} replications each, with seeds of their own, every interval as the program tells it. The differences are paired, between that day and one on which nobody may
enter in its second half; *in doubt* is a random factor of cv {doubt} on demand (`experiment.demand`), the truth then being the mean over factors.

![The intervals of the first hundred experiments, and the share that hold the truth by figure](images/validation/coverage.png)

| | figure | truth | half width | hold it, of {experiments} | verdict |
| --: | --- | --: | --: | --: | --- |
",
        arrivals = coverage::ARRIVALS,
        experiments = people(f64::from(coverage::EXPERIMENTS)),
        replications = coverage::REPLICATIONS,
        doubt = coverage::DOUBT,
    );
    for (place, case) in cases.iter().enumerate() {
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} |",
            place + 1,
            case.name,
            digits(case.truth, 5),
            digits(case.half_width(), 3),
            case.held(),
            if case.may_be() { "holds" } else { "off" },
        );
    }
    let (corrected, alone, experiments) = coverage::false_findings();
    let share = |count: u32| 100.0 * f64::from(count) / f64::from(experiments);
    let _ = write!(
        page,
        "
The number that hold is binomial; it must lie between {low} and {high}, which a right program leaves once in a million runs. The last interval is wider than the
second by a factor of {wider:.1}: that is the doubt about how many come, which an interval at a fixed number leaves out.

Student's interval is exact for normal figures, and so close to it for a day's sums. Of values as skewed as exponential ones it holds, over ten replications,
{skewed:.1} % in place of 95 %, and over 200 {many:.1} %: more replications mend it. Of four policies that change nothing, one at least is told from
the baseline in {corrected:.1} % of {experiments} experiments after Holm's correction (at most 5 % are claimed), and in {alone:.1} % without it. Wilson's interval of a
probability holds it in 95 to 96 % on average over all probabilities, computed from the binomial distribution.
",
        wider = cases[7].half_width() / cases[1].half_width(),
        skewed = 100.0 * coverage::skewed(10),
        many = 100.0 * coverage::skewed(200),
        corrected = share(corrected),
        alone = share(alone),
        experiments = people(f64::from(experiments)),
    );
}

/// How much larger the deviations at the smallest scale are than the root of the scale makes them, in the geometric mean.
fn jump(outcome: &fluid::Outcome) -> f64 {
    let root = (SCALES[1].0 / SCALES[0].0).sqrt();
    let logs = outcome.figures.iter().map(|figure| (figure.samples[0].deviation / figure.samples[1].deviation / root).ln());
    (logs.sum::<f64>() / outcome.figures.len() as f64).exp()
}

fn paired(page: &mut String) {
    let _ = write!(
        page,
        "
## Paired differences

The same person brings the same luck under every policy, so that differences are taken replication by replication. What that gains on the scenario of
INPS, at a scale of {} in {} replications: the variance of the difference to open access, as a share of what independent runs would give (the sum
of both variances). 1 is no gain; 0.01 saves 99 of 100 replications.

| site | policy | figure | difference | paired / independent |
| --- | --- | --- | --: | --: |
",
        pairing::SCALE,
        pairing::REPLICATIONS,
    );
    for Gain { site, policy, figure, difference, ratio } in pairing::gains() {
        let unit = if figure.starts_with("time_to") { " s" } else { "" };
        let half = difference.high.unwrap_or(f64::NAN) - difference.mean;
        let _ = writeln!(
            page,
            "| {site} | {policy} | `{figure}` | {}{unit} ± {} | {} |",
            people(difference.mean),
            people(half),
            digits(*ratio, 2)
        );
    }
    let [was, copes] = pairing::SITES.map(|(site, _)| pairing::ratio(site));
    let _ = write!(
        page,
        "
In the geometric mean {was:.2} and {copes:.2}. Pairing gains much where two policies treat most people alike (`time-split` leaves the first day, and with it nearly all
requests, as it was), and little where a policy moves nearly everybody, or where a collapse amplifies chance: a small difference then grows into
another course of the day. It does not bias anything, and intervals of differences are right with much or little gain. That a further policy changes no
other number, and a further class nobody else's draws, is tested in `tests/determinism.rs`; that the same applicant has the same intended arrival,
work and patience under every policy, in `tests/common_random_numbers.rs`.
"
    );
}

fn table(page: &mut String, family: &Family) {
    let _ = write!(
        page,
        "
### {}

Reference: {}. Test: `{}`.

| case | figure | reference | simulated | 95 % interval | z | verdict |
| --- | --- | --: | --: | --- | --: | --- |
",
        family.title, family.source, family.test
    );
    for row in &family.table().rows {
        let estimate = &row.simulated;
        let near = |bound: Option<f64>| bound.map_or("–".to_owned(), |bound| digits(bound, 5));
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} to {} | {} | {} |",
            row.case,
            row.figure,
            digits(row.reference, 5),
            digits(estimate.mean, 5),
            near(estimate.low),
            near(estimate.high),
            signed(row.z, 2),
            row.fault().unwrap_or("holds"),
        );
    }
}
