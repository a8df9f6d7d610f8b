//! Plans where the answer is known: servers for a target wait by Erlang C, and the square-root staffing rule.

use clickday::experiment::Progress;
use clickday::plan::{Answer, Ask, Outcome, Question, Verdict, answer};
use clickday::scenario::Scenario;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// A desk with services of mean 10 s that offers so many erlang, counted after it has settled.
fn desk(offered: f64, hours: u32) -> Value {
    let people = offered / 10.0 * 3600.0 * f64::from(hours + 1);
    json!({
        "format": 1,
        "name": "desk",
        "clock": {"start": "2020-01-01T00:00", "end": format!("2020-01-01T{:02}:00", hours + 1), "time_zone": "UTC", "bin": "1h", "measure_from": "2020-01-01T01:00"},
        "stations": {"desk": {"workers": 2, "queue": "unbounded", "on_timeout": "leave"}},
        "classes": {"people": {
            "population": {"poisson": people},
            "arrivals": [{"share": 1, "curve": {"uniform": {"from": "2020-01-01T00:00", "to": format!("2020-01-01T{:02}:00", hours + 1)}}}],
            "journey": [{"name": "ask", "station": "desk", "service": {"exponential": {"mean": "10s"}}}],
            "timeout": "never"
        }},
        "policies": {"open": {"rules": []}, "also-open": {"rules": []}},
        "experiment": {"seed": 3, "replications": 2}
    })
}

fn ask(goals: &[String], from: f64, to: f64) -> Ask {
    Ask {
        vary: "/stations/desk/workers".to_owned(),
        from: Some(from.to_string()),
        to: Some(to.to_string()),
        steps: 100,
        goals: goals.to_vec(),
        confidence: 0.95,
        largest: false,
        policies: vec![0],
        most: 320,
        scale: None,
    }
}

fn question(scenario: &Value, ask: &Ask) -> Question {
    let base = Scenario::parse(&scenario.to_string(), Path::new("desk.json")).unwrap();
    Question::new(base, ask).unwrap_or_else(|error| panic!("{error}"))
}

fn ask_for(scenario: &Value, ask: &Ask) -> (Question, Vec<Answer>) {
    let question = question(scenario, ask);
    let answers = answer(&question, Some(2), &Progress::default()).unwrap();
    (question, answers)
}

fn found(question: &Question, answer: &Answer) -> Option<f64> {
    match answer.outcome {
        Outcome::Found(place) => question.values[place].number,
        Outcome::None => None,
    }
}

/// Mean wait in M/M/c with services of mean 10 s, by Erlang's delay formula (Erlang 1917).
fn erlang_wait(c: u32, offered: f64) -> f64 {
    let b = (1..=c).fold(1.0, |b, n| offered * b / (f64::from(n) + offered * b));
    let delayed = b / (1.0 - offered / f64::from(c) * (1.0 - b));
    delayed * 10.0 / (f64::from(c) - offered)
}

fn erlang_servers(offered: f64, wait: f64) -> u32 {
    (offered.floor() as u32 + 1..).find(|c| erlang_wait(*c, offered) <= wait).unwrap()
}

#[test]
fn servers_for_a_wait_are_those_of_erlang_c() {
    for (offered, hours) in [(2.0, 22), (6.5, 12)] {
        let first = offered as u32 + 2;
        for servers in [first, first + 2] {
            // Between what `servers` give and what one less gives, so that replications can tell.
            let wait = (erlang_wait(servers, offered) * erlang_wait(servers - 1, offered)).sqrt();
            assert_eq!(erlang_servers(offered, wait), servers);
            let goals = [format!("wait.mean<={wait}")];
            let (question, answers) = ask_for(&desk(offered, hours), &ask(&goals, 1.0, 30.0));
            assert_eq!(found(&question, &answers[0]), Some(f64::from(servers)), "{offered} erlang, {wait} s");
            let before =
                answers[0].tried.iter().find(|t| question.values[t.place].number == Some(f64::from(servers - 1))).unwrap();
            assert_eq!(before.decision.verdict, Verdict::Missed, "the next smaller value is told");
            assert_eq!(answers[0].not_monotone, None);
        }
    }
}

