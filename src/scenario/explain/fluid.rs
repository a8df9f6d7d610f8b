//! How long the queue of a station could get, by a fluid reckoning before any simulation.

use super::load::capacity;
use crate::model::{Class, Study};
use crate::time::{Span, Time};

/// Steps of the reckoning at most.
const MAX_STEPS: u64 = 20_000;

/// Steps to a timeout, so that what comes within one may be taken to come at its beginning.
const STEPS_TO_A_TIMEOUT: f64 = 10.0;

/// The longest wait in seconds at a station under any policy, if everybody made all the tries of every request at once.
///
/// People whom windows keep out come back after the opening as their `return_delay` says. Whoever comes while the
/// station is down is refused and costs nothing; that they come back later is left out, as are returns after giving up.
pub(super) fn longest_wait(study: &Study, station: usize, timeout: f64) -> f64 {
    let steps = study.model.end.0.div_ceil((timeout / STEPS_TO_A_TIMEOUT * 1e9).max(1.0) as u64).clamp(1, MAX_STEPS);
    let step = Span(study.model.end.0.div_ceil(steps));
    (0..study.model.policies.len()).map(|policy| under(study, station, policy, step)).fold(0.0, f64::max)
}

fn under(study: &Study, station: usize, policy: usize, step: Span) -> f64 {
    let model = study.model.under(policy);
    let here = &model.stations[station];
    let mut crowds: Vec<Crowd<'_>> =
        study.model.classes.iter().enumerate().map(|(index, class)| Crowd::new(index, class, station)).collect();
    crowds.retain(|crowd| crowd.work > 0.0);
    let (mut waiting, mut longest, mut from) = (0.0_f64, 0.0_f64, Time::ZERO);
    while from < study.model.end {
        let to = (from + step).min(study.model.end);
        let served = capacity(here, from, to);
        let come: f64 = crowds.iter_mut().map(|crowd| crowd.come(study, policy, from, to)).sum();
        let down = here.outages.iter().any(|outage| outage.from < to && from < outage.to);
        waiting = if down { 0.0 } else { waiting + come };
        if waiting > 0.0 {
            longest = longest.max(waiting / served * to.since(from).seconds());
        }
        waiting = (waiting - served).max(0.0);
        from = to;
    }
    longest
}

/// The people of a class on their way to a station.
struct Crowd<'a> {
    index: usize,
    class: &'a Class,
    /// Worker-seconds of one person, all tries made.
    work: f64,
    /// Share of the class that has come up to now.
    share: f64,
    /// People kept out, and people on their way since an opening.
    shut: f64,
    returning: f64,
    /// Share of the class that was let in up to now.
    open: f64,
}

impl<'a> Crowd<'a> {
    fn new(index: usize, class: &'a Class, station: usize) -> Crowd<'a> {
        let steps = class.journey.iter().filter(|step| usize::from(step.station) == station);
        let work: f64 = steps.map(|step| step.service.mean_seconds()).sum();
        let work = work * f64::from(class.retry.attempts) * class.population.mean();
        Crowd { index, class, work, share: 0.0, shut: 0.0, returning: 0.0, open: 1.0 }
    }

    /// Worker-seconds that come in a step.
    fn come(&mut self, study: &Study, policy: usize, from: Time, to: Time) -> f64 {
        let share = self.class.arrivals.iter().map(|part| part.share * part.curve.share_before(to)).sum::<f64>();
        let new = share - self.share;
        self.share = share;
        let open = open_share(study, policy, self.index, from);
        if open > self.open {
            let back = self.shut * (open - self.open) / (1.0 - self.open);
            self.shut -= back;
            self.returning += back;
        }
        self.open = open;
        self.shut += new * (1.0 - open);
        let mean = self.class.closed.return_delay.as_ref().map_or(0.0, crate::model::Sampler::mean_seconds);
        let now = if mean > 0.0 { 1.0 - (-to.since(from).seconds() / mean).exp() } else { 1.0 };
        let back = self.returning * now;
        self.returning -= back;
        (new * open + back) * self.work
    }
}

/// The share of a class that a policy lets in at an instant: the least that any of its windows does.
fn open_share(study: &Study, policy: usize, class: usize, at: Time) -> f64 {
    let windows = study.model.policies[policy].windows().map(|rule| {
        let cohorts = &rule.classes[class];
        let mut below = 0.0;
        let mut open = 0.0;
        for cohort in cohorts {
            open += if cohort.open.contains(at) { cohort.below - below } else { 0.0 };
            below = cohort.below;
        }
        if cohorts.is_empty() { 1.0 } else { 1.0 - rule.follow * (1.0 - open) }
    });
    windows.fold(1.0, f64::min)
}
