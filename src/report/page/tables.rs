//! The tables of the page: policies, classes, stations, published figures, audit.

use super::html::escape;
use super::lookup::{Difference, Lookup, estimate, segment};
use super::texts::Texts;
use crate::report::estimates::Unit;
use crate::stats::Estimate;
use serde_json::Value;

/// A row of figures: the key of its label, the figure's place in a scope, and how it is told.
type Row = (&'static str, &'static str, Unit);

const OF_TOTAL: [Row; 16] = [
    ("came", "arrived", Unit::Number),
    ("got-through", "completed", Unit::Number),
    ("of-those-who-came", "completed_share", Unit::Share),
    ("done-1h", "done_within/1h", Unit::Share),
    ("done-4h", "done_within/4h", Unit::Share),
    ("done-24h", "done_within/24h", Unit::Share),
    ("gave-up", "abandoned", Unit::Number),
    ("still-trying", "pending", Unit::Number),
    ("median-time", "time_to_complete/p50", Unit::Seconds),
    ("time-95", "time_to_complete/p95", Unit::Seconds),
    ("requests-sent", "requests", Unit::Number),
    ("per-completion", "requests_per_completion", Unit::Number),
    ("requests-lost", "lost_share", Unit::Share),
    ("timed-out", "timeouts", Unit::Number),
    ("turned-away", "refused", Unit::Number),
    ("cut", "failed", Unit::Number),
];

const OF_CLASS: [Row; 6] = [
    ("came", "arrived", Unit::Number),
    ("of-those-who-came", "completed_share", Unit::Share),
    ("done-4h", "done_within/4h", Unit::Share),
    ("median-time", "time_to_complete/p50", Unit::Seconds),
    ("requests-lost", "lost_share", Unit::Share),
    ("per-completion", "requests_per_completion", Unit::Number),
];

const OF_OPERATORS: [Row; 4] = [
    ("collected", "operators/collected", Unit::Number),
    ("uploaded", "operators/uploaded", Unit::Number),
    ("backlog-max", "operators/backlog_max", Unit::Number),
    ("operators-busy", "operators/utilisation", Unit::Share),
];

const OF_STATION: [Row; 7] = [
    ("queue-average", "queue_length/time_average", Unit::Number),
    ("queue-p95", "queue_length/p95", Unit::Number),
    ("queue-longest", "queue_length/max", Unit::Number),
    ("utilisation", "utilisation", Unit::Share),
    ("wasted", "wasted_share", Unit::Share),
    ("refused-here", "refused", Unit::Number),
    ("dropped-here", "dropped", Unit::Number),
];

/// What only some stations have, under some policies.
const OF_SOME_STATIONS: [Row; 4] = [
    ("held-share", "held_share", Unit::Share),
    ("crashes", "crashes", Unit::Number),
    ("taken-out", "taken_out", Unit::Number),
    ("worker-hours", "worker_hours", Unit::Number),
];

/// A figure with the place in the summary from which it comes, so that what the page says can be held against it.
pub(super) fn marked(texts: &Texts, pointer: &str, figure: Option<Estimate>, unit: Unit) -> String {
    let text = escape(&texts.figure(figure, unit));
    match figure {
        None => format!("<span>{text}</span>"),
        Some(figure) => format!(
            "<span data-p=\"{}\" data-v=\"{}\" data-unit=\"{}\">{text}</span>",
            escape(&format!("{pointer}/mean")),
            figure.mean,
            match unit {
                Unit::Share => "share",
                Unit::Number => "number",
                Unit::Seconds => "seconds",
            }
        ),
    }
}

/// A difference from the baseline below a figure; `~` where it cannot be told from zero.
fn change(lookup: &Lookup<'_>, texts: &Texts, found: Option<Difference>, unit: Unit, worse: Option<f64>) -> String {
    let Some(found) = found else { return String::new() };
    let mean = found.estimate.mean;
    let unclear = !found.distinct && lookup.replications() > 1;
    let side = match worse {
        Some(sign) if !unclear && mean != 0.0 => {
            if mean * sign > 0.0 {
                "bad"
            } else {
                "good"
            }
        }
        _ => "same",
    };
    let tilde = if unclear { "~ " } else { "" };
    let text = escape(&texts.difference(found.estimate, unit));
    let pointer = format!("/comparisons/{}/difference/mean", found.place);
    format!("<span class=\"change {side}\" data-p=\"{pointer}\" data-v=\"{mean}\">{tilde}{text}</span>")
}

/// Which sign of a difference is worse for people; none where neither is.
fn worse(figure: &str) -> Option<f64> {
    match figure {
        "completed" | "completed_share" | "done_within/1h" | "done_within/4h" | "done_within/24h" => Some(-1.0),
        "abandoned" | "time_to_complete/p50" | "time_to_complete/p95" | "lost_share" | "timeouts" | "requests_per_completion" => {
            Some(1.0)
        }
        _ => None,
    }
}

