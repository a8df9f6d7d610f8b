//! The command line: reads arguments, calls one function, prints.

mod check;
mod exit;
mod precision;
mod print;
mod progress;
mod run;
mod schema;

use clap::{Parser, Subcommand};
use exit::Failure;
use std::process::ExitCode;

/// A load simulator for click days: a public service opens, everybody comes at once, and someone must decide who may
/// enter when.
#[derive(Debug, Parser)]
#[command(name = "clickday", version, about, max_term_width = 100, arg_required_else_help = true, after_help = exit::HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Args),
    Check(check::Args),
    Schema(schema::Args),
}

/// Runs the program; all that is left is the exit status.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, as successes. A closed pipe is no failure.
            let _ = error.print();
            return if error.use_stderr() { exit::WRONG_INPUT.into() } else { ExitCode::SUCCESS };
        }
    };
    let outcome = match cli.command {
        Command::Run(args) => run::run(&args),
        Command::Check(args) => check::check(&args),
        Command::Schema(args) => schema::schema(&args),
    };
    outcome.map_or_else(Failure::report, |()| ExitCode::SUCCESS)
}
