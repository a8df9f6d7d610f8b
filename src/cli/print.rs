//! Standard output that survives a closed pipe.

use super::exit::Failure;
use std::io::{self, BufWriter, Write};

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

/// Prints a value as JSON, piece by piece: a sweep's may be large.
pub(super) fn print_json(value: &impl serde::Serialize) -> Result<(), Failure> {
    let mut out = BufWriter::with_capacity(1 << 16, anstream::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value).map_err(io::Error::from)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}
