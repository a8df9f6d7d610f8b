//! Standard output that survives a closed pipe.

use super::exit::Failure;
use std::borrow::Cow;
use std::io::{self, BufWriter, Write};

/// Prints a text, ending it with a line break if it has none.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(harmless(text).as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

/// Prints a value as JSON, piece by piece: a sweep's may be large.
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, anstream::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// A text as it may reach a terminal. Colours stay; other control characters, which a file of somebody else may hold in a title or
/// a name, could rename its window or fill its clipboard, and become spaces.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    let is_kept = |c: char| !c.is_control() || c == '\n' || c == '\t';
    if text.chars().all(is_kept) {
        return Cow::Borrowed(text);
    }
    let of_colour = |rest: &str| {
        let end = rest.strip_prefix("\u{1b}[")?.find(|c: char| !c.is_ascii_digit() && c != ';')?;
        rest[end + 2..].starts_with('m').then_some(end + 3)
    };
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = of_colour(rest).unwrap_or(c.len_utf8());
        match length > c.len_utf8() || is_kept(c) {
            true => safe.push_str(&rest[..length]),
            false => safe.push(' '),
        }
        rest = &rest[length..];
    }
    Cow::Owned(safe)
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn colours_stay_and_other_control_characters_become_spaces() {
        assert_eq!(harmless("a\n\u{1b}[1;31mb\u{1b}[0m\té"), "a\n\u{1b}[1;31mb\u{1b}[0m\té");
        assert_eq!(harmless("x\u{1b}]52;c;cm0=\u{7} \u{1b}[2Jy\r\u{9b}z"), "x ]52;c;cm0=   [2Jy  z");
        assert_eq!(harmless("\u{1b}"), " ");
        assert_eq!(harmless("\u{1b}[1é"), " [1é");
    }
}
