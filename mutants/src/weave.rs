//! All changes of a file in one text, of which a number chooses one when the program runs.

use crate::listed::Changes;
use crate::sites::{self, Kind, Site};
use anyhow::Result;
use std::fmt::Write;
use std::ops::Range;

/// The module that every woven file asks which change is chosen.
pub const CHOOSER: &str = include_str!("chooser.rs.in");

/// The text of a file with all its changes in it, and their numbers.
///
/// # Errors
/// Where the text is not Rust.
pub fn weave(text: &str, changes: &Changes) -> Result<(String, Vec<usize>)> {
    let sites = sites::find(text, changes)?;
    let mut loom = Loom { text, numbers: Vec::new() };
    let woven = loom.piece(0..text.len(), &sites);
    Ok((woven, loom.numbers))
}

/// Marks about the text of a change, so that an error of the compiler leads to its number.
fn marked(number: usize, text: &str) -> String {
    format!("/*<{number}*/ {text} /*{number}>*/")
}

/// Which change a place of a woven text belongs to.
pub fn number_at(woven: &str, place: Range<usize>) -> Option<usize> {
    let from = woven[..place.start].rfind("/*<")?;
    let number = woven[from + 3..].split('*').next()?.parse().ok()?;
    let end = from + woven[from..].find(&format!("/*{number}>*/"))?;
    (place.start < end).then_some(number)
}

/// The first change behind a place of a woven text that takes an arm of a match away.
pub fn next_gone(woven: &str, place: usize) -> Option<usize> {
    woven[place..].split_once("/*-")?.1.split('*').next()?.parse().ok()
}

struct Loom<'a> {
    text: &'a str,
    numbers: Vec<usize>,
}

impl Loom<'_> {
    /// A piece of the text with the sites inside it woven.
    fn piece(&mut self, range: Range<usize>, sites: &[Site]) -> String {
        let mut woven = String::new();
        let mut from = range.start;
        let mut rest = sites;
        while let Some((site, behind)) = rest.split_first() {
            rest = behind;
            if site.range.start < from || site.range.end > range.end {
                continue;
            }
            woven.push_str(&self.text[from..site.range.start]);
            let inside = behind.partition_point(|inner| inner.range.start < site.range.end.max(site.range.start));
            woven.push_str(&self.site(site, &behind[..inside]));
            from = site.range.end;
        }
        woven.push_str(&self.text[from..range.end]);
        woven
    }

    fn site(&mut self, site: &Site, inside: &[Site]) -> String {
        match &site.kind {
            Kind::Text(text) => text.clone(),
            Kind::Body { boxed, choices } => self.body(*boxed, choices),
            Kind::Binary { left, operator, right, choices } => {
                let (l, r) = (&self.text[left.clone()], &self.text[right.clone()]);
                let others: Vec<_> = choices.iter().map(|(k, operator)| (*k, format!("({l}) {operator} ({r})"))).collect();
                let as_is = format!(
                    "{}{}{}{}{}",
                    self.piece(left.clone(), inside),
                    &self.text[left.end..operator.start],
                    &self.text[operator.clone()],
                    &self.text[operator.end..right.start],
                    self.piece(right.clone(), inside)
                );
                self.choice(&as_is, &others)
            }
            Kind::Unary { operand, choices } => {
                let alone = &self.text[operand.clone()];
                let others: Vec<_> = choices.iter().map(|(k, _)| (*k, alone.to_owned())).collect();
                let as_is = self.text[site.range.start..operand.start].to_owned() + &self.piece(operand.clone(), inside);
                self.choice(&as_is, &others)
            }
            Kind::Field { base, named, choices } => {
                let base = &self.text[base.clone()];
                let others: Vec<_> = choices.iter().map(|(k, field)| (*k, format!("({base}).{field}"))).collect();
                let as_is = self.piece(site.range.clone(), inside);
                let name = if *named { format!("{as_is}: ") } else { String::new() };
                name + &self.choice(&as_is, &others)
            }
            Kind::Guard { condition, is_let, choices, gone } => {
                let as_is = condition.clone().map(|condition| self.piece(condition, inside));
                self.guard(as_is, *is_let, choices, *gone)
            }
        }
    }

    fn choice(&mut self, as_is: &str, others: &[(usize, String)]) -> String {
        let mut woven = format!("(if {} {{ ({as_is}) }}", off(others));
        for (at, (number, other)) in others.iter().enumerate() {
            self.numbers.push(*number);
            let test = if at + 1 < others.len() { format!("if crate::chooser::is({number}) ") } else { String::new() };
            let _ = write!(woven, " else {test}{{ {} }}", marked(*number, other));
        }
        woven + ")"
    }

    fn body(&mut self, boxed: bool, choices: &[(usize, String)]) -> String {
        let mut woven = format!("if !{} {{", off(choices));
        for (number, value) in choices {
            self.numbers.push(*number);
            let value = if boxed { format!("return Box::new({value});") } else { format!("return {value};") };
            let _ = write!(woven, " if crate::chooser::is({number}) {{ {} }}", marked(*number, &value));
        }
        woven + if boxed { " } Box::new({ " } else { " }\n" }
    }

    fn guard(&mut self, as_is: Option<String>, is_let: bool, choices: &[(usize, String)], gone: Option<usize>) -> String {
        let condition = match as_is {
            Some(as_is) if choices.is_empty() || is_let => Some(as_is),
            Some(as_is) => Some(self.choice(&as_is, choices)),
            None => None,
        };
        let stays = gone.map(|number| {
            self.numbers.push(number);
            format!("/*-{number}*/ {}", off(&[(number, String::new())]))
        });
        let both = [stays, condition].into_iter().flatten().collect::<Vec<_>>().join(" && ");
        format!(" if {both} ")
    }
}

