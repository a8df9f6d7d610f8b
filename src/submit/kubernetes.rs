//! An indexed job of Kubernetes: one index a part.

use super::{Job, Script, quoted};

/// A text as a scalar of YAML; JSON's texts are such.
fn scalar(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A name as Kubernetes takes it: small letters, digits and dashes, at most 52 of them, for the names of pods are longer.
fn label(name: &str) -> String {
    let letters = name.to_ascii_lowercase();
    let clean: String = letters.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(43).collect();
    format!("clickday-{}", clean.trim_matches('-'))
}

pub(super) fn script(job: &Job) -> Script {
    let Job { parts, cores, memory, .. } = job;
    let (folder, sweep) = (job.folder.display().to_string(), job.sweep.display().to_string());
    let command = format!(
        "exec {} sweep {} --shard $((JOB_COMPLETION_INDEX + 1))/{parts} --out {} --threads {cores} --quiet",
        quoted(&job.program),
        quoted(&sweep),
        quoted(&folder)
    );
    let mount = job.common_folder().display().to_string();
    let path = job.path("kubernetes.yaml");
    let text = format!(
        r#"# The parts of the sweep {name}, one an index. The claim holds the sweep, its scenario and the results.
# A part is tried again three times and goes on where it stopped, except where the input is wrong (status 2).
# When all are done: clickday merge {folder}
apiVersion: batch/v1
kind: Job
metadata:
  name: {label}
spec:
  completionMode: Indexed
  completions: {parts}
  parallelism: {parallelism}
  backoffLimitPerIndex: 3
  maxFailedIndexes: {parts}
  activeDeadlineSeconds: {deadline}
  podFailurePolicy:
    rules:
      - action: FailIndex
        onExitCodes:
          containerName: clickday
          operator: In
          values: [2]
      - action: Ignore
        onPodConditions:
          - type: DisruptionTarget
            status: "True"
  template:
    metadata:
      labels:
        app: clickday
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 60
      containers:
        - name: clickday
          image: {image}
          command: ["/bin/sh", "-c"]
          args:
            - {command}
          resources:
            requests:
              cpu: "{cores}"
              memory: {memory}Mi
            limits:
              memory: {memory}Mi
          volumeMounts:
            - name: sweeps
              mountPath: {mount}
      volumes:
        - name: sweeps
          persistentVolumeClaim:
            claimName: {claim}
"#,
        name = job.name,
        label = label(&job.name),
        parallelism = (*parts).min(100),
        deadline = job.minutes.saturating_mul(60).saturating_mul(parts.div_ceil(100).max(1)),
        image = scalar(&job.image),
        command = scalar(&command),
        mount = scalar(&mount),
        claim = scalar(&job.claim),
    );
    let again =
        format!("kubectl delete job {}; kubectl apply -f {}  (parts that are done end at once)", label(&job.name), quoted(&path));
    let submit = ["kubectl", "apply", "-f", path.as_str()].map(str::to_owned).to_vec();
    Script { name: "kubernetes.yaml", text, submit, again }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_as_kubernetes_takes_them() {
        assert_eq!(label("How_many.Workers?"), "clickday-how-many-workers");
        assert!(label(&"x".repeat(100)).len() <= 52);
    }
}
