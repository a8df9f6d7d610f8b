//! Jobs that run the parts of a sweep on an engine that is there already: a script or manifest, and the words to submit it.

mod hyperqueue;
mod kubernetes;
mod slurm;

use std::path::{Component, Path, PathBuf};

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
    /// The scenario file.
    pub scenario: PathBuf,
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
    /// The lowest folder that holds the sweep, its scenario and the results.
    #[must_use]
    pub fn common_folder(&self) -> PathBuf {
        let [folder, sweep, scenario] = [&self.folder, &self.sweep, &self.scenario].map(|path| without_dots(path));
        let holds_all = |above: &&Path| sweep.starts_with(above) && scenario.starts_with(above);
        folder.ancestors().skip(1).find(holds_all).unwrap_or(Path::new("/")).to_owned()
    }

    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }
}

/// A whole path without `..`.
fn without_dots(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
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
            scenario: PathBuf::from("/data/it's/../day.json"),
            folder: PathBuf::from("/data/results/out"),
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
        let spaced = Job { folder: PathBuf::from("/data/100 % \"sure\"/out"), ..job() };
        let spaced = Engine::Slurm.script(&spaced).text;
        assert!(spaced.contains("#SBATCH --output=\"/data/100 %% \\\"sure\\\"/out/logs/%a.log\"\n"), "{spaced}");
        let kubernetes = Engine::Kubernetes.script(&job());
        assert!(kubernetes.text.contains("mountPath: \"/data\"\n"), "{}", kubernetes.text);
        assert!(kubernetes.text.contains("completions: 12") && kubernetes.text.contains("$((JOB_COMPLETION_INDEX + 1))/12"));
    }
}
