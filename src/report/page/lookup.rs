//! Figures of the summary by their place in it.

use crate::model::Study;
use crate::report::summary::name;
use crate::stats::Estimate;
use serde_json::Value;

/// What the page tells of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookup<'a> {
    pub(super) summary: &'a Value,
    pub(super) study: &'a Study,
    pub(super) scenario: &'a Value,
}

/// A name as a segment of a JSON pointer.
pub(super) fn segment(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// A figure of the summary; `None` where there was nothing to measure.
pub(super) fn estimate(value: &Value) -> Option<Estimate> {
    let number = |key: &str| value.get(key).and_then(Value::as_f64);
    Some(Estimate {
        mean: number("mean")?,
        low: number("low"),
        high: number("high"),
        n: value.get("n").and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
    })
}

/// A paired difference of the summary.
#[derive(Debug, Clone, Copy)]
pub(super) struct Difference {
    pub(super) estimate: Estimate,
    pub(super) distinct: bool,
    /// Its place in the list of comparisons.
    pub(super) place: usize,
}

impl<'a> Lookup<'a> {
    /// The names of the policies that were run, the baseline first.
    pub(super) fn policies(&self) -> Vec<&'a str> {
        let policies = self.summary.get("policies").and_then(Value::as_object);
        policies.map_or_else(Vec::new, |policies| policies.keys().map(String::as_str).collect())
    }

    pub(super) fn classes(&self) -> Vec<String> {
        (0..self.study.names.classes.len()).map(|id| name(&self.study.names.classes, id)).collect()
    }

    pub(super) fn stations(&self) -> Vec<String> {
        (0..self.study.names.stations.len()).map(|id| name(&self.study.names.stations, id)).collect()
    }

    /// What stands at a JSON pointer of the summary.
    pub(super) fn at(&self, pointer: &str) -> Option<&'a Value> {
        self.summary.pointer(pointer)
    }

    pub(super) fn text(&self, pointer: &str) -> &'a str {
        self.at(pointer).and_then(Value::as_str).unwrap_or("")
    }

    pub(super) fn number(&self, pointer: &str) -> f64 {
        self.at(pointer).and_then(Value::as_f64).unwrap_or(0.0)
    }

    pub(super) fn list(&self, pointer: &str) -> &'a [Value] {
        self.at(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    pub(super) fn figure(&self, pointer: &str) -> Option<Estimate> {
        self.at(pointer).and_then(estimate)
    }

    /// Runs of each policy; a single one has no intervals.
    pub(super) fn replications(&self) -> u64 {
        self.at("/replications").and_then(Value::as_u64).unwrap_or(0)
    }

    /// The paired difference of a figure between a policy and the baseline, of a class or (`None`) of the total.
    pub(super) fn difference(&self, policy: &str, class: Option<&str>, figure: &str) -> Option<Difference> {
        let scope = class.unwrap_or("total");
        let is = |value: &Value, key: &str, text: &str| value.get(key).and_then(Value::as_str) == Some(text);
        let list = self.list("/comparisons").iter().enumerate();
        let mut found = list.filter(|(_, c)| is(c, "policy", policy) && is(c, "figure", figure) && is(c, "scope", scope));
        // A class may be called `total` too; it comes after the total.
        let (place, value) = found.nth(usize::from(class == Some("total")))?;
        Some(Difference {
            estimate: value.get("difference").and_then(estimate)?,
            distinct: value.get("distinct").and_then(Value::as_bool).unwrap_or(false),
            place,
        })
    }

    /// A difference that can be told from chance; with one replication nobody knows, and it is told as it is.
    pub(super) fn told(&self, policy: &str, class: Option<&str>, figure: &str) -> Option<Difference> {
        self.difference(policy, class, figure).filter(|found| found.distinct || self.replications() == 1)
    }
}
