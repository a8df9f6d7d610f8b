//! Ticks at round times of the clock on the wall.

use super::axis::round_ticks;
use crate::report::numbers::short;
use crate::time::{Calendar, Span, Time};
use jiff::civil::{Date, DateTime};

/// A tick of a time axis.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct ClockTick {
    pub(in crate::report) at: Time,
    /// A time of day, or a date where ticks are days or longer apart.
    pub(in crate::report) label: String,
    /// The date or the year where a new one begins.
    pub(in crate::report) below: String,
}

const MINUTE: u64 = 60;
const DAY: u64 = 86_400;
/// Steps in seconds that divide a day.
const STEPS: [u64; 15] = [
    1,
    5,
    15,
    30,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    3600,
    2 * 3600,
    3 * 3600,
    6 * 3600,
    12 * 3600,
];
const DAYS: [u64; 4] = [1, 2, 5, 10];
const MONTHS: [i32; 9] = [1, 3, 6, 12, 24, 60, 120, 240, 1200];

/// Ticks for the clock from its start to `end`, at most `count` of them or little more.
pub(in crate::report) fn clock_ticks(calendar: &Calendar, end: Time, count: usize) -> Vec<ClockTick> {
    let seconds = end.seconds();
    let rough = seconds / count.max(1) as f64;
    if rough < 0.5 {
        return relative_ticks(seconds, count);
    }
    let mut ticks = if let Some(step) = STEPS.into_iter().find(|step| *step as f64 >= rough) {
        times_of_day(calendar, end, step)
    } else if let Some(step) = DAYS.into_iter().find(|days| (days * DAY) as f64 >= rough) {
        dates(calendar, end, |date| {
            (u64::from(date.day().unsigned_abs()) - 1).is_multiple_of(step) && (step < 5 || date.day() < 30)
        })
    } else {
        let months = MONTHS.into_iter().find(|months| f64::from(*months) * 30.0 * DAY as f64 >= rough).unwrap_or(2400);
        months_of(calendar, end, months)
    };
    say_dates(calendar, &mut ticks);
    ticks
}

/// Clocks of a few seconds: seconds since the start.
fn relative_ticks(seconds: f64, count: usize) -> Vec<ClockTick> {
    let ticks = round_ticks(0.0, seconds, count.min(6)).into_iter().filter(|at| *at <= seconds);
    ticks
        .map(|at| ClockTick { at: Time(Span::from_nanos(at * 1e9).0), label: format!("{} s", short(at)), below: String::new() })
        .collect()
}

fn times_of_day(calendar: &Calendar, end: Time, step: u64) -> Vec<ClockTick> {
    let mut ticks = Vec::new();
    for day in calendar.days(end) {
        for second in (0..DAY).step_by(step as usize) {
            let at = |n: u64| i8::try_from(n).unwrap_or(0);
            let civil = day.at(at(second / 3600), at(second / 60 % 60), at(second % 60), 0);
            // Times that do not exist on the day of change have no tick.
            if let Ok(time) = calendar.at(civil)
                && time <= end
            {
                let form = if step < MINUTE { "%H:%M:%S" } else { "%H:%M" };
                ticks.push(ClockTick { at: time, label: civil.strftime(form).to_string(), below: String::new() });
            }
        }
    }
    ticks
}

fn dates(calendar: &Calendar, end: Time, wanted: impl Fn(Date) -> bool) -> Vec<ClockTick> {
    let midnights = calendar.days(end).filter(|date| wanted(*date)).map(|date| date.at(0, 0, 0, 0));
    ticks_at(calendar, end, midnights, "%-d %b")
}

