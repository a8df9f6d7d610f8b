//! Tasks of HyperQueue by its Python package: one a part.

use super::{Job, Script, quoted};

/// A text as a literal of Python; JSON's texts are such.
fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

pub(super) fn script(job: &Job) -> Script {
    let path = job.path("hyperqueue-job.py");
    let text = format!(
        r#"#!/usr/bin/env python3
"""The parts of the sweep {name} as tasks of HyperQueue (pip install hyperqueue).

    python3 hyperqueue-job.py          all parts
    python3 hyperqueue-job.py 3,17-19  some of them again

HQ_SERVER_DIR names the folder of a server that is running; without it the tasks run on this machine. A part that is started again
goes on where it stopped. Whether all parts are there is told by clickday merge, not by the tasks' states.
"""

import os
import sys

from hyperqueue import Client, Job, LocalCluster
from hyperqueue.cluster import WorkerConfig
from hyperqueue.ffi.protocol import ResourceRequest

PROGRAM = {program}
SWEEP = {sweep}
FOLDER = {folder}
PARTS = {parts}
CORES = {cores}


def parts(text):
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        yield from range(int(first), int(last or first) + 1)


def run(client, wanted):
    job = Job(name={title}, max_fails=PARTS)
    for part in wanted:
        log = os.path.join(FOLDER, "logs", f"{{part}}.log")
        command = [PROGRAM, "sweep", SWEEP, "--shard", f"{{part}}/{{PARTS}}", "--out", FOLDER, "--threads", str(CORES), "--quiet"]
        job.program(command, name=f"part-{{part}}", stdout=log, stderr=log, resources=ResourceRequest(cpus=CORES))
    submitted = client.submit(job)
    return client.wait_for_jobs([submitted], raise_on_error=False)


def main():
    wanted = list(parts(sys.argv[1])) if len(sys.argv) > 1 else range(1, PARTS + 1)
    os.makedirs(os.path.join(FOLDER, "logs"), exist_ok=True)
    if os.environ.get("HQ_SERVER_DIR"):
        done = run(Client(os.environ["HQ_SERVER_DIR"]), wanted)
    else:
        with LocalCluster() as cluster:
            cluster.start_worker(WorkerConfig(cores=os.cpu_count()))
            done = run(cluster.client(), wanted)
    sys.exit(0 if done else 75)


if __name__ == "__main__":
    main()
"#,
        name = job.name,
        program = literal(&job.program),
        sweep = literal(&job.sweep.display().to_string()),
        folder = literal(&job.folder.display().to_string()),
        parts = job.parts,
        cores = job.cores,
        title = literal(&format!("clickday-{}", job.name)),
    );
    let again = format!("python3 {} LIST", quoted(&path));
    Script { name: "hyperqueue-job.py", text, submit: vec!["python3".to_owned(), path], again }
}
