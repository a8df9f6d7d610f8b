//! Timeouts to come. Constant ones expire in the order in which they were set, so each length has a plain queue; only
//! drawn ones need a heap. One that is no longer wanted stays until its time and is skipped then. A line in which all have
//! the same patience keeps its timeouts itself, and tells here of its first.

use super::heap::MinHeap;
use super::ring::Ring;
use crate::time::{Span, Time};
use std::cmp::Ordering;

/// Beyond so many different lengths the heap serves better than a look at every lane's head.
const MOST_LANES: usize = 16;

/// A timeout of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
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

/// Timeouts of one length, in the order in which they were set.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
struct Lane {
    length: Span,
    expiries: Ring<Expiry>,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Expiries {
    lanes: Vec<Lane>,
    drawn: MinHeap<Expiry>,
    /// By station: the timeout of the first in a line that keeps its timeouts itself.
    heads: Vec<Expiry>,
    /// There are no timeouts but those of one line that keeps them itself.
    one_line: bool,
    /// The first one, and where it waits; [`NONE`] when there is none.
    next: Expiry,
    source: Source,
}

/// Later than every timeout.
const NONE: Expiry = Expiry { at: Time::NEVER, person: 0, ticket: 0 };

#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
enum Source {
    Lane(usize),
    Drawn,
    Head(usize),
}

impl Expiries {
    pub(super) fn new() -> Expiries {
        Expiries {
            lanes: Vec::new(),
            drawn: MinHeap::new(),
            heads: Vec::new(),
            one_line: false,
            next: NONE,
            source: Source::Drawn,
        }
    }

    /// Sets a timeout of a length that many have. O(1), up to [`MOST_LANES`] lengths.
    #[inline]
    pub(super) fn push_constant(&mut self, length: Span, expiry: Expiry) {
        let index = match self.lanes.first() {
            Some(first) if first.length == length => 0,
            _ => match self.lanes.iter().position(|lane| lane.length == length) {
                Some(index) => index,
                None => return self.push_first_of(length, expiry),
            },
        };
        let expiries = &mut self.lanes[index].expiries;
        let becomes_head = expiries.is_empty();
        expiries.push_back(expiry);
        if becomes_head {
            self.offer(expiry, Source::Lane(index));
        }
    }

