//! Moments as logs write them.

use super::Options;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// Civil second of the day in which a log line was written: `10/Oct/2000:13:55:36 -0700`.
pub(super) fn of_log(text: &str, options: &Options) -> Result<i64, String> {
    let wrong = || format!("`{text}` is no time such as 10/Oct/2000:13:55:36 -0700");
    let (date, offset) = text.split_once(' ').ok_or_else(wrong)?;
    let mut parts = date.splitn(3, '/');
    let (day, month, rest) = (parts.next(), parts.next(), parts.next());
    let month = month.and_then(month_number).ok_or_else(wrong)?;
    let (year, time) = rest.and_then(|rest| rest.split_once(':')).ok_or_else(wrong)?;
    let text = format!("{year}-{month:02}-{:0>2}T{time}", day.ok_or_else(wrong)?);
    let civil: DateTime = text.parse().map_err(|_| wrong())?;
    let offset = read_offset(offset).ok_or_else(wrong)?;
    Ok(in_zone(civil, offset, options))
}

fn month_number(name: &str) -> Option<usize> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = name.to_ascii_lowercase();
    MONTHS.iter().position(|month| *month == name).map(|place| place + 1)
}

fn read_offset(text: &str) -> Option<Offset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let number: i32 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    Offset::from_seconds(sign * (number / 100 * 3600 + number % 100 * 60)).ok()
}

/// As it is written, or in the zone that is asked for.
fn in_zone(civil: DateTime, offset: Offset, options: &Options) -> i64 {
    let instant = offset.to_timestamp(civil);
    match (&options.zone, instant) {
        (Some(zone), Ok(instant)) => seconds(zone.to_datetime(instant)),
        _ => seconds(civil),
    }
}

/// Seconds from 1970 as if the civil time were UTC.
pub(super) fn seconds(civil: DateTime) -> i64 {
    civil.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_secs()
}

/// The civil time of a civil second.
pub(super) fn civil(second: i64) -> DateTime {
    DateTime::constant(1970, 1, 1, 0, 0, 0, 0).saturating_add(SignedDuration::from_secs(second))
}

/// A moment of a table: seconds, milli-, micro- or nanoseconds since 1970 by their size, RFC 3339, or civil time.
pub(super) fn of_table(text: &str, options: &Options) -> Result<i64, String> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        // By size: one unit's year 2001 lies beyond the other's 30000.
        let size = [1e17, 1e14, 1e11].iter().zip([1e9, 1e6, 1e3]).find(|(least, _)| number.abs() >= **least);
        let since_1970 = number / size.map_or(1.0, |(_, unit)| unit);
        let instant = Timestamp::from_second(since_1970.floor() as i64).map_err(|_| format!("`{text}` is no time"))?;
        return Ok(seconds(options.zone.as_ref().unwrap_or(&TimeZone::UTC).to_datetime(instant)));
    }
    if let Ok(instant) = text.parse::<Timestamp>() {
        if let Some(zone) = &options.zone {
            return Ok(seconds(zone.to_datetime(instant)));
        }
        // As it is written: the same text without its offset.
        let ends =
            text.char_indices().skip(10).find(|(_, c)| matches!(c, 'Z' | 'z' | '+' | '-')).map_or(text.len(), |(at, _)| at);
        return text[..ends].trim().parse().map(seconds).map_err(|_| format!("`{text}` is no time"));
    }
    let wrong = |_| format!("`{text}` is no time such as 2020-04-01T08:30:00, 2020-04-01T08:30:00Z or seconds since 1970");
    text.parse::<DateTime>().map(seconds).map_err(wrong)
}
