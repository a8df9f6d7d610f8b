//! Made-up figures and series of the made-up study.

use super::study::{CLASSES, study};
use crate::experiment::{
    Audit, AuditCheck, ByArrival, Collapse, Columns, Comparison, Counts, DoneWithin, FellMost, Figure, Hour, JudgedBy, Observed,
    Opening, OperatorFigures, PolicyResult, Quantiles, QueueLength, Results, RuleFigures, ScopeFigures, Series, StationConduct,
    StationFigures, StationWork, WorstTreated,
};
use crate::model::{Metric, Moment, Observation, Study};
use crate::stats::Estimate;
use crate::time::Span;

/// A run of some policies over some days.
pub(super) fn rush(policies: &[&str], days: u64, bin: Span) -> Results {
    let study = study(policies, days, bin);
    let runs: Vec<PolicyResult> = (0..policies.len()).map(|policy| policy_result(&study, policy)).collect();
    let observations = observed(&study);
    Results {
        comparisons: comparisons(policies.len()),
        policies: runs,
        observations,
        replications: 10,
        seed: 20_200_401,
        sequential: None,
        events: 1_000_000,
        peak_people: 40_000,
        audit: Audit {
            holds: true,
            checks: vec![AuditCheck { name: "arrived = completed + abandoned + pending".to_owned(), residual: 0 }],
        },
        study,
    }
}

