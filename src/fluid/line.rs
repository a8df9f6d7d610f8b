//! A line of people who are somewhere for a time: what comes in goes out later, spread by a kernel.

use super::kernel::pieces;

/// Flows by label, cell by cell: what came in is kept as running totals, as far back as the kernel reaches.
#[derive(Debug)]
pub(super) struct Line {
    /// From this lag on, each cell has so much more of what came in than the lag before.
    pieces: Vec<(usize, f64)>,
    width: usize,
    /// A ring of rows of `width` totals; row `cell % rows` is that up to the end of a cell.
    totals: Vec<f64>,
    rows: usize,
    /// Where nothing ever came in, nothing is to be reckoned.
    used: bool,
}

impl Line {
    /// A line whose kernel has nothing at lag 0.
    pub(super) fn new(chances: &[f64], width: usize) -> Line {
        let pieces = pieces(chances);
        let rows = pieces.last().map_or(1, |(lag, _)| *lag) + 1;
        Line { pieces, width, totals: Vec::new(), rows, used: false }
    }

    /// Adds to `out` what ends in a cell.
    pub(super) fn ends(&self, cell: usize, out: &mut [f64]) {
        if !self.used {
            return;
        }
        for (lag, weight) in &self.pieces {
            // Before the first cell nothing came in.
            let Some(then) = cell.checked_sub(*lag) else { break };
            let row = (then % self.rows) * self.width;
            let totals = &self.totals[row..row + self.width];
            out.iter_mut().zip(totals).for_each(|(out, total)| *out += weight * total);
        }
    }

    /// What of a cell comes in at `label` and those after it.
    pub(super) fn begin(&mut self, cell: usize, label: usize, flow: impl Iterator<Item = f64>) {
        if !self.used {
            self.used = true;
            self.totals = vec![0.0; self.rows * self.width];
        }
        let row = (cell % self.rows) * self.width + label;
        self.totals[row..].iter_mut().zip(flow).for_each(|(total, flow)| *total += flow);
    }

    /// Makes the row of the cell after `cell`, before anything of it comes in.
    pub(super) fn next_cell(&mut self, cell: usize) {
        if self.used {
            let (from, to) = ((cell % self.rows) * self.width, ((cell + 1) % self.rows) * self.width);
            self.totals.copy_within(from..from + self.width, to);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_in_goes_out_by_the_kernel() {
        let mut line = Line::new(&[0.0, 0.5, 0.25, 0.25], 2);
        let mut went: Vec<Vec<f64>> = Vec::new();
        for cell in 0..9 {
            let mut out = vec![0.0; 2];
            line.ends(cell, &mut out);
            went.push(out);
            if cell == 2 {
                line.begin(cell, 1, [8.0].into_iter());
            }
            if cell == 3 {
                line.begin(cell, 0, [1.0, 4.0].into_iter());
            }
            line.next_cell(cell);
        }
        let second: Vec<f64> = went.iter().map(|out| out[1]).collect();
        assert_eq!(second, [0.0, 0.0, 0.0, 4.0, 4.0, 3.0, 1.0, 0.0, 0.0]);
        assert_eq!(went.iter().map(|out| out[0]).sum::<f64>(), 1.0);
    }
}
