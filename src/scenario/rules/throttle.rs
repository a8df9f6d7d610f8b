//! Adaptive throttling in the clients.

use super::{WrittenRule, named};
use crate::model::{self, Study};
use crate::scenario::compile::Context;
use crate::scenario::leaf::Factor;
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::record;
use crate::time::Span;

record! {
    /// Clients that send fewer requests when few are answered, as in the Google SRE book.
    pub struct ThrottleRule, "a throttle rule" {
        /// Whose clients; absent: everybody's.
        optional classes: List<String>,
        /// So many requests an answer are sent; the others are refused in the client.
        default k: Factor = 2,
        /// The time over which requests and answers are counted.
        default window: Span = "2min",
    }
}

impl WrittenRule for ThrottleRule {
    type Data = model::ThrottleRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::ThrottleRule> {
        let classes = named::meant(context, self.classes.as_ref(), check);
        if self.window < Span::from_seconds(1) {
            check.mistake_at("window", "too short to count anything in; give \"1s\" or more");
            return None;
        }
        Some(model::ThrottleRule { classes: classes?, k: self.k.0, window: self.window })
    }

    fn misplaced(data: &model::ThrottleRule, before: &[model::Rule], _context: &Context<'_>) -> Option<String> {
        let same = |rule: &model::Rule| match rule {
            model::Rule::Throttle(rule) => rule.classes.iter().zip(&data.classes).any(|(a, b)| *a && *b),
            _ => false,
        };
        before.iter().any(same).then(|| "a class has a throttle already; remove one".to_owned())
    }

    fn explain(&self, data: &model::ThrottleRule, study: &Study) -> Vec<String> {
        let who = named::who(&data.classes, study);
        vec![format!("the clients of {who} send at most {} requests an answer, counted over {}", data.k, data.window)]
    }
}
