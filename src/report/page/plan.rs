//! The page of a plan: the answer for each policy with its confidence, what the next value would give, and the figures over the
//! parameter. Everything comes from `plan.json`.

use super::answer::{Line, card};
use super::frame::{Content, PLAN, PLAN_SCRIPTS, page};
use super::html::escape;
use super::lookup::{estimate, segment};
use super::sweep::figure_words;
use super::tables::{marked, table};
use super::texts::Texts;
use super::{Language, PageError};
use crate::report::estimates::Unit;
use crate::report::numbers::nine_digit_text;
use crate::report::plan::unit_of;
use crate::sweep::{Goal, Sense};
use crate::time::Span;
use serde_json::{Value, json};
use std::path::Path;

/// A plan as its file says it.
struct Answered<'a> {
    json: &'a Value,
    goals: Vec<Goal>,
}

/// A value that was tried, with its place in the file.
struct Tried<'a> {
    json: &'a Value,
    pointer: String,
}

impl Tried<'_> {
    fn verdict(&self) -> &str {
        self.json.get("verdict").and_then(Value::as_str).unwrap_or("")
    }
}

/// The page of what `plan.json` (at `path`, for messages) says.
///
/// # Errors
/// When it is not as this clickday writes it.
pub fn plan_page(json: &Value, path: &Path, language: Language) -> Result<String, PageError> {
    const KEYS: [&str; 12] =
        ["clickday", "scenario", "title", "seed", "scale", "vary", "unit", "range", "sought", "goals", "confidence", "policies"];
    let broken = |missing| PageError::Plan { path: path.to_owned(), missing };
    if let Some(missing) = KEYS.into_iter().find(|key| json.get(key).is_none()) {
        return Err(broken(missing));
    }
    let goals = json["goals"].as_array().map_or(&[][..], Vec::as_slice);
    let goals: Option<Vec<Goal>> = goals.iter().map(|goal| Goal::parse(goal.as_str()?).ok()).collect();
    let plan = Answered { json, goals: goals.ok_or_else(|| broken("goals"))? };
    let data = plan.data();
    let content = Content { title: plan.text("title"), template: PLAN, scripts: &PLAN_SCRIPTS, data: &data };
    Ok(page(&content, language, |name, texts| plan.part(name, texts)))
}

