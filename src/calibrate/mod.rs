//! Fits chosen numbers of a scenario to its published figures.
//!
//! The misfit is the sum over the observations of ((simulated − published)/(tolerance·published))²: a tolerance is taken for
//! one standard error. It is made small by COBYLA (Powell 1994), which needs no derivatives and keeps to bounds; all tries use
//! the same random numbers, so that what differs between two tries is not luck. How well the data tell the numbers follows
//! from the slopes of the residuals at the optimum (Gauss-Newton).

mod fit;
mod free;
mod slopes;

pub use fit::{CalibrateError, Calibration, Compared, Confusion, Fitted, Settings, calibrate, fitted_name};
pub use free::{Free, FreeError};

#[cfg(test)]
mod tests;
