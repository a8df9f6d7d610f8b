//! Reading a file into text, with clear words where that fails.

use super::mistake::Mistakes;
use super::tree::Position;
use std::path::Path;

/// The largest file that is read: no scenario is near it, and a trace of a hundred million rows is one too many.
pub(crate) const MAX_BYTES: u64 = 1 << 30;

/// The text of a regular file in UTF-8, without a byte order mark.
pub(crate) fn read(path: &Path) -> Result<String, Mistakes> {
    let fail = |text: String| Mistakes::one(path, None, text);
    let about = std::fs::metadata(path).map_err(|error| fail(reason(&error)))?;
    if about.is_dir() {
        return Err(fail("this is a folder; name a file in it".to_owned()));
    }
    if !about.is_file() {
        return Err(fail("this is no regular file; name one".to_owned()));
    }
    if about.len() > MAX_BYTES {
        return Err(fail("this file is larger than a gibibyte; shorten it".to_owned()));
    }
    let bytes = std::fs::read(path).map_err(|error| fail(reason(&error)))?;
    decode(path, bytes)
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file; check the path".to_owned(),
        std::io::ErrorKind::PermissionDenied => "this file may not be read; check its permissions".to_owned(),
        _ => format!("this file cannot be read: {error}"),
    }
}

fn decode(path: &Path, bytes: Vec<u8>) -> Result<String, Mistakes> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Mistakes::one(path, Some(Position::START), "this file is in UTF-16; save it as UTF-8"));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let good = error.utf8_error().valid_up_to();
        let before = String::from_utf8_lossy(&error.as_bytes()[..good]).into_owned();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let at = Position { line: u32::try_from(line).unwrap_or(u32::MAX), column: u32::try_from(column).unwrap_or(u32::MAX) };
        Mistakes::one(path, Some(at), "this is not UTF-8; save the file as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}