/// A ripple between -1 and 1 that looks like chance and is none.
fn ripple(i: usize, salt: usize) -> f64 {
    let mixed =
        (i as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(salt as u32 * 7 + 13).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

/// Arrivals per hour of day.
const HOURS: [f64; 24] =
    [3.0, 2.0, 1.0, 1.0, 1.0, 2.0, 4.0, 8.0, 9.0, 9.0, 9.0, 8.0, 7.0, 7.0, 8.0, 8.0, 8.0, 7.0, 6.0, 6.0, 5.0, 5.0, 4.0, 3.0];

/// A fluid sketch of one class under one policy: what arrives waits behind a capacity, and some of it times out.
fn class_columns(study: &Study, policy: usize, class: usize) -> Columns {
    let model = &study.model;
    let twelve = study.names.policies.len() == 12;
    let rule = model.policies[policy].windows().next();
    let days = model.end.seconds() / 86_400.0;
    let population = CLASSES[class].1;
    let outage = &model.stations[0].outages[0];
    let better = if twelve { 1.0 + policy as f64 * 0.002 } else { [1.0, 1.25, 1.6][policy % 3] };
    let mut waiting = 0.0;
    let mut columns = Columns::default();
    for bin in 0..model.bins() {
        let (from, to) = model.bin_bounds(bin);
        let width = to.since(from).seconds();
        let hour = (from.seconds() / 3600.0) as usize;
        let fade = (-from.seconds() / 86_400.0 / days * 2.0).exp() * 1.7;
        let arrived = population * HOURS[hour % 24] / 131.0 / days * width / 3600.0 * fade * (1.0 + 0.15 * ripple(bin, class));
        let open = rule.is_none_or(|rule| rule.open(class, 0.5).is_none_or(|open| open.contains(from)));
        let down = from < outage.to && outage.from < to;
        waiting += arrived;
        let capacity = if down || !open { 0.0 } else { population / 240_000.0 * better * width };
        let completed =
            f64::min(waiting, capacity / (1.0 + waiting / population * 0.8)) * (1.0 + 0.1 * ripple(bin, class + 9)).min(1.0);
        waiting -= completed;
        let queued = waiting * 0.08;
        let timeouts = if down || !open { 0.0 } else { queued * width / 600.0 / better * (1.0 + 0.3 * ripple(bin, class + 3)) };
        let refused = if down { waiting * width / 3600.0 } else { 0.0 };
        columns.arrived.push(arrived);
        columns.completed.push(completed);
        columns.timeouts.push(timeouts);
        columns.refused.push(refused);
        columns.failed.push(if down && from <= outage.from { queued } else { 0.0 });
        columns.closed.push(if open { 0.0 } else { arrived * 0.3 });
        columns.requests.push(completed * 4.0 + timeouts + refused + if open { 0.0 } else { arrived * 0.3 });
        columns.in_orbit.push(waiting * 0.4);
        columns.away.push(waiting * 0.5);
        if model.classes[class].operators.is_some() {
            columns.backlog.push(waiting * 0.7);
        }
        // The queue of a class is shown at its stations only; the sum below takes it from here.
        columns.queue_average.push(if down { 0.0 } else { queued });
    }
    columns
}

fn add(into: &mut Vec<f64>, values: &[f64]) {
    into.resize(values.len().max(into.len()), 0.0);
    into.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
}

fn series(study: &Study, policy: usize) -> Series {
    let mut classes: Vec<Columns> = (0..CLASSES.len()).map(|class| class_columns(study, policy, class)).collect();
    let mut total = Columns::default();
    for class in &mut classes {
        for (into, values) in [
            (&mut total.arrived, &class.arrived),
            (&mut total.requests, &class.requests),
            (&mut total.completed, &class.completed),
            (&mut total.timeouts, &class.timeouts),
            (&mut total.refused, &class.refused),
            (&mut total.failed, &class.failed),
            (&mut total.closed, &class.closed),
            (&mut total.in_orbit, &class.in_orbit),
            (&mut total.away, &class.away),
            (&mut total.queue_average, &class.queue_average),
        ] {
            add(into, values);
        }
        if !class.backlog.is_empty() {
            add(&mut total.backlog, &class.backlog);
        }
        class.queue_average.clear();
    }
    total.queue_max = total.queue_average.iter().map(|q| q * 1.02).collect();
    total.queue_p05 = total.queue_average.iter().map(|q| q * 0.85).collect();
    total.queue_p95 = total.queue_average.iter().map(|q| q * 1.2).collect();
    let station = Columns {
        requests: total.requests.clone(),
        completed: total.completed.clone(),
        timeouts: total.timeouts.clone(),
        refused: total.refused.clone(),
        failed: total.failed.clone(),
        queue_average: total.queue_average.clone(),
        queue_max: total.queue_max.clone(),
        queue_p05: total.queue_p05.clone(),
        queue_p95: total.queue_p95.clone(),
        ..Columns::default()
    };
    Series { total, classes, stations: vec![station.clone(), station] }
}

fn figure(mean: f64, spread: f64) -> Figure {
    let half = mean.abs() * spread;
    Some(Estimate { mean, low: Some(mean - half), high: Some(mean + half), n: 10 })
}

fn quantiles(median: f64) -> Quantiles<Figure> {
    let at = |factor: f64| figure(median * factor, 0.03);
    Quantiles { mean: at(1.6), p50: at(1.0), p90: at(3.0), p95: at(4.2), p99: at(7.0), max: at(9.0) }
}

pub(super) fn scope_of(arrived: f64, completed: f64, requests: f64, timeouts: f64, salt: usize) -> ScopeFigures<Figure> {
    let share = |a: f64, b: f64| if b > 0.0 { figure(a / b, 0.01) } else { None };
    let count = |value: f64| figure(value, 0.005);
    let counts = Counts {
        population: count(arrived * 1.02),
        arrived: count(arrived),
        not_arrived: count(arrived * 0.02),
        completed: count(completed),
        abandoned: count((arrived - completed) * 0.2),
        pending: count((arrived - completed) * 0.8),
        sessions: count(arrived * 2.0),
        requests: count(requests),
        answered: count(requests - timeouts),
        timeouts: count(timeouts),
        refused: count(0.0),
        failed: count(0.0),
        closed: count(0.0),
        retries: count(requests * 0.3),
        completed_share: share(completed, arrived),
        timeout_share: share(timeouts, requests),
        lost_share: share(timeouts, requests),
        requests_per_completion: share(requests, completed),
    };
    let done = |factor: f64| share(completed * factor, arrived);
    let done_within = DoneWithin { one_hour: done(0.2), four_hours: done(0.5), a_day: done(0.9) };
    let measured = completed > 0.0;
    let times = |median: f64| if measured { quantiles(median) } else { Quantiles::default() };
    ScopeFigures { counts, done_within, wait: times(20.0), time_to_complete: times(12_000.0 * (1.0 + 0.2 * ripple(salt, 5))) }
}

fn scope_figures(columns: &Columns, salt: usize) -> ScopeFigures<Figure> {
    let sum = |values: &[f64]| values.iter().sum::<f64>();
    scope_of(sum(&columns.arrived), sum(&columns.completed), sum(&columns.requests), sum(&columns.timeouts), salt)
}

/// What a waiting room did.
fn rule() -> RuleFigures<Figure> {
    RuleFigures {
        rule: "waiting_room",
        figures: vec![("joined", figure(40_000.0, 0.02)), ("people_average", None)],
        times: vec![("time_in_room", Quantiles { mean: figure(600.0, 0.1), ..Quantiles::default() })],
    }
}

fn policy_result(study: &Study, policy: usize) -> PolicyResult {
    let series = series(study, policy);
    let queue = &series.total.queue_average;
    let longest = queue.iter().copied().fold(0.0, f64::max);
    let average = queue.iter().sum::<f64>() / queue.len() as f64;
    let queue_length =
        QueueLength { time_average: figure(average, 0.02), p95: figure(longest * 0.9, 0.02), max: figure(longest, 0.05) };
    let work = StationWork {
        utilisation: figure(0.93, 0.01),
        wasted_share: figure(0.41, 0.04),
        served: figure(4e6, 0.01),
        ..StationWork::default()
    };
    let idle = StationFigures {
        queue_length: QueueLength { time_average: figure(0.0, 0.0), ..QueueLength::default() },
        work: StationWork::default(),
        conduct: StationConduct::default(),
    };
    let operators = |class: usize| {
        study.model.classes[class].operators.as_ref().map(|_| OperatorFigures {
            collected: figure(CLASSES[class].1, 0.0),
            uploaded: figure(CLASSES[class].1 * 0.6, 0.01),
            backlog_max: figure(CLASSES[class].1 * 0.4, 0.03),
            utilisation: figure(0.98, 0.002),
        })
    };
    let completed = series.total.completed.iter().sum::<f64>() / series.total.arrived.iter().sum::<f64>();
    let centre = 12_000.0 / [1.0, 0.6, 1.8][policy % 3];
    let curve = (0..400).map(|i| {
        let seconds = 20.0 * 1.025f64.powi(i);
        (seconds, completed / (1.0 + (centre / seconds).powf(1.3)))
    });
    PolicyResult {
        policy,
        total: scope_figures(&series.total, policy),
        classes: series.classes.iter().enumerate().map(|(class, c)| scope_figures(c, policy * 7 + class)).collect(),
        operators: (0..CLASSES.len()).map(operators).collect(),
        stations: vec![StationFigures { queue_length, work, conduct: StationConduct::default() }, idle],
        openings: openings(study, policy),
        time_of_max: vec![Some("2020-04-01T09:12".to_owned()), None],
        by_arrival: by_arrival(study, &series),
        worst_treated: Some(worst_treated(study)),
        fell_most: (policy > 0).then(|| fell_most(study)),
        series,
        completion_curve: curve.collect(),
        rules: if policy == 1 { vec![rule()] } else { Vec::new() },
        budget: None,
        incidents: Vec::new(),
        collapse: Collapse::default(),
        sure: None,
    }
}

/// Those who came, hour by hour, with chances that fall by day.
fn by_arrival(study: &Study, series: &Series) -> ByArrival {
    let model = &study.model;
    let hours = |(class, columns): (usize, &Columns)| {
        let mut hours = vec![Hour::default(); model.slots()];
        for (bin, arrived) in columns.arrived.iter().enumerate() {
            let from = model.bin_bounds(bin).0;
            let slot = (from.0 / model.slot().0) as usize;
            let chance = 0.5 + 0.4 * ripple(slot, class) - HOURS[slot % 24] * 0.01;
            let had =
                [1.0, 4.0, 24.0].map(|hours| if from.seconds() + hours * 3600.0 < model.end.seconds() { *arrived } else { 0.0 });
            hours[slot] = hours[slot].and(&Hour {
                arrived: *arrived,
                completed: arrived * chance,
                abandoned: arrived * 0.1 * (1.0 - chance),
                had_time: had,
                done_in_time: [had[0] * chance * 0.2, had[1] * chance * 0.5, had[2] * chance * 0.9],
                seconds: arrived * chance * 9000.0,
            });
        }
        hours
    };
    let classes: Vec<Vec<Hour>> = series.classes.iter().enumerate().map(hours).collect();
    let all = |slot: usize| classes.iter().fold(Hour::default(), |all, class| all.and(&class[slot]));
    ByArrival { total: (0..model.slots()).map(all).collect(), classes }
}

fn worst_treated(study: &Study) -> WorstTreated {
    let (from, to) = study.model.slot_bounds(3);
    WorstTreated {
        class: 0,
        from,
        to,
        alike: 2,
        judged_by: JudgedBy::FourHours,
        arrived: figure(4321.0, 0.01),
        done_within: DoneWithin { one_hour: figure(0.01, 0.1), four_hours: figure(0.12, 0.05), a_day: figure(0.25, 0.05) },
        completed_share: figure(0.31, 0.02),
        abandoned_share: figure(0.44, 0.02),
    }
}

fn fell_most(study: &Study) -> FellMost {
    let (from, to) = study.model.slot_bounds(study.model.slots().saturating_sub(9));
    FellMost {
        class: 2,
        from,
        to,
        judged_by: JudgedBy::FourHours,
        arrived: figure(1234.0, 0.01),
        before: figure(0.912, 0.01),
        completed_share: figure(0.712, 0.01),
        difference: figure(-0.2, 0.05),
        in_time_before: figure(0.6, 0.01),
        in_time: figure(0.04, 0.01),
    }
}

/// The citizens' window of the second day, where the policy has it.
fn openings(study: &Study, policy: usize) -> Vec<Opening> {
    let Ok(at) = study.calendar.parse("2020-04-02T16:00") else { return Vec::new() };
    let windows = at < study.model.end && !study.model.policies[policy].rules.is_empty();
    let opening = Opening {
        at,
        classes: vec![0, 1],
        cohorts: vec![String::new(), String::new()],
        station_down: false,
        lost_before: figure(0.021, 0.1),
        lost_after: figure(0.843, 0.01),
    };
    if windows { vec![opening] } else { Vec::new() }
}

fn comparisons(policies: usize) -> Vec<Comparison> {
    const FIGURES: [(&str, f64); 8] = [
        ("completed", 31_000.0),
        ("completed_share", 0.021),
        ("timeouts", -402_000.0),
        ("timeout_share", -0.123),
        ("requests_per_completion", -1.4),
        ("time_to_complete.p50", 11_160.0),
        ("time_to_complete.p95", 14_000.0),
        ("lost_share", -0.082),
    ];
    let mut all = Vec::new();
    for policy in 1..policies {
        for class in std::iter::once(None).chain((0..CLASSES.len()).map(Some)) {
            for (number, (figure, mean)) in FIGURES.into_iter().enumerate() {
                let mean = mean * (1.0 + ripple(policy * 50 + class.map_or(0, |c| c + 1) * 9 + number, 2));
                let half = mean.abs() * if (policy + number).is_multiple_of(3) { 1.5 } else { 0.1 };
                let difference = Estimate { mean, low: Some(mean - half), high: Some(mean + half), n: 10 };
                all.push(Comparison {
                    policy,
                    against: 0,
                    class,
                    figure,
                    difference,
                    distinct: half < mean.abs(),
                    p_holm: difference.p_value(),
                });
            }
        }
    }
    all
}

fn observed(study: &Study) -> Vec<Observed> {
    let at = |text| study.calendar.parse(text).unwrap();
    let observation = |moment, classes: &[usize], metric, value, source: &str| Observation {
        moment,
        policy: None,
        classes: classes.to_vec(),
        metric,
        value,
        tolerance: 0.25,
        source: source.to_owned(),
    };
    [
        observation(Moment::At(at("2020-04-01T08:30")), &[], Metric::Completed, 300_000.0, "the agency's president, 1 April"),
        observation(Moment::At(at("2020-04-01T10:00")), &[0], Metric::Completed, 160_000.0, "press"),
        observation(Moment::At(at("2020-04-01T16:00")), &[0, 1], Metric::Completed, 339_000.0, "the agency's note"),
        observation(
            Moment::Between(at("2020-04-01T08:00"), at("2020-04-01T09:00")),
            &[],
            Metric::Completed,
            27.0,
            "the agency: 100 a second",
        ),
        observation(Moment::At(at("2020-04-01T12:00")), &[2], Metric::Backlog, 100_000.0, ""),
    ]
    .into_iter()
    .enumerate()
    .map(|(i, observation)| {
        let simulated = if i == 4 { None } else { figure(observation.value * (0.8 + 0.15 * i as f64), 0.02) };
        Observed { policy: usize::from(i == 2) % study.names.policies.len(), observation, simulated, holds: i < 2 }
    })
    .collect()
}
