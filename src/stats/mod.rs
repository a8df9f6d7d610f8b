//! Statistics that know nothing of queues: histograms, intervals, quantiles, special functions.

mod exp;
mod histogram;
mod interval;
mod ln;
mod multiple;
mod pages;
pub(crate) mod special;
mod student;

pub use exp::exp;
pub use histogram::Histogram;
pub use interval::{Estimate, sample_quantile, wilson};
pub use ln::{ln, ln_normal};
pub use multiple::holm;
pub use special::{normal_cdf, normal_quantile};
pub use student::{student_t_cdf, student_t_quantile};
