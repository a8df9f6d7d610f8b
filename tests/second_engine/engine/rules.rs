//! Rules beside windows: order and refusal at stations, what clients keep to, limits on the rate.

use super::{Request, Second, State};
use clickday::model::{
    AdaptiveLifoRule, AppliesTo, CodelRule, Discipline, PriorityRule, RateLimitRule, ReserveRule, Rule, ShedRule, Timeout,
    TimeoutCovers,
};
use clickday::random::{Draw, Purpose};
use clickday::time::{Span, Time};
use std::collections::HashMap;

/// What the clients of a class have done, as their rules need it.
#[derive(Debug, Default)]
pub(super) struct Manners {
    /// Retries that are left.
    budget: f64,
    /// Requests wanted and answers had, with their times.
    wanted: Vec<Time>,
    answered: Vec<Time>,
}

/// By whom it is shared: tokens, as the nanoseconds that they took to drop in, and when that was looked at.
pub(super) type Buckets = HashMap<(usize, u64), (u64, Time)>;

/// The half of a window that holds a moment; halves begin with the clock.
fn half_of(at: Time, window: Span) -> u64 {
    at.0 / window.0.div_ceil(2)
}

impl<'m> Second<'m> {
    /// The first rule of a kind.
    fn find<R>(&self, kind: impl Fn(&'m Rule) -> Option<&'m R>) -> Option<&'m R> {
        self.policy.rules.iter().find_map(kind)
    }

