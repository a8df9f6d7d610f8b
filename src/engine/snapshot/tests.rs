//! A run that is kept and gone on with is the run that nobody disturbed.

use super::super::record::Record;
use super::super::simulate_kept;
use super::*;
use crate::scenario::Scenario;
use std::path::{Path, PathBuf};

/// Keeps the state in memory at one of the looks.
#[derive(Default)]
struct Tape {
    from: Option<Vec<u8>>,
    went_on: Option<u64>,
    keep_at: u64,
    looks: u64,
    kept: Vec<u8>,
}

impl Keeper for Tape {
    fn kept(&mut self) -> Option<Box<dyn Read + '_>> {
        self.from.as_deref().map(|bytes| Box::new(bytes) as Box<dyn Read>)
    }

    fn went_on(&mut self, events: Option<u64>) {
        self.went_on = events;
    }

    fn is_due(&mut self, stops: bool) -> bool {
        self.looks += 1;
        self.looks == self.keep_at || stops
    }

    fn keep(&mut self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) {
        write(&mut self.kept).unwrap();
    }
}

/// Everything that a run gives, to the bit.
fn play(model: &Model, policy: usize, tape: &mut Tape) -> Record {
    let trial = Trial { policy, seed: 7, replication: 3, demand: 1.25, capacity: 1.0, check_every_bin: false };
    simulate_kept(model, &trial, &mut |_| true, tape).unwrap()
}

fn told(record: &Record) -> String {
    format!("{record:?}")
}

/// A number below `n` that any two places of a test share by chance alone.
fn somewhere(n: u64, place: u64) -> u64 {
    (place + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) % n
}

/// Kept at three moments, the last one of a run that went on itself, each policy ends as if nobody had disturbed it.
fn goes_on_as_if_nothing_had_been(name: &str, scenario: &Scenario) {
    let people = scenario.compile(None).unwrap().model.classes.iter().map(|class| class.population.mean()).sum::<f64>();
    let scales = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0];
    let large_enough = scales.into_iter().filter(|scale| scale * people > 300.0 || *scale == 1.0);
    let study = large_enough.filter_map(|scale| scenario.compile(Some(scale)).ok()).next().unwrap();
    for policy in 0..study.model.policies.len() {
        let model = study.model.under(policy);
        let mut whole = Tape::default();
        let want = told(&play(&model, policy, &mut whole));
        assert_eq!(whole.went_on, None);
        for place in 0..3 {
            let what = format!("{name}, policy {policy}, moment {place}");
            let mut first = Tape { keep_at: 1 + somewhere(whole.looks, place), ..Tape::default() };
            assert_eq!(told(&play(&model, policy, &mut first)), want, "{what}: to be kept changes something");
            let mut then = Tape { keep_at: 1, from: Some(first.kept), ..Tape::default() };
            assert_eq!(told(&play(&model, policy, &mut then)), want, "{what}: it does not go on as it was");
            assert!(then.went_on.is_some() && then.looks <= whole.looks, "{what}: it began anew");
            let mut last = Tape { from: Some(then.kept), ..Tape::default() };
            assert_eq!(told(&play(&model, policy, &mut last)), want, "{what}: it does not go on twice");
            assert!(last.went_on >= then.went_on, "{what}: it lost what it had done");
        }
    }
}

fn is_of_inps(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("inps-"))
}

#[test]
fn shipped_scenarios_go_on_as_if_nothing_had_been() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let mut found = 0;
    for folder in ["", "rules", "overload"] {
        let entries = std::fs::read_dir(scenarios.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        // The other days of INPS have the same people and rules as its first, only more of them.
        let is_new = |path: &PathBuf| path.file_stem().is_none_or(|stem| stem == "inps-2020-04" || !is_of_inps(path));
        let files = entries.filter(|path| path.extension().is_some_and(|ending| ending == "json")).filter(is_new);
        let mut files: Vec<PathBuf> = files.collect();
        files.sort();
        for path in files {
            found += 1;
            goes_on_as_if_nothing_had_been(&path.display().to_string(), &Scenario::load(&path).unwrap());
        }
    }
    assert!(found > 20, "{found} scenarios");
}

