//! What was answered while an incident lasted: counts by class, and the people behind them.

use super::run::Run;
use super::snapshot::state;
use crate::model::Incident;
use crate::time::Time;

/// What a class was answered in an incident.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IncidentTally {
    /// Answers that reached their client.
    pub answered: u64,
    /// Applicants who had one or more of them.
    pub people: u64,
    /// Of those answers, the last ones of a journey: applicants who completed.
    pub completed: u64,
}

/// The incidents of a run.
#[derive(Debug)]
pub(super) struct Incidents<'m> {
    /// None is on before, or from then on.
    from: Time,
    to: Time,
    all: Vec<Watched<'m>>,
}

#[derive(Debug)]
struct Watched<'m> {
    incident: &'m Incident,
    /// By class: a bit for each applicant, by number, set once they had an answer.
    seen: Vec<Vec<u64>>,
    /// By class, then by length.
    tallies: Vec<Vec<IncidentTally>>,
}

state!(Incidents {
    values:;
    parts: all;
    part:;
    of_model: from to;
});

state!(Watched {
    values: seen tallies;
    parts:;
    part:;
    of_model: incident;
});

impl<'m> Incidents<'m> {
    pub(super) fn new(incidents: &'m [Incident]) -> Incidents<'m> {
        let watched = |incident: &'m Incident| Watched {
            incident,
            seen: vec![Vec::new(); incident.steps.len()],
            tallies: vec![vec![IncidentTally::default(); incident.lasts.len()]; incident.steps.len()],
        };
        Incidents {
            from: incidents.iter().map(|incident| incident.from).min().unwrap_or(Time::NEVER),
            to: incidents.iter().map(Incident::to).max().unwrap_or(Time::ZERO),
            all: incidents.iter().map(watched).collect(),
        }
    }

    /// Whether there may be one at this moment; a comparison that fails at once where a run has none.
    #[inline]
    pub(super) fn is_on(&self, now: Time) -> bool {
        now >= self.from && now < self.to
    }

    /// By incident, class and length.
    pub(super) fn into_tallies(self) -> Vec<Vec<Vec<IncidentTally>>> {
        self.all.into_iter().map(|watched| watched.tallies).collect()
    }
}

impl Watched<'_> {
    /// An applicant's request of a step was answered.
    fn answer(&mut self, now: Time, (class, number): (usize, u32), step: usize) {
        let incident = self.incident;
        let steps = &incident.steps[class];
        if now < incident.from || now >= incident.to() || !steps[step] {
            return;
        }
        let (word, bit) = (number as usize / 64, 1 << (number % 64));
        let seen = &mut self.seen[class];
        if seen.len() <= word {
            seen.resize(word + 1, 0);
        }
        // Whoever was answered before was so in every length that is still on.
        let first = seen[word] & bit == 0;
        seen[word] |= bit;
        let last = step + 1 == steps.len();
        let since = now.since(incident.from);
        for (tally, lasts) in self.tallies[class].iter_mut().zip(&incident.lasts) {
            if since < *lasts {
                tally.answered += 1;
                tally.people += u64::from(first);
                tally.completed += u64::from(last);
            }
        }
    }
}

impl Run<'_> {
    /// A request of this applicant was answered while an incident may be on.
    #[cold]
    pub(super) fn note_incidents(&mut self, slot: u32) {
        let person = &self.people[slot];
        let (who, step) = ((usize::from(person.class), person.number), usize::from(person.step));
        let now = self.now;
        self.incidents.all.iter_mut().for_each(|watched| watched.answer(now, who, step));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    #[test]
    fn an_applicant_is_counted_once_and_takes_one_bit() {
        let incident = Incident { from: Time(10), lasts: vec![Span(5)], why: String::new(), steps: vec![vec![true]] };
        let mut incidents = Incidents::new(std::slice::from_ref(&incident));
        for number in [0, 63, 64, 129, 129, 63] {
            incidents.all[0].answer(Time(12), (0, number), 0);
        }
        assert_eq!(incidents.all[0].seen[0], [1 | 1 << 63, 1, 2]);
        let tally = IncidentTally { answered: 6, people: 4, completed: 6 };
        assert_eq!(incidents.into_tallies(), [[[tally]]]);
    }
}
