//! A long run that is stopped in the middle goes on where it was, and ends with the same bytes; a state that is not whole, or not
//! this run's, is passed over.

use super::*;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

const STATE: &str = "parts/1-of-1.0-0-0.run";
const SWEEP: &str = "sweep sweep.json --charts none --threads 1";

/// Two runs with so many people that each is kept many times, where that is done every hundredth of a second.
fn home() -> Home {
    let sweep = json!({
        "format": 1,
        "name": "crowd",
        "scenario": "day.json",
        "policies": ["open"],
        "replications": 2,
        "parameters": {"/classes/citizens/timeout": ["5min"]},
        "figures": ["timeout_share", "time_to_complete.p95", "station.utilisation"]
    });
    let home = Home::new(&sweep);
    let mut day = scenario();
    day["classes"]["citizens"]["population"] = json!(200_000);
    day["stations"]["counter"] = json!({"workers": 400, "queue": 3000});
    fs::write(home.path("day.json"), day.to_string()).unwrap();
    home
}

fn start(home: &Home, line: &str) -> Child {
    home.command(line).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The state's bytes, as soon as there is one that `is_new`.
fn wait_for_state(home: &Home, out: &str, child: &mut Child, is_new: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    loop {
        if let Ok(bytes) = fs::read(home.path(out).join(STATE))
            && is_new(&bytes)
        {
            return bytes;
        }
        assert!(child.try_wait().unwrap().is_none(), "the sweep ended before it was stopped");
        sleep(Duration::from_millis(1));
    }
}

/// After how many events runs went on, as the sweep says.
fn spared(ended: &Ended) -> Option<u64> {
    let (_, after) = ended.out.split_once("went on in the middle, after ")?;
    after.split_once(' ').and_then(|(events, _)| events.parse().ok())
}

fn names(home: &Home, folder: &str) -> Vec<std::ffi::OsString> {
    let mut names: Vec<_> = fs::read_dir(home.path(folder)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

fn ends_as_one_that_nobody_disturbed(home: &Home, out: &str) -> Ended {
    let ended = home.clickday(&format!("{SWEEP} --out {out}")).with(0);
    assert_same(home, "whole", out);
    assert_eq!(home.read("whole/parts/1-of-1.part"), home.read(&format!("{out}/parts/1-of-1.part")));
    assert_eq!(names(home, "whole/parts"), names(home, &format!("{out}/parts")), "nothing is left over");
    ended
}

#[test]
fn a_run_killed_in_the_middle_goes_on_there() {
    let home = home();
    let whole = home.clickday(&format!("{SWEEP} --out whole")).with(0);
    assert_eq!(spared(&whole), None, "{}", whole.out);
    let mut last = Vec::new();
    for _ in 0..4 {
        let mut child = start(&home, &format!("{SWEEP} --out out --keep-every 0.01"));
        last = wait_for_state(&home, "out", &mut child, |state| state != last);
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let ended = ends_as_one_that_nobody_disturbed(&home, "out");
    assert!(spared(&ended) > Some(1000), "{}", ended.out);
}

#[cfg(unix)]
#[test]
fn a_termination_signal_keeps_the_run_as_far_as_it_is() {
    let home = home();
    home.clickday(&format!("{SWEEP} --out whole")).with(0);
    let mut child = start(&home, &format!("{SWEEP} --out out --keep-every 0.01"));
    wait_for_state(&home, "out", &mut child, |_| true);
    assert!(Command::new("kill").args(["-s", "TERM", &child.id().to_string()]).status().unwrap().success());
    let stopped = Ended::of(child.wait_with_output().unwrap()).with(75);
    assert!(stopped.err.contains("0 of 2 runs are kept, 1 more as far as they are"), "{}", stopped.err);
    assert!(spared(&ends_as_one_that_nobody_disturbed(&home, "out")).is_some());
}

#[test]
fn a_state_that_is_torn_or_not_of_this_run_is_passed_over() {
    let home = home();
    home.clickday(&format!("{SWEEP} --out whole")).with(0);
    let mut child = start(&home, &format!("{SWEEP} --out out --keep-every 0.01"));
    let state = wait_for_state(&home, "out", &mut child, |_| true);
    child.kill().unwrap();
    child.wait().unwrap();
    let journal = home.read("out/parts/1-of-1.journal");
    let head = state.iter().position(|byte| *byte == b'\n').unwrap();
    let changed = |place: usize| {
        let mut bytes = state.clone();
        bytes[place] ^= 1;
        bytes
    };
    let of_version = String::from_utf8_lossy(&state[..head]).replace(env!("CARGO_PKG_VERSION"), "9.9.9").into_bytes();
    let of_version = [&of_version, &state[head..]].concat();
    let bad = [state[..state.len() / 2].to_vec(), changed(head + 50), changed(state.len() - 1), of_version, b"anything".to_vec()];
    for bad in bad {
        fs::write(home.path("out").join(STATE), bad).unwrap();
        let ended = ends_as_one_that_nobody_disturbed(&home, "out");
        assert_eq!(spared(&ended), None, "{}", ended.out);
        fs::remove_file(home.path("out/parts/1-of-1.part")).unwrap();
        fs::write(home.path("out/parts/1-of-1.journal"), &journal).unwrap();
    }
    // The state of one run is none of another.
    fs::write(home.path("out/parts/1-of-1.0-0-1.run"), &state).unwrap();
    assert_eq!(spared(&ends_as_one_that_nobody_disturbed(&home, "out")), None);
    fs::remove_file(home.path("out/parts/1-of-1.part")).unwrap();
    fs::write(home.path("out/parts/1-of-1.journal"), &journal).unwrap();
    fs::write(home.path("out").join(STATE), &state).unwrap();
    assert!(spared(&ends_as_one_that_nobody_disturbed(&home, "out")).is_some(), "what is whole is gone on with");
}

#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_state_is_told_of_once_and_stops_nothing() {
    let home = home();
    home.clickday(&format!("{SWEEP} --out whole")).with(0);
    let program = env!("CARGO_BIN_EXE_clickday");
    let line = format!("ulimit -f 40; trap '' XFSZ; exec {program} {SWEEP} --out out --keep-every 0.01");
    let full = Ended::of(Command::new("sh").args(["-c", &line]).current_dir(home.0.path()).output().unwrap()).with(0);
    assert_eq!(full.err.matches("cannot keep the state of a run").count(), 1, "{}", full.err);
    assert_same(&home, "whole", "out");
    assert_eq!(names(&home, "whole/parts"), names(&home, "out/parts"), "nothing is left over");
}

#[test]
fn a_state_that_was_left_over_does_not_disturb_a_merge() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out whole --charts none").with(0);
    for part in ["1/2", "2/2"] {
        home.clickday(&format!("sweep sweep.json --shard {part} --out parts")).with(0);
    }
    for name in ["1-of-2.0-0-0.run", ".clickday-sweep-2-of-2.1-0-0.run"] {
        fs::write(home.path("parts/parts").join(name), b"a state").unwrap();
    }
    home.clickday("merge parts --charts none").with(0);
    assert_same(&home, "whole", "parts");
    let left: Vec<_> = names(&home, "parts/parts").into_iter().filter(|name| name.to_string_lossy().ends_with(".run")).collect();
    assert!(left.is_empty(), "{left:?}");
}
