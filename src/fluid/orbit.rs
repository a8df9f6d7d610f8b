//! The waits between two tries.

use super::kernel::{Kernels, backoff};
use super::labels::Relabel;
use super::line::Line;
use super::people::MOST_TRIES;
use crate::model::{Class, Sampler};

/// Tries after which people wait alike for the next one.
#[derive(Debug)]
pub(super) struct Orbit {
    /// From this number of tries (0 is the first one), and how many numbers.
    pub(super) from: usize,
    pub(super) count: usize,
    /// By place: where the next try will be.
    pub(super) lines: Vec<Line>,
}

impl Orbit {
    pub(super) fn relabel(&mut self, relabel: &Relabel) {
        self.lines.iter_mut().for_each(|line| line.relabel(relabel));
    }
}

/// The waits before the second and later tries, those alike together, for so many places and labels.
pub(super) fn orbits(class: &Class, tries: usize, places: usize, labels: usize, kernels: &mut Kernels) -> Vec<Orbit> {
    let endless = class.retry.attempts > MOST_TRIES;
    let last = if endless { tries } else { tries - 1 };
    let mut alike: Vec<(Sampler, Vec<f64>, usize, usize)> = Vec::new();
    let mut late = 0.0;
    for number in 0..last {
        let wait = backoff(&class.retry.backoff, number as u16 + 1);
        // Nothing is to be mended, or nothing can be.
        let same = |before: &Sampler, chances: &[f64]| *before == wait && (late <= 0.0 || chances.len() <= 2);
        if let Some((before, chances, _, count)) = alike.last_mut()
            && same(before, chances)
        {
            *count += 1;
            continue;
        }
        let (chances, left) = kernels.repaying(&wait, late);
        late = left;
        match alike.last_mut() {
            Some((before, known, _, count)) if *known == chances => (*before, *count) = (wait, *count + 1),
            _ => alike.push((wait, chances, number, 1)),
        }
    }
    let orbit = |(_, chances, from, count): (Sampler, Vec<f64>, usize, usize)| {
        let lines = (0..places).map(|_| Line::new(&chances, count * labels)).collect();
        Orbit { from, count, lines }
    };
    alike.into_iter().map(orbit).collect()
}
