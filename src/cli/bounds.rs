//! `--max-memory` and `--max-events`: what would need more is refused before it starts.

use super::exit::Failure;
use crate::model::Study;
use crate::scenario::{Load, Needs, needs};

/// What a command may use.
#[derive(Debug, clap::Args)]
pub(super) struct BoundsArgs {
    /// Refuse what could need more memory, e.g. 8GiB, or none for no bound; what is free on this machine unless said otherwise
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_memory: Option<f64>,
    /// Refuse what could take more events in all, e.g. 1e9, or none for no bound; what this machine simulates in about a day
    /// unless said otherwise
    #[arg(long, value_name = "N", value_parser = events)]
    max_events: Option<f64>,
}

/// Events that one core simulates in a day, at five million a second.
const EVENTS_A_DAY: f64 = 5e6 * 86_400.0;

/// Units of memory and their bytes, the longest names first.
const UNITS: [(&str, f64); 9] = [
    ("kib", 1024.0),
    ("mib", 1_048_576.0),
    ("gib", 1_073_741_824.0),
    ("tib", 1_099_511_627_776.0),
    ("kb", 1e3),
    ("mb", 1e6),
    ("gb", 1e9),
    ("tb", 1e12),
    ("b", 1.0),
];

fn size(text: &str) -> Result<f64, String> {
    let lower = text.trim().to_ascii_lowercase();
    if lower == "none" {
        return Ok(f64::INFINITY);
    }
    let (number, unit) =
        UNITS.iter().find_map(|(name, bytes)| lower.strip_suffix(name).map(|rest| (rest, *bytes))).unwrap_or((&lower, 1.0));
    match number.trim().parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number * unit),
        _ => Err("want a size such as 8GiB or 500MB, or none".to_owned()),
    }
}

fn events(text: &str) -> Result<f64, String> {
    if text.trim().eq_ignore_ascii_case("none") {
        return Ok(f64::INFINITY);
    }
    match text.trim().parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("want a number such as 1e9, or none".to_owned()),
    }
}

impl BoundsArgs {
    /// Refuses a study that could need more than it may.
    pub(super) fn allow(&self, study: &Study, policies: usize, replications: u32, threads: Option<usize>) -> Result<(), Failure> {
        let cores = cores();
        let needs = needs(study, &Load { policies, replications, threads: threads.unwrap_or(cores) });
        self.hold(&study.name, needs, cores)
    }

    /// Refuses a sweep of so many runs that could need more than it may, by what its scenario needs.
    pub(super) fn allow_sweep(&self, name: &str, study: &Study, runs: u64, threads: Option<usize>) -> Result<(), Failure> {
        let cores = cores();
        let threads = threads.unwrap_or(cores);
        let at_once = u32::try_from(runs.min(threads as u64)).unwrap_or(u32::MAX).max(1);
        let needs = needs(study, &Load { policies: 1, replications: at_once, threads });
        self.hold(name, Needs { events: needs.events / f64::from(at_once) * runs as f64, ..needs }, cores)
    }

    fn hold(&self, name: &str, needs: Needs, cores: usize) -> Result<(), Failure> {
        let memory = self.max_memory.or_else(free_memory).unwrap_or(f64::INFINITY);
        let events = self.max_events.unwrap_or(cores as f64 * EVENTS_A_DAY);
        let refuse = |text: String| Err(Failure::Usage(format!("`{name}` was not started: {text}")));
        if exceeds(needs.memory, memory) {
            return refuse(too_large(&needs, memory));
        }
        if exceeds(needs.events, events) {
            return refuse(format!(
                "it could take up to {:.2e} events, and {events:.2e} are allowed. Try a smaller --scale, fewer replications, or fewer \
                 tries and returns; or allow more with --max-events, if you have the time",
                needs.events
            ));
        }
        Ok(())
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Whether more is needed than allowed; what is no number is too much.
fn exceeds(needed: f64, allowed: f64) -> bool {
    needed.is_nan() || needed > allowed
}

fn too_large(needs: &Needs, allowed: f64) -> String {
    let advice = if needs.of_series > needs.of_people {
        "Most of it is for series: use a wider clock.bin, or fewer classes"
    } else {
        "Most of it is for people, if all were in the system at once: try a smaller --scale, or fewer --threads"
    };
    format!(
        "it could need up to {} of memory, and {} are allowed. {advice}; or allow more with --max-memory",
        in_words(needs.memory),
        in_words(allowed)
    )
}

fn in_words(bytes: f64) -> String {
    match bytes {
        b if b >= 1_073_741_824.0 => format!("{:.1} GiB", b / 1_073_741_824.0),
        b => format!("{:.1} MiB", b / 1_048_576.0),
    }
}

/// Bytes of memory that the system would give now, or the bound of the process's group where that is less; `None` where the system does not say.
fn free_memory() -> Option<f64> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let free = read("/proc/meminfo").and_then(|text| available(&text));
    let bound = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let bound = bound.iter().filter_map(|path| read(path)?.trim().parse::<f64>().ok());
    free.into_iter().chain(bound).reduce(f64::min)
}

/// `MemAvailable` of /proc/meminfo, in bytes.
fn available(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_counts_are_read() {
        assert_eq!((size("8GiB"), size("500 MB"), size("1024"), size("2b")), (Ok(8_589_934_592.0), Ok(5e8), Ok(1024.0), Ok(2.0)));
        assert_eq!((size("none"), events("none"), events("1e9")), (Ok(f64::INFINITY), Ok(f64::INFINITY), Ok(1e9)));
        for bad in ["", "-1", "0", "GiB", "8XB", "inf", "nan", "1e999", "8GiBGiB"] {
            assert!(size(bad).is_err() && events(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_system_says_what_is_free() {
        assert_eq!(available("MemTotal: 9 kB\nMemAvailable:   2048 kB\n"), Some(2_097_152.0));
        assert_eq!((available("MemTotal: 9 kB"), available("MemAvailable: much kB")), (None, None));
        #[cfg(target_os = "linux")]
        assert!(free_memory().is_some_and(|free| free > 1e6));
    }
}
