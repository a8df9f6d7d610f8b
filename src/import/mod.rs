//! What others measured, turned into parts of a scenario: access logs and tables of requests into an arrival curve and a
//! distribution of service times, results of load tests into service times and capacity.
//!
//! Files are read line by line, unpacked on the way, in memory that does not grow with them.

mod gather;
mod lines;
mod load_test;
mod log;
mod moment;
mod table;

pub use gather::{Bin, Found, Service};
pub use load_test::{LoadTest, Tool, load_test};

use gather::Gather;
use std::path::{Path, PathBuf};

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Common or Combined Log Format.
    Log,
    /// Comma-separated values with a first line of names.
    Csv,
    /// A JSON object a line.
    JsonLines,
}

/// The unit of a duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl Unit {
    /// Nanoseconds in one.
    fn nanos(self) -> f64 {
        match self {
            Unit::Seconds => 1e9,
            Unit::Milliseconds => 1e6,
            Unit::Microseconds => 1e3,
            Unit::Nanoseconds => 1.0,
        }
    }
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// How the files are written; `None`: as the first line of each looks.
    pub format: Option<Format>,
    /// Width of a bin of the curve, in whole seconds.
    pub bin_seconds: u32,
    /// The zone of the scenario; `None`: the time as it is written, without its offset.
    pub zone: Option<jiff::tz::TimeZone>,
    /// Only requests whose path begins so.
    pub path: Option<String>,
    /// The column or key that holds the time; `None`: the first of the usual names.
    pub time: Option<String>,
    /// The column or key that holds the duration; in access logs the number of the field after the quoted ones, `last`
    /// being the last; `None`: the first of the usual names, and none in access logs.
    pub duration: Option<String>,
    /// Its unit.
    pub unit: Unit,
}

/// Why nothing was found.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read or unpacked.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is nothing in it that could be used.
    #[error("{}: {what}", path.display())]
    Nothing {
        /// Which.
        path: PathBuf,
        /// What is missing; what would be right.
        what: String,
    },
}

/// One request of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Request {
    /// Civil second, as if it were UTC.
    second: i64,
    /// Nanoseconds.
    duration: Option<u64>,
    status: Option<u16>,
}

/// Reads files of requests; those that cannot be understood are counted, and the first is told.
///
/// # Errors
/// When a file cannot be read, or no request of it can be understood.
pub fn requests(paths: &[PathBuf], options: &Options) -> Result<Found, ImportError> {
    let mut gather = Gather::new(options.bin_seconds);
    for path in paths {
        let before = gather.read();
        read(path, options, &mut gather)?;
        if gather.read() == before {
            let skipped = gather
                .first_skipped()
                .map_or_else(|| "it has no lines".to_owned(), |(line, why)| format!("no request was found; line {line}: {why}"));
            return Err(ImportError::Nothing { path: path.clone(), what: skipped });
        }
    }
    let nothing = |what| ImportError::Nothing { path: paths.first().cloned().unwrap_or_default(), what };
    gather.found().map_err(nothing)
}

fn read(path: &Path, options: &Options, gather: &mut Gather) -> Result<(), ImportError> {
    let failed = |source| ImportError::Read { path: path.to_owned(), source };
    let mut lines = lines::Lines::open(path).map_err(failed)?;
    let mut format = options.format;
    let mut table: Option<table::Columns> = None;
    while let Some((number, line)) = lines.next().map_err(failed)? {
        let text = match line {
            Ok(text) => text.trim(),
            Err(why) => {
                gather.skip(number, why);
                continue;
            }
        };
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        let format = *format.get_or_insert_with(|| guess(text));
        let request = match format {
            Format::Log => log::request(text, options),
            Format::JsonLines => table::json(text, options),
            Format::Csv => match &table {
                None => {
                    let nothing = |what| ImportError::Nothing { path: path.to_owned(), what };
                    table = Some(table::Columns::of(text, options).map_err(nothing)?);
                    continue;
                }
                Some(columns) => columns.request(text, options),
            },
        };
        match request {
            Ok(Some(request)) => gather.add(request).map_err(|what| ImportError::Nothing { path: path.to_owned(), what })?,
            Ok(None) => gather.leave_out(),
            Err(why) => gather.skip(number, why),
        }
    }
    Ok(())
}

/// How a file looks by its first line.
fn guess(line: &str) -> Format {
    match line {
        line if line.starts_with('{') => Format::JsonLines,
        line if line.contains(" [") && line.contains("] \"") => Format::Log,
        _ => Format::Csv,
    }
}

#[cfg(test)]
mod tests;
