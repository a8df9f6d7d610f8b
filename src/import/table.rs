//! Tables of requests: CSV and JSON lines.

use super::{Options, Request, moment};
use serde_json::Value;

const TIMES: [&str; 9] = ["time", "timestamp", "ts", "@timestamp", "datetime", "date", "start", "start_time", "time_local"];
const DURATIONS: [&str; 10] = [
    "duration",
    "request_time",
    "response_time",
    "latency",
    "elapsed",
    "time_taken",
    "duration_ms",
    "latency_ms",
    "elapsed_ms",
    "duration_us",
];
const STATUSES: [&str; 4] = ["status", "status_code", "code", "response_code"];
const PATHS: [&str; 6] = ["path", "url", "uri", "request_uri", "request", "endpoint"];

/// A duration of so many units.
pub(super) fn duration(text: &str, options: &Options) -> Result<u64, String> {
    let number: Option<f64> = text.trim().parse().ok().filter(|number: &f64| *number >= 0.0 && number.is_finite());
    let nanos = number.map(|number| number * options.unit.nanos()).filter(|nanos| *nanos < 1e18);
    nanos.map(|nanos| nanos.round() as u64).ok_or_else(|| format!("`{text}` is no duration"))
}

/// Where the columns of a CSV file are.
#[derive(Debug)]
pub(super) struct Columns {
    time: usize,
    duration: Option<usize>,
    status: Option<usize>,
    path: Option<usize>,
}

fn cells(line: &str) -> Result<csv::StringRecord, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => Ok(record),
        Ok(false) => Err("there is nothing in it".to_owned()),
        Err(error) => Err(format!("it is not CSV: {error}")),
    }
}

impl Columns {
    /// The columns by the names in the first line.
    pub(super) fn of(line: &str, options: &Options) -> Result<Columns, String> {
        let heads: Vec<String> = cells(line)?.iter().map(|head| head.trim().to_ascii_lowercase()).collect();
        let find = |wanted: &Option<String>, usual: &[&str]| match wanted {
            Some(wanted) => heads.iter().position(|head| *head == wanted.to_ascii_lowercase()).ok_or(wanted.clone()).map(Some),
            None => Ok(usual.iter().find_map(|name| heads.iter().position(|head| head == name))),
        };
        let missing = |name: String| format!("there is no column `{name}`; there are `{}`", heads.join("`, `"));
        let time = find(&options.time, &TIMES).map_err(missing)?;
        let time = time.ok_or_else(|| {
            format!("no column is called {} or the like; say with --time-field which of `{}` it is", TIMES[0], heads.join("`, `"))
        })?;
        let duration = find(&options.duration, &DURATIONS).map_err(missing)?;
        let usual = |names: &[&str]| names.iter().find_map(|name| heads.iter().position(|head| head == name));
        Ok(Columns { time, duration, status: usual(&STATUSES), path: usual(&PATHS) })
    }

    /// A row's request; `None` where its path is not the one that is looked for.
    pub(super) fn request(&self, line: &str, options: &Options) -> Result<Option<Request>, String> {
        let row = cells(line)?;
        let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).map(str::trim).filter(|text| !text.is_empty());
        if options.path.as_deref().is_some_and(|wanted| !cell(self.path).unwrap_or("").starts_with(wanted)) {
            return Ok(None);
        }
        let second = moment::of_table(cell(Some(self.time)).unwrap_or(""), options)?;
        let duration = cell(self.duration).map(|text| duration(text, options)).transpose()?;
        Ok(Some(Request { second, duration, status: cell(self.status).and_then(|text| text.parse().ok()) }))
    }
}

/// A line of JSON; keys inside objects are reached by points, as in `http.time`.
pub(super) fn json(line: &str, options: &Options) -> Result<Option<Request>, String> {
    let value: Value = serde_json::from_str(line).map_err(|error| format!("it is not JSON: {error}"))?;
    let by_name =
        |name: &str| value.get(name).or_else(|| name.split('.').try_fold(&value, |inside, key| inside.get(key))).and_then(told);
    let find = |wanted: &Option<String>, usual: &[&str]| match wanted {
        Some(wanted) => by_name(wanted),
        None => usual.iter().find_map(|name| by_name(name)),
    };
    if options.path.as_deref().is_some_and(|wanted| !find(&None, &PATHS).unwrap_or_default().starts_with(wanted)) {
        return Ok(None);
    }
    let time = find(&options.time, &TIMES).ok_or("it has no time; say with --time-field which key holds it")?;
    let second = moment::of_table(&time, options)?;
    let duration = find(&options.duration, &DURATIONS).map(|text| duration(&text, options)).transpose()?;
    Ok(Some(Request { second, duration, status: find(&None, &STATUSES).and_then(|text| text.parse().ok()) }))
}

fn told(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
