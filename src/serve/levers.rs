//! The levers: the values of a scenario that the page may change, and nothing else. A request that names another value, or
//! gives one of another kind, is refused, so that no name of a file can come in by it.

use super::limits::CHANGES;
use crate::model::Study;
use crate::scenario::{Mistakes, Scenario};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

/// What kind of value a lever moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// A whole number from 0.
    Count,
    /// A positive number.
    Rate,
    /// A number from 0 to 1.
    Share,
    /// A duration such as `60s`.
    Duration,
    /// A list of times of day such as `08:00-16:00`.
    Windows,
    /// A rule, on or off.
    Rule,
    /// A waiting room that is not in the file: off, or admissions a minute.
    Room,
}

/// A value that can be moved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Lever {
    /// Where it stands; for a room, where it would.
    pub(super) pointer: String,
    pub(super) kind: Kind,
    /// `stations`, `classes` or `policies`.
    pub(super) group: &'static str,
    /// The station, class or policy.
    pub(super) owner: String,
    /// Which value of it: its key.
    pub(super) what: String,
    /// The class that a window is for.
    pub(super) of: String,
    pub(super) value: Value,
}

/// A value that the page wants changed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub(super) pointer: String,
    pub(super) value: Value,
}

/// Why changes cannot be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum ChangeError {
    /// No lever moves this.
    #[error("{0}")]
    NoLever(String),
    /// The scenario does not hold together with them.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// All levers of a scenario, in the order of the file.
pub(super) fn levers(scenario: &Scenario, study: &Study) -> Vec<Lever> {
    let json = scenario.to_json();
    let mut found = Vec::new();
    for (group, find) in [("stations", of_station as fn(&Value) -> Found), ("classes", of_class)] {
        for (owner, value) in json.get(group).and_then(Value::as_object).into_iter().flatten() {
            for (at, what, kind, value) in find(value) {
                let pointer = format!("/{group}/{}/{at}", escape(owner));
                found.push(Lever { pointer, kind, group, owner: owner.clone(), what: what.into(), of: String::new(), value });
            }
        }
    }
    let rate = admissions(study);
    for (owner, policy) in json.get("policies").and_then(Value::as_object).into_iter().flatten() {
        of_policy(owner, policy, rate, &mut found);
    }
    found
}

/// Where below the owner, which key, of which kind, which value.
type Found = Vec<(&'static str, &'static str, Kind, Value)>;

fn known(value: &Value, levers: &[(&'static str, &'static str, Kind)]) -> Found {
    let at = |at: &str| value.pointer(&format!("/{at}")).filter(|value| !value.is_null());
    levers.iter().filter_map(|(place, what, kind)| Some((*place, *what, *kind, at(place)?.clone()))).filter(fits_kind).collect()
}

fn fits_kind((_, _, kind, value): &(&str, &str, Kind, Value)) -> bool {
    // Words such as `unbounded` and `never` are no place on a scale.
    kind.fits(value) && value.as_str().is_none_or(|text| text.starts_with(|c: char| c.is_ascii_digit()))
}

fn of_station(value: &Value) -> Found {
    known(value, &[("workers", "workers", Kind::Count), ("queue", "queue", Kind::Count)])
}

fn of_class(value: &Value) -> Found {
    known(
        value,
        &[
            ("population", "population", Kind::Count),
            ("population/poisson", "population", Kind::Count),
            ("operators", "operators", Kind::Count),
            ("timeout", "timeout", Kind::Duration),
            ("retry/attempts", "attempts", Kind::Count),
            ("retry/returns", "returns", Kind::Count),
            ("closed/aware", "aware", Kind::Share),
        ],
    )
}

