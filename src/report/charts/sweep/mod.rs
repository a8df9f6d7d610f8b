//! Charts of a sweep. Which ones there are depends on how many parameters it has and how they are put together.

mod effects;
mod heat_map;
mod pareto;
mod plan;
mod plot;
mod response;
mod tornado;

pub(in crate::report) use plan::plan_chart;

use super::list::ChartFormat;
use super::page::{Entry, Sample};
use super::palette::Style;
use super::picture::Picture;
use super::render::{ChartError, png, svg};
use crate::sweep::Cells;

/// A chart of a sweep, laid out.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::report) struct SweepChart {
    /// Its file's name, without the ending.
    pub(in crate::report) name: &'static str,
    picture: Picture,
}

impl SweepChart {
    /// The chart's file; empty for [`ChartFormat::None`].
    pub(in crate::report) fn draw(&self, format: ChartFormat) -> Result<Vec<u8>, ChartError> {
        match format {
            ChartFormat::Png => png(&self.picture),
            ChartFormat::Svg => svg(&self.picture).map(String::into_bytes),
            ChartFormat::None => Ok(Vec::new()),
        }
    }
}

/// The charts that a sweep's results have.
pub(in crate::report) fn sweep_charts(cells: &Cells) -> Vec<SweepChart> {
    let pictures = [
        ("response", response::layout(cells)),
        ("heat-map", heat_map::layout(cells)),
        ("effects", effects::layout(cells)),
        ("pareto", pareto::layout(cells)),
        ("tornado", tornado::layout(cells)),
    ];
    pictures.into_iter().filter_map(|(name, picture)| Some(SweepChart { name, picture: picture? })).collect()
}

/// The line below the heading.
fn about(cells: &Cells, note: &str) -> String {
    let layout = &cells.layout;
    let scale = if layout.scale == 1.0 { String::new() } else { format!(" at scale {}", layout.scale) };
    let runs = if layout.replications == 1 { "1 run".to_owned() } else { format!("means of {} runs", layout.replications) };
    let cells = layout.cells;
    format!("{} · {}{scale}, {cells} cells, {runs}, seed {} · {note}", layout.title, layout.scenario, layout.seed)
}

/// The look of each policy, with its name.
fn policies(cells: &Cells) -> Vec<Entry> {
    let names = cells.layout.policies.iter().enumerate();
    names.map(|(place, name)| Entry::new(Sample::Policy(Style::of(place)), name)).collect()
}

/// What a figure is called on a chart.
fn figure_name(cells: &Cells, place: usize) -> String {
    let Some(key) = cells.layout.figures.get(place) else { return String::new() };
    let name = if key.figure == crate::experiment::COLLAPSED { "probability of collapse" } else { key.figure.as_str() };
    if key.scope == "total" { name.to_owned() } else { format!("{name}, {}", key.name) }
}
