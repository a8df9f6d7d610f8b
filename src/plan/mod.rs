//! The smallest (or largest) value of a parameter that meets goals, with the confidence that was asked for.
//!
//! A [`Question`] names the values in order and the goals. [`answer`] tries some values over the whole range, to see where the goals
//! begin to be met and whether that is monotone, and then halves what lies between the last value that misses them and the first that meets
//! them. All values see the same people (the same seed and replications), and each gets as many replications as its decision
//! needs ([`decide`]).

mod decide;
mod question;
mod search;

pub use decide::{Decision, Verdict, decide};
pub use question::{Ask, Question, QuestionError};
pub use search::{Answer, Outcome, SearchError, Tried, answer};
