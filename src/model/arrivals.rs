//! The intended arrivals of a class, one after the other.

use super::variates::{binomial, poisson};
use super::{Class, Component, Population};
use crate::random::{Draw, Key, Purpose};
use crate::stats::ln_normal;
use crate::time::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The intended arrivals of one class in one replication, in time order, never holding more than one per component.
///
/// The population is split over the components of the curve by successive binomials; in each, the sorted uniforms come
/// from exponential spacings (Bentley & Saxe 1980, *Generating sorted lists of random numbers*) and go through the
/// inverse of the curve. Every number is keyed by its component and its place in it: nothing depends on what else the
/// simulation does.
#[derive(Debug, Clone)]
pub struct Arrivals<'a> {
    components: &'a [Component],
    key: Key,
    end: Time,
    population: u64,
    not_arrived: u64,
    parts: Vec<Part>,
    /// The part that comes next.
    head: usize,
    /// Its next arrival.
    next: Time,
    /// Where the parts are many: all of them by their next arrival, the head on top. Empty where a look at each is faster.
    order: BinaryHeap<Reverse<(Time, usize)>>,
}

/// Up to so many parts are looked through one by one.
const FEW_PARTS: usize = 8;

/// Where one component stands.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
struct Part {
    /// Its next arrival.
    next: Time,
    /// Arrivals that were generated ahead, and how many of them are past.
    ahead: [Time; AHEAD],
    past: usize,
    /// −ln of the share of the curve still to come at the last of them.
    hazard: f64,
    /// How many arrivals were generated, and how many were not yet.
    made: u64,
    left: u64,
    cursor: usize,
}

/// What changes as arrivals are taken.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct ArrivalsStand {
    not_arrived: u64,
    parts: Vec<Part>,
    head: usize,
    order: BinaryHeap<Reverse<(Time, usize)>>,
}

/// So many arrivals are generated at once: their draws do not wait for each other.
const AHEAD: usize = 16;

