use super::*;
use std::io::Write;

fn options() -> Options {
    Options { format: None, bin_seconds: 60, zone: None, path: None, time: None, duration: None, unit: Unit::Seconds }
}

fn read_text(text: &[u8], options: &Options) -> Result<Found, ImportError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    requests(&[file.path().to_owned()], options)
}

/// Three lines as Apache's documentation and nginx write them, one that is none.
const LOG: &str = r#"127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326
10.0.0.1 - - [10/Oct/2000:13:55:59 -0700] "POST /login?x=\"y\" HTTP/1.1" 503 10 "http://a/ b" "agent \" with marks" 0.250
no request at all
10.0.0.1 - - [10/Oct/2000:13:58:00 -0700] "GET /login HTTP/1.1" 200 10 "-" "-" 0.750
"#;

#[test]
fn access_logs_become_a_curve_with_gaps_filled() {
    let found = read_text(LOG.as_bytes(), &options()).unwrap();
    assert_eq!((found.requests, found.skipped, found.left_out), (3, 1, 0));
    assert_eq!(found.first_skipped.as_ref().unwrap().0, 3);
    let counts: Vec<(&str, u64)> = found.bins.iter().map(|bin| (bin.time.as_str(), bin.count)).collect();
    let expected = [("2000-10-10T13:55", 2), ("2000-10-10T13:56", 0), ("2000-10-10T13:57", 0), ("2000-10-10T13:58", 1)];
    assert_eq!(counts, expected);
    assert_eq!((found.from.as_str(), found.to.as_str(), found.peak.count), ("2000-10-10T13:55", "2000-10-10T13:59", 2));
    assert_eq!((found.statuses, found.service), ([0, 2, 0, 0, 1], None));
}

#[test]
fn paths_durations_and_zones_are_as_asked() {
    let rome = jiff::tz::TimeZone::get("Europe/Rome").unwrap();
    let options = Options { path: Some("/login".to_owned()), duration: Some("last".to_owned()), zone: Some(rome), ..options() };
    let found = read_text(LOG.as_bytes(), &options).unwrap();
    assert_eq!((found.requests, found.left_out, found.from.as_str()), (2, 1, "2000-10-10T22:55"));
    let service = found.service.unwrap();
    assert_eq!(service.count, 2);
    assert!((service.mean - 0.5).abs() < 1e-9 && (service.cv - 0.5).abs() < 1e-3, "{service:?}");
    let mean: f64 = service.steps.iter().map(|(value, share)| value * share).sum();
    assert!((mean - 0.5).abs() < 1e-3, "{:?}", service.steps);
    let nowhere = Options { path: Some("/nowhere".to_owned()), ..options };
    assert!(read_text(LOG.as_bytes(), &nowhere).unwrap_err().to_string().contains("path"));
}

#[test]
fn packed_files_are_unpacked_even_of_several_parts() {
    let pack = |text: &str| {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(text.as_bytes()).unwrap();
        packer.finish().unwrap()
    };
    let packed = [pack(LOG), pack(LOG)].concat();
    assert_eq!(read_text(&packed, &options()).unwrap().requests, 6);
    assert!(matches!(read_text(&packed[..packed.len() - 9], &options()), Err(ImportError::Read { .. })));
}

#[test]
fn tables_are_read_by_the_names_of_their_columns() {
    let csv = "Timestamp,latency_ms,status,url\n1585720800,250,200,/a\n1585720801.5,750,200,\"/a,b\"\nx,1,1,1\n";
    let found = read_text(csv.as_bytes(), &Options { unit: Unit::Milliseconds, ..options() }).unwrap();
    assert_eq!((found.requests, found.skipped, found.from.as_str()), (2, 1, "2020-04-01T06:00"));
    assert!((found.service.unwrap().mean - 0.5).abs() < 1e-9);
    let json = r#"{"@timestamp": "2020-04-01T08:00:05+02:00", "http": {"took": 2}, "status": 200}
{"@timestamp": 1585720865000, "http": {"took": "4"}}
"#;
    let wanted = Options { duration: Some("http.took".to_owned()), ..options() };
    let found = read_text(json.as_bytes(), &wanted).unwrap();
    assert_eq!((found.requests, found.statuses[1]), (2, 1));
    assert!((found.service.unwrap().mean - 3.0).abs() < 1e-9);
    let unnamed = read_text(b"a,b\n1,2\n", &options()).unwrap_err().to_string();
    assert!(unnamed.contains("--time-field") && unnamed.contains("`a`, `b`"), "{unnamed}");
}

