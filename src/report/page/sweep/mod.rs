//! The page of a sweep: the question and the answer in words, charts, the table of its cells, what was varied, what failed.

mod answer;
mod data;

use super::Language;
use super::frame::{Content, SWEEP, SWEEP_SCRIPTS, page};
use super::html::escape;
use super::tables::table;
use super::texts::Texts;
use crate::report::estimates::Unit;
use crate::report::numbers::nine_digit_text;
use crate::report::sweep::short_names;
use crate::sweep::{CellValue, Cells, Design, Key, Parameter, Source, Unit as ParameterUnit};
use crate::time::Span;

/// More failed runs than these are left to `failed.csv`.
const MOST_FAILED: usize = 200;
/// More values of a parameter than these are told by their ends.
const MOST_VALUES: usize = 24;

/// The page of a sweep's results; from the same results, the same bytes.
#[must_use]
pub fn sweep_page(cells: &Cells, language: Language) -> String {
    let data = data::data(cells);
    let content = Content { title: &cells.layout.title, template: SWEEP, scripts: &SWEEP_SCRIPTS, data: &data };
    page(&content, language, |name, texts| part(name, cells, texts))
}

fn part(name: &str, cells: &Cells, texts: &Texts) -> Option<String> {
    Some(match name {
        "facts" => facts(cells, texts),
        "question" => question(cells, texts),
        "cards" => answer::cards(cells, texts),
        "uncertainty" => uncertainty(cells, texts),
        "parameters" => parameters(cells, texts),
        "failed" => failed(cells, texts),
        "reproduce" => reproduce(cells, texts),
        "version" => escape(&cells.layout.clickday),
        _ => return None,
    })
}

/// A number of `sweep.json`, marked with its place there.
fn marked(key: &str, value: u64, texts: &Texts) -> String {
    format!("<span data-p=\"/sweep/{key}\" data-v=\"{value}\">{}</span>", escape(&texts.count(value as f64)))
}

fn facts(cells: &Cells, texts: &Texts) -> String {
    let layout = &cells.layout;
    let mut facts = vec![
        format!("{} {}", escape(texts.get("cells")), marked("cells", layout.cells, texts)),
        escape(&texts.with("fact-policies", &[("count", &layout.policies.len().to_string())])),
        escape(&texts.with("fact-replications", &[("count", &texts.count(f64::from(layout.replications)))])),
        escape(&texts.with("fact-seed", &[("seed", &layout.seed.to_string())])),
    ];
    if layout.scale != 1.0 {
        facts.push(escape(&texts.with("fact-scale", &[("scale", &texts.value(layout.scale, Unit::Share))])));
    }
    facts.iter().map(|fact| format!("<li>{fact}</li>")).collect()
}

fn question(cells: &Cells, texts: &Texts) -> String {
    let layout = &cells.layout;
    let pointers: Vec<String> = layout.parameters.iter().map(|parameter| parameter.pointer.clone()).collect();
    let figure = layout.figures.get(layout.goal_figure()).map_or_else(String::new, |key| figure_name(key, texts));
    let mut text = texts.with(
        "sweep-question",
        &[
            ("scenario", &layout.scenario),
            ("count", &texts.count(layout.cells as f64)),
            ("parameters", &texts.listed(&pointers)),
            ("policies", &texts.listed(&layout.policies)),
        ],
    );
    text += " ";
    text += &match &layout.goal {
        _ if layout.design.is_for_sensitivity() => texts.with("sweep-which-matter", &[("figure", &figure)]),
        Some(goal) => texts.with("sweep-where-met", &[("goal", &goal.text)]),
        None => texts.with("sweep-how", &[("figure", &figure)]),
    };
    format!("<p class=\"lead\">{}</p>", escape(&text))
}

fn uncertainty(cells: &Cells, texts: &Texts) -> String {
    let text = match cells.layout.replications {
        1 => texts.get("no-intervals").to_owned(),
        n => texts.with("intervals", &[("count", &texts.count(f64::from(n)))]) + " " + texts.get("sweep-same-luck"),
    };
    format!("<p class=\"fine\">{}</p>", escape(&text))
}

