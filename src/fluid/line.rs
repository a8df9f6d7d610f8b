//! A line of people who are somewhere for a time: what comes in goes out later, spread by a kernel.
//!
//! What is far back need not be known to a cell: the kernel is cut into layers by lag, each of which reckons in blocks of cells, at
//! most an eighth of the lags that it serves. However long a delay, a cell costs a few dozen pieces ([`Line::cost`]).

use super::kernel::{pieces, spread};
use super::sum::{add, sum};
use std::ops::Range;

/// Lags of a block in a layer: its least lag is so many blocks.
const BLOCKS: usize = 8;
/// By this share of itself blocks may raise the variance of a delay.
const BLUR: f64 = 0.004;
/// A kernel of so few pieces is not cut into layers.
const FEW: usize = 12;

/// Flows by label, cell by cell.
#[derive(Debug)]
pub(super) struct Line {
    layers: Vec<Layer>,
    width: usize,
    /// What came in until now.
    total: Vec<f64>,
    /// Where nothing ever came in, nothing is to be reckoned.
    used: bool,
}

/// The lags of a line that are reckoned in blocks of one width.
#[derive(Debug)]
struct Layer {
    /// Cells of a block.
    block: usize,
    /// From this lag on, in blocks, each has so much more of what came in than the lag before.
    pieces: Vec<(usize, f64)>,
    /// A ring of rows, a power of two of them: that of a block is what came in up to its end.
    totals: Vec<f64>,
    rows: usize,
    /// What ends in each cell of the present block; empty where blocks are cells.
    due: Vec<f64>,
}

impl Layer {
    /// Of a kernel, some lags.
    fn new(block: usize, chances: &[f64], lags: Range<usize>) -> Layer {
        let pieces = pieces(&spread(chances, block, lags));
        let rows = (pieces.last().map_or(0, |(lag, _)| *lag) + 1).next_power_of_two();
        Layer { block, pieces, totals: Vec::new(), rows, due: Vec::new() }
    }

    fn row(&self, block: usize, width: usize) -> usize {
        (block & (self.rows - 1)) * width
    }

    /// Adds to `out` what ends in a block, by cell.
    fn bring(&self, block: usize, width: usize, out: &mut [f64]) {
        for (lag, weight) in &self.pieces {
            // Before the first cell nothing came in.
            let Some(then) = block.checked_sub(*lag) else { break };
            let row = self.row(then, width);
            add(out, *weight, &self.totals[row..row + width]);
        }
    }
}

impl Line {
    /// A line whose kernel has nothing at lag 0.
    pub(super) fn new(chances: &[f64], width: usize) -> Line {
        let layers = if pieces(chances).len() <= FEW { vec![Layer::new(1, chances, 0..chances.len())] } else { cut(chances) };
        Line { layers, width, total: Vec::new(), used: false }
    }

    /// Pieces reckoned a cell, on average: what it costs, by label.
    #[cfg(test)]
    pub(super) fn cost(&self) -> f64 {
        self.layers.iter().map(|layer| layer.pieces.len() as f64 / layer.block as f64).sum()
    }

    /// Adds to `out` what ends in a cell.
    pub(super) fn ends(&mut self, cell: usize, out: &mut [f64]) {
        if !self.used {
            return;
        }
        for layer in &mut self.layers {
            if layer.block == 1 {
                layer.bring(cell, self.width, out);
                continue;
            }
            if cell.is_multiple_of(layer.block) {
                let mut due = std::mem::take(&mut layer.due);
                due.fill(0.0);
                layer.bring(cell / layer.block, self.width, &mut due);
                layer.due = due;
            }
            add(out, 1.0, &layer.due);
        }
    }

    /// A share of a flow comes in, in a cell, at `label` and those after it.
    pub(super) fn begin(&mut self, label: usize, share: f64, flow: &[f64]) {
        if !self.used {
            self.used = true;
            self.total = vec![0.0; self.width];
            for layer in &mut self.layers {
                layer.totals = vec![0.0; layer.rows * self.width];
                layer.due = vec![0.0; if layer.block > 1 { self.width } else { 0 }];
            }
        }
        add(&mut self.total[label..], share, flow);
    }

    /// All of a cell have come in.
    pub(super) fn end_cell(&mut self, cell: usize) {
        let next = cell + 1;
        for layer in self.layers.iter_mut().filter(|layer| self.used && next.is_multiple_of(layer.block)) {
            let row = layer.row(cell / layer.block, self.width);
            layer.totals[row..row + self.width].copy_from_slice(&self.total);
        }
    }
}

