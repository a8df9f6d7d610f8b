//! Standard output that survives a closed pipe.

use super::exit::Failure;
use std::io::Write;

/// Prints a text, ending it with a line break if it has none.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}
