//! Delays on a grid of cells: how much of what begins in one cell ends so many cells later.

use crate::model::{Backoff, Jitter, Sampler};
use crate::time::Span;
use std::ops::Range;

/// What is less likely than this is taken to end with the first cell of a kernel, and with the last.
const REST: f64 = 1e-9;
/// Error of an average over a cell.
const TOLERANCE: f64 = 1e-9;
/// Halvings of a cell at most, where a distribution jumps.
const DEEPEST: u32 = 36;

/// The average of a distribution function over `[from, to]`, in nanoseconds. It rises, so that a piece on which it rises
/// by d is known to half of d times its width.
fn average(cdf: &impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    fn piece(cdf: &impl Fn(f64) -> f64, ends: [(f64, f64); 3], whole: f64, (depth, least): (u32, u32)) -> f64 {
        let [(a, at_a), (m, at_m), (b, at_b)] = ends;
        let (l, r) = (a.midpoint(m), m.midpoint(b));
        let (at_l, at_r) = (cdf(l), cdf(r));
        let simpson = |width: f64, x: f64, y: f64, z: f64| width / 6.0 * (x + 4.0 * y + z);
        let (left, right) = (simpson(m - a, at_a, at_l, at_m), simpson(b - m, at_m, at_r, at_b));
        let known = (at_b - at_a) * (b - a) / whole < TOLERANCE;
        let agree = (left + right - simpson(b - a, at_a, at_m, at_b)).abs() / whole < 0.1 * TOLERANCE && depth < DEEPEST - least;
        if known || agree || depth == 0 {
            return left + right;
        }
        piece(cdf, [(a, at_a), (l, at_l), (m, at_m)], whole, (depth - 1, least))
            + piece(cdf, [(m, at_m), (r, at_r), (b, at_b)], whole, (depth - 1, least))
    }
    let (a, b) = (cdf(from), cdf(to));
    if b - a < TOLERANCE {
        return a.midpoint(b);
    }
    let m = from.midpoint(to);
    // Where much ends in one cell, a jump may hide between few points.
    let least = if b - a > 0.05 { 6 } else { 1 };
    piece(cdf, [(from, a), (m, cdf(m)), (to, b)], to - from, (DEEPEST, least)) / (to - from)
}

/// The averages of a distribution function over the cells of a grid, one after the other.
struct Averages<F> {
    cdf: F,
    width: f64,
    /// At the ends of cells: of the last one, of the next one, and of those beside them.
    ends: [f64; 4],
    next: usize,
}

impl<F: Fn(f64) -> f64> Averages<F> {
    fn new(cdf: F, width: f64) -> Averages<F> {
        let ends = [0.0, cdf(0.0), cdf(width), cdf(2.0 * width)];
        Averages { cdf, width, ends, next: 0 }
    }

    /// That over the next cell. Where the function is smooth, by Simpson's rule, whose error is a 44th of its distance to the integral of the cubic
    /// through the ends of three cells; this sees no jump between two points, hence also through its middle.
    fn next(&mut self) -> f64 {
        let (from, to) = (self.next as f64 * self.width, (self.next + 1) as f64 * self.width);
        let [before, a, b, after] = self.ends;
        let average = if b - a < TOLERANCE {
            a.midpoint(b)
        } else {
            let m = (self.cdf)(from.midpoint(to));
            let simpson = (a + 4.0 * m + b) / 6.0;
            let cubic = (13.0 * (a + b) - before - after) / 24.0;
            let middle = (9.0 * (a + b) - before - after) / 16.0;
            let smooth = self.next > 0 && (simpson - cubic).abs() < TOLERANCE && (m - middle).abs() < TOLERANCE;
            if smooth { simpson } else { average(&self.cdf, from, to) }
        };
        self.next += 1;
        self.ends = [a, b, after, (self.cdf)((self.next + 2) as f64 * self.width)];
        average
    }
}

/// The chance to end so many cells later (0, 1, 2 …) for what begins anywhere in its cell alike: exact, so that means of
/// delays longer than a cell are kept. What would end after `most` cells ends nowhere.
fn between_cells(delay: &Sampler, cell: Span, most: usize) -> Vec<f64> {
    let mut averages = Averages::new(|nanos: f64| delay.cdf(nanos), cell.0 as f64);
    let mut chances = Vec::new();
    let mut before = 0.0;
    for _ in 0..most {
        // The average over the cell of births of the chance to have ended by the end of this cell.
        let by_then = averages.next();
        let by_then = if by_then < REST { 0.0 } else { by_then };
        chances.push((by_then - before).max(0.0));
        before = by_then;
        if 1.0 - before < REST {
            if let Some(last) = chances.last_mut() {
                *last += 1.0 - before;
            }
            break;
        }
    }
    chances
}

/// The kernels of a grid: the same delay is reckoned once.
#[derive(Debug)]
pub(super) struct Kernels {
    cell: Span,
    most: usize,
    known: Vec<(Sampler, Vec<f64>)>,
}

