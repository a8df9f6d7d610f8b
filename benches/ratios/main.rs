//! How fast the engine is beside loops written by hand for one queue, in one run on one core.
//!
//! `cargo bench` plays M1, M2 and M3 (`benches/scenarios`) by turns with the engine, with a hand-specialised loop
//! (`hand.rs`) and with the loop one writes first (`naive.rs`), checks that their statistics agree, and prints logical events
//! per second of processor time (two for each try: it comes and it ends) and their ratios. Then the same by whole
//! processes, and the days of the real scenarios.
//!
//! `cargo bench -- --people 20000000 --rounds 3` is the long form; `--help` tells the rest.

mod agree;
mod draws;
mod floor;
mod hand;
mod naive;
mod parts;
mod processor;
mod table;
mod work;

use agree::agree;
use clap::Parser;
use clickday::scenario::Scenario;
use parts::Counts;
use processor::{Spent, child, own};
use std::path::Path;
use std::process::{Command, ExitCode};
use table::{Day, Row};
use work::{DAYS, WORKS, Work};

type Error = Box<dyn std::error::Error>;

const POLICY: &str = "time-split";
/// The days take long; the best of so many will do.
const MOST_DAYS: u64 = 3;

#[derive(Parser)]
struct Args {
    /// People of M1, M2 and M3
    #[arg(long, default_value_t = 1_000_000)]
    people: u64,
    /// How often each is played, by turns; the best counts
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u64).range(2..))]
    rounds: u64,
    /// Only these rows: m1, m2, m3, m4, m5
    #[arg(long)]
    only: Vec<String>,
    /// Only the library, in this process
    #[arg(long, conflicts_with = "processes")]
    library: bool,
    /// Only what the parts of any such simulator cost here
    #[arg(long, conflicts_with_all = ["library", "processes"])]
    floor: bool,
    /// Only whole processes
    #[arg(long)]
    processes: bool,
    /// Play one loop by hand and print its counts: what the whole processes do
    #[arg(long, hide = true, value_name = "ROW")]
    by_hand: Option<String>,
    #[arg(long, hide = true, default_value_t = 1)]
    seed: u64,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.by_hand {
        Some(name) => play_by_hand(name, &args),
        None => compare(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ratios: {error}");
            ExitCode::FAILURE
        }
    }
}

fn play_by_hand(name: &str, args: &Args) -> Result<(), Error> {
    let work = WORKS.iter().find(|work| work.name == name).ok_or("no such row")?;
    let counts = (work.by_hand)(args.people, args.seed);
    println!("{}", counts.to_json());
    Ok(())
}

fn compare(args: &Args) -> Result<(), Error> {
    processor::stay_on_one_core();
    if args.floor {
        println!("{}", floor::table());
        return Ok(());
    }
    let chosen = |name: &str| args.only.is_empty() || args.only.iter().any(|only| only == name);
    let works: Vec<Work> = WORKS.into_iter().filter(|work| chosen(work.name)).collect();
    let folder = tempfile::tempdir()?;
    if !args.processes {
        println!("In this process, {} people, best of {} by turns, million logical events a second:\n", args.people, args.rounds);
        let rows = works.iter().map(|work| in_process(*work, args)).collect::<Result<Vec<_>, _>>()?;
        println!("{}", table::ratios(&rows));
    }
    if args.library {
        return Ok(());
    }
    println!("Whole processes (`clickday run … --charts none --threads 1`), million logical events a second:\n");
    let rows = works.iter().map(|work| whole_process(*work, args, folder.path())).collect::<Result<Vec<_>, _>>()?;
    println!("{}", table::ratios(&rows));
    let m3 = rows.iter().find(|row| row.name == "m3").map(|row| row.engine);
    let days = DAYS.into_iter().filter(|(name, _)| chosen(name));
    let days = days.map(|(name, file)| day(name, file, args, folder.path())).collect::<Result<Vec<_>, _>>()?;
    if !days.is_empty() {
        println!("The days, one replication of `time-split`, whole processes:\n");
        println!("{}", table::days(&days, m3));
    }
    Ok(())
}

/// The counts of each round, and the best speed.
#[derive(Default)]
struct Series {
    counts: Vec<Counts>,
    best: f64,
}

impl Series {
    fn add(&mut self, counts: Counts, spent: Spent) {
        self.counts.push(counts);
        self.best = self.best.max(2.0 * counts.tries as f64 / spent.seconds());
    }
}

fn in_process(work: Work, args: &Args) -> Result<Row, Error> {
    let path = work.path();
    let study = Scenario::parse(&work.scenario(args.people)?, &path)?.compile(None)?;
    let (mut engine, mut by_hand) = (Series::default(), Series::default());
    let (mut keyed, mut naive) = (Series::default(), Series::default());
    for seed in 1..=args.rounds {
        let (counts, spent) = own(|| work::by_engine(&study, seed));
        engine.add(counts?, spent);
        let (counts, spent) = own(|| (work.by_hand)(args.people, seed));
        by_hand.add(counts, spent);
        let (counts, spent) = own(|| (work.keyed)(args.people, seed));
        keyed.add(counts, spent);
        let (counts, spent) = own(|| naive::play(work.queue, args.people, seed));
        naive.add(counts, spent);
    }
    for (who, other) in [("the loop by hand", &by_hand), ("that with keyed draws", &keyed), ("the naive loop", &naive)] {
        agree(work.name, args.people, ("the engine", &engine.counts), (who, &other.counts))?;
    }
    Ok(Row { name: work.name, engine: engine.best, by_hand: by_hand.best, others: Some([keyed.best, naive.best]) })
}

fn whole_process(work: Work, args: &Args, folder: &Path) -> Result<Row, Error> {
    let file = folder.join(format!("{}.json", work.name));
    std::fs::write(&file, work.scenario(args.people)?)?;
    let myself = std::env::current_exe()?;
    let people = args.people.to_string();
    let (mut engine, mut by_hand) = (Series::default(), Series::default());
    for seed in 1..=args.rounds {
        let seed = seed.to_string();
        let (summary, spent) = child(clickday(&file, folder).args(["--seed", &seed]))?;
        engine.add(work.counts_of(&summary, args.people)?, spent);
        let mut command = Command::new(&myself);
        let (counts, spent) = child(command.args(["--by-hand", work.name, "--seed", &seed, "--people", &people]))?;
        by_hand.add(Counts::from_json(&counts)?, spent);
    }
    agree(work.name, args.people, ("the program", &engine.counts), ("the loop by hand", &by_hand.counts))?;
    Ok(Row { name: work.name, engine: engine.best, by_hand: by_hand.best, others: None })
}

fn day(name: &'static str, file: &str, args: &Args, folder: &Path) -> Result<Day, Error> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("scenarios/{file}.json"));
    let mut day = Day { name, seconds: f64::INFINITY, events: 0.0, requests: 0.0 };
    for _ in 0..args.rounds.min(MOST_DAYS) {
        let (summary, spent) = child(clickday(&file, folder).args(["--policy", POLICY, "--replications", "1"]))?;
        day.seconds = day.seconds.min(spent.seconds());
        day.events = work::number(&summary, "/work/events")?;
        day.requests = work::number(&summary, &format!("/policies/{POLICY}/total/requests/mean"))?;
    }
    Ok(day)
}

fn clickday(file: &Path, folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clickday"));
    command.arg("run").arg(file).args(["--charts", "none", "--threads", "1", "--quiet", "--json", "--out"]);
    command.arg(folder.join("results"));
    command
}