    pub(super) fn priority_at(&self, at: usize) -> Option<&'m PriorityRule> {
        self.find(|rule| if let Rule::Priority(rule) = rule { (usize::from(rule.station) == at).then_some(rule) } else { None })
    }

    pub(super) fn reserve_at(&self, at: usize) -> Option<&'m ReserveRule> {
        self.find(|rule| if let Rule::Reserve(rule) = rule { (usize::from(rule.station) == at).then_some(rule) } else { None })
    }

    fn lifo_at(&self, at: usize) -> Option<&'m AdaptiveLifoRule> {
        self.find(
            |rule| {
                if let Rule::AdaptiveLifo(rule) = rule { (usize::from(rule.station) == at).then_some(rule) } else { None }
            },
        )
    }

    fn shed_at(&self, at: usize) -> Option<&'m ShedRule> {
        self.find(|rule| if let Rule::Shed(rule) = rule { (usize::from(rule.station) == at).then_some(rule) } else { None })
    }

    fn codel_at(&self, at: usize) -> Option<&'m CodelRule> {
        self.find(|rule| if let Rule::Codel(rule) = rule { (usize::from(rule.station) == at).then_some(rule) } else { None })
    }

    /// The rank of a class at a station, the least first.
    pub(super) fn rank(&self, at: usize, class: usize) -> u32 {
        if let Some(rule) = self.priority_at(at) {
            rule.ranks[class]
        } else if let Some(rule) = self.reserve_at(at) {
            u32::from(!rule.classes[class])
        } else if self.lifo_at(at).is_none() && self.model.stations[at].discipline == Discipline::Priority {
            self.model.classes[class].priority
        } else {
            0
        }
    }

    /// The place in line of the next request to be served; nothing where the rules let none of them.
    pub(super) fn next_in_line(&self, at: usize) -> Option<usize> {
        let line = &self.stations[at].line;
        let places = 0..line.len();
        if let Some(rule) = self.reserve_at(at) {
            let idle = self.idle(at);
            let may = |place: &usize| rule.classes[line[*place].class] || idle > u64::from(rule.workers);
            return places.filter(may).min_by_key(|place| (line[*place].entered, self.rank(at, line[*place].class)));
        }
        if let Some(rule) = self.lifo_at(at) {
            return if self.stands(at, rule.interval) { places.last() } else { places.min() };
        }
        match self.model.stations[at].discipline {
            Discipline::Lifo if self.priority_at(at).is_none() => places.last(),
            Discipline::Fifo | Discipline::Lifo | Discipline::Priority | Discipline::ProcessorSharing => {
                places.min_by_key(|place| self.rank(at, line[*place].class))
            }
            Discipline::Random => {
                let station = &self.stations[at];
                let drawn = station.key?.stream(Purpose::Pick, station.picks, Draw::default()).bits();
                let place = (u128::from(drawn) * line.len() as u128) >> u64::BITS;
                (!line.is_empty()).then_some(place as usize)
            }
        }
    }

    /// Takes a request out of the line. Where picks are by chance, the last takes the place of the one who was picked.
    pub(super) fn take_out(&mut self, at: usize, place: usize) -> Request {
        let station = &mut self.stations[at];
        if self.model.stations[at].discipline != Discipline::Random {
            return station.line.remove(place);
        }
        station.picks += 1;
        station.line.swap_remove(place)
    }

    /// Whether the queue of a station has not been empty for so long.
    fn stands(&self, at: usize, interval: Span) -> bool {
        self.stations[at].queue.not_empty_since().is_some_and(|since| self.now.since(since) >= interval)
    }

    /// Idle workers that a request must leave idle.
    pub(super) fn workers_kept(&self, at: usize, class: usize) -> u64 {
        self.reserve_at(at).filter(|rule| !rule.classes[class]).map_or(0, |rule| u64::from(rule.workers))
    }

    /// Free places that a request must leave free.
    pub(super) fn places_kept(&self, at: usize, class: usize) -> u64 {
        self.reserve_at(at).filter(|rule| !rule.classes[class]).map_or(0, |rule| u64::from(rule.queue))
    }

    /// Whether whoever would have to wait is refused early.
    pub(super) fn sheds(&self, at: usize, request: &Request) -> bool {
        let Some(rule) = self.shed_at(at).filter(|rule| means(rule, request)) else { return false };
        let station = &self.stations[at];
        let wait = (station.queue.now + 1) as f64 * station.mean_service / f64::from(station.workers.max(1));
        rule.queue.is_some_and(|queue| station.queue.now >= u64::from(queue))
            || rule.wait.is_some_and(|longest| wait > longest.0 as f64)
            || (rule.deadline && self.leaves_before(at, request, wait))
    }

    /// Whether a client leaves before a wait of so many nanoseconds and a service are over.
    fn leaves_before(&self, at: usize, request: &Request, wait: f64) -> bool {
        let step = &self.model.classes[request.class].journey[usize::from(request.draw.step)];
        let Timeout::After(patience) = &step.timeout else { return false };
        if request.caller.is_some() {
            // Whoever is served at the station that calls waits for ever, if only the queue tires them.
            if !self.is_served(request) {
                return true;
            }
            if step.covers == TimeoutCovers::Queue {
                return false;
            }
        }
        let mut stream = self.keys[request.class].stream(Purpose::Patience, request.number, request.draw);
        let leaves = request.sent + patience.sample(&mut stream);
        let service = if step.covers == TimeoutCovers::Queue { 0.0 } else { self.stations[at].mean_service };
        self.now + Span::from_nanos(wait + service) > leaves
    }

    /// Whether a request whose turn it is has waited too long, or is not worth serving any more.
    pub(super) fn is_too_late(&self, at: usize, request: &Request) -> bool {
        let waited = self.now.since(request.entered);
        let late = |rule: &CodelRule| waited > if self.stands(at, rule.interval) { rule.target } else { rule.interval };
        let vain = |rule: &ShedRule| rule.deadline && means(rule, request) && self.leaves_before(at, request, 0.0);
        self.codel_at(at).is_some_and(late) || self.shed_at(at).is_some_and(vain)
    }

    /// Takes the last of the least urgent out of a full queue for one who is more so; `false` where there is none.
    pub(super) fn pushes_out(&mut self, at: usize, class: usize) -> bool {
        if !self.priority_at(at).is_some_and(|rule| rule.push_out) {
            return false;
        }
        let line = &self.stations[at].line;
        let least = (0..line.len()).max_by_key(|place| (self.rank(at, line[*place].class), *place));
        let behind = least.filter(|place| self.rank(at, line[*place].class) > self.rank(at, class));
        behind.inspect(|place| self.drop_from_line(at, *place)).is_some()
    }

    /// A request in line is refused, if its client is still there.
    pub(super) fn drop_from_line(&mut self, at: usize, place: usize) {
        let request = self.take_out(at, place);
        self.stations[at].queue.down(self.now);
        if self.waits(&request) || request.caller.is_some() {
            let station = &mut self.stations[at];
            station.refused += 1;
            station.debt = station.debt + self.model.stations[at].refusal_cost;
        }
        if let Some(caller) = request.caller {
            self.fail_call(caller);
        } else if self.waits(&request) {
            self.classes[request.class].tally.refused += 1;
            self.people[request.person].state = State::Thinking;
            self.fail(request.person);
        }
    }

    /// The mean service of a station, a new one weighing a fiftieth.
    pub(super) fn learn(&mut self, at: usize, takes: Span) {
        let mean = &mut self.stations[at].mean_service;
        let takes = takes.0 as f64;
        *mean = if *mean == 0.0 { takes } else { *mean + 0.02 * (takes - *mean) };
    }

    // What clients keep to.

    pub(super) fn set_up_manners(&mut self) {
        for rule in &self.policy.rules {
            if let Rule::RetryBudget(rule) = rule {
                let meant = self.manners.iter_mut().zip(&rule.classes).filter(|(_, meant)| **meant);
                meant.for_each(|(manners, _)| manners.budget = f64::from(rule.burst));
            }
        }
    }

    /// Whether a client has a retry left, which is then used.
    pub(super) fn may_retry(&mut self, class: usize) -> bool {
        let has_budget = self.policy.rules.iter().any(|rule| matches!(rule, Rule::RetryBudget(rule) if rule.classes[class]));
        let budget = &mut self.manners[class].budget;
        if has_budget && *budget < 1.0 {
            return false;
        }
        *budget -= 1.0;
        true
    }

    /// Whether a client's program sends what its person wants to send.
    pub(super) fn program_sends(&mut self, person: usize) -> bool {
        let (who, draw, now) = (&self.people[person], self.draw_of(person), self.now);
        let (class, number) = (who.class, who.number);
        let manners = &mut self.manners[class];
        let mut sends = true;
        for rule in &self.policy.rules {
            match rule {
                Rule::RetryBudget(rule) if rule.classes[class] && draw.attempt == 0 => {
                    manners.budget = (manners.budget + rule.ratio).min(f64::from(rule.burst));
                }
                Rule::Throttle(rule) if rule.classes[class] => {
                    let recent = |times: &[Time]| {
                        let half = |at: &&Time| half_of(**at, rule.window) + 1 >= half_of(now, rule.window);
                        times.iter().filter(half).count() as f64
                    };
                    let (requests, answers) = (recent(&manners.wanted), recent(&manners.answered));
                    let refuses = ((requests - rule.k * answers) / (requests + 1.0)).max(0.0);
                    let luck = self.keys[class].uniform(Purpose::Throttle, number, draw);
                    sends = refuses == 0.0 || luck >= refuses;
                }
                _ => {}
            }
        }
        manners.wanted.push(now);
        sends
    }

    pub(super) fn note_answer(&mut self, class: usize) {
        self.manners[class].answered.push(self.now);
    }

    // Limits.

    /// Until when the limits have no token for a request: how long its client is to wait, where it heeds that.
    pub(super) fn limited(&mut self, person: usize) -> Option<Option<Span>> {
        let who = &self.people[person];
        let (class, number, step) = (who.class, who.number, who.step);
        for (place, rule) in self.policy.rules.iter().enumerate() {
            let Rule::RateLimit(rule) = rule else { continue };
            if !rule.classes[class] || (rule.applies_to == AppliesTo::Sessions && step > 0) {
                continue;
            }
            let Some(missing) = self.take_token(place, rule, class, person) else { continue };
            let whole = missing.0.div_ceil(1_000_000_000) * 1_000_000_000;
            let heeds = self.keys[class].uniform(Purpose::Respect, number, Draw::default()) < rule.respected;
            return Some(heeds.then_some(rule.retry_after.unwrap_or(Span(whole))));
        }
        None
    }

    /// Takes a token, or tells how long one takes to drop in.
    fn take_token(&mut self, place: usize, rule: &RateLimitRule, class: usize, person: usize) -> Option<Span> {
        use clickday::model::Bucket;
        let sharer = match rule.per {
            Bucket::All => 0,
            Bucket::Class => class as u64,
            Bucket::Applicant => person as u64,
        };
        let token = Span::from_nanos(60e9 / rule.per_minute).0;
        let full = token + Span::from_nanos(60e9 / rule.per_minute * (rule.burst - 1.0)).0;
        let (level, since) = self.buckets.entry((place, sharer)).or_insert((full, Time::ZERO));
        *level = full.min(*level + self.now.since(*since).0);
        *since = self.now;
        if *level < token {
            return Some(Span(token - *level));
        }
        *level -= token;
        None
    }
}

/// Whether a rule may refuse a request.
fn means(rule: &ShedRule, request: &Request) -> bool {
    rule.classes[request.class] && !(rule.spare_begun && request.draw.step > 0)
}