#[test]
fn a_copy_is_asked_only_what_rounding_leaves_alone() {
    let goals = ["wait.mean<=5s".to_owned()];
    let numbers = |from, to, scale| {
        let asked = Ask { scale, ..ask(&goals, from, to) };
        let mut desk = desk(20.0, 1);
        desk["stations"]["desk"]["workers"] = json!(20);
        let base = Scenario::parse(&desk.to_string(), Path::new("desk.json")).unwrap();
        let values = |question: Question| -> Vec<f64> { question.values.iter().filter_map(|value| value.number).collect() };
        Question::new(base, &asked).map(values).map_err(|error| error.to_string())
    };
    // A tenth of 21 workers is 2, which is within 5 %; of 22 it would be 2 as well, and is not.
    assert_eq!(numbers(10.0, 40.0, Some(0.1)).unwrap(), [10.0, 20.0, 21.0, 29.0, 30.0, 31.0, 39.0, 40.0]);
    assert_eq!(numbers(10.0, 40.0, None).unwrap().len(), 31);
    let none = numbers(13.0, 17.0, Some(0.1)).unwrap_err();
    assert!(none.contains("/stations/desk/workers = 13"), "{none}");
}

#[test]
fn a_copy_that_cannot_have_the_scenarios_own_value_is_asked_for_others_and_says_what_it_left_out() {
    let home = tempfile::tempdir().unwrap();
    let mut odd = desk(20.0, 1);
    odd["stations"]["desk"]["workers"] = json!(13);
    odd["stations"]["desk"]["queue"] = json!(1000);
    std::fs::write(home.path().join("desk.json"), odd.to_string()).unwrap();
    let plan =
        ["plan", "desk.json", "--vary", "/stations/desk/workers", "--from", "10", "--to", "40", "--goal", "wait.mean<=30s"];
    let asked =
        |more: &[&str]| clickday(home.path(), &[&plan[..], &["--scale", "0.1", "--report", "--charts", "none"], more].concat());
    let (status, out, err) = asked(&[]);
    assert_eq!(status, Some(0), "{err}");
    assert!(out.contains("at scale 0.1") && out.contains("23 of the 31 values"), "{out}");
    let text = std::fs::read_to_string(home.path().join("output/desk-plan/plan.json")).unwrap();
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&json["range"]["left_out"], &json["scale"]), (&json!(23), &json!(0.1)));
    let page = std::fs::read_to_string(home.path().join("output/desk-plan/report.html")).unwrap();
    assert!(page.contains("23 of the values are more than 5 % off"));
    // What is not varied has to fit.
    odd["stations"]["desk"]["queue"] = json!(13);
    std::fs::write(home.path().join("desk.json"), odd.to_string()).unwrap();
    let (status, _, err) = asked(&["--out", "other"]);
    assert!(status == Some(2) && err.contains("queue places") && err.contains("choose another scale"), "{err}");
    assert!(!home.path().join("other").exists());
}

