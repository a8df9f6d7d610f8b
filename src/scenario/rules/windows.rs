//! Windows: times of day at which classes, or cohorts of them, may enter.

use super::waiting_room::behind_a_room;
use super::{WrittenRule, shared_class};
use crate::model::{self, AppliesTo, Cohort, Study};
use crate::scenario::compile::{Context, Force, SHARE_ERROR, named_days, opening, rounded};
use crate::scenario::explain::opening_days;
use crate::scenario::leaf::{NonNegative, Share, Window, leaf_schema, text};
use crate::scenario::mistake::{Checker, nearest, suggestion};
use crate::scenario::read::{List, Map, Read};
use crate::scenario::record::{record, word, words};
use crate::scenario::tree::{Node, Value, shorten};
use crate::scenario::when::Moment;
use crate::time::Time;
use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// Times of day at which classes, or cohorts of them, may enter.
    pub struct WindowsRule, "a windows rule" {
        /// In force from this moment; absent: from the start of the clock.
        optional from: Moment,
        /// In force until this moment; absent: to the end of the clock.
        optional to: Moment,
        /// Days of the week on which it is in force, on others the class is open; absent: all.
        optional days: List<Weekday>,
        /// What is asked at the gate.
        default applies_to: AppliesTo = "sessions",
        /// By class its times of day, or by class and cohort. A class that is not named is open.
        required open: Map<Opening>,
        /// By class the shares of its cohorts, which add up to 1.
        default cohorts: Map<Map<Share>> = {},
        /// In place of `cohorts`, the sizes of the cohorts in any unit, such as days of birth.
        default weights: Map<Map<NonNegative>> = {},
        /// Share of people who follow it; below 1 it is advice, and the others enter as if it were open.
        default follow: Share = 1,
    }
}

words! { AppliesTo, "AppliesTo", "What is asked at the gate." {
    "sessions" => AppliesTo::Sessions, "The start of a session; one under way may finish.";
    "requests" => AppliesTo::Requests, "Every request.";
}}

/// Opening times of a class: a list of windows, or one for each of its cohorts.
#[derive(Debug, Clone, PartialEq)]
pub enum Opening {
    /// The same for everybody.
    All(List<DayWindow>),
    /// By cohort.
    Cohorts(Map<List<DayWindow>>),
}

impl Read for Opening {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match &node.value {
            Value::Object(_) => Map::read(node, check).map(Opening::Cohorts),
            _ => List::read(node, check).map(Opening::All),
        }
    }
}

impl JsonSchema for Opening {
    fn schema_name() -> Cow<'static, str> {
        "Opening".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let windows = generator.subschema_for::<List<DayWindow>>();
        json_schema!({"anyOf": [windows, generator.subschema_for::<Map<List<DayWindow>>>()]})
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekday(pub jiff::civil::Weekday);

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Read for Weekday {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let day = word(node, &DAYS, check)?;
        Weekday::numbered(DAYS.iter().position(|known| *known == day)?)
    }
}

impl Weekday {
    /// By its number, Monday's being 0.
    fn numbered(number: usize) -> Option<Weekday> {
        jiff::civil::Weekday::from_monday_zero_offset(i8::try_from(number).ok()?).ok().map(Weekday)
    }
}

impl JsonSchema for Weekday {
    fn schema_name() -> Cow<'static, str> {
        "Weekday".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"enum": DAYS})
    }
}

/// Times of day, on every day, on one of the week, or on one date: `08:00-16:00`, `mon`, `mon 08:00-16:00`, `2021-08-09`,
/// `2021-08-09 20:00-24:00`. A day without times is the whole day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayWindow {
    /// Which days.
    pub on: On,
    /// Which times of them.
    pub window: Window,
}

/// The days on which a window is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// Every day.
    All,
    /// A day of the week.
    Weekday(jiff::civil::Weekday),
    /// A date.
    Date(Date),
}

