//! The waiting line of a station, one kind a discipline.

mod urn;

use super::ring::Ring;
use crate::model::Discipline;
use crate::random::{Draw, Key};
use crate::time::Time;
use urn::Urn;

/// A request that waits. It carries the name of its draws, because an orphan's client may be gone when it is served.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(super) struct Request {
    pub(super) entered: Time,
    pub(super) person: u32,
    pub(super) ticket: u32,
    pub(super) number: u32,
    pub(super) class: u16,
    pub(super) draw: Draw,
    /// The service that waits for it, of a worker who called this station; [`NOBODY`]: the client sent it.
    pub(super) upstream: u32,
}

/// No service.
pub(super) const NOBODY: u32 = u32::MAX;

const _: () = assert!(size_of::<Request>() == 32);

/// Requests in the order in which the discipline serves them. One that left stays until the line comes across it; the
/// caller says which are alive.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Line {
    order: Order,
    /// Entries that have left and are still held.
    stale: usize,
}

#[derive(Debug, serde::Serialize, serde::Deserialize)]
enum Order {
    Fifo(Ring<Request>),
    Lifo(Vec<Request>),
    /// One line a level, most urgent first; the level of each class.
    Priority(Vec<Ring<Request>>, Vec<u16>),
    Random(Urn),
}

/// Fewer stale entries than this are not worth a clean-up.
const FEW_STALE: usize = 64;

impl Line {
    /// An empty line; `priorities` are those of the classes.
    pub(super) fn new(discipline: Discipline, priorities: &[u32]) -> Line {
        let order = match discipline {
            Discipline::Fifo | Discipline::ProcessorSharing => Order::Fifo(Ring::new()),
            Discipline::Lifo => Order::Lifo(Vec::new()),
            Discipline::Random => Order::Random(Urn::new()),
            Discipline::Priority => {
                let mut levels: Vec<u32> = priorities.to_vec();
                levels.sort_unstable();
                levels.dedup();
                let level = |p: &u32| levels.partition_point(|other| other < p) as u16;
                Order::Priority(vec![Ring::new(); levels.len()], priorities.iter().map(level).collect())
            }
        };
        Line { order, stale: 0 }
    }

    #[inline(always)]
    pub(super) fn push(&mut self, request: Request) {
        match &mut self.order {
            Order::Fifo(line) => line.push_back(request),
            _ => self.push_other(request),
        }
    }

    #[inline(never)]
    fn push_other(&mut self, request: Request) {
        match &mut self.order {
            Order::Fifo(line) => line.push_back(request),
            Order::Lifo(line) => line.push(request),
            Order::Random(urn) => urn.held.push(request),
            Order::Priority(lines, levels) => lines[usize::from(levels[usize::from(request.class)])].push_back(request),
        }
    }

    /// The next request to serve among those alive; `key` is the station's, for random picks.
    #[inline(always)]
    pub(super) fn pop(&mut self, key: &Key, alive: impl Fn(&Request) -> bool) -> Option<Request> {
        loop {
            let next = match &mut self.order {
                Order::Fifo(line) => line.pop_front(),
                _ => self.pick(key),
            }?;
            if alive(&next) {
                return Some(next);
            }
            self.stale -= 1;
        }
    }

    /// The first entry of a line that is first in, first out.
    #[inline]
    pub(super) fn front(&self) -> Option<&Request> {
        match &self.order {
            Order::Fifo(line) => line.front(),
            _ => None,
        }
    }

    /// Tells the person of a request whose turn comes soon, or of two of which one's does, where that is known.
    #[inline(always)]
    pub(super) fn soon(&self, tell: impl Fn(u32)) {
        match &self.order {
            Order::Fifo(line) => line.soon().into_iter().for_each(|request| tell(request.person)),
            Order::Random(urn) => urn.soon().iter().for_each(|request| tell(request.person)),
            Order::Lifo(_) | Order::Priority(..) => {}
        }
    }

    /// The next entry of another discipline than first in, first out.
    #[inline(never)]
    fn pick(&mut self, key: &Key) -> Option<Request> {
        match &mut self.order {
            Order::Fifo(line) => line.pop_front(),
            Order::Lifo(line) => line.pop(),
            Order::Priority(lines, _) => lines.iter_mut().find_map(Ring::pop_front),
            // Passing over stale entries by picking again leaves the pick uniform among those alive.
            Order::Random(urn) => urn.pick(key),
        }
    }

    /// Changes the order in which the empty line serves.
    pub(super) fn reorder(&mut self, discipline: Discipline, priorities: &[u32]) {
        *self = Line::new(discipline, priorities);
    }