/// What a figure is called, in words where it is one of the usual ones.
pub(super) fn figure_words(figure: &str, texts: &Texts) -> String {
    let key = match figure {
        "lost_share" => "requests-lost",
        "timeout_share" => "figure-timeout-share",
        "completed_share" => "figure-completed-share",
        "completed" => "got-through",
        "abandoned" => "gave-up",
        "collapsed" => "figure-collapsed",
        "requests_per_completion" => "per-completion",
        "time_to_complete.p50" => "median-time",
        "time_to_complete.p95" => "figure-time-95",
        "wait.mean" => "figure-wait-mean",
        "wait.p95" => "figure-wait-95",
        "station.utilisation" => "utilisation",
        "station.wasted_share" => "wasted",
        "station.queue_length.max" => "queue-longest",
        _ => return figure.to_owned(),
    };
    texts.get(key).to_owned()
}

/// A figure's words and whose it is.
fn figure_name(key: &Key, texts: &Texts) -> String {
    let words = figure_words(&key.figure, texts);
    if key.scope == "total" { words } else { format!("{words}, {}", key.name) }
}

/// A parameter's value as a scenario would have it.
fn value(parameter: &Parameter, value: &CellValue) -> String {
    match value.number {
        Some(seconds) if parameter.unit == ParameterUnit::Seconds => Span::from_nanos(seconds * 1e9).to_string(),
        Some(number) => nine_digit_text(number),
        None => value.label(),
    }
}

fn parameters(cells: &Cells, texts: &Texts) -> String {
    let layout = &cells.layout;
    let mut heads = vec!["parameter", "value"];
    if !layout.cost.is_empty() {
        heads.push("cost-of-unit");
    }
    let heads: String = heads.iter().map(|key| format!("<th scope=\"col\">{}</th>", texts.html(key))).collect();
    let pointers: Vec<&str> = layout.parameters.iter().map(|parameter| parameter.pointer.as_str()).collect();
    let names = short_names(&pointers);
    let row = |(parameter, name): (&Parameter, &String)| {
        let weight = layout.cost.iter().find(|(pointer, _)| *pointer == parameter.pointer);
        let weight = weight.map_or_else(|| "–".to_owned(), |(_, weight)| nine_digit_text(*weight));
        let cost = if layout.cost.is_empty() { String::new() } else { format!("<td>{}</td>", escape(&weight)) };
        format!(
            "<tr><th scope=\"row\"><code>{}</code></th><td>{}</td>{cost}</tr>",
            with_name(&parameter.pointer, name),
            escape(&source(parameter, texts))
        )
    };
    let rows: String = layout.parameters.iter().zip(&names).map(row).collect();
    let design = match layout.design {
        Design::Grid if layout.parameters.len() < 2 => "design-one",
        Design::Grid => "design-grid",
        Design::Zip => "design-zip",
        Design::LatinHypercube => "design-latin",
        Design::Sobol => "design-sobol",
        Design::Morris => "design-morris",
        Design::Saltelli => "design-saltelli",
    };
    let inside = format!("<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>");
    format!("<p>{}</p>{}", texts.html(design), table(texts, "table-varied", &inside))
}

/// A pointer, with the end by which tables name it in bold letters.
fn with_name(pointer: &str, name: &str) -> String {
    let before = pointer.strip_suffix(name).unwrap_or(pointer);
    let name = if before.len() < pointer.len() { name } else { "" };
    format!("{}<b>{}</b>", escape(before), escape(name))
}

