//! What is wanted of a figure: `timeout_share<=1%`, `citizens:time_to_complete.p95<=2h`.

use crate::experiment::all_figure_names;
use crate::scenario::suggestion;
use crate::time::Span;
use serde::{Deserialize, Serialize};

/// A limit to a figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// As it was written.
    pub text: String,
    /// The class or station it is about; `None`: all classes together, or the first station.
    pub name: Option<String>,
    /// The figure.
    pub figure: String,
    /// On which side of the limit it is to be.
    pub sense: Sense,
    /// The limit, in the figure's unit.
    pub limit: f64,
}

/// On which side of a limit a figure is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sense {
    /// At the limit or below.
    AtMost,
    /// At the limit or above.
    AtLeast,
}

impl Goal {
    /// Reads `[NAME:]FIGURE<=LIMIT` or `>=`; the limit is a number, a part in per cent, or a duration.
    ///
    /// # Errors
    /// What is wrong, and what would be right.
    pub fn parse(text: &str) -> Result<Goal, String> {
        let split = |sign| text.split_once(sign);
        let parts = split("<=").map(|parts| (parts, Sense::AtMost)).or_else(|| split(">=").map(|parts| (parts, Sense::AtLeast)));
        let Some(((left, right), sense)) = parts else {
            return Err(format!("`{text}` is no goal; write it as timeout_share<=1% or completed_share>=0.95"));
        };
        let left = left.trim();
        let (name, figure) = match left.rsplit_once(':') {
            Some((name, figure)) => (Some(name.trim().to_owned()), figure.trim()),
            None => (None, left),
        };
        let names = all_figure_names();
        if !names.iter().any(|name| name == figure) {
            let hint = suggestion(figure, names.iter().map(String::as_str));
            return Err(format!("there is no figure `{figure}`; {hint}"));
        }
        let right = right.trim();
        let Some(limit) = limit(right) else {
            return Err(format!("`{right}` is no limit; use a number, a part such as 1%, or a duration such as 5min"));
        };
        Ok(Goal { text: text.to_owned(), name, figure: figure.to_owned(), sense, limit })
    }

    /// Whether a value meets the goal.
    #[must_use]
    pub fn is_met(&self, value: f64) -> bool {
        match self.sense {
            Sense::AtMost => value <= self.limit,
            Sense::AtLeast => value >= self.limit,
        }
    }
}

fn limit(text: &str) -> Option<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match text.strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0),
        None => number(text).or_else(|| Span::parse(text).ok().map(Span::seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goals_are_read_with_parts_and_durations() {
        let goal = Goal::parse("timeout_share<=1%").unwrap();
        assert_eq!((goal.figure.as_str(), goal.sense, goal.limit, goal.name), ("timeout_share", Sense::AtMost, 0.01, None));
        let goal = Goal::parse("citizens: time_to_complete.p95 <= 1h30min").unwrap();
        assert_eq!((goal.name.as_deref(), goal.limit), (Some("citizens"), 5400.0));
        let goal = Goal::parse("completed_share>=0.95").unwrap();
        assert!(goal.is_met(0.95) && !goal.is_met(0.949));
        assert!(Goal::parse("timeout_shar<=1").unwrap_err().contains("did you mean `timeout_share`?"));
        for bad in ["", "timeout_share", "timeout_share<1", "timeout_share<=", "timeout_share<=much", "timeout_share<=nan"] {
            assert!(Goal::parse(bad).is_err(), "{bad}");
        }
    }
}
