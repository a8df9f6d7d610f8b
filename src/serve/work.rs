//! Runs: one at a time, a few that wait, each bounded in time and memory, stopped when nobody listens any more.

use super::limits::memory_needed;
use super::routes::{Site, Waiting};
use crate::experiment::{self, ExperimentError, Plan, Progress};
use crate::model::Study;
use crate::report::{self, ChartFormat, Folder, PageSource, live};
use crate::scenario::{Mistakes, Scenario};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::Sender;

/// Between two words about the progress.
const BEAT: Duration = Duration::from_millis(120);
/// People of a quick look, about.
const QUICK_PEOPLE: f64 = 20_000.0;
/// Runs of each policy in a quick look.
const QUICK_RUNS: u32 = 2;
const SCALES: [f64; 10] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0];

/// One run that was asked for.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) scenario: Scenario,
    pub(super) study: Study,
    pub(super) full: bool,
    /// As many as there may be, or fewer where more would need too much memory; results do not depend on it.
    threads: usize,
}

/// Why a job is not taken.
#[derive(Debug)]
pub(super) enum NoJob {
    Mistakes(Mistakes),
    /// It would need so many bytes.
    Memory(u64),
}

impl Job {
    /// The study of a full run, or of a quick look at a small copy: the wanted size, or the next one at which rounding moves
    /// no capacity by much.
    pub(super) fn new(scenario: Scenario, full: bool, site: &Site) -> Result<Job, NoJob> {
        let mut study = scenario.compile(None).map_err(NoJob::Mistakes)?;
        if !full {
            let people: f64 = study.model.classes.iter().map(|class| class.population.mean()).sum();
            let fit = SCALES.iter().copied().rfind(|scale| people * scale <= QUICK_PEOPLE).unwrap_or(SCALES[0]);
            let wanted = site.scale().unwrap_or(fit).min(1.0);
            let larger = SCALES.iter().copied().filter(|scale| *scale > wanted && *scale < 1.0);
            let copy = std::iter::once(wanted).chain(larger).filter(|scale| *scale < 1.0);
            if let Some(copy) = copy.into_iter().find_map(|scale| scenario.compile(Some(scale)).ok()) {
                study = copy;
            }
            study.experiment.replications = study.experiment.replications.min(QUICK_RUNS);
        }
        let fits = |threads: &usize| memory_needed(&study, *threads) <= site.limits().memory;
        match (1..=site.threads()).rev().find(fits) {
            Some(threads) => Ok(Job { scenario, study, full, threads }),
            None => Err(NoJob::Memory(memory_needed(&study, 1))),
        }
    }
}

/// Something to tell the page: the kind of event and its data.
pub(super) type Word = (&'static str, Value);

/// Stops the run when it is dropped, however that comes about.
struct StopOnDrop(Arc<Progress>);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

/// Waits for its turn, runs, and tells how it goes until it is done or nobody listens.
pub(super) async fn work(site: Arc<Site>, job: Job, tell: Sender<Word>, waiting: Waiting) {
    let turn = tokio::select! {
        turn = site.turn() => turn,
        () = tell.closed() => return,
    };
    drop(waiting);
    let Some(turn) = turn else { return };
    let study = &job.study;
    let started = json!({"scale": study.scale, "replications": study.experiment.replications, "full": job.full});
    if tell.send(("started", started)).await.is_err() {
        return;
    }
    let limits = site.limits();
    let allowed = if job.full { limits.full } else { limits.quick };
    let progress = Arc::new(Progress::default());
    let _stop = StopOnDrop(site.watch(&progress));
    let begun = Instant::now();
    let mut handle = tokio::task::spawn_blocking({
        let (site, progress) = (Arc::clone(&site), Arc::clone(&progress));
        // The turn goes with the work: a run that is being stopped still holds it.
        move || {
            let outcome = run(&site, &job, &progress);
            drop(turn);
            outcome
        }
    });
    let mut beat = tokio::time::interval(BEAT);
    let outcome = loop {
        tokio::select! {
            outcome = &mut handle => break outcome,
            () = tell.closed() => return,
            _ = beat.tick() => {
                if begun.elapsed() > allowed {
                    progress.stop();
                }
                // Where the channel is full, the next beat says more.
                let _ = tell.try_send(("progress", json!({"share": progress.share()})));
            }
        }
    };
    let word = match outcome {
        Ok(Ok(mut done)) => {
            done["seconds"] = json!(begun.elapsed().as_secs_f64());
            ("done", done)
        }
        Ok(Err(_)) if begun.elapsed() > allowed => ("failed", json!({"why": "time", "seconds": allowed.as_secs()})),
        Ok(Err(text)) => ("failed", json!({"why": "work", "text": text})),
        Err(_) => ("failed", json!({"why": "work", "text": "the run broke down"})),
    };
    // A page that is gone needs no answer; one that does not read is cut by its connection.
    let _ = tokio::time::timeout(limits.patience, tell.send(word)).await;
}

/// The run itself, its files in a folder that is gone afterwards.
fn run(site: &Site, job: &Job, progress: &Progress) -> Result<Value, String> {
    let study = &job.study;
    let plan = Plan { policies: (0..study.names.policies.len()).collect(), threads: Some(job.threads) };
    let results = experiment::run(study, &plan, progress).map_err(|error| match error {
        ExperimentError::Interrupted => "interrupted".to_owned(),
        error => error.to_string(),
    })?;
    let home = tempfile::tempdir().map_err(|error| format!("no folder for the results: {error}"))?;
    let folder = Folder::claim(&home.path().join("run")).map_err(|error| error.to_string())?;
    report::write_all(&results, ChartFormat::None, &folder).map_err(|error| error.to_string())?;
    let json = job.scenario.to_json();
    let source = PageSource { study: &results.study, scenario: &json, folder: folder.path(), language: site.language() };
    let mut done = live::live_data(&source).map_err(|error| error.to_string())?;
    done["report"] = if job.full {
        let page = report::page(&source).map_err(|error| error.to_string())?;
        json!(site.keep(page))
    } else {
        Value::Null
    };
    Ok(done)
}