#[test]
fn what_cannot_be_used_is_told() {
    assert!(read_text(b"", &options()).unwrap_err().to_string().contains("no lines"));
    assert!(read_text(b"{\"a\": 1}\n", &options()).unwrap_err().to_string().contains("line 1"));
    let far = "time\n0\n1585720800\n";
    let error = read_text(far.as_bytes(), &Options { bin_seconds: 1, ..options() }).unwrap_err();
    assert!(error.to_string().contains("--bin"), "{error}");
    let long = [vec![b'x'; (1 << 20) + 5], b"\n".to_vec(), LOG.as_bytes().to_vec()].concat();
    let found = read_text(&long, &Options { format: Some(Format::Log), ..options() }).unwrap();
    assert_eq!((found.requests, found.skipped), (3, 2));
    assert!(requests(&[PathBuf::from("/no/such/file")], &options()).is_err());
}

fn test_of(text: &str) -> Result<LoadTest, ImportError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    load_test(file.path())
}

#[test]
fn four_tools_are_understood() {
    let k6 = r#"{"metrics": {"http_reqs": {"count": 600, "rate": 20}, "http_req_failed": {"value": 0.01},
        "http_req_duration": {"avg": 100, "min": 1, "med": 80, "max": 900, "p(90)": 190, "p(95)": 250}}}"#;
    let found = test_of(k6).unwrap();
    assert_eq!((found.tool, found.rate, found.mean, found.failed_share), (Tool::K6, 20.0, 0.1, Some(0.01)));
    assert!((found.under_way - 2.0).abs() < 1e-12);
    assert_eq!(found.quantiles, [(0.5, 0.08), (0.9, 0.19), (0.95, 0.25), (1.0, 0.9)]);
    let oha = r#"{"summary": {"successRate": 1.0, "average": 0.02, "requestsPerSec": 500.0},
        "latencyPercentiles": {"p50": 0.01, "p95": 0.05, "p99.9": 0.2}}"#;
    let found = test_of(oha).unwrap();
    assert_eq!((found.tool, found.rate, found.mean, found.quantiles.len()), (Tool::Oha, 500.0, 0.02, 3));
    let vegeta = r#"{"latencies": {"total": 1, "mean": 2000000, "50th": 1500000, "95th": 4000000, "99th": 9000000, "max": 10000000},
        "rate": 100.0, "throughput": 99.5, "success": 0.995}"#;
    let found = test_of(vegeta).unwrap();
    assert_eq!((found.tool, found.rate, found.mean), (Tool::Vegeta, 99.5, 0.002));
    let wrk = "Running 30s test @ http://127.0.0.1:8080/index.html\n  12 threads and 400 connections\n  Thread Stats   Avg      \
               Stdev     Max   +/- Stdev\n    Latency   635.91us    0.89ms  12.92ms   93.69%\n    Req/Sec    56.20k     8.07k   62.00k    \
               86.54%\n  Latency Distribution\n     50%  250.00us\n     75%  491.00us\n     90%  700.00us\n     99%    5.80ms\n  22464657 \
               requests in 30.00s, 17.76GB read\nRequests/sec: 748868.53\nTransfer/sec:    606.33MB\n";
    let found = test_of(wrk).unwrap();
    assert_eq!((found.tool, found.rate, found.quantiles.len(), found.failed_share), (Tool::Wrk, 748_868.53, 4, Some(0.0)));
    assert!((found.mean - 635.91e-6).abs() < 1e-12);
    assert!(test_of("{}").is_err() && test_of("nothing").is_err());
}

#[test]
fn the_lognormal_has_the_quantile() {
    // mean 1, sigma 0.5: the 95th percentile is exp(1.644853627·0.5 − 0.125), the cv √(e^0.25 − 1).
    let p95 = f64::exp(1.644_853_627 * 0.5 - 0.125) * 100.0;
    let text = format!(r#"{{"metrics": {{"http_reqs": {{"rate": 1}}, "http_req_duration": {{"avg": 100, "p(95)": {p95}}}}}}}"#);
    let cv = test_of(&text).unwrap().cv.unwrap();
    assert!((cv - (0.25f64.exp() - 1.0).sqrt()).abs() < 1e-6, "{cv}");
}
