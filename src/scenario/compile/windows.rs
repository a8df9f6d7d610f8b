//! Windows of the civil day as pieces of time over the whole clock.

use super::super::leaf::Window;
use super::super::mistake::Checker;
use super::super::read::List;
use super::super::rules::{DayWindow, Weekday};
use super::Context;
use crate::model::Intervals;
use crate::time::Time;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday as Day};

/// The days of the week that a list names; all of them without a list.
pub(crate) fn named_days(list: Option<&List<Weekday>>, check: &mut Checker<'_>) -> Option<Vec<Day>> {
    let Some(list) = list else {
        return Some(Day::Monday.cycle_forward().take(7).collect());
    };
    if list.0.is_empty() {
        check.mistake_at("days", "the list of days is empty; name some, or remove the key");
        return None;
    }
    Some(list.iter().map(|(_, day)| day.0).collect())
}

/// When a rule is in force.
#[derive(Debug)]
pub(crate) struct Force {
    pub(crate) from: Time,
    pub(crate) to: Time,
    pub(crate) days: Vec<Day>,
}

/// Opening times: the windows where the rule is in force, and all the rest of the clock.
pub(crate) fn opening(context: &Context<'_>, windows: &List<DayWindow>, force: &Force) -> Intervals {
    let (from, to) = (force.from.min(context.end), force.to.min(context.end));
    let mut pieces = vec![(Time::ZERO, from), (to, context.end)];
    for day in context.calendar.days(context.end) {
        if force.days.contains(&day.weekday()) {
            let open = windows.iter().filter(|(_, window)| window.on.holds(day)).map(|(_, window)| window.window);
            pieces.extend(day_pieces(context, day, open).map(|piece| clip(piece, from, to)));
        } else {
            pieces.push(clip(edges(context, day, 0, 86_400), from, to));
        }
    }
    Intervals::new(pieces)
}

/// Working hours: the windows on the days, nothing on others.
pub(super) fn working_hours(context: &Context<'_>, windows: &List<Window>, days: &[Day]) -> Intervals {
    let dates = context.calendar.days(context.end).filter(|day| days.contains(&day.weekday()));
    let pieces = dates.flat_map(|day| {
        day_pieces(context, day, windows.iter().map(|(_, window)| *window))
            .map(|piece| clip(piece, Time::ZERO, context.end))
            .collect::<Vec<_>>()
    });
    Intervals::new(pieces.collect())
}

fn day_pieces<'a>(
    context: &'a Context<'_>,
    day: Date,
    windows: impl Iterator<Item = Window> + 'a,
) -> impl Iterator<Item = (Time, Time)> + 'a {
    let pieces = windows.flat_map(Window::pieces);
    pieces.map(move |(from, to)| edges(context, day, from, to))
}

/// The instants of two times of a civil day, which may have 23 or 25 hours.
fn edges(context: &Context<'_>, day: Date, from: u32, to: u32) -> (Time, Time) {
    let at = |second: u32| {
        let civil = day.at(0, 0, 0, 0).checked_add(i64::from(second).seconds());
        civil.map_or(Time::NEVER, |civil| context.calendar.at_or_after(civil))
    };
    (at(from), at(to))
}

fn clip((start, end): (Time, Time), from: Time, to: Time) -> (Time, Time) {
    (start.max(from), end.min(to))
}