impl On {
    /// Whether a day is one of them.
    #[must_use]
    pub fn holds(self, day: Date) -> bool {
        match self {
            On::All => true,
            On::Weekday(weekday) => day.weekday() == weekday,
            On::Date(date) => day == date,
        }
    }

    fn parse(text: &str) -> Option<On> {
        match DAYS.iter().position(|known| *known == text) {
            Some(number) => Weekday::numbered(number).map(|day| On::Weekday(day.0)),
            None if text.len() == 10 => text.parse().ok().map(On::Date),
            None => None,
        }
    }
}

impl Read for DayWindow {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        let text = text(node, "a window such as \"08:00-16:00\", or a day such as \"mon\" or \"mon 08:00-16:00\"", check)?;
        let (day, times) = match text.split_once(' ') {
            Some((day, times)) => (Some(day), Some(times)),
            None if text.contains(':') => (None, Some(text)),
            None => (On::parse(text).map(|_| text), On::parse(text).is_none().then_some(text)),
        };
        let on = match day {
            None => On::All,
            Some(day) => {
                let on = On::parse(day);
                if on.is_none() {
                    let (shown, days) = (shorten(day), DAYS.join(", "));
                    check.mistake(format!("`{shown}` is no day; use one of {days}, or a date such as 2021-08-09"));
                }
                on?
            }
        };
        let window = Window::parse(times.unwrap_or("00:00-24:00"));
        let window = window.map_err(|hint| check.mistake(format!("`{}` is not a window; {hint}", shorten(times.unwrap_or("")))));
        Some(DayWindow { on, window: window.ok()? })
    }
}

leaf_schema!(DayWindow, "DayWindow", {
    "description": "Times of day, on every day or on the one named before them; a day alone is all of it.",
    "type": "string",
    "pattern": r"^((mon|tue|wed|thu|fri|sat|sun|[0-9]{4}-[0-9]{2}-[0-9]{2})( (?=.)|$))?(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?-(([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?|24:00(:00)?))?$",
    "minLength": 1,
    "examples": ["08:00-16:00", "mon", "mon 08:00-16:00", "2021-08-09 20:00-24:00"],
});

impl WrittenRule for WindowsRule {
    type Data = model::WindowsRule;

    fn compile(&self, context: &Context<'_>, check: &mut Checker<'_>) -> Option<model::WindowsRule> {
        let force = force(context, self, check);
        let mut good = known_classes(context, self, check);
        if self.open.0.is_empty() {
            check.mistake_at("open", "no class is named, so the rule does nothing; name one with its windows");
            good = false;
        }
        let (sizes, sizes_good) = Sizes::of(self, check);
        good &= sizes_good;
        for (_, class, opening) in self.open.iter() {
            let cohorts = sizes.of_class(class);
            good &= check.within("open", |check| {
                check.within(class, |check| {
                    let good = cohorts_match(class, opening, cohorts, check);
                    dates_lie_within(context, opening, check) && good
                })
            });
        }
        let force = force?;
        if !good {
            return None;
        }
        let all = |windows| vec![Cohort { name: String::new(), below: 1.0, open: opening(context, windows, &force) }];
        let classes = context.file.classes.names();
        let classes = classes.map(|class| match self.open.iter().find(|(_, name, _)| *name == class) {
            None => Vec::new(),
            Some((_, _, Opening::All(windows))) => all(windows),
            Some((_, _, Opening::Cohorts(windows))) => {
                sizes.of_class(class).map_or_else(Vec::new, |sizes| cohorts(context, sizes, windows, &force))
            }
        });
        Some(model::WindowsRule { applies_to: self.applies_to, follow: self.follow.0, classes: classes.collect() })
    }

    fn misplaced(data: &model::WindowsRule, before: &[model::Rule], context: &Context<'_>) -> Option<String> {
        if data.applies_to == AppliesTo::Requests {
            return None;
        }
        let booked = before.iter().filter(|rule| matches!(rule, model::Rule::Slots(_)));
        let booked = booked.into_iter().find_map(|rule| {
            let class = shared_class(context, &[data, rule])?;
            Some(format!("`{class}` would come to their appointment and be sent away; put `windows` before `slots`"))
        });
        booked.or_else(|| behind_a_room(data, "windows", before, context))
    }