impl Answered<'_> {
    fn text(&self, key: &str) -> &str {
        self.json.get(key).and_then(Value::as_str).unwrap_or("")
    }

    fn number(&self, pointer: &str) -> f64 {
        self.json.pointer(pointer).and_then(Value::as_f64).unwrap_or(0.0)
    }

    fn policies(&self) -> Vec<&str> {
        self.json["policies"].as_object().map_or_else(Vec::new, |all| all.keys().map(String::as_str).collect())
    }

    fn tried(&self, policy: &str) -> Vec<Tried<'_>> {
        let at = format!("/policies/{}/tried", segment(policy));
        let list = self.json.pointer(&at).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().enumerate().map(|(place, json)| Tried { json, pointer: format!("{at}/{place}") }).collect()
    }

    /// A value of the parameter as a scenario would have it.
    fn label(&self, value: &Value) -> String {
        match value.as_f64() {
            Some(seconds) if self.text("unit") == "s" => Span::from_nanos(seconds * 1e9).to_string(),
            Some(number) => nine_digit_text(number),
            None => value.to_string(),
        }
    }

    /// The goals' figures of a value, marked with their places in the file.
    fn figures(&self, texts: &Texts, tried: &Tried<'_>) -> Vec<String> {
        let one = |(place, goal): (usize, &Goal)| {
            let found = tried.json.pointer(&format!("/figures/{place}")).and_then(estimate);
            marked(texts, &format!("{}/figures/{place}", tried.pointer), found, unit_of(&goal.figure))
        };
        self.goals.iter().enumerate().map(one).collect()
    }

    fn part(&self, name: &str, texts: &Texts) -> Option<String> {
        Some(match name {
            "facts" => self.facts(texts),
            "question" => self.question(texts),
            "cards" => self.policies().iter().enumerate().map(|(place, policy)| self.card(texts, place, policy)).collect(),
            "ratios" => self.ratios(texts) + &self.left_out(texts),
            "tried" => self.table(texts),
            "reproduce" => self.reproduce(texts),
            "version" => escape(self.text("clickday")),
            _ => return None,
        })
    }

    fn facts(&self, texts: &Texts) -> String {
        let scale = self.number("/scale");
        let mut facts = vec![
            texts.with("fact-policies", &[("count", &self.policies().len().to_string())]),
            texts.with("fact-seed", &[("seed", &self.json["seed"].to_string())]),
        ];
        if scale != 1.0 {
            facts.push(texts.with("fact-scale", &[("scale", &texts.value(scale, Unit::Share))]));
        }
        facts.iter().map(|fact| format!("<li>{}</li>", escape(fact))).collect()
    }

    fn question(&self, texts: &Texts) -> String {
        let goals: Vec<String> = self.goals.iter().map(|goal| goal.text.clone()).collect();
        let values = [
            ("parameter", self.text("vary")),
            ("from", &self.label(&self.json["range"]["from"])),
            ("to", &self.label(&self.json["range"]["to"])),
            ("goals", &texts.listed(&goals)),
            ("scenario", self.text("scenario")),
            ("sure", &texts.part(self.number("/confidence"))),
        ];
        let key = if self.text("sought") == "largest" { "plan-largest" } else { "plan-smallest" };
        format!("<p class=\"lead\">{}</p>", escape(&texts.with(key, &values)))
    }

    fn card(&self, texts: &Texts, place: usize, policy: &str) -> String {
        let at = format!("/policies/{}", segment(policy));
        let found = self.json.pointer(&format!("{at}/answer")).filter(|answer| !answer.is_null());
        let tried = self.tried(policy);
        let mark = found
            .and_then(Value::as_f64)
            .map_or_else(String::new, |value| format!(" data-p=\"{}\" data-v=\"{value}\"", escape(&format!("{at}/answer"))));
        let shown = found.map_or_else(|| texts.get("plan-none").to_owned(), |value| self.label(value));
        let sure = texts.with("plan-sure", &[("sure", &texts.part(self.number("/confidence")))]);
        let css = if found.is_some() { "good" } else { "bad" };
        let head = format!("<p class=\"answer {css}\"{mark}>{}</p>", escape(&shown));
        let mut lines: Vec<Line> = Vec::new();
        match found {
            Some(value) => {
                let at = tried.iter().position(|one| one.json.get("value") == Some(value));
                lines.extend(at.map(|at| self.line(texts, texts.get("plan-there"), "good", &tried[at])));
                // In the order in which values are preferred, the one before it.
                match at.and_then(|at| at.checked_sub(1)).map(|before| &tried[before]) {
                    Some(before) => lines.push(self.line(texts, &self.next(texts, before), side(before), before)),
                    None => lines.push((texts.get("plan-next").to_owned(), "same", texts.html("plan-end-of-range"))),
                }
            }
            None => lines.extend(tried.last().map(|last| self.line(texts, texts.get("plan-at-the-end"), side(last), last))),
        }
        lines.extend(self.beware(texts, &at, found.is_some()));
        let what = if found.is_some() { sure } else { texts.get("plan-no-value").to_owned() };
        card(place, policy, &what, &head, &lines)
    }

    /// What the value before the answer is called.
    fn next(&self, texts: &Texts, before: &Tried<'_>) -> String {
        let key = if self.text("sought") == "largest" { "plan-next-larger" } else { "plan-next-smaller" };
        let label = before.json.get("value").map_or_else(String::new, |value| self.label(value));
        texts.with(key, &[("value", &label)])
    }

    fn line(&self, texts: &Texts, label: &str, css: &'static str, tried: &Tried<'_>) -> Line {
        let figures = self.goals.iter().zip(self.figures(texts, tried));
        let figures: Vec<String> =
            figures.map(|(goal, number)| format!("{}: {number}", escape(&goal_name(goal, texts)))).collect();
        let verdict = match tried.verdict() {
            "met" => "verdict-met",
            "missed" => "verdict-missed",
            _ => "verdict-open",
        };
        (label.to_owned(), css, format!("{} · {}", figures.join("; "), texts.html(verdict)))
    }

    /// Where the goals are met and missed again.
    fn beware(&self, texts: &Texts, at: &str, found: bool) -> Option<Line> {
        let pair = self.json.pointer(&format!("{at}/not_monotone")).filter(|pair| !pair.is_null())?;
        let label = |key: &str| pair.get(key).map_or_else(String::new, |value| self.label(value));
        let key = if found { "not-monotone" } else { "not-monotone-none" };
        let text = texts.with(key, &[("met", &label("met")), ("missed", &label("missed"))]);
        Some((texts.get("beware").to_owned(), "bad", escape(&text)))
    }

    /// How much more one policy needs than another.
    fn ratios(&self, texts: &Texts) -> String {
        let answer = |policy: &&str| {
            let at = format!("/policies/{}/answer", segment(policy));
            Some(((*policy).to_owned(), self.json.pointer(&at)?.as_f64().filter(|value| *value > 0.0)?))
        };
        let found: Vec<(String, f64)> = self.policies().iter().filter_map(answer).collect();
        let Some((best, least)) = found.iter().min_by(|one, other| one.1.total_cmp(&other.1)) else { return String::new() };
        let key = if self.text("sought") == "largest" { "plan-allows" } else { "plan-needs" };
        let said = found.iter().filter(|(_, value)| value > least).map(|(policy, value)| {
            let times = texts.value(value / least, Unit::Number);
            let values = [("policy", policy.as_str()), ("times", &times), ("parameter", self.text("vary")), ("best", best)];
            format!("<p>{}</p>", escape(&texts.with(key, &values)))
        });
        said.collect()
    }

    /// What a copy cannot tell apart.
    fn left_out(&self, texts: &Texts) -> String {
        let Some(left_out) = self.json["range"]["left_out"].as_u64() else { return String::new() };
        let scale = texts.value(self.number("/scale"), Unit::Share);
        let said = texts.with("plan-left-out", &[("scale", &scale), ("count", &texts.count(left_out as f64))]);
        format!("<p>{}</p>", escape(&said))
    }

    /// Every value that was tried.
    fn table(&self, texts: &Texts) -> String {
        let names = self.goals.iter().map(|goal| format!("<th scope=\"col\">{}</th>", escape(&goal_name(goal, texts))));
        let head = format!(
            "<thead><tr><th scope=\"col\">{}</th>{}<th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead>",
            escape(self.text("vary")),
            names.collect::<String>(),
            texts.html("verdict"),
            texts.html("runs")
        );
        let mut inside = head;
        for policy in self.policies() {
            let columns = self.goals.len() + 3;
            inside +=
                &format!("<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{columns}\">{}</th></tr>", escape(policy));
            let answer = self.json.pointer(&format!("/policies/{}/answer", segment(policy)));
            for tried in self.tried(policy) {
                inside += &self.row(texts, &tried, answer == tried.json.get("value"));
            }
            inside += "</tbody>";
        }
        table(texts, "table-tried", &inside)
    }

    fn row(&self, texts: &Texts, tried: &Tried<'_>, is_answer: bool) -> String {
        let value = tried.json.get("value").map_or_else(String::new, |value| self.label(value));
        let figures = self.figures(texts, tried).into_iter().map(|number| format!("<td>{number}</td>"));
        let (key, css) = match tried.verdict() {
            "met" => ("verdict-met", "good"),
            "missed" => ("verdict-missed", "bad"),
            _ => ("verdict-open", "same"),
        };
        let answer = if is_answer { format!(" <b>← {}</b>", texts.html("nav-answer")) } else { String::new() };
        let runs = tried.json.get("replications").and_then(Value::as_u64).unwrap_or(0);
        let runs = format!(
            "<td data-p=\"{}\" data-v=\"{runs}\">{}</td>",
            escape(&format!("{}/replications", tried.pointer)),
            escape(&texts.count(runs as f64))
        );
        format!(
            "<tr><th scope=\"row\"><code>{}</code>{answer}</th>{}<td class=\"{css}\">{}</td>{runs}</tr>",
            escape(&value),
            figures.collect::<String>(),
            texts.html(key)
        )
    }

    fn reproduce(&self, texts: &Texts) -> String {
        let rows = [
            ("version", escape(self.text("clickday"))),
            ("scenario-name", escape(self.text("scenario"))),
            ("seed", escape(&self.json["seed"].to_string())),
        ];
        let rows: String = rows.iter().map(|(key, value)| format!("<dt>{}</dt><dd>{value}</dd>", texts.html(key))).collect();
        // A control character in a text is shown as a space, but lines are lines.
        let command: Vec<String> = self.command().iter().map(|line| escape(line)).collect();
        format!(
            "<dl class=\"facts\">{rows}</dl><p>{}</p><pre tabindex=\"0\"><code>{}</code></pre>",
            texts.html("how-to-reproduce"),
            command.join(" \\\n  ")
        )
    }

    /// The command that gives the same answer, in lines.
    fn command(&self) -> Vec<String> {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
        let mut command = format!("clickday plan scenario.json --vary {}", quoted(self.text("vary")));
        for goal in &self.goals {
            command += &format!(" --goal {}", quoted(&goal.text));
        }
        let question = std::mem::take(&mut command);
        let range = &self.json["range"];
        command += &format!("--from {} --to {}", self.label(&range["from"]), self.label(&range["to"]));
        if let Some(count) = range["count"].as_u64().filter(|_| range["whole"] != json!(true)) {
            command += &format!(" --steps {count}");
        }
        if self.text("sought") == "largest" {
            command += " --largest";
        }
        command += &format!(" --confidence {}", self.number("/confidence"));
        if let Some(most) = self.json["max_replications"].as_u64() {
            command += &format!(" --max-replications {most}");
        }
        command += &format!(" --seed {}", self.json["seed"]);
        // Also where it is 1: the file may ask for another one.
        command += &format!(" --scale {}", self.json["scale"]);
        let policies = self.policies().iter().map(|policy| format!("--policy {}", quoted(policy))).collect::<Vec<_>>();
        vec![question, command, policies.join(" ")]
    }

    /// What the charts show.
    fn data(&self) -> Value {
        let policies = self.policies();
        let tried = |policy: &&str| {
            let one = |tried: &Tried<'_>| {
                let figure = |place: usize| {
                    let found = tried.json.pointer(&format!("/figures/{place}")).and_then(estimate);
                    found.map(|found| json!([found.mean, found.low, found.high]))
                };
                json!([tried.json.get("value"), tried.verdict(), (0..self.goals.len()).map(figure).collect::<Vec<_>>()])
            };
            self.tried(policy).iter().map(one).collect::<Vec<_>>()
        };
        let goal = |goal: &Goal| {
            json!({
                "name": {"en": goal_name(goal, &Texts::english()), "it": goal_name(goal, &Texts::italian())},
                "unit": match unit_of(&goal.figure) {
                    Unit::Share => "share",
                    Unit::Number => "number",
                    Unit::Seconds => "seconds",
                },
                "limit": goal.limit, "at_most": goal.sense == Sense::AtMost, "text": goal.text,
            })
        };
        let answers = policies.iter().map(|policy| self.json.pointer(&format!("/policies/{}/answer", segment(policy))));
        json!({
            "policies": policies,
            "parameters": [{
                "pointer": self.text("vary"),
                "unit": if self.text("unit") == "s" { "seconds" } else { "number" },
                "log": false, "labels": [],
            }],
            "goals": self.goals.iter().map(goal).collect::<Vec<_>>(),
            "tried": policies.iter().map(tried).collect::<Vec<_>>(),
            "answers": answers.collect::<Vec<_>>(),
        })
    }
}

/// A goal's figure in words, and whose it is.
fn goal_name(goal: &Goal, texts: &Texts) -> String {
    let words = figure_words(&goal.figure, texts);
    goal.name.as_ref().map_or(words.clone(), |name| format!("{words}, {name}"))
}

fn side(tried: &Tried<'_>) -> &'static str {
    match tried.verdict() {
        "met" => "good",
        "missed" => "bad",
        _ => "same",
    }
}

#[cfg(test)]
mod tests;
