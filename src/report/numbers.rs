//! Numbers as files and people read them.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};
use serde_json::{Number, Value};
use std::borrow::Cow;

/// The nearest number of nine significant digits.
#[must_use]
pub(super) fn nine_digits(value: f64) -> f64 {
    if value.is_finite() { nine_digit_text(value).parse().unwrap_or(value) } else { value }
}

/// The text of a number in nine significant digits, without trailing zeros; empty where it is not finite.
#[must_use]
pub(super) fn nine_digit_text(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let size = value.abs();
    if value.fract() == 0.0 && size < 1e9 {
        return (value as i64).to_string();
    }
    let (digits, exponent) = if (1e-5..1e9).contains(&size) { scaled_digits(size) } else { printed_digits(size) };
    let digits = digits.trim_end_matches('0');
    let sign = if value < 0.0 { "-" } else { "" };
    if !(-5..16).contains(&exponent) {
        let (first, rest) = digits.split_at(1);
        return format!("{sign}{first}{}{rest}e{exponent}", if rest.is_empty() { "" } else { "." });
    }
    match usize::try_from(exponent + 1) {
        Ok(whole) if whole >= digits.len() => format!("{sign}{digits:0<whole$}"),
        Ok(whole) if whole > 0 => format!("{sign}{}.{}", &digits[..whole], &digits[whole..]),
        _ => format!("{sign}0.{}{digits}", &"0000"[..(-(exponent + 1)).clamp(0, 4) as usize]),
    }
}

/// Nine digits of a number from 1e-5 to below 1e9, and the power of ten of the first. A series has millions of numbers:
/// this takes one multiplication, which is alike on every machine, where exact printing takes ten times as long.
fn scaled_digits(size: f64) -> (String, i32) {
    const POWERS: [f64; 14] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13];
    const FRACTIONS: [f64; 5] = [1e-1, 1e-2, 1e-3, 1e-4, 1e-5];
    let exponent = if size >= 1.0 {
        POWERS[1..=8].iter().take_while(|power| size >= **power).count() as i32
    } else {
        -1 - FRACTIONS[..4].iter().take_while(|power| size < **power).count() as i32
    };
    let whole = (size * POWERS[(8 - exponent) as usize]).round() as u64;
    // What rounds up to ten digits is a power of ten.
    if whole >= 1_000_000_000 { ("1".to_owned(), exponent + 1) } else { (format!("{whole:09}"), exponent) }
}

/// Nine digits of any number above zero, and the power of ten of the first.
fn printed_digits(size: f64) -> (String, i32) {
    let text = format!("{size:.8e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.chars().filter(|c| *c != '.').collect(), exponent.parse().unwrap_or(0))
}

/// Rounds every number with a fraction in a JSON value to nine significant digits; whole ones become integers.
pub(super) fn round_all(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(exact) = number.as_f64().filter(|_| number.is_f64()) {
                *number = rounded_number(exact);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(round_all),
        Value::Object(map) => map.values_mut().for_each(round_all),
        _ => {}
    }
}

/// A number that is written to nine significant digits, a whole one without a point; `null` where it is not finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rounded(pub f64);

impl Serialize for Rounded {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.is_finite().then(|| rounded_number(self.0)).serialize(serializer)
    }
}

impl JsonSchema for Rounded {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rounded".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({"type": ["number", "null"]})
    }
}

fn rounded_number(value: f64) -> Number {
    let rounded = nine_digits(value);
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        return Number::from(rounded as i64);
    }
    Number::from_f64(rounded).unwrap_or_else(|| Number::from(0))
}

/// A count, share or rate for people: `1.5 M`, `300 k`, `42`, `0.05`; three significant digits.
#[must_use]
pub(super) fn short(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    with_unit(value, 1e4, 3)
}

/// A count for people, every digit of it: `1,381,243`; as [`short`] below a thousand and from a milliard on.
#[must_use]
pub(super) fn in_full(value: f64) -> String {
    let size = value.abs().round();
    if !(1e3..1e9).contains(&size) {
        return short(value);
    }
    let digits = format!("{size:.0}");
    let mut text = if value < 0.0 { "−".to_owned() } else { String::new() };
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A margin of error for people: as [`short`], in two significant digits, from a thousand on in `k`.
#[must_use]
pub(super) fn margin(value: f64) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    with_unit(value, 1e3, 2)
}

/// In so many significant digits, in thousands from `thousands` on.
fn with_unit(value: f64, thousands: f64, digits: i32) -> String {
    let size = value.abs();
    for (unit, name) in [(1e12, " T"), (1e9, " G"), (1e6, " M"), (thousands, " k")] {
        // 999.6 thousand is told as a million.
        if size >= unit * 0.9995 {
            let unit = if unit == thousands { 1e3 } else { unit };
            return significant(value / unit, digits) + name;
        }
    }
    if size >= 999.5 { format!("{value:.0}").replace('-', "−") } else { significant(value, digits) }
}

