//! What the rules of each policy did: their own counts, or where their effect is seen.

use super::html::escape;
use super::lookup::{Lookup, estimate, segment};
use super::tables::{marked, table};
use super::texts::Texts;
use crate::model::Rule;
use crate::report::estimates::Unit;
use serde_json::Value;

/// A table of all policies that have rules; nothing where none has.
pub(super) fn table_of_rules(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let mut bodies = String::new();
    for policy in lookup.policies() {
        let Some(place) = lookup.study.names.policies.iter().position(|name| name == policy) else { continue };
        let Some(rules) = lookup.study.model.policies.get(place).map(|policy| &policy.rules).filter(|rules| !rules.is_empty())
        else {
            continue;
        };
        bodies += &format!("<tbody><tr class=\"group\"><th scope=\"rowgroup\" colspan=\"3\">{}</th></tr>", escape(policy));
        // The summary lists the rules that have figures in the order of the file.
        let mut next = 0;
        for rule in rules {
            let at = format!("/policies/{}/rules/{next}", segment(policy));
            let own = lookup.at(&at).filter(|summary| summary.get("rule").and_then(Value::as_str) == Some(rule.name()));
            next += usize::from(own.is_some());
            bodies += &own.map_or_else(|| seen(texts, rule), |summary| counted(texts, rule.name(), &at, summary));
        }
        bodies += "</tbody>";
    }
    if bodies.is_empty() {
        return String::new();
    }
    let heads: String =
        ["rule", "what", "value"].iter().map(|key| format!("<th scope=\"col\">{}</th>", texts.html(key))).collect();
    let table = table(texts, "table-rules", &format!("<thead><tr>{heads}</tr></thead>{bodies}"));
    format!("<h3>{}</h3><p>{}</p>{table}", texts.html("h-rules"), texts.html("rules-intro"))
}

/// A row for each figure of a rule.
fn counted(texts: &Texts, rule: &str, at: &str, summary: &Value) -> String {
    let figures = summary.get("figures").and_then(Value::as_object);
    let counts =
        figures.into_iter().flatten().map(|(name, figure)| (name.as_str(), format!("{at}/figures/{name}"), figure, Unit::Number));
    let times = summary.get("times").and_then(Value::as_object).into_iter().flatten();
    let times = times.flat_map(|(_, quantiles)| ["p50", "p95"].map(|which| (which, quantiles)));
    let times = times.filter_map(|(which, quantiles)| {
        Some((which, format!("{at}/times/time_in_room/{which}"), quantiles.get(which)?, Unit::Seconds))
    });
    let rows = counts.chain(times).enumerate().map(|(nth, (name, pointer, figure, unit))| {
        let head = if nth == 0 { rule_words(texts, rule) } else { "" };
        format!(
            "<tr><td>{}</td><th scope=\"row\">{}</th><td>{}</td></tr>",
            escape(head),
            escape(figure_words(texts, rule, name)),
            marked(texts, &pointer, estimate(figure), unit)
        )
    });
    rows.collect()
}

/// A row for a rule that counts nothing by itself.
fn seen(texts: &Texts, rule: &Rule) -> String {
    let key = match rule.name() {
        "windows" => "seen-windows",
        "autoscale" => "seen-hours",
        "shed" | "reserve" => "seen-refused",
        "codel" => "seen-dropped",
        "priority" => "seen-classes",
        "adaptive_lifo" => "seen-wait",
        _ => "seen-requests",
    };
    format!(
        "<tr><th scope=\"row\">{}</th><td colspan=\"2\">{}</td></tr>",
        escape(rule_words(texts, rule.name())),
        texts.html(key)
    )
}

fn rule_words<'a>(texts: &'a Texts, rule: &'a str) -> &'a str {
    texts.get(match rule {
        "windows" => "rule-windows",
        "priority" => "rule-priority",
        "reserve" => "rule-reserve",
        "shed" => "rule-shed",
        "codel" => "rule-codel",
        "adaptive_lifo" => "rule-lifo",
        "throttle" => "rule-throttle",
        "retry_budget" => "rule-retries",
        "autoscale" => "rule-autoscale",
        "waiting_room" => "rule-room",
        "callback" => "rule-callback",
        "slots" => "rule-slots",
        "rate_limit" => "rule-limit",
        other => other,
    })
}

fn figure_words<'a>(texts: &'a Texts, rule: &str, figure: &'a str) -> &'a str {
    texts.get(match (rule, figure) {
        ("waiting_room", "joined") => "room-joined",
        ("waiting_room", "admitted") => "room-admitted",
        ("waiting_room", "left") => "room-left",
        ("waiting_room", "balked") => "room-balked",
        ("waiting_room", "full") => "room-full",
        ("waiting_room", "reloads") => "room-reloads",
        ("waiting_room", "unclaimed") => "room-unclaimed",
        ("waiting_room", "expired") => "room-expired",
        ("waiting_room", "people_max") => "room-most",
        ("waiting_room", "people_average") => "room-average",
        ("waiting_room", "p50") => "room-p50",
        ("waiting_room", "p95") => "room-p95",
        ("callback", "contacts") => "callback-contacts",
        ("callback", "calls") => "callback-calls",
        ("callback", "answered") => "callback-answered",
        ("callback", "lost") => "callback-lost",
        ("slots", "booked") => "slots-booked",
        ("slots", "kept") => "slots-kept",
        ("slots", "late") => "slots-late",
        ("slots", "no_show") => "slots-no-show",
        ("slots", "too_late") => "slots-too-late",
        ("slots", "full") => "slots-full",
        ("rate_limit", "passed") => "limit-passed",
        ("rate_limit", "refused") => "limit-refused",
        (_, other) => other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_words_and_so_has_each_of_its_figures() {
        for texts in [Texts::english(), Texts::italian()] {
            for rule in Rule::NAMES {
                assert_ne!(rule_words(&texts, rule), *rule, "{rule}");
            }
            for figure in ["joined", "people_average", "p95"] {
                assert_ne!(figure_words(&texts, "waiting_room", figure), figure);
            }
        }
    }

    #[test]
    fn a_figure_is_marked_with_its_place() {
        let figure = serde_json::json!({"mean": 12.0, "low": 11.0, "high": 13.0, "n": 5});
        let summary = serde_json::json!({"rule": "waiting_room", "figures": {"joined": figure}, "times": {"time_in_room": {"p50": figure}}});
        let rows = counted(&Texts::english(), "waiting_room", "/policies/a/rules/0", &summary);
        assert!(rows.contains("data-p=\"/policies/a/rules/0/figures/joined/mean\" data-v=\"12\""), "{rows}");
        assert!(rows.contains("data-p=\"/policies/a/rules/0/times/time_in_room/p50/mean\""), "{rows}");
    }
}
