//! Charts of a run. A chart lays out a [`picture::Picture`] of lines, areas and words; [`render`] draws it as PNG or SVG.
//! A new chart is one more file and one more line of [`list::CHARTS`].

mod axis;
mod clock;
mod comparison;
mod completed;
mod fluid;
mod font;
mod hysteresis;
mod imported;
mod in_short;
mod incidents;
mod list;
mod load;
mod outages;
mod page;
mod palette;
mod panel;
mod picture;
mod published;
mod queue;
mod render;
mod strips;
mod sweep;
mod time_to_complete;
mod timeouts;
mod trace;
mod who_lost;

#[cfg(test)]
mod tests;

pub(super) use clock::clock_ticks;
pub(super) use fluid::fluid_chart;
pub use imported::imported_curve;
pub use list::{CHARTS, Chart, ChartFormat};
pub use render::ChartError;
pub(super) use sweep::{plan_chart, sweep_charts};