    fn explain(&self, data: &model::WindowsRule, study: &Study) -> Vec<String> {
        // Those who have the same times are told together.
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for (cohorts, class) in data.classes.iter().zip(&study.names.classes) {
            let mut from = 0.0;
            for cohort in cohorts {
                let share = (cohort.below - from) * 100.0;
                from = cohort.below;
                let part = if cohort.name.is_empty() { String::new() } else { format!(" {} ({share:.0} %)", cohort.name) };
                let who = format!("{class}{part}");
                let when = opening_days(study, &cohort.open);
                match groups.iter_mut().find(|(_, same)| *same == when) {
                    Some((others, _)) => *others = format!("{others}, {who}"),
                    None => groups.push((who, when)),
                }
            }
        }
        let asked = if data.applies_to == AppliesTo::Requests { ", asked at every request" } else { "" };
        let heeded = if data.follow < 1.0 { format!("; advice that {:.0} % follow", data.follow * 100.0) } else { String::new() };
        let lines = groups.into_iter().flat_map(|(who, when)| {
            let first = format!("{who} may enter{asked}{heeded}");
            std::iter::once(first).chain(when.into_iter().map(|line| format!("  {line}")))
        });
        lines.collect()
    }
}

/// By class its cohorts with their shares.
struct Sizes(Vec<(String, Vec<(String, f64)>)>);

impl Sizes {
    fn of(record: &WindowsRule, check: &mut Checker<'_>) -> (Sizes, bool) {
        let mut sizes: Vec<(String, Vec<(String, f64)>)> = Vec::new();
        let mut good = cohorts_add_up(&record.cohorts, check);
        for (_, class, shares) in record.cohorts.iter() {
            sizes.push((class.to_owned(), shares.iter().map(|(_, name, share)| (name.to_owned(), share.0)).collect()));
        }
        for (_, class, weights) in record.weights.iter() {
            let sum: f64 = weights.iter().map(|(_, _, weight)| weight.0).sum();
            let fault = if record.cohorts.position(class).is_some() {
                "this class has its shares in `cohorts` too; remove one of the two"
            } else if sum <= 0.0 && weights.0.iter().all(|(_, weight)| weight.is_some()) {
                "all weights are zero; make one of them greater"
            } else {
                let shares = weights.iter().map(|(_, name, weight)| (name.to_owned(), weight.0 / sum));
                sizes.push((class.to_owned(), shares.collect()));
                continue;
            };
            check.within("weights", |check| check.within(class, |check| check.mistake_of_key(fault)));
            good = false;
        }
        (Sizes(sizes), good)
    }

    fn of_class(&self, class: &str) -> Option<&[(String, f64)]> {
        self.0.iter().find(|(name, _)| name == class).map(|(_, cohorts)| cohorts.as_slice())
    }
}

/// Whether the dates of windows are days of the clock.
fn dates_lie_within(context: &Context<'_>, opening: &Opening, check: &mut Checker<'_>) -> bool {
    let mut good = true;
    let mut of_list = |list: &List<DayWindow>, check: &mut Checker<'_>| {
        for (i, window) in list.iter() {
            if let On::Date(date) = window.on
                && context.calendar.days(context.end).all(|day| day != date)
            {
                check.mistake_at(i, format!("{date} is no day of the clock; correct it, or remove the window"));
                good = false;
            }
        }
    };
    match opening {
        Opening::All(list) => of_list(list, check),
        Opening::Cohorts(map) => map.iter().for_each(|(_, name, list)| check.within(name, |check| of_list(list, check))),
    }
    good
}