pub(super) fn head(texts: &Texts, first: &str, policies: &[&str]) -> String {
    let cells = policies.iter().enumerate().map(|(place, policy)| {
        format!("<th scope=\"col\"><span class=\"swatch p{}\" aria-hidden=\"true\"></span>{}</th>", place % 8, escape(policy))
    });
    format!("<thead><tr><th scope=\"col\">{}</th>{}</tr></thead>", texts.html(first), cells.collect::<String>())
}

/// A table in a box of its own that scrolls sideways on a small screen, and by the keyboard.
pub(super) fn table(texts: &Texts, caption: &str, inside: &str) -> String {
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{}\"><table><caption>{}</caption>{inside}</table></div>",
        texts.html(caption),
        texts.html(caption)
    )
}

fn rows(lookup: &Lookup<'_>, texts: &Texts, class: Option<&str>, rows: &[Row]) -> String {
    let policies = lookup.policies();
    let mut html = String::new();
    for (label, figure, unit) in rows {
        let mut cells = String::new();
        for (place, policy) in policies.iter().enumerate() {
            let scope = class.map_or_else(|| "total".to_owned(), |class| format!("classes/{}", segment(class)));
            let pointer = format!("/policies/{}/{scope}/{figure}", segment(policy));
            let found = (place > 0).then(|| lookup.difference(policy, class, &figure.replace('/', "."))).flatten();
            cells += &format!(
                "<td>{}{}</td>",
                marked(texts, &pointer, lookup.figure(&pointer), *unit),
                change(lookup, texts, found, *unit, worse(figure))
            );
        }
        html += &format!("<tr><th scope=\"row\">{}</th>{cells}</tr>", texts.html(label));
    }
    html
}

/// Every policy, all classes together, with what it changes.
pub(super) fn policies(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let inside = head(texts, "all-classes", &lookup.policies()) + "<tbody>" + &rows(lookup, texts, None, &OF_TOTAL) + "</tbody>";
    table(texts, "table-policies", &inside)
}

pub(super) fn group(name: &str, columns: usize) -> String {
    format!("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{columns}\">{}</th></tr>", escape(name))
}

/// The classes side by side.
pub(super) fn classes(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let policies = lookup.policies();
    let mut inside = head(texts, "class", &policies);
    for class in lookup.classes() {
        inside += "<tbody>";
        inside += &group(&class, policies.len() + 1);
        inside += &rows(lookup, texts, Some(&class), &OF_CLASS);
        let operators = policies.first().map(|p| format!("/policies/{}/classes/{}/operators", segment(p), segment(&class)));
        if operators.is_some_and(|pointer| lookup.at(&pointer).is_some()) {
            inside += &rows(lookup, texts, Some(&class), &OF_OPERATORS);
        }
        inside += "</tbody>";
    }
    table(texts, "table-classes", &inside)
}

/// The stations: queues and work.
pub(super) fn stations(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let policies = lookup.policies();
    let mut inside = head(texts, "station", &policies);
    for station in lookup.stations() {
        inside += "<tbody>";
        inside += &group(&station, policies.len() + 1);
        let at = |policy: &str| format!("/policies/{}/stations/{}", segment(policy), segment(&station));
        let is_told =
            |(_, figure, _): &Row| policies.iter().any(|policy| lookup.at(&format!("{}/{figure}", at(policy))).is_some());
        for (label, figure, unit) in OF_STATION.into_iter().chain(OF_SOME_STATIONS.into_iter().filter(is_told)) {
            let cells = policies.iter().map(|policy| {
                let station = at(policy);
                let pointer = format!("{station}/{figure}");
                let when = match figure {
                    "queue_length/max" => lookup.text(&format!("{station}/queue_length/time_of_max")),
                    _ => "",
                };
                let when = if when.is_empty() {
                    String::new()
                } else {
                    format!(
                        "<span class=\"change same\">{}</span>",
                        escape(&texts.with("at-when", &[("when", &texts.moment(when))]))
                    )
                };
                format!("<td>{}{when}</td>", marked(texts, &pointer, lookup.figure(&pointer), unit))
            });
            inside += &format!("<tr><th scope=\"row\">{}</th>{}</tr>", texts.html(label), cells.collect::<String>());
        }
        inside += "</tbody>";
    }
    table(texts, "table-stations", &inside)
}