impl<'a> Arrivals<'a> {
    /// Draws the size of the class, `demand` times its population, and its first arrival. Whoever would come at or after
    /// `end` never arrives.
    ///
    /// `key` is the class's key in the replication; `demand` is 1 unless demand is uncertain. A fixed population is
    /// rounded to whole people; a Poisson one is drawn about `demand` times its mean.
    #[must_use]
    pub fn new(class: &'a Class, key: Key, demand: f64, end: Time) -> Arrivals<'a> {
        let population = match class.population {
            Population::Fixed(n) if demand == 1.0 => n,
            Population::Fixed(n) => libm::round(n as f64 * demand) as u64,
            Population::Poisson(mean) => poisson(mean * demand, &mut key.stream(Purpose::Population, 0, Draw::default())),
        };
        // An applicant's number has 32 bits; a scenario has fewer people, but demand may multiply them.
        let population = population.min(u64::from(u32::MAX));
        let mut arrivals = Arrivals {
            components: &class.arrivals,
            key,
            end,
            population,
            not_arrived: 0,
            parts: Vec::with_capacity(class.arrivals.len()),
            head: 0,
            next: Time::NEVER,
            order: BinaryHeap::new(),
        };
        let mut left = population;
        for (index, component) in class.arrivals.iter().enumerate() {
            // The sum of what remains, not one minus what went: nothing cancels, and the last share takes all.
            let remaining: f64 = class.arrivals[index..].iter().map(|component| component.share).sum();
            let mut stream = key.stream(Purpose::Split, 0, step(index));
            let share = binomial(left, component.share / remaining, &mut stream);
            left -= share;
            let ahead = [Time::ZERO; AHEAD];
            arrivals.parts.push(Part { next: Time::ZERO, ahead, past: AHEAD, hazard: 0.0, made: 0, left: share, cursor: 0 });
            arrivals.advance(index);
        }
        arrivals.head = arrivals.earliest();
        if arrivals.parts.len() > FEW_PARTS {
            arrivals.order = arrivals.parts.iter().enumerate().map(|(index, part)| Reverse((part.next, index))).collect();
        }
        arrivals.next = arrivals.of_head();
        arrivals
    }

    /// Which arrivals were taken.
    #[must_use]
    pub fn stand(&self) -> ArrivalsStand {
        let Arrivals { not_arrived, parts, head, order, .. } = self.clone();
        ArrivalsStand { not_arrived, parts, head, order }
    }

    /// Goes on where the same class in the same replication was.
    pub fn go_on_from(&mut self, stand: ArrivalsStand) {
        ArrivalsStand { not_arrived: self.not_arrived, parts: self.parts, head: self.head, order: self.order } = stand;
        self.next = self.of_head();
    }

    /// How many people the class has in this replication, whether they arrive or not.
    #[must_use]
    pub fn population(&self) -> u64 {
        self.population
    }

    /// How many of them are known to come at or after the end, which is never: all of those once
    /// [`Arrivals::peek`] says [`Time::NEVER`], and no more than those before.
    #[must_use]
    pub fn not_arrived(&self) -> u64 {
        self.not_arrived
    }

    /// How many have not been popped yet, whether they will arrive or not.
    #[must_use]
    pub fn to_come(&self) -> u64 {
        let made = |part: &Part| part.ahead[part.past..].iter().filter(|at| **at < Time::NEVER).count() as u64;
        let ahead = self.parts.iter().map(|part| part.left + made(part) + u64::from(part.next < Time::NEVER));
        self.not_arrived + ahead.sum::<u64>()
    }

    /// The next arrival, [`Time::NEVER`] when no more come before the end.
    #[inline]
    #[must_use]
    pub fn peek(&self) -> Time {
        self.next
    }

    fn of_head(&self) -> Time {
        self.parts.get(self.head).map_or(Time::NEVER, |part| part.next)
    }

    /// Returns the next arrival and goes on to the one after. The caller counts: an applicant's number is their rank.
    #[inline]
    pub fn pop(&mut self) -> Time {
        let time = self.next;
        if time < Time::NEVER {
            self.next = self.advance(self.head);
            if self.parts.len() > 1 {
                self.head = if self.order.is_empty() { self.earliest() } else { self.reorder() };
                self.next = self.of_head();
            }
        }
        time
    }

    /// Goes on to the next arrival of a component, and says when it is.
    #[inline]
    fn advance(&mut self, index: usize) -> Time {
        if self.parts[index].past == AHEAD {
            self.generate(index);
        }
        let part = &mut self.parts[index];
        part.next = part.ahead[part.past];
        // Nobody comes after one who never does.
        part.past += usize::from(part.next < Time::NEVER);
        part.next
    }

    /// Generates arrivals of a component ahead, [`Time::NEVER`] for those who do not come any more.
    #[inline(never)]
    fn generate(&mut self, index: usize) {
        let part = &mut self.parts[index];
        let mut gaps = [0.0; AHEAD];
        let made = (part.left.min(AHEAD as u64)) as usize;
        // The least of n uniforms on what is left: the hazard grows by an exponential of mean 1/n. 1 − u is exact.
        for (gap, place) in gaps[..made].iter_mut().zip(0..) {
            let exponential = -ln_normal(self.key.stream(Purpose::Arrival, part.made + place, step(index)).one_less_uniform());
            *gap = exponential / (part.left - place) as f64;
        }
        let curve = &self.components[index].curve;
        let mut last = part.next;
        part.ahead = [Time::NEVER; AHEAD];
        part.past = 0;
        for (ahead, gap) in part.ahead.iter_mut().zip(&gaps[..made]) {
            part.hazard += gap;
            last = curve.instant(part.hazard, &mut part.cursor).max(last);
            if last >= self.end {
                self.not_arrived += part.left;
                part.left = 0;
                return;
            }
            *ahead = last;
            part.made += 1;
            part.left -= 1;
        }
    }

    /// The same where parts are many, of which only the head has gone on.
    fn reorder(&mut self) -> usize {
        if let Some(mut top) = self.order.peek_mut() {
            *top = Reverse((self.parts[self.head].next, self.head));
        }
        self.order.peek().map_or(0, |Reverse((_, index))| *index)
    }

    /// The part with the least time, the first of those that tie.
    #[inline]
    fn earliest(&self) -> usize {
        let mut head = 0;
        for index in 1..self.parts.len() {
            if self.parts[index].next < self.parts[head].next {
                head = index;
            }
        }
        head
    }
}

fn step(component: usize) -> Draw {
    Draw { step: component as u16, ..Draw::default() }
}
