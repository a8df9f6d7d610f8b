//! Traces: a CSV file of times, or of times and counts, beside the scenario.

use super::super::arrivals::TraceCurve;
use super::super::mistake::Checker;
use super::super::source;
use super::super::tree::{Position, shorten};
use super::Context;
use super::arrivals::told;
use crate::model::{self, Between};
use crate::time::{Calendar, CivilError, Span, Time};
use std::path::{Path, PathBuf};

/// Reads the file and compiles it to a curve.
pub(super) fn trace(context: &Context<'_>, record: &TraceCurve, check: &mut Checker<'_>) -> Option<model::Curve> {
    if record.file.trim().is_empty() || Path::new(&record.file).is_absolute() {
        check.mistake_at("file", "the path of a trace is seen from the scenario's folder; give it so, such as \"arrivals.csv\"");
        return None;
    }
    let path = context.folder.join(&record.file);
    let text = match source::read(&path) {
        Ok(text) => text,
        Err(mistakes) => {
            for mistake in mistakes.0 {
                let place = mistake.at.map_or(String::new(), |at| format!("{at}: "));
                check.mistake_at("file", format!("`{}`: {place}{}", shorten(&record.file), mistake.text));
            }
            return None;
        }
    };
    let mut reader = Reader { context, path, rows: Vec::new(), good: true };
    let counted = reader.read(&text, check)?;
    if !reader.good {
        return None;
    }
    let cut = context.cut(record.truncate);
    if counted {
        let points = reader.points(check)?;
        told(model::Curve::rates(&points, Between::Step, cut), check)
    } else {
        let times: Vec<Time> = reader.rows.iter().map(|row| row.at).collect();
        told(model::Curve::atoms(&times, cut), check)
    }
}

struct Row {
    line: u32,
    at: Time,
    count: f64,
}

struct Reader<'a> {
    context: &'a Context<'a>,
    path: PathBuf,
    rows: Vec<Row>,
    good: bool,
}

impl Reader<'_> {
    fn mistake(&mut self, line: u32, text: impl Into<String>, check: &mut Checker<'_>) {
        self.good = false;
        check.mistake_in(self.path.clone(), Some(Position { line, column: 1 }), text);
    }

    /// Reads the rows; whether they have counts.
    fn read(&mut self, text: &str, check: &mut Checker<'_>) -> Option<bool> {
        let mut csv = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let header: Vec<String> = csv.headers().ok()?.iter().map(str::to_owned).collect();
        let counted = match header.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["time"] => false,
            ["time", "count"] => true,
            _ => {
                let shown = shorten(&header.join(","));
                self.mistake(1, format!("the first line is `{shown}`; it must be `time` or `time,count`"), check);
                return None;
            }
        };
        for record in csv.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    self.mistake(1, format!("this is not CSV: {error}"), check);
                    return None;
                }
            };
            let line = record.position().map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
            match self.row(&record, line, header.len()) {
                Ok(row) => self.rows.push(row),
                Err(text) => self.mistake(line, text, check),
            }
        }
        if self.rows.is_empty() && self.good {
            self.mistake(1, "there are no rows; give at least one", check);
        }
        Some(counted)
    }

    fn row(&self, record: &csv::StringRecord, line: u32, width: usize) -> Result<Row, String> {
        if record.len() != width {
            return Err(format!("{} fields; expected {width} as in the first line", record.len()));
        }
        let at = self.time(record.get(0).unwrap_or(""))?;
        let count = match record.get(1) {
            None => 1.0,
            Some(text) => text
                .parse()
                .ok()
                .filter(|count: &f64| (0.0..=4e9).contains(count))
                .ok_or_else(|| format!("`{}` is not a count; expected a number from 0 to 4000000000", shorten(text)))?,
        };
        Ok(Row { line, at, count })
    }

    /// A civil moment, or seconds since the start of the clock.
    fn time(&self, text: &str) -> Result<Time, String> {
        if let Ok(seconds) = text.parse::<f64>() {
            if !(0.0..1e10).contains(&seconds) {
                return Err(format!("{} is out of range; expected seconds since clock.start", shorten(text)));
            }
            return Ok(Time::ZERO + Span::from_nanos(seconds * 1e9));
        }
        let calendar = &self.context.calendar;
        Calendar::read(text).and_then(|civil| calendar.at(civil)).map_err(|error| match error {
            CivilError::NotAMoment(_) => {
                format!("`{}` is not a time; write a moment such as 2020-04-01T08:30 or seconds since clock.start", shorten(text))
            }
            error => format!("{error}; correct it or remove the row"),
        })
    }

    /// Counts between the rows as a stepwise rate; the last row lasts as long as the one before.
    fn points(&mut self, check: &mut Checker<'_>) -> Option<Vec<(Time, f64)>> {
        if self.rows.len() < 2 {
            self.mistake(1, "a single row says not how long it lasts; give two or more", check);
            return None;
        }
        let unsorted = self.rows.windows(2).find(|pair| pair[1].at <= pair[0].at).map(|pair| pair[1].line);
        if let Some(line) = unsorted {
            self.mistake(line, "this time is not after that of the row before; sort the rows", check);
            return None;
        }
        if self.rows.iter().all(|row| row.count == 0.0) {
            self.mistake(1, "all counts are zero, so nobody comes; make one of them greater", check);
            return None;
        }
        let mut points = Vec::with_capacity(self.rows.len() + 1);
        let mut width = Span::ZERO;
        for (i, row) in self.rows.iter().enumerate() {
            width = self.rows.get(i + 1).map_or(width, |next| next.at.since(row.at));
            points.push((row.at, row.count / width.seconds()));
        }
        points.push((points.last()?.0 + width, 0.0));
        Some(points)
    }
}
