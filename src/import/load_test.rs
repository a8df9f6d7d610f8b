//! Results of load tests: k6, oha, wrk and vegeta.
//!
//! What a load test measures is the time to an answer, waiting included. Where the system was not overloaded that is the
//! service time; the number of requests under way follows by Little's law, rate times mean time.

use super::ImportError;
use serde_json::Value;
use std::path::Path;

/// The largest file that is read: summaries are short.
const MOST_BYTES: u64 = 64 << 20;

/// Which tool wrote a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tool {
    /// k6: `k6 run --summary-export FILE`.
    K6,
    /// oha: `oha --output-format json` (or `-j`).
    Oha,
    /// wrk: what it prints, with `--latency`.
    Wrk,
    /// vegeta: `vegeta report -type=json`.
    Vegeta,
}

/// What a load test found; times in seconds.
#[derive(Debug, Clone, PartialEq, serde::Serialize, schemars::JsonSchema)]
pub struct LoadTest {
    /// Which tool wrote it.
    pub tool: Tool,
    /// Requests answered per second.
    pub rate: f64,
    /// Mean time to an answer.
    pub mean: f64,
    /// Share and time: so many were answered within it.
    pub quantiles: Vec<(f64, f64)>,
    /// Share of the requests that failed; `null` where the tool does not say.
    pub failed_share: Option<f64>,
    /// Requests under way on average: rate times mean time (Little's law).
    pub under_way: f64,
    /// Coefficient of variation of the lognormal distribution with this mean and the quantile nearest to 95 %; `null`
    /// where none fits.
    pub cv: Option<f64>,
}

/// Reads a result, whichever tool wrote it.
///
/// # Errors
/// When the file cannot be read or no tool is known that writes so.
pub fn load_test(path: &Path) -> Result<LoadTest, ImportError> {
    let failed = |source| ImportError::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(failed)?.len() > MOST_BYTES {
        let what = "it is too large for the summary of a load test".to_owned();
        return Err(ImportError::Nothing { path: path.to_owned(), what });
    }
    let text = std::fs::read_to_string(path).map_err(failed)?;
    let found = match serde_json::from_str::<Value>(&text) {
        Ok(json) => k6(&json).or_else(|| oha(&json)).or_else(|| vegeta(&json)),
        Err(_) => wrk(&text),
    };
    found.ok_or_else(|| ImportError::Nothing {
        path: path.to_owned(),
        what: "this is no result that is known: k6 --summary-export, oha --output-format json, wrk --latency or vegeta report \
               -type=json"
            .to_owned(),
    })
}

fn put_together(tool: Tool, rate: f64, mean: f64, mut quantiles: Vec<(f64, f64)>, failed_share: Option<f64>) -> Option<LoadTest> {
    quantiles.retain(|(share, time)| (0.0..=1.0).contains(share) && time.is_finite() && *time >= 0.0);
    quantiles.sort_by(|a, b| a.0.total_cmp(&b.0));
    let good = rate > 0.0 && mean > 0.0 && rate.is_finite() && mean.is_finite();
    good.then(|| LoadTest {
        tool,
        rate,
        mean,
        cv: lognormal_cv(mean, &quantiles),
        quantiles,
        failed_share,
        under_way: rate * mean,
    })
}

/// A lognormal of this mean whose quantile at p is q: with x = ln(q/mean) and z the normal quantile of p,
/// σ²/2 − zσ + x = 0; the smaller root, and cv = √(exp(σ²) − 1).
fn lognormal_cv(mean: f64, quantiles: &[(f64, f64)]) -> Option<f64> {
    const NORMAL: [(f64, f64); 5] =
        [(0.75, 0.674_489_750), (0.9, 1.281_551_566), (0.95, 1.644_853_627), (0.99, 2.326_347_874), (0.975, 1.959_963_985)];
    let usable = quantiles.iter().filter_map(|(share, time)| {
        let (_, z) = NORMAL.iter().find(|(p, _)| (p - share).abs() < 1e-9)?;
        Some((*share, *time, *z))
    });
    let (_, time, z) = usable.min_by(|a, b| (a.0 - 0.95).abs().total_cmp(&(b.0 - 0.95).abs()))?;
    let under = z * z - 2.0 * libm::log(time / mean);
    let sigma = z - libm::sqrt(under);
    (under >= 0.0 && sigma > 0.0).then(|| libm::sqrt(libm::expm1(sigma * sigma)))
}

