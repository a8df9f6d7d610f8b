//! Which values a cell has.

use super::parameter::{CellValue, Parameter};
use crate::random::{Draw, Key, NameHash, Purpose};
use serde::{Deserialize, Serialize};

/// How values are put together to cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Design {
    /// Every value with every other; the last parameter changes from cell to cell.
    Grid,
    /// The first with the first.
    Zip,
    /// McKay, Beckman & Conover 1979: one value in each of `cells` equal parts of every parameter.
    LatinHypercube,
    /// A Sobol sequence, scrambled after Owen by the seed.
    Sobol,
    /// Walks of one step for each parameter (Morris 1991), one after the other.
    Morris,
    /// The matrices A, B and A with one column of B (Saltelli et al. 2010), row by row.
    Saltelli,
}

impl Design {
    /// Whether it is made to tell which parameters matter.
    #[must_use]
    pub fn is_for_sensitivity(self) -> bool {
        matches!(self, Design::Morris | Design::Saltelli)
    }
}

/// The largest number of points of a Sobol sequence, and of its dimensions.
pub(super) const SOBOL_POINTS: u64 = 65_536;
pub(super) const SOBOL_DIMENSIONS: usize = sobol_burley::NUM_DIMENSIONS as usize;

/// A design with all that it takes to tell the values of any cell.
#[derive(Debug)]
pub(super) struct Points<'p> {
    parameters: &'p [Parameter],
    design: Design,
    seed: u64,
    cells: u64,
    /// By parameter: what is listed; for a grid and a zip.
    listed: Vec<Vec<CellValue>>,
    /// By parameter: the part of its range by cell; for a Latin hypercube.
    parts: Vec<Vec<u32>>,
}

/// The number of cells of a grid or zip; `None` where a parameter lists nothing, or lists differ in a zip, or there are
/// more than 64 bits count.
pub(super) fn listed_cells(design: Design, parameters: &[Parameter]) -> Option<u64> {
    let counts: Vec<u64> = parameters.iter().map(Parameter::count).collect::<Option<_>>()?;
    match design {
        Design::Zip => counts.first().copied().filter(|first| counts.iter().all(|count| count == first)),
        _ => counts.iter().try_fold(1u64, |product, count| product.checked_mul(*count)),
    }
}

