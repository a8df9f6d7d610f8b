//! What an interruption leaves behind: nothing, or what was there before.

use super::*;
use std::process::{Child, Stdio};
use std::thread::sleep;

/// A running command, ended with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn start(home: &Home, line: &str) -> Running {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_clickday"));
        command.current_dir(home.0.path()).args(line.split_whitespace());
        Running(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
    }

    /// Looks again and again until `there` gives something.
    fn wait_for<T>(&mut self, what: &str, mut there: impl FnMut(&mut Child) -> Option<T>) -> T {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if let Some(found) = there(&mut self.0) {
                return found;
            }
            sleep(Duration::from_millis(20));
        }
        panic!("waited in vain for {what}");
    }

    /// Interrupts as Ctrl-C does, and gives the exit status and what was said on standard error.
    fn interrupt(mut self) -> (Option<i32>, String) {
        // The folder that was waited for is made right before simulating; a moment later it is under way.
        sleep(Duration::from_millis(300));
        assert!(self.0.try_wait().unwrap().is_none(), "it should still be running");
        let sent = std::process::Command::new("kill").args(["-s", "INT", &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = self.wait_for("the end", |child| child.try_wait().unwrap());
        let said = std::io::read_to_string(self.0.stderr.take().unwrap()).unwrap();
        (status.code(), said)
    }
}

fn temporary(folder: &Path) -> Option<()> {
    let entries = fs::read_dir(folder).ok()?;
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(".clickday-")).then_some(())
}

#[test]
fn nothing_is_left_behind() {
    let home = Home::new();
    let mut run = Running::start(&home, &format!("run day.json --replications {ENDLESS} --out a/b/result"));
    run.wait_for("the temporary folder", |_| temporary(&home.path("a/b")));
    let (status, said) = run.interrupt();
    assert_eq!(status, Some(130), "{said}");
    assert!(said.contains("interrupted") && said.contains("nothing was written"), "{said}");
    assert_eq!(home.names("."), ["day.json"]);
}

#[test]
fn an_earlier_result_stays() {
    let home = Home::new();
    home.run("--out result").assert().success();
    let before = fs::read(home.path("result/summary.json")).unwrap();
    let mut run = Running::start(&home, &format!("run day.json --replications {ENDLESS} --out result"));
    run.wait_for("the temporary folder", |_| temporary(&home.path(".")));
    assert_eq!(run.interrupt().0, Some(130));
    assert_eq!(home.names("."), ["day.json", "result"]);
    assert!(fs::read(home.path("result/summary.json")).unwrap() == before);
}

#[test]
fn what_was_finished_before_stays() {
    let home = Home::new();
    let mut quick = small_day();
    quick["experiment"] = json!({"seed": 1, "replications": 1});
    home.scenario("quick.json", &quick);
    let mut endless = small_day();
    endless["name"] = json!("endless");
    endless["experiment"] = json!({"seed": 1, "replications": ENDLESS});
    home.scenario("endless.json", &endless);
    let mut run = Running::start(&home, "run quick.json endless.json --charts none --out results");
    run.wait_for("the first result", |_| home.path("results/small-day").is_dir().then_some(()));
    let (status, said) = run.interrupt();
    assert_eq!(status, Some(130), "{said}");
    assert!(said.contains("interrupted") && !said.contains("nothing was written"), "{said}");
    assert_eq!(home.names("results"), ["small-day"]);
    assert_eq!(
        home.names("results/small-day"),
        ["arrivals.csv", "completion.csv", "scenario.json", "series.csv", "summary.json"]
    );
}
