//! The progress bar: on standard error, and only on a terminal.

use crate::experiment::Progress;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const STEPS: u64 = 1000;
/// No guess at the time left before so many steps and so much time: it would be wild.
const FIRST_STEPS: u64 = 10;
const FIRST_TIME: Duration = Duration::from_secs(1);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// The time left, or `…` as long as there is no saying.
fn left(state: &ProgressState, out: &mut dyn Write) {
    let known = state.pos() >= FIRST_STEPS && state.elapsed() >= FIRST_TIME;
    // A terminal that takes no more text is no reason to stop.
    let _ = if known { write!(out, "{:#}", HumanDuration(state.eta())) } else { write!(out, "…") };
}

/// Does `work` while a bar shows how far `progress` is.
pub(super) fn with_bar<T>(progress: &Progress, label: &str, quiet: bool, work: impl FnOnce() -> T) -> T {
    let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr());
    if quiet || bar.is_hidden() {
        return work();
    }
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent} % · {left} left") {
        bar.set_style(style.with_key("left", left));
    }
    bar.set_message(label.to_owned());
    let done = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                bar.set_position((progress.share() * STEPS as f64) as u64);
                std::thread::park_timeout(BETWEEN_LOOKS);
            }
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    });
    bar.finish_and_clear();
    result
}