#[test]
fn staffing_grows_by_the_square_root() {
    // Halfin & Whitt 1981: with c = a + β·√a the mean wait is α(β)/(β·√a) services, α(β) = [1 + β·Φ(β)/φ(β)]⁻¹.
    let phi = |x: f64| (-x * x / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let services =
        |beta: f64, offered: f64| 1.0 / (1.0 + beta * clickday::stats::normal_cdf(beta) / phi(beta)) / (beta * offered.sqrt());
    for (offered, hours) in [(9.0_f64, 6), (36.0, 3)] {
        // A wait between those of two neighbours, so that replications can tell.
        let servers = (offered + 0.8 * offered.sqrt()).ceil() as u32;
        let wait = (erlang_wait(servers, offered) * erlang_wait(servers - 1, offered)).sqrt();
        let (mut low, mut high) = (0.01, 5.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if 10.0 * services(middle, offered) > wait { low = middle } else { high = middle }
        }
        let rule = offered + low * offered.sqrt();
        let (question, answers) =
            ask_for(&desk(offered, hours), &ask(&[format!("wait.mean<={wait}")], offered.ceil(), 3.0 * offered));
        let found = found(&question, &answers[0]).unwrap();
        assert_eq!(found, f64::from(servers), "{offered} erlang");
        assert!((found - rule).abs() <= 1.0, "{offered} erlang: {found}, not {rule}");
    }
}

#[test]
fn several_goals_are_held_at_once_and_policies_that_are_alike_need_the_same() {
    let strict = erlang_wait(5, 2.0) * 1.2;
    let goals = [
        format!("people:wait.mean<={}", erlang_wait(3, 2.0) * 1.5),
        format!("wait.mean<={strict}"),
        "station.utilisation<=95%".to_owned(),
    ];
    let (question, answers) = ask_for(&desk(2.0, 12), &Ask { policies: vec![0, 1], ..ask(&goals, 1.0, 20.0) });
    let servers: Vec<Option<f64>> = answers.iter().map(|answer| found(&question, answer)).collect();
    assert_eq!(servers, [Some(5.0), Some(5.0)]);
    assert_eq!(answers[0].tried, answers[1].tried, "the same people came");
}

#[test]
fn the_largest_demand_is_the_other_end() {
    let goals = [format!("wait.mean<={}", erlang_wait(2, 1.0))];
    let largest = Ask { vary: "/classes/people/population/poisson".to_owned(), largest: true, ..ask(&goals, 500.0, 20_000.0) };
    let (question, answers) = ask_for(&desk(1.0, 12), &Ask { steps: 40, ..largest });
    // One erlang is 4680 people in thirteen hours; a step is 500.
    let most = found(&question, &answers[0]).unwrap();
    assert!((3500.0..=5000.0).contains(&most), "{most}");
    assert!(question.values[0].number > question.values[1].number);
}

#[test]
fn what_cannot_be_met_and_what_is_met_everywhere_is_said() {
    let (_, answers) = ask_for(&desk(2.0, 2), &ask(&["wait.mean<=1ms".to_owned()], 1.0, 4.0));
    assert_eq!(answers[0].outcome, Outcome::None);
    let (question, answers) = ask_for(&desk(2.0, 2), &ask(&["wait.mean<=10h".to_owned()], 2.0, 9.0));
    assert_eq!(found(&question, &answers[0]), Some(2.0));
    // More workers, more use of them: falling, where rising was taken for granted.
    let (_, answers) = ask_for(&desk(2.0, 2), &ask(&["station.utilisation>=50%".to_owned()], 2.0, 9.0));
    assert_eq!(answers[0].outcome, Outcome::None);
    assert!(answers[0].not_monotone.is_some());
}

#[test]
fn threads_change_no_answer() {
    let question = question(&desk(2.0, 2), &Ask { policies: vec![0, 1], ..ask(&["wait.mean<=5s".to_owned()], 1.0, 20.0) });
    let one = answer(&question, Some(1), &Progress::default()).unwrap();
    assert_eq!(one, answer(&question, Some(3), &Progress::default()).unwrap());
}

fn clickday(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_clickday")).current_dir(folder).args(args).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_page_of_a_plan_can_be_made_at_once_or_later_and_its_command_gives_the_same_answer() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("desk.json"), desk(2.0, 2).to_string()).unwrap();
    let plan = ["plan", "desk.json", "--vary", "/stations/desk/workers", "--from", "1", "--to", "6", "--goal", "wait.mean<=2s"];
    let (status, _, err) = clickday(home.path(), &[&plan[..], &["--report", "--charts", "none"]].concat());
    assert_eq!(status, Some(0), "{err}");
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).unwrap();
    let page = read("output/desk-plan/report.html");
    let (status, _, err) = clickday(home.path(), &["report", "output/desk-plan", "--out", "later.html"]);
    assert_eq!((status, read("later.html")), (Some(0), page.clone()), "{err}");
    // The command that the page tells, with the file beside it.
    let told = page.split_once("clickday plan scenario.json").unwrap().1.split_once("</code>").unwrap().0;
    let told = told.replace("&#39;", "").replace("&lt;", "<").replace('\\', " ");
    let again: Vec<&str> = told.split_whitespace().chain(["--charts", "none", "--out", "again"]).collect();
    let scenario = home.path().join("output/desk-plan/scenario.json");
    let (status, _, err) = clickday(home.path(), &[&["plan", scenario.to_str().unwrap()], again.as_slice()].concat());
    assert_eq!(status, Some(0), "{err}");
    assert_eq!(read("again/plan.json"), read("output/desk-plan/plan.json"));
    let (status, _, err) = clickday(home.path(), &["report", "output/desk-plan", "--scenario", "desk.json"]);
    assert!(status == Some(2) && err.contains("--scenario is for the results of a run"), "{err}");
    std::fs::write(home.path().join("output/desk-plan/plan.json"), "{}").unwrap();
    let (status, _, err) = clickday(home.path(), &["report", "output/desk-plan"]);
    assert!(status != Some(0) && err.contains("plan.json is not as this clickday writes it"), "{err}");
}

