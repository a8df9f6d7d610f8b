//! Policies and their rules.

use super::super::leaf::{Share, Window};
use super::super::mistake::{Checker, nearest, suggestion};
use super::super::policy::{Opening, Policy, Rule, WindowsRule};
use super::super::read::{List, Map};
use super::super::tree::shorten;
use super::Context;
use super::windows::{self, Force};
use crate::model::{self, Cohort};
use crate::time::Time;

/// Shares may miss 1 by this much.
pub(super) const SHARE_ERROR: f64 = 1e-9;

/// Compiles a policy.
pub(super) fn policy(context: &Context<'_>, record: &Policy, check: &mut Checker<'_>) -> Option<model::Policy> {
    let rules: Vec<_> = check.within("rules", |check| {
        record.rules.iter().map(|(i, record)| check.within(i, |check| rule(context, record, check))).collect()
    });
    Some(model::Policy { rules: rules.into_iter().collect::<Option<_>>()? })
}

fn rule(context: &Context<'_>, record: &Rule, check: &mut Checker<'_>) -> Option<model::Rule> {
    match record {
        Rule::Windows(windows) => {
            check.within("windows", |check| windows_rule(context, windows, check)).map(model::Rule::Windows)
        }
    }
}

fn windows_rule(context: &Context<'_>, record: &WindowsRule, check: &mut Checker<'_>) -> Option<model::WindowsRule> {
    let force = force(context, record, check);
    let mut good = known_classes(context, record, check);
    if record.open.0.is_empty() {
        check.mistake_at("open", "no class is named, so the rule does nothing; name one with its windows");
        good = false;
    }
    good &= cohorts_add_up(&record.cohorts, check);
    for (_, class, opening) in record.open.iter() {
        let cohorts = record.cohorts.iter().find(|(_, name, _)| *name == class).map(|(_, _, cohorts)| cohorts);
        good &= check.within("open", |check| check.within(class, |check| cohorts_match(class, opening, cohorts, check)));
    }
    let force = force?;
    if !good {
        return None;
    }
    let classes = context.file.classes.names();
    let classes = classes.map(|class| match record.open.iter().find(|(_, name, _)| *name == class) {
        None => Vec::new(),
        Some((_, _, Opening::All(windows))) => {
            vec![Cohort { name: String::new(), below: 1.0, open: windows::opening(context, windows, &force) }]
        }
        Some((_, _, Opening::Cohorts(windows))) => {
            let shares = record.cohorts.iter().find(|(_, name, _)| *name == class);
            shares.map_or_else(Vec::new, |(_, _, shares)| cohorts(context, shares, windows, &force))
        }
    });
    Some(model::WindowsRule { applies_to: record.applies_to, classes: classes.collect() })
}

fn force(context: &Context<'_>, record: &WindowsRule, check: &mut Checker<'_>) -> Option<Force> {
    let days = windows::days(record.days.as_ref(), check);
    let (from, to) = match (&record.from, &record.to) {
        (Some(from), Some(to)) => context.piece(from, to, check)?,
        (Some(from), None) => (check.within("from", |check| context.within_clock(from, check))?, context.end),
        (None, Some(to)) => {
            let end = check.within("to", |check| context.moment(to, check))?;
            if end == Time::ZERO {
                check.mistake_at("to", "the rule is in force until clock.start, so never; move it or remove the rule");
                return None;
            }
            (Time::ZERO, end)
        }
        (None, None) => (Time::ZERO, context.end),
    };
    Some(Force { from, to, days: days? })
}

fn known_classes(context: &Context<'_>, record: &WindowsRule, check: &mut Checker<'_>) -> bool {
    let mut good = true;
    let named = record.open.names().map(|name| ("open", name)).chain(record.cohorts.names().map(|name| ("cohorts", name)));
    for (key, name) in named {
        if context.file.classes.position(name).is_none() && !context.file.classes.0.is_empty() {
            let text = format!("no class is called `{}`; {}", shorten(name), suggestion(name, context.file.classes.names()));
            check.within(key, |check| check.within(name, |check| check.mistake_of_key(text)));
            good = false;
        }
    }
    good
}

fn cohorts_add_up(cohorts: &Map<Map<Share>>, check: &mut Checker<'_>) -> bool {
    let mut good = true;
    for (_, class, shares) in cohorts.iter() {
        let sum: f64 = shares.iter().map(|(_, _, share)| share.0).sum();
        let complete = shares.0.iter().all(|(_, share)| share.is_some());
        if complete && (sum - 1.0).abs() > SHARE_ERROR {
            let text = format!("the shares of these cohorts add up to {}; they must add up to 1", rounded(sum));
            check.within("cohorts", |check| check.mistake_at(class, text));
            good = false;
        }
    }
    good
}

/// Whether a class that is split has windows for each of its cohorts, and one that is not has none.
fn cohorts_match(class: &str, opening: &Opening, cohorts: Option<&Map<Share>>, check: &mut Checker<'_>) -> bool {
    let class = shorten(class);
    match (opening, cohorts) {
        (Opening::All(_), None) => true,
        (Opening::All(_), Some(_)) => {
            check.mistake(format!("`{class}` is split in cohorts; give each of them a list of windows"));
            false
        }
        (Opening::Cohorts(_), None) => {
            check.mistake(format!("`{class}` is not split in `cohorts`; give their shares there, or one list of windows here"));
            false
        }
        (Opening::Cohorts(windows), Some(cohorts)) => {
            let mut good = true;
            let unknown = || windows.names().filter(|name| cohorts.position(name).is_none());
            for name in unknown() {
                let text = format!("`{class}` has no cohort `{}`; {}", shorten(name), suggestion(name, cohorts.names()));
                check.within(name, |check| check.mistake_of_key(text));
                good = false;
            }
            for name in cohorts.names().filter(|name| windows.position(name).is_none()) {
                // A misspelt one was just told.
                if !unknown().any(|other| nearest(other, cohorts.names()) == Some(name)) {
                    check.mistake(format!("the cohort `{}` of `{class}` has no windows; give it a list of them", shorten(name)));
                }
                good = false;
            }
            good
        }
    }
}

fn cohorts(context: &Context<'_>, shares: &Map<Share>, windows: &Map<List<Window>>, force: &Force) -> Vec<Cohort> {
    let mut below = 0.0;
    let mut cohorts: Vec<Cohort> = Vec::new();
    for (_, name, share) in shares.iter() {
        below += share.0;
        if let Some((_, _, windows)) = windows.iter().find(|(_, known, _)| *known == name) {
            cohorts.push(Cohort { name: name.to_owned(), below, open: windows::opening(context, windows, force) });
        }
    }
    if let Some(last) = cohorts.last_mut() {
        last.below = 1.0;
    }
    cohorts
}

/// A sum as a person would write it, free of the dust of binary fractions.
pub(super) fn rounded(sum: f64) -> f64 {
    if (sum - 1.0).abs() < 1e-6 { sum } else { (sum * 1e9).round() / 1e9 }
}
