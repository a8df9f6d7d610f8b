//! `clickday serve`.

use super::exit::Failure;
use super::print::print;
use super::{options, shipped};
use crate::serve::{Limits, Options, ServeError, Server};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// Try a scenario in the browser: a page on this machine alone, with levers for capacity, timeouts, retries and windows
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday serve inps-2020-04
  clickday serve my-day.json --scale 0.05 --save scenarios
  clickday serve small-example --language it --port 8420

The address that is printed holds a secret: who has it can use the page. Nothing of the disk can be read through it, and nothing
is written to it but scenarios in the folder of --save.")]
pub(super) struct Args {
    /// A scenario file, or the name of a shipped scenario (see clickday list)
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// Size of the copy that runs while one drags; some twenty thousand people unless said otherwise
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true, value_parser = options::scale)]
    scale: Option<f64>,
    /// The folder into which the page may save scenarios; without it they can be downloaded only
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
    /// The port; one that is free unless said otherwise
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// The address of this machine to listen on. Any other than a loopback address lets the network in, without encryption
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Threads of a run; all cores unless said otherwise
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = options::threads)]
    threads: Option<usize>,
    /// A run that may need more memory is refused, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    memory: u64,
    /// A full run is stopped after so many seconds
    #[arg(long, value_name = "N", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    #[command(flatten)]
    language: options::LanguageArgs,
    /// Print the address as one line of JSON when the page is ready (its schema: clickday schema serve)
    #[arg(long)]
    json: bool,
}

/// What `serve --json` prints, in one line.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Serving {
    /// The address of the page, with its secret.
    url: String,
    /// The scenario's name.
    scenario: String,
}

pub(super) fn serve(args: &Args) -> Result<(), Failure> {
    let scenario = shipped::load(&args.scenario).map_err(|mistakes| Failure::Mistakes(vec![mistakes]))?;
    if let Some(folder) = args.save.as_ref().filter(|folder| !folder.is_dir()) {
        return Err(Failure::Usage(format!("{} is no folder; make it first, or name another", folder.display())));
    }
    let name = scenario.file.name.0.clone();
    let defaults = Limits::default();
    let limits = Limits { memory: args.memory << 20, full: Duration::from_secs(args.seconds), ..defaults };
    let server = Server::bind(Options {
        scenario,
        address: SocketAddr::new(args.address, args.port),
        scale: args.scale,
        threads: args.threads,
        save: args.save.clone(),
        language: args.language.shown_first(),
        limits,
    })?;
    let stopper = server.stopper();
    ctrlc::set_handler(move || stopper.stop())
        .map_err(|error| Failure::Work(format!("cannot listen for interruptions: {error}")))?;
    if !args.address.is_loopback() {
        super::exit::tell("clickday: the whole network can reach this page, and whoever sees the address can use it");
    }
    let ready = match args.json {
        true => {
            serde_json::to_string(&Serving { url: server.url(), scenario: name }).map_err(|e| Failure::Work(e.to_string()))?
        }
        false => format!("Open {}\nStop it with Ctrl-C.", server.url()),
    };
    match print(&ready) {
        // Whoever has read the address may close the pipe; the page is wanted all the same.
        Ok(()) | Err(Failure::PipeClosed) => Ok(server.run()?),
        Err(failure) => Err(failure),
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Failure {
        match error {
            ServeError::Mistakes(mistakes) => Failure::Mistakes(vec![mistakes]),
            ServeError::TooLarge(_) | ServeError::Listen { .. } => Failure::Usage(error.to_string()),
            ServeError::Start(_) | ServeError::Io(_) => Failure::Work(error.to_string()),
        }
    }
}
