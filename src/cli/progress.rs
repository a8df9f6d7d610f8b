//! The progress bar: on standard error, and only on a terminal.

use crate::experiment::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const STEPS: u64 = 1000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Does `work` while a bar shows how far `progress` is.
pub(super) fn with_bar<T>(progress: &Progress, label: &str, quiet: bool, work: impl FnOnce() -> T) -> T {
    let bar = ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr());
    if quiet || bar.is_hidden() {
        return work();
    }
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent} % · {eta} left") {
        bar.set_style(style);
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
