//! Jobs that run the parts of a sweep on an engine that is there already: a script or manifest, and the words to submit it.

mod hyperqueue;
mod kubernetes;
mod slurm;

use std::path::PathBuf;

/// What runs the parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A job array of Slurm.
    Slurm,
    /// Tasks of HyperQueue.
    HyperQueue,
    /// An indexed job of Kubernetes.
    Kubernetes,
}

/// The job to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The sweep's short name.
    pub name: String,
    /// The program, as the engine's machines find it.
    pub program: String,
    /// The sweep file.
    pub sweep: PathBuf,
    /// The folder of the results, on a disk that all machines share.
    pub folder: PathBuf,
    /// How many parts.
    pub parts: u64,
    /// Cores of a part.
    pub cores: u32,
    /// Memory of a part in mebibytes.
    pub memory: u64,
    /// Time that a part may take, in minutes.
    pub minutes: u64,
    /// The container image, for Kubernetes.
    pub image: String,
    /// The volume claim that holds the folder, for Kubernetes.
    pub claim: String,
}

/// A file to write, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its name in the sweep's folder.
    pub name: &'static str,
    /// What it says.
    pub text: String,
    /// The command that submits it, by its full path.
    pub submit: Vec<String>,
    /// The command that submits some parts again; `LIST` stands for `3,17-19`.
    pub again: String,
}

impl Engine {
    /// Writes the job down.
    #[must_use]
    pub fn script(self, job: &Job) -> Script {
        match self {
            Engine::Slurm => slurm::script(job),
            Engine::HyperQueue => hyperqueue::script(job),
            Engine::Kubernetes => kubernetes::script(job),
        }
    }
}

impl Job {
    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// A text as one word of a shell.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn job() -> Job {
        Job {
            name: "counters".to_owned(),
            program: "/opt/click day/clickday".to_owned(),
            sweep: PathBuf::from("/data/it's/sweep.json"),
            folder: PathBuf::from("/data/out"),
            parts: 12,
            cores: 4,
            memory: 2000,
            minutes: 90,
            image: "registry.example.org/clickday:0.1.0".to_owned(),
            claim: "sweeps".to_owned(),
        }
    }

    #[test]
    fn words_of_a_shell_stay_whole() {
        assert_eq!(
            (quoted("/a/b-c.json"), quoted("it's"), quoted("")),
            ("/a/b-c.json".to_owned(), r"'it'\''s'".to_owned(), "''".to_owned())
        );
    }

    #[test]
    fn every_engine_runs_every_part_with_its_own_number() {
        let slurm = Engine::Slurm.script(&job());
        assert!(slurm.text.contains("#SBATCH --array=1-12\n") && slurm.text.contains("#SBATCH --mem=2000M\n"));
        assert!(slurm.text.contains(r#"--shard "$SLURM_ARRAY_TASK_ID/12""#));
        assert!(slurm.text.contains("'/opt/click day/clickday' sweep '/data/it'\\''s/sweep.json'"), "{}", slurm.text);
        assert!(slurm.text.contains("#SBATCH --time=90\n") && slurm.text.contains("--threads 4"));
        let hyperqueue = Engine::HyperQueue.script(&job());
        assert!(hyperqueue.text.contains("PARTS = 12") && hyperqueue.text.contains(r#""--shard", f"{part}/{PARTS}""#));
        let kubernetes = Engine::Kubernetes.script(&job());
        assert!(kubernetes.text.contains("completions: 12") && kubernetes.text.contains("$((JOB_COMPLETION_INDEX + 1))/12"));
    }
}
