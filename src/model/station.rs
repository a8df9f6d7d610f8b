//! A station: a pool of workers behind one queue.

use super::Conduct;
use crate::random::NameHash;
use crate::time::{Span, Time};

/// A pool that serves requests; one worker serves one request at a time.
#[derive(Debug, Clone)]
pub struct Station {
    /// Hash of the name, the key of the `random` discipline's picks.
    pub key: NameHash,
    /// Workers at `clock.start`.
    pub workers: u32,
    /// Waiting places, not counting those in service; `None` is unbounded.
    pub queue: Option<u32>,
    /// Who is served next.
    pub discipline: Discipline,
    /// What the server does when a client's timeout ends.
    pub on_timeout: OnTimeout,
    /// What a full queue answers.
    pub on_full: OnFull,
    /// Worker time that each refusal at a full queue costs.
    pub refusal_cost: Span,
    /// How service slows as workers get busy.
    pub slowdown: Slowdown,
    /// Changes of the number of workers, in order of time.
    pub workers_at: Vec<(Time, u32)>,
    /// In order of time, not overlapping.
    pub outages: Vec<Outage>,
    /// What it does beyond serving from a queue.
    pub conduct: Conduct,
}

/// A time in which the station is down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outage {
    /// Everything in service and queued fails at this instant.
    pub from: Time,
    /// The station serves again.
    pub to: Time,
    /// For the label on charts; empty where the file does not say.
    pub why: String,
}

/// Who is served next; none interrupts a service or pushes anyone out of a full queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discipline {
    /// First in, first out.
    Fifo,
    /// Last in, first out.
    Lifo,
    /// By the class's `priority`, first in first out within one.
    Priority,
    /// A uniform pick among those waiting.
    Random,
    /// All at once, at equal parts of the workers' time; who finds no connection waits, first in first out.
    ProcessorSharing,
}

/// What the server does with a request whose client has gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnTimeout {
    /// It leaves the queue, or its worker is freed.
    Leave,
    /// The server does not know: it is served, and the work is wasted.
    Orphan,
}

/// What a full queue answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFull {
    /// Says so at once.
    Refuse,
    /// Nothing: the client finds out by its timeout.
    Drop,
}

/// Gunther's universal scalability law: a service that starts as the n-th busy worker takes
/// 1 + `contention`·(n−1) + `coherency`·n·(n−1) times its work (Gunther, *Guerrilla Capacity Planning*, 2007).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Slowdown {
    /// Serial share.
    pub contention: f64,
    /// Crosstalk.
    pub coherency: f64,
    /// Size of this copy of the system: one busy worker stands for 1/`scale` of them.
    pub scale: f64,
}

impl Default for Slowdown {
    fn default() -> Slowdown {
        Slowdown { contention: 0.0, coherency: 0.0, scale: 1.0 }
    }
}

impl Slowdown {
    /// The factor on a service that starts as the `busy`-th busy worker (itself included).
    #[inline]
    #[must_use]
    pub fn factor(self, busy: u32) -> f64 {
        // In a scaled copy never fewer than one, which is slowed by nobody.
        let n = (f64::from(busy) / self.scale).max(1.0);
        1.0 + self.contention * (n - 1.0) + self.coherency * n * (n - 1.0)
    }

    /// Whether the factor is 1 at any load.
    #[must_use]
    pub fn is_none(self) -> bool {
        self.contention == 0.0 && self.coherency == 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slowdown(contention: f64, coherency: f64) -> Slowdown {
        Slowdown { contention, coherency, scale: 1.0 }
    }

    #[test]
    fn services_slow_down_by_the_universal_scalability_law() {
        let both = slowdown(0.5, 0.25);
        // 1 + 0.5·(n−1) + 0.25·n·(n−1)
        assert_eq!([0, 1, 2, 3, 6].map(|busy| both.factor(busy)), [1.0, 1.0, 2.0, 3.5, 11.0]);
        assert_eq!(slowdown(0.5, 0.0).factor(3), 2.0);
        assert_eq!(slowdown(0.0, 0.25).factor(3), 2.5);
        assert_eq!(Slowdown::default().factor(1000), 1.0);
    }

    #[test]
    fn a_busy_worker_of_a_smaller_copy_stands_for_many() {
        let half = Slowdown { scale: 0.5, ..slowdown(0.5, 0.25) };
        assert_eq!([0, 1, 3].map(|busy| half.factor(busy)), [1.0, 2.0, 11.0]);
    }

    #[test]
    fn no_slowdown_is_neither_contention_nor_coherency() {
        assert!(Slowdown::default().is_none() && slowdown(0.0, 0.0).is_none());
        assert!(!slowdown(0.1, 0.0).is_none() && !slowdown(0.0, 0.1).is_none() && !slowdown(0.1, 0.1).is_none());
    }
}
