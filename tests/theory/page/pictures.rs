//! The pictures of the page.

use crate::draw::{Axis, Colour, Plot, Sheet, page, png};
use crate::family::Family;
use crate::fluid::{self, BIN, SCALES};
use crate::table::Curve;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// Their names below `docs`, and the files.
pub(super) fn all(families: impl Iterator<Item = &'static Family>) -> Vec<(String, Vec<u8>)> {
    let families: Vec<&Family> = families.collect();
    let curves: Vec<&Curve> = families.iter().flat_map(|family| &family.table().curves).collect();
    let file = |name: &str, sheet: &Sheet| (format!("images/validation/{name}.png"), png(sheet));
    vec![file("z-scores", &scores(&families)), file("day", &days(&curves)), file("fluid", &queues())]
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
    let mut sheet = page(620.0, 470.0, &format!("{count} comparisons with theory: z, ordered"));
    let tick = |value: f64| format!("{value:.0}").replace('-', "−");
    let across = Axis::even("quantile of the normal distribution", -4.0, 4.0, 1.0, tick);
    let up = Axis::even("z, made normal by its degrees of freedom", -4.0, 4.0, 1.0, tick);
    let plot = Plot::new(&mut sheet, [10.0, 44.0, 610.0, 465.0], across, up);
    // The 95 % band of each order statistic, were all independent: uniform order statistics are beta, about normal.
    let at = |i: usize| (i as f64 + 0.5) / count;
    let band = |side: f64| -> Vec<(f64, f64)> {
        let edge = |i: usize| {
            let p = at(i);
            let error = (p * (1.0 - p) / (count + 1.0)).sqrt();
            (normal.inverse_cdf(p), normal.inverse_cdf((p + side * error).clamp(0.3 / count, 1.0 - 0.3 / count)))
        };
        (0..scores.len()).map(edge).collect()
    };
    plot.band(&mut sheet, &band(-1.96), &band(1.96), Colour::Grey);
    plot.line(&mut sheet, &[(-4.0, -4.0), (4.0, 4.0)], Colour::Black, 1.0, &[]);
    for (i, score) in scores.iter().enumerate() {
        plot.dot(&mut sheet, (normal.inverse_cdf(at(i)), *score), 2.0, Colour::Red);
    }
    plot.legend(&mut sheet, 0, 14.0, "a right simulator; shaded: where 95 % of each value lie", (Colour::Black, &[]));
    sheet
}

/// The exact expected queue over the day and the simulated one.
fn days(curves: &[&Curve]) -> Sheet {
    let mut sheet = page(900.0, 640.0, "Expected queue by quarter of an hour: exact, and simulated with its 95 % interval");
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
        if place == 0 {
            plot.legend(&mut sheet, 0, 14.0, "exact", (Colour::Sky, &[]));
            plot.legend(&mut sheet, 1, 14.0, "simulated", (Colour::Red, &[]));
        }
    }
    sheet
}

/// The queue over the two days by scale, and the distance of counts from the fluid against the scale.
fn queues() -> Sheet {
    const LOOKS: [(Colour, &[f64]); 3] = [(Colour::Green, &[2.5, 2.5]), (Colour::Red, &[9.0, 4.0]), (Colour::Black, &[])];
    let outcome = fluid::outcome();
    let mut sheet = page(1000.0, 420.0, "The two days at INPS without operators: fluid, and mean of simulated copies");
    let across = Axis::even("1 and 2 April", 0.0, 48.0, 6.0, clock);
    let up = Axis::even("requests waiting, by quarter of an hour, per unit of scale", 0.0, 10_000.0, 2_500.0, |value| {
        format!("{value:.0}")
    });
    let plot = Plot::new(&mut sheet, [10.0, 44.0, 660.0, 415.0], across, up);
    let points = |values: &[f64]| -> Vec<(f64, f64)> {
        values.iter().enumerate().map(|(bin, value)| ((bin as f64 + 0.5) * BIN / 3600.0, *value)).collect()
    };
    plot.line(&mut sheet, &points(&outcome.queue), Colour::Sky, 4.0, &[]);
    plot.legend(&mut sheet, 0, 300.0, "fluid", (Colour::Sky, &[]));
    for (place, ((values, (scale, _)), (colour, dash))) in outcome.queues.iter().zip(SCALES).zip(LOOKS).enumerate() {
        plot.line(&mut sheet, &points(values), colour, 1.5, dash);
        plot.legend(&mut sheet, place + 1, 300.0, &format!("scale {scale}"), (colour, dash));
    }
    let power = |exponent: i32, label: &str| (10f64.powi(exponent), label.to_owned());
    let across = Axis::new(
        "scale",
        vec![(0.005, String::new()), (0.01, "0.01".into()), (0.04, "0.04".into()), (0.16, "0.16".into()), (0.32, String::new())],
        true,
    );
    let up = Axis::new(
        "a replication's standard deviation over the mean",
        vec![power(-4, "0.01 %"), power(-3, "0.1 %"), power(-2, "1 %"), power(-1, "10 %"), power(0, "100 %")],
        true,
    );
    let plot = Plot::new(&mut sheet, [650.0, 44.0, 990.0, 415.0], across, up);
    for figure in &outcome.figures {
        let line: Vec<(f64, f64)> =
            figure.samples.iter().zip(SCALES).map(|(sample, (scale, _))| (scale, sample.deviation / sample.mean)).collect();
        plot.line(&mut sheet, &line, Colour::Grey, 1.0, &[]);
        line.iter().for_each(|point| plot.dot(&mut sheet, *point, 2.4, Colour::Red));
    }
    let theory = |scale: f64| (scale, 0.06 * (scale / 0.01).powf(-0.5));
    plot.line(&mut sheet, &[theory(0.006), theory(0.3)], Colour::Sky, 2.5, &[]);
    plot.legend(&mut sheet, 0, 100.0, "slope −½", (Colour::Sky, &[]));
    sheet
}
