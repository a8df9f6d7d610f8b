//! Puts the parts of a sweep together: the same cells in the same order, whoever ran them.

use super::error::SweepError;
use super::folder::SweepFolder;
use super::journal::{self, Outcome};
use super::layout::{Layout, Run};
use super::parameter::CellValue;
use super::shard::Shard;
use crate::experiment::{COLLAPSED, Figure};
use crate::stats::{Estimate, wilson};
use std::collections::BTreeMap;

/// The cells of a sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    /// What the sweep consists of.
    pub layout: Layout,
    /// The cells all of whose runs were made, in order.
    pub cells: Vec<CellResult>,
    /// The runs that failed, in order.
    pub broken: Vec<Broken>,
}

/// A cell's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct CellResult {
    /// Its number, from 0.
    pub cell: u64,
    /// Its values, in the order of [`Layout::parameters`].
    pub values: Vec<CellValue>,
    /// By policy, then by [`Layout::figures`].
    pub figures: Vec<Vec<Figure>>,
}

/// A run that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct Broken {
    /// Which one.
    pub run: Run,
    /// The values of its cell.
    pub values: Vec<CellValue>,
    /// Why.
    pub why: String,
}

/// The runs of a cell, in the order of [`Layout::run`].
type Runs = Vec<Option<Outcome>>;

/// Reads some finished parts.
///
/// # Errors
/// The shards that are missing or damaged, as a list; or when the disk refuses.
pub fn assemble(folder: &SweepFolder, layout: &Layout, of: u64) -> Result<Result<Cells, Vec<Shard>>, SweepError> {
    let points = layout.points();
    let mut open: BTreeMap<u64, Runs> = BTreeMap::new();
    let mut cells = Vec::new();
    let mut broken = Vec::new();
    let mut missing = Vec::new();
    let of_cell = layout.runs_of_cell() as usize;
    for shard in (1..=of).map(|k| Shard { k, of }) {
        let path = folder.part(shard);
        if !path.is_file() || folder.journal(shard).is_file() {
            missing.push(shard);
            continue;
        }
        let mut whole = 0;
        let mut take = |run: Run, outcome: Outcome, _: u64, _: usize| {
            let fits = match &outcome {
                Outcome::Figures(figures) => figures.len() == layout.figures.len(),
                Outcome::Failed(_) => true,
            };
            let Some(number) = layout.number(run).filter(|_| fits && shard.has(run.cell)) else { return };
            let runs = open.entry(run.cell).or_insert_with(|| vec![None; of_cell]);
            runs[number as usize] = Some(outcome);
            if runs.iter().any(Option::is_none) {
                return;
            }
            if let Some(runs) = open.remove(&run.cell) {
                whole += 1;
                let values = points.cell(run.cell);
                let first = broken.len();
                broken.extend(failures(layout, run.cell, &values, &runs));
                if broken.len() == first {
                    let figures = figures(layout, &runs);
                    cells.push(CellResult { cell: run.cell, values, figures });
                }
            }
        };
        let read = journal::read(&path, &journal::head(layout, shard), &mut take)?;
        if read.is_none() || whole != shard.size(layout.cells) {
            missing.push(shard);
        }
    }
    if !missing.is_empty() {
        return Ok(Err(missing));
    }
    cells.sort_unstable_by_key(|cell| cell.cell);
    broken.sort_by_key(|broken| broken.run);
    Ok(Ok(Cells { layout: layout.clone(), cells, broken }))
}

/// How many runs of a finished part failed.
///
/// # Errors
/// When the disk refuses.
pub fn failures_of_part(folder: &SweepFolder, layout: &Layout, shard: Shard) -> Result<u64, SweepError> {
    let mut failed = 0;
    let mut count = |_: Run, outcome: Outcome, _: u64, _: usize| failed += u64::from(matches!(outcome, Outcome::Failed(_)));
    journal::read(&folder.part(shard), &journal::head(layout, shard), &mut count)?;
    Ok(failed)
}

fn failures(layout: &Layout, cell: u64, values: &[CellValue], runs: &Runs) -> Vec<Broken> {
    let failed = runs.iter().zip(0..).filter_map(|(outcome, n)| match outcome {
        Some(Outcome::Failed(why)) => Some(Broken { run: layout.run(cell, n), values: values.to_vec(), why: why.clone() }),
        _ => None,
    });
    failed.collect()
}

fn figures(layout: &Layout, runs: &Runs) -> Vec<Vec<Figure>> {
    let of_policy = |runs: &[Option<Outcome>]| {
        let one = |(place, key): (usize, &super::Key)| {
            let value = |outcome: &Option<Outcome>| match outcome {
                Some(Outcome::Figures(figures)) => figures.get(place).copied().flatten(),
                _ => None,
            };
            let values: Vec<f64> = runs.iter().filter_map(value).collect();
            if key.figure == COLLAPSED {
                let yes = values.iter().filter(|value| **value > 0.0).count();
                return wilson(u32::try_from(yes).unwrap_or(u32::MAX), u32::try_from(values.len()).unwrap_or(u32::MAX));
            }
            Estimate::of(&values)
        };
        layout.figures.iter().enumerate().map(one).collect()
    };
    runs.chunks(layout.replications.max(1) as usize).map(of_policy).collect()
}
