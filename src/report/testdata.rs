//! Made-up results for the tests of the reports: a plausible two-day rush, and degenerate ones.

mod figures;
mod study;

use crate::experiment::{
    ByArrival, Collapse, Columns, Figure, Hour, IncidentCounts, IncidentFigures, Median, Outcome, Results, ScopeFigures,
    Sequential, StationFigures,
};
use crate::model::{Between, Component, Curve, Cut, Incident, Names};
use crate::stats::{Estimate, wilson};
use crate::time::{Span, Time};
use figures::{rush, scope_of};

/// The cells of a table in CSV, its head first.
pub(crate) fn cells(csv: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv);
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// A day like that of 1-2 April 2020: three policies, five classes, two stations, 2880 bins.
pub(crate) fn two_days() -> Results {
    let mut results = rush(&["open", "time-split", "waiting room"], 2, Span::from_seconds(60));
    results.study.title = "INPS, 1–2 April 2020: the bonus of 600 euro".to_owned();
    results
}

/// The two days with unsure demand and capacity, three collapses in ten replications of the first policy, a goal, and an incident.
pub(crate) fn in_doubt() -> Results {
    let mut results = two_days();
    add_incident(&mut results);
    results.study.experiment.demand_cv = Some(0.2);
    results.study.experiment.capacity_cv = Some(0.1);
    results.sequential = Some(Sequential {
        policy: 0,
        against: None,
        class: None,
        metric: "timeout_share".to_owned(),
        goal: 0.01,
        half_width: Some(0.0087),
        met: true,
        most: 1000,
    });
    for (index, policy) in results.policies.iter_mut().enumerate() {
        policy.sure = Some(policy.total.clone());
        let share = |mean: f64| Some(Estimate { mean, low: Some(mean - 0.01), high: Some(mean + 0.01), n: 3 });
        let outcome = |through: f64| Outcome {
            completed_share: share(through),
            timeout_share: share(1.0 - through),
            time_to_complete: Median::default(),
        };
        let bad = if index == 0 { 3 } else { 0 };
        policy.collapse = Collapse {
            probability: wilson(bad, 10),
            given_collapse: (bad > 0).then(|| outcome(0.412)),
            given_none: Some(outcome(0.971)),
        };
    }
    results
}

/// An error at noon, of three lengths.
fn add_incident(results: &mut Results) {
    let study = &mut results.study;
    let lasts = [300, 600, 1800].map(Span::from_seconds);
    study.names.incidents = vec!["cache-error".to_owned()];
    study.model.incidents = vec![Incident {
        from: study.calendar.parse("2020-04-01T12:00").unwrap(),
        lasts: lasts.to_vec(),
        why: "pages of others shown".to_owned(),
        steps: study.model.classes.iter().map(|class| vec![true; class.journey.len()]).collect(),
    }];
    let counts = |size: f64| {
        let figure = |mean: f64| Some(Estimate { mean, low: Some(mean * 0.98), high: Some(mean * 1.02), n: 10 });
        IncidentCounts { answered: figure(9.0 * size), people: figure(8.0 * size), completed: figure(size) }
    };
    for policy in &mut results.policies {
        let of_length =
            |size: f64| IncidentFigures { total: counts(5.0 * size), classes: vec![counts(size); policy.classes.len()] };
        policy.incidents = vec![lasts.iter().map(|lasts| of_length(lasts.seconds())).collect()];
    }
}

/// Every made-up result, the degenerate ones included.
pub(crate) fn all() -> Vec<Results> {
    vec![
        two_days(),
        one_policy(),
        twelve_policies(),
        zeros(),
        empty_columns(),
        one_bin(),
        twenty_days(),
        hostile_names(),
        nothing(),
        in_doubt(),
        up_and_down(),
    ]
}

/// A load that climbs for a day and falls for another.
pub(crate) fn up_and_down() -> Results {
    let mut results = rush(&["open", "shed"], 2, Span::from_seconds(600));
    let model = &mut results.study.model;
    let cut = Cut { end: model.end, truncate: false };
    let points = [(Time::ZERO, 1.0), (Time(model.end.0 / 2), 9.0), (model.end, 0.0)];
    let curve = Curve::rates(&points, Between::Linear, cut).unwrap();
    model.classes.iter_mut().for_each(|class| class.arrivals = vec![Component { share: 1.0, curve: curve.clone() }]);
    results
}

