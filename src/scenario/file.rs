//! The whole file, its clock and its experiment.

use super::class::Class;
use super::incident::Incident;
use super::leaf::{FolderName, Format, People, Positive, Replications, Seed};
use super::observation::Observation;
use super::read::{List, Map};
use super::record::record;
use super::rules::Policy;
use super::station::Station;
use super::when::Moment;
use crate::time::Span;

record! {
    /// A scenario: one system, the people who use it, and the policies to compare.
    pub struct File, "a scenario" {
        /// Where the JSON Schema of this file is, for editors.
        optional schema as "$schema": String,
        /// Version of the format: 1.
        required format: Format,
        /// Short name; the folder of the results is called so.
        required name: FolderName,
        /// One line for people; absent: the name.
        optional title: String,
        /// When the run starts and ends.
        required clock: Clock,
        /// Pools of workers, by name.
        required stations: Map<Station>,
        /// Kinds of applicants, by name.
        required classes: Map<Class>,
        /// What is compared, by name; the first is the baseline.
        required policies: Map<Policy>,
        /// Published figures to hold the run against.
        default observations: List<Observation> = [],
        /// A number of completions that are paid, first come, first served; absent: nothing is scarce.
        optional budget: Budget,
        /// Stretches of the clock in which it is counted what was answered, by name; they change nothing in the run.
        default incidents: Map<Incident> = {},
        /// How many runs, from which seed.
        default experiment: Experiment = {},
    }
}

record! {
    /// The clock on the wall.
    pub struct Clock, "the clock" {
        /// The run starts here.
        required start: Moment,
        /// Nothing happens at or after this moment.
        required end: Moment,
        /// IANA name of the zone in which every moment and window of the file is, such as `Europe/Rome` or `UTC`.
        required time_zone: String,
        /// Width of a row of the series; the last one may be shorter. At most a million fit in the clock.
        required bin: Span,
        /// Counting starts here; absent: at the start.
        optional measure_from: Moment,
    }
}

record! {
    /// How many runs, from which seed.
    pub struct Experiment, "the experiment" {
        /// Master seed of all random numbers.
        default seed: Seed = 1,
        /// Runs of each policy.
        default replications: Replications = 10,
        /// Size of the copy that is simulated unless `--scale` says otherwise, such as 0.01 where there are tens of millions of people.
        optional scale: Positive,
        /// How unsure the populations are; absent: they are sure.
        optional demand: Demand,
        /// How unsure the speed of the workers is; absent: it is sure.
        optional capacity: Capacity,
    }
}

record! {
    /// A random factor on all populations, one per replication: a gamma of mean 1.
    pub struct Demand, "the demand" {
        /// Coefficient of variation of the factor.
        required cv: Positive,
    }
}

record! {
    /// A random factor on the speed of all workers, one per replication: a gamma of mean 1.
    pub struct Capacity, "the capacity" {
        /// Coefficient of variation of the factor.
        required cv: Positive,
    }
}

record! {
    /// A number of completions that are paid, first come, first served: an account, which changes nobody's behaviour.
    pub struct Budget, "the budget" {
        /// How many.
        required completions: People,
        /// The classes that it pays; absent: all.
        optional classes: List<String>,
    }
}