#[test]
fn the_command_answers_in_a_table_a_file_and_a_chart() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("desk.json"), desk(2.0, 2).to_string()).unwrap();
    let plan = ["plan", "desk.json", "--vary", "/stations/desk/workers", "--from", "1", "--to", "12", "--goal", "wait.mean<=2s"];
    let (status, out, err) = clickday(home.path(), &plan);
    assert_eq!(status, Some(0), "{err}");
    assert!(
        out.contains("next smaller") && out.contains("the smallest /stations/desk/workers with wait.mean<=2s, 95 % sure"),
        "{out}"
    );
    let json: Value =
        serde_json::from_str(&std::fs::read_to_string(home.path().join("output/desk-plan/plan.json")).unwrap()).unwrap();
    assert_eq!(json["policies"]["open"]["answer"], json["policies"]["also-open"]["answer"]);
    assert!(json["policies"]["open"]["answer"].as_u64().is_some_and(|answer| (3..=6).contains(&answer)), "{json}");
    assert!(home.path().join("output/desk-plan/plan.png").is_file());
    assert!(!home.path().join("output/desk-plan/report.html").exists());
    let (status, again, _) = clickday(home.path(), &plan);
    assert_eq!((status, again), (Some(0), out), "an earlier answer is replaced by the same");
    for (place, other, told) in [
        (3, "/stations/desk/wrokers", "no number or duration at"),
        (9, "wait.maen<=2s", "there is no figure `wait.maen`; did you mean `wait.mean`?"),
        (9, "wait.mean", "is no goal"),
        (9, "nobody:wait.mean<=2s", "`nobody` is none of the scenario's"),
        (5, "30", "--from is not below --to"),
        (5, "0s", "make them alike"),
    ] {
        let mut wrong = plan;
        wrong[place] = other;
        let wrong: Vec<&str> = if place == 3 {
            wrong.iter().copied().filter(|a| !["--from", "1", "--to", "12"].contains(a)).collect()
        } else {
            wrong.to_vec()
        };
        let wrong: Vec<&str> = wrong;
        let place_of_goal = wrong.iter().position(|arg| *arg == "--goal");
        assert!(place_of_goal.is_some());
        let (status, _, err) = clickday(home.path(), &wrong);
        assert!(status == Some(2) && err.contains(told), "{told}: {err}");
    }
}
