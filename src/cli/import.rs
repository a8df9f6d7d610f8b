//! `clickday import`.

use super::exit::Failure;
use super::print::{print, print_json};
use crate::import::{self, Format, Found, ImportError, LoadTest, Options, Service, Unit};
use crate::report::{Folder, imported_curve};
use serde_json::{Value, json};
use std::path::PathBuf;

/// Turn an access log or a load test into parts of a scenario: arrivals, service times, capacity
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday import access.log.gz --path /login --duration-field last
  clickday import requests.csv --time-field ts --duration-field ms --unit ms --bin 60 --time-zone Europe/Rome
  clickday import --load-test k6-summary.json

Of an access log the requests are counted, by those who came and by those who came again alike: choose with --path the
first step of the journey. A load test measures answers, waiting included: it tells service times only where it did not
overload the system.")]
pub(super) struct Args {
    /// Logs or tables of requests, plain or gzip; or the result of one load test
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The file is the result of a load test: k6 --summary-export, oha --output-format json, wrk --latency, vegeta report -type=json
    #[arg(long)]
    load_test: bool,
    /// How the files are written; seen from the first line unless said otherwise
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatArg>,
    /// Width of a bin of the curve, in seconds
    #[arg(long, value_name = "SECONDS", default_value = "300", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    bin: u32,
    /// The scenario's time zone, such as Europe/Rome; as the times are written unless said otherwise
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<String>,
    /// Only requests whose path begins so
    #[arg(long, value_name = "PREFIX")]
    path: Option<String>,
    /// Column or key of the time
    #[arg(long, value_name = "NAME")]
    time_field: Option<String>,
    /// Column or key of the duration; in access logs `last`, or the number of the field counted from the request's
    #[arg(long, value_name = "NAME")]
    duration_field: Option<String>,
    /// Unit of the durations
    #[arg(long, value_name = "UNIT", default_value = "s")]
    unit: UnitArg,
    /// The folder for the curve, the chart and what was found; output/import-NAME unless said otherwise
    #[arg(long, value_name = "DIR", conflicts_with = "load_test")]
    out: Option<PathBuf>,
    /// Print what was found as JSON (its schema: clickday schema import)
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum FormatArg {
    /// Common or Combined Log Format
    Log,
    /// Comma-separated values, names in the first line
    Csv,
    /// A JSON object a line
    Jsonl,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum UnitArg {
    /// Seconds
    S,
    /// Milliseconds
    Ms,
    /// Microseconds
    Us,
    /// Nanoseconds
    Ns,
}

/// What `import --json` prints, and what `summary.json` of its folder holds.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Imported {
    /// The version of clickday.
    clickday: &'static str,
    /// What files of requests hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    requests: Option<Found>,
    /// What a load test found.
    #[serde(skip_serializing_if = "Option::is_none")]
    load_test: Option<LoadTest>,
    /// Parts to be put into a scenario.
    parts: Value,
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Failure {
        Failure::Usage(error.to_string())
    }
}

pub(super) fn import(args: &Args) -> Result<(), Failure> {
    if args.load_test {
        return of_load_test(args);
    }
    let zone = args.time_zone.as_ref().map(|name| jiff::tz::TimeZone::get(name));
    let zone =
        zone.transpose().map_err(|_| Failure::Usage("that is no time zone; give an IANA name such as Europe/Rome".to_owned()))?;
    let options = Options {
        format: args.format.map(|format| match format {
            FormatArg::Log => Format::Log,
            FormatArg::Csv => Format::Csv,
            FormatArg::Jsonl => Format::JsonLines,
        }),
        bin_seconds: args.bin,
        zone,
        path: args.path.clone(),
        time: args.time_field.clone(),
        duration: args.duration_field.clone(),
        unit: match args.unit {
            UnitArg::S => Unit::Seconds,
            UnitArg::Ms => Unit::Milliseconds,
            UnitArg::Us => Unit::Microseconds,
            UnitArg::Ns => Unit::Nanoseconds,
        },
    };
    let found = import::requests(&args.files, &options)?;
    let folder = Folder::claim(&target(args))?;
    let curve: String = found.bins.iter().map(|bin| format!("{},{}\n", bin.time, bin.count)).collect();
    folder.write("arrivals.csv", format!("time,count\n{curve}").as_bytes())?;
    let per_second = |count: u64| count as f64 / f64::from(found.bin_seconds);
    let bins: Vec<(&str, f64)> = found.bins.iter().map(|bin| (bin.time.as_str(), per_second(bin.count))).collect();
    let note = format!("{} requests from {} to {}, per second", found.requests, found.from, found.to).replace('T', " ");
    let chart = imported_curve("What the log says of who came, and when", &note, &bins)
        .map_err(|error| Failure::Work(error.to_string()))?;
    folder.write("arrivals.png", &chart)?;
    let mut parts = json!({
        "clock": {"start": found.from, "end": found.to},
        "population": found.requests,
        "arrivals": [{"share": 1, "curve": {"trace": {"file": "arrivals.csv"}}, "source": sources(args)}],
    });
    if let Some(service) = &found.service {
        parts["service"] = distribution(service);
    }
    let imported = Imported { clickday: env!("CARGO_PKG_VERSION"), requests: Some(found), load_test: None, parts };
    let text = serde_json::to_string_pretty(&imported).map_err(|error| Failure::Work(error.to_string()))? + "\n";
    folder.write("summary.json", text.as_bytes())?;
    let target = folder.commit()?;
    if args.json {
        return print_json(&imported);
    }
    print(&format!("{}\nFiles: {}", told(&imported), target.display()))
}

fn target(args: &Args) -> PathBuf {
    let name = args.files.first().and_then(|path| path.file_name()).and_then(|name| name.to_str()).unwrap_or("log");
    let stem = name.split('.').find(|part| !part.is_empty()).unwrap_or("log");
    args.out.clone().unwrap_or_else(|| PathBuf::from("output").join(format!("import-{stem}")))
}

fn sources(args: &Args) -> String {
    let names: Vec<String> =
        args.files.iter().filter_map(|path| Some(path.file_name()?.to_string_lossy().into_owned())).collect();
    let only = args.path.as_ref().map_or_else(String::new, |path| format!(", requests of {path}"));
    format!("{}{only}", names.join(", "))
}

fn seconds(value: f64) -> String {
    format!("{}ms", (value * 1e6).round() / 1e3)
}

/// The steps of the distribution as a scenario writes them.
fn distribution(service: &Service) -> Value {
    let values: Vec<String> = service.steps.iter().map(|(value, _)| seconds(*value)).collect();
    let weights: Vec<f64> = service.steps.iter().map(|(_, share)| (share * 1e6).round() / 1e6).collect();
    json!({"empirical": {"values": values, "weights": weights}})
}

fn told(imported: &Imported) -> String {
    let Some(found) = &imported.requests else { return String::new() };
    let mut text = format!(
        "{} requests from {} to {}; most in the {} s from {}: {:.3} a second\n",
        found.requests,
        found.from,
        found.to,
        found.bin_seconds,
        found.peak.time,
        found.peak.count as f64 / f64::from(found.bin_seconds)
    );
    if found.left_out > 0 {
        text += &format!("{} requests of other paths were left out\n", found.left_out);
    }
    if let Some((line, why)) = &found.first_skipped {
        text += &format!("{} lines could not be understood; the first is line {line}: {why}\n", found.skipped);
    }
    match &found.service {
        None => text += "durations: none were read (say where they are with --duration-field)\n",
        Some(service) => {
            text += &format!(
                "durations: mean {}, median {}, 95 % within {}, cv {:.3}\n",
                seconds(service.mean),
                seconds(service.p50),
                seconds(service.p95),
                service.cv
            );
        }
    }
    text + &parts(&imported.parts)
}

fn parts(parts: &Value) -> String {
    format!("\nParts for a scenario:\n{parts:#}\n")
}

fn of_load_test(args: &Args) -> Result<(), Failure> {
    let [file] = args.files.as_slice() else {
        return Err(Failure::Usage("give the result of one load test at a time".to_owned()));
    };
    let found = import::load_test(file)?;
    let service = match found.cv {
        Some(cv) => json!({"lognormal": {"mean": seconds(found.mean), "cv": (cv * 1e4).round() / 1e4}}),
        None => json!(seconds(found.mean)),
    };
    let parts = json!({"service": service, "workers_at_least": found.under_way.ceil(), "source": sources(args)});
    let imported = Imported { clickday: env!("CARGO_PKG_VERSION"), requests: None, load_test: Some(found.clone()), parts };
    if args.json {
        return print_json(&imported);
    }
    print(&format!(
        "{:?}: {:.4} requests a second with a mean time of {}, so {:.2} under way (Little's law){}\n{}",
        found.tool,
        found.rate,
        seconds(found.mean),
        found.under_way,
        found.failed_share.map_or_else(String::new, |share| format!("; {:.2} % failed", share * 100.0)),
        self::parts(&imported.parts)
    ))
}
