//! The pictures of the page.

use crate::coverage::{self, holds};
use crate::draw::{Axis, Colour, Plot, Sheet, legend, page, png};
use crate::family::Family;
use crate::fluid::{self, BIN, SCALES};
use crate::table::Curve;
use statrs::distribution::{Beta, ContinuousCDF, Normal, StudentsT};

/// Their names below `docs`, and the files.
pub(super) fn all(families: impl Iterator<Item = &'static Family>) -> Vec<(String, Vec<u8>)> {
    let families: Vec<&Family> = families.collect();
    let curves: Vec<&Curve> = families.iter().flat_map(|family| &family.table().curves).collect();
    let file = |name: &str, sheet: &Sheet| (format!("images/validation/{name}.png"), png(sheet));
    vec![
        file("z-scores", &scores(&families)),
        file("day", &days(&curves)),
        file("fluid", &rates()),
        file("solver", &super::solver::picture()),
        file("coverage", &intervals()),
    ]
}

fn clock(hours: f64) -> String {
    format!("{:02}:00", hours as u32 % 24)
}

/// Ordered z, each turned into a normal one by its own degrees of freedom, against the normal quantiles.
fn scores(families: &[&Family]) -> Sheet {
    let normal = Normal::standard();
    let as_normal = |z: f64, n: u32| {
        let student = StudentsT::new(0.0, 1.0, f64::from(n) - 1.0).expect("degrees of freedom");
        normal.inverse_cdf(student.cdf(z))
    };
    let rows = families.iter().flat_map(|family| &family.table().rows);
    let mut scores: Vec<f64> = rows.map(|row| as_normal(row.z, row.simulated.n)).collect();
    scores.sort_by(f64::total_cmp);
    let count = scores.len() as f64;
    let mut sheet = page(620.0, 470.0, &format!("z of {count} comparisons, ordered; shaded: 95 % of each"));
    let tick = |value: f64| format!("{value:.0}").replace('-', "−");
    let across = Axis::even("quantile of the normal distribution", -4.0, 4.0, 1.0, tick);
    let up = Axis::even("z, made normal by its degrees of freedom", -4.0, 4.0, 1.0, tick);
    let plot = Plot::new(&mut sheet, [10.0, 44.0, 610.0, 465.0], across, up);
    // Were all independent, the i-th of n uniform values would be a beta of i and n + 1 − i.
    let at = |i: usize| (i as f64 + 0.5) / count;
    let band = |p: f64| -> Vec<(f64, f64)> {
        let edge = |i: usize| {
            let beta = Beta::new(i as f64 + 1.0, count - i as f64).expect("ranks");
            (normal.inverse_cdf(at(i)), normal.inverse_cdf(beta.inverse_cdf(p)))
        };
        (0..scores.len()).map(edge).collect()
    };
    plot.band(&mut sheet, &band(0.025), &band(0.975), Colour::Grey);
    plot.line(&mut sheet, &[(-4.0, -4.0), (4.0, 4.0)], Colour::Black, 1.0, &[]);
    for (i, score) in scores.iter().enumerate() {
        plot.dot(&mut sheet, (normal.inverse_cdf(at(i)), *score), 2.0, Colour::Red);
    }
    sheet
}

/// The exact expected queue over the day and the simulated one.
fn days(curves: &[&Curve]) -> Sheet {
    let mut sheet = page(900.0, 640.0, "Expected queue by quarter of an hour (the intervals are smaller than the dots)");
    for (place, curve) in curves.iter().enumerate().take(4) {
        let (column, row) = ((place % 2) as f64, (place / 2) as f64);
        let area = [10.0 + 440.0 * column, 52.0 + 290.0 * row, 450.0 + 440.0 * column, 342.0 + 290.0 * row];
        let across = Axis::even("", 0.0, 12.0, 2.0, clock);
        let up = Axis::even(&format!("{}: requests waiting", curve.case), 0.0, 40.0, 10.0, |value| format!("{value:.0}"));
        let plot = Plot::new(&mut sheet, area, across, up);
        let middle = |bin: usize| (bin as f64 + 0.5) * 0.25;
        let exact: Vec<(f64, f64)> = curve.reference.iter().enumerate().map(|(bin, value)| (middle(bin), *value)).collect();
        plot.line(&mut sheet, &exact, Colour::Sky, 3.0, &[]);
        for (bin, estimate) in curve.simulated.iter().enumerate() {
            let (low, high) = (estimate.low.unwrap_or(estimate.mean), estimate.high.unwrap_or(estimate.mean));
            plot.whisker(&mut sheet, middle(bin), (low, high), Colour::Red);
            plot.dot(&mut sheet, (middle(bin), estimate.mean), 2.0, Colour::Red);
        }
    }
    legend(&mut sheet, 700.0, "exact", (Colour::Sky, &[]));
    legend(&mut sheet, 790.0, "simulated", (Colour::Red, &[]));
    sheet
}

