//! What the loops written by hand are made of: ends of service, a line, a calendar of retries.
//!
//! A moment is a whole number of nanoseconds times 64; the six bits below carry what belongs to it: a worker's number
//! or how many tries there were. So one comparison orders moments and one word holds an event.

use crate::Error;
use serde_json::{Value, json};

/// Bits below the nanoseconds of a moment.
pub(crate) const TAG_BITS: u32 = 6;
const TAG: u64 = (1 << TAG_BITS) - 1;
/// Units of a moment in a second.
pub(crate) const SECOND: u64 = 1_000_000_000 << TAG_BITS;
/// Later than everything.
pub(crate) const NEVER: u64 = u64::MAX;
/// The number of workers.
pub(crate) const WORKERS: usize = 50;

/// The moment without what belongs to it.
#[inline]
pub(crate) fn moment(tagged: u64) -> u64 {
    tagged & !TAG
}

/// What belongs to the moment.
#[inline]
pub(crate) fn tag(tagged: u64) -> u64 {
    tagged & TAG
}

/// What a run of any loop counts.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Requests that came, retries included.
    pub(crate) tries: u64,
    /// Requests that were served.
    pub(crate) served: u64,
    /// Requests whose patience ended.
    pub(crate) timeouts: u64,
    /// Sum of the waits of those served, in seconds.
    pub(crate) waited: f64,
    /// Integral of the number waiting over time, in seconds.
    pub(crate) queue: f64,
}

impl Counts {
    /// For another process to read.
    pub(crate) fn to_json(self) -> Value {
        let Counts { tries, served, timeouts, waited, queue } = self;
        json!({"tries": tries, "served": served, "timeouts": timeouts, "waited": waited, "queue": queue})
    }

    /// What another process printed.
    pub(crate) fn from_json(printed: &Value) -> Result<Counts, Error> {
        let count = |key: &str| printed[key].as_u64().ok_or(format!("no count of {key}"));
        let sum = |key: &str| printed[key].as_f64().ok_or(format!("no sum {key}"));
        let (tries, served, timeouts) = (count("tries")?, count("served")?, count("timeouts")?);
        Ok(Counts { tries, served, timeouts, waited: sum("waited")?, queue: sum("queue")? })
    }
}

/// Sums of waits and of the number waiting, in units of moments.
#[derive(Debug, Default)]
pub(crate) struct Sums {
    waited: u128,
    queue: u128,
    /// When the number waiting last changed.
    since: u64,
}

impl Sums {
    /// Books that so many waited until now.
    #[inline]
    pub(crate) fn queue_was(&mut self, length: u64, now: u64) {
        self.queue += u128::from(now - self.since) * u128::from(length);
        self.since = now;
    }

    /// Books the wait of someone whose service starts.
    #[inline]
    pub(crate) fn waited(&mut self, wait: u64) {
        self.waited += u128::from(wait);
    }

    /// The counts in seconds.
    pub(crate) fn counts(&self, tries: u64, served: u64, timeouts: u64) -> Counts {
        let seconds = |sum: u128| sum as f64 / SECOND as f64;
        Counts { tries, served, timeouts, waited: seconds(self.waited), queue: seconds(self.queue) }
    }
}

/// When each worker is done: a tournament of 64, whose winner is the next to be done.
///
/// A worker's new time is played against the five losers and one on its way up: six minima in a row without a branch, where
/// a heap mispredicts one or two.
#[derive(Debug)]
pub(crate) struct Ends([u64; 128]);

impl Ends {
    pub(crate) fn new() -> Ends {
        Ends([NEVER; 128])
    }

    /// The earliest end, with the worker's number.
    #[inline]
    pub(crate) fn next(&self) -> u64 {
        self.0[1]
    }

    /// Says when this worker is done; [`NEVER`] if it has nothing to do.
    #[inline]
    pub(crate) fn set(&mut self, worker: u64, end: u64) {
        let mut at = (worker & 63) as usize | 64;
        let mut winner = if end == NEVER { NEVER } else { end | worker };
        for _ in 0..6 {
            self.0[at] = winner;
            winner = winner.min(self.0[at ^ 1]);
            at >>= 1;
        }
        self.0[1] = winner;
    }
}

/// A line in order of coming.
#[derive(Debug)]
pub(crate) struct Line {
    ring: Vec<u64>,
    first: usize,
    length: usize,
}

impl Line {
    pub(crate) fn new() -> Line {
        Line { ring: vec![0; 1024], first: 0, length: 0 }
    }

