//! The tables that are printed, in Markdown.

use std::fmt::Write;

/// Logical events a second of one queue.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) engine: f64,
    pub(crate) by_hand: f64,
    /// By hand with keyed draws, and the naive loop.
    pub(crate) others: Option<[f64; 2]>,
}

/// One run of a real scenario.
pub(crate) struct Day {
    pub(crate) name: &'static str,
    pub(crate) seconds: f64,
    pub(crate) events: f64,
    pub(crate) requests: f64,
}

/// The speed of M3, in logical events a second, at which M4 has 3 seconds.
const M3_OF_THE_GOAL: f64 = 15e6;

pub(crate) fn ratios(rows: &[Row]) -> String {
    let others = rows.iter().any(|row| row.others.is_some());
    let mut text = String::from("| | clickday | by hand | clickday / by hand |");
    text += if others { " by hand, keyed draws | clickday / that | naive | clickday / naive |\n" } else { "\n" };
    text += "| --- | --: | --: | --: |";
    text += if others { " --: | --: | --: | --: |\n" } else { "\n" };
    for Row { name, engine, by_hand, others } in rows {
        let name = name.to_uppercase();
        let _ = write!(text, "| {name} | {:.1} | {:.1} | {:.2} |", engine * 1e-6, by_hand * 1e-6, engine / by_hand);
        for other in others.iter().flatten() {
            let _ = write!(text, " {:.1} | {:.2} |", other * 1e-6, engine / other);
        }
        text.push('\n');
    }
    text
}

pub(crate) fn days(days: &[Day], m3: Option<f64>) -> String {
    let mut text = String::from("| | seconds | state events | million a second | logical events | million a second |");
    text += " of M3's | seconds where M3 makes 15 million |\n| --- | --: | --: | --: | --: | --: | --: | --: |\n";
    for Day { name, seconds, events, requests } in days {
        let logical = 2.0 * requests;
        let _ = write!(
            text,
            "| {} | {seconds:.2} | {events} | {:.1} | {logical} | {:.1} |",
            name.to_uppercase(),
            events * 1e-6 / seconds,
            logical * 1e-6 / seconds
        );
        let _ = match m3 {
            Some(m3) => writeln!(text, " {:.2} | {:.2} |", logical / seconds / m3, seconds * m3 / M3_OF_THE_GOAL),
            None => writeln!(text, " | |"),
        };
    }
    text
}
