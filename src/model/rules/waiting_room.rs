//! A waiting room before the service.

use super::PolicyRule;
use crate::model::Sampler;
use crate::time::{Span, Time};

/// A room that admits at a rate, up to a number of sessions under way, or both.
#[derive(Debug, Clone)]
pub struct WaitingRoomRule {
    /// By class: whether it goes through the room.
    pub classes: Vec<bool>,
    /// Whoever comes before is told that it is closed.
    pub opens: Time,
    /// Nobody is admitted before; where the order is random it is drawn now.
    pub starts: Time,
    /// Who is called first.
    pub order: RoomOrder,
    /// Admissions a minute, evenly spaced; `None`: no limit.
    pub per_minute: Option<f64>,
    /// Sessions under way at most; `None`: no limit.
    pub active_sessions: Option<u32>,
    /// People in the room at most; `None`: no limit.
    pub places: Option<u32>,
    /// After so long a session has lost its place; `None`: never.
    pub session_limit: Option<Span>,
    /// What people are told.
    pub tells: Tells,
    /// Whoever is told the position looks again after so long, to see how fast it moves.
    pub watch: Span,
    /// How long people are willing to be in the room; `None`: for ever.
    pub patience: Option<Sampler>,
    /// People who hold several places.
    pub several: Option<Several>,
    /// People who reload the page and so lose their place.
    pub reload: Option<Reload>,
}

/// Who is called first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoomOrder {
    /// Who came first.
    Fifo,
    /// By lot among those who are there at the start; who comes later stands behind them.
    Random,
}

/// What people in a waiting room are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tells {
    /// Nothing.
    Nothing,
    /// How many are before them.
    Position,
    /// How long it will take.
    Wait,
}

/// People who hold several places, on several devices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Several {
    /// Share of people.
    pub share: f64,
    /// Places that each of them holds.
    pub places: u16,
    /// How long a place that is called and that nobody claims takes the place of a session.
    pub unclaimed: Span,
}

/// People who reload the page and so lose their place.
#[derive(Debug, Clone, PartialEq)]
pub struct Reload {
    /// Share of people.
    pub share: f64,
    /// Time in the room until they do it, and do it again.
    pub after: Sampler,
}

impl WaitingRoomRule {
    /// Time between two admissions; `None`: none.
    #[must_use]
    pub fn spacing(&self) -> Option<Span> {
        self.per_minute.map(|rate| Span::from_nanos(60e9 / rate))
    }
}

impl PolicyRule for WaitingRoomRule {
    fn concerns(&self, class: usize) -> bool {
        self.classes.get(class).copied().unwrap_or(false)
    }

    fn counts(&mut self) -> Vec<(&'static str, &mut u32)> {
        let active = self.active_sessions.as_mut().map(|count| ("active_sessions", count));
        let places = self.places.as_mut().map(|count| ("places", count));
        active.into_iter().chain(places).collect()
    }

    fn scale_rates(&mut self, factor: f64) {
        self.per_minute = self.per_minute.map(|rate| rate * factor);
    }
}