/// Published figures beside simulated ones, each with a bar: the middle is the published value, the ends the tolerance.
pub(super) fn observations(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let list = lookup.list("/observations");
    if list.is_empty() {
        return format!("<p>{}</p>", texts.html("no-observations"));
    }
    let held = list.iter().filter(|o| o.get("holds").and_then(Value::as_bool) == Some(true)).count();
    let said = texts.with("held", &[("held", &held.to_string()), ("count", &list.len().to_string())]);
    let heads = ["what", "when", "published", "simulated", "closeness", "holds", "source"];
    let heads: String = heads.iter().map(|key| format!("<th scope=\"col\">{}</th>", texts.html(key))).collect();
    let rows: String = list.iter().enumerate().map(|(place, observation)| observed(texts, place, observation)).collect();
    format!("<p>{}</p>", escape(&said))
        + &table(texts, "table-observations", &format!("<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"))
}

fn observed(texts: &Texts, place: usize, observation: &Value) -> String {
    let text = |key: &str| observation.get(key).and_then(Value::as_str).unwrap_or("");
    let number = |key: &str| observation.get(key).and_then(Value::as_f64).unwrap_or(0.0);
    let metric = text("metric");
    let unit = if metric == "lost_share" { Unit::Share } else { Unit::Number };
    let per_second = if metric.ends_with("_rate") { "/s" } else { "" };
    let who = if text("class").is_empty() { texts.get("all-classes") } else { text("class") };
    let when = match text("at") {
        "" => format!("{} – {}", texts.moment(text("from")), texts.moment(text("to"))),
        at => texts.moment(at),
    };
    let simulated = observation.get("simulated").and_then(estimate);
    let holds = observation.get("holds").and_then(Value::as_bool) == Some(true);
    let tolerance = number("tolerance");
    let published = format!("{}{per_second} ± {}", texts.value(number("observed"), unit), texts.value(tolerance, Unit::Share));
    let (mark, side) = if holds { ("yes", "good") } else { ("no", "bad") };
    format!(
        "<tr><th scope=\"row\">{}<span class=\"change same\">{} · {}</span></th><td>{}</td><td>{}</td><td>{}{}</td><td>{}</td>\
         <td class=\"{side}\">{}</td><td class=\"source\">{}</td></tr>",
        escape(&metric.replace('_', " ")),
        escape(who),
        escape(text("policy")),
        escape(&when),
        escape(&published),
        marked(texts, &format!("/observations/{place}/simulated"), simulated, unit),
        if simulated.is_some() { per_second } else { "" },
        bar(texts, simulated, number("observed"), tolerance),
        texts.html(mark),
        escape(text("source")),
    )
}

/// Where the simulated value and its interval lie between the ends of the tolerance, drawn.
fn bar(texts: &Texts, simulated: Option<Estimate>, observed: f64, tolerance: f64) -> String {
    let Some(simulated) = simulated.filter(|_| observed > 0.0 && tolerance > 0.0) else { return "–".to_owned() };
    // Two tolerances to either side of 60 units; what lies beyond sticks to the edge.
    let place = |value: f64| (60.0 + (value - observed) / (observed * tolerance) * 30.0).clamp(2.0, 118.0);
    let at = place(simulated.mean);
    let (low, high) = (place(simulated.low.unwrap_or(simulated.mean)), place(simulated.high.unwrap_or(simulated.mean)));
    let off = texts.value((simulated.mean - observed) / observed, Unit::Share);
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 120 16\" role=\"img\" aria-label=\"{}\"><rect class=\"band\" x=\"30\" y=\"3\" width=\"60\" height=\"10\"/>\
         <path class=\"middle\" d=\"M60 1V15\"/><path class=\"interval\" d=\"M{low:.1} 8H{high:.1}\"/><circle cx=\"{at:.1}\" cy=\"8\" r=\"3.6\"/></svg>",
        escape(&texts.with("off-by", &[("share", &off)]))
    )
}

/// What was checked in every run.
pub(super) fn audit(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let heads: String = ["law", "residual"].iter().map(|key| format!("<th scope=\"col\">{}</th>", texts.html(key))).collect();
    let checks = lookup.list("/audit/checks");
    let rows: String = checks
        .iter()
        .map(|check| {
            let law = check.get("name").and_then(Value::as_str).unwrap_or("");
            let residual = check.get("residual").and_then(Value::as_i64).unwrap_or(0);
            format!("<tr><th scope=\"row\" lang=\"en\">{}</th><td>{residual}</td></tr>", escape(law))
        })
        .collect();
    let holds = lookup.at("/audit/holds").and_then(Value::as_bool) == Some(true);
    let said = texts.with(if holds { "audit-holds" } else { "audit-broken" }, &[("count", &checks.len().to_string())]);
    format!("<p>{}</p><details><summary>{}</summary>", escape(&said), texts.html("show-laws"))
        + &table(texts, "table-audit", &format!("<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody>"))
        + "</details>"
}
