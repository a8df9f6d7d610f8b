//! A library of scenarios in one table: what was published, what was simulated, and whether it is within tolerance.

use super::estimates::{Unit, figure, plain, value};
use super::folder::Folder;
use super::numbers::{nine_digit_text, round_all, short};
use super::summary::{ObservationSummary, Summary, class_names, metric_name, name};
use super::table::{add_row, new_table, printed, when, wrapped};
use super::write::ReportError;
use crate::experiment::{Observed, Results};
use crate::model::{Metric, Study};
use crate::stats::Estimate;
use schemars::JsonSchema;
use serde::Serialize;

const FORMAT: u32 = 1;

/// The published figures of several scenarios beside the simulated ones, as `summary.json` of a library holds them.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Library {
    /// The format of this file.
    pub format: u32,
    /// The version of clickday that wrote it.
    pub clickday: String,
    /// The name of the folder of scenarios.
    pub library: String,
    /// In the order in which they were run.
    pub scenarios: Vec<LibraryScenario>,
}

/// One scenario of a library.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct LibraryScenario {
    /// Its name.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Master seed.
    pub seed: u64,
    /// Replications of each policy.
    pub replications: u32,
    /// Size of the copy that was simulated against the system that the file describes.
    pub scale: f64,
    /// Whether everything added up in every run.
    pub audit_holds: bool,
    /// Published figures beside simulated ones.
    pub observations: Vec<ObservationSummary>,
    #[serde(skip)]
    rows: Vec<Row>,
}

/// One published figure in words.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
struct Row {
    what: String,
    policy: String,
    when: String,
    published: String,
    simulated: String,
    holds: bool,
}

impl Library {
    /// A library without scenarios.
    #[must_use]
    pub fn new(name: &str) -> Library {
        let clickday = env!("CARGO_PKG_VERSION").to_owned();
        Library { format: FORMAT, clickday, library: name.to_owned(), scenarios: Vec::new() }
    }

    /// Adds what came of one scenario.
    pub fn add(&mut self, results: &Results) {
        let summary = Summary::new(results);
        self.scenarios.push(LibraryScenario {
            scenario: summary.scenario,
            title: plain(&results.study.title),
            seed: summary.seed,
            replications: summary.replications,
            scale: summary.scale,
            audit_holds: summary.audit.holds,
            observations: summary.observations,
            rows: results.observations.iter().map(|observed| row(&results.study, observed)).collect(),
        });
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.scenarios.iter().flat_map(|scenario| &scenario.rows)
    }

    /// `31 of 40 published figures hold`, and what does not add up.
    fn verdict(&self) -> String {
        let held = self.rows().filter(|row| row.holds).count();
        let mut text = format!("{held} of {} published figures are within their tolerance", self.rows().count());
        for broken in self.scenarios.iter().filter(|scenario| !scenario.audit_holds) {
            text += &format!("; {} DOES NOT ADD UP: do not use its figures", broken.scenario);
        }
        text
    }

    /// The table for a terminal of `width` columns.
    #[must_use]
    pub fn table(&self, width: u16) -> String {
        let heads = ["when", "published", "simulated", "within"].map(str::to_owned);
        let mut table = new_table("", heads, width);
        for scenario in &self.scenarios {
            add_row(&mut table, &scenario.scenario, std::iter::empty());
            for row in &scenario.rows {
                let within = if row.holds { "yes" } else { "NO" };
                let cells = [&row.when, &row.published, &row.simulated, within].map(str::to_owned);
                add_row(&mut table, &format!("  {}", row.what), cells);
            }
            if scenario.rows.is_empty() {
                add_row(&mut table, "  no published figure", std::iter::empty());
            }
        }
        format!("{}\n\n{}\n", printed(&table), wrapped(&self.verdict(), "", width))
    }

    /// The table as Markdown, a row for each published figure.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = "| scenario | what | under | when | published | simulated | within |\n".to_owned();
        text += "| --- | --- | --- | --- | --: | --: | --- |\n";
        for scenario in &self.scenarios {
            for row in &scenario.rows {
                let within = if row.holds { "yes" } else { "**no**" };
                let cells = [&row.what, &row.policy, &row.when, &row.published, &row.simulated];
                let cells: Vec<String> = cells.into_iter().map(|cell| cell.replace('|', "\\|")).collect();
                text += &format!("| {} | {} | {within} |\n", scenario.scenario, cells.join(" | "));
            }
        }
        text + &format!("\n{}.\n", self.verdict())
    }

    /// As JSON, every number to nine significant digits.
    ///
    /// # Errors
    /// Never with the types as they are; serde_json's signature says it might.
    pub fn to_json(&self) -> serde_json::Result<serde_json::Value> {
        let mut value = serde_json::to_value(self)?;
        round_all(&mut value);
        Ok(value)
    }

    /// Writes `summary.json`, `observations.csv` and `table.md` to a claimed folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write(&self, folder: &Folder) -> Result<(), ReportError> {
        let json = serde_json::to_string_pretty(&self.to_json()?)? + "\n";
        folder.write("summary.json", json.as_bytes())?;
        folder.write("table.md", self.to_markdown().as_bytes())?;
        let file = folder.create("observations.csv")?;
        self.write_csv(std::io::BufWriter::new(file)).map_err(ReportError::Observations)
    }

    fn write_csv(&self, target: impl std::io::Write) -> csv::Result<()> {
        let mut csv = csv::Writer::from_writer(target);
        csv.write_record(COLUMNS)?;
        for scenario in &self.scenarios {
            for observation in &scenario.observations {
                csv.write_record(fields(&scenario.scenario, observation))?;
            }
        }
        csv.flush()?;
        Ok(())
    }
}