/// Where a parameter's values come from, in words.
fn source(parameter: &Parameter, texts: &Texts) -> String {
    let say = |number: f64| value(parameter, &parameter.of_number(number));
    let between = |key: &str, from: f64, to: f64| texts.with(key, &[("from", &say(from)), ("to", &say(to))]);
    let mut text = match &parameter.values {
        Source::List(_) => {
            let all: Vec<String> = parameter.listed().unwrap_or_default().iter().map(|one| value(parameter, one)).collect();
            match all.as_slice() {
                [first, .., last] if all.len() > MOST_VALUES => {
                    texts.with("values-many", &[("first", first), ("last", last), ("count", &all.len().to_string())])
                }
                all => all.join(", "),
            }
        }
        Source::Range { from, to, logarithmic, .. } => {
            let count = parameter.listed().map_or(0, |values| values.len()).to_string();
            let key = if *logarithmic { "values-factors" } else { "values-steps" };
            texts.with(key, &[("from", &say(*from)), ("to", &say(*to)), ("count", &count)])
        }
        Source::Uniform { from, to } => between("values-uniform", *from, *to),
        Source::Loguniform { from, to } => between("values-loguniform", *from, *to),
        Source::Triangular { from, mode, to } => {
            texts.with("values-triangular", &[("from", &say(*from)), ("mode", &say(*mode)), ("to", &say(*to))])
        }
        Source::Lognormal { mean, cv } => texts.with("values-lognormal", &[("mean", &say(*mean)), ("cv", &cv.to_string())]),
        Source::Normal { mean, cv } => texts.with("values-normal", &[("mean", &say(*mean)), ("cv", &cv.to_string())]),
    };
    if parameter.whole {
        text += texts.get("whole-numbers");
    }
    text
}

fn failed(cells: &Cells, texts: &Texts) -> String {
    if cells.broken.is_empty() {
        return format!("<p>{}</p>", texts.html("none-failed"));
    }
    let layout = &cells.layout;
    let heads = ["cell", "value", "policy", "replication", "why"];
    let heads: String = heads.iter().map(|key| format!("<th scope=\"col\">{}</th>", texts.html(key))).collect();
    let row = |broken: &crate::sweep::Broken| {
        let policy = layout.policies.get(broken.run.policy).map_or("", String::as_str);
        format!(
            "<tr><th scope=\"row\">{}</th><td><code>{}</code></td><td>{}</td><td>{}</td><td lang=\"en\">{}</td></tr>",
            broken.run.cell,
            escape(&layout.words(&broken.values)),
            escape(policy),
            broken.run.replication,
            escape(&broken.why)
        )
    };
    let rows: String = cells.broken.iter().take(MOST_FAILED).map(row).collect();
    let said = texts.with("failed-runs", &[("count", &texts.count(cells.broken.len() as f64))]);
    let inside = format!("<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>");
    format!("<p>{}</p>{}", escape(&said), table(texts, "table-failed", &inside))
}

fn reproduce(cells: &Cells, texts: &Texts) -> String {
    let layout = &cells.layout;
    let text = |text: &str| format!("<code>{}</code>", escape(text));
    let rows = [
        ("version", escape(&layout.clickday)),
        ("sweep-name", escape(&layout.sweep)),
        ("scenario-name", escape(&layout.scenario)),
        ("hash", text(&layout.hash)),
        ("seed", format!("<span data-p=\"/sweep/seed\" data-v=\"{0}\">{0}</span>", layout.seed)),
        ("runs-of-cell", marked("replications", u64::from(layout.replications), texts)),
    ];
    let rows: String = rows.iter().map(|(key, value)| format!("<dt>{}</dt><dd>{value}</dd>", texts.html(key))).collect();
    // A file that has this design already is not changed by the option.
    let method = match layout.design {
        Design::Morris => " --sensitivity=morris",
        Design::Saltelli => " --sensitivity=sobol",
        _ => "",
    };
    let name = &layout.sweep;
    let commands = [format!("clickday sweep {name}.json{method}"), format!("clickday sweep {name}.json{method} --shard 1/10")];
    // A control character in a text is shown as a space, but lines are lines.
    let commands = commands.map(|line| escape(&line)).join("\n");
    format!(
        "<dl class=\"facts\">{rows}</dl><p>{}</p><pre tabindex=\"0\"><code>{}</code></pre>",
        texts.html("sweep-reproduce"),
        commands
    )
}

#[cfg(test)]
mod tests;
