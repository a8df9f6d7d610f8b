//! The simulator against theory: exact references, computed from formulas or Markov chains that know nothing of the
//! engine, each with its source.
//!
//! Every case is a scenario as a user would write it, run in independent replications. A figure's mean over them, its
//! standard error and the distance from the reference in standard errors make one line of a table, which
//! `cargo test --test theory -- --nocapture` prints. How far is too far is stated once, in [`table`].
//!
//! Who wants to see more spends more: `THEORY_EFFORT=16 cargo test --release --test theory -- --nocapture` simulates
//! sixteen times as much and has errors a quarter as large, at the same level.

mod chain;
mod coverage;
mod day;
mod demand;
mod disciplines;
mod draw;
mod family;
mod fluid;
mod general_service;
mod lab;
mod many_servers;
mod operators;
mod orphans;
mod page;
mod pairing;
mod patience;
mod retrials;
mod slowdown;
mod table;
