//! The clock on the wall: civil times of the scenario's zone against instants of the run.

use super::{NANOS_PER_SECOND, Span, Time};
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
        let start = Calendar::read(start).and_then(|at| to_timestamp(&tz, at));
        Some(start.map(|start| Calendar { zone: tz, zone_name: zone.to_owned(), start }))
    }

    /// The zone's IANA name.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        &self.zone_name
    }

    /// Reads a written civil time such as `2020-04-01T08:30`, whatever the zone.
    ///
    /// # Errors
    /// [`CivilError::NotAMoment`].
    pub fn read(text: &str) -> Result<DateTime, CivilError> {
        // jiff also reads dates without a time and times with an offset; a scenario's moment is civil and whole.
        let well_formed = text.len() >= 16 && text.as_bytes()[10] == b'T' && !text.contains(['Z', 'z', '+', '[']);
        let moment = well_formed.then(|| text.parse::<DateTime>().ok()).flatten();
        moment.ok_or_else(|| CivilError::NotAMoment(text.to_owned()))
    }

    /// The instant of a written civil time such as `2020-04-01T08:30`, seconds and fractions allowed. A time that
    /// occurs twice (the end of summer time) is the first of the two.
    ///
    /// # Errors
    /// See [`CivilError`].
    pub fn parse(&self, text: &str) -> Result<Time, CivilError> {
        self.at(Calendar::read(text)?)
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

    /// The instant of a civil time as windows need it: a time in the spring gap is the end of the gap, one that occurs
    /// twice is the first of the two, one before `clock.start` is `clock.start`.
    #[must_use]
    pub fn at_or_after(&self, civil: DateTime) -> Time {
        let moment = self.zone.to_ambiguous_timestamp(civil);
        let gap = matches!(moment.offset(), AmbiguousOffset::Gap { .. });
        // In a gap `earlier` is an instant before the clocks change, else the first that reads so.
        let at = match moment.earlier() {
            Ok(before) if gap => self.zone.following(before).next().map_or(before, |change| change.timestamp()),
            Ok(at) => at,
            Err(_) => return if civil < self.civil(Time::ZERO) { Time::ZERO } else { Time::NEVER },
        };
        self.since_start(at)
    }

    /// The civil times between which the clocks jump over `civil`, as `02:00` and `03:00`.
    #[must_use]
    pub fn gap(&self, civil: DateTime) -> (String, String) {
        let clock = |civil: DateTime| civil.strftime("%H:%M").to_string();
        let change = match self.zone.to_ambiguous_timestamp(civil).earlier() {
            Ok(before) => self.zone.following(before).next(),
            Err(_) => None,
        };
        let Some(change) = change else { return (clock(civil), clock(civil)) };
        let last = change.timestamp() - 1.nanosecond();
        // A nanosecond before the change the clocks show a nanosecond before the gap.
        let from = self.zone.to_datetime(last).saturating_add(1.nanosecond());
        (clock(from), clock(self.zone.to_datetime(change.timestamp())))
    }

    /// The next instant at which the hour on the wall changes: at the full hour, or when the clocks are moved.
    #[must_use]
    pub fn next_hour(&self, at: Time) -> Time {
        let civil = self.civil(at);
        let past = u64::from(civil.minute().unsigned_abs()) * 60 + u64::from(civil.second().unsigned_abs());
        let past = Span(past * NANOS_PER_SECOND + u64::from(civil.subsec_nanosecond().unsigned_abs()));
        let full = at + Span::from_seconds(3600) - past;
        let change = self.timestamp(at).and_then(|now| self.zone.following(now).next());
        change.map_or(full, |change| self.since_start(change.timestamp()).min(full))
    }

    fn since_start(&self, at: Timestamp) -> Time {
        let nanos = at.as_nanosecond() - self.start.as_nanosecond();
        Time(u64::try_from(nanos.max(0)).unwrap_or(u64::MAX))
    }

    /// The civil time of an instant; beyond the year 9999 the last moment of that year.
    #[must_use]
    pub fn civil(&self, at: Time) -> DateTime {
        self.timestamp(at).map_or(DateTime::MAX, |t| self.zone.to_datetime(t))
    }

    /// `2020-04-01T09:12`, with seconds (and their fraction) only where they are not zero; where clocks have just been set
    /// back and the time occurs for the second time, with its offset: `2020-10-25T02:00+01:00`.
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
        if let Some(offset) = self.second_offset(at, civil) {
            text += &offset;
        }
        text
    }

    /// The offset of an instant whose civil time occurred before.
    fn second_offset(&self, at: Time, civil: DateTime) -> Option<String> {
        let AmbiguousOffset::Fold { after, .. } = self.zone.to_ambiguous_timestamp(civil).offset() else { return None };
        let now = self.timestamp(at)?;
        let zoned = now.to_zoned(self.zone.clone());
        (zoned.offset() == after).then(|| zoned.strftime("%:z").to_string())
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

fn to_timestamp(zone: &TimeZone, civil: DateTime) -> Result<Timestamp, CivilError> {
    let moment = zone.to_ambiguous_timestamp(civil);
    if let AmbiguousOffset::Gap { .. } = moment.offset() {
        return Err(CivilError::SpringGap(civil.to_string()));
    }
    moment.earlier().map_err(|_| CivilError::OutOfRange(civil.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rome(start: &str) -> Calendar {
        Calendar::new(start, "Europe/Rome").unwrap().unwrap()
    }

    fn edge(calendar: &Calendar, text: &str) -> f64 {
        calendar.at_or_after(Calendar::read(text).unwrap()).seconds() / 3600.0
    }

    #[test]
    fn a_window_that_opens_in_the_spring_gap_opens_at_its_end() {
        let calendar = rome("2020-03-29T00:00");
        for (text, hours) in [
            ("2020-03-28T12:00", 0.0),
            ("2020-03-29T01:59", 1.0 + 59.0 / 60.0),
            ("2020-03-29T02:00", 2.0),
            ("2020-03-29T02:30", 2.0),
            ("2020-03-29T03:00", 2.0),
            ("2020-03-29T08:00", 7.0),
            ("2020-03-30T00:00", 23.0),
        ] {
            assert_eq!(edge(&calendar, text), hours, "{text}");
        }
        assert_eq!(calendar.parse("2020-03-29T02:30"), Err(CivilError::SpringGap("2020-03-29T02:30:00".to_owned())));
    }

    #[test]
    fn a_gap_before_the_start_is_the_start() {
        let calendar = rome("2020-03-29T12:00");
        assert_eq!(edge(&calendar, "2020-03-29T02:30"), 0.0);
        assert_eq!(edge(&calendar, "2020-03-29T13:00"), 1.0);
    }

    #[test]
    fn a_time_that_occurs_twice_is_the_first() {
        let calendar = rome("2020-10-25T00:00");
        for (text, hours) in [("2020-10-25T02:30", 2.5), ("2020-10-25T03:00", 4.0), ("2020-10-26T00:00", 25.0)] {
            assert_eq!(edge(&calendar, text), hours, "{text}");
        }
    }

    #[test]
    fn hours_on_the_wall_follow_the_zone() {
        let spring = rome("2020-03-29T00:30");
        let mut at = Time::ZERO;
        let mut hours = Vec::new();
        for _ in 0..4 {
            at = spring.next_hour(at);
            hours.push(spring.label(at));
        }
        assert_eq!(hours, ["2020-03-29T01:00", "2020-03-29T03:00", "2020-03-29T04:00", "2020-03-29T05:00"]);
        let autumn = rome("2020-10-25T02:00");
        assert_eq!(autumn.label(Time::ZERO), "2020-10-25T02:00");
        assert_eq!(autumn.label(autumn.next_hour(Time::ZERO)), "2020-10-25T02:00+01:00");
    }
}