/// The question whether none of some changes, whose numbers follow each other, is chosen.
fn off(choices: &[(usize, String)]) -> String {
    let least = choices.iter().map(|choice| choice.0).min().unwrap_or(0);
    let most = choices.iter().map(|choice| choice.0).max().unwrap_or(0);
    format!("crate::chooser::off({least}, {most})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listed::{Genre, Place};

    const TEXT: &str = "fn f(a: u32, b: u32) -> bool {\n    a + b > 3 && !match a { 0 if b == 1 => true, _ => false }\n}\n";

    fn changes(of: &[(Genre, &str, &[&str])]) -> Changes {
        let mut next = 0..;
        let place = |at: &str| {
            let before = &TEXT[..TEXT.find(at).unwrap()];
            let line = before.matches('\n').count() + 1;
            Place { line, column: before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1 }
        };
        of.iter()
            .map(|(genre, at, others)| {
                let others = others.iter().map(|other| (next.next().unwrap(), (*other).to_owned())).collect();
                ((*genre, place(at)), others)
            })
            .collect()
    }

    fn same_but_for_spaces(text: &str) -> String {
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn one_operator_becomes_a_choice_of_three() {
        let (woven, numbers) = weave(TEXT, &changes(&[(Genre::BinaryOperator, "+ b", &["-", "*"])])).unwrap();
        assert_eq!(numbers, [0, 1]);
        let choice = "(if crate::chooser::off(0, 1) { (a + b) } else if crate::chooser::is(0) { /*<0*/ (a) - (b) /*0>*/ } \
                      else { /*<1*/ (a) * (b) /*1>*/ })";
        assert_eq!(woven, TEXT.replace("a + b", choice));
    }

    #[test]
    fn changes_within_changes_are_all_there_and_the_text_is_rust() {
        let all = changes(&[
            (Genre::FnValue, "a + b", &["true", "false"]),
            (Genre::BinaryOperator, "+ b", &["-"]),
            (Genre::BinaryOperator, "> 3", &["<"]),
            (Genre::BinaryOperator, "&&", &["||"]),
            (Genre::UnaryOperator, "!match", &[""]),
            (Genre::MatchArm, "0 if", &[""]),
            (Genre::MatchArmGuard, "b == 1", &["true", "false"]),
            (Genre::BinaryOperator, "== 1", &["!="]),
        ]);
        let (woven, mut numbers) = weave(TEXT, &all).unwrap();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..10).collect::<Vec<_>>());
        syn::parse_file(&woven).unwrap();
        assert!(woven.contains("if crate::chooser::is(1) { /*<1*/ return false; /*1>*/ }"), "{woven}");
        let arm = same_but_for_spaces(&woven);
        assert!(arm.contains("0 if /*-6*/ crate::chooser::off(6, 6) && (if crate::chooser::off(7, 8)"), "{arm}");
    }

    #[test]
    fn a_place_in_the_text_of_a_change_leads_to_its_number() {
        let (woven, _) = weave(TEXT, &changes(&[(Genre::BinaryOperator, "+ b", &["-", "*"])])).unwrap();
        let at = |text: &str| woven.find(text).map(|from| number_at(&woven, from..from + 1));
        assert_eq!(at("(a) - (b)"), Some(Some(0)));
        assert_eq!(at("(a) * (b)"), Some(Some(1)));
        assert_eq!(at("fn f"), Some(None));
        assert_eq!(at("> 3"), Some(None));
    }
}