/// At most so many significant digits before rounding up, without an exponent unless the number is tiny, without trailing zeros.
fn significant(value: f64, digits: i32) -> String {
    let size = value.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if size < 1e-4 {
        return format!("{value:.1e}").replace('-', "−");
    }
    let decimals = (digits - 1 - size.log10().floor() as i32).clamp(0, 6) as usize;
    let text = format!("{value:.decimals$}");
    let text = if decimals > 0 { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text };
    if text == "-0" { "0".to_owned() } else { text.replace('-', "−") }
}

/// A share in per cent: `62.1 %`; more digits where it is close to 0 or 1.
#[must_use]
pub(super) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return "–".to_owned();
    }
    let value = share * 100.0;
    let text = match value.abs() {
        0.0 => "0".to_owned(),
        size if size < 0.095 => significant((value * 100.0).round() / 100.0, 3),
        size if (99.995..100.0).contains(&size) => ">99.99".to_owned(),
        size if size > 99.95 && size < 100.0 => format!("{value:.2}"),
        100.0 => "100".to_owned(),
        _ => format!("{value:.1}"),
    };
    match text.as_str() {
        "0" if value != 0.0 => "<0.01 %".to_owned(),
        _ => text.replace('-', "−") + " %",
    }
}

/// A length of time in seconds for people, in two units at most: `45 s`, `12 min`, `3 h 05 min`, `2 d 4 h`.
#[must_use]
pub(super) fn duration(seconds: f64) -> String {
    if !seconds.is_finite() {
        return "–".to_owned();
    }
    let sign = if seconds < 0.0 { "−" } else { "" };
    let size = seconds.abs();
    let text = match size {
        0.0 => "0 s".to_owned(),
        s if s < 1.0 => format!("{} ms", significant(s * 1000.0, 3)),
        s if s < 99.5 => format!("{} s", significant(s, 3)),
        s if s < 5970.0 => format!("{:.0} min", s / 60.0),
        s if s < 86_400.0 * 2.0 - 30.0 => {
            let minutes = (s / 60.0).round() as u64;
            format!("{} h {:02} min", minutes / 60, minutes % 60)
        }
        s if s < 86_400.0 * 100.0 => {
            let hours = (s / 3600.0).round() as u64;
            if hours.is_multiple_of(24) { format!("{} d", hours / 24) } else { format!("{} d {} h", hours / 24, hours % 24) }
        }
        s => format!("{} d", short(s / 86_400.0)),
    };
    sign.to_owned() + &text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nine_significant_digits() {
        assert_eq!(nine_digits(1.0 / 3.0), 0.333333333);
        assert_eq!(nine_digits(1_234_567_890.5), 1_234_567_890.0);
        assert_eq!(nine_digits(-9_999_999_995.0), -10_000_000_000.0);
        assert_eq!(nine_digits(1.23456789012e-7), 1.23456789e-7);
        for (value, text) in
            [(0.0, "0"), (-0.0, "0"), (12.0, "12"), (2.0 / 3.0, "0.666666667"), (1.5e-7, "1.5e-7"), (f64::NAN, "")]
        {
            assert_eq!(nine_digit_text(value), text);
        }
        for value in
            [1_500_000.0, 12.3, -0.00012345, 123_456_789.987, 1_234_567_891.5, 98_765.432_109_876, 1e15 + 0.5, -7e-5, 0.1]
        {
            assert_eq!(nine_digit_text(value), nine_digits(value).to_string());
        }
    }

    #[test]
    fn json_numbers_are_rounded_and_whole_ones_lose_their_point() {
        let mut value = json!({"seed": u64::MAX, "a": 3.0, "b": [0.1 + 0.2, null], "c": -2.0e20});
        round_all(&mut value);
        assert_eq!(value.to_string(), format!(r#"{{"seed":{},"a":3,"b":[0.3,null],"c":-2e+20}}"#, u64::MAX));
    }

    #[test]
    fn numbers_for_people() {
        for (value, text) in [
            (0.0, "0"),
            (1_500_000.0, "1.5 M"),
            (300_000.0, "300 k"),
            (999_900.0, "1 M"),
            (9_500.0, "9500"),
            (999.7, "1000"),
            (42.0, "42"),
            (0.05, "0.05"),
            (-1234.0, "−1234"),
            (-12_340.0, "−12.3 k"),
            (1e-7, "1.0e−7"),
        ] {
            assert_eq!(short(value), text, "{value}");
        }
        for (share, text) in [
            (0.0, "0 %"),
            (1.0, "100 %"),
            (0.6213, "62.1 %"),
            (0.99987, "99.99 %"),
            (0.99999, ">99.99 %"),
            (0.0004, "0.04 %"),
            (1e-9, "<0.01 %"),
        ] {
            assert_eq!(percent(share), text, "{share}");
        }
        for (seconds, text) in [
            (0.0, "0 s"),
            (0.25, "250 ms"),
            (45.0, "45 s"),
            (720.0, "12 min"),
            (11_100.0, "3 h 05 min"),
            (187_200.0, "2 d 4 h"),
            (172_800.0, "2 d"),
            (-11_100.0, "−3 h 05 min"),
        ] {
            assert_eq!(duration(seconds), text, "{seconds}");
        }
    }
}
