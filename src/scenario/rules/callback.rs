//! Contacts left at a waiting room, and calls when there is room.

use super::{WrittenRule, named_classes, operated_class, shared_class, whom};
use crate::model::{self, PolicyRule, Study};
use crate::scenario::compile::{Context, optional};
use crate::scenario::distribution::Distribution;
use crate::scenario::explain::{percent, spread};
use crate::scenario::leaf::{Count, Share};
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::record;
use crate::time::Span;

record! {
    /// Whom the waiting room before it turns away, and whoever leaves that room, may leave a contact, and is called when few
    /// sessions are under way.
    pub struct CallbackRule, "a callback rule" {
        /// To whom it is offered; absent: all classes.
        optional classes: List<String>,
        /// Share of those people who leave a contact; the others give up for now.
        required share: Share,
        /// Calls go out while sessions under way and calls out are fewer than this.
        required below: Count<1, 4_294_967_295>,
        /// Share of calls that are answered.
        default answer: Share = 1,
        /// Time from the call until people come; absent: at once.
        optional answers_after: Distribution,
        /// How long a call keeps a place free; whoever comes later has not answered.
        default hold: Span = "1h",
        /// Calls to one contact at most; after the last people give up for now.
        default calls: Count<1, 1000> = 1,
    }
}

impl WrittenRule for CallbackRule {
    type Data = model::CallbackRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::CallbackRule> {
        let classes = named_classes(context, self.classes.as_ref(), check);
        let answers_after = optional("answers_after", self.answers_after.as_ref(), check);
        let classes = classes?;
        if let Some(class) = operated_class(context, &classes) {
            check.mistake_at("classes", format!("`{class}` have operators, whom nobody calls; name only classes without them"));
            return None;
        }
        if self.hold == Span::ZERO {
            check.mistake_at("hold", "a call that keeps no place free cannot be answered; give it time, such as \"1h\"");
            return None;
        }
        Some(model::CallbackRule {
            classes,
            share: self.share.0,
            below: self.below.as_u32(),
            answer: self.answer.0,
            answers_after: answers_after?,
            hold: self.hold,
            calls: self.calls.as_u16(),
        })
    }

    fn misplaced(data: &model::CallbackRule, before: &[model::Rule], context: &Context<'_>) -> Option<String> {
        let twice = before.iter().filter(|rule| matches!(rule, model::Rule::Callback(_)));
        if let Some(class) = twice.into_iter().find_map(|rule| shared_class(context, &[data, rule])) {
            return Some(format!("`{class}` may already leave a contact under this policy; name other `classes`, or remove one"));
        }
        let rooms: Vec<&model::Rule> = before.iter().filter(|rule| matches!(rule, model::Rule::WaitingRoom(_))).collect();
        let mut classes = context.file.classes.names().enumerate().filter(|(class, _)| data.concerns(*class));
        if let Some((_, class)) = classes.find(|(class, _)| !rooms.iter().any(|room| room.concerns(*class))) {
            return Some(format!(
                "no waiting room before this keeps `{class}`, so that none of them is turned away; put one before it"
            ));
        }
        let beside = rooms.iter().filter(|room| shared_class(context, &[data, **room]).is_some()).count();
        (beside > 1).then(|| "its classes go through several waiting rooms; give each room a callback rule of its own".to_owned())
    }

    fn explain(&self, data: &model::CallbackRule, study: &Study) -> Vec<String> {
        let whom = whom(&data.classes, study);
        let come = self.answers_after.as_ref().map_or_else(|| "at once".to_owned(), |after| spread(after, "after the call"));
        vec![
            format!("{whom}: {} of those whom the room turns away or loses leave a contact", percent(data.share)),
            format!("  called while fewer than {} sessions and calls are under way, {} times at most", data.below, data.calls),
            format!(
                "  {} of calls are answered; people come {come}; a call keeps a place for {}",
                percent(data.answer),
                data.hold
            ),
        ]
    }
}
