//! A waiting room before the service.

use super::{WrittenRule, named_classes, shared_class, whom};
use crate::model::{self, PolicyRule, Reload, RoomOrder, Several, Study, Tells};
use crate::scenario::compile::{Context, optional, sampler};
use crate::scenario::distribution::Distribution;
use crate::scenario::explain::{percent, spread};
use crate::scenario::leaf::{Count, Positive, Share};
use crate::scenario::mistake::Checker;
use crate::scenario::read::List;
use crate::scenario::record::{record, words};
use crate::scenario::when::Moment;
use crate::time::{Span, Time};

/// At least one session or place.
type Some1 = Count<1, 4_294_967_295>;

record! {
    /// A room before the service, that admits at a rate (`per_minute`), up to a number of sessions under way
    /// (`active_sessions`), or both.
    pub struct WaitingRoomRule, "a waiting room" {
        /// Whom it keeps; absent: all classes.
        optional classes: List<String>,
        /// It is closed to whoever comes before; absent: it opens with the clock.
        optional opens: Moment,
        /// Nobody is admitted before, and an order by lot is drawn now; absent: when it opens.
        optional starts: Moment,
        /// Who is called first.
        default order: RoomOrder = "fifo",
        /// Admissions a minute, evenly spaced; absent: no limit.
        optional per_minute: Positive,
        /// Sessions under way at most; absent: no limit.
        optional active_sessions: Some1,
        /// People in the room at most, others are turned away; absent: no limit.
        optional places: Some1,
        /// A session that lasts longer has lost its place; absent: never.
        optional session_limit: Span,
        /// What people are told.
        default tells: Tells = "nothing",
        /// With `"tells": "position"`: how long people look at it move before they judge.
        default watch: Span = "1min",
        /// How long people are willing to be in the room; absent: for ever.
        optional patience: Distribution,
        /// People who hold several places; absent: nobody.
        optional several: SeveralPlaces,
        /// People who lose their place by a reload; absent: nobody.
        optional reload: RoomReload,
    }
}

record! {
    /// People who hold several places, on several devices.
    pub struct SeveralPlaces, "this" {
        /// Share of people.
        required share: Share,
        /// Places that each of them holds.
        required places: Count<2, 1000>,
        /// How long a place that is called and not claimed takes up a session's place.
        default unclaimed: Span = "0s",
    }
}

record! {
    /// People who reload the page, lose their place and stand at the end.
    pub struct RoomReload, "this" {
        /// Share of people.
        required share: Share,
        /// Time in the room until they do it, and from then until they do it again.
        required after: Distribution,
    }
}

words! { RoomOrder, "RoomOrder", "Who is called first." {
    "fifo" => RoomOrder::Fifo, "Who came first.";
    "random" => RoomOrder::Random, "By lot among those who are there at the start; who comes later stands behind them.";
}}

words! { Tells, "Tells", "What people in the room are told." {
    "nothing" => Tells::Nothing, "Nothing: they leave when their patience ends.";
    "position" => Tells::Position, "How many are before them: they see how fast it moves, and leave if it is too slow.";
    "wait" => Tells::Wait, "How long it will take: they leave at once if it is too long, else they stay.";
}}

impl WaitingRoomRule {
    /// When it opens and when it starts.
    fn times(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<(Time, Time)> {
        let moment = |key: &str, moment: Option<&Moment>, check: &mut Checker<'_>| match moment {
            Some(moment) => check.within(key, |check| context.within_clock(moment, check)).map(Some),
            None => Some(None),
        };
        let (opens, starts) = (moment("opens", self.opens.as_ref(), check), moment("starts", self.starts.as_ref(), check));
        let opens = opens?.unwrap_or(Time::ZERO);
        let starts = starts?.unwrap_or(opens);
        if starts < opens {
            check.mistake_at("starts", "it starts before it opens; move one of the two");
            return None;
        }
        if self.order == RoomOrder::Random && starts == opens {
            check.mistake_at(
                "order",
                "nobody is there when it opens, so there is none to draw; give `starts`, later than `opens`",
            );
            return None;
        }
        Some((opens, starts))
    }

    fn makes_sense(&self, check: &mut Checker<'_>) -> bool {
        let before = check.count();
        if self.per_minute.is_none() && self.active_sessions.is_none() {
            check.mistake("this room keeps nobody; give `per_minute`, `active_sessions` or both");
        }
        if self.session_limit.is_some_and(|limit| limit == Span::ZERO) {
            check.mistake_at("session_limit", "a session of no length; give it time, such as \"20min\"");
        }
        if self.tells != Tells::Nothing && self.patience.is_none() {
            check.mistake_at("tells", "without `patience` people wait for ever, whatever they are told; give it, or remove this");
        }
        if self.watch == Span::ZERO {
            check.mistake_at("watch", "in no time nothing moves; give it time, such as \"1min\"");
        }
        check.count() == before
    }
}

