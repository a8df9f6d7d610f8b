//! Incidents as a person writes them.

use super::read::List;
use super::record::record;
use super::when::Moment;
use crate::time::Span;

record! {
    /// A stretch of the clock in which it is counted what was answered, by class. It changes nothing in the run.
    pub struct Incident, "an incident" {
        /// It begins: an answer at this instant counts.
        required from: Moment,
        /// It ends: an answer at this instant does not count. Either this or `lasts`.
        optional to: Moment,
        /// How long it may have lasted: each length is counted. Either this or `to`.
        optional lasts: List<Span>,
        /// Only answers to steps of these names count; absent: to all steps.
        optional steps: List<String>,
        /// For the label on charts.
        default why: String = "",
    }
}
