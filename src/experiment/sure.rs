//! The same runs without the doubt: as many people and as fast workers as the file says.

use super::factors::Factors;
use super::figures::Single;
use super::results::{Figure, ScopeFigures};
use super::run_figures::RunFigures;
use crate::engine::Law;
use crate::stats::Estimate;

/// What is kept of a run whose factors are 1.
#[derive(Debug)]
pub(super) struct SureRun {
    total: ScopeFigures<Single>,
    pub(super) laws: Vec<Law>,
    pub(super) events: u64,
    pub(super) peak_people: usize,
}

impl SureRun {
    /// The factors of every such run.
    pub(super) const FACTORS: Factors = Factors::SURE;
}

impl From<RunFigures> for SureRun {
    fn from(run: RunFigures) -> SureRun {
        SureRun { total: run.total, laws: run.laws, events: run.events, peak_people: run.peak_people }
    }
}

/// The figures of all classes over a policy's runs; `None` where nothing is in doubt and no such run was made.
pub(super) fn totals(runs: &[&SureRun]) -> Option<ScopeFigures<Figure>> {
    let mut join = |values: Vec<&Single>| -> Figure { Estimate::of(&values.into_iter().flatten().copied().collect::<Vec<_>>()) };
    (!runs.is_empty()).then(|| ScopeFigures::combine(&runs.iter().map(|run| &run.total).collect::<Vec<_>>(), &mut join))
}