    #[cold]
    fn push_first_of(&mut self, length: Span, expiry: Expiry) {
        if self.lanes.len() < MOST_LANES {
            self.lanes.push(Lane { length, expiries: Ring::new() });
            self.push_constant(length, expiry);
        } else {
            self.push_drawn(expiry);
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

    /// No timeouts will be set but by the line of that station, which keeps them itself: nobody else is to be asked.
    pub(super) fn keep_for_one_line(&mut self, station: u16) {
        (self.one_line, self.source) = (true, Source::Head(station.into()));
    }

    /// The first in the line of that station is another, or nobody.
    #[inline(always)]
    pub(super) fn set_head(&mut self, station: u16, head: Option<Expiry>) {
        if self.one_line {
            // Nobody asks whose it is.
            self.next.at = head.map_or(Time::NEVER, |head| head.at);
        } else {
            self.set_one_of_heads(station.into(), head.unwrap_or(NONE));
        }
    }

    #[inline(never)]
    fn set_one_of_heads(&mut self, index: usize, head: Expiry) {
        match self.heads.get_mut(index) {
            Some(place) => *place = head,
            None => {
                self.heads.resize(index + 1, NONE);
                self.heads[index] = head;
            }
        }
        if matches!(self.source, Source::Head(next) if next == index) {
            self.look();
        } else {
            self.offer(head, Source::Head(index));
        }
    }

    /// The station whose first in line has the next timeout, where its line keeps its timeouts itself.
    #[inline]
    pub(super) fn next_line(&self) -> Option<u16> {
        match self.source {
            Source::Head(station) => Some(station as u16),
            _ => None,
        }
    }

    /// Takes the next timeout, and drops those behind it in its lane that are void by now; `None` also where a line keeps it
    /// itself. `coming` is told whose timeouts come soon.
    #[inline]
    pub(super) fn pop(&mut self, is_void: impl Fn(&Expiry) -> bool, coming: impl Fn(u32)) -> Option<Expiry> {
        let expiry = self.next;
        if expiry.at == Time::NEVER {
            return None;
        }
        match self.source {
            Source::Lane(index) => {
                let expiries = &mut self.lanes[index].expiries;
                let head = loop {
                    expiries.drop_front();
                    expiries.soon().into_iter().for_each(|expiry| coming(expiry.person));
                    match expiries.front() {
                        Some(void) if is_void(void) => {}
                        head => break head.copied(),
                    }
                };
                if self.lanes.len() == 1 && self.drawn.is_empty() && self.heads.is_empty() {
                    // Nobody else is to be asked.
                    self.next = head.unwrap_or(NONE);
                    return Some(expiry);
                }
            }
            Source::Head(_) => return None,
            Source::Drawn => {
                self.drawn.pop();
                while self.drawn.peek().is_some_and(&is_void) {
                    self.drawn.pop();
                }
            }
        }
        self.look();
        Some(expiry)
    }

    /// Finds the first of all.
    fn look(&mut self) {
        (self.next, self.source) = (self.drawn.peek().copied().unwrap_or(NONE), Source::Drawn);
        for index in 0..self.lanes.len() {
            if let Some(head) = self.lanes[index].expiries.front() {
                self.offer(*head, Source::Lane(index));
            }
        }
        for index in 0..self.heads.len() {
            self.offer(self.heads[index], Source::Head(index));
        }
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

    fn expiry(at: u64, ticket: u32) -> Expiry {
        Expiry { at: Time(at), person: ticket, ticket }
    }

    #[test]
    fn lanes_and_heap_come_out_in_one_order() {
        let mut expiries = Expiries::new();
        let (short, long) = (Span(5), Span(20));
        expiries.push_constant(long, expiry(20, 0));
        expiries.push_constant(short, expiry(6, 1));
        expiries.push_drawn(expiry(6, 2));
        expiries.push_constant(short, expiry(20, 3));
        expiries.push_drawn(expiry(3, 4));
        let out: Vec<u32> = std::iter::from_fn(|| expiries.pop(|_| false, |_| {})).map(|e| e.ticket).collect();
        assert_eq!(out, [4, 1, 2, 0, 3]);
        assert_eq!(expiries.peek(), Time::NEVER);
    }

    #[test]
    fn behind_the_last_drawn_one_comes_the_only_lane() {
        let mut expiries = Expiries::new();
        expiries.push_drawn(expiry(3, 0));
        expiries.push_constant(Span(5), expiry(5, 1));
        expiries.push_constant(Span(5), expiry(6, 2));
        let out: Vec<u32> = std::iter::from_fn(|| expiries.pop(|_| false, |_| {})).take(9).map(|e| e.ticket).collect();
        assert_eq!(out, [0, 1, 2]);
        expiries.push_drawn(expiry(7, 3));
        assert_eq!(expiries.pop(|_| false, |_| {}).map(|e| e.ticket), Some(3));
        assert_eq!(expiries.peek(), Time::NEVER);
    }

    #[test]
    fn void_ones_behind_the_head_are_dropped() {
        let mut expiries = Expiries::new();
        for ticket in 0..4 {
            expiries.push_constant(Span(5), expiry(u64::from(ticket), ticket));
        }
        assert_eq!(expiries.pop(|e| e.ticket < 3, |_| {}).map(|e| e.ticket), Some(0));
        assert_eq!(expiries.peek(), Time(3));
    }

    #[test]
    fn one_length_has_one_lane_and_those_beyond_the_most_the_heap() {
        let mut expiries = Expiries::new();
        let lengths = 2 * MOST_LANES as u32;
        for round in 0..3 {
            for length in 0..lengths {
                expiries.push_constant(Span(length.into()), expiry(u64::from(length), round * lengths + length));
            }
        }
        assert_eq!((expiries.lanes.len(), expiries.drawn.len()), (MOST_LANES, 3 * MOST_LANES));
        let out: Vec<Expiry> = std::iter::from_fn(|| expiries.pop(|_| false, |_| {})).collect();
        assert!(out.len() == 6 * MOST_LANES && out.is_sorted());
    }

    #[test]
    fn the_first_of_lines_that_keep_theirs_and_all_others_come_in_one_order() {
        let mut expiries = Expiries::new();
        expiries.set_head(0, Some(expiry(9, 1)));
        assert_eq!((expiries.peek(), expiries.next_line()), (Time(9), Some(0)));
        expiries.push_constant(Span(5), expiry(7, 2));
        assert_eq!((expiries.peek(), expiries.next_line()), (Time(7), None));
        expiries.set_head(2, Some(expiry(7, 0)));
        assert_eq!((expiries.peek(), expiries.next_line()), (Time(7), Some(2)));
        assert!(expiries.pop(|_| false, |_| {}).is_none(), "it is the line that is to be asked");
        expiries.set_head(2, None);
        assert_eq!(expiries.pop(|_| false, |_| {}).map(|e| e.ticket), Some(2));
        expiries.push_drawn(expiry(8, 3));
        expiries.set_head(0, Some(expiry(12, 4)));
        assert_eq!(expiries.pop(|_| false, |_| {}).map(|e| e.ticket), Some(3));
        assert_eq!((expiries.peek(), expiries.next_line()), (Time(12), Some(0)));
        expiries.set_head(0, None);
        assert_eq!(expiries.peek(), Time::NEVER);
    }

    #[test]
    fn the_next_one_is_known_by_its_person_and_its_request_together() {
        let mut expiries = Expiries::new();
        assert!(!expiries.is_next(0, 0), "there is none");
        expiries.push_drawn(Expiry { at: Time(20), person: 3, ticket: 7 });
        expiries.push_drawn(Expiry { at: Time(30), person: 4, ticket: 8 });
        assert!(expiries.is_next(3, 7));
        assert!(!expiries.is_next(4, 7) && !expiries.is_next(3, 8) && !expiries.is_next(4, 8));
    }
}
