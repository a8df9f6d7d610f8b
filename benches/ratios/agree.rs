//! Whether two programs simulate the same queue.

use crate::Error;
use crate::parts::Counts;
use clickday::stats::student_t_quantile;

/// A difference between programs that agree is larger than the bound once in a hundred thousand times.
const BY_CHANCE: f64 = 1e-5;

type Figure<'a> = &'a dyn Fn(&Counts) -> f64;

/// Compares what two programs counted in as many runs from independent seeds: tries, timeouts and people waiting for each
/// person, and the mean wait of those served. The bound of a difference comes from the scatter of the runs.
pub(crate) fn agree(name: &str, people: u64, one: (&str, &[Counts]), other: (&str, &[Counts])) -> Result<(), Error> {
    let people = people as f64;
    let figures: [(&str, Figure); 4] = [
        ("tries for each person", &|counts| counts.tries as f64 / people),
        ("timeouts for each person", &|counts| counts.timeouts as f64 / people),
        ("mean wait of those served, in seconds", &|counts| counts.waited / counts.served as f64),
        ("time in the queue for each person, in seconds", &|counts| counts.queue / people),
    ];
    for (what, figure) in figures {
        let ((a, a_variance), (b, b_variance)) = (moments(one.1, figure), moments(other.1, figure));
        let df = (one.1.len() + other.1.len() - 2) as u32;
        let bound = student_t_quantile(1.0 - BY_CHANCE / 2.0, df) * (a_variance + b_variance).sqrt();
        if (a - b).abs() > bound {
            return Err(format!("{name}: {what}: {} has {a}, {} has {b}; within {bound} is chance", one.0, other.0).into());
        }
    }
    Ok(())
}

/// Mean over runs, and the variance of that mean.
fn moments(runs: &[Counts], figure: Figure<'_>) -> (f64, f64) {
    let n = runs.len() as f64;
    let mean = runs.iter().map(figure).sum::<f64>() / n;
    let squares: f64 = runs.iter().map(|run| (figure(run) - mean).powi(2)).sum();
    (mean, squares / (n - 1.0) / n)
}
