//! The waiting line of a station, one kind a discipline.

use super::ring::Ring;
use crate::model::Discipline;
use crate::random::{Draw, Key, Purpose};
use crate::time::Time;
use prefetch_index::prefetch_index;

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
            Discipline::Random => Order::Random(Urn::default()),
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

    /// The person of a request whose turn comes soon, if that is known.
    #[inline]
    pub(super) fn soon(&self) -> Option<u32> {
        match &self.order {
            Order::Fifo(line) => line.soon().map(|request| request.person),
            Order::Random(urn) => urn.soon().map(|request| request.person),
            Order::Lifo(_) | Order::Priority(..) => None,
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

/// Requests that are picked by chance. Where a pick falls is drawn two picks ahead, so that it can be brought near.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
struct Urn {
    held: Vec<Request>,
    picks: u64,
    /// What the next two picks draw, once there was one.
    drawn: [u64; 2],
}

impl Urn {
    fn pick(&mut self, key: &Key) -> Option<Request> {
        let draw = |pick| key.stream(Purpose::Pick, pick, Draw::default()).bits();
        if self.held.is_empty() {
            return None;
        }
        if self.picks == 0 {
            self.drawn = [draw(0), draw(1)];
        }
        let [this, next] = self.drawn;
        self.drawn = [next, draw(self.picks + 2)];
        self.picks += 1;
        let request = self.held.swap_remove(self.place(this));
        prefetch_index(&self.held, self.place(self.drawn[1]));
        Some(request)
    }

    /// Where a draw falls among so many.
    fn place(&self, drawn: u64) -> usize {
        ((u128::from(drawn) * self.held.len() as u128) >> 64) as usize
    }

    /// The next to be picked if as many are there then.
    fn soon(&self) -> Option<&Request> {
        self.held.get(self.place(self.drawn[0]))
    }
}

/// Takes every entry of a queue.
fn empty(line: &mut Ring<Request>, each: &mut impl FnMut(Request)) {
    line.iter().copied().for_each(&mut *each);
    line.clear();
}