fn number(value: &Value, pointer: &str) -> Option<f64> {
    value.pointer(pointer).and_then(Value::as_f64)
}

/// Times in milliseconds; values lie in `values` in the output of `handleSummary`, beside the metric in `--summary-export`.
fn k6(json: &Value) -> Option<LoadTest> {
    let metrics = json.get("metrics")?;
    let metric = |name: &str| metrics.get(name).map(|metric| metric.get("values").unwrap_or(metric));
    let duration = metric("http_req_duration")?;
    let at = |key: &str| duration.get(key).and_then(Value::as_f64).map(|ms| ms / 1e3);
    let quantile = |key: &String| {
        let share = match key.as_str() {
            "med" => 0.5,
            "max" => 1.0,
            key => key.strip_prefix("p(")?.strip_suffix(')')?.parse::<f64>().ok()? / 100.0,
        };
        Some((share, at(key)?))
    };
    let quantiles = duration.as_object()?.keys().filter_map(quantile).collect();
    let failed = metric("http_req_failed").and_then(|m| m.get("rate").or_else(|| m.get("value"))).and_then(Value::as_f64);
    put_together(Tool::K6, metric("http_reqs")?.get("rate")?.as_f64()?, at("avg")?, quantiles, failed)
}

/// Times in seconds.
fn oha(json: &Value) -> Option<LoadTest> {
    let percentiles = json.get("latencyPercentiles")?.as_object()?;
    let quantile = |(key, value): (&String, &Value)| Some((key.strip_prefix('p')?.parse::<f64>().ok()? / 100.0, value.as_f64()?));
    let quantiles = percentiles.iter().filter_map(quantile).collect();
    let failed = number(json, "/summary/successRate").map(|good| 1.0 - good);
    put_together(Tool::Oha, number(json, "/summary/requestsPerSec")?, number(json, "/summary/average")?, quantiles, failed)
}

/// Times in nanoseconds.
fn vegeta(json: &Value) -> Option<LoadTest> {
    let latencies = json.get("latencies")?.as_object()?;
    let quantile = |(key, value): (&String, &Value)| {
        let share = if key == "max" { 1.0 } else { key.strip_suffix("th")?.parse::<f64>().ok()? / 100.0 };
        Some((share, value.as_f64()? / 1e9))
    };
    let quantiles = latencies.iter().filter_map(quantile).collect();
    let failed = number(json, "/success").map(|good| 1.0 - good);
    put_together(Tool::Vegeta, number(json, "/throughput")?, number(json, "/latencies/mean")? / 1e9, quantiles, failed)
}

/// What wrk prints: `Latency  635.91us …`, with `--latency` lines such as `50%  250.00us`, `Requests/sec: 748868.53`.
fn wrk(text: &str) -> Option<LoadTest> {
    let mut rate = None;
    let mut mean = None;
    let mut quantiles = Vec::new();
    let (mut requests, mut bad) = (None, 0.0);
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["Latency", average, ..] if mean.is_none() => mean = wrk_time(average),
            ["Requests/sec:", number] => rate = number.parse().ok(),
            [share, time] if share.ends_with('%') => {
                let share = share.trim_end_matches('%').parse::<f64>().ok().map(|share| share / 100.0);
                quantiles.extend(share.zip(wrk_time(time)));
            }
            [number, "requests", "in", ..] => requests = number.parse::<f64>().ok(),
            ["Socket", "errors:", counts @ ..] => {
                bad += counts.iter().filter_map(|word| word.trim_end_matches(',').parse::<f64>().ok()).sum::<f64>();
            }
            ["Non-2xx", .., number] => bad += number.parse::<f64>().unwrap_or(0.0),
            _ => {}
        }
    }
    let failed = requests.filter(|requests| *requests > 0.0).map(|requests| f64::min(bad / requests, 1.0));
    put_together(Tool::Wrk, rate?, mean?, quantiles, failed)
}

fn wrk_time(text: &str) -> Option<f64> {
    for (unit, size) in [("us", 1e-6), ("ms", 1e-3), ("m", 60.0), ("s", 1.0), ("h", 3600.0)] {
        if let Some(number) = text.strip_suffix(unit).and_then(|number| number.parse::<f64>().ok()) {
            return Some(number * size);
        }
    }
    None
}
