//! Sweep files as a person writes them.

use super::values::Values;
use crate::scenario::record::{choice, record, words};
use crate::scenario::{Count, FolderName, Format, List, Map, NonNegative, Positive, Replications, Seed};
use schemars::generate::SchemaSettings;

record! {
    /// A sweep: one scenario, run at many values of its parameters.
    pub struct File, "a sweep" {
        /// Where the JSON Schema of this file is, for editors.
        optional schema as "$schema": String,
        /// Version of the format: 1.
        required format: Format,
        /// Short name; the folder of the results is called so.
        required name: FolderName,
        /// One line for people; absent: the name.
        optional title: String,
        /// The scenario's file, as seen from the folder of this one.
        required scenario: String,
        /// Run a smaller copy of the scenario: people, workers, operators and places alike; absent: 1.
        optional scale: Positive,
        /// What is varied: a JSON Pointer into the scenario, such as `/stations/portal/workers`, and its values.
        required parameters: Map<Values>,
        /// How the values are put together to cells.
        default design: Design = "grid",
        /// The policies that are run, the first one the baseline; absent: all of the scenario.
        optional policies: List<String>,
        /// Runs of each policy in each cell; absent: those of the scenario.
        optional replications: Replications,
        /// Master seed of all cells; absent: that of the scenario.
        optional seed: Seed,
        /// Which figures of the summary to keep: `timeout_share`, `time_to_complete.p95`, `station.utilisation` and the like.
        required figures: List<String>,
        /// What is wanted of a figure, such as `timeout_share<=1%`; the charts show where it is reached.
        optional goal: String,
        /// What a unit of a parameter costs, by its pointer; the charts show the cost against the goal's figure.
        default cost: Map<NonNegative> = {},
    }
}

choice! {
    /// How values are put together to cells.
    pub enum Design, "a design" {
        otherwise {
            /// Every value with every other, or the first with the first.
            Listed(Listed)
        }
        /// So many cells; each parameter's values are spread evenly over its range or distribution, and put together at random.
        "latin-hypercube" LatinHypercube(Size),
        /// So many cells, the first points of a Sobol sequence (scrambled by the seed), which fill the space evenly.
        "sobol" Sobol(SobolSize),
        /// Screening after Morris: so many walks through the space, each changing one parameter after the other.
        "morris" Morris(Walks),
        /// What Sobol indices are reckoned from: `size` times two more cells than there are parameters.
        "saltelli" Saltelli(SobolSize),
    }
}

/// Designs that take every value that is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    /// Every value with every other.
    Grid,
    /// The first with the first, the second with the second.
    Zip,
}

words! {
    Listed, "Listed", "A design that takes every value that is listed." {
        "grid" => Listed::Grid, "Every value of each parameter with every value of the others.";
        "zip" => Listed::Zip, "The first values together, then the second ones, and so on.";
    }
}

record! {
    /// A sample.
    pub struct Size, "this design" {
        /// Number of cells.
        required size: Count<1, 10_000_000>,
    }
}

record! {
    /// A sample of a Sobol sequence, which is even where the size is a power of two.
    pub struct SobolSize, "this design" {
        /// Number of cells.
        required size: Count<1, 65_536>,
    }
}

record! {
    /// Screening after Morris.
    pub struct Walks, "this design" {
        /// Number of walks; each has one cell more than there are parameters.
        required walks: Count<2, 100_000>,
    }
}

/// The JSON Schema (draft 2020-12) of sweep files.
#[must_use]
pub fn schema() -> serde_json::Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), serde_json::json!("clickday sweep, format 1"));
    }
    schema
}
