//! What a sweep consists of, compiled: enough to tell every run and every cell, without the scenario.

use super::design::{Design, Points};
use super::goal::Goal;
use super::parameter::{CellValue, Parameter};
use serde::{Deserialize, Serialize};

/// A sweep without its scenario; `sweep.json` of the results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Layout {
    /// Version of the format: 1.
    pub format: u32,
    /// Version of clickday.
    pub clickday: String,
    /// The sweep's short name.
    pub sweep: String,
    /// One line for people.
    pub title: String,
    /// The scenario's short name.
    pub scenario: String,
    /// SHA-256 of the sweep file, the scenario file and the traces that it names.
    pub hash: String,
    /// Master seed of every cell.
    pub seed: u64,
    /// Runs of each policy in each cell.
    pub replications: u32,
    /// Size of the copy that is run.
    pub scale: f64,
    /// The policies, the first one the baseline.
    pub policies: Vec<String>,
    /// The figures of every run, in order.
    pub figures: Vec<Key>,
    /// What is varied.
    pub parameters: Vec<Parameter>,
    /// How values are put together.
    pub design: Design,
    /// How many cells there are.
    pub cells: u64,
    /// What is wanted.
    pub goal: Option<Goal>,
    /// What a unit of a parameter costs, by pointer.
    pub cost: Vec<(String, f64)>,
}

/// A figure of the tables.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Key {
    /// `total`, `class` or `station`.
    pub scope: String,
    /// Name of the class or station; `total`.
    pub name: String,
    /// Name of the figure.
    pub figure: String,
    /// `s`, `share`, `ratio` or `count`.
    pub unit: String,
}

/// A run of a sweep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Run {
    /// Number of the cell, from 0.
    pub cell: u64,
    /// Place of the policy in [`Layout::policies`].
    pub policy: usize,
    /// Number of the replication, from 0.
    pub replication: u32,
}

impl Layout {
    /// Runs of a cell.
    #[must_use]
    pub fn runs_of_cell(&self) -> u64 {
        self.policies.len() as u64 * u64::from(self.replications)
    }

    /// The n-th run of a cell: policy by policy, replication by replication.
    #[must_use]
    pub fn run(&self, cell: u64, n: u64) -> Run {
        let replications = u64::from(self.replications.max(1));
        Run { cell, policy: (n / replications) as usize, replication: (n % replications) as u32 }
    }

    /// Which run of its cell a run is; `None` where the sweep has no such run.
    #[must_use]
    pub fn number(&self, run: Run) -> Option<u64> {
        let known = run.cell < self.cells && run.policy < self.policies.len() && run.replication < self.replications;
        known.then(|| run.policy as u64 * u64::from(self.replications) + u64::from(run.replication))
    }

    /// The values of all cells.
    pub(super) fn points(&self) -> Points<'_> {
        Points::new(&self.parameters, self.design, self.cells, self.seed)
    }

    /// A cell's parameters in words.
    #[must_use]
    pub fn words(&self, values: &[CellValue]) -> String {
        let pairs = self.parameters.iter().zip(values).map(|(parameter, value)| {
            let label = match value.number {
                Some(number) if parameter.unit == super::Unit::Seconds => crate::time::Span::from_nanos(number * 1e9).to_string(),
                _ => value.label(),
            };
            format!("{} = {label}", parameter.pointer)
        });
        pairs.collect::<Vec<_>>().join(", ")
    }

    /// What a cell costs; `None` where the sweep has no costs, or a value is no number.
    #[must_use]
    pub fn cost_of(&self, values: &[CellValue]) -> Option<f64> {
        let of = |(pointer, weight): &(String, f64)| {
            let place = self.parameters.iter().position(|parameter| parameter.pointer == *pointer)?;
            Some(weight * values.get(place)?.number?)
        };
        if self.cost.is_empty() { None } else { self.cost.iter().map(of).sum() }
    }

    /// The place in [`Layout::figures`] of the figure that the goal is about; of the first figure where there is no goal.
    #[must_use]
    pub fn goal_figure(&self) -> usize {
        let is_meant = |key: &Key, goal: &Goal| {
            key.figure == goal.figure && goal.name.as_ref().is_none_or(|name| *name == key.name && key.scope != "total")
        };
        self.goal.as_ref().and_then(|goal| self.figures.iter().position(|key| is_meant(key, goal))).unwrap_or(0)
    }
}
