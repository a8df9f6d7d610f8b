//! How far an experiment is, and the wish to stop it; shared between threads.

use crate::model::Model;
use crate::time::Time;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// Counts the work done by all threads together.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    /// Runs that will be made in all, as far as is known.
    expected: AtomicUsize,
    stop: AtomicBool,
}

/// Work units of one run.
const UNITS: f64 = 1_000_000.0;

impl Progress {
    /// The share done of the runs that are expected, from 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        let runs = self.expected.load(Ordering::Relaxed);
        (self.done.load(Ordering::Relaxed) as f64 / (UNITS * runs.max(1) as f64)).min(1.0)
    }

    /// Counts from nothing again, for the next experiment; a wish to stop stays.
    pub fn restart(&self) {
        self.done.store(0, Ordering::Relaxed);
    }

    /// Says how many runs will be made in all.
    pub fn will_make(&self, runs: usize) {
        self.expected.store(runs, Ordering::Relaxed);
    }

    /// Asks every run to stop soon.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// A watcher for one run, for the engine to call.
    pub(super) fn watch<'a>(&'a self, model: &'a Model) -> impl FnMut(Time) -> bool + 'a {
        let mut reported = 0;
        move |now| {
            let units = (work_share(model, now) * UNITS) as u64;
            self.done.fetch_add(units.saturating_sub(reported), Ordering::Relaxed);
            reported = units.max(reported);
            !self.is_stopped()
        }
    }
}

/// About how much of a run's work lies before `now`: half goes with the clock, half with the arrivals.
fn work_share(model: &Model, now: Time) -> f64 {
    let people: f64 = model.classes.iter().map(|class| class.population.mean()).sum();
    let come = model.classes.iter().map(|class| {
        let shares = class.arrivals.iter().map(|part| part.share * part.curve.share_before(now));
        class.population.mean() * shares.sum::<f64>()
    });
    let come = if people > 0.0 { come.sum::<f64>() / people } else { 1.0 };
    0.5 * come + 0.5 * now.seconds() / model.end.seconds()
}