    #[inline]
    pub(crate) fn length(&self) -> u64 {
        self.length as u64
    }

    #[inline]
    pub(crate) fn push(&mut self, tagged: u64) {
        if self.length == self.ring.len() {
            self.grow();
        }
        let mask = self.ring.len() - 1;
        self.ring[(self.first + self.length) & mask] = tagged;
        self.length += 1;
    }

    #[cold]
    fn grow(&mut self) {
        self.ring.rotate_left(self.first & (self.length - 1));
        self.ring.resize(2 * self.length, 0);
        self.first = 0;
    }

    /// Who came first, if there is anyone.
    #[inline]
    pub(crate) fn first(&self) -> u64 {
        self.ring[self.first & (self.ring.len() - 1)]
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> u64 {
        let first = self.first();
        self.first += 1;
        self.length -= 1;
        first
    }
}

/// Retries in buckets, each of which is sorted when it comes due.
///
/// A bucket is a cache line of seven retries and their number; what does not fit, or lies more than a turn ahead, waits in one
/// list that is looked through once a turn and when a bucket had no room.
#[derive(Debug)]
pub(crate) struct Calendar {
    buckets: Vec<Bucket>,
    /// Number of the bucket that is due, counted from the start of time.
    due: u64,
    /// The bucket that is due, sorted, the earliest last.
    now: Vec<u64>,
    overflow: Vec<u64>,
    /// The earliest of `overflow`.
    overflow_next: u64,
    held: u64,
}

#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Bucket {
    count: usize,
    retries: [u64; 7],
}

const BUCKETS: usize = 1 << 13;
/// 2^31 units of a moment: 33.6 ms. With a hundred retries a second, three or four a bucket.
const WIDTH_BITS: u32 = 31;

impl Calendar {
    pub(crate) fn new() -> Calendar {
        Calendar {
            buckets: vec![Bucket { count: 0, retries: [0; 7] }; BUCKETS],
            due: 0,
            now: Vec::with_capacity(64),
            overflow: Vec::new(),
            overflow_next: NEVER,
            held: 0,
        }
    }

    /// The earliest retry.
    #[inline]
    pub(crate) fn next(&self) -> u64 {
        self.now.last().copied().unwrap_or(NEVER)
    }

    #[inline]
    pub(crate) fn push(&mut self, retry: u64) {
        self.held += 1;
        let bucket = retry >> WIDTH_BITS;
        if bucket <= self.due {
            self.insert_now(retry);
        } else {
            let slot = &mut self.buckets[bucket as usize % BUCKETS];
            if slot.count < 7 && bucket - self.due < BUCKETS as u64 {
                slot.retries[slot.count] = retry;
                slot.count += 1;
            } else {
                self.overflow_next = self.overflow_next.min(retry);
                self.overflow.push(retry);
            }
            if self.now.is_empty() {
                self.advance();
            }
        }
    }

    fn insert_now(&mut self, retry: u64) {
        let at = self.now.iter().rposition(|other| *other > retry).map_or(0, |i| i + 1);
        self.now.insert(at, retry);
    }

    #[inline]
    pub(crate) fn pop(&mut self) -> u64 {
        self.held -= 1;
        let Some(retry) = self.now.pop() else { return NEVER };
        if self.now.is_empty() && self.held > 0 {
            self.advance();
        }
        retry
    }

    /// Makes the next bucket with anything in it the one that is due.
    fn advance(&mut self) {
        while self.now.is_empty() {
            self.due += 1;
            let slot = &mut self.buckets[self.due as usize % BUCKETS];
            let count = std::mem::take(&mut slot.count);
            for i in 0..count {
                // Insertion sort: three or four retries.
                let retry = slot.retries[i];
                let mut at = i;
                self.now.push(retry);
                while at > 0 && self.now[at - 1] < retry {
                    self.now[at] = self.now[at - 1];
                    at -= 1;
                }
                self.now[at] = retry;
            }
            if self.overflow_next >> WIDTH_BITS <= self.due {
                self.take_overflow();
            }
        }
    }

    #[cold]
    fn take_overflow(&mut self) {
        let due = self.due;
        let mut i = 0;
        while i < self.overflow.len() {
            if self.overflow[i] >> WIDTH_BITS <= due {
                let retry = self.overflow.swap_remove(i);
                self.insert_now(retry);
            } else {
                i += 1;
            }
        }
        self.overflow_next = self.overflow.iter().copied().min().unwrap_or(NEVER);
    }
}
