//! What a sweep gives: `results.csv`, `results.parquet`, `failed.csv`, charts, and the table on the terminal.

mod names;
mod parquet;
mod result;
mod rows;
mod sensitivity;
mod table;
mod write;

pub(super) use names::short_names;
pub use parquet::write_parquet;
pub use result::{
    SweepCell, SweepEffect, SweepFailure, SweepFigure, SweepParameter, SweepResult, SweepValue, schema as sweep_result_schema,
};
pub use rows::write_csv;
pub(super) use table::unit_of;
pub use table::{broken_cells, sweep_table};
pub use write::{SweepReportError, write_sweep};
