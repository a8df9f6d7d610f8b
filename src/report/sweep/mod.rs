//! What a sweep gives: `results.csv`, `results.parquet`, `failed.csv`, charts, and the table on the terminal.

mod parquet;
mod rows;
mod sensitivity;
mod table;
mod write;

pub use parquet::write_parquet;
pub use rows::write_csv;
pub(super) use table::unit_of;
pub use table::{broken_cells, sweep_table};
pub use write::{SweepReportError, write_sweep};