    /// The newest request among those alive, of a line that is first in first out.
    pub(super) fn pop_newest(&mut self, alive: impl Fn(&Request) -> bool) -> Option<Request> {
        let Order::Fifo(line) = &mut self.order else { return None };
        loop {
            let next = line.pop_back()?;
            if alive(&next) {
                return Some(next);
            }
            self.stale -= 1;
        }
    }

    /// The oldest request among those alive: of the most urgent rank, or of `others` too. Of two that came at one instant the
    /// more urgent.
    pub(super) fn pop_oldest(&mut self, others: bool, alive: impl Fn(&Request) -> bool) -> Option<Request> {
        let Order::Priority(lines, _) = &mut self.order else { return None };
        for line in lines.iter_mut() {
            while line.front().is_some_and(|request| !alive(request)) {
                line.pop_front();
                self.stale -= 1;
            }
        }
        let ranks = if others { lines.len() } else { 1 };
        let oldest = lines.iter_mut().take(ranks).filter(|line| !line.is_empty());
        oldest.min_by_key(|line| line.front().map(|request| request.entered)).and_then(Ring::pop_front)
    }

    /// The newest of the least urgent requests alive, if they are less urgent than a class.
    pub(super) fn pop_last_behind(&mut self, class: u16, alive: impl Fn(&Request) -> bool) -> Option<Request> {
        let Order::Priority(lines, levels) = &mut self.order else { return None };
        let own = usize::from(levels[usize::from(class)]);
        for line in lines.iter_mut().skip(own + 1).rev() {
            while let Some(last) = line.pop_back() {
                if alive(&last) {
                    return Some(last);
                }
                self.stale -= 1;
            }
        }
        None
    }

    /// Tells that one entry has left. Keeps stale entries fewer than those alive, for memory's sake.
    #[inline]
    pub(super) fn leave(&mut self, alive: impl Fn(&Request) -> bool) {
        // With a constant patience it is the first.
        if let Order::Fifo(line) = &mut self.order
            && line.front().is_some_and(|first| !alive(first))
        {
            line.pop_front();
            return;
        }
        self.stale += 1;
        if self.stale < FEW_STALE || self.stale * 2 < self.held() {
            return;
        }
        match &mut self.order {
            Order::Fifo(line) => line.retain(&alive),
            Order::Lifo(line) => line.retain(&alive),
            Order::Random(urn) => urn.held.retain(&alive),
            Order::Priority(lines, _) => lines.iter_mut().for_each(|line| line.retain(&alive)),
        }
        self.stale = 0;
    }

    /// Empties the line in the order of the entries, stale ones included.
    pub(super) fn drain(&mut self, mut each: impl FnMut(Request)) {
        match &mut self.order {
            Order::Fifo(line) => empty(line, &mut each),
            Order::Lifo(line) => line.drain(..).for_each(&mut each),
            Order::Random(urn) => urn.held.drain(..).for_each(&mut each),
            Order::Priority(lines, _) => lines.iter_mut().for_each(|line| empty(line, &mut each)),
        }
        self.stale = 0;
    }

    /// Every entry, stale ones included.
    pub(super) fn iter(&self) -> Box<dyn Iterator<Item = &Request> + '_> {
        match &self.order {
            Order::Fifo(line) => Box::new(line.iter()),
            Order::Lifo(line) => Box::new(line.iter()),
            Order::Random(urn) => Box::new(urn.held.iter()),
            Order::Priority(lines, _) => Box::new(lines.iter().flat_map(Ring::iter)),
        }
    }

    fn held(&self) -> usize {
        match &self.order {
            Order::Fifo(line) => line.len(),
            Order::Lifo(line) => line.len(),
            Order::Random(urn) => urn.held.len(),
            Order::Priority(lines, _) => lines.iter().map(Ring::len).sum(),
        }
    }
}

