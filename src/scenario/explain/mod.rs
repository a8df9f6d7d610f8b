//! A compiled scenario in plain words: what it says, what it asks of the stations, what to beware of.

mod calendar;
mod fluid;
mod load;
mod needs;
mod people;
mod places;
mod spread;
mod warnings;
mod words;

pub(crate) use calendar::opening_days;
pub use needs::{Load, Needs, needs};
pub(crate) use spread::spread;
pub(crate) use warnings::percent;
pub use warnings::warnings;
pub use words::explain;
