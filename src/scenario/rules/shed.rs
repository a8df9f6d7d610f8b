//! Early refusal.

use super::{WrittenRule, named};
use crate::model::{self, Study, Timeout};
use crate::scenario::compile::Context;
use crate::scenario::conduct::AtLeastOne;
use crate::scenario::leaf::Count;
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::record;
use crate::time::Span;

record! {
    /// Early refusal at a station, before its queue is full.
    pub struct ShedRule, "a shed rule" {
        /// Where.
        required station: String,
        /// Whose requests may be refused; absent: everybody's.
        optional classes: List<String>,
        /// Refuses whoever finds so many waiting.
        optional queue: AtLeastOne,
        /// Refuses whoever would wait longer than this, as far as the station can tell.
        optional wait: Span,
        /// Refuses whoever would not be answered before they leave, and drops them when their turn comes too late.
        default deadline: bool = false,
        /// Whether requests behind the first step of a journey are spared: what was begun is finished.
        default spare_begun: bool = false,
    }
}

impl WrittenRule for ShedRule {
    type Data = model::ShedRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::ShedRule> {
        let station = named::station(context, &self.station, check);
        let classes = named::meant(context, self.classes.as_ref(), check);
        if self.queue.is_none() && self.wait.is_none() && !self.deadline {
            check.mistake("it never refuses anybody; give `queue`, `wait` or `\"deadline\": true`");
            return None;
        }
        Some(model::ShedRule {
            station: station?,
            classes: classes?,
            queue: self.queue.map(Count::as_u32),
            wait: self.wait,
            deadline: self.deadline,
            spare_begun: self.spare_begun,
        })
    }

    fn misplaced(data: &model::ShedRule, before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        named::clash(before, |rule| matches!(rule, model::Rule::Shed(rule) if rule.station == data.station))
    }

    fn explain(&self, data: &model::ShedRule, study: &Study) -> Vec<String> {
        let mut when = Vec::new();
        when.extend(data.queue.map(|queue| format!("when {queue} wait")));
        when.extend(data.wait.map(|wait| format!("when they would wait longer than {wait}")));
        if data.deadline {
            let never =
                study.model.classes.iter().flat_map(|class| &class.journey).all(|step| matches!(step.timeout, Timeout::Never));
            when.push("when they would leave before their answer".to_owned() + if never { " (nobody ever does)" } else { "" });
        }
        let spare = if data.spare_begun { ", but not behind the first step of a journey" } else { "" };
        let (place, who) = (named::place(data.station, study), named::who(&data.classes, study));
        vec![format!("{place} refuses {who} {}{spare}", when.join(", or "))]
    }
}
