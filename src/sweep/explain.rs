//! A sweep in plain words.

use super::design::Design;
use super::load::Sweep;
use super::parameter::{Parameter, Source, Unit};
use crate::time::Span;
use std::fmt::Write;

/// What a sweep will do, for `clickday check`.
#[must_use]
pub fn explain_sweep(sweep: &Sweep) -> String {
    let layout = &sweep.layout;
    let mut text = format!("{}: {}\n\n", layout.sweep, layout.title);
    let _ = writeln!(text, "Scenario   {} ({})", layout.scenario, sweep.base.path().display());
    if layout.scale != 1.0 {
        let _ = writeln!(text, "           a copy at scale {}", layout.scale);
    }
    for (i, parameter) in layout.parameters.iter().enumerate() {
        let head = if i == 0 { "Varied     " } else { "           " };
        let now = sweep.base.value(&parameter.pointer).map_or_else(|| "not there".to_owned(), |value| value.to_string());
        let _ = writeln!(text, "{head}{} {}; the scenario has {now}", parameter.pointer, words(parameter));
    }
    let design = match layout.design {
        Design::Grid => "every value with every other",
        Design::Zip => "first values together, second values together, and so on",
        Design::LatinHypercube => "a Latin hypercube",
        Design::Sobol => "a Sobol sequence",
        Design::Morris => "walks after Morris",
        Design::Saltelli => "the matrices of Saltelli",
    };
    let runs = layout.cells * layout.runs_of_cell();
    let _ = writeln!(text, "Cells      {} ({design})", layout.cells);
    let _ = writeln!(text, "Policies   {}", layout.policies.join(", "));
    let _ = writeln!(text, "Runs       {} of each policy in each cell, {runs} in all, seed {}", layout.replications, layout.seed);
    let mut figures: Vec<&str> = layout.figures.iter().map(|key| key.figure.as_str()).collect();
    figures.sort_unstable();
    figures.dedup();
    let _ = writeln!(text, "Figures    {}", figures.join(", "));
    if let Some(goal) = &layout.goal {
        let _ = writeln!(text, "Goal       {}", goal.text);
    }
    for (i, (pointer, weight)) in layout.cost.iter().enumerate() {
        let _ = writeln!(text, "{}{weight} for each unit of {pointer}", if i == 0 { "Cost       " } else { "           " });
    }
    text
}

fn words(parameter: &Parameter) -> String {
    let say = |value: f64| match parameter.unit {
        Unit::Seconds => Span::from_nanos(value * 1e9).to_string(),
        _ => parameter.of_number(value).label(),
    };
    let whole = if parameter.whole { ", whole numbers" } else { "" };
    match &parameter.values {
        Source::List(values) => {
            let shown: Vec<String> = values.iter().take(8).map(ToString::to_string).collect();
            let more = if values.len() > 8 { format!(" … ({} values)", values.len()) } else { String::new() };
            format!("= {}{more}", shown.join(", "))
        }
        Source::Range { from, to, logarithmic, .. } => {
            let steps = if *logarithmic { "equal factors" } else { "equal steps" };
            let count = parameter.listed().map_or(0, |values| values.len());
            format!("from {} to {} in {count} values, {steps}{whole}", say(*from), say(*to))
        }
        Source::Uniform { from, to } => format!("uniform from {} to {}{whole}", say(*from), say(*to)),
        Source::Loguniform { from, to } => format!("log-uniform from {} to {}{whole}", say(*from), say(*to)),
        Source::Triangular { from, mode, to } => {
            format!("triangular from {} to {}, likeliest {}{whole}", say(*from), say(*to), say(*mode))
        }
        Source::Lognormal { mean, cv } => format!("lognormal, mean {}, cv {cv}{whole}", say(*mean)),
        Source::Normal { mean, cv } => format!("normal, mean {}, cv {cv}{whole}", say(*mean)),
    }
}
