//! The names of all files that results consist of, by which a folder of results is told from one with files of others in it.

use super::charts::{CHARTS, ChartFormat};

/// Of runs, libraries, plans, fluid limits and imported arrivals, but for pictures.
const FILES: [&str; 11] = [
    "summary.json",
    "series.csv",
    "arrivals.csv",
    "completion.csv",
    "scenario.json",
    "report.html",
    "fluid.json",
    "fluid.csv",
    "plan.json",
    "table.md",
    "observations.csv",
];
/// Pictures that are not charts of a run, without their endings.
const PICTURES: [&str; 3] = ["arrivals", "fluid", "plan"];

/// What systems leave in a folder that somebody looks at.
const LEFT_BY_SYSTEMS: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];
/// What office programs leave beside a table that they show.
const LOCK_OF_OFFICE: &str = ".~lock.";

/// Whether a file of this name is nobody's work.
pub(super) fn is_nothing(name: &str) -> bool {
    LEFT_BY_SYSTEMS.contains(&name) || name.starts_with(LOCK_OF_OFFICE)
}

/// Whether clickday writes a file of this name into a folder of results.
pub(super) fn is_of_results(name: &str) -> bool {
    let mut endings = [ChartFormat::Png, ChartFormat::Svg].into_iter().filter_map(ChartFormat::ending);
    let picture = name.rsplit_once('.').filter(|(_, ending)| endings.any(|known| known == *ending));
    let known = |stem: &str| PICTURES.contains(&stem) || CHARTS.iter().any(|chart| chart.name == stem);
    FILES.contains(&name) || picture.is_some_and(|(stem, _)| known(stem))
}

#[cfg(test)]
mod tests {
    use super::is_of_results;

    #[test]
    fn files_of_results_are_known_and_others_are_not() {
        for name in ["summary.json", "report.html", "timeouts.png", "who-lost.svg", "plan.svg", "fluid.csv"] {
            assert!(is_of_results(name), "{name}");
        }
        for name in ["day.json", "summary.json.bak", "timeouts.pdf", "my.timeouts.png", "timeouts", ".png", "Summary.json", ""] {
            assert!(!is_of_results(name), "{name}");
        }
    }
}
