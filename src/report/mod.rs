//! What a run gives: `summary.json`, `series.csv`, `arrivals.csv`, `completion.csv`, charts, the page, and the table on the terminal. Reports lay out and compute nothing.

mod arrivals;
mod changes;
mod charts;
mod claim;
mod compared;
mod completion;
mod doubt;
mod estimates;
mod felt;
mod files;
mod fluid;
mod folder;
mod incidents;
mod library;
mod numbers;
mod page;
mod parents;
mod plan;
mod rules;
mod series;
mod sparkline;
mod summary;
mod sweep;
mod table;
mod target;
mod verdict;
mod worst;
mod write;

#[cfg(test)]
mod testdata;

pub use arrivals::write_arrivals;
pub use charts::{CHARTS, Chart, ChartError, ChartFormat, imported_curve};
pub use completion::write_completion;
pub use felt::RankSummary;
pub use fluid::{
    FluidFile, FluidPolicyFigures, FluidQueue, FluidReportError, FluidScope, FluidStation, FluidWait, Told, fluid_table,
    schema as fluid_schema, write_fluid,
};
pub use folder::Folder;
pub use library::{Library, LibraryScenario, schema as library_schema};
pub use numbers::Rounded;
pub use page::live;
pub use page::{Language, PAGE, PageError, PageSource, page, plan_page, sweep_page};
pub use plan::{
    NotMonotone, PlanFile, PlanPolicy, PlanRange, PlanReportError, Sought, TriedValue, ValueUnit, plan_table,
    schema as plan_schema, write_plan,
};
pub use series::write_series;
pub use summary::{
    ClassSummary, ComparisonSummary, FellMostSummary, IncidentSummary, ObservationSummary, OpeningSummary, Ordered,
    PolicySummary, QueueSummary, RuleSummary, StationSummary, Summary, Work, WorstSummary, schema as summary_schema,
};
pub use sweep::{
    SweepCell, SweepEffect, SweepFailure, SweepFigure, SweepParameter, SweepReportError, SweepResult, SweepValue, broken_cells,
    sweep_result_schema, sweep_table, write_csv, write_parquet, write_sweep,
};
pub use table::{table, wrapped};
pub use target::FolderError;
pub use write::{ReportError, write_all};