/// Takes every entry of a queue.
fn empty(line: &mut Ring<Request>, each: &mut impl FnMut(Request)) {
    line.iter().copied().for_each(&mut *each);
    line.clear();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{NameHash, Purpose};

    fn key() -> Key {
        Key::new(1, 0, NameHash::new("station", "desk"))
    }

    /// So many requests in a line, those of odd tickets by the second class, which is less urgent.
    fn line(discipline: Discipline, requests: u32) -> Line {
        let mut line = Line::new(discipline, &[0, 1]);
        for ticket in 0..requests {
            let class = (ticket % 2) as u16;
            let (entered, draw) = (Time(ticket.into()), Draw::default());
            line.push(Request { entered, person: ticket, ticket, number: ticket, class, draw, upstream: NOBODY });
        }
        line
    }

    /// The tickets of all whom `pop` finds.
    fn all(mut pop: impl FnMut() -> Option<Request>) -> Vec<u32> {
        std::iter::from_fn(|| pop().map(|request| request.ticket)).collect()
    }

    #[test]
    fn whoever_left_is_passed_over_and_no_longer_counted() {
        let alive = |request: &Request| request.ticket % 3 != 1;
        for (discipline, order) in [
            (Discipline::Fifo, Some([0, 2, 3, 5])),
            (Discipline::Lifo, Some([5, 3, 2, 0])),
            (Discipline::Priority, Some([0, 2, 3, 5])),
            (Discipline::Random, None),
        ] {
            let mut line = line(discipline, 6);
            (0..2).for_each(|_| line.leave(alive));
            assert_eq!(line.stale, 2);
            let mut served = all(|| line.pop(&key(), alive));
            if order.is_none() {
                served.sort_unstable();
            }
            assert_eq!((served, line.stale), (order.unwrap_or([0, 2, 3, 5]).to_vec(), 0));
        }
    }

    #[test]
    fn rules_that_take_from_a_line_pass_over_whoever_left() {
        let alive = |request: &Request| request.ticket % 3 != 1;
        let left = |discipline| {
            let mut line = line(discipline, 6);
            (0..2).for_each(|_| line.leave(alive));
            line
        };
        let mut newest = left(Discipline::Fifo);
        assert_eq!((all(|| newest.pop_newest(alive)), newest.stale), (vec![5, 3, 2, 0], 0));
        let mut oldest = left(Discipline::Priority);
        assert_eq!((all(|| oldest.pop_oldest(true, alive)), oldest.stale), (vec![0, 2, 3, 5], 0));
        let mut last = left(Discipline::Priority);
        assert_eq!((all(|| last.pop_last_behind(0, alive)), last.stale), (vec![5, 3], 1));
    }

    #[test]
    fn nobody_is_pushed_out_by_one_who_is_no_more_urgent() {
        let mut line = line(Discipline::Priority, 4);
        assert!(line.pop_last_behind(1, |_| true).is_none());
        assert_eq!(all(|| line.pop_last_behind(0, |_| true)), [3, 1]);
        assert_eq!(line.iter().map(|request| request.ticket).collect::<Vec<_>>(), [0, 2]);
    }

    /// No fewer than [`FEW_STALE`], and no fewer than half of what is held.
    #[test]
    fn those_who_left_are_cleaned_up_when_they_are_many_and_half_of_all() {
        for discipline in [Discipline::Lifo, Discipline::Priority, Discipline::Random] {
            for (requests, many) in [(100, 64), (200, 100)] {
                let mut line = line(discipline, requests);
                for left in 1..many {
                    line.leave(|request| request.ticket >= left);
                    assert_eq!((line.iter().count(), line.stale), (requests as usize, left as usize));
                }
                line.leave(|request| request.ticket >= many);
                assert_eq!((line.iter().count(), line.stale), ((requests - many) as usize, 0));
            }
        }
    }

    /// Whose turn comes soon.
    fn soon(line: &Line) -> Vec<u32> {
        let told = std::cell::RefCell::new(Vec::new());
        line.soon(|person| told.borrow_mut().push(person));
        told.into_inner()
    }

    #[test]
    fn whose_turn_comes_soon_is_known_in_a_line_that_is_long_enough() {
        let mut line = line(Discipline::Fifo, 10);
        assert_eq!(soon(&line), [8]);
        line.pop(&key(), |_| true);
        assert_eq!(soon(&line), [9]);
        line.pop(&key(), |_| true);
        assert!(soon(&line).is_empty());
    }

    #[test]
    fn whose_turn_comes_soon_is_told_also_if_another_comes_before() {
        let (key, mut line) = (key(), line(Discipline::Random, 1_000));
        for newcomer in 1_000..2_000 {
            line.pop(&key, |_| true);
            let told = soon(&line);
            let other = *line.iter().next().expect("999 are left");
            line.push(Request { person: newcomer, ..other });
            let next = line.pop(&key, |_| true).expect("so many are there");
            assert!(told.contains(&next.person) || next.person == newcomer, "{} was not told of", next.person);
            line.push(next);
        }
    }

    #[test]
    fn picks_at_random_are_the_stations_draws_in_order() {
        let (key, mut line) = (key(), line(Discipline::Random, 40));
        let mut held: Vec<u32> = (0..40).collect();
        for pick in 0..40 {
            let share = u128::from(key.stream(Purpose::Pick, pick, Draw::default()).bits());
            let want = held.swap_remove((share * held.len() as u128 / (1 << 64)) as usize);
            // Nothing is drawn before the first pick.
            assert!(pick == 0 || soon(&line)[0] == want);
            assert_eq!(line.pop(&key, |_| true).map(|request| request.ticket), Some(want));
        }
        assert!(line.pop(&key, |_| true).is_none());
    }
}
