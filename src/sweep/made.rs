//! All that a sweep makes in its folder, by name, so that it can be removed and nothing else.

use super::error::{SweepError, io_error};
use super::shard::Shard;
use std::fs;
use std::io;
use std::path::Path;

/// How the names of files begin that are not whole yet.
pub(super) const TEMPORARY: &str = ".clickday-sweep-";
/// What was run.
pub(super) const PARTS: &str = "parts";
/// What engines that run parts write.
pub const LOGS: &str = "logs";
/// Files of parts: what was run of one under way and of one at its end, who has it, and the state of a run under way.
pub(super) const JOURNAL: &str = "journal";
pub(super) const PART: &str = "part";
pub(super) const LOCK: &str = "lock";
pub(super) const RUN: &str = "run";
/// Results and the files of engines that run parts, but for charts.
const RESULTS: [&str; 8] = [
    "results.csv",
    "results.parquet",
    "sensitivity.csv",
    "failed.csv",
    "report.html",
    "slurm.sh",
    "hyperqueue-job.py",
    "kubernetes.yaml",
];
const CHARTS: [&str; 5] = ["response", "heat-map", "effects", "pareto", "tornado"];

/// Removes all but the layout.
pub(super) fn clear(folder: &Path) -> Result<(), SweepError> {
    remove_files(folder, |name| name.starts_with(TEMPORARY) || is_result(name))?;
    for (name, is_made) in [(LOGS, is_log as fn(&str) -> bool), (PARTS, is_of_part)] {
        let folder = folder.join(name);
        remove_files(&folder, is_made)?;
        // Refused where others have put something in it, and rightly so.
        let _ = fs::remove_dir(&folder);
    }
    Ok(())
}

/// Removes what a killed process left under a temporary name.
pub(super) fn clear_temporary(folder: &Path) -> Result<(), SweepError> {
    [folder, &folder.join(PARTS)].into_iter().try_for_each(|folder| remove_files(folder, |name| name.starts_with(TEMPORARY)))
}

fn is_result(name: &str) -> bool {
    let chart = name.strip_suffix(".png").or_else(|| name.strip_suffix(".svg"));
    RESULTS.contains(&name) || chart.is_some_and(|chart| CHARTS.contains(&chart))
}

fn is_log(name: &str) -> bool {
    name.strip_suffix(".log").is_some_and(|part| part.parse::<u64>().is_ok())
}

fn is_of_part(name: &str) -> bool {
    let name = name.strip_prefix(TEMPORARY).unwrap_or(name);
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    let of_part = name.split_once('.').is_some_and(|(part, _)| Shard::of_file_name(part).is_some());
    of_part && ending.is_some_and(|ending| [JOURNAL, PART, LOCK, RUN].contains(&ending))
}

fn remove_files(folder: &Path, which: impl Fn(&str) -> bool) -> Result<(), SweepError> {
    names(folder)?.iter().filter(|name| which(name)).try_for_each(|name| remove_file(&folder.join(name)))
}

/// What is in a folder; nothing where there is none.
pub(super) fn names(folder: &Path) -> Result<Vec<String>, SweepError> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(io_error("read the folder", folder)(error)),
    };
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    names.collect::<Result<_, _>>().map_err(io_error("read the folder", folder))
}

pub(super) fn remove_file(path: &Path) -> Result<(), SweepError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(io_error("remove", path)(error)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sweep_makes_is_known_and_nothing_else() {
        for name in ["1-of-3.part", "2-of-3.journal", "2-of-3.lock", "1-of-1.0-0-12.run", ".clickday-sweep-1-of-1.0-0-12.run"] {
            assert!(is_of_part(name), "{name}");
        }
        for name in ["4-of-3.part", "1-of-3.txt", "thesis.part", "lock", "1-of-3", ".run"] {
            assert!(!is_of_part(name), "{name}");
        }
        assert!(is_log("17.log") && !is_log("my.log") && !is_log("17.txt"));
        assert!(is_result("heat-map.svg") && is_result("slurm.sh") && !is_result("heat-map.pdf") && !is_result("sweep.json"));
    }
}
