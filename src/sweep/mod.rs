//! Sweeps: one scenario run at many values of its parameters, resumable, in shards, put together to one table.
//!
//! A sweep file is read like a scenario ([`Sweep::load`]) and compiled to a [`Layout`]: what the cells are, which runs they
//! need, and which figures are kept. [`execute`] makes the runs that a part still lacks and notes each in its [`journal`];
//! [`assemble`] puts the parts together to [`Cells`], in the order of the cells, whoever made them.

mod assemble;
mod design;
mod error;
mod execute;
mod explain;
mod file;
mod folder;
mod goal;
mod hash;
mod hold;
pub mod journal;
mod layout;
mod load;
mod made;
mod method;
mod parameter;
mod sensitivity;
mod shard;
mod under_way;
mod values;

pub use assemble::{Broken, CellResult, Cells, assemble, failures_of_part};
pub use design::Design;
pub use error::SweepError;
pub use execute::{Done, UseOfThreads, execute, only_shards_of};
pub use explain::explain_sweep;
pub use file::{File, schema};
pub use folder::{SweepFolder, holds_sweep, read_layout};
pub use goal::{Goal, Sense};
pub use layout::{Key, Layout, Run};
pub use load::{Sweep, is_sweep};
pub use made::LOGS;
pub use method::Method;
pub use parameter::{CellValue, Parameter, Source, Unit};
pub use sensitivity::{Effect, Measure, sensitivity};
pub use shard::Shard;
pub use under_way::Keeping;
