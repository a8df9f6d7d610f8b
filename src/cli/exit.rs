//! Exit statuses, in one list, and the failures that lead to them.

use crate::experiment::ExperimentError;
use crate::plan::SearchError;
use crate::report::{FluidReportError, FolderError, PageError, PlanReportError, ReportError, SweepReportError};
use crate::scenario::Mistakes;
use crate::sweep::SweepError;
use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

/// The work failed.
const FAILED: u8 = 1;
/// The input or the usage is wrong.
pub(super) const WRONG_INPUT: u8 = 2;
/// A sweep is incomplete: the same command, or the parts that are named, complete it.
const INCOMPLETE: u8 = 75;
/// Interrupted by the user.
const INTERRUPTED: u8 = 130;

/// The list as the help shows it.
pub(super) const HELP: &str =
    "Exit status: 0 done, 1 the work failed, 2 the input or the usage is wrong, 75 a sweep is incomplete, 130 interrupted.";

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// Mistakes in scenario files.
    Mistakes(Vec<Mistakes>),
    /// Something else in the input or the usage.
    Usage(String),
    /// The work itself.
    Work(String),
    /// The user stopped it, after so many scenarios whose results were written.
    Interrupted {
        /// How many.
        written: usize,
    },
    /// A sweep is incomplete.
    Incomplete(String),
    /// Whoever read the output has seen enough.
    PipeClosed,
}

impl Failure {
    /// Says what happened on standard error, and gives the status.
    pub(super) fn report(self) -> ExitCode {
        match self {
            Failure::Mistakes(files) => {
                files.iter().for_each(|mistakes| tell(&mistakes.to_string()));
                WRONG_INPUT.into()
            }
            Failure::Usage(text) => say(&text, WRONG_INPUT),
            Failure::Work(text) => say(&text, FAILED),
            Failure::Incomplete(text) => say(&text, INCOMPLETE),
            Failure::Interrupted { written: 0 } => say("interrupted; nothing was written", INTERRUPTED),
            Failure::Interrupted { .. } => {
                say("interrupted; the results that were named before are whole, the others were not written", INTERRUPTED)
            }
            Failure::PipeClosed => ExitCode::SUCCESS,
        }
    }
}

fn say(text: &str, status: u8) -> ExitCode {
    tell(&format!("clickday: {text}"));
    status.into()
}

/// Prints a line on standard error. Where nobody listens any more the status has to say it alone.
pub(super) fn tell(line: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{}", super::print::harmless(line));
}

/// An error with all that led to it.
fn in_full(error: &dyn Error) -> String {
    std::iter::successors(error.source(), |error| (*error).source())
        .fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
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
            FolderError::Io { .. } => Failure::Work(in_full(&error)),
            _ => Failure::Usage(in_full(&error)),
        }
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Failure {
        Failure::Work(in_full(&error))
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Failure {
        Failure::Usage(in_full(&error))
    }
}

impl From<SweepError> for Failure {
    fn from(error: SweepError) -> Failure {
        match error {
            SweepError::Io { .. } | SweepError::Threads(_) => Failure::Work(in_full(&error)),
            // Whoever runs parts tries this one again later.
            SweepError::Locked { .. } | SweepError::Busy(_) => Failure::Incomplete(in_full(&error)),
            _ => Failure::Usage(in_full(&error)),
        }
    }
}

impl From<SweepReportError> for Failure {
    fn from(error: SweepReportError) -> Failure {
        Failure::Work(in_full(&error))
    }
}

impl From<PlanReportError> for Failure {
    fn from(error: PlanReportError) -> Failure {
        Failure::Work(in_full(&error))
    }
}

impl From<FluidReportError> for Failure {
    fn from(error: FluidReportError) -> Failure {
        Failure::Work(in_full(&error))
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Failure {
        match error {
            SearchError::Experiment(error) => error.into(),
            SearchError::Question(error) => Failure::Usage(error.to_string()),
        }
    }
}

impl From<ExperimentError> for Failure {
    fn from(error: ExperimentError) -> Failure {
        match error {
            ExperimentError::Interrupted => Failure::Interrupted { written: 0 },
            _ => Failure::Work(in_full(&error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Plan, Progress, run};
    use crate::scenario::Scenario;
    use std::path::Path;

    #[test]
    fn a_run_that_breaks_a_law_ends_with_status_1_and_says_which_law_and_by_how_much() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/small-example.json");
        let mut study = Scenario::load(&path).and_then(|scenario| scenario.compile(Some(0.1))).unwrap();
        study.experiment.replications = 2;
        study.experiment.seed = 0xFA17_2000;
        let plan = Plan { policies: vec![0, 1], threads: Some(2) };
        run(&study, &plan, &Progress::default()).unwrap();
        crate::engine::lose_a_departure(study.experiment.seed);
        let failure = Failure::from(run(&study, &plan, &Progress::default()).map(drop).unwrap_err());
        let Failure::Work(text) = &failure else { panic!("{failure:?}") };
        assert!(text.starts_with("policy `") && text.contains("`, replication "), "{text}");
        assert!(text.contains("services: every one under way is to end once (off by -1)"), "{text}");
        assert_eq!(format!("{:?}", failure.report()), format!("{:?}", ExitCode::from(FAILED)));
    }
}