/// What no shipped scenario has: shared workers, lines by rank, by lot and last in first out, failing stations, a part
/// of the clock that is not counted.
fn stations() -> Scenario {
    Scenario::parse(
        r#"{"format": 1, "name": "stations",
            "clock": {"start": "2020-04-01T08:00", "end": "2020-04-01T10:00", "time_zone": "UTC", "bin": "10min",
                      "measure_from": "2020-04-01T08:25"},
            "stations": {
                "web": {"workers": 8, "queue": 60, "discipline": "random",
                        "calls": {"station": "base", "service": {"exponential": {"mean": "4s"}}, "attempts": 2},
                        "health_check": {"every": "10s", "slower_than": "20s"}},
                "base": {"workers": 5, "queue": 40, "crash": {"queue": 30, "restart": "2min"},
                         "cold_start": {"slower": 4, "half_life": "5min"}},
                "shared": {"workers": 3, "discipline": "processor_sharing", "connections": 20, "queue": 30, "on_timeout": "leave"},
                "ranked": {"workers": 2, "discipline": "priority", "on_timeout": "leave"},
                "last": {"workers": 2, "discipline": "lifo", "queue": 50, "on_full": "drop"}
            },
            "classes": {
                "people": {"population": 900, "priority": 1,
                    "arrivals": [{"share": 1, "curve": {"weibull": {"from": "2020-04-01T08:00", "shape": 0.7, "scale": "30min", "truncate": true}}}],
                    "journey": [{"name": "page", "station": "web", "service": "6s"},
                                {"name": "form", "station": "shared", "think": {"exponential": {"mean": "20s"}}, "service": {"exponential": {"mean": "15s"}}},
                                {"name": "send", "station": "ranked", "service": "7s"},
                                {"name": "done", "station": "last", "service": "6s"}],
                    "timeout": {"exponential": {"mean": "2min"}}, "retry": {"attempts": 3, "backoff": "20s", "returns": 1, "return_after": "20min"}},
                "agents": {"population": 100, "operators": 6,
                    "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-04-01T08:00", "to": "2020-04-01T10:00"}}}],
                    "journey": [{"name": "upload", "station": "ranked", "service": "9s"}], "timeout": "1min"}
            },
            "policies": {"open": {"rules": []}}}"#,
        Path::new("stations.json"),
    )
    .unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn every_kind_of_station_goes_on_as_if_nothing_had_been() {
    goes_on_as_if_nothing_had_been("stations", &stations());
}

#[test]
fn a_run_that_is_told_to_stop_is_kept_where_it_stops() {
    let study = stations().compile(None).unwrap();
    let want = told(&play(&study.model, 0, &mut Tape::default()));
    let trial = Trial { policy: 0, seed: 7, replication: 3, demand: 1.25, capacity: 1.0, check_every_bin: false };
    for stop_at in [1, 100, 700] {
        let (mut tape, mut looks) = (Tape::default(), 0);
        let mut watch = |_| {
            looks += 1;
            looks < stop_at
        };
        assert_eq!(simulate_kept(&study.model, &trial, &mut watch, &mut tape).unwrap_err(), RunError::Interrupted);
        let mut then = Tape { from: Some(tape.kept), ..Tape::default() };
        assert_eq!(told(&play(&study.model, 0, &mut then)), want, "stopped at look {stop_at}");
        assert!(then.went_on.is_some());
    }
}

#[test]
fn a_state_that_is_too_short_or_too_long_is_no_state() {
    let study = stations().compile(None).unwrap();
    let mut whole = Tape { keep_at: 700, ..Tape::default() };
    let want = told(&play(&study.model, 0, &mut whole));
    whole.kept.push(0);
    for length in (0..whole.kept.len() - 1).step_by(1 + whole.kept.len() / 12).chain([whole.kept.len()]) {
        let mut cut = Tape { from: Some(whole.kept[..length].to_vec()), went_on: Some(1), ..Tape::default() };
        assert_eq!(told(&play(&study.model, 0, &mut cut)), want);
        assert_eq!((cut.went_on, cut.looks), (None, whole.looks), "{length} bytes are enough to go on");
    }
}

#[test]
fn whoever_refuses_the_bytes_is_told_of() {
    struct Full(usize);
    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let study = stations().compile(None).unwrap();
    let run =
        ready(&study.model, &Trial { policy: 0, seed: 1, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: false });
    assert_eq!(run.write_down(Place::default(), &mut Full(0)).unwrap_err().kind(), io::ErrorKind::StorageFull);
    run.write_down(Place::default(), &mut Full(1000)).unwrap();
}

#[test]
fn a_flush_that_is_refused_is_told_of() {
    struct Sticky;
    impl Write for Sticky {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::StorageFull.into())
        }
    }
    let study = stations().compile(None).unwrap();
    let run =
        ready(&study.model, &Trial { policy: 0, seed: 1, replication: 0, demand: 1.0, capacity: 1.0, check_every_bin: false });
    assert_eq!(run.write_down(Place::default(), &mut Sticky).unwrap_err().kind(), io::ErrorKind::StorageFull);
}

/// The first look of a test is at the seventh event.
#[test]
fn the_event_at_which_a_run_is_kept_is_still_to_come() {
    let study = stations().compile(None).unwrap();
    let mut first = Tape { keep_at: 1, ..Tape::default() };
    let want = play(&study.model, 0, &mut first).events;
    let mut then = Tape { from: Some(first.kept), ..Tape::default() };
    assert_eq!((play(&study.model, 0, &mut then).events, then.went_on), (want, Some(6)));
}