/// The JSON Schema of a library's `summary.json`.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Library).to_value()
}

const COLUMNS: [&str; 13] =
    ["scenario", "policy", "metric", "class", "at", "from", "to", "observed", "tolerance", "simulated", "low", "high", "holds"];

fn fields(scenario: &str, observation: &ObservationSummary) -> [String; 13] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let number = |value: Option<f64>| value.map_or_else(String::new, nine_digit_text);
    let simulated = observation.simulated;
    [
        scenario.to_owned(),
        observation.policy.clone(),
        observation.metric.clone(),
        observation.class.clone().unwrap_or_else(|| "total".to_owned()),
        text(&observation.at),
        text(&observation.from),
        text(&observation.to),
        nine_digit_text(observation.observed),
        nine_digit_text(observation.tolerance),
        number(simulated.map(|s| s.mean)),
        number(simulated.and_then(|s| s.low)),
        number(simulated.and_then(|s| s.high)),
        observation.holds.to_string(),
    ]
}

fn row(study: &Study, observed: &Observed) -> Row {
    let observation = &observed.observation;
    let unit = if observation.metric == Metric::LostShare { Unit::Share } else { Unit::Number };
    let metric = metric_name(observation.metric, observation.moment);
    let per = if metric.ends_with("_rate") { "/s" } else { "" };
    let who = class_names(study, &observation.classes).map_or_else(String::new, |names| format!(", {}", plain(&names)));
    // The copy's numbers are told in the size of the system, as they were published.
    let size = if unit == Unit::Share { 1.0 } else { 1.0 / study.scale };
    let simulated = observed.simulated.map(|s| Estimate {
        mean: s.mean * size,
        low: s.low.map(|low| low * size),
        high: s.high.map(|high| high * size),
        n: s.n,
    });
    Row {
        what: metric.trim_end_matches("_rate").replace('_', " ") + &who,
        policy: plain(&name(&study.names.policies, observed.policy)),
        when: when(&study.calendar, observation.moment),
        published: format!("{}{per} ± {} %", value(observation.value * size, unit), short(observation.tolerance * 100.0)),
        simulated: figure(simulated, unit) + if simulated.is_some() { per } else { "" },
        holds: observed.holds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    fn library() -> Library {
        let mut library = Library::new("history");
        library.add(&testdata::two_days());
        library.add(&testdata::one_policy());
        library
    }

    fn published() -> usize {
        testdata::two_days().observations.len() + testdata::one_policy().observations.len()
    }

    #[test]
    fn every_published_figure_is_told_once_and_what_fails_is_loud() {
        let library = library();
        let published = published();
        for width in [80, 120] {
            let text = library.table(width);
            assert!(text.contains("4 of 10 published figures are within their tolerance"), "{text}");
            assert_eq!(text.matches(" NO\n").count(), 6, "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= usize::from(width)), "{text}");
        }
        let markdown = library.to_markdown();
        assert_eq!(markdown.lines().filter(|line| line.starts_with('|')).count(), 2 + published);
        assert_eq!(markdown.matches("**no**").count(), 6);
    }

    #[test]
    fn files_hold_a_row_for_each_and_can_be_replaced() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("history");
        for _ in 0..2 {
            let folder = Folder::claim(&target).unwrap();
            library().write(&folder).unwrap();
            folder.commit().unwrap();
        }
        let text = std::fs::read_to_string(target.join("observations.csv")).unwrap();
        assert_eq!(text.lines().count(), 1 + published());
        assert!(text.lines().all(|line| line.split(',').count() >= COLUMNS.len()));
        let json: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(target.join("summary.json")).unwrap()).unwrap();
        assert_eq!(json["library"], "history");
        assert_eq!(json["scenarios"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn what_does_not_add_up_is_said() {
        let mut results = testdata::two_days();
        results.audit.holds = false;
        let mut library = Library::new("history");
        library.add(&results);
        assert!(library.table(120).contains("DOES NOT ADD UP"));
    }
}
