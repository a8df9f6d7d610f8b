//! Durations as people write them: `"250ms"`, `"1.5h"`, `"1h30min"`.

use super::Span;

/// Why a text is not a duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// A number without a unit.
    #[error("`{0}` has no unit")]
    NoUnit(String),
    /// A unit that is not one of `ns us ms s min h d`.
    #[error("`{0}` is not a unit of time")]
    UnknownUnit(String),
    /// Not a number, a negative one, or nothing at all.
    #[error("`{0}` is not a duration")]
    NotADuration(String),
    /// More than the 584 years that 64 bits of nanoseconds hold.
    #[error("`{0}` is too long: at most 584 years")]
    TooLong(String),
}

/// Every unit with its nanoseconds; a day is 86,400 s.
const UNITS: [(&str, u64); 7] = [
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("min", 60_000_000_000),
    ("h", 3_600_000_000_000),
    ("d", 86_400_000_000_000),
];

impl Span {
    /// Reads a duration: numbers with units, fractions allowed, added up (`"1h30min"`).
    ///
    /// Exact in integers: `"3333000000000ns"` loses nothing; digits beyond the nanosecond are rounded down.
    ///
    /// # Errors
    /// When the text is empty, negative, without unit, of an unknown unit, or longer than 584 years.
    pub fn parse(text: &str) -> Result<Span, DurationError> {
        let mut rest = text.trim();
        let mut total: u64 = 0;
        if rest.is_empty() {
            return Err(DurationError::NotADuration(text.to_owned()));
        }
        while !rest.is_empty() {
            let (number, after) = split_at(rest, |c| !(c.is_ascii_digit() || c == '.'));
            let (unit, after) = split_at(after.trim_start(), |c| !c.is_alphabetic() && c != 'µ');
            if number.is_empty() {
                return Err(DurationError::NotADuration(text.to_owned()));
            }
            if unit.is_empty() {
                return Err(match after.is_empty() {
                    true => DurationError::NoUnit(text.to_owned()),
                    false => DurationError::NotADuration(text.to_owned()),
                });
            }
            let size = UNITS.iter().find(|(name, _)| *name == unit);
            let (_, size) = size.ok_or_else(|| DurationError::UnknownUnit(unit.to_owned()))?;
            let nanos = nanoseconds(number, *size, text)?;
            total = total.checked_add(nanos).ok_or_else(|| DurationError::TooLong(text.to_owned()))?;
            rest = after.trim_start();
        }
        Ok(Span(total))
    }
}

fn split_at(text: &str, stop: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(stop).unwrap_or(text.len()))
}

/// `number` units of `size` nanoseconds each, in exact integer arithmetic.
fn nanoseconds(number: &str, size: u64, text: &str) -> Result<u64, DurationError> {
    let too_long = || DurationError::TooLong(text.to_owned());
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || number.ends_with('.') {
        return Err(DurationError::NotADuration(text.to_owned()));
    }
    let whole: u128 = whole.parse().map_err(|_| too_long())?;
    // A day has 8.64e13 ns, so digits beyond the twentieth are below the nanosecond.
    let fraction = &fraction[..fraction.len().min(20)];
    let scale = 10u128.pow(fraction.len() as u32);
    let parts: u128 = if fraction.is_empty() { 0 } else { fraction.parse().map_err(|_| too_long())? };
    let nanos = whole.checked_mul(u128::from(size)).ok_or_else(too_long)?;
    // parts < 10^20 and size < 10^14 would overflow 128 bits only beyond 10^38.
    let nanos = nanos.checked_add(parts * u128::from(size) / scale).ok_or_else(too_long)?;
    u64::try_from(nanos).map_err(|_| too_long())
}

/// Prints as a person would say it: `1 h 30 min`, `250 ms`, `2 d`.
impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if *self == Span::FOREVER {
            return f.write_str("forever");
        }
        let mut left = self.0;
        let mut first = true;
        for (name, size) in UNITS.iter().rev() {
            let count = left / size;
            left %= size;
            if count > 0 {
                write!(f, "{}{count} {name}", if first { "" } else { " " })?;
                first = false;
            }
        }
        if first { f.write_str("0 s") } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_with_units_fractions_and_sums() {
        for (text, nanos) in [
            ("250ms", 250_000_000),
            ("1.5h", 5_400_000_000_000),
            ("5.9d", 509_760_000_000_000),
            ("1h30min", 5_400_000_000_000),
            ("1 h 30 min", 5_400_000_000_000),
            ("3333000000000ns", 3_333_000_000_000),
            ("0s", 0),
            ("18446744073709551615ns", u64::MAX),
        ] {
            assert_eq!(Span::parse(text), Ok(Span(nanos)), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_says_why() {
        let text = |s: &str| s.to_owned();
        assert_eq!(Span::parse("60"), Err(DurationError::NoUnit(text("60"))));
        assert_eq!(Span::parse("60 parsecs"), Err(DurationError::UnknownUnit(text("parsecs"))));
        assert_eq!(Span::parse("18446744073709551616ns"), Err(DurationError::TooLong(text("18446744073709551616ns"))));
        assert_eq!(Span::parse("1e9999d"), Err(DurationError::UnknownUnit(text("e"))));
        for bad in ["", "  ", "-3s", "s", "1..5s", ".5s", "5.s", "1s-", "NaNs"] {
            assert!(Span::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spans_print_in_words() {
        assert_eq!(Span::parse("90min").unwrap().to_string(), "1 h 30 min");
        assert_eq!(Span(0).to_string(), "0 s");
        assert_eq!(Span(1_000_500).to_string(), "1 ms 500 ns");
    }
}