impl<'p> Points<'p> {
    pub(super) fn new(parameters: &'p [Parameter], design: Design, cells: u64, seed: u64) -> Points<'p> {
        let listed = match design {
            Design::Grid | Design::Zip => parameters.iter().map(|p| p.listed().unwrap_or_default()).collect(),
            _ => Vec::new(),
        };
        let parts = match design {
            Design::LatinHypercube => parameters.iter().map(|p| shuffled(&key(seed, &p.pointer), cells)).collect(),
            _ => Vec::new(),
        };
        Points { parameters, design, seed, cells, listed, parts }
    }

    /// The values of a cell, in the order of the parameters.
    pub(super) fn cell(&self, cell: u64) -> Vec<CellValue> {
        match self.design {
            Design::Grid => self.of_grid(cell),
            Design::Zip => self.listed.iter().filter_map(|values| values.get(index(cell))).cloned().collect(),
            _ => self.parameters.iter().enumerate().map(|(i, p)| p.at(self.place(cell, i))).collect(),
        }
    }

    fn of_grid(&self, cell: u64) -> Vec<CellValue> {
        let mut left = index(cell);
        let mut values: Vec<CellValue> = Vec::with_capacity(self.listed.len());
        for listed in self.listed.iter().rev() {
            let count = listed.len().max(1);
            values.extend(listed.get(left % count).cloned());
            left /= count;
        }
        values.reverse();
        values
    }

    fn place(&self, cell: u64, parameter: usize) -> f64 {
        let count = self.parameters.len();
        match self.design {
            Design::Sobol => return sobol(cell, parameter, self.seed),
            Design::Morris => return super::sensitivity::walk(self.seed, cell, count).get(parameter).copied().unwrap_or(0.5),
            Design::Saltelli => {
                let (row, matrix) = (cell / (count as u64 + 2), (cell % (count as u64 + 2)) as usize);
                // Of the sequence's coordinates the first half is A, the second B.
                let of_b = matrix == 1 || matrix == parameter + 2;
                return sobol(row, if of_b { count + parameter } else { parameter }, self.seed);
            }
            _ => {}
        }
        let part = self.parts.get(parameter).and_then(|parts| parts.get(index(cell))).copied().unwrap_or(0);
        let key = key(self.seed, &self.parameters[parameter].pointer);
        let within = key.uniform(Purpose::Design, cell, Draw { step: 1, ..Draw::default() });
        (f64::from(part) + within) / self.cells as f64
    }
}

/// A coordinate of a point of the sequence, in the middle of its cell of 2⁻²⁴.
pub(super) fn sobol(point: u64, dimension: usize, seed: u64) -> f64 {
    let point = u32::try_from(point.min(SOBOL_POINTS - 1)).unwrap_or(0);
    let dimension = u32::try_from(dimension % SOBOL_DIMENSIONS).unwrap_or(0);
    let scramble = key(seed, "sobol").stream(Purpose::Design, 0, Draw::default()).bits() as u32;
    f64::from(sobol_burley::sample(point, dimension, scramble)) + 0.5 / f64::from(1 << 24)
}

fn index(cell: u64) -> usize {
    usize::try_from(cell).unwrap_or(usize::MAX)
}

pub(super) fn key(seed: u64, name: &str) -> Key {
    Key::new(seed, 0, NameHash::new("parameter", name))
}

/// The numbers below `count` in random order (Fisher and Yates).
pub(super) fn shuffled(key: &Key, count: u64) -> Vec<u32> {
    let mut parts: Vec<u32> = (0..u32::try_from(count).unwrap_or(u32::MAX)).collect();
    for i in (1..parts.len()).rev() {
        let pick = key.uniform(Purpose::Design, i as u64, Draw::default()) * (i + 1) as f64;
        parts.swap(i, (pick as usize).min(i));
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::super::parameter::{Source, Unit};
    use super::*;

    fn parameter(pointer: &str, values: Source) -> Parameter {
        Parameter { pointer: pointer.to_owned(), unit: Unit::Number, whole: false, values }
    }

    fn list(pointer: &str, values: &[i64]) -> Parameter {
        parameter(pointer, Source::List(values.iter().map(|value| (*value).into()).collect()))
    }

    fn numbers(points: &Points<'_>, cell: u64) -> Vec<f64> {
        points.cell(cell).iter().map(|value| value.number.unwrap()).collect()
    }

    #[test]
    fn a_grid_has_every_pair_and_a_zip_the_diagonal() {
        let parameters = [list("/a", &[1, 2]), list("/b", &[10, 20, 30])];
        assert_eq!((listed_cells(Design::Grid, &parameters), listed_cells(Design::Zip, &parameters)), (Some(6), None));
        let points = Points::new(&parameters, Design::Grid, 6, 1);
        let cells: Vec<Vec<f64>> = (0..6).map(|cell| numbers(&points, cell)).collect();
        assert_eq!(cells, [[1.0, 10.0], [1.0, 20.0], [1.0, 30.0], [2.0, 10.0], [2.0, 20.0], [2.0, 30.0]]);
        let parameters = [list("/a", &[1, 2]), list("/b", &[10, 20])];
        let points = Points::new(&parameters, Design::Zip, listed_cells(Design::Zip, &parameters).unwrap(), 1);
        assert_eq!((numbers(&points, 0), numbers(&points, 1)), (vec![1.0, 10.0], vec![2.0, 20.0]));
    }

    #[test]
    fn a_latin_hypercube_has_one_value_in_each_part_of_each_parameter() {
        let unit = |pointer| parameter(pointer, Source::Uniform { from: 0.0, to: 1.0 });
        let parameters = [unit("/a"), unit("/b"), unit("/c")];
        let points = Points::new(&parameters, Design::LatinHypercube, 50, 7);
        let cells: Vec<Vec<f64>> = (0..50).map(|cell| numbers(&points, cell)).collect();
        for i in 0..3 {
            let mut parts: Vec<u64> = cells.iter().map(|cell| (cell[i] * 50.0) as u64).collect();
            assert_ne!(parts, (0..50).collect::<Vec<_>>());
            parts.sort_unstable();
            assert_eq!(parts, (0..50).collect::<Vec<_>>());
        }
        assert_ne!(
            cells,
            (0..50).map(|c| numbers(&Points::new(&parameters, Design::LatinHypercube, 50, 8), c)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_sobol_sequence_is_even_in_every_elementary_interval() {
        // A (0, m, 2)-net in the first two dimensions: of 256 points one in each of the 2^a × 2^b boxes, a + b = 8.
        let parameters = [0, 1].map(|i| parameter(&format!("/{i}"), Source::Uniform { from: 0.0, to: 1.0 }));
        let points = Points::new(&parameters, Design::Sobol, 256, 3);
        let cells: Vec<Vec<f64>> = (0..256).map(|cell| numbers(&points, cell)).collect();
        for a in 0..=8 {
            let (wide, high) = (f64::from(1 << a), f64::from(1 << (8 - a)));
            let mut boxes: Vec<(u64, u64)> = cells.iter().map(|c| ((c[0] * wide) as u64, (c[1] * high) as u64)).collect();
            boxes.sort_unstable();
            boxes.dedup();
            assert_eq!(boxes.len(), 256, "2^{a} columns");
        }
    }
}
