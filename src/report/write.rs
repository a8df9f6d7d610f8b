//! All products of a run into one folder.

use super::arrivals::write_arrivals;
use super::charts::{CHARTS, ChartError, ChartFormat};
use super::completion::write_completion;
use super::folder::Folder;
use super::series::write_series;
use super::summary::Summary;
use super::target::FolderError;
use crate::experiment::Results;
use std::io::BufWriter;
use std::path::PathBuf;

/// Why results could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The folder, its disk or its permissions.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The summary.
    #[error("cannot write summary.json")]
    Summary(#[from] serde_json::Error),
    /// The series.
    #[error("cannot write series.csv")]
    Series(#[source] csv::Error),
    /// The arrivals.
    #[error("cannot write arrivals.csv")]
    Arrivals(#[source] csv::Error),
    /// The times to complete.
    #[error("cannot write completion.csv")]
    Completion(#[source] csv::Error),
    /// The published figures of a library.
    #[error("cannot write observations.csv")]
    Observations(#[source] csv::Error),
    /// A chart.
    #[error("cannot draw the chart {name}")]
    Chart {
        /// Its file's name, without the ending.
        name: &'static str,
        /// Why.
        source: ChartError,
    },
}

/// Writes the summary, the tables and the charts to a claimed folder, and gives the paths at which they will be once
/// the folder is committed, in the order written.
///
/// # Errors
/// When the disk refuses or a chart cannot be drawn.
pub fn write_all(results: &Results, charts: ChartFormat, folder: &Folder) -> Result<Vec<PathBuf>, ReportError> {
    let mut names =
        vec!["summary.json".to_owned(), "series.csv".to_owned(), "arrivals.csv".to_owned(), "completion.csv".to_owned()];
    folder.write("summary.json", Summary::new(results).to_text()?.as_bytes())?;
    write_series(results, BufWriter::new(folder.create("series.csv")?)).map_err(ReportError::Series)?;
    write_arrivals(results, BufWriter::new(folder.create("arrivals.csv")?)).map_err(ReportError::Arrivals)?;
    write_completion(results, BufWriter::new(folder.create("completion.csv")?)).map_err(ReportError::Completion)?;
    if let Some(ending) = charts.ending() {
        for chart in CHARTS.iter().filter(|chart| chart.is_wanted(results)) {
            let bytes = chart.draw(results, charts).map_err(|source| ReportError::Chart { name: chart.name, source })?;
            let name = format!("{}.{ending}", chart.name);
            folder.write(&name, &bytes)?;
            names.push(name);
        }
    }
    Ok(names.iter().map(|name| folder.target().join(name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testdata;

    #[test]
    fn every_product_is_where_it_is_said_to_be() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("inps");
        let results = testdata::one_policy();
        let charts = CHARTS.iter().filter(|chart| chart.is_wanted(&results)).count();
        assert_eq!(charts, CHARTS.len() - 1, "its load does not go up and down");
        for (format, files) in [(ChartFormat::Png, 4 + charts), (ChartFormat::Svg, 4 + charts), (ChartFormat::None, 4)] {
            let folder = Folder::claim(&target).unwrap();
            let paths = write_all(&results, format, &folder).unwrap();
            folder.commit().unwrap();
            assert_eq!(paths.len(), files);
            assert!(paths.iter().all(|path| path.is_file()), "{paths:?}");
            assert_eq!(std::fs::read_dir(&target).unwrap().count(), files);
        }
    }
}
