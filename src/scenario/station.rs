//! Stations as a person writes them.

use super::leaf::{Places, Share, Workers};
use super::mistake::Checker;
use super::read::{List, Read};
use super::record::{record, words};
use super::tree::{Node, Value};
use super::when::Moment;
use crate::model::{Discipline, OnFull, OnTimeout};
use crate::time::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// A pool of workers behind one queue; one worker serves one request at a time.
    pub struct Station, "a station" {
        /// Workers at the start of the clock; may be 0.
        required workers: Workers,
        /// Waiting places, not counting those in service.
        default queue: Queue = "unbounded",
        /// Who is served next.
        default discipline: Discipline = "fifo",
        /// What the server does with a request whose client stopped waiting.
        default on_timeout: OnTimeout = "orphan",
        /// What a full queue answers.
        default on_full: OnFull = "refuse",
        /// Worker time that each refusal at a full queue costs.
        default refusal_cost: Span = "0s",
        /// How service slows as workers get busy; absent: not at all.
        optional slowdown: Slowdown,
        /// Changes of the number of workers, in order of time.
        default workers_at: List<WorkersAt> = [],
        /// Times in which the station is down; they may not overlap.
        default outages: List<Outage> = [],
    }
}

record! {
    /// Gunther's universal scalability law: the n-th busy worker takes 1 + contention·(n−1) + coherency·n·(n−1) times as long.
    pub struct Slowdown, "a slowdown" {
        /// Serial share of the work.
        default contention: Share = 0,
        /// Crosstalk between workers.
        default coherency: Share = 0,
    }
}

record! {
    /// A change of the number of workers.
    pub struct WorkersAt, "a change of workers" {
        /// When.
        required from: Moment,
        /// How many from then on.
        required workers: Workers,
    }
}

record! {
    /// A time in which the station is down: all in service and queued fails, new requests are refused.
    pub struct Outage, "an outage" {
        /// When it goes down.
        required from: Moment,
        /// When it serves again.
        required to: Moment,
        /// For the label on charts.
        default why: String = "",
    }
}

words! { Discipline, "Discipline", "Who is served next; none interrupts a service." {
    "fifo" => Discipline::Fifo, "First in, first out.";
    "lifo" => Discipline::Lifo, "Last in, first out.";
    "priority" => Discipline::Priority, "By the class's priority, first in first out within one.";
    "random" => Discipline::Random, "A uniform pick among those waiting.";
}}

words! { OnTimeout, "OnTimeout", "What the server does with a request whose client has gone." {
    "orphan" => OnTimeout::Orphan, "It does not know: the request keeps its place and is served, and the work is wasted.";
    "leave" => OnTimeout::Leave, "The request leaves the queue, or its worker is freed.";
}}

words! { OnFull, "OnFull", "What a full queue answers." {
    "refuse" => OnFull::Refuse, "It says so at once.";
    "drop" => OnFull::Drop, "Nothing: the client finds out by its timeout.";
}}

/// Waiting places; `None` is without bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue(pub Option<Places>);

impl Read for Queue {
    fn read(node: &Node, check: &mut Checker<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(text) if text == "unbounded" => Some(Queue(None)),
            Value::Number(_) => Places::read(node, check).map(|places| Queue(Some(places))),
            _ => {
                check.mistake(format!("found {}; expected a number of places or \"unbounded\"", node.describe()));
                None
            }
        }
    }
}

impl JsonSchema for Queue {
    fn schema_name() -> Cow<'static, str> {
        "Queue".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [generator.subschema_for::<Places>(), {"const": "unbounded"}]})
    }
}
