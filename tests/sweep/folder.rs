//! The folder of a sweep: many may begin it at once, one at a time may begin it anew, and what is not of a sweep is never removed.

use super::*;
use clickday::sweep::{Layout, Sweep, SweepError, SweepFolder};
use std::process::Stdio;
use std::sync::Barrier;

/// How often a race is run; each of them may be won either way.
const RACES: usize = 100;

/// What threads get that open one folder at the same moment, each for its layout.
fn at_once(folder: &Path, layouts: &[&Layout]) -> Vec<Result<SweepFolder, SweepError>> {
    let start = Barrier::new(layouts.len());
    std::thread::scope(|scope| {
        let open = |layout| {
            start.wait();
            SweepFolder::open(folder, layout, false)
        };
        let threads: Vec<_> = layouts.iter().map(|layout| scope.spawn(move || open(layout))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn layout(home: &Home, seed: u64) -> Layout {
    let mut sweep = grid();
    sweep["seed"] = json!(seed);
    home.set(&sweep);
    Sweep::load(&home.path("sweep.json")).unwrap().layout
}

#[test]
fn parts_that_begin_at_one_moment_share_the_folder() {
    let home = Home::new(&grid());
    let layout = layout(&home, 5);
    for race in 0..RACES {
        for opened in at_once(&home.path(&format!("out-{race}")), &[&layout; 8]) {
            opened.unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

#[test]
fn of_two_sweeps_that_begin_at_one_moment_one_has_the_folder() {
    let home = Home::new(&grid());
    let layouts = [layout(&home, 5), layout(&home, 6)];
    for race in 0..RACES {
        let folder = home.path(&format!("out-{race}"));
        let opened = at_once(&folder, &std::array::from_fn::<_, 8, _>(|place| &layouts[(place + race) % 2]));
        let owner: Layout = serde_json::from_slice(&fs::read(folder.join("sweep.json")).unwrap()).unwrap();
        let owner = usize::from(owner != layouts[0]);
        for (place, opened) in opened.into_iter().enumerate() {
            match opened {
                Ok(_) => assert_eq!((place + race) % 2, owner, "a part of another sweep was let in"),
                Err(error) => {
                    assert!((place + race) % 2 != owner && error.to_string().contains("was changed"), "{error}");
                }
            }
        }
    }
}

/// A part that begins while the sweep is begun anew either waits for another time or has its place in the new one: each file of the end is
/// of one sweep, and nobody works on a part that somebody else has.
#[test]
fn a_sweep_that_is_begun_anew_beside_its_parts_is_one_sweep() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --shard 1/2 --out out").with(0);
    fs::write(home.path("out/notes.txt"), "mine").unwrap();
    let mut made = 0;
    for _ in 0..8 {
        let lines = ["--shard 1/2 --fresh", "--shard 2/2", "--shard 2/2 --fresh", "--shard 2/2"];
        let start = |line: &&str| {
            home.command(&format!("sweep sweep.json --quiet --out out {line}")).stderr(Stdio::piped()).spawn().unwrap()
        };
        for process in lines.iter().map(start).collect::<Vec<_>>() {
            let ended = Ended::of(process.wait_with_output().unwrap());
            assert!(
                ended.status == Some(0) || ended.status == Some(75) && ended.err.contains("another process"),
                "{}",
                ended.err
            );
            made += usize::from(ended.status == Some(0));
        }
        for k in 1..=2 {
            home.clickday(&format!("sweep sweep.json --shard {k}/2 --out out")).with(0);
        }
        home.clickday("merge out --charts none").with(0);
    }
    assert!(made >= 8, "at least the first of each round is served, not {made}");
    home.clickday("sweep sweep.json --out whole --charts none").with(0);
    assert_same(&home, "whole", "out");
    assert_eq!(home.text("out/notes.txt"), "mine");
}

/// Stopped while a sweep is cleared away, it is a sweep still.
#[test]
fn a_sweep_that_is_cleared_in_part_is_known() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out out --charts none").with(0);
    fs::write(home.path("out/notes.txt"), "mine").unwrap();
    let whole = home.read("out/results.csv");
    fs::remove_file(home.path("out/results.csv")).unwrap();
    fs::remove_dir_all(home.path("out/parts")).unwrap();
    home.clickday("sweep sweep.json --out out --charts none").with(0);
    assert!(home.read("out/results.csv") == whole);
}

#[test]
fn what_is_not_of_a_sweep_is_never_removed() {
    let home = Home::new(&grid());
    home.clickday("sweep sweep.json --out out --report").with(0);
    fs::create_dir(home.path("out/logs")).unwrap();
    for name in ["notes.txt", "results.old.csv", "heat-map.pdf", "logs/diary.txt", "logs/1.log", "parts/thesis.tex"] {
        fs::write(home.path(&format!("out/{name}")), "mine").unwrap();
    }
    let merged = home.read("out/results.csv");
    home.clickday("sweep sweep.json --out out --charts none --fresh").with(0);
    assert_eq!(
        names(&home.path("out")),
        [
            ".clickday-lock",
            "heat-map.pdf",
            "logs",
            "notes.txt",
            "parts",
            "results.csv",
            "results.old.csv",
            "results.parquet",
            "sweep.json"
        ]
    );
    assert_eq!(home.read("out/results.csv"), merged);
    assert_eq!(names(&home.path("out/logs")), ["diary.txt"]);
    assert_eq!(names(&home.path("out/parts")), ["1-of-1.lock", "1-of-1.part", "thesis.tex"]);

    let nowhere = home.command("sweep sweep.json --out").arg("").output().unwrap();
    assert!(nowhere.status.code() == Some(2) && !exists(&home.path("parts")), "{nowhere:?}");

    // What `--json` prints of a sweep is no sweep.
    fs::create_dir_all(home.path("study/parts")).unwrap();
    fs::write(home.path("study/parts/thesis.tex"), "mine").unwrap();
    fs::write(home.path("study/sweep.json"), home.clickday("sweep sweep.json --out out --json").with(0).out).unwrap();
    let refused = home.clickday("sweep sweep.json --out study --fresh").with(2);
    assert!(refused.err.contains("holds no sweep"), "{}", refused.err);
    assert_eq!(names(&home.path("study/parts")), ["thesis.tex"]);
    fs::remove_dir_all(home.path("study")).unwrap();

    // A sweep file of that name makes no folder a sweep's.
    let whole = home.read("sweep.json");
    for fresh in ["", " --fresh"] {
        let refused = home.clickday(&format!("sweep sweep.json --out .{fresh}")).with(2);
        assert!(refused.err.contains("is not empty and holds no sweep"), "{}", refused.err);
    }
    assert_eq!(home.read("sweep.json"), whole);
    assert_eq!(names(&home.path("")), ["day.json", "out", "sweep.json"]);
    assert!(home.clickday("merge .").with(2).err.contains("holds no sweep"));
}

#[test]
fn all_that_is_of_a_sweep_is_removed() {
    let home = Home::new(&grid());
    let one = json!({"/stations/counter/workers": [1, 2, 3]});
    let mut line = grid();
    line["parameters"] = one;
    for (sweep, option) in [(&grid(), ""), (&line, ""), (&grid(), " --sensitivity=morris"), (&line, " --sensitivity=sobol")] {
        home.set(sweep);
        for charts in ["png", "svg"] {
            home.clickday(&format!("sweep sweep.json --out out --report --charts {charts}{option}")).with(0);
        }
        if option.is_empty() {
            for engine in ["slurm", "hyperqueue", "kubernetes --image office/clickday"] {
                home.clickday(&format!("submit sweep.json --out out --parts 1 --engine {engine}")).with(0);
            }
        }
        let made = names(&home.path("out"));
        assert!(made.len() > 8, "{made:?}");
        home.clickday(&format!("sweep sweep.json --out out --shard 1/3 --fresh{option}")).with(0);
        assert_eq!(names(&home.path("out")), [".clickday-lock", "parts", "sweep.json"]);
        fs::remove_dir_all(home.path("out")).unwrap();
    }
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}
