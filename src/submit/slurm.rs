//! A job array of Slurm: one task a part.

use super::{Job, Script, quoted};

pub(super) fn script(job: &Job) -> Script {
    let Job { name, parts, cores, memory, minutes, .. } = job;
    let (program, sweep) = (quoted(&job.program), quoted(&job.sweep.display().to_string()));
    let folder = quoted(&job.folder.display().to_string());
    let path = job.path("slurm.sh");
    let again = format!("sbatch --array=LIST {}", quoted(&path));
    let text = format!(
        r#"#!/bin/sh
# The parts of the sweep {name}, one a task. Parts that are missing afterwards (clickday merge names them) are submitted again by
#   {again}
# A part that is started again goes on where it stopped. Without --mem each task would be charged the whole machine.
#SBATCH --job-name=clickday-{name}
#SBATCH --array=1-{parts}
#SBATCH --cpus-per-task={cores}
#SBATCH --mem={memory}M
#SBATCH --time={minutes}
#SBATCH --output="{log}"
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --signal=B:TERM@60
exec {program} sweep {sweep} --shard "$SLURM_ARRAY_TASK_ID/{parts}" --out {folder} --threads {cores} --quiet
"#,
        log = job.path("logs/").replace('\\', r"\\").replace('"', "\\\"").replace('%', "%%") + "%a.log",
    );
    Script { name: "slurm.sh", text, submit: vec!["sbatch".to_owned(), "--parsable".to_owned(), path], again }
}
