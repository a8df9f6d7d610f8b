//! The clock on the wall: civil times of the scenario's zone against instants of the run.

use super::Time;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan};

/// Why a civil time names no instant of the run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CivilError {
    /// Not of the form `2020-04-01T00:00`.
    #[error("`{0}` is not a moment")]
    NotAMoment(String),
    /// The clocks jump over this time.
    #[error("`{0}` does not exist: clocks jump over it when summer time begins")]
    SpringGap(String),
    /// Before `clock.start`.
    #[error("`{0}` is before clock.start")]
    BeforeStart(String),
    /// So late that 64 bits of nanoseconds do not reach it.
    #[error("`{0}` is out of range")]
    OutOfRange(String),
}

/// Turns civil times of one zone into instants since `clock.start` and back.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    zone_name: String,
    start: Timestamp,
}

impl Calendar {
    /// A calendar that counts from the civil time `start` in the zone of the IANA name `zone`.
    ///
    /// # Errors
    /// When `start` is no moment of that zone. `None` in place of the calendar: the zone is not known.
    pub fn new(start: &str, zone: &str) -> Option<Result<Calendar, CivilError>> {
        let tz = TimeZone::get(zone).ok()?;
        let start = parse_moment(start).and_then(|at| to_timestamp(&tz, at));
        Some(start.map(|start| Calendar { zone: tz, zone_name: zone.to_owned(), start }))
    }

    /// The zone's IANA name.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// The instant of a written civil time such as `2020-04-01T08:30`, seconds and fractions allowed. A time that
    /// occurs twice (the end of summer time) is the first of the two.
    ///
    /// # Errors
    /// See [`CivilError`].
    pub fn parse(&self, text: &str) -> Result<Time, CivilError> {
        self.at(parse_moment(text)?)
    }

    /// The instant of a civil time.
    ///
    /// # Errors
    /// See [`CivilError`].
    pub fn at(&self, civil: DateTime) -> Result<Time, CivilError> {
        let nanos = to_timestamp(&self.zone, civil)?.as_nanosecond() - self.start.as_nanosecond();
        if nanos < 0 {
            return Err(CivilError::BeforeStart(civil.to_string()));
        }
        u64::try_from(nanos).map(Time).map_err(|_| CivilError::OutOfRange(civil.to_string()))
    }

    /// The instant of a civil time as windows need it: a time in the spring gap is the end of the gap, one before
    /// `clock.start` is `clock.start`.
    #[must_use]
    pub fn at_or_after(&self, civil: DateTime) -> Time {
        let nanos = match self.zone.to_ambiguous_timestamp(civil).compatible() {
            Ok(at) => at.as_nanosecond() - self.start.as_nanosecond(),
            Err(_) => i128::MAX,
        };
        let gap = matches!(self.zone.to_ambiguous_timestamp(civil).offset(), AmbiguousOffset::Gap { .. });
        let at = Time(u64::try_from(nanos.max(0)).unwrap_or(u64::MAX));
        if gap { self.end_of_gap(at) } else { at }
    }

    /// The change of offset nearest before `at`: the first instant that exists after a gap.
    fn end_of_gap(&self, at: Time) -> Time {
        let Some(now) = self.timestamp(at) else { return at };
        match self.zone.preceding(now).next() {
            Some(change) => {
                let nanos = change.timestamp().as_nanosecond() - self.start.as_nanosecond();
                Time(u64::try_from(nanos.max(0)).unwrap_or(u64::MAX))
            }
            None => at,
        }
    }

    /// The civil time of an instant; beyond the year 9999 the last moment of that year.
    #[must_use]
    pub fn civil(&self, at: Time) -> DateTime {
        self.timestamp(at).map_or(DateTime::MAX, |t| self.zone.to_datetime(t))
    }

    /// `2020-04-01T09:12`, with seconds (and their fraction) only where they are not zero.
    #[must_use]
    pub fn label(&self, at: Time) -> String {
        let civil = self.civil(at);
        let mut text = civil.strftime("%Y-%m-%dT%H:%M").to_string();
        if civil.second() != 0 || civil.subsec_nanosecond() != 0 {
            text += &format!(":{:02}", civil.second());
        }
        if civil.subsec_nanosecond() != 0 {
            text += format!(".{:09}", civil.subsec_nanosecond()).trim_end_matches('0');
        }
        text
    }

    fn timestamp(&self, at: Time) -> Option<Timestamp> {
        Timestamp::from_nanosecond(self.start.as_nanosecond() + i128::from(at.0)).ok()
    }

    /// The civil midnights from the day of `clock.start` to that of `end`, as dates.
    pub fn days(&self, end: Time) -> impl Iterator<Item = jiff::civil::Date> + use<> {
        let last = self.civil(end).date();
        self.civil(Time::ZERO).date().series(1.day()).take_while(move |day| *day <= last)
    }
}

fn parse_moment(text: &str) -> Result<DateTime, CivilError> {
    // jiff also reads dates without a time and times with an offset; a scenario's moment is civil and whole.
    let well_formed = text.len() >= 16 && text.as_bytes()[10] == b'T' && !text.contains(['Z', 'z', '+', '[']);
    let moment = well_formed.then(|| text.parse::<DateTime>().ok()).flatten();
    moment.ok_or_else(|| CivilError::NotAMoment(text.to_owned()))
}

fn to_timestamp(zone: &TimeZone, civil: DateTime) -> Result<Timestamp, CivilError> {
    let moment = zone.to_ambiguous_timestamp(civil);
    if let AmbiguousOffset::Gap { .. } = moment.offset() {
        return Err(CivilError::SpringGap(civil.to_string()));
    }
    moment.earlier().map_err(|_| CivilError::OutOfRange(civil.to_string()))
}
