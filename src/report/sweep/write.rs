//! All results of a sweep into its folder.

use super::parquet::write_parquet;
use super::rows::{write_csv, write_failed};
use super::sensitivity::write_sensitivity;
use crate::report::charts::{ChartError, ChartFormat, sweep_charts};
use crate::sweep::{Cells, SweepError, SweepFolder};
use std::io::{self, BufWriter, Write};

/// Why the results of a sweep could not be written.
#[derive(Debug, thiserror::Error)]
pub enum SweepReportError {
    /// The folder, its disk or its permissions.
    #[error(transparent)]
    Folder(#[from] SweepError),
    /// A chart.
    #[error("cannot draw the chart {name}")]
    Chart {
        /// Its file's name, without the ending.
        name: &'static str,
        /// Why.
        source: ChartError,
    },
}

/// Writes the results, each file whole or not at all, and gives their names in the order written.
///
/// # Errors
/// When the disk refuses.
pub fn write_sweep(cells: &Cells, charts: ChartFormat, folder: &SweepFolder) -> Result<Vec<String>, SweepReportError> {
    let mut names = vec!["results.csv".to_owned(), "results.parquet".to_owned()];
    folder.write_with("results.csv", |file| buffered(file, |out| write_csv(cells, out).map_err(io::Error::from)))?;
    folder.write_with("results.parquet", |file| buffered(file, |out| write_parquet(cells, out).map_err(io::Error::other)))?;
    if cells.layout.design.is_for_sensitivity() {
        let work = |file: &mut std::fs::File| buffered(file, |out| write_sensitivity(cells, out).map_err(io::Error::from));
        folder.write_with("sensitivity.csv", work)?;
        names.push("sensitivity.csv".to_owned());
    }
    if cells.broken.is_empty() {
        folder.remove_file("failed.csv")?;
    } else {
        folder.write_with("failed.csv", |file| buffered(file, |out| write_failed(cells, out).map_err(io::Error::from)))?;
        names.push("failed.csv".to_owned());
    }
    if let Some(ending) = charts.ending() {
        for chart in sweep_charts(cells) {
            let bytes = chart.draw(charts).map_err(|source| SweepReportError::Chart { name: chart.name, source })?;
            let name = format!("{}.{ending}", chart.name);
            folder.write(&name, &bytes)?;
            names.push(name);
        }
    }
    Ok(names)
}

fn buffered(file: &mut std::fs::File, work: impl FnOnce(&mut BufWriter<&mut std::fs::File>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, file);
    work(&mut out)?;
    out.flush()
}
