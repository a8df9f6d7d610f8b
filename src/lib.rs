//! A discrete-event load simulator for click days.

pub mod cli;
pub mod engine;
pub mod experiment;
pub mod model;
pub mod random;
pub mod report;
pub mod scenario;
pub mod stats;
pub mod time;