fn force(context: &Context<'_>, record: &WindowsRule, check: &mut Checker<'_>) -> Option<Force> {
    let days = named_days(record.days.as_ref(), check);
    let (from, to) = match (&record.from, &record.to) {
        (Some(from), Some(to)) => context.piece(from, to, check)?,
        (Some(from), None) => (check.within("from", |check| context.within_clock(from, check))?, context.end),
        (None, Some(to)) => {
            let end = check.within("to", |check| context.moment(to, check))?;
            if end == Time::ZERO {
                check.mistake_at("to", "the rule is in force until clock.start, so never; move it or remove the rule");
                return None;
            }
            (Time::ZERO, end)
        }
        (None, None) => (Time::ZERO, context.end),
    };
    Some(Force { from, to, days: days? })
}

fn known_classes(context: &Context<'_>, record: &WindowsRule, check: &mut Checker<'_>) -> bool {
    let mut good = true;
    let named = record.open.names().map(|name| ("open", name)).chain(record.cohorts.names().map(|name| ("cohorts", name)));
    let named = named.chain(record.weights.names().map(|name| ("weights", name)));
    for (key, name) in named {
        if context.file.classes.position(name).is_none() && !context.file.classes.0.is_empty() {
            let text = format!("no class is called `{}`; {}", shorten(name), suggestion(name, context.file.classes.names()));
            check.within(key, |check| check.within(name, |check| check.mistake_of_key(text)));
            good = false;
        }
    }
    good
}

fn cohorts_add_up(cohorts: &Map<Map<Share>>, check: &mut Checker<'_>) -> bool {
    let mut good = true;
    for (_, class, shares) in cohorts.iter() {
        let sum: f64 = shares.iter().map(|(_, _, share)| share.0).sum();
        let complete = shares.0.iter().all(|(_, share)| share.is_some());
        if complete && (sum - 1.0).abs() > SHARE_ERROR {
            let text = format!("the shares of these cohorts add up to {}; they must add up to 1", rounded(sum));
            check.within("cohorts", |check| check.mistake_at(class, text));
            good = false;
        }
    }
    good
}

/// Whether a class that is split has windows for each of its cohorts, and one that is not has none.
fn cohorts_match(class: &str, opening: &Opening, cohorts: Option<&[(String, f64)]>, check: &mut Checker<'_>) -> bool {
    let class = shorten(class);
    match (opening, cohorts) {
        (Opening::All(_), None) => true,
        (Opening::All(_), Some(_)) => {
            check.mistake(format!("`{class}` is split in cohorts; give each of them a list of windows"));
            false
        }
        (Opening::Cohorts(_), None) => {
            check.mistake(format!("`{class}` is not split in `cohorts`; give their shares there, or one list of windows here"));
            false
        }
        (Opening::Cohorts(windows), Some(cohorts)) => {
            let names = || cohorts.iter().map(|(name, _)| name.as_str());
            let has = |name: &str| names().any(|known| known == name);
            let mut good = true;
            let unknown = || windows.names().filter(|name| !has(name));
            for name in unknown() {
                let text = format!("`{class}` has no cohort `{}`; {}", shorten(name), suggestion(name, names()));
                check.within(name, |check| check.mistake_of_key(text));
                good = false;
            }
            for name in names().filter(|name| windows.position(name).is_none()) {
                // A misspelt one was just told.
                if !unknown().any(|other| nearest(other, names()) == Some(name)) {
                    check.mistake(format!("the cohort `{}` of `{class}` has no windows; give it a list of them", shorten(name)));
                }
                good = false;
            }
            good
        }
    }
}

fn cohorts(context: &Context<'_>, shares: &[(String, f64)], windows: &Map<List<DayWindow>>, force: &Force) -> Vec<Cohort> {
    let mut below = 0.0;
    let mut cohorts: Vec<Cohort> = Vec::new();
    for (name, share) in shares {
        below += share;
        if let Some((_, _, windows)) = windows.iter().find(|(_, known, _)| *known == name) {
            cohorts.push(Cohort { name: name.clone(), below, open: opening(context, windows, force) });
        }
    }
    if let Some(last) = cohorts.last_mut() {
        last.below = 1.0;
    }
    cohorts
}
