//! The parts of the page, each by the name of its slot in the frame.

use super::html::escape;
use super::lookup::Lookup;
use super::texts::Texts;
use super::{answer, incidents, parameters, rules, tables};
use crate::report::estimates::Unit;
use serde_json::Value;

/// A part of the page; `None` for a name that is none.
pub(super) fn part(name: &str, lookup: &Lookup<'_>, texts: &Texts) -> Option<String> {
    Some(match name {
        "facts" => facts(lookup, texts),
        "question" => question(lookup, texts),
        "cards" => answer::cards(lookup, texts),
        "uncertainty" => uncertainty(lookup, texts),
        "policies" => tables::policies(lookup, texts),
        "classes" => tables::classes(lookup, texts),
        "rules" => rules::table_of_rules(lookup, texts),
        "stations" => tables::stations(lookup, texts),
        "incidents" => incidents::tables(lookup, texts),
        "observations" => tables::observations(lookup, texts),
        "audit" => tables::audit(lookup, texts),
        "parameters" => parameters::table(lookup, texts),
        "notes" => notes(lookup),
        "reproduce" => reproduce(lookup, texts),
        "version" => escape(lookup.text("/clickday")),
        _ => return None,
    })
}

/// The line below the title: how large, how often, from which seed.
fn facts(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let population = lookup
        .policies()
        .first()
        .and_then(|policy| lookup.figure(&format!("/policies/{}/total/population", super::lookup::segment(policy))));
    let people = population.map_or_else(|| "–".to_owned(), |population| texts.count(population.mean));
    let scale = lookup.number("/scale");
    let mut facts = vec![
        texts.with("fact-people", &[("count", &people)]),
        texts.with("fact-policies", &[("count", &lookup.policies().len().to_string())]),
        texts.with("fact-replications", &[("count", &texts.count(lookup.replications() as f64))]),
        texts.with("fact-seed", &[("seed", &seed(lookup))]),
    ];
    if scale != 1.0 {
        facts.push(texts.with("fact-scale", &[("scale", &texts.value(scale, Unit::Share))]));
    }
    facts.iter().map(|fact| format!("<li>{}</li>", escape(fact))).collect()
}

/// As it is written: no float holds every seed.
fn seed(lookup: &Lookup<'_>) -> String {
    lookup.at("/seed").map_or_else(String::new, Value::to_string)
}

fn question(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let study = lookup.study;
    let policies: Vec<String> = lookup.policies().iter().map(|policy| (*policy).to_owned()).collect();
    let label = |at| texts.moment(&study.calendar.label(at));
    let (from, to) = (label(crate::time::Time::ZERO), label(study.model.end));
    let classes = lookup.classes();
    let population = lookup
        .policies()
        .first()
        .and_then(|policy| lookup.figure(&format!("/policies/{}/total/population", super::lookup::segment(policy))));
    let people = texts.count(population.map_or(0.0, |population| population.mean));
    let values = [("count", people.as_str()), ("from", &from), ("to", &to), ("classes", &texts.listed(&classes))];
    let mut text = texts.with(if classes.len() > 1 { "question-classes" } else { "question-one-class" }, &values);
    text += " ";
    text += &match policies.as_slice() {
        [] | [_] => texts.get("question-one-policy").to_owned(),
        [baseline, others @ ..] => texts.with("question-policies", &[("baseline", baseline), ("others", &texts.listed(others))]),
    };
    format!("<p class=\"lead\">{}</p>", escape(&text))
}

/// What the intervals mean, and what they leave out.
fn uncertainty(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let runs = lookup.replications();
    let mut text = match runs {
        1 => texts.get("no-intervals").to_owned(),
        n => texts.with("intervals", &[("count", &texts.count(n as f64))]),
    };
    let experiment = &lookup.study.experiment;
    text += " ";
    text += match (experiment.demand_cv, experiment.capacity_cv) {
        (None, None) => texts.get("sure-of-both"),
        _ => texts.get("doubt-inside"),
    };
    format!("<p class=\"fine\">{}</p>", escape(&text))
}

/// The notes of the whole file.
fn notes(lookup: &Lookup<'_>) -> String {
    let texts: Vec<&str> = match lookup.scenario.get("note") {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(texts)) => texts.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    texts.iter().map(|text| format!("<p class=\"fine\">{}</p>", escape(text))).collect()
}

/// How to get the same numbers again.
fn reproduce(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let known = &lookup.study.names.policies;
    let run = lookup.policies();
    let mut command = format!("clickday run scenario.json --seed {} --replications {}", seed(lookup), lookup.replications());
    let scale = lookup.number("/scale");
    if scale != 1.0 {
        command += &format!(" --scale {scale}");
    }
    if known.len() > run.len() {
        command.extend(run.iter().map(|policy| format!(" --policy '{}'", policy.replace('\'', "'\\''"))));
    }
    let rows = [
        ("version", lookup.text("/clickday").to_owned()),
        ("scenario-name", lookup.text("/scenario").to_owned()),
        ("seed", seed(lookup)),
        ("replications", lookup.replications().to_string()),
        ("events", texts.count(lookup.number("/work/events"))),
        ("most-people", texts.count(lookup.number("/work/peak_people"))),
    ];
    let rows: String =
        rows.iter().map(|(key, value)| format!("<dt>{}</dt><dd>{}</dd>", texts.html(key), escape(value))).collect();
    format!(
        "<dl class=\"facts\">{rows}</dl><p>{}</p><pre tabindex=\"0\"><code>{}</code></pre>",
        texts.html("how-to-reproduce"),
        escape(&command)
    )
}
