//! From what a person wrote to what the engine runs: every conversion and every check of sense is in this folder.

mod arrivals;
mod class;
mod clock;
mod conduct;
mod distribution;
mod incident;
mod observation;
mod policy;
mod scale;
mod station;
mod study;
mod trace;
mod windows;

pub(crate) use clock::Context;
pub(crate) use distribution::{optional, sampler};
pub(crate) use policy::{SHARE_ERROR, rounded};
pub(crate) use scale::scale;
pub(crate) use study::study;
pub(crate) use windows::{Force, named_days, opening};