fn of_policy(owner: &str, policy: &Value, rate: f64, found: &mut Vec<Lever>) {
    let base = format!("/policies/{}/rules", escape(owner));
    let lever = |pointer: String, kind, what: &str, of: &str, value: &Value| Lever {
        pointer,
        kind,
        group: "policies",
        owner: owner.to_owned(),
        what: what.to_owned(),
        of: of.to_owned(),
        value: value.clone(),
    };
    let mut has_room = false;
    for (i, rule) in policy.get("rules").and_then(Value::as_array).into_iter().flatten().enumerate() {
        let Some((name, data)) = rule.as_object().and_then(|rule| rule.iter().find(|(_, data)| data.is_object())) else {
            continue;
        };
        found.push(lever(format!("{base}/{i}"), Kind::Rule, name, "", &Value::Bool(true)));
        has_room |= name == "waiting_room";
        let at = |below: &str| format!("{base}/{i}/{}/{below}", escape(name));
        for (key, kind) in [("per_minute", Kind::Rate), ("active_sessions", Kind::Count), ("rate", Kind::Rate)] {
            let value = data.get(key).filter(|value| kind.fits(value));
            found.extend(value.map(|value| lever(at(key), kind, key, "", value)));
        }
        let open = data.get("open").filter(|_| name == "windows").and_then(Value::as_object);
        for (class, windows) in open.into_iter().flatten() {
            let place = at(&format!("open/{}", escape(class)));
            match windows {
                Value::Object(cohorts) => {
                    for (cohort, windows) in cohorts.iter().filter(|(_, windows)| is_daily(windows)) {
                        let of = format!("{class}, {cohort}");
                        found.push(lever(format!("{place}/{}", escape(cohort)), Kind::Windows, name, &of, windows));
                    }
                }
                windows if is_daily(windows) => found.push(lever(place, Kind::Windows, name, class, windows)),
                _ => {}
            }
        }
    }
    if !has_room {
        let off = lever(format!("{base}/-"), Kind::Room, "waiting_room", "", &json!({"on": false, "per_minute": rate}));
        found.push(off);
    }
}

/// Whether all windows are times of every day, which can be drawn on one.
fn is_daily(windows: &Value) -> bool {
    Kind::Windows.fits(windows)
        && windows
            .as_array()
            .is_some_and(|all| all.iter().all(|w| w.as_str().is_some_and(|w| w.contains(':') && !w.contains(' '))))
}

/// Admissions a minute that the stations can serve: by the work of one application and the workers of the first hour.
fn admissions(study: &Study) -> f64 {
    let model = &study.model;
    let mut work = vec![0.0; model.stations.len()];
    let mut people = 0.0;
    for class in &model.classes {
        people += class.population.mean();
        for step in &class.journey {
            work[usize::from(step.station)] += class.population.mean() * step.service.mean_seconds();
        }
    }
    let served = model.stations.iter().zip(&work).filter(|(_, work)| **work > 0.0);
    let a_second = served.map(|(station, work)| f64::from(station.workers) * people / work).fold(f64::INFINITY, f64::min);
    if a_second.is_finite() && a_second > 0.0 { (a_second * 60.0 * 0.9).max(1.0).round() } else { 60.0 }
}

impl Kind {
    /// Whether a value is of this kind; what it says is for the scenario to check.
    fn fits(self, value: &Value) -> bool {
        match self {
            Kind::Count => value.as_u64().is_some(),
            Kind::Rate => value.as_f64().is_some_and(|rate| rate > 0.0),
            Kind::Share => value.as_f64().is_some_and(|share| (0.0..=1.0).contains(&share)),
            Kind::Duration => value.as_str().is_some_and(|text| text.len() <= 40),
            Kind::Windows => value.as_array().is_some_and(|windows| {
                windows.len() <= 24 && windows.iter().all(|window| window.as_str().is_some_and(|text| text.len() <= 40))
            }),
            Kind::Rule => value.is_boolean(),
            Kind::Room => value == &Value::Bool(false) || Kind::Rate.fits(value),
        }
    }
}

