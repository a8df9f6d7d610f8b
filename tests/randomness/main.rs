//! Promise: what is drawn follows the distribution that the scenario names, and keeps its bits.
//!
//! Seeds are fixed, so nothing here fails by chance on one day and passes on the next. The levels: a mean or a variance
//! fails beyond 4.5 standard errors (one in 150,000), a Kolmogorov-Smirnov or χ² test at one in a million. The means
//! of the samplers are taken over so many draws that an error of 0.1 % is six and a half standard errors, and so is seen.

mod arrivals;
mod fits;
mod golden;
mod properties;
mod samplers;
mod setting;
mod streams;
mod variates;