/// The layers of a kernel: each serves the lags from so many blocks on, until those of the next one begin. Blocks blur a delay: a block of
/// b cells adds b²/6 to the variance of those who end in its layer, and is no wider than all layers' share of the variance allows.
fn cut(chances: &[f64]) -> Vec<Layer> {
    let moment = |power: i32| chances.iter().enumerate().map(|(lag, chance)| (lag as f64).powi(power) * chance).sum::<f64>();
    let all = moment(0).max(f64::MIN_POSITIVE);
    let mut blur = BLUR * (moment(2) / all - (moment(1) / all).powi(2)).max(0.0);
    let mut layers = Vec::new();
    let (mut block, mut from, mut to) = (1, 0, 2 * BLOCKS);
    while to < chances.len() {
        let next = sum(&chances[to..(2 * to).min(chances.len())]) / all;
        let blurs = |block: usize| next * (block * block) as f64 / 6.0;
        let wider = std::iter::successors(Some(to / BLOCKS), |block| Some(block / 2)).take_while(|wider| *wider > block);
        if let Some(wider) = wider.into_iter().find(|wider| blurs(*wider) <= blur) {
            layers.push(Layer::new(block, chances, from..to));
            blur -= blurs(wider);
            (block, from) = (wider, to);
        }
        to *= 2;
    }
    layers.push(Layer::new(block, chances, from..chances.len()));
    layers.retain(|layer| !layer.pieces.is_empty());
    layers
}

#[cfg(test)]
mod tests {
    use super::super::kernel::Kernels;
    use super::*;
    use crate::model::Sampler;
    use crate::time::Span;

    #[test]
    fn what_comes_in_goes_out_by_the_kernel() {
        let mut line = Line::new(&[0.0, 0.5, 0.25, 0.25], 2);
        let mut went: Vec<Vec<f64>> = Vec::new();
        for cell in 0..9 {
            let mut out = vec![0.0; 2];
            line.ends(cell, &mut out);
            went.push(out);
            if cell == 2 {
                line.begin(1, 2.0, &[4.0]);
            }
            if cell == 3 {
                line.begin(0, 1.0, &[1.0, 4.0]);
            }
            line.end_cell(cell);
        }
        let second: Vec<f64> = went.iter().map(|out| out[1]).collect();
        assert_eq!(second, [0.0, 0.0, 0.0, 4.0, 4.0, 3.0, 1.0, 0.0, 0.0]);
        assert_eq!(went.iter().map(|out| out[0]).sum::<f64>(), 1.0);
    }

    fn delays() -> Vec<Sampler> {
        let s = Span::from_seconds;
        [
            Ok(Sampler::constant(s(36_000))),
            Sampler::uniform(s(0), s(40_000)),
            Sampler::exponential(s(3_000)),
            Sampler::lognormal(s(14_400), 1.0),
            Sampler::lognormal(s(600), 0.2),
            Sampler::lognormal(s(400_000), 3.0),
            Sampler::gamma(s(9_000), 0.5),
        ]
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("valid")
    }

    #[test]
    fn a_long_delay_costs_a_few_dozen_pieces_a_cell_and_its_own_memory() {
        for cell in [1, 10, 60] {
            let mut kernels = Kernels::new(Span::from_seconds(cell), 200_000);
            for delay in delays() {
                let line = Line::new(&kernels.later(&delay), 1);
                let rows: usize = line.layers.iter().map(|layer| layer.rows).sum();
                assert!(line.cost() <= 50.0, "{delay:?} in cells of {cell} s: {}", line.cost());
                assert!(rows <= 4 * kernels.later(&delay).len(), "{delay:?}: {rows}");
            }
        }
    }

    #[test]
    fn layers_keep_all_people_the_mean_and_nearly_the_deviation() {
        let mut kernels = Kernels::new(Span::from_seconds(60), 100_000);
        for delay in delays() {
            let chances = kernels.later(&delay);
            if sum(&chances) < 1.0 - 1e-9 {
                // Some never end within the clock.
                continue;
            }
            let mut line = Line::new(&chances, 1);
            let cells = chances.len() + 10_000;
            // As many in each of more cells than a block has, so that it does not matter where in a block they fall.
            let (mut sums, before) = ([0.0; 3], 1_u32 << 14);
            for cell in 0..before as usize + cells {
                let mut out = [0.0];
                line.ends(cell, &mut out);
                let lag = cell as f64 - 0.5 * (f64::from(before) - 1.0);
                (0..3).for_each(|power| sums[power as usize] += out[0] * lag.powi(power) / f64::from(before));
                if cell < before as usize {
                    line.begin(0, 1.0, &[1.0]);
                }
                line.end_cell(cell);
            }
            let moment = |power: i32| chances.iter().enumerate().map(|(lag, p)| p * (lag as f64).powi(power)).sum::<f64>();
            assert!((sums[0] - 1.0).abs() < 1e-9, "{delay:?}: {}", sums[0]);
            assert!((sums[1] / moment(1) - 1.0).abs() < 1e-7, "{delay:?}: {} {}", sums[1], moment(1));
            let variance = sums[2] - sums[1].powi(2) - (f64::from(before).powi(2) - 1.0) / 12.0;
            let exact = moment(2) - moment(1).powi(2);
            assert!((variance - exact).abs() < 0.01 * exact + 0.2, "{delay:?}: {variance} {exact}");
        }
    }
}