impl WrittenRule for WaitingRoomRule {
    type Data = model::WaitingRoomRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::WaitingRoomRule> {
        let classes = named_classes(context, self.classes.as_ref(), check);
        let times = self.times(context, check);
        let sense = self.makes_sense(check);
        let patience = optional("patience", self.patience.as_ref(), check);
        let reload = match &self.reload {
            None => Some(None),
            Some(reload) => check.within("reload", |check| {
                let after = check.within("after", |check| sampler(&reload.after, check))?;
                if after.as_constant() == Some(Span::ZERO) {
                    check.mistake_at("after", "whoever reloads again at once is never called; give it time, such as \"10min\"");
                    return None;
                }
                Some(Some(Reload { share: reload.share.0, after }))
            }),
        };
        let (opens, starts) = times?;
        if !sense {
            return None;
        }
        Some(model::WaitingRoomRule {
            classes: classes?,
            opens,
            starts,
            order: self.order,
            per_minute: self.per_minute.map(|rate| rate.0),
            active_sessions: self.active_sessions.map(Count::as_u32),
            places: self.places.map(Count::as_u32),
            session_limit: self.session_limit,
            tells: self.tells,
            watch: self.watch,
            patience: patience?,
            several: self.several.as_ref().map(|several| Several {
                share: several.share.0,
                places: several.places.as_u16(),
                unclaimed: several.unclaimed,
            }),
            reload: reload?,
        })
    }

    fn misplaced(data: &model::WaitingRoomRule, before: &[model::Rule], context: &Context<'_>) -> Option<String> {
        before.iter().find_map(|rule| {
            let class = shared_class(context, &[data, rule])?;
            match rule {
                model::Rule::WaitingRoom(_) => Some(format!(
                    "`{class}` already go through a waiting room of this policy; name other `classes`, or remove one"
                )),
                _ => None,
            }
        })
    }

    fn explain(&self, data: &model::WaitingRoomRule, study: &Study) -> Vec<String> {
        let at = |time: Time| study.calendar.label(time);
        let mut lines = vec![format!("a waiting room for {}", whom(&data.classes, study))];
        if data.starts > Time::ZERO {
            lines.push(format!("  opens at {}, calls from {} on", at(data.opens), at(data.starts)));
        }
        lines.push(match data.order {
            RoomOrder::Fifo => "  first come, first called".to_owned(),
            RoomOrder::Random => "  calls by lot those who are there at the start, then the others as they came".to_owned(),
        });
        lines.extend(data.per_minute.map(|rate| format!("  admits {rate} a minute")));
        lines.extend(data.active_sessions.map(|count| format!("  admits while fewer than {count} sessions are under way")));
        lines.extend(data.places.map(|count| format!("  holds {count} people, and turns the others away")));
        lines.extend(data.session_limit.map(|limit| format!("  a session loses its place after {limit}")));
        let told = match data.tells {
            Tells::Nothing => "  tells nothing".to_owned(),
            Tells::Position => format!("  tells the position; people look for {} how it moves", data.watch),
            Tells::Wait => "  tells how long it will take".to_owned(),
        };
        let patience = self.patience.as_ref().map(|patience| format!("; people are willing to wait {}", spread(patience, "")));
        lines.push(format!("{told}{}", patience.unwrap_or_else(|| "; people wait for ever".to_owned())));
        lines.extend(data.several.map(|several| format!("  {} hold {} places", percent(several.share), several.places)));
        lines.extend(self.reload.as_ref().map(|reload| {
            format!("  {} reload after {} and lose their place", percent(reload.share.0), spread(&reload.after, ""))
        }));
        lines
    }
}

/// Why a rule that sends people away until a time may not stand behind a waiting room, if one of them does.
pub(super) fn behind_a_room(data: &dyn PolicyRule, name: &str, before: &[model::Rule], context: &Context<'_>) -> Option<String> {
    let rooms = before.iter().filter(|rule| matches!(rule, model::Rule::WaitingRoom(_)));
    rooms.into_iter().find_map(|room| {
        let class = shared_class(context, &[data, room])?;
        Some(format!("`{class}` would be called from the waiting room and then sent away; put `{name}` before `waiting_room`"))
    })
}
