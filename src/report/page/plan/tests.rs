use super::*;

fn plan(policy: &str) -> Value {
    let figure = |mean: f64| json!([{"mean": mean, "low": mean - 0.002, "high": mean + 0.002, "n": 20}]);
    json!({
        "format": 1, "clickday": "0.1.0", "scenario": policy, "title": policy, "seed": 7, "scale": 1.0,
        "vary": "/stations/desk/workers", "unit": "number", "range": {"from": 1, "to": 9, "count": 9, "whole": true},
        "sought": "smallest", "goals": ["timeout_share<=1%"], "confidence": 0.95, "max_replications": 640,
        "policies": {
            policy: {"answer": 4, "not_monotone": null, "tried": [
                {"value": 1, "verdict": "missed", "replications": 10, "figures": figure(0.5)},
                {"value": 3, "verdict": "open", "replications": 640, "figures": figure(0.0101)},
                {"value": 4, "verdict": "met", "replications": 20, "figures": figure(0.004)},
            ]},
            "closed": {"answer": null, "not_monotone": {"met": 3, "missed": 8}, "tried": [
                {"value": 9, "verdict": "missed", "replications": 10, "figures": [null]},
            ]},
        },
    })
}

fn page_of(plan: &Value) -> String {
    plan_page(plan, Path::new("plan.json"), Language::English).unwrap()
}

#[test]
fn figures_say_where_they_stand_in_the_file() {
    let plan = plan("open");
    let page = page_of(&plan);
    let mut seen = 0;
    for marked in page.split("data-p=\"").skip(1) {
        let (pointer, rest) = marked.split_once("\" data-v=\"").unwrap();
        let value: f64 = rest.split_once('"').unwrap().0.parse().unwrap();
        assert_eq!(plan.pointer(pointer).and_then(Value::as_f64), Some(value), "{pointer}");
        seen += 1;
    }
    // In each language: an answer, its figure and the next one's, and of each value tried a figure and a number of runs.
    assert_eq!(seen, 2 * (1 + 2 + 3 + 4));
    assert!(page.contains("The next smaller, 3") && page.contains("not told by the runs"));
    assert!(page.contains(">none</p>") && page.contains("3 meets the goals, yet 8 does not"), "{page}");
    assert!(!page.contains("{{"));
}

#[test]
fn the_command_that_is_told_is_that_of_the_plan() {
    let page = page_of(&plan("it's"));
    for part in [
        "--vary &#39;/stations/desk/workers&#39;",
        "--goal &#39;timeout_share&lt;=1%&#39;",
        "--from 1 --to 9 --confidence",
        "--policy &#39;it&#39;\\&#39;&#39;s&#39;",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("--steps"), "whole numbers have no steps");
}

#[test]
fn names_are_only_names() {
    let page = page_of(&plan("</script><img src=x onerror=alert(1)> {{data}}"));
    assert!(!page.contains("<img"));
    assert_eq!((page.matches("<script").count(), page.matches("</script>").count()), (3, 3));
}

#[test]
fn a_broken_plan_is_told_with_its_file() {
    let mut broken = plan("open");
    broken["goals"] = json!(["nonsense"]);
    let said = plan_page(&broken, Path::new("x/plan.json"), Language::English).unwrap_err().to_string();
    assert!(said.contains("x/plan.json") && said.contains("`goals`"), "{said}");
    assert!(plan_page(&json!({}), Path::new("plan.json"), Language::English).is_err());
}