/// Goodput over the two days by scale, and how bias and standard deviation fall with it.
fn rates() -> Sheet {
    /// Which scales are drawn over the clock, and how.
    const LOOKS: [(usize, Colour, &[f64]); 3] =
        [(0, Colour::Green, &[2.5, 2.5]), (2, Colour::Red, &[9.0, 4.0]), (4, Colour::Black, &[])];
    let outcome = fluid::outcome();
    let mut sheet = page(1000.0, 430.0, "The two days at INPS without operators");
    let across = Axis::even("1 and 2 April", 0.0, 48.0, 6.0, clock);
    let up =
        Axis::even("completed a second, by quarter of an hour, per unit of scale", 0.0, 25.0, 5.0, |value| format!("{value:.0}"));
    let plot = Plot::new(&mut sheet, [10.0, 44.0, 660.0, 425.0], across, up);
    let points = |values: &[f64]| -> Vec<(f64, f64)> {
        values.iter().enumerate().map(|(bin, value)| ((bin as f64 + 0.5) * BIN / 3600.0, *value / BIN)).collect()
    };
    plot.line(&mut sheet, &points(&outcome.completed), Colour::Sky, 4.0, &[]);
    legend(&mut sheet, 370.0, "fluid", (Colour::Sky, &[]));
    for (place, (index, colour, dash)) in LOOKS.into_iter().enumerate() {
        plot.line(&mut sheet, &points(&outcome.of_scales[index]), colour, 1.5, dash);
        legend(&mut sheet, 450.0 + 120.0 * place as f64, &format!("scale {}", SCALES[index].0), (colour, dash));
    }
    let inside = SCALES.map(|(scale, _)| (scale, scale.to_string()));
    let ticks = [(0.005, String::new())].into_iter().chain(inside).chain([(2.0, String::new())]);
    let across = Axis::new("scale", ticks.collect(), true);
    let ticks = [(1e-5, "0.001 %"), (1e-4, "0.01 %"), (1e-3, "0.1 %"), (1e-2, "1 %"), (1e-1, "10 %")];
    let ticks = ticks.map(|(share, label)| (share, label.to_owned())).to_vec();
    let up = Axis::new("share of the mean, on logarithmic scales", ticks, true);
    let plot = Plot::new(&mut sheet, [660.0, 44.0, 1000.0, 425.0], across, up);
    for figure in &outcome.figures {
        let line: Vec<(f64, f64)> =
            figure.samples.iter().zip(SCALES).map(|(sample, (scale, _))| (scale, sample.deviation / sample.mean)).collect();
        plot.line(&mut sheet, &line, Colour::Grey, 0.8, &[]);
        line.iter().for_each(|point| plot.dot(&mut sheet, *point, 2.2, Colour::Grey));
    }
    let bias: Vec<(f64, f64)> = SCALES.iter().enumerate().map(|(i, (scale, _))| (*scale, fluid::bias(outcome, i))).collect();
    plot.line(&mut sheet, &bias, Colour::Red, 2.2, &[]);
    bias.iter().for_each(|point| plot.dot(&mut sheet, *point, 3.2, Colour::Red));
    let theory = |scale: f64| (scale, 0.06 * (scale / 0.01).powf(-0.5));
    plot.line(&mut sheet, &[theory(0.006), theory(1.5)], Colour::Sky, 2.5, &[]);
    plot.note(&mut sheet, (0.02, 0.06), "slope −½", Colour::Black);
    plot.note(&mut sheet, (0.0055, 5.95e-5), "grey: deviation of a run", Colour::Grey);
    plot.note(&mut sheet, (0.0055, 2.98e-5), "red: bias, root mean square", Colour::Red);
    sheet
}

/// The intervals of the first hundred experiments, those that miss marked, and how many hold by figure.
fn intervals() -> Sheet {
    let cases = coverage::simulated();
    let case = &cases[1];
    let mut sheet = page(1000.0, 400.0, "Intervals of 95 % that hold the truth and that do not");
    let tick = |value: f64| format!("{value:.0}");
    let across = Axis::even("experiment", 0.0, 100.0, 20.0, tick);
    let middle = (case.truth / 10.0).round() * 10.0;
    let up = Axis::even("requests turned away, interval over ten replications", middle - 30.0, middle + 30.0, 10.0, tick);
    let plot = Plot::new(&mut sheet, [10.0, 44.0, 620.0, 395.0], across, up);
    plot.line(&mut sheet, &[(0.0, case.truth), (100.0, case.truth)], Colour::Sky, 2.5, &[]);
    for (place, estimate) in case.estimates.iter().take(100).enumerate() {
        let (x, right) = (place as f64 + 0.5, holds(estimate, case.truth));
        let colour = if right { Colour::Grey } else { Colour::Red };
        plot.whisker(&mut sheet, x, (estimate.low.expect("an interval"), estimate.high.expect("an interval")), colour);
        plot.dot(&mut sheet, (x, estimate.mean), if right { 1.6 } else { 3.4 }, colour);
    }
    legend(&mut sheet, 470.0, "exact", (Colour::Sky, &[]));
    legend(&mut sheet, 560.0, "holds it", (Colour::Grey, &[]));
    legend(&mut sheet, 660.0, "misses it (larger dot)", (Colour::Red, &[]));
    let count = cases.len() as f64;
    let across = Axis::even("figure, as in the table", 0.0, count + 1.0, 1.0, |value| {
        if value == 0.0 || value > count { String::new() } else { tick(value) }
    });
    let up = Axis::even("of 1,000 experiments, those that hold the truth", 900.0, 1000.0, 10.0, tick);
    let plot = Plot::new(&mut sheet, [630.0, 44.0, 1000.0, 395.0], across, up);
    let (low, high) = coverage::bounds();
    let edge = |held: u32| [(0.0, f64::from(held)), (count + 1.0, f64::from(held))];
    plot.band(&mut sheet, &edge(low), &edge(high), Colour::Grey);
    plot.line(&mut sheet, &[(0.0, 950.0), (count + 1.0, 950.0)], Colour::Black, 1.0, &[]);
    for (place, case) in cases.iter().enumerate() {
        plot.dot(&mut sheet, (place as f64 + 1.0, f64::from(case.held())), 3.6, Colour::Red);
    }
    plot.note(&mut sheet, (0.2, 907.0), "shaded: where a right program stays", Colour::Black);
    plot.note(&mut sheet, (0.2, 902.0), "but once in a million times", Colour::Black);
    sheet
}
