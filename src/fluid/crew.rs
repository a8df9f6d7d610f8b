//! The operators of a group: people of the trade who work the applications that it collects.

use super::grid::Grid;
use super::kernel::Kernels;
use super::labels::Relabel;
use super::line::Line;
use crate::model::{Intervals, Operators};

/// Operators, and what they have before them.
#[derive(Debug)]
pub(super) struct Crew<'m> {
    pub(super) count: f64,
    pub(super) at_work: f64,
    hours: Option<&'m Intervals>,
    backlog: Vec<f64>,
    prepare: Option<Line>,
}

impl<'m> Crew<'m> {
    /// A share of the operators of a class, for flows of so many labels.
    pub(super) fn new(operators: &'m Operators, share: f64, labels: usize, kernels: &mut Kernels) -> Crew<'m> {
        Crew {
            count: f64::from(operators.count) * share,
            at_work: 0.0,
            hours: operators.hours.as_ref(),
            backlog: vec![0.0; labels],
            prepare: operators.prepare.as_ref().map(|prepare| Line::new(&kernels.later(prepare), labels)),
        }
    }

    /// Those who want to begin join the backlog, of which the operators take what they can, what came back first, as it was collected earlier;
    /// leaves those whose application is prepared, and gives the backlog.
    pub(super) fn work(&mut self, cell: usize, grid: &Grid, want: &mut Vec<f64>) -> f64 {
        self.backlog.iter_mut().zip(want.iter()).for_each(|(backlog, want)| *backlog += want);
        want.fill(0.0);
        let mut free = (self.count - self.at_work).max(0.0);
        if self.hours.is_some_and(|hours| !hours.contains(grid.middle(cell))) {
            free = 0.0;
        }
        let mut taken = vec![0.0; self.backlog.len()];
        for (backlog, taken) in self.backlog.iter_mut().zip(&mut taken).rev() {
            *taken = backlog.min(free);
            *backlog -= *taken;
            free -= *taken;
            self.at_work += *taken;
        }
        match &mut self.prepare {
            Some(line) => {
                line.ends(cell, want);
                line.begin(0, 1.0, &taken);
            }
            None => *want = taken,
        }
        self.backlog.iter().sum()
    }

    pub(super) fn end_cell(&mut self, cell: usize) {
        self.prepare.iter_mut().for_each(|line| line.end_cell(cell));
    }

    pub(super) fn relabel(&mut self, relabel: &Relabel) {
        relabel.apply(&mut self.backlog);
        self.prepare.iter_mut().for_each(|line| line.relabel(relabel));
    }
}
