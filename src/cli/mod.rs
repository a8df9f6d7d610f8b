//! The command line: reads arguments, calls one function, prints.

mod bounds;
mod calibrate;
mod check;
mod completions;
mod exit;
mod export;
mod file;
mod fluid;
mod import;
mod library;
mod list;
mod merge;
mod new;
mod options;
mod plan;
mod precision;
mod print;
mod progress;
mod report;
mod run;
mod schema;
#[cfg(feature = "serve")]
mod serve;
mod shipped;
mod submit;
mod sweep;

use clap::{ColorChoice, Parser, Subcommand};
use exit::Failure;
use std::process::ExitCode;

/// A load simulator for click days: a public service opens, everybody comes at once, and someone must decide who may
/// enter when.
#[derive(Debug, Parser)]
#[command(name = "clickday", version, about, max_term_width = 100, arg_required_else_help = true, after_help = exit::HELP)]
struct Cli {
    /// When to use colours and bold letters; NO_COLOR is obeyed too
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    color: ColorChoice,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Args),
    New(new::Args),
    Run(run::Args),
    Report(report::Args),
    Sweep(sweep::Args),
    Merge(merge::Args),
    Submit(submit::Args),
    Plan(plan::Args),
    Fluid(fluid::Args),
    #[cfg(feature = "serve")]
    Serve(serve::Args),
    Check(check::Args),
    Schema(schema::Args),
    Calibrate(calibrate::Args),
    Import(import::Args),
    Export(export::Args),
    Completions(completions::CompletionsArgs),
    Man(completions::ManArgs),
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
    match cli.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    let outcome = match cli.command {
        Command::List(args) => list::list(&args),
        Command::New(args) => new::new(&args),
        Command::Run(args) => run::run(&args),
        Command::Report(args) => report::report(&args),
        Command::Sweep(args) => sweep::sweep(&args),
        Command::Merge(args) => merge::merge(&args),
        Command::Submit(args) => submit::submit(&args),
        Command::Plan(args) => plan::plan(&args),
        Command::Fluid(args) => fluid::fluid(&args),
        #[cfg(feature = "serve")]
        Command::Serve(args) => serve::serve(&args),
        Command::Check(args) => check::check(&args),
        Command::Schema(args) => schema::schema(&args),
        Command::Calibrate(args) => calibrate::calibrate(&args),
        Command::Import(args) => import::import(&args),
        Command::Export(args) => export::export(&args),
        Command::Completions(args) => completions::completions(&args),
        Command::Man(args) => completions::man(&args),
    };
    outcome.map_or_else(Failure::report, |()| ExitCode::SUCCESS)
}