fn months_of(calendar: &Calendar, end: Time, months: i32) -> Vec<ClockTick> {
    let (first, last) = (calendar.civil(Time::ZERO), calendar.civil(end));
    let number = |civil: DateTime| i32::from(civil.year()) * 12 + i32::from(civil.month()) - 1;
    let firsts = (number(first)..=number(last)).filter(|n| n % months == 0).filter_map(|n| {
        let date = Date::new(i16::try_from(n / 12).ok()?, i8::try_from(n % 12 + 1).ok()?, 1).ok()?;
        Some(date.at(0, 0, 0, 0))
    });
    ticks_at(calendar, end, firsts, if months >= 12 { "%Y" } else { "%b" })
}

fn ticks_at(calendar: &Calendar, end: Time, civils: impl Iterator<Item = DateTime>, form: &str) -> Vec<ClockTick> {
    let tick = |civil: DateTime| {
        let at = calendar.at(civil).ok().filter(|at| *at <= end)?;
        Some(ClockTick { at, label: civil.strftime(form).to_string(), below: String::new() })
    };
    civils.filter_map(tick).collect()
}

/// Puts the date below the first tick of each day, or the year below the first one of each year.
fn say_dates(calendar: &Calendar, ticks: &mut [ClockTick]) {
    let mut said = String::new();
    for tick in ticks {
        let civil = calendar.civil(tick.at);
        let form = match tick.label.as_str() {
            label if label.contains(':') => "%a %-d %b",
            label if label.contains(|c: char| c.is_alphabetic()) => "%Y",
            _ => "",
        };
        let below = civil.strftime(form).to_string();
        if below != said {
            tick.below.clone_from(&below);
            said = below;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(start: &str, length: &str, count: usize) -> Vec<(String, String)> {
        let calendar = Calendar::new(start, "Europe/Rome").unwrap().unwrap();
        let end = Time::ZERO + Span::parse(length).unwrap();
        clock_ticks(&calendar, end, count).into_iter().map(|tick| (tick.label, tick.below)).collect()
    }

    fn text(pairs: &[(String, String)]) -> String {
        pairs
            .iter()
            .map(|(label, below)| format!("{label}{}{below}", if below.is_empty() { "" } else { "/" }))
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn ticks_lie_at_round_times_and_say_the_date_once() {
        assert_eq!(
            text(&ticks("2020-04-01T00:00", "48h", 10)),
            "00:00/Wed 1 Apr 06:00 12:00 18:00 00:00/Thu 2 Apr 06:00 12:00 18:00 00:00/Fri 3 Apr"
        );
        assert_eq!(text(&ticks("2020-04-01T07:40", "1h", 5)), "07:45/Wed 1 Apr 08:00 08:15 08:30");
        assert_eq!(
            text(&ticks("2020-12-28T00:00", "8d", 10)),
            "28 Dec/2020 29 Dec 30 Dec 31 Dec 1 Jan/2021 2 Jan 3 Jan 4 Jan 5 Jan"
        );
        assert_eq!(text(&ticks("2020-04-01T00:00", "365d", 12)), "Apr/2020 Jul Oct Jan/2021 Apr");
        assert_eq!(text(&ticks("2020-04-01T08:00", "2s", 10)), "0 s 0.5 s 1 s 1.5 s 2 s");
        assert_eq!(
            text(&ticks("2020-04-01T08:00", "40s", 8)),
            "08:00:00/Wed 1 Apr 08:00:05 08:00:10 08:00:15 08:00:20 08:00:25 08:00:30 08:00:35 08:00:40"
        );
    }

    #[test]
    fn the_night_of_change_keeps_the_clock_on_the_wall() {
        assert_eq!(text(&ticks("2020-03-29T00:00", "5h", 6)), "00:00/Sun 29 Mar 01:00 03:00 04:00 05:00 06:00");
    }

    #[test]
    fn any_length_of_clock_has_a_bearable_number_of_ticks() {
        for length in ["1ns", "1ms", "7s", "3min", "50min", "1d", "3d", "20d", "80d", "300d", "3000d", "100000d", "200000d"] {
            let count = ticks("2020-04-01T00:00", length, 12).len();
            assert!((1..=26).contains(&count), "{length}: {count}");
        }
    }
}
