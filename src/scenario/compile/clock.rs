//! The clock, and civil moments as instants.

use super::super::file::{Clock, File};
use super::super::mistake::{Checker, suggestion};
use super::super::tree::shorten;
use super::super::when::Moment;
use crate::model::Cut;
use crate::time::{Calendar, CivilError, Time};
use std::path::Path;

/// Rows of the series at most.
const MAX_BINS: u64 = 1_000_000;

/// What every part of a scenario is compiled against.
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) file: &'a File,
    pub(crate) calendar: Calendar,
    pub(crate) end: Time,
    pub(crate) measure_from: Time,
    /// Where files named in the scenario are looked for.
    pub(crate) folder: &'a Path,
}

impl<'a> Context<'a> {
    /// Compiles the clock; without one nothing else can be.
    pub(crate) fn new(file: &'a File, folder: &'a Path, check: &mut Checker<'_>) -> Option<Context<'a>> {
        check.within("clock", |check| {
            let clock = &file.clock;
            let calendar = calendar(clock, check)?;
            let mut context = Context { file, calendar, end: Time::NEVER, measure_from: Time::ZERO, folder };
            context.end = check.within("end", |check| context.end_of(clock, check))?;
            if clock.bin.0 == 0 {
                check.mistake_at("bin", "a bin of no length; use for example \"1min\"");
            } else if context.end.0.div_ceil(clock.bin.0) > MAX_BINS {
                let bins = context.end.0.div_ceil(clock.bin.0);
                check.mistake_at("bin", format!("that makes {bins} bins; widen it to have at most {MAX_BINS}"));
            }
            if let Some(from) = &clock.measure_from {
                context.measure_from =
                    check.within("measure_from", |check| context.within_clock(from, check)).unwrap_or(Time::ZERO);
            }
            Some(context)
        })
    }

    fn end_of(&self, clock: &Clock, check: &mut Checker<'_>) -> Option<Time> {
        match self.calendar.at(clock.end.civil) {
            Ok(end) if end > Time::ZERO => Some(end),
            Ok(_) | Err(CivilError::BeforeStart(_)) => {
                check.mistake(format!("the clock ends when or before it starts; end it after {}", clock.start.text));
                None
            }
            Err(error) => self.civil_error(&error, &clock.end, check),
        }
    }

    /// The instant of a moment, at or after the start of the clock.
    pub(crate) fn moment(&self, moment: &Moment, check: &mut Checker<'_>) -> Option<Time> {
        self.calendar.at(moment.civil).map_or_else(|error| self.civil_error(&error, moment, check), Some)
    }

    /// The instant of a moment before the end of the clock.
    pub(crate) fn within_clock(&self, moment: &Moment, check: &mut Checker<'_>) -> Option<Time> {
        let at = self.moment(moment, check)?;
        if at >= self.end {
            check.mistake(format!("{} is not before clock.end, {}; move it or the end", moment.text, self.file.clock.end.text));
            return None;
        }
        Some(at)
    }

    /// Two moments in order, the first before the end of the clock.
    pub(crate) fn piece(&self, from: &Moment, to: &Moment, check: &mut Checker<'_>) -> Option<(Time, Time)> {
        let start = check.within("from", |check| self.within_clock(from, check));
        let end = check.within("to", |check| self.moment(to, check));
        let (start, end) = (start?, end?);
        if end <= start {
            check.mistake_at("to", format!("{} is not after `from`, {}; move one of them", to.text, from.text));
            return None;
        }
        Some((start, end))
    }

    /// How a curve is cut at the end of the clock.
    pub(crate) fn cut(&self, truncate: bool) -> Cut {
        Cut { end: self.end, truncate }
    }

    fn civil_error<T>(&self, error: &CivilError, moment: &Moment, check: &mut Checker<'_>) -> Option<T> {
        let text = &moment.text;
        check.mistake(match error {
            CivilError::SpringGap(_) => gap(&self.calendar, moment),
            CivilError::BeforeStart(_) => {
                format!("{text} is before clock.start, {}; move it or the start", self.file.clock.start.text)
            }
            CivilError::NotAMoment(_) | CivilError::OutOfRange(_) => format!("{text} is out of range; at most 584 years fit"),
        });
        None
    }
}

fn calendar(clock: &Clock, check: &mut Checker<'_>) -> Option<Calendar> {
    match Calendar::new(&clock.start.text, &clock.time_zone) {
        Some(Ok(calendar)) => Some(calendar),
        Some(Err(CivilError::SpringGap(_))) => {
            // A calendar from the day before knows between which hours the moment lies.
            let before = clock.start.civil.date().yesterday().ok().map(|day| format!("{day}T00:00"));
            let text = match before.and_then(|before| Calendar::new(&before, &clock.time_zone)) {
                Some(Ok(calendar)) => gap(&calendar, &clock.start),
                _ => format!("{} does not exist in this zone; choose another", clock.start.text),
            };
            check.mistake_at("start", text);
            None
        }
        Some(Err(_)) => {
            check.mistake_at("start", format!("{} is out of range; use a date of the calendar", clock.start.text));
            None
        }
        None => {
            let zones: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
            let hint = suggestion(&clock.time_zone, zones.iter().map(String::as_str));
            let hint = if hint.starts_with("did") { hint } else { "use an IANA name such as `Europe/Rome` or `UTC`".to_owned() };
            check.mistake_at("time_zone", format!("no time zone is called `{}`; {hint}", shorten(&clock.time_zone)));
            None
        }
    }
}

/// A moment that the clocks jump over: between which hours it lies.
fn gap(calendar: &Calendar, moment: &Moment) -> String {
    let (before, after) = calendar.gap(moment.civil);
    format!("{} does not exist: that night clocks jump from {before} to {after}; choose a time outside", moment.text)
}
