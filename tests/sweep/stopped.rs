//! A sweep that is killed, stopped or out of disk at any moment goes on where it was and ends with the same bytes.

use super::*;
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// As [`grid`], with so many runs that there is time to stop it.
fn long() -> Value {
    let mut sweep = grid();
    sweep["replications"] = json!(40);
    sweep
}

const RUNS: usize = 9 * 2 * 40;

fn start(home: &Home, line: &str) -> Child {
    home.command(line).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

/// The whole lines of a journal after its first one, without their checksums.
fn lines(home: &Home, path: &str) -> Vec<String> {
    let text = fs::read_to_string(home.path(path)).unwrap_or_default();
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().skip(1).map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

/// `found` of "made runs made, found were there already".
fn found(out: &str) -> usize {
    let line = out.lines().next().unwrap().split(';').next().unwrap();
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap();
    if line.contains("there already") { digits(line.rsplit_once("made").map_or(line, |(_, rest)| rest)) } else { 0 }
}

#[test]
fn killed_at_any_moment_it_repeats_no_run_and_ends_with_the_same_bytes() {
    let home = Home::new(&long());
    home.clickday("sweep sweep.json --out whole --charts none").with(0);
    let mut kept = Vec::new();
    for round in 0..12 {
        let mut child = start(&home, "sweep sweep.json --out killed --charts none --threads 2");
        // From before the folder is there to well into the work.
        sleep(Duration::from_millis(if round == 0 { 3 } else { 7 * round * round }));
        child.kill().unwrap();
        child.wait().unwrap();
        let now = lines(&home, "killed/parts/1-of-1.journal");
        assert!(now.len() >= kept.len() || exists(&home.path("killed/parts/1-of-1.part")), "what was kept stays");
        let mut runs: Vec<&str> = now.iter().map(|line| line.rsplit_once(' ').unwrap().0).collect();
        runs.sort_unstable();
        let made = runs.len();
        runs.dedup();
        assert_eq!(runs.len(), made, "no run is made twice");
        kept = now;
    }
    // In the middle of a line.
    let path = home.path("killed/parts/1-of-1.journal");
    if let Ok(bytes) = fs::read(&path) {
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        kept.truncate(lines(&home, "killed/parts/1-of-1.journal").len());
    }
    let ended = home.clickday("sweep sweep.json --out killed --charts none").with(0);
    let there = found(&ended.out);
    assert!(there == kept.len() || there == RUNS, "{there} of {} whole lines counted: {}", kept.len(), ended.out);
    assert_same(&home, "whole", "killed");
    assert_eq!(home.read("whole/parts/1-of-1.part"), home.read("killed/parts/1-of-1.part"));
    let names = |folder: &str| {
        let mut names: Vec<_> = fs::read_dir(home.path(folder)).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!((names("whole"), names("whole/parts")), (names("killed"), names("killed/parts")), "nothing is left over");
}

#[cfg(unix)]
#[test]
fn a_termination_signal_keeps_what_was_made_and_ends_with_75() {
    let home = Home::new(&long());
    let mut stopped = 0;
    for signal in ["TERM", "INT"] {
        let child = start(&home, "sweep sweep.json --out out --charts none --threads 1");
        while lines(&home, "out/parts/1-of-1.journal").len() < 10 + stopped {
            sleep(Duration::from_millis(5));
        }
        assert!(Command::new("kill").args(["-s", signal, &child.id().to_string()]).status().unwrap().success());
        let ended = Ended::of(child.wait_with_output().unwrap()).with(75);
        let kept = lines(&home, "out/parts/1-of-1.journal").len();
        assert!(kept >= 10 + stopped && kept < RUNS);
        assert!(ended.err.contains(&format!("{kept} of {RUNS} runs are kept")), "{}", ended.err);
        stopped = kept;
    }
    let ended = home.clickday("sweep sweep.json --out out --charts none").with(0);
    assert_eq!(found(&ended.out), stopped, "{}", ended.out);
    home.clickday("sweep sweep.json --out whole --charts none").with(0);
    assert_same(&home, "whole", "out");
}

#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing_that_was_kept() {
    let home = Home::new(&long());
    home.clickday("sweep sweep.json --out whole --charts none").with(0);
    // No file may grow beyond so many blocks of 512 bytes (1024 in some shells): the journal cannot take all lines.
    let program = env!("CARGO_BIN_EXE_clickday");
    let line = format!("ulimit -f 24; trap '' XFSZ; exec {program} sweep sweep.json --out full --charts none");
    let full = Ended::of(Command::new("sh").args(["-c", &line]).current_dir(home.0.path()).output().unwrap()).with(1);
    assert!(full.err.contains("cannot write to") && full.err.contains("1-of-1.journal"), "{}", full.err);
    let kept = lines(&home, "full/parts/1-of-1.journal").len();
    assert!(kept > 10 && kept < RUNS, "{kept}");
    let ended = home.clickday("sweep sweep.json --out full --charts none").with(0);
    assert_eq!(found(&ended.out), kept, "{}", ended.out);
    assert_same(&home, "whole", "full");
}

#[test]
fn a_sweep_that_was_changed_is_refused_with_the_way_out() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out out --charts none").with(0);
    let before = home.read("out/results.csv");
    // Blanks are no change.
    fs::write(home.path("sweep.json"), grid().to_string()).unwrap();
    home.clickday("sweep sweep.json --out out --charts none").with(0);
    let day = home.read("day.json");
    let mut other = scenario();
    other["classes"]["citizens"]["population"] = json!(501);
    fs::write(home.path("day.json"), other.to_string()).unwrap();
    let refused = home.clickday("sweep sweep.json --out out --charts none").with(2);
    for word in ["changed", "--fresh", "--out DIR", "as they were"] {
        assert!(refused.err.contains(word), "{word}: {}", refused.err);
    }
    assert_eq!(home.read("out/results.csv"), before);
    fs::write(home.path("day.json"), day).unwrap();
    home.clickday("sweep sweep.json --out out --charts none").with(0);
    fs::write(home.path("day.json"), other.to_string()).unwrap();
    home.clickday("sweep sweep.json --out out --charts none --fresh").with(0);
    assert_ne!(home.read("out/results.csv"), before);
}
