//! Timeouts to come. Constant ones expire in the order in which they were set, so each length has a plain queue; only
//! drawn ones need a heap. One that is no longer wanted stays until its time and is skipped then.

use super::heap::MinHeap;
use crate::time::{Span, Time};
use std::cmp::Ordering;
use std::collections::VecDeque;

/// Beyond so many different lengths the heap serves better than a look at every lane's head.
const MOST_LANES: usize = 16;

/// A timeout of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Expiry {
    pub(super) at: Time,
    pub(super) person: u32,
    /// Of the request; they rise in order of sending, and may wrap.
    pub(super) ticket: u32,
}

impl Ord for Expiry {
    fn cmp(&self, other: &Expiry) -> Ordering {
        self.at.cmp(&other.at).then_with(|| (self.ticket.wrapping_sub(other.ticket) as i32).cmp(&0))
    }
}

impl PartialOrd for Expiry {
    fn partial_cmp(&self, other: &Expiry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Where the timeouts of one length wait.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lane(u8);

#[derive(Debug)]
pub(super) struct Expiries {
    lanes: Vec<(Span, VecDeque<Expiry>)>,
    drawn: MinHeap<Expiry>,
    /// The first one, and where it waits; [`NONE`] when there is none.
    next: Expiry,
    source: Source,
}

/// Later than every timeout.
const NONE: Expiry = Expiry { at: Time::NEVER, person: 0, ticket: 0 };

#[derive(Debug, Clone, Copy)]
enum Source {
    Lane(usize),
    Drawn,
}

impl Expiries {
    pub(super) fn new() -> Expiries {
        Expiries { lanes: Vec::new(), drawn: MinHeap::new(), next: NONE, source: Source::Drawn }
    }

    /// The lane of a constant length; `None` when there are too many lengths already.
    pub(super) fn lane(&mut self, length: Span) -> Option<Lane> {
        let known = self.lanes.iter().position(|(span, _)| *span == length);
        let index = known.or_else(|| {
            (self.lanes.len() < MOST_LANES).then(|| {
                self.lanes.push((length, VecDeque::new()));
                self.lanes.len() - 1
            })
        });
        index.map(|index| Lane(index as u8))
    }

    /// Sets a timeout whose length is that of the lane. O(1).
    #[inline]
    pub(super) fn push_lane(&mut self, lane: Lane, expiry: Expiry) {
        let index = usize::from(lane.0);
        let queue = &mut self.lanes[index].1;
        let becomes_head = queue.is_empty();
        queue.push_back(expiry);
        if becomes_head {
            self.offer(expiry, Source::Lane(index));
        }
    }

    /// Sets a timeout of any length. O(log n).
    #[inline]
    pub(super) fn push_drawn(&mut self, expiry: Expiry) {
        self.drawn.push(expiry);
        self.offer(expiry, Source::Drawn);
    }

    /// Time of the next timeout, [`Time::NEVER`] when there is none. O(1).
    #[inline]
    pub(super) fn peek(&self) -> Time {
        self.next.at
    }

    /// Takes the next timeout, and drops those behind it in its lane that are void by now.
    #[inline(never)]
    pub(super) fn pop(&mut self, is_void: impl Fn(&Expiry) -> bool) -> Option<Expiry> {
        let expiry = self.next;
        if expiry.at == Time::NEVER {
            return None;
        }
        match self.source {
            Source::Lane(index) => {
                let queue = &mut self.lanes[index].1;
                queue.pop_front();
                while queue.front().is_some_and(&is_void) {
                    queue.pop_front();
                }
            }
            Source::Drawn => {
                self.drawn.pop();
                while self.drawn.peek().is_some_and(&is_void) {
                    self.drawn.pop();
                }
            }
        }
        if let ([(_, only)], true) = (self.lanes.as_slice(), self.drawn.is_empty()) {
            (self.next, self.source) = (only.front().copied().unwrap_or(NONE), Source::Lane(0));
            return Some(expiry);
        }
        self.next = self.drawn.peek().copied().unwrap_or(NONE);
        self.source = Source::Drawn;
        for index in 0..self.lanes.len() {
            if let Some(head) = self.lanes[index].1.front() {
                let head = *head;
                self.offer(head, Source::Lane(index));
            }
        }
        Some(expiry)
    }

    /// Whether the next timeout is that of a person's request.
    #[inline]
    pub(super) fn is_next(&self, person: u32, ticket: u32) -> bool {
        self.next.ticket == ticket && self.next.person == person && self.next.at < Time::NEVER
    }

    #[inline]
    fn offer(&mut self, expiry: Expiry, source: Source) {
        if expiry < self.next {
            (self.next, self.source) = (expiry, source);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_and_heap_come_out_in_one_order() {
        let mut expiries = Expiries::new();
        let short = expiries.lane(Span(5)).unwrap();
        let long = expiries.lane(Span(20)).unwrap();
        let expiry = |at, ticket| Expiry { at: Time(at), person: ticket, ticket };
        expiries.push_lane(long, expiry(20, 0));
        expiries.push_lane(short, expiry(6, 1));
        expiries.push_drawn(expiry(6, 2));
        expiries.push_lane(short, expiry(20, 3));
        expiries.push_drawn(expiry(3, 4));
        let out: Vec<u32> = std::iter::from_fn(|| expiries.pop(|_| false)).map(|e| e.ticket).collect();
        assert_eq!(out, [4, 1, 2, 0, 3]);
        assert_eq!(expiries.peek(), Time::NEVER);
    }

    #[test]
    fn behind_the_last_drawn_one_comes_the_only_lane() {
        let mut expiries = Expiries::new();
        let lane = expiries.lane(Span(5)).unwrap();
        let expiry = |at, ticket| Expiry { at: Time(at), person: ticket, ticket };
        expiries.push_drawn(expiry(3, 0));
        expiries.push_lane(lane, expiry(5, 1));
        expiries.push_lane(lane, expiry(6, 2));
        let out: Vec<u32> = std::iter::from_fn(|| expiries.pop(|_| false)).take(9).map(|e| e.ticket).collect();
        assert_eq!(out, [0, 1, 2]);
        expiries.push_drawn(expiry(7, 3));
        assert_eq!(expiries.pop(|_| false).map(|e| e.ticket), Some(3));
        assert_eq!(expiries.peek(), Time::NEVER);
    }

    #[test]
    fn void_ones_behind_the_head_are_dropped() {
        let mut expiries = Expiries::new();
        let lane = expiries.lane(Span(5)).unwrap();
        for ticket in 0..4 {
            expiries.push_lane(lane, Expiry { at: Time(u64::from(ticket)), person: 0, ticket });
        }
        assert_eq!(expiries.pop(|e| e.ticket < 3).map(|e| e.ticket), Some(0));
        assert_eq!(expiries.peek(), Time(3));
    }

    #[test]
    fn one_length_has_one_lane_and_too_many_have_none() {
        let mut expiries = Expiries::new();
        for length in 0..MOST_LANES as u64 {
            assert!(expiries.lane(Span(length)).is_some());
        }
        assert!(expiries.lane(Span(3)).is_some());
        assert!(expiries.lane(Span(99)).is_none());
    }
}
