//! The answer in words: what each policy changes against the baseline, for whom, and what its openings do.
//!
//! The median time is of those who got through; where fewer do it may fall because the slow ones are missing. So the share
//! who got through always comes first.

use super::html::escape;
use super::lookup::{Lookup, estimate, segment};
use super::texts::Texts;
use crate::report::estimates::Unit;
use serde_json::Value;

/// Smaller changes of a share are not worth words.
const NEGLIGIBLE: f64 = 0.001;

/// Which way a change goes for those whom it concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Pays,
    Gains,
    Same,
}

impl Side {
    fn css(self) -> &'static str {
        match self {
            Side::Pays => "bad",
            Side::Gains => "good",
            Side::Same => "same",
        }
    }
}

/// A card for each policy.
pub(super) fn cards(lookup: &Lookup<'_>, texts: &Texts) -> String {
    let policies = lookup.policies();
    let Some((baseline, others)) = policies.split_first() else { return String::new() };
    let mut cards =
        card(0, baseline, texts.get("baseline"), &shares(lookup, texts, baseline), &as_html(facts(lookup, texts, baseline)));
    for (place, policy) in others.iter().enumerate() {
        let (side, headline) = headline(lookup, texts, policy);
        let mut lines = for_whom(lookup, texts, policy);
        lines.extend(facts(lookup, texts, policy));
        let against = texts.with("against", &[("policy", baseline)]);
        let headline = format!("<p class=\"headline {}\">{}</p>{}", side.css(), escape(&headline), shares(lookup, texts, policy));
        cards += &card(place + 1, policy, &against, &headline, &as_html(lines));
    }
    cards
}

