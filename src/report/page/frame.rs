//! The frame of every page: style, scripts, data and words inside, and a body in each language.

use super::Language;
use super::html::{Slot, escape, fill, in_script};
use super::texts::Texts;
use serde_json::Value;

const FRAME: &str = include_str!("assets/frame.html");
/// What stands above the contents of every body.
pub(super) const HEAD: &str = include_str!("assets/head.html");
/// The body of a run's page.
pub(super) const BODY: &str = include_str!("assets/body.html");
/// The body of a sweep's page.
pub(super) const SWEEP: &str = include_str!("assets/sweep.html");
/// The body of a plan's page.
pub(super) const PLAN: &str = include_str!("assets/plan.html");

const STYLE: &str = include_str!("assets/page.css");
const UPLOT_STYLE: &str = include_str!("assets/uplot/uPlot.min.css");
const UPLOT_LICENCE: &str = include_str!("assets/uplot/LICENSE");

const UPLOT: &str = include_str!("assets/uplot/uPlot.iife.min.js");
const CLOCK: &str = include_str!("assets/clock.js");
const PLOT: &str = include_str!("assets/plot.js");
const CHARTS: &str = include_str!("assets/charts.js");
const LOOKS: &str = include_str!("assets/looks.js");
const STUDY: &str = include_str!("assets/study.js");

/// What the live page has in common with that of a run.
pub(super) const LIVE_SCRIPTS: [&str; 5] = [UPLOT, CLOCK, PLOT, CHARTS, LOOKS];
/// The scripts of a run's page.
pub(super) const RUN_SCRIPTS: [&str; 6] = [UPLOT, CLOCK, PLOT, CHARTS, LOOKS, include_str!("assets/page.js")];
/// The scripts of a sweep's page.
pub(super) const SWEEP_SCRIPTS: [&str; 6] = [UPLOT, CLOCK, PLOT, LOOKS, STUDY, include_str!("assets/sweep.js")];
/// The scripts of a plan's page.
pub(super) const PLAN_SCRIPTS: [&str; 6] = [UPLOT, CLOCK, PLOT, LOOKS, STUDY, include_str!("assets/plan.js")];

/// The style sheet of all pages.
pub(super) fn style() -> String {
    format!("{UPLOT_STYLE}\n{STYLE}")
}

/// What a page is made of besides its words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Content<'a> {
    /// What stands in the browser's title.
    pub(super) title: &'a str,
    /// The body, with its slots.
    pub(super) template: &'a str,
    /// The scripts, in order.
    pub(super) scripts: &'a [&'a str],
    /// What the scripts read.
    pub(super) data: &'a Value,
}

/// The page's text; `part` gives what belongs in a slot of the body, in a language.
pub(super) fn page(content: &Content<'_>, language: Language, part: impl Fn(&str, &Texts) -> Option<String>) -> String {
    let languages = match language {
        Language::English => [Texts::english(), Texts::italian()],
        Language::Italian => [Texts::italian(), Texts::english()],
    };
    let body = |(place, texts): (usize, &Texts)| {
        let slot = |slot: &str| match Slot::of(slot) {
            Slot::Text(key) => Some(texts.html(key)),
            Slot::Part("lang") => Some(texts.code().to_owned()),
            Slot::Part("hidden") => Some(if place > 0 { "hidden" } else { "" }.to_owned()),
            Slot::Part("title") => Some(escape(content.title)),
            Slot::Part(name) => part(name, texts),
        };
        // What is put in is not looked at again, so the head is filled by itself.
        let head = fill(HEAD, slot);
        fill(content.template, |name| if name == "head" { Some(head.clone()) } else { slot(name) })
    };
    let bodies: String = languages.iter().enumerate().map(body).collect();
    let words = languages.iter().map(|texts| (texts.code().to_owned(), texts.for_scripts())).collect();
    let words = Value::Object(words);
    fill(FRAME, |slot| {
        Some(match slot {
            "lang" => languages[0].code().to_owned(),
            "title" => escape(content.title),
            "style" => style(),
            "bodies" => bodies.clone(),
            "data" => in_script(content.data),
            "words" => in_script(&words),
            "scripts" => content.scripts.join("\n"),
            "licence" => UPLOT_LICENCE.replace("-->", ""),
            _ => return None,
        })
    })
}
