//! `clickday merge`.

use super::exit::Failure;
use super::options::ShowArgs;
use crate::sweep::{Layout, Shard, SweepFolder};
use std::path::PathBuf;

/// Put the parts of a sweep together: the same results, byte for byte, as of the sweep run in one piece
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  clickday merge output/small-workers")]
pub(super) struct Args {
    /// The sweep's folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    show: ShowArgs,
    /// Print the results as JSON in place of the table (its schema: clickday schema sweep-result)
    #[arg(long)]
    json: bool,
}

pub(super) fn merge(args: &Args) -> Result<(), Failure> {
    let (mut folder, layout) = SweepFolder::existing(&args.folder)?;
    let of = division(&folder)?;
    let finished = super::sweep::finish(&layout, &mut folder, of, &args.show)?;
    finished.show(args.show.quiet, args.json)?;
    finished.outcome()
}

/// Into how many parts a sweep was divided.
pub(super) fn division(folder: &SweepFolder) -> Result<u64, Failure> {
    let parts = folder.parts()?;
    let path = folder.path().display();
    let Some((first, _)) = parts.first() else {
        return Err(Failure::Incomplete(format!("{path} has no parts yet; make them by clickday sweep --shard k/n")));
    };
    match parts.iter().find(|(part, _)| part.of != first.of) {
        Some((other, _)) => {
            Err(Failure::Usage(format!("{path} holds parts of {} and of {}; keep one division", first.of, other.of)))
        }
        None => Ok(first.of),
    }
}

/// What to say of parts that are not there.
pub(super) fn missing(layout: &Layout, folder: &SweepFolder, of: u64, missing: &[Shard]) -> Failure {
    let path = folder.path().display();
    let list = ranges(missing);
    Failure::Incomplete(format!(
        "{} of {of} parts of `{}` are missing or unfinished in {path}: {list}\n\
         make each by: clickday sweep FILE --shard K/{of} --out {path}\n\
         or all of them on Slurm by: sbatch --array={list} {path}/slurm.sh",
        missing.len(),
        layout.sweep
    ))
}

/// Numbers of parts as Slurm takes them: `3,17-19`.
pub(super) fn ranges(parts: &[Shard]) -> String {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for part in parts {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == part.k => *last = part.k,
            _ => runs.push((part.k, part.k)),
        }
    }
    let one = |(first, last): &(u64, u64)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    runs.iter().map(one).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_as_slurm_takes_them() {
        let parts = |numbers: &[u64]| numbers.iter().map(|k| Shard { k: *k, of: 100 }).collect::<Vec<_>>();
        assert_eq!(ranges(&parts(&[3, 17, 18, 19, 40])), "3,17-19,40");
        assert_eq!(ranges(&parts(&[1, 2])), "1-2");
    }
}