/// The scenario with the changes made, each of which must be of a lever.
pub(super) fn apply(scenario: &Scenario, levers: &[Lever], changes: &[Change]) -> Result<Scenario, ChangeError> {
    if changes.len() > CHANGES {
        return Err(ChangeError::NoLever(format!("more than {CHANGES} changes at once")));
    }
    let mut values: Vec<(&str, Value)> = Vec::new();
    let mut rules: Vec<(&Lever, &Value)> = Vec::new();
    for change in changes {
        let lever = levers.iter().find(|lever| lever.pointer == change.pointer);
        let Some(lever) = lever else { return Err(ChangeError::NoLever("there is no such lever".to_owned())) };
        if !lever.kind.fits(&change.value) {
            return Err(ChangeError::NoLever(format!("this is no value for {}", lever.pointer)));
        }
        match lever.kind {
            Kind::Rule | Kind::Room => rules.push((lever, &change.value)),
            _ => values.push((&lever.pointer, change.value.clone())),
        }
    }
    let changed = if values.is_empty() { scenario.clone() } else { scenario.with(&values)? };
    let lists = rule_lists(&changed, &rules);
    let lists: Vec<(&str, Value)> = lists.iter().map(|(pointer, rules)| (pointer.as_str(), rules.clone())).collect();
    if lists.is_empty() { Ok(changed) } else { Ok(changed.with(&lists)?) }
}

/// By pointer the rules of those policies of which some are off, or a room is on.
fn rule_lists(scenario: &Scenario, changes: &[(&Lever, &Value)]) -> Vec<(String, Value)> {
    let mut by_policy: Map<String, Value> = Map::new();
    for (lever, _) in changes {
        let Some((list, _)) = lever.pointer.rsplit_once('/') else { continue };
        if by_policy.contains_key(list) {
            continue;
        }
        let Some(Value::Array(rules)) = scenario.value(list) else { continue };
        let is_off = |i: usize| {
            let pointer = format!("{list}/{i}");
            changes.iter().any(|(lever, value)| lever.pointer == pointer && **value == Value::Bool(false))
        };
        let mut kept: Vec<Value> = rules.into_iter().enumerate().filter(|(i, _)| !is_off(*i)).map(|(_, rule)| rule).collect();
        let room = format!("{list}/-");
        let rate = changes.iter().rev().find(|(lever, _)| lever.pointer == room).map(|(_, rate)| *rate);
        if let Some(rate) = rate.filter(|rate| rate.is_number()) {
            kept.push(json!({"waiting_room": {"per_minute": rate}, "chosen": "a waiting room added with clickday serve"}));
        }
        by_policy.insert(list.to_owned(), Value::Array(kept));
    }
    by_policy.into_iter().collect()
}

/// The scenario as a file: what was changed is marked as chosen, so that no old source stands beside a new value.
pub(super) fn as_file(scenario: &Scenario, levers: &[Lever], changed: &Scenario) -> Value {
    let mut json = changed.to_json();
    for lever in levers.iter().filter(|lever| !matches!(lever.kind, Kind::Rule | Kind::Room)) {
        let (before, after) = (scenario.value(&lever.pointer), changed.value(&lever.pointer));
        // A rule that was taken out moves those behind it: only what still stands at its place is compared.
        if before == after || before.is_none() || after.is_none() {
            continue;
        }
        let parent = match lever.kind {
            Kind::Windows => lever.pointer.split("/open/").next().unwrap_or(""),
            _ => lever.pointer.rsplit_once('/').map_or("", |(parent, _)| parent),
        };
        let mark = format!("{}: {} before, changed with clickday serve", lever.what, lever.value);
        if let Some(Value::Object(object)) = json.pointer_mut(parent) {
            let said = object.get("chosen").and_then(Value::as_str).map(|said| format!("{said}; {mark}"));
            object.insert("chosen".to_owned(), Value::String(said.unwrap_or(mark)));
        }
    }
    json
}

#[cfg(test)]
mod tests;
