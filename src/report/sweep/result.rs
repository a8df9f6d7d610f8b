//! What `clickday sweep --json` and `clickday merge --json` print: what the tables hold, in one object.

use crate::experiment::Figure;
use crate::report::Ordered;
use crate::report::numbers::Rounded;
use crate::sweep::{CellValue, Cells, Key, Parameter, Unit, sensitivity};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use std::path::Path;

/// The format of this object.
const FORMAT: u32 = 1;

/// The results of a sweep. Durations are in seconds, numbers to nine significant digits.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SweepResult<'c> {
    /// The format of this object.
    pub format: u32,
    /// The version of clickday that made it.
    pub clickday: &'c str,
    /// The sweep's name.
    pub sweep: &'c str,
    /// Its title.
    pub title: &'c str,
    /// The scenario's name.
    pub scenario: &'c str,
    /// SHA-256 of the sweep file, the scenario file and the traces that it names.
    pub hash: &'c str,
    /// Master seed.
    pub seed: u64,
    /// Runs of each policy in each cell.
    pub replications: u32,
    /// Size of the copy that was simulated against the system that the scenario describes.
    pub scale: f64,
    /// The goal, as it was written; `null` where there is none.
    pub goal: Option<&'c str>,
    /// What was varied.
    pub parameters: Vec<SweepParameter<'c>>,
    /// The figures, in the order in which the cells have them.
    pub figures: &'c [Key],
    /// The cells all of whose runs were made, in order.
    pub cells: Vec<SweepCell<'c>>,
    /// The runs that failed.
    pub failed: Vec<SweepFailure<'c>>,
    /// Which parameters matter; only where the design tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Vec<SweepEffect<'c>>>,
    /// The folder of the results.
    pub folder: &'c Path,
    /// Files that were written there.
    pub files: &'c [String],
}

/// What was varied.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SweepParameter<'c> {
    /// Where it stands in the scenario (JSON Pointer).
    pub pointer: &'c str,
    /// `number`, `seconds` or `text`.
    pub unit: Unit,
}

/// A value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum SweepValue {
    /// A number; a duration in seconds.
    Number(Rounded),
    /// Anything else, as the scenario has it.
    Text(String),
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SweepCell<'c> {
    /// Its number, from 0.
    pub cell: u64,
    /// Its values, in the order of `parameters`.
    pub values: Vec<SweepValue>,
    /// By policy, in the order of `figures`; `null` where there was nothing to measure.
    pub policies: Ordered<Vec<Option<SweepFigure>>, &'c str>,
}

/// A figure over the runs of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct SweepFigure {
    /// Mean.
    pub mean: Rounded,
    /// Lower end of the 95 % interval; `null` for one run.
    pub low: Option<Rounded>,
    /// Upper end of the 95 % interval; `null` for one run.
    pub high: Option<Rounded>,
    /// How many runs have the figure.
    pub n: u32,
}

/// A run that failed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SweepFailure<'c> {
    /// The number of its cell.
    pub cell: u64,
    /// The values of its cell.
    pub values: Vec<SweepValue>,
    /// Its policy.
    pub policy: &'c str,
    /// Its number among the replications, from 0.
    pub replication: u32,
    /// Why it failed.
    pub why: &'c str,
}

/// How much a parameter matters for a figure.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct SweepEffect<'c> {
    /// The policy.
    pub policy: &'c str,
    /// The figure.
    #[serde(flatten)]
    pub figure: &'c Key,
    /// Where the parameter stands in the scenario.
    pub parameter: &'c str,
    /// `mu`, `mu_star` or `sigma` of Morris, `first` or `total` of Sobol.
    pub measure: &'static str,
    /// Its value.
    pub value: Rounded,
    /// Lower end of the 95 % interval.
    pub low: Rounded,
    /// Upper end of the 95 % interval.
    pub high: Rounded,
}

impl<'c> SweepResult<'c> {
    /// What there is to print of a sweep whose files were written to a folder.
    #[must_use]
    pub fn new(cells: &'c Cells, folder: &'c Path, files: &'c [String]) -> SweepResult<'c> {
        let layout = &cells.layout;
        let parameter = |p: &'c Parameter| SweepParameter { pointer: &p.pointer, unit: p.unit };
        let failure = |broken: &'c crate::sweep::Broken| SweepFailure {
            cell: broken.run.cell,
            values: values(cells, &broken.values),
            policy: layout.policies.get(broken.run.policy).map_or("", String::as_str),
            replication: broken.run.replication,
            why: &broken.why,
        };
        let cell = |cell: &'c crate::sweep::CellResult| {
            let pairs = layout.policies.iter().zip(&cell.figures);
            let policies = pairs.map(|(policy, all)| (policy.as_str(), all.iter().map(figure).collect()));
            SweepCell { cell: cell.cell, values: values(cells, &cell.values), policies: Ordered(policies.collect()) }
        };
        SweepResult {
            format: FORMAT,
            clickday: &layout.clickday,
            sweep: &layout.sweep,
            title: &layout.title,
            scenario: &layout.scenario,
            hash: &layout.hash,
            seed: layout.seed,
            replications: layout.replications,
            scale: layout.scale,
            goal: layout.goal.as_ref().map(|goal| goal.text.as_str()),
            parameters: layout.parameters.iter().map(parameter).collect(),
            figures: &layout.figures,
            cells: cells.cells.iter().map(cell).collect(),
            failed: cells.broken.iter().map(failure).collect(),
            sensitivity: layout.design.is_for_sensitivity().then(|| effects(cells)),
            folder,
            files,
        }
    }
}

fn values(cells: &Cells, values: &[CellValue]) -> Vec<SweepValue> {
    let one = |(parameter, value): (&Parameter, &CellValue)| {
        let number = super::rows::number_of(parameter, value);
        number.map_or_else(|| SweepValue::Text(value.label()), |number| SweepValue::Number(Rounded(number)))
    };
    cells.layout.parameters.iter().zip(values).map(one).collect()
}

fn figure(figure: &Figure) -> Option<SweepFigure> {
    figure.map(|found| SweepFigure {
        mean: Rounded(found.mean),
        low: found.low.map(Rounded),
        high: found.high.map(Rounded),
        n: found.n,
    })
}

fn effects(cells: &Cells) -> Vec<SweepEffect<'_>> {
    let layout = &cells.layout;
    let mut all = Vec::new();
    for (policy, policy_name) in layout.policies.iter().enumerate() {
        for (place, figure) in layout.figures.iter().enumerate() {
            all.extend(sensitivity(cells, policy, place).into_iter().map(|effect| SweepEffect {
                policy: policy_name,
                figure,
                parameter: layout.parameters.get(effect.parameter).map_or("", |parameter| parameter.pointer.as_str()),
                measure: effect.measure.name(),
                value: Rounded(effect.value),
                low: Rounded(effect.low),
                high: Rounded(effect.high),
            }));
        }
    }
    all
}

/// The JSON Schema of what `clickday sweep --json` prints.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(SweepResult<'_>).to_value()
}