/// One policy only, hence no comparisons.
pub(crate) fn one_policy() -> Results {
    rush(&["open"], 2, Span::from_seconds(300))
}

/// Many policies that nearly agree.
pub(crate) fn twelve_policies() -> Results {
    let names: Vec<String> = (0..12).map(|i| format!("policy {}", (b'A' + i) as char)).collect();
    rush(&names.iter().map(String::as_str).collect::<Vec<_>>(), 2, Span::from_seconds(600))
}

/// Twenty days in bins of a minute.
pub(crate) fn twenty_days() -> Results {
    rush(&["open", "alphabetical split"], 20, Span::from_seconds(60))
}

/// A million bins.
pub(crate) fn a_million_bins() -> Results {
    rush(&["open"], 10, Span(864_000_000))
}

/// Nobody came: every number is zero.
pub(crate) fn zeros() -> Results {
    let mut results = one_policy();
    for policy in &mut results.policies {
        let zero = |c: &mut Columns| each_column(c, |values| values.iter_mut().for_each(|v| *v = 0.0));
        zero(&mut policy.series.total);
        policy.series.classes.iter_mut().for_each(zero);
        policy.series.stations.iter_mut().for_each(zero);
        let hours = policy.by_arrival.classes.iter_mut().flatten().chain(&mut policy.by_arrival.total);
        hours.for_each(|hour| *hour = Hour::default());
        policy.worst_treated = None;
        policy.fell_most = None;
        policy.completion_curve.clear();
        policy.total = scope_of(0.0, 0.0, 0.0, 0.0, 10);
    }
    results
}

/// No column has a value, no figure is there.
pub(crate) fn empty_columns() -> Results {
    let mut results = two_days();
    for policy in &mut results.policies {
        policy.series.total = Columns::default();
        policy.series.classes.iter_mut().for_each(|c| *c = Columns::default());
        policy.series.stations.iter_mut().for_each(|c| *c = Columns::default());
        policy.by_arrival = ByArrival::default();
        policy.worst_treated = None;
        policy.fell_most = None;
        policy.completion_curve.clear();
        policy.total = ScopeFigures::default();
        policy.classes.iter_mut().for_each(|c| *c = ScopeFigures::default());
        policy.stations.iter_mut().for_each(|s| *s = StationFigures::default());
        policy.time_of_max.iter_mut().for_each(|t| *t = None);
    }
    results.comparisons.clear();
    results
}

/// A single bin of a single replication.
pub(crate) fn one_bin() -> Results {
    let mut results = rush(&["open"], 1, Span::from_seconds(86_400));
    results.replications = 1;
    let sure = |figure: &mut Figure| {
        if let Some(estimate) = figure {
            *estimate = Estimate { low: None, high: None, n: 1, ..*estimate };
        }
    };
    for policy in &mut results.policies {
        policy.total = ScopeFigures::combine(&[&policy.total], &mut |figures: Vec<&Figure>| {
            let mut figure = *figures[0];
            sure(&mut figure);
            figure
        });
    }
    results
}

/// Names as an enemy would write them.
pub(crate) fn hostile_names() -> Results {
    let mut results = rush(
        &["<script>alert(1)</script>", "a very long name of a policy that nobody would want to read on a chart"],
        1,
        Span::from_seconds(600),
    );
    let names = &mut results.study.names;
    names.classes[0] = "\"citizens\", <b>&amp; others</b>\n日本".to_owned();
    names.stations[0] = "x".repeat(200);
    results.study.title = "<script>alert(2)</script>".to_owned();
    results
}

/// No policy, no class, no station.
pub(crate) fn nothing() -> Results {
    let mut results = rush(&["open"], 1, Span::from_seconds(3600));
    results.policies.clear();
    results.comparisons.clear();
    results.observations.clear();
    results.study.names = Names::default();
    results.study.model.classes.clear();
    results.study.model.stations.clear();
    results.study.model.policies.clear();
    results
}

fn each_column(columns: &mut Columns, change: impl Fn(&mut Vec<f64>)) {
    let c = columns;
    for values in [
        &mut c.arrived,
        &mut c.requests,
        &mut c.completed,
        &mut c.timeouts,
        &mut c.refused,
        &mut c.failed,
        &mut c.closed,
        &mut c.queue_average,
        &mut c.queue_max,
        &mut c.in_orbit,
        &mut c.away,
        &mut c.backlog,
        &mut c.queue_p05,
        &mut c.queue_p95,
    ] {
        change(values);
    }
}
