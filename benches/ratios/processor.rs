//! Processor time: of this process and of children, on one core.

use crate::Error;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::Value;
use std::process::{Command, Stdio};

/// Processor time in nanoseconds, for the program and for the system on its behalf.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent(i64);

impl Spent {
    pub(crate) fn seconds(self) -> f64 {
        self.0.max(1) as f64 * 1e-9
    }
}

/// What a piece of work gives, and what it took.
pub(crate) fn own<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let before = clock();
    let out = work();
    (out, Spent(clock() - before))
}

/// Runs a program that prints JSON: what it printed, and what it took.
pub(crate) fn child(command: &mut Command) -> Result<(Value, Spent), Error> {
    let before = of_children()?;
    let out = command.stderr(Stdio::inherit()).output()?;
    let spent = Spent(of_children()? - before);
    if !out.status.success() {
        return Err(format!("{command:?}: {}", out.status).into());
    }
    Ok((serde_json::from_slice(&out.stdout)?, spent))
}

fn clock() -> i64 {
    nix::time::clock_gettime(nix::time::ClockId::CLOCK_PROCESS_CPUTIME_ID).map_or(0, |time| time.num_nanoseconds())
}

fn of_children() -> Result<i64, Error> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok(usage.user_time().num_nanoseconds() + usage.system_time().num_nanoseconds())
}

/// Binds this process and its children to the core that it is on; where the system cannot, they roam.
pub(crate) fn stay_on_one_core() {
    #[cfg(target_os = "linux")]
    {
        use nix::sched::{CpuSet, sched_getcpu, sched_setaffinity};
        let mut set = CpuSet::new();
        let bound =
            sched_getcpu().and_then(|core| set.set(core)).and_then(|()| sched_setaffinity(nix::unistd::Pid::from_raw(0), &set));
        if let Err(error) = bound {
            eprintln!("ratios: not bound to one core: {error}");
        }
    }
}
