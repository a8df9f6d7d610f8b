//! Workers and places kept for a class.

use super::{WrittenRule, named};
use crate::model::{self, Study};
use crate::scenario::compile::Context;
use crate::scenario::leaf::{Places, Workers};
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::record;

record! {
    /// Workers, or places of the queue, that are kept free for some classes.
    pub struct ReserveRule, "a reserve rule" {
        /// Where.
        required station: String,
        /// For whom.
        required classes: List<String>,
        /// The others are served only while more than so many workers are idle.
        default workers: Workers = 0,
        /// The others wait only while more than so many places are free.
        default queue: Places = 0,
    }
}

impl WrittenRule for ReserveRule {
    type Data = model::ReserveRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::ReserveRule> {
        let station = named::station(context, &self.station, check);
        let order = named::has_an_order(context, &self.station, check);
        let classes = named::meant(context, Some(&self.classes), check);
        if self.workers.0 == 0 && self.queue.0 == 0 {
            check.mistake("nothing is reserved; give `workers`, `queue`, or both");
            return None;
        }
        let unbounded = context.file.stations.iter().any(|(_, name, station)| {
            name == self.station && station.server.is_none() && station.queue.is_none_or(|queue| queue.0.is_none())
        });
        if unbounded && self.queue.0 > 0 {
            check.mistake_at(
                "queue",
                "the queue of this station is without bound, so there is always a place; give it a bound, or remove this",
            );
            return None;
        }
        let (station, classes) = (station?, classes?);
        if classes.iter().all(|meant| *meant) {
            check.mistake_at("classes", "every class is named, so nobody is kept out; leave one out");
            return None;
        }
        order.then_some(model::ReserveRule { station, classes, workers: self.workers.as_u32(), queue: self.queue.as_u32() })
    }

    fn misplaced(data: &model::ReserveRule, before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        named::clash(before, |rule| named::orders(rule, data.station))
    }

    fn explain(&self, data: &model::ReserveRule, study: &Study) -> Vec<String> {
        let who = named::who(&data.classes, study);
        vec![format!("{} keeps {} workers and {} places for {who}", named::place(data.station, study), data.workers, data.queue)]
    }
}
