//! What `fluid.json` holds, and so what `clickday fluid --json` prints.

use crate::experiment::{Counts, OperatorFigures};
use crate::fluid::{Fluid, FluidPolicy, Scope, StationScope};
use crate::model::Study;
use crate::report::Ordered;
use crate::report::numbers::round_all;
use crate::report::summary::name;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// The format of `fluid.json`.
const FORMAT: u32 = 1;

/// What `fluid.json` holds: the figures of the fluid limit. Times are in seconds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FluidFile {
    /// The format of this file.
    pub format: u32,
    /// The version of clickday that wrote it.
    pub clickday: String,
    /// The scenario's name.
    pub scenario: String,
    /// Size of the copy that was solved against the system that the file describes.
    pub scale: f64,
    /// Width of the cells of time.
    pub cell: f64,
    /// By name, in the order of the scenario file.
    pub policies: Ordered<FluidPolicyFigures>,
}

/// A figure of the fluid, and how unsure the step of time leaves it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, JsonSchema)]
pub struct Told {
    /// The figure.
    pub value: f64,
    /// By how much the width of the cells may put it off.
    pub step_error: f64,
}

/// One policy's figures.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FluidPolicyFigures {
    /// All classes together.
    pub total: FluidScope,
    /// By name.
    pub classes: Ordered<FluidScope>,
    /// By name.
    pub stations: Ordered<FluidStation>,
    /// How often somebody had more tries or returns behind them than the fluid tells apart, and went on without a limit.
    pub uncounted: f64,
}

/// The figures of a class or of the total.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FluidScope {
    /// Counts and shares, as of a run.
    #[serde(flatten)]
    pub counts: Counts<Told>,
    /// Time in queue of requests that started service with their client still there, zeros included.
    pub wait: FluidWait,
    /// Only where the class has operators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operators: Option<OperatorFigures<Told>>,
}

/// Time in queue.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct FluidWait {
    /// Mean.
    pub mean: Told,
}

/// The figures of a station.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FluidStation {
    /// Requests waiting, those in service not counted.
    pub queue_length: FluidQueue,
    /// Busy time over worker time outside outages.
    pub utilisation: Told,
    /// Services finished, orphans included.
    pub served: Told,
    /// Requests turned away at once: queue full or station down.
    pub refused: Told,
    /// Requests that found the queue full and were told nothing.
    pub dropped: Told,
    /// Requests whose client stopped waiting here.
    pub timeouts: Told,
}

/// The number of requests waiting at a station.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FluidQueue {
    /// Average over time.
    pub time_average: Told,
    /// Largest.
    pub max: Told,
    /// Civil time at which the queue was longest; `null` where nobody waited.
    pub time_of_max: Option<String>,
}

impl FluidFile {
    /// What is to be written of a fluid.
    #[must_use]
    pub fn new(study: &Study, fluid: &Fluid) -> FluidFile {
        let policies = fluid.policies.iter().map(|p| (name(&study.names.policies, p.policy), policy(study, fluid, p)));
        FluidFile {
            format: FORMAT,
            clickday: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: study.name.clone(),
            scale: study.scale,
            cell: fluid.grid.cell.seconds(),
            policies: Ordered(policies.collect()),
        }
    }

    /// As JSON, every number to nine significant digits.
    ///
    /// # Errors
    /// Never with the types as they are; serde_json's signature says it might.
    pub fn to_json(&self) -> serde_json::Result<Value> {
        let mut value = serde_json::to_value(self)?;
        round_all(&mut value);
        Ok(value)
    }
}

fn policy(study: &Study, fluid: &Fluid, policy: &FluidPolicy) -> FluidPolicyFigures {
    let (fine, plain) = (&policy.account, &policy.plain);
    let classes = fine.classes.iter().zip(&plain.classes).enumerate();
    let stations = fine.stations.iter().zip(&plain.stations).enumerate();
    FluidPolicyFigures {
        total: scope(&fine.total, &plain.total),
        classes: Ordered(classes.map(|(id, (fine, plain))| (name(&study.names.classes, id), scope(fine, plain))).collect()),
        stations: Ordered(
            stations.map(|(id, (fine, plain))| (name(&study.names.stations, id), station(study, fluid, fine, plain))).collect(),
        ),
        uncounted: fine.uncounted,
    }
}

fn told(fine: f64, plain: f64) -> Told {
    Told { value: fine, step_error: (fine - plain).abs() }
}

/// The same figure on both grids.
fn both(values: Vec<&f64>) -> Told {
    match values.as_slice() {
        [fine, plain] => told(**fine, **plain),
        _ => Told::default(),
    }
}

fn scope(fine: &Scope, plain: &Scope) -> FluidScope {
    let operators = fine.operators.as_ref().zip(plain.operators.as_ref());
    FluidScope {
        counts: Counts::combine(&[&fine.counts, &plain.counts], &mut both),
        wait: FluidWait { mean: told(fine.wait, plain.wait) },
        operators: operators.map(|(fine, plain)| OperatorFigures::combine(&[fine, plain], &mut both)),
    }
}

fn station(study: &Study, fluid: &Fluid, fine: &StationScope, plain: &StationScope) -> FluidStation {
    let at = |cell: usize| study.calendar.label(crate::time::Time(fluid.grid.cell.0.saturating_mul(cell as u64)));
    FluidStation {
        queue_length: FluidQueue {
            time_average: told(fine.queue_length.time_average, plain.queue_length.time_average),
            max: told(fine.queue_length.max, plain.queue_length.max),
            time_of_max: fine.cell_of_max.map(at),
        },
        utilisation: told(fine.utilisation, plain.utilisation),
        served: told(fine.served, plain.served),
        refused: told(fine.refused, plain.refused),
        dropped: told(fine.dropped, plain.dropped),
        timeouts: told(fine.timeouts, plain.timeouts),
    }
}

/// The JSON Schema of `fluid.json`.
#[must_use]
pub fn schema() -> Value {
    schemars::schema_for!(FluidFile).to_value()
}
