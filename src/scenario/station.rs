//! Stations as a person writes them.

use super::conduct::{Call, ColdStart, Crash, HealthCheck};
use super::leaf::{Places, Share, Workers};
use super::mistake::Checker;
use super::read::{List, Read};
use super::record::{record, words};
use super::server::Server;
use super::tree::{Node, Value};
use super::when::Moment;
use crate::model::{Discipline, OnFull, OnTimeout};
use crate::time::Span;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

record! {
    /// A pool of workers behind one queue; one worker serves one request at a time.
    pub struct Station, "a station" {
        /// A common server, whose default settings stand for `workers`, `queue` and `on_full` where these are absent.
        optional server: Server,
        /// Workers at the start of the clock; may be 0. Needed unless there is a `server`.
        unless workers: Workers = "server",
        /// Waiting places, not counting those in service; absent: those of the `server`, or without bound.
        optional queue: Queue,
        /// Who is served next.
        default discipline: Discipline = "fifo",
        /// What the server does with a request whose client stopped waiting.
        default on_timeout: OnTimeout = "orphan",
        /// What a full queue answers; absent: what the `server` does, or `refuse`.
        optional on_full: OnFull,
        /// Worker time that each refusal at a full queue costs.
        default refusal_cost: Span = "0s",
        /// How service slows as workers get busy; absent: not at all.
        optional slowdown: Slowdown,
        /// Changes of the number of workers, in order of time.
        default workers_at: List<WorkersAt> = [],
        /// Times in which the station is down; they may not overlap.
        default outages: List<Outage> = [],
        /// With processor sharing: how many requests may be in service at once; absent: without bound.
        optional connections: Queue,
        /// Another station that every worker calls, and waits for, when its own part of a request is done.
        optional calls: Call,
        /// When the station breaks down by itself; absent: never.
        optional crash: Crash,
        /// How slow it is after it was down; absent: not at all.
        optional cold_start: ColdStart,
        /// Who takes it out of service when it is slow; absent: nobody.
        optional health_check: HealthCheck,
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
    /// What a policy changes of a station over the whole clock; what is absent stays as the station has it.
    pub struct StationChange, "a change of a station" {
        /// Workers at the start of the clock; may be 0.
        optional workers: Workers,
        /// Waiting places, not counting those in service.
        optional queue: Queue,
        /// Who is served next.
        optional discipline: Discipline,
        /// All changes of the number of workers, in order of time, in place of the station's own.
        optional workers_at: List<WorkersAt>,
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
    "processor_sharing" => Discipline::ProcessorSharing, "All in service at once, each at an equal part of the workers' time; who finds no connection waits, first in first out.";
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
