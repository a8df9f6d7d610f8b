//! The designs that tell which parameters matter, in place of a file's own.

use super::file::{Design as FileDesign, SobolSize, Walks};
use crate::scenario::{Count, Remarks};

/// How to tell which parameters matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Screening by walks.
    Morris,
    /// Indices of variance.
    Sobol,
}

/// Walks where the file does not say how many: enough to tell the large effects from the small ones.
const WALKS: u64 = 20;
/// Rows of Saltelli's matrices where the file does not say how many.
const ROWS: u64 = 256;

impl Method {
    /// The design that it takes: the file's own where that is of the kind.
    pub(super) fn design(self, of_file: &FileDesign) -> FileDesign {
        match (self, of_file) {
            (Method::Morris, FileDesign::Morris(_)) | (Method::Sobol, FileDesign::Saltelli(_)) => of_file.clone(),
            (Method::Morris, _) => FileDesign::Morris(Walks { walks: Count(WALKS), remarks: Remarks::default() }),
            (Method::Sobol, _) => FileDesign::Saltelli(SobolSize { size: Count(ROWS), remarks: Remarks::default() }),
        }
    }
}
