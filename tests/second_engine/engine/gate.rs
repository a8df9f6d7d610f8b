//! The gate: windows, and limits on the rate.

use super::{Event, Second, State};
use clickday::model::{AppliesTo, WindowsRule};
use clickday::random::{Draw, Purpose};
use clickday::time::{Span, Time};

impl Second<'_> {
    /// Until when a person is kept out, and whether by advice alone; nothing where they may go on.
    pub(super) fn shut(&self, person: usize, what: AppliesTo) -> Option<(Time, bool)> {
        let who = &self.people[person];
        let key = &self.keys[who.class];
        let personal = key.uniform(Purpose::Cohort, who.number, Draw::default());
        let heeds = key.uniform(Purpose::Follow, who.number, Draw::default());
        let open = |rule: &WindowsRule| {
            let cohorts = &rule.classes[who.class];
            let cohort = cohorts.iter().find(|cohort| personal < cohort.below).or(cohorts.last());
            cohort.map(|cohort| cohort.open.pieces().to_vec())
        };
        let mine: Vec<&&WindowsRule> = self.rules.iter().filter(|rule| heeds < rule.follow && open(rule).is_some()).collect();
        let is_open = |rule: &WindowsRule, at: Time| {
            open(rule).is_none_or(|pieces| pieces.iter().any(|(from, to)| *from <= at && at < *to))
        };
        let shut: Vec<_> = mine.iter().filter(|rule| rule.applies_to == what && !is_open(rule, self.now)).collect();
        if shut.is_empty() {
            return None;
        }
        let advice = shut.iter().all(|rule| rule.follow < 1.0);
        // The next opening of all is the opening of one of them.
        let starts = mine.iter().flat_map(|rule| open(rule).unwrap_or_default()).map(|(from, _)| from);
        let next = starts.filter(|at| *at > self.now && mine.iter().all(|rule| is_open(rule, *at))).min();
        Some((next.unwrap_or(Time::NEVER), advice))
    }

    pub(super) fn knows(&self, person: usize) -> bool {
        let who = &self.people[person];
        let aware = self.class_of(person).closed.aware;
        let knows = self.keys[who.class].uniform(Purpose::Aware, who.number, Draw::default()) < aware;
        who.informed || self.is_operated(who.class) || knows
    }

    pub(super) fn wait_for_opening(&mut self, person: usize, until: Time, advice: bool) {
        let class = self.people[person].class;
        if !advice && !self.knows(person) {
            self.classes[class].tally.requests += 1;
            self.classes[class].tally.closed += 1;
            self.people[person].informed = true;
        }
        self.people[person].attempt += 1;
        self.people[person].state = State::AwayForWindow;
        self.classes[class].away.up(self.now);
        let delay = self.class_of(person).closed.return_delay.clone();
        let delay = delay.filter(|_| !self.is_operated(class));
        let delay = delay.map_or(Span::ZERO, |delay| self.sample(person, &delay, Purpose::ReturnDelay));
        self.schedule(until + delay, Event::Wake { person });
    }
}