impl Kernels {
    pub(super) fn new(cell: Span, cells: usize) -> Kernels {
        Kernels { cell, most: cells.saturating_add(1), known: Vec::new() }
    }

    /// That of [`between_cells`].
    pub(super) fn of(&mut self, delay: &Sampler) -> Vec<f64> {
        if let Some((_, chances)) = self.known.iter().find(|(known, _)| known == delay) {
            return chances.clone();
        }
        let chances = between_cells(delay, self.cell, self.most);
        self.known.push((delay.clone(), chances.clone()));
        chances
    }

    /// That of a delay which ends in a later cell than it began.
    pub(super) fn later(&mut self, delay: &Sampler) -> Vec<f64> {
        self.repaying(delay, 0.0).0
    }

    /// The same for those whom earlier delays have made late by so many cells on average: this one is so much shorter, as far as
    /// may be; gives what they are late by after it.
    pub(super) fn repaying(&mut self, delay: &Sampler, late: f64) -> (Vec<f64>, f64) {
        from_next_cell(self.of(delay), late)
    }

    /// That of [`after_an_instant`].
    pub(super) fn after_an_instant(&self, delay: &Sampler) -> Vec<f64> {
        after_an_instant(delay, self.cell, self.most)
    }
}

/// The chance to end so many cells later for what begins when a cell does.
fn after_an_instant(delay: &Sampler, cell: Span, most: usize) -> Vec<f64> {
    let width = cell.0 as f64;
    let mut chances = Vec::new();
    let mut before = 0.0;
    for j in 0..most {
        // What takes no time ends in its own cell.
        let by_then = delay.cdf((j + 1) as f64 * width);
        chances.push(by_then - before);
        before = by_then;
        if 1.0 - before < REST {
            break;
        }
    }
    chances
}

/// The delay before the try after so many.
pub(super) fn backoff(backoff: &Backoff, tries: u16) -> Sampler {
    match backoff {
        Backoff::Drawn(sampler) => sampler.clone(),
        Backoff::CappedExponential { jitter, .. } => {
            let waits = backoff.waits(tries);
            let wait = waits.get(usize::from(tries) - 1).or(waits.last()).copied().unwrap_or(0.0);
            let (least, most) = match jitter {
                Jitter::None => (wait, wait),
                Jitter::Equal => (0.5 * wait, wait),
                Jitter::Full => (0.0, wait),
            };
            let (least, most) = (Span::from_nanos(least), Span::from_nanos(most));
            Sampler::uniform(least, most).unwrap_or(Sampler::constant(most))
        }
    }
}

/// Moves what would end in the cell in which it begins to the next one, and as much from later cells to earlier ones as
/// keeps the mean, and mends what was `late` before, where there is so much; gives what is late still, in cells.
fn from_next_cell(mut chances: Vec<f64>, late: f64) -> (Vec<f64>, f64) {
    if chances.len() < 2 {
        let all: f64 = chances.iter().sum();
        return (vec![0.0, all], late + all);
    }
    let first = std::mem::take(&mut chances[0]);
    let mut late = late + first;
    chances[1] += first;
    for j in 2..chances.len() {
        let steps = (j - 1) as f64;
        let moved = chances[j].min(late / steps);
        chances[j] -= moved;
        chances[1] += moved;
        late -= moved * steps;
        if late <= 0.0 {
            break;
        }
    }
    (chances, late.max(0.0))
}

/// A kernel as a sum of even pieces: `(lag, weight)` says that from this lag on each cell has so much more than the lag
/// before.
pub(super) fn pieces(chances: &[f64]) -> Vec<(usize, f64)> {
    let mut pieces = Vec::new();
    let (mut from, mut level) = (1, 0.0);
    while from < chances.len() {
        let first = chances[from];
        let even = |j: &usize| (chances[*j] - first).abs() <= 1e-7 * first.abs();
        let to = from + (from..chances.len()).take_while(even).count().max(1);
        let next = chances[from..to].iter().sum::<f64>() / (to - from) as f64;
        if next != level {
            pieces.push((from, next - level));
            level = next;
        }
        from = to;
    }
    if level != 0.0 {
        pieces.push((chances.len(), -level));
    }
    pieces
}

