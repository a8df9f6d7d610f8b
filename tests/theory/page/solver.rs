//! The section on the solver of `clickday fluid`: words, tables and picture.

use super::text::{people, signed};
use crate::draw::{Axis, Colour, Plot, Sheet, legend, page};
use crate::fluid::outcome;
use crate::fluid::solver::{Case, MOST, cases};
use std::fmt::Write;

pub(crate) fn section(page: &mut String) {
    let _ = write!(
        page,
        "
## The solver of `clickday fluid`

What [`clickday fluid`](scale.md#the-fluid) says is held against two things: the account of the section above, which is kept for this suite alone and shares no line with the
solver, and copies that grow. Both sides of each comparison are the program as a user has it, with its own choice of cells.

![Queue over a rush by the solver and simulated at growing scales, and how bias and deviation fall with the scale](images/validation/solver.png)

**Against the account**, on the days of the section above. *±*: what each says of its own error.

| counted | account | ± grid | solver | ± step | solver − account |
| --- | --: | --: | --: | --: | --: |
"
    );
    for figure in &outcome().figures {
        let (value, step) = figure.solver();
        let _ = writeln!(
            page,
            "| {} | {} | {} | {} | {} | {} % |",
            figure.name,
            people(figure.fluid),
            people(figure.grid),
            people(value),
            people(step),
            signed(100.0 * (value / figure.fluid - 1.0), 3)
        );
    }
    for case in cases() {
        table(page, case);
    }
    let rush = &cases()[0];
    let timeouts = rush.rows.iter().find(|row| row.count == "timeouts").expect("the timeouts");
    let (rate, error) = rush.rate(timeouts);
    let _ = write!(
        page,
        "
Reference of both: the solver, `clickday fluid` with its own cells. Source: the fluid limit of Mandelbaum, Massey & Reiman, *Strong approximations for Markovian service networks*,
Queueing Systems 30 (1998), by which s^(−1/2) is the deviation of a copy of scale s, and 1/s its bias but where a critical load is passed slowly. Columns of scales: the distance of
the simulated mean from the fluid, with its standard error; in brackets the replications. A count *holds* if the largest copy is within {MOST} standard errors, the step's error and half of
the bias of the copy before, which is what would be left if it fell as the root of the scale only. Over a rush of any size the bias of the timeouts falls with the exponent {rate} ± {error:.2}.
At INPS the copy of a hundredth sometimes collapses in the first night already, in which larger ones and the fluid never do: hence slopes beyond −½.
Test: `growing_copies_come_to_what_the_solver_says`.
",
        rate = signed(rate, 2),
    );
}

fn table(page: &mut String, case: &Case) {
    let scales: Vec<String> = case.scales.iter().map(|(scale, n)| format!("scale {scale} ({n})")).collect();
    let _ = write!(
        page,
        "
**Growing copies of {}**: {}.

| counted | fluid | ± step | {} | slope of the deviation | verdict |
| --- | --: | --: |{} --: | --- |
",
        case.name,
        case.what,
        scales.join(" | "),
        " --: |".repeat(scales.len())
    );
    for row in &case.rows {
        let cells: Vec<String> = (0..case.scales.len())
            .map(|scale| {
                let (bias, error) = row.bias(scale);
                format!("{} % ± {:.2}", signed(100.0 * bias, 2), 100.0 * error)
            })
            .collect();
        let _ = writeln!(
            page,
            "| {} | {} | {:.2} % | {} | {} | {} |",
            row.count,
            people(row.fluid),
            100.0 * row.step / row.fluid,
            cells.join(" | "),
            signed(case.slope(row), 2),
            if row.holds() { "holds" } else { "off" }
        );
    }
}

/// The queue over the rush, and how bias and deviation fall.
pub(crate) fn picture() -> Sheet {
    /// Which scales of the rush are drawn over the clock, and how.
    const LOOKS: [(usize, Colour, &[f64]); 3] =
        [(0, Colour::Green, &[2.5, 2.5]), (1, Colour::Red, &[9.0, 4.0]), (3, Colour::Black, &[])];
    let rush = &cases()[0];
    let mut sheet = page(1000.0, 430.0, "A rush, and how copies come to the fluid");
    let clock = |hours: f64| format!("{:02}:{:02}", 8 + hours as u32, (60.0 * hours.fract()).round());
    let across = Axis::even("", 0.0, 2.0, 0.5, clock);
    let up = Axis::even("requests waiting, by five minutes, per unit of scale", 0.0, 40.0, 10.0, |value| format!("{value:.0}"));
    let plot = Plot::new(&mut sheet, [10.0, 44.0, 620.0, 425.0], across, up);
    let points = |values: &[f64]| -> Vec<(f64, f64)> {
        values.iter().enumerate().map(|(bin, value)| ((bin as f64 + 0.5) * rush.bin, *value)).collect()
    };
    plot.line(&mut sheet, &points(&rush.fluid.account.stations[0].series.queue_average), Colour::Sky, 4.0, &[]);
    legend(&mut sheet, 400.0, "fluid", (Colour::Sky, &[]));
    for (place, (index, colour, dash)) in LOOKS.into_iter().enumerate() {
        plot.line(&mut sheet, &points(&rush.queues[index]), colour, 1.5, dash);
        legend(&mut sheet, 480.0 + 120.0 * place as f64, &format!("scale {}", rush.scales[index].0), (colour, dash));
    }
    falling(&mut sheet);
    sheet
}

/// Bias and deviation of both cases against the scale.
fn falling(sheet: &mut Sheet) {
    let scales = [0.01, 0.1, 1.0, 10.0, 100.0].map(|scale: f64| (scale, scale.to_string()));
    let ticks = [(0.004, String::new())].into_iter().chain(scales);
    let across = Axis::new("scale", ticks.collect(), true);
    let ticks = [(1e-4, "0.01 %"), (1e-3, "0.1 %"), (1e-2, "1 %"), (1e-1, "10 %"), (1.0, "100 %")];
    let ticks = ticks.map(|(share, label)| (share, label.to_owned())).to_vec();
    let up = Axis::new("share of the fluid, root mean square of four counts", ticks, true);
    let plot = Plot::new(sheet, [620.0, 44.0, 1000.0, 425.0], across, up);
    for case in cases() {
        let points = |of: &dyn Fn(usize) -> f64| -> Vec<(f64, f64)> {
            case.scales.iter().enumerate().map(|(place, (scale, _))| (*scale, of(place))).collect()
        };
        let bias = points(&|scale| case.bias(scale));
        let deviation = points(&|scale| case.deviation(scale));
        for (line, colour) in [(&deviation, Colour::Grey), (&bias, Colour::Red)] {
            plot.line(sheet, line, colour, 2.0, &[]);
            line.iter().for_each(|point| plot.dot(sheet, *point, 3.0, colour));
        }
    }
    let theory = |scale: f64| (scale, 0.3 * scale.powf(-0.5));
    plot.line(sheet, &[theory(0.6), theory(80.0)], Colour::Sky, 2.0, &[]);
    plot.note(sheet, (5.0, 0.16), "slope −½", Colour::Black);
    plot.note(sheet, (0.0055, 2.6e-4), "grey: deviation of a run", Colour::Grey);
    plot.note(sheet, (0.0055, 1.5e-4), "red: bias; left INPS, right the rush", Colour::Red);
}
