//! The gate: the rules of a policy that are asked before a session begins, and before a request is sent.
//!
//! Whoever wants to begin a session goes through the entries of their class in the order of the policy's rules. Each lets
//! them on or takes them over: sends them away until an opening, for instance. What such a rule has taken over it lets go on at the
//! entry behind it. A class that no rule names has no entries, and costs nothing.

mod windows;

pub(super) use windows::Verdict;

use super::run::Run;
use crate::model::{AppliesTo, Class, Policy, PolicyRule, Rule};
use windows::ClassWindows;

/// The rules of one policy, by class.
#[derive(Debug)]
pub(super) struct Gate<'m> {
    classes: Vec<ClassGate<'m>>,
}

/// What the people of one class are asked.
#[derive(Debug)]
struct ClassGate<'m> {
    windows: ClassWindows<'m>,
    /// At the start of a session, in order.
    entries: Vec<Entry>,
    /// Whether anything is asked at a request.
    asks_requests: bool,
}

/// One of the rules that are asked at the start of a session.
#[derive(Debug, Clone, Copy)]
enum Entry {
    /// All windows of the policy together, where the first of them stands.
    Windows,
}

impl<'m> Gate<'m> {
    pub(super) fn new(policy: &'m Policy, classes: &[Class]) -> Gate<'m> {
        let mut gate = Gate { classes: Vec::new() };
        for class in 0..classes.len() {
            let windows = ClassWindows::new(policy, class);
            let asks_requests = windows.ask(AppliesTo::Requests);
            gate.classes.push(ClassGate { windows, entries: Vec::new(), asks_requests });
        }
        for rule in &policy.rules {
            let entry = match rule {
                Rule::Windows(windows) => (windows.applies_to == AppliesTo::Sessions).then_some(Entry::Windows),
                // Kept by stations and by clients.
                _ => None,
            };
            let Some(entry) = entry else { continue };
            for (class, of_class) in gate.classes.iter_mut().enumerate().filter(|(class, _)| rule.concerns(*class)) {
                let _ = class;
                let again = matches!(entry, Entry::Windows) && of_class.entries.iter().any(|e| matches!(e, Entry::Windows));
                if !again {
                    of_class.entries.push(entry);
                }
            }
        }
        gate
    }

    /// Whether nobody is asked who wants to begin a session of that class.
    #[inline]
    pub(super) fn lets_all_in(&self, class: u16) -> bool {
        self.classes[usize::from(class)].entries.is_empty()
    }

    /// Whether those of that class are asked who want to send a request.
    #[inline]
    pub(super) fn asks_requests(&self, class: u16) -> bool {
        self.classes[usize::from(class)].asks_requests
    }
}

impl Run<'_> {
    /// Asks the entries of an applicant's class from the `first` on; the session begins when all have let them on.
    pub(super) fn ask_entries(&mut self, slot: u32, first: usize) {
        let class = usize::from(self.people[slot].class);
        for place in first..self.gate.classes[class].entries.len() {
            let goes_on = match self.gate.classes[class].entries[place] {
                Entry::Windows => self.ask_windows(slot),
            };
            if !goes_on {
                return;
            }
        }
        self.start_session(slot);
    }

    fn ask_windows(&mut self, slot: u32) -> bool {
        match self.windows_say(AppliesTo::Sessions, slot) {
            Verdict::Admitted => true,
            Verdict::Closed { until, advice } => {
                self.turn_away(slot, until, advice);
                false
            }
        }
    }

    fn windows_say(&self, what: AppliesTo, slot: u32) -> Verdict {
        let person = &self.people[slot];
        let class = usize::from(person.class);
        self.gate.classes[class].windows.answer(what, &self.keys[class], person.number, self.now)
    }

    /// Whether an applicant may send a request now; if not, they are taken care of.
    pub(super) fn ask_request(&mut self, slot: u32) -> bool {
        if let Verdict::Closed { until, advice } = self.windows_say(AppliesTo::Requests, slot) {
            self.cut_short(slot, until, advice);
            return false;
        }
        true
    }
}