/// Some lags of a kernel, between blocks of cells: for what begins in any cell of a block alike, the chance to end in each cell of the
/// block so many later. Keeps the mean; nothing may end sooner than after a block.
pub(super) fn spread(chances: &[f64], block: usize, lags: Range<usize>) -> Vec<f64> {
    let mut blocks = vec![0.0; lags.end / block + 2];
    let part = 1.0 / block as f64;
    for lag in lags {
        let (whole, rest) = (lag / block, (lag % block) as f64 * part);
        blocks[whole] += part * chances[lag] * (1.0 - rest);
        blocks[whole + 1] += part * chances[lag] * rest;
    }
    while blocks.last() == Some(&0.0) {
        blocks.pop();
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: Span = Span::from_seconds(10);

    fn mean(chances: &[f64]) -> f64 {
        chances.iter().enumerate().map(|(j, chance)| j as f64 * chance).sum::<f64>() * CELL.seconds()
    }

    fn every_kind() -> Vec<Sampler> {
        let s = Span::from_seconds;
        [
            Ok(Sampler::constant(s(47))),
            Sampler::exponential(s(50)),
            Sampler::exponential(Span(30_000_000)),
            Sampler::lognormal(s(240), 0.8),
            Sampler::gamma(s(90), 0.5),
            Sampler::uniform(s(0), s(300)),
            Sampler::uniform(Span(5_050_000_000), Span(5_100_000_000)),
            Sampler::empirical(&[s(3), s(14), s(40)], &[]),
        ]
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("valid")
    }

    #[test]
    fn kernels_are_whole_and_keep_the_mean() {
        for delay in every_kind() {
            let chances = between_cells(&delay, CELL, 100_000);
            assert!((chances.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{delay:?}");
            let error = (mean(&chances) - delay.mean_seconds()).abs();
            assert!(error < 2e-6 * CELL.seconds().max(delay.mean_seconds()), "{delay:?}: {error}");
            let (later, _) = from_next_cell(chances, 0.0);
            assert!(later[0] == 0.0 && (later.iter().sum::<f64>() - 1.0).abs() < 1e-12);
            let kept = delay.mean_seconds() < 2.0 * CELL.seconds() || (mean(&later) - delay.mean_seconds()).abs() < 1e-3;
            assert!(kept, "{delay:?}: {}", mean(&later));
        }
    }

    #[test]
    fn averages_by_few_points_are_those_by_many() {
        let s = Span::from_seconds;
        // In equal steps at the ends of cells, where the ends alone look like a straight line.
        let steps: Vec<Span> = (1..=300).map(|j| s(10 * j)).collect();
        for delay in every_kind().into_iter().chain(Sampler::empirical(&steps, &[]).ok()) {
            let cdf = |nanos: f64| delay.cdf(nanos);
            let width = CELL.0 as f64;
            let mut averages = Averages::new(cdf, width);
            for j in 0..400 {
                let (few, many) = (averages.next(), average(&cdf, j as f64 * width, (j + 1) as f64 * width));
                assert!((few - many).abs() < 2e-9, "{delay:?} in cell {j}: {few} {many}");
            }
        }
    }

    #[test]
    fn a_short_service_keeps_its_share_of_a_cell() {
        // What of a service is still to do when its cell ends is the mean over the cell's width.
        let short = Sampler::exponential(Span(30_000_000)).expect("valid");
        let left = 1.0 - between_cells(&short, CELL, 100)[0];
        assert!((left / 0.003 - 1.0).abs() < 1e-5, "{left}");
    }

    #[test]
    fn pieces_add_up_to_the_kernel_and_an_even_one_is_one_piece() {
        for delay in every_kind() {
            let (chances, _) = from_next_cell(between_cells(&delay, CELL, 100_000), 0.0);
            let pieces = pieces(&chances);
            let (mut level, mut sum, mut first) = (0.0, 0.0, 0.0);
            for j in 0..chances.len() {
                level += pieces.iter().filter(|(lag, _)| *lag == j).map(|(_, weight)| weight).sum::<f64>();
                sum += level;
                first += level * j as f64;
            }
            assert!((sum - 1.0).abs() < 1e-9, "{delay:?}");
            assert!((first * CELL.seconds() - mean(&chances)).abs() < 1e-3 * mean(&chances).max(1.0), "{delay:?}");
        }
        let even = between_cells(&Sampler::uniform(Span::ZERO, Span::from_seconds(300)).expect("valid"), CELL, 100);
        assert!(pieces(&from_next_cell(even, 0.0).0).len() <= 5);
    }

    #[test]
    fn backoffs_are_those_of_the_tries() {
        let capped = |jitter| Backoff::CappedExponential {
            first: Span::from_seconds(5),
            factor: 2.0,
            max: Span::from_seconds(15),
            jitter,
        };
        let mean = |jitter, tries| backoff(&capped(jitter), tries).mean_seconds();
        assert_eq!([1, 2, 3, 9].map(|tries| mean(Jitter::None, tries)), [5.0, 10.0, 15.0, 15.0]);
        assert_eq!((mean(Jitter::Equal, 2), mean(Jitter::Full, 2)), (7.5, 5.0));
    }

    #[test]
    fn after_an_instant_nothing_is_smeared() {
        let chances = after_an_instant(&Sampler::constant(Span::from_seconds(47)), CELL, 100);
        assert_eq!(chances, [0.0, 0.0, 0.0, 0.0, 1.0]);
        let at_once = after_an_instant(&Sampler::constant(Span::ZERO), CELL, 100);
        assert_eq!(at_once, [1.0]);
    }
}
