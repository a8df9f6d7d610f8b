//! A scenario as a load test, to be tried on the real system.

mod k6;

pub use k6::{K6Options, k6};
