//! A line of people who are somewhere for a time: what comes in goes out later, spread by a kernel.
//!
//! What is far back need not be known to a cell: the kernel is cut into layers by lag, each of which reckons in blocks of cells, at
//! most an eighth of the lags that it serves. However long a delay, a cell costs a few dozen pieces ([`Line::cost`]).

use super::kernel::{pieces, spread};
use super::labels::Relabel;
use super::sum::{add, add_rows, sum};
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
    /// What ends in each cell until a block ends, of all layers of wider blocks than a cell.
    due: Vec<f64>,
    /// Where nothing ever came in, nothing is to be reckoned.
    used: bool,
    /// Something comes in in the present cell; the last cell in which something did, and after how many more all of it is out.
    fresh: bool,
    last: usize,
    reach: usize,
}

/// The lags of a line that are reckoned in blocks of one width.
#[derive(Debug)]
struct Layer {
    /// Cells of a block, as a power of two.
    shift: u32,
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
        debug_assert!(block.is_power_of_two());
        let rows = (pieces.last().map_or(0, |(lag, _)| *lag) + 1).next_power_of_two();
        Layer { shift: block.ilog2(), pieces, totals: Vec::new(), rows, due: Vec::new() }
    }

    /// Whether a block begins with a cell.
    fn begins(&self, cell: usize) -> bool {
        cell & ((1 << self.shift) - 1) == 0
    }

    /// Adds to `out` what ends in a block, by cell.
    fn bring(&self, block: usize, out: &mut [f64]) {
        // Before the first cell nothing came in.
        let known = if block < self.rows { self.pieces.partition_point(|(lag, _)| *lag <= block) } else { self.pieces.len() };
        add_rows(out, &self.pieces[..known], (block, self.rows - 1), &self.totals);
    }
}

impl Line {
    /// A line whose kernel has nothing at lag 0.
    pub(super) fn new(chances: &[f64], width: usize) -> Line {
        let layers = if pieces(chances).len() <= FEW { vec![Layer::new(1, chances, 0..chances.len())] } else { cut(chances) };
        let reach = layers.iter().map(|layer| (layer.rows + 2) << layer.shift).max().unwrap_or(0);
        Line { layers, width, total: Vec::new(), due: Vec::new(), used: false, fresh: false, last: 0, reach }
    }

    /// Pieces reckoned a cell, on average: what it costs, by label.
    #[cfg(test)]
    pub(super) fn cost(&self) -> f64 {
        self.layers.iter().map(|layer| layer.pieces.len() as f64 / f64::from(1 << layer.shift)).sum()
    }

    /// Whether anything may end in a cell.
    pub(super) fn is_active(&self, cell: usize) -> bool {
        self.used && cell - self.last <= self.reach
    }

    /// Adds to `out` what ends in a cell.
    pub(super) fn ends(&mut self, cell: usize, out: &mut [f64]) {
        if !self.is_active(cell) {
            return;
        }
        let mut blocks = self.layers.len();
        for layer in &mut self.layers {
            if layer.shift == 0 {
                layer.bring(cell, out);
                blocks -= 1;
            } else if layer.begins(cell) {
                let mut due = std::mem::take(&mut layer.due);
                add(&mut self.due, -1.0, &due);
                due.fill(0.0);
                layer.bring(cell >> layer.shift, &mut due);
                add(&mut self.due, 1.0, &due);
                layer.due = due;
            }
        }
        if blocks > 0 {
            add(out, 1.0, &self.due);
        }
    }

    /// A share of a flow comes in, in a cell, at `label` and those after it.
    pub(super) fn begin(&mut self, label: usize, share: f64, flow: &[f64]) {
        if !self.used {
            self.used = true;
            self.total = vec![0.0; self.width];
            self.due = vec![0.0; self.width];
            for layer in &mut self.layers {
                layer.totals = vec![0.0; layer.rows * self.width];
                layer.due = vec![0.0; if layer.shift > 0 { self.width } else { 0 }];
            }
        }
        self.fresh = true;
        add(&mut self.total[label..], share, flow);
    }

    /// All of a cell have come in.
    pub(super) fn end_cell(&mut self, cell: usize) {
        if std::mem::take(&mut self.fresh) {
            self.last = cell;
        }
        if !self.is_active(cell) {
            return;
        }
        let next = cell + 1;
        for layer in self.layers.iter_mut().filter(|layer| layer.begins(next)) {
            let row = ((cell >> layer.shift) & (layer.rows - 1)) * self.width;
            layer.totals[row..row + self.width].copy_from_slice(&self.total);
        }
    }

    /// From now on people are told apart otherwise.
    pub(super) fn relabel(&mut self, relabel: &Relabel) {
        let mut one = vec![0.0; self.width];
        relabel.apply(&mut one);
        self.width = one.len();
        if self.used {
            relabel.apply(&mut self.total);
            relabel.apply(&mut self.due);
            for layer in &mut self.layers {
                relabel.apply(&mut layer.totals);
                relabel.apply(&mut layer.due);
            }
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
    use super::super::labels::Labels;
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

    #[test]
    fn after_a_pause_and_told_apart_otherwise_as_many_come_out_as_ever() {
        let kernel = Kernels::new(Span::from_seconds(60), 10_000)
            .later(&Sampler::lognormal(Span::from_seconds(3_000), 0.5).expect("valid"));
        let mut labels = Labels { halves: 1, returns: 1, most: 9 };
        let (mut plain, mut changed) = (Line::new(&kernel, 1), Line::new(&kernel, 1));
        let (pause, mut all) = (plain.reach + 100, 0.0);
        for cell in 0..3 * pause {
            if cell % pause == 7 || cell % pause == 90 {
                plain.begin(0, 1.0, &[2.0]);
                changed.begin(labels.count() - 1, 1.0, &[2.0]);
            }
            let (mut one, mut many) = ([0.0], vec![0.0; labels.count()]);
            plain.ends(cell, &mut one);
            changed.ends(cell, &mut many);
            assert!((one[0] - sum(&many)).abs() < 1e-12, "{cell}: {} {many:?}", one[0]);
            all += one[0];
            if cell == 50 || cell == pause + 50 {
                let relabel = if cell == 50 { labels.split(0.3) } else { labels.grow() };
                changed.relabel(&relabel);
            }
            plain.end_cell(cell);
            changed.end_cell(cell);
        }
        assert!((all - 12.0).abs() < 1e-6, "{all}");
        assert!(!plain.is_active(3 * pause) && plain.is_active(2 * pause + 95));
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
