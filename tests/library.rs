//! The library of real rushes: every scenario says where its numbers come from, runs, and does what its page says.

mod sources;

use clickday::experiment::{Plan, Progress, Results, run};
use clickday::report::Library;
use clickday::scenario::Scenario;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Smaller copies than the files ask for, each the smallest at which what holds of the whole holds of the copy too.
const SCALES: [(&str, f64); 14] = [
    ("australia-mygov-2020", 0.01),
    ("berlin-ibb-2020", 0.05),
    ("bonus-mobilita-2020", 0.1),
    ("canada-cerb-2020", 0.02),
    ("decreto-flussi-2024", 0.02),
    ("healthcare-gov-2013", 0.02),
    ("hmrc-31-january", 0.1),
    ("inail-isi", 1.0),
    ("india-cowin-2021", 0.002),
    ("india-irctc-tatkal", 0.02),
    ("korea-vaccines-2021", 0.006),
    ("michigan-unemployment-2020", 0.1),
    ("new-york-unemployment-2020", 0.2),
    ("ticketmaster-2022", 0.01),
];

fn home() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files() -> Vec<PathBuf> {
    let inside = fs::read_dir(home().join("scenarios/history")).unwrap();
    let mut files: Vec<PathBuf> = inside.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The policies under which something was observed, in a copy of the scenario; all of them with `scale` absent.
fn results(path: &Path, scale: Option<f64>) -> Results {
    let scenario = Scenario::load(path).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut study = scenario.compile(scale.or(scenario.scale())).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    if scale.is_some() {
        study.experiment.replications = 1;
    }
    let policies: BTreeSet<usize> = study.observations.iter().map(|observation| observation.policy.unwrap_or(0)).collect();
    run(&study, &Plan { policies: policies.into_iter().collect(), threads: None }, &Progress::default()).unwrap()
}

fn page() -> String {
    fs::read_to_string(home().join("docs/history.md")).unwrap()
}

const BEFORE: &str = "-- --ignored -->\n";
const AFTER: &str = "<!-- end of table -->";

/// The rows of the page's table, cell by cell.
fn rows(text: &str) -> Vec<Vec<String>> {
    let lines =
        text.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| ---") && !line.starts_with("| scenario"));
    lines.map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()).collect()
}

#[test]
fn copies_of_all_events_do_what_the_page_says() {
    let page = page();
    let table = page.split_once(BEFORE).unwrap().1.split_once(AFTER).unwrap().0;
    let files = files();
    assert_eq!(files.len(), SCALES.len());
    let mut library = Library::new("history");
    for (path, (name, scale)) in files.iter().zip(SCALES) {
        assert_eq!(path.file_stem().unwrap().to_str(), Some(name));
        let results = results(path, Some(scale));
        assert!(results.audit.holds, "{name}: {:?}", results.audit);
        library.add(&results);
    }
    let (told, found) = (rows(table), rows(&library.to_markdown()));
    assert_eq!(told.len(), found.len(), "write the table anew");
    for (told, found) in told.iter().zip(&found) {
        // Scenario, what, policy, when, published; the verdict. What was simulated is that of the whole system.
        assert_eq!((&told[..5], &told[6]), (&found[..5], &found[6]), "page: {told:?}, a copy: {found:?}");
    }
}

#[test]
fn every_number_says_where_it_comes_from_and_every_event_has_figures() {
    for path in files() {
        let file: serde_json::Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert_eq!(sources::unsourced_in(&file), [""; 0], "{}", path.display());
        let observations = file["observations"].as_array().unwrap();
        assert!(observations.len() > 1, "{}", path.display());
        assert!(
            observations.iter().all(|one| one["source"].as_str().is_some_and(|text| text.contains('('))),
            "{}",
            path.display()
        );
        assert!(file["policies"].as_object().unwrap().len() > 2, "{}", path.display());
    }
}

#[test]
fn every_event_has_its_paragraph() {
    let page = page();
    for path in files() {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        assert_eq!(page.matches(&format!("(`{name}`)")).count(), 1, "{name}");
    }
}

#[test]
#[ignore = "runs the library in the sizes of its files, some minutes in release"]
fn the_table_is_what_the_library_gives() {
    let mut library = Library::new("history");
    files().iter().for_each(|path| library.add(&results(path, None)));
    let page = page();
    let (head, rest) = page.split_once(BEFORE).unwrap();
    let (table, foot) = rest.split_once(AFTER).unwrap();
    let fresh = format!("\n{}\n", library.to_markdown());
    if std::env::var_os("CLICKDAY_UPDATE").is_some() {
        fs::write(home().join("docs/history.md"), format!("{head}{BEFORE}{fresh}{AFTER}{foot}")).unwrap();
    } else {
        assert_eq!(table, fresh, "write it with CLICKDAY_UPDATE=1");
    }
}
