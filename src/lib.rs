//! A discrete-event load simulator for click days.

pub mod calibrate;
pub mod cli;
mod disk;
pub mod engine;
pub mod experiment;
pub mod export;
pub mod fluid;
pub mod import;
pub mod model;
pub mod plan;
pub mod random;
pub mod report;
pub mod scenario;
#[cfg(feature = "serve")]
pub mod serve;
pub mod stats;
pub mod submit;
pub mod sweep;
pub mod time;
