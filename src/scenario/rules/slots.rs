//! Appointments.

use super::waiting_room::behind_a_room;
use super::{WrittenRule, named_classes, operated_class, shared_class, whom};
use crate::model::{self, Study};
use crate::scenario::compile::{Context, optional, sampler};
use crate::scenario::distribution::Distribution;
use crate::scenario::explain::{percent, spread};
use crate::scenario::leaf::{Count, Share};
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::record;
use crate::scenario::when::Moment;
use crate::time::Span;

record! {
    /// Appointments: whoever wants to enter books the first slot that has not begun and has room, and comes then.
    pub struct SlotsRule, "a slots rule" {
        /// Who needs an appointment; absent: all classes.
        optional classes: List<String>,
        /// Start of the first slot.
        required from: Moment,
        /// End of the last slot.
        required to: Moment,
        /// Length of a slot.
        required every: Span,
        /// Appointments in a slot.
        required capacity: Count<1, 4_294_967_295>,
        /// Time from the start of the slot until people come, at most its length; absent: they come at its start.
        optional delay: Distribution,
        /// Share of appointments to which nobody comes.
        default no_show: Share = 0,
        /// People who come after the end of their slot; absent: nobody.
        optional late: Lateness,
    }
}

record! {
    /// People who come after the end of their slot.
    pub struct Lateness, "this" {
        /// Share of those who come.
        required share: Share,
        /// How long after the end of the slot they come.
        required by: Distribution,
        /// Whoever is later than this is sent away; absent: nobody is.
        optional grace: Span,
    }
}

impl WrittenRule for SlotsRule {
    type Data = model::SlotsRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::SlotsRule> {
        let classes = named_classes(context, self.classes.as_ref(), check);
        let piece = context.piece(&self.from, &self.to, check);
        let delay = optional("delay", self.delay.as_ref(), check);
        let late_by = match &self.late {
            None => Some(None),
            Some(late) => check.within("late", |check| check.within("by", |check| sampler(&late.by, check))).map(Some),
        };
        let classes = classes?;
        if let Some(class) = operated_class(context, &classes) {
            check.mistake_at("classes", format!("`{class}` have operators, who do not book; name only classes without them"));
            return None;
        }
        let (from, to) = piece?;
        if self.every == Span::ZERO || self.every > to.since(from) {
            check.mistake_at("every", "no slot of this length fits between `from` and `to`; choose another");
            return None;
        }
        let count = u32::try_from(to.since(from).0 / self.every.0).ok().filter(|count| *count <= 1_000_000);
        if count.is_none() {
            check.mistake_at("every", "there are more than a million slots; make them longer");
        }
        Some(model::SlotsRule {
            classes,
            from,
            every: self.every,
            count: count?,
            capacity: self.capacity.as_u32(),
            delay: delay?,
            no_show: self.no_show.0,
            late: self.late.as_ref().map_or(0.0, |late| late.share.0),
            late_by: late_by?,
            grace: self.late.as_ref().and_then(|late| late.grace),
        })
    }

    fn misplaced(data: &model::SlotsRule, before: &[model::Rule], context: &Context<'_>) -> Option<String> {
        let twice = before.iter().filter(|rule| matches!(rule, model::Rule::Slots(_)));
        let twice = twice.into_iter().find_map(|rule| {
            let class = shared_class(context, &[data, rule])?;
            Some(format!("`{class}` already need an appointment of this policy; name other `classes`, or remove one"))
        });
        twice.or_else(|| behind_a_room(data, "slots", before, context))
    }

    fn explain(&self, data: &model::SlotsRule, study: &Study) -> Vec<String> {
        let mut lines = vec![format!(
            "appointments for {}: {} slots of {} from {} on, {} in each",
            whom(&data.classes, study),
            data.count,
            data.every,
            study.calendar.label(data.from),
            data.capacity
        )];
        let come = self.delay.as_ref().map_or_else(|| "at its start".to_owned(), |delay| spread(delay, "after its start"));
        lines.push(format!("  people come {come}; to {} nobody comes", percent(data.no_show)));
        lines.extend(self.late.as_ref().map(|late| {
            let grace = late.grace.map_or(String::new(), |grace| format!(", and are sent away when later than {grace}"));
            format!("  {} come {} after its end{grace}", percent(late.share.0), spread(&late.by, ""))
        }));
        lines
    }
}
