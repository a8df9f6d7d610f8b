use super::*;
use crate::experiment::Results;
use crate::report::testdata;
use crate::report::{Summary, write_arrivals, write_completion, write_series};

/// The page of results as they would lie in a folder.
fn page_of(results: &Results, scenario: &Value, language: Language) -> String {
    let home = tempfile::tempdir().unwrap();
    let file = |name: &str| fs::File::create(home.path().join(name)).unwrap();
    fs::write(home.path().join("summary.json"), Summary::new(results).to_text().unwrap()).unwrap();
    write_series(results, file("series.csv")).unwrap();
    write_arrivals(results, file("arrivals.csv")).unwrap();
    write_completion(results, file("completion.csv")).unwrap();
    page(&PageSource { study: &results.study, scenario, folder: home.path(), language }).unwrap()
}

/// What stands between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    text.split_once(from).unwrap().1.split_once(to).unwrap().0
}

#[test]
fn a_page_holds_everything_and_fetches_nothing() {
    let results = testdata::two_days();
    let page = page_of(&results, &serde_json::json!({"name": "x"}), Language::English);
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    assert!(!page.contains("{{"), "a slot is left: {}", between(&page, "{{", "}}"));
    for outside in ["src=\"", "href=\"http", "url(http", "@import", "fetch(", "XMLHttpRequest"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("<html lang=\"en\">") && page.contains("id=\"page-it\" lang=\"it\" hidden"));
    let data: Value =
        serde_json::from_str(between(&page, "<script id=\"data\" type=\"application/json\">", "</script>")).unwrap();
    let series = &data["series"][0][0]["requests"];
    let sum: f64 = series.as_array().unwrap().iter().filter_map(Value::as_f64).sum();
    let exact: f64 = results.policies[0].series.total.requests.iter().sum();
    assert!((sum - exact).abs() < 1e-3 * exact, "{sum} {exact}");
    assert_eq!(data["edges"].as_array().unwrap().len(), series.as_array().unwrap().len() + 1);
    let again = page_of(&results, &serde_json::json!({"name": "x"}), Language::Italian);
    assert!(again.contains("<html lang=\"it\">") && again.contains("id=\"page-en\" lang=\"en\" hidden"));
}

#[test]
fn figures_say_where_they_come_from_and_are_those_of_the_summary() {
    let results = testdata::two_days();
    let page = page_of(&results, &Value::Null, Language::English);
    let summary = Summary::new(&results).to_json().unwrap();
    let mut seen = 0;
    for marked in page.split("data-p=\"").skip(1) {
        let (pointer, rest) = marked.split_once("\" data-v=\"").unwrap();
        let pointer =
            pointer.replace("&#39;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let value: f64 = rest.split_once('"').unwrap().0.parse().unwrap();
        assert_eq!(summary.pointer(&pointer).and_then(Value::as_f64), Some(value), "{pointer}");
        seen += 1;
    }
    assert!(seen > 200, "{seen}");
}

#[test]
fn names_of_a_scenario_are_only_names() {
    let mut results = testdata::hostile_names();
    results.study.title = "<script>alert(1)</script>".to_owned();
    results.study.names.policies[0] = "</script><img src=x onerror=alert(1)> {{data}}".to_owned();
    let scenario = serde_json::json!({"note": "<b>{{title}}</b>", "x": {"<i>": "\"><script>", "source": "</td><script>"}});
    let page = page_of(&results, &scenario, Language::English);
    for tag in ["<script>alert", "<img", "<b>{{", "<i>\"", "\"><script>", "</td><script>"] {
        assert!(!page.contains(tag), "{tag}");
    }
    let open = page.matches("<script").count();
    assert_eq!((open, page.matches("</script>").count()), (3, 3));
}

#[test]
fn odd_results_have_a_page_too() {
    for results in [testdata::zeros(), testdata::one_policy(), testdata::nothing()] {
        let page = page_of(&results, &serde_json::json!({}), Language::English);
        assert!(page.contains("</html>"));
    }
}

#[test]
fn a_broken_table_is_told_with_its_name() {
    let results = testdata::one_policy();
    let home = tempfile::tempdir().unwrap();
    let source = PageSource { study: &results.study, scenario: &Value::Null, folder: home.path(), language: Language::English };
    assert!(page(&source).unwrap_err().to_string().contains("summary.json"));
    fs::write(home.path().join("summary.json"), "{").unwrap();
    assert!(page(&source).unwrap_err().to_string().contains("not JSON"));
    fs::write(home.path().join("summary.json"), Summary::new(&results).to_text().unwrap()).unwrap();
    fs::write(home.path().join("series.csv"), "policy,time\n").unwrap();
    assert!(page(&source).unwrap_err().to_string().contains("no column"));
}
