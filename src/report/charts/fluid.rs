//! The fluid limit over the clock, over what was simulated where there is such: the queue and what got done, policy by policy.

use super::list::ChartFormat;
use super::outages;
use super::page::{self, Entry, Sample};
use super::palette::{BAND, Mark, Style};
use super::panel::{self, Curve, Panel};
use super::picture::{Ink, Picture};
use super::render::{ChartError, png, svg};
use super::strips::{self, Saying};
use super::trace::{Trace, rates};
use crate::experiment::{Columns, Results};
use crate::fluid::{Fluid, FluidPolicy};
use crate::model::Study;
use crate::report::numbers::duration;
use crate::report::summary::name;

const SIMULATED: Style = Style { ink: Ink::new(86, 180, 233), dash: &[], mark: Mark::Circle, place: 0 };
const FLUID: Style = Style { ink: Ink::new(25, 25, 25), dash: &[7.0, 3.0], mark: Mark::Square, place: 1 };
const POINTS: usize = 520;
/// More policies than these are not drawn.
const MOST_POLICIES: usize = 4;
/// Height of a panel without its strips.
const HEIGHT: f64 = 230.0;

/// The chart's file.
///
/// # Errors
/// When the drawing library or the encoder fails.
pub(in crate::report) fn fluid_chart(
    study: &Study,
    fluid: &Fluid,
    simulated: Option<&Results>,
    format: ChartFormat,
) -> Result<Vec<u8>, ChartError> {
    let picture = layout(study, fluid, simulated);
    match format {
        ChartFormat::Png => png(&picture),
        ChartFormat::Svg => svg(&picture).map(String::into_bytes),
        ChartFormat::None => Ok(Vec::new()),
    }
}

fn layout(study: &Study, fluid: &Fluid, simulated: Option<&Results>) -> Picture {
    let shown = &fluid.policies[..fluid.policies.len().min(MOST_POLICIES)];
    let panels: Vec<Panel> = shown.iter().flat_map(|policy| panels_of(study, policy, simulated)).collect();
    let mut legend = Vec::new();
    if simulated.is_some() {
        legend.push(Entry::new(Sample::Policy(SIMULATED), "simulated"));
        legend.push(Entry::new(Sample::Shade(SIMULATED.ink.alpha(BAND)), "5 % to 95 % of the replications"));
    }
    legend.push(Entry::new(Sample::Policy(FLUID), "fluid limit"));
    legend.extend(page::strip_entries(panels.iter().any(|panel| !panel.strips.is_empty())));
    legend.extend(outages::explained(study).map(|text| Entry::new(Sample::Shade(super::palette::OUTAGE), text)));
    let more = if shown.len() < fluid.policies.len() { " · the first policies only" } else { "" };
    let runs = simulated.map_or_else(String::new, |results| format!(" · {} replications", results.replications));
    let about = format!("{} · cells of {}{runs}{more}", study.title, duration(fluid.grid.cell.seconds()));
    let (mut picture, top) = page::headed("The fluid limit: what chance leaves alone", &about, &legend);
    let heights: Vec<f64> = panels.iter().map(|panel| HEIGHT + panel.foot).collect();
    for (cell, panel) in page::stack(&mut picture, top, &heights).into_iter().zip(&panels) {
        panel::draw(&mut picture, study, cell, panel);
    }
    picture
}

/// The queue and the goodput of a policy.
fn panels_of(study: &Study, policy: &FluidPolicy, simulated: Option<&Results>) -> [Panel; 2] {
    let model = &study.model;
    let run = simulated.and_then(|results| results.policies.iter().find(|run| run.policy == policy.policy));
    let queue = |c: &Columns| Trace::of_level(model, &c.queue_average, &c.queue_p05, &c.queue_p95, POINTS);
    let goodput = |c: &Columns| Trace::of_level(model, &rates(model, &c.completed, 1.0), &[], &[], POINTS);
    let curves = |trace: &dyn Fn(&Columns) -> Trace, band: bool| -> Vec<Curve> {
        let run = run.map(|run| Curve { style: SIMULATED, trace: trace(&run.series.total), marks: true, band });
        let fluid = Curve { style: FLUID, trace: trace(&policy.account.total.series), marks: true, band: false };
        run.into_iter().chain([fluid]).collect()
    };
    let panel = |unit: &'static str, curves: Vec<Curve>| Panel {
        heading: name(&study.names.policies, policy.policy),
        unit,
        curves,
        strips: Vec::new(),
        published: Vec::new(),
        log: None,
        top: None,
        foot: 0.0,
    };
    let first = panel("requests waiting, all stations together", curves(&queue, true));
    let mut second = panel("applications completed per second", curves(&goodput, false));
    second.strips = strips::strips(study, &[policy.policy], None, Saying::Class);
    second.foot = strips::height(&second.strips);
    [first, second]
}
