//! Exit statuses, in one list, and the failures that lead to them.

use crate::experiment::ExperimentError;
use crate::report::{FolderError, ReportError};
use crate::scenario::Mistakes;
use std::io;
use std::process::ExitCode;

/// The work failed.
const FAILED: u8 = 1;
/// The input or the usage is wrong.
pub(super) const WRONG_INPUT: u8 = 2;
/// Interrupted by the user.
const INTERRUPTED: u8 = 130;

/// The list as the help shows it.
pub(super) const HELP: &str = "Exit status: 0 done, 1 the work failed, 2 the input or the usage is wrong, 130 interrupted.";

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// Mistakes in scenario files.
    Mistakes(Vec<Mistakes>),
    /// Something else in the input or the usage.
    Usage(String),
    /// The work itself.
    Work(String),
    /// The user stopped it.
    Interrupted,
    /// Whoever read the output has seen enough.
    PipeClosed,
}

impl Failure {
    /// Says what happened on standard error, and gives the status.
    pub(super) fn report(self) -> ExitCode {
        match self {
            Failure::Mistakes(files) => {
                for mistakes in files {
                    anstream::eprintln!("{mistakes}");
                }
                WRONG_INPUT.into()
            }
            Failure::Usage(text) => say(&text, WRONG_INPUT),
            Failure::Work(text) => say(&text, FAILED),
            Failure::Interrupted => say("interrupted; nothing was written", INTERRUPTED),
            Failure::PipeClosed => ExitCode::SUCCESS,
        }
    }
}

fn say(text: &str, status: u8) -> ExitCode {
    anstream::eprintln!("clickday: {text}");
    status.into()
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::PipeClosed,
            _ => Failure::Work(format!("could not write to standard output: {error}")),
        }
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Failure {
        match error {
            FolderError::Io { .. } => Failure::Work(error.to_string()),
            _ => Failure::Usage(error.to_string()),
        }
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Failure {
        Failure::Work(error.to_string())
    }
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Failure {
        match error {
            ExperimentError::Interrupted => Failure::Interrupted,
            _ => Failure::Work(error.to_string()),
        }
    }
}
