//! Published figures as a person writes them.

use super::leaf::{NonNegative, Positive};
use super::read::List;
use super::record::record;
use super::when::Moment;

record! {
    /// A published figure to hold the run against: a count, share or level at a moment, or a rate between two.
    pub struct Observation, "an observation" {
        /// For counts from the start, `lost_share`, and levels of the bin that holds this moment.
        optional at: Moment,
        /// For rates per second and `lost_share`: from this moment.
        optional from: Moment,
        /// For rates per second and `lost_share`: to this moment.
        optional to: Moment,
        /// The policy under which it was taken; absent: the first of the file.
        optional policy: String,
        /// The class that was counted; absent, and without `classes`: the total.
        optional class: String,
        /// Several classes, added up.
        optional classes: List<String>,
        /// What was counted: a column of the series, with `_rate` behind it for a rate.
        required metric: String,
        /// The published value; per second for a rate.
        required value: NonNegative,
        /// It holds when the simulated value is off by at most this share of the published one.
        required tolerance: Positive,
    }
}
