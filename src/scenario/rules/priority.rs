//! The order of classes at a station.

use super::{WrittenRule, named};
use crate::model::{self, Study};
use crate::scenario::compile::Context;
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::record;

record! {
    /// The order in which classes are served at a station, first in first out within one; in place of its discipline.
    pub struct PriorityRule, "a priority rule" {
        /// Where.
        required station: String,
        /// The classes, most urgent first; those that are not named come last, together.
        required order: List<String>,
        /// Whether the more urgent push the last of the least urgent out of a full queue.
        default push_out: bool = false,
    }
}

impl WrittenRule for PriorityRule {
    type Data = model::PriorityRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::PriorityRule> {
        let station = named::station(context, &self.station, check);
        let order = named::has_an_order(context, &self.station, check);
        let places = named::classes(context, "order", Some(&self.order), check);
        let (station, places) = (station?, places?);
        let last = self.order.0.len();
        let ranks = places.iter().map(|place| place.unwrap_or(last) as u32).collect();
        order.then_some(model::PriorityRule { station, ranks, push_out: self.push_out })
    }

    fn misplaced(data: &model::PriorityRule, before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        named::clash(before, |rule| named::orders(rule, data.station))
    }

    fn explain(&self, data: &model::PriorityRule, study: &Study) -> Vec<String> {
        let mut names: Vec<(u32, &str)> =
            data.ranks.iter().copied().zip(study.names.classes.iter().map(String::as_str)).collect();
        names.sort_by_key(|(rank, _)| *rank);
        let order = names.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", ");
        let push = if data.push_out { "; a full queue drops the last of the least urgent for them" } else { "" };
        vec![format!("{} serves in the order {order}{push}", named::place(data.station, study))]
    }
}