/// A line of a card in words: what it is about, and what is said.
type Said = (String, Side, String);
/// A line of a card: what it is about, the class of its style, and what is said as HTML.
pub(super) type Line = (String, &'static str, String);

fn as_html(lines: Vec<Said>) -> Vec<Line> {
    lines.into_iter().map(|(label, side, text)| (label, side.css(), escape(&text))).collect()
}

/// What is said of a policy; `head` is HTML.
pub(super) fn card(place: usize, policy: &str, what: &str, head: &str, lines: &[Line]) -> String {
    let mut html = format!(
        "<article class=\"card\"><h3><span class=\"swatch p{}\" aria-hidden=\"true\"></span>{}</h3><p class=\"what\">{}</p>{head}",
        place % 8,
        escape(policy),
        escape(what),
    );
    if !lines.is_empty() {
        html += "<dl>";
        let mut before = "";
        for (label, css, line) in lines {
            if label != before {
                html += &format!("<dt>{}</dt>", escape(label));
            }
            html += &format!("<dd class=\"{css}\">{line}</dd>");
            before = label;
        }
        html += "</dl>";
    }
    html + "</article>"
}

/// The two shares that say most, large.
fn shares(lookup: &Lookup<'_>, texts: &Texts, policy: &str) -> String {
    let shown = [("completed_share", "through"), ("lost_share", "requests-lost")];
    let shown = shown.iter().map(|(key, label)| {
        let pointer = format!("/policies/{}/total/{key}", segment(policy));
        let figure = lookup.figure(&pointer);
        let data = figure.map_or_else(String::new, |f| {
            format!(" data-p=\"{}\" data-v=\"{}\" data-unit=\"share\"", escape(&format!("{pointer}/mean")), f.mean)
        });
        format!("<div><b{data}>{}</b> <span>{}</span></div>", escape(&texts.figure(figure, Unit::Share)), texts.html(label))
    });
    format!("<div class=\"shares\">{}</div>", shown.collect::<String>())
}

/// All classes together: how many more or fewer get through, and what becomes of the requests.
fn headline(lookup: &Lookup<'_>, texts: &Texts, policy: &str) -> (Side, String) {
    let completed = lookup.told(policy, None, "completed").map_or(0.0, |found| found.estimate.mean);
    let share = lookup.told(policy, None, "completed_share").map_or(0.0, |found| found.estimate.mean);
    let count = texts.count(completed.abs());
    let (side, mut text) = match completed {
        0.0 => (Side::Same, texts.get("as-many").to_owned()),
        more if share.abs() < NEGLIGIBLE => {
            (Side::Same, texts.with(if more < 0.0 { "few-fewer" } else { "few-more" }, &[("count", &count)]))
        }
        more if more < 0.0 => (Side::Pays, texts.with("fewer", &[("count", &count)])),
        _ => (Side::Gains, texts.with("more", &[("count", &count)])),
    };
    let lost = lookup.told(policy, None, "lost_share").map_or(0.0, |found| found.estimate.mean);
    if lost.abs() >= NEGLIGIBLE {
        text += &texts.with(if lost < 0.0 { "lost-falls" } else { "lost-rises" }, &[("points", &texts.points(lost.abs()))]);
    }
    (side, text + ".")
}

/// Who pays and who gains.
fn for_whom(lookup: &Lookup<'_>, texts: &Texts, policy: &str) -> Vec<Said> {
    let classes = lookup.classes();
    if classes.len() < 2 {
        return Vec::new();
    }
    let said: Vec<(Side, String)> = classes.iter().map(|class| change(lookup, texts, policy, class)).collect();
    let mut lines = Vec::new();
    for (key, side) in [("who-pays", Side::Pays), ("who-gains", Side::Gains)] {
        let mut on_side = said.iter().filter(|(s, _)| *s == side).map(|(_, text)| text.clone()).peekable();
        if on_side.peek().is_none() {
            lines.push((texts.get(key).to_owned(), Side::Same, texts.get("nobody").to_owned()));
        }
        lines.extend(on_side.map(|text| (texts.get(key).to_owned(), side, text)));
    }
    let same: Vec<String> =
        classes.iter().zip(&said).filter(|(_, (side, _))| *side == Side::Same).map(|(class, _)| class.clone()).collect();
    if !same.is_empty() {
        lines.push((texts.get("no-change").to_owned(), Side::Same, texts.listed(&same)));
    }
    lines
}

/// How many get through decides who pays and who gains, wherever that can be told; how long it takes those who do, only where
/// it cannot.
fn change(lookup: &Lookup<'_>, texts: &Texts, policy: &str, class: &str) -> (Side, String) {
    let told = |figure| lookup.told(policy, Some(class), figure).map_or(0.0, |found| found.estimate.mean);
    let share = Some(told("completed_share")).filter(|share| share.abs() >= NEGLIGIBLE).unwrap_or(0.0);
    let baseline = lookup.policies().first().copied().unwrap_or("");
    let median = lookup.figure(&format!("/policies/{}/classes/{}/time_to_complete/p50", segment(baseline), segment(class)));
    let median = median.map_or(0.0, |median| median.mean);
    let least = f64::min(60.0, median * 0.1).max(median * 0.01);
    let time = Some(told("time_to_complete.p50")).filter(|time| time.abs() >= least).unwrap_or(0.0);
    let side = match (share, time) {
        (0.0, 0.0) => Side::Same,
        (share, _) if share < 0.0 => Side::Pays,
        (share, _) if share > 0.0 => Side::Gains,
        (_, time) if time > 0.0 => Side::Pays,
        _ => Side::Gains,
    };
    let through = match share {
        0.0 => texts.get("class-as-many").to_owned(),
        share => texts.with(if share < 0.0 { "class-fewer" } else { "class-more" }, &[("points", &texts.points(share.abs()))]),
    };
    let takes = match time {
        0.0 => String::new(),
        time => {
            let length = texts.value(time.abs(), Unit::Seconds);
            texts.with(if time < 0.0 { "median-shorter" } else { "median-longer" }, &[("time", &length)])
        }
    };
    (side, format!("{class}: {through}{takes}"))
}

/// What is true of a policy by itself: who was treated worst, its worst opening, how often it collapsed.
fn facts(lookup: &Lookup<'_>, texts: &Texts, policy: &str) -> Vec<Said> {
    let at = format!("/policies/{}", segment(policy));
    let mut lines = Vec::new();
    if let Some(worst) = lookup.at(&format!("{at}/worst_treated")).filter(|worst| worst.is_object()) {
        lines.push((texts.get("worst-treated").to_owned(), Side::Same, worst_treated(texts, worst)));
    }
    if let Some(text) = reopening(lookup, texts, &at) {
        lines.push((texts.get("reopening").to_owned(), Side::Same, text));
    }
    if let Some(collapse) = lookup.figure(&format!("{at}/collapse/probability")).filter(|p| p.mean > 0.0 && p.mean < 1.0) {
        let share = texts.value(collapse.mean, Unit::Share);
        lines.push((texts.get("collapse").to_owned(), Side::Same, texts.with("collapse-share", &[("share", &share)])));
    }
    lines
}

/// The class and hour that fared worst.
pub(super) fn worst_treated(texts: &Texts, worst: &Value) -> String {
    let text = |key: &str| worst.get(key).and_then(Value::as_str).unwrap_or("");
    let share = |value: Option<&Value>| {
        value.and_then(estimate).map_or_else(|| "–".to_owned(), |figure| texts.value(figure.mean, Unit::Share))
    };
    let within = |key: &str| share(worst.pointer(&format!("/done_within/{key}")));
    let judged = match text("judged_by") {
        "done_within.1h" => texts.with("within", &[("share", &within("1h")), ("time", "1 h")]),
        "done_within.4h" => texts.with("within", &[("share", &within("4h")), ("time", "4 h")]),
        _ => String::new(),
    };
    let alike = worst.get("alike").and_then(Value::as_u64).unwrap_or(0);
    let alike = if alike > 0 { texts.with("alike", &[("count", &texts.count(alike as f64))]) } else { String::new() };
    let (from, to) = (texts.moment(text("from")), texts.moment(text("to")));
    let values = [("class", text("class")), ("from", from.as_str()), ("to", to.as_str()), ("judged", judged.as_str())];
    let end = share(worst.get("completed_share"));
    texts.with("worst", &[&values[..], &[("end", end.as_str()), ("alike", alike.as_str())]].concat())
}

/// Whether an opening is a second rush: the worst one that no outage spoils.
fn reopening(lookup: &Lookup<'_>, texts: &Texts, at: &str) -> Option<String> {
    let openings = lookup.list(&format!("{at}/openings"));
    let lost = |opening: &Value, key: &str| opening.get(key).and_then(estimate).map(|figure| figure.mean);
    let down = |opening: &Value| opening.get("station_down").and_then(Value::as_bool).unwrap_or(false);
    let usable: Vec<&Value> = openings.iter().filter(|o| !down(o) && lost(o, "lost_after").is_some()).collect();
    let worst = usable.iter().copied().reduce(
        |worst, next| {
            if lost(next, "lost_after") > lost(worst, "lost_after") { next } else { worst }
        },
    )?;
    let after = lost(worst, "lost_after")?;
    let count = texts.count(usable.len() as f64);
    if after < 0.01 {
        return Some(texts.with("no-second-rush", &[("count", &count)]));
    }
    let names = worst.get("classes").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let names: Vec<String> = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let when = texts.moment(worst.get("at").and_then(Value::as_str).unwrap_or(""));
    let before = lost(worst, "lost_before")
        .map_or_else(String::new, |share| texts.with("after-before", &[("share", &texts.value(share, Unit::Share))]));
    let values = [
        ("when", when.as_str()),
        ("classes", &texts.listed(&names)),
        ("share", &texts.value(after, Unit::Share)),
        ("before", &before),
        ("count", &count),
    ];
    Some(texts.with(if usable.len() > 1 { "rush-of-several" } else { "rush" }, &values))
}
