//! The words of the page, one file a language, and how numbers are written in it.

use super::html::escape;
use crate::report::estimates::{self, Unit};
use crate::report::numbers;
use crate::stats::Estimate;
use serde_json::Value;
use std::collections::BTreeMap;

const ENGLISH: &str = include_str!("texts/en.json");
const ITALIAN: &str = include_str!("texts/it.json");

/// A language.
#[derive(Debug)]
pub(super) struct Texts {
    code: &'static str,
    texts: BTreeMap<String, String>,
}

impl Texts {
    pub(super) fn english() -> Texts {
        Texts::new("en", ENGLISH)
    }

    pub(super) fn italian() -> Texts {
        Texts::new("it", ITALIAN)
    }

    /// The files are part of the program; a test reads them.
    fn new(code: &'static str, file: &str) -> Texts {
        Texts { code, texts: serde_json::from_str(file).unwrap_or_default() }
    }

    /// Its code, as HTML wants it.
    pub(super) fn code(&self) -> &'static str {
        self.code
    }

    /// The text of a key; the key itself where there is none, which a test rules out.
    pub(super) fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// The text of a key as HTML.
    pub(super) fn html(&self, key: &str) -> String {
        escape(self.get(key))
    }

    /// The text of a key with values in place of `{name}`. Values are put in once and not looked at again.
    pub(super) fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = String::new();
        let mut rest = self.get(key);
        while let Some((before, after)) = rest.split_once('{') {
            text += before;
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            text += values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
            rest = behind;
        }
        text + rest
    }

    /// The texts that the scripts of the page use.
    pub(super) fn for_scripts(&self) -> Value {
        let texts = self.texts.iter().filter_map(|(key, text)| Some((key.strip_prefix("js-")?.to_owned(), text.clone().into())));
        Value::Object(texts.collect())
    }

    /// A number as the language writes it: Italian has a comma before the decimals and points between thousands.
    fn local(&self, text: &str) -> String {
        // No line ends between a number and its unit.
        self.with_marks(text).replace(' ', "\u{a0}")
    }

    fn with_marks(&self, text: &str) -> String {
        if self.code != "it" {
            return text.to_owned();
        }
        let swapped: String = text
            .chars()
            .map(|c| match c {
                ',' => '.',
                '.' => ',',
                c => c,
            })
            .collect();
        let swapped = swapped.replace("points", "punti");
        let days = swapped.strip_suffix(" d").map(|days| format!("{days} g"));
        days.unwrap_or(swapped).replace(" d ", " g ")
    }

    /// A figure with half the width of its interval.
    pub(super) fn figure(&self, figure: Option<Estimate>, unit: Unit) -> String {
        self.local(&estimates::figure(figure, unit))
    }

    /// A difference with its sign and half the width of its interval.
    pub(super) fn difference(&self, estimate: Estimate, unit: Unit) -> String {
        self.local(&estimates::difference(estimate, unit))
    }

    /// A value without an interval.
    pub(super) fn value(&self, value: f64, unit: Unit) -> String {
        self.local(&estimates::value(value, unit))
    }

    /// A part in per cent, with no more digits than it has.
    pub(super) fn part(&self, part: f64) -> String {
        self.local(&crate::report::plan::part(part))
    }

    /// A count, every digit of it.
    pub(super) fn count(&self, value: f64) -> String {
        self.local(&numbers::in_full(value))
    }

    /// A difference of shares.
    pub(super) fn points(&self, difference: f64) -> String {
        self.local(&estimates::points(difference))
    }

    /// `a`, `a and b`, `a, b and c`.
    pub(super) fn listed(&self, names: &[String]) -> String {
        match names {
            [] => String::new(),
            [one] => one.clone(),
            [most @ .., last] => format!("{} {} {last}", most.join(", "), self.get("and")),
        }
    }

    /// A civil time such as `2020-04-01T16:00` as `1 Apr 16:00`; another text stays as it is.
    pub(super) fn moment(&self, label: &str) -> String {
        let Ok(civil) = label.get(..16).unwrap_or(label).parse::<jiff::civil::DateTime>() else { return label.to_owned() };
        let month = self.get("months").split(' ').nth(usize::try_from(civil.month() - 1).unwrap_or(0)).unwrap_or("");
        format!("{} {month} {}", civil.day(), civil.strftime("%H:%M"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::frame;
    use super::*;
    use std::collections::BTreeSet;

    /// What follows `mark` up to `end`, wherever it stands.
    fn after(text: &str, mark: &str, end: char) -> Vec<String> {
        text.split(mark).skip(1).filter_map(|rest| rest.split_once(end).map(|(key, _)| key.to_owned())).collect()
    }

    /// Keys that a script asks for by `t("…")`.
    fn scripted(script: &str) -> Vec<String> {
        let calls = [" t(\"", "(t(\"", "{t(\"", "[t(\"", ".t(\"", "filled(\""];
        calls.iter().flat_map(|call| after(script, call, '"')).map(|key| format!("js-{key}")).collect()
    }

    fn names(text: &str) -> BTreeSet<String> {
        after(text, "{", '}').into_iter().collect()
    }

    #[test]
    fn both_languages_say_everything_with_the_same_values() {
        let (english, italian) = (Texts::english(), Texts::italian());
        assert!(english.texts.len() > 100);
        assert_eq!(english.texts.keys().collect::<Vec<_>>(), italian.texts.keys().collect::<Vec<_>>());
        for (key, text) in &english.texts {
            assert_eq!(names(text), names(italian.get(key)), "{key}");
        }
    }

    #[test]
    fn every_text_is_used_and_every_used_text_is_there() {
        let sources = [
            include_str!("answer.rs"),
            include_str!("plan.rs"),
            include_str!("rules.rs"),
            include_str!("sections.rs"),
            include_str!("incidents.rs"),
            include_str!("sweep/answer.rs"),
            include_str!("sweep/mod.rs"),
            include_str!("tables.rs"),
            include_str!("parameters.rs"),
            include_str!("texts.rs"),
        ];
        let templates = [frame::HEAD, frame::BODY, frame::SWEEP, frame::PLAN];
        let of_scripts =
            || [frame::RUN_SCRIPTS, frame::SWEEP_SCRIPTS, frame::PLAN_SCRIPTS].into_iter().flat_map(|all| all[1..].to_vec());
        let mut used: BTreeSet<String> = BTreeSet::new();
        for source in sources.map(|source| source.split("#[cfg(test)]").next().unwrap()) {
            // Half of the pieces are code, which is no key.
            used.extend(source.split('"').map(str::to_owned));
        }
        let in_templates = || templates.into_iter().flat_map(|template| after(template, "{{t:", '}'));
        used.extend(in_templates());
        used.extend(of_scripts().flat_map(scripted));
        let known: BTreeSet<String> = Texts::english().texts.keys().cloned().collect();
        let unused: Vec<_> = known.iter().filter(|key| !used.contains(*key)).collect();
        assert!(unused.is_empty(), "never used: {unused:?}");
        let wanted = in_templates().chain(of_scripts().flat_map(scripted));
        let calls = sources.iter().flat_map(|source| {
            ["texts.get(\"", "texts.with(\"", "texts.html(\"", "self.get(\""].iter().flat_map(|call| after(source, call, '"'))
        });
        let missing: Vec<_> = wanted.chain(calls).filter(|key| !known.contains(key)).collect();
        assert!(missing.is_empty(), "not there: {missing:?}");
    }

    #[test]
    fn numbers_are_written_as_the_language_does() {
        let estimate = Estimate { mean: 1_381_243.0, low: Some(1_381_174.0), high: Some(1_381_312.0), n: 10 };
        let italian = Texts::italian();
        assert_eq!(italian.figure(Some(estimate), Unit::Number), "1.381.243\u{a0}±\u{a0}69");
        assert_eq!(italian.value(0.782, Unit::Share), "78,2\u{a0}%");
        assert_eq!(italian.value(187_200.0, Unit::Seconds), "2\u{a0}g\u{a0}4\u{a0}h");
        assert_eq!(Texts::english().value(187_200.0, Unit::Seconds), "2\u{a0}d\u{a0}4\u{a0}h");
        assert_eq!(italian.moment("2020-04-01T16:00"), "1 apr 16:00");
        let hostile = Texts::english().with("within", &[("share", "{time}"), ("time", "<b>")]);
        assert!(hostile.starts_with("{time} through within <b>"), "{hostile}");
    }
}
