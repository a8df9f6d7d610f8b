//! Servers as they are, against what is known of them: formulas, chains solved numerically, counts by hand, published
//! behaviour. No reference comes from the engine.

mod calls;
#[path = "../theory/chain.rs"]
#[allow(dead_code, reason = "shared with the theory suite")]
mod chain;
mod health;
mod lab;
mod overload;
mod rules;
mod sharing;
