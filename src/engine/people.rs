//! Applicants in the system: one small record each, in slots that are used again.

use super::large::{LargeVec, large_vec};
use crate::random::Draw;
use crate::time::Time;
use prefetch_index::prefetch_index;

/// What an applicant is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[repr(u8)]
pub(super) enum State {
    /// The slot is free.
    Gone,
    /// An application in the backlog of its class.
    Backlog,
    /// In an operator's hands, before its session.
    Preparing,
    /// Before a step.
    Thinking,
    /// Request in the queue of a station.
    Queued,
    /// Request in service.
    InService,
    /// Request dropped by a full queue that told nobody.
    Dropped,
    /// Between two tries of the same step.
    Backoff,
    /// Between two tries, the next of which starts the journey again.
    BackoffToStart,
    /// Gave up for now, will return.
    Away,
    /// Waiting for the next opening.
    AwayForWindow,
    /// In a waiting room.
    InRoom,
    /// Has left a contact and waits for a call.
    Contact,
    /// Was called and will come.
    Called,
    /// Was called and does not answer.
    CalledInVain,
    /// Has an appointment and will come to it.
    Appointment,
    /// Has an appointment and will not come, or come too late.
    MissedAppointment,
}

impl State {
    /// Whether it lasts until a time that was set when it began.
    pub(super) fn is_pause(self) -> bool {
        matches!(
            self,
            State::Preparing
                | State::Thinking
                | State::Backoff
                | State::BackoffToStart
                | State::Away
                | State::AwayForWindow
                | State::Called
                | State::CalledInVain
                | State::Appointment
                | State::MissedAppointment
        )
    }

    /// Whether the applicant has left and is to come back at a time, or when called.
    pub(super) fn is_away(self) -> bool {
        matches!(self, State::Away | State::AwayForWindow) || self.is_called_back() || self.has_appointment()
    }

    /// Whether the applicant left a contact that is not done with.
    pub(super) fn is_called_back(self) -> bool {
        matches!(self, State::Contact | State::Called | State::CalledInVain)
    }

    /// Whether the applicant has an appointment.
    pub(super) fn has_appointment(self) -> bool {
        matches!(self, State::Appointment | State::MissedAppointment)
    }

    /// Whether a request is under way.
    pub(super) fn has_request(self) -> bool {
        matches!(self, State::Queued | State::InService | State::Dropped)
    }
}

/// An applicant, but for the time of intended arrival: half a cache line. In this order: what names a draw is read at once, so
/// that it is to be written at once too, with zeros for a newcomer; a read across two writes would wait for both.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
#[repr(C, align(32))]
pub(super) struct Person {
    /// When the request under way was sent.
    pub(super) sent: Time,
    /// Rank in the class by intended arrival.
    pub(super) number: u32,
    /// Number of the request under way. Timeouts and services of other requests are no longer this person's.
    pub(super) ticket: u32,
    /// The service slot while in service.
    pub(super) service: u32,
    /// Sessions that were let in before this one.
    pub(super) session: u16,
    /// Tries before this one; while away, how often a window was waited for.
    pub(super) attempt: u16,
    pub(super) step: u16,
    /// How often the applicant came back after giving up for now.
    pub(super) returns: u16,
    pub(super) class: u16,
    pub(super) state: State,
    /// Learned the schedule from a closed front page.
    pub(super) informed: bool,
}

const _: () = assert!(size_of::<Person>() == 32);

impl Person {
    /// The name of this person's draws at this try.
    #[inline]
    pub(super) fn draw(&self) -> Draw {
        Draw { session: self.session, attempt: self.attempt, step: self.step }
    }
}

/// The slots.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct People {
    slots: LargeVec<Person>,
    /// By slot: the intended arrival, which is asked for only when the applicant leaves.
    arrived: LargeVec<Time>,
    free: LargeVec<u32>,
}

impl People {
    /// Nobody yet, and room for so many where the system grants it: it takes no memory until people come, who would else be
    /// moved to a larger place again and again, with memory for both.
    pub(super) fn with_room(most: u64) -> People {
        let mut people = People { slots: large_vec(), arrived: large_vec(), free: large_vec() };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        // Where it is refused, room is made as they come.
        let _ = people.slots.try_reserve_exact(most);
        people
    }

    /// Adds a newcomer. O(1).
    #[inline]
    pub(super) fn insert(&mut self, class: u16, number: u32, arrived: Time) -> u32 {
        let person = Person {
            sent: arrived,
            number,
            // The slot's last ticket stays, so that what was made for its last owner stays void.
            ticket: 0,
            service: 0,
            class,
            step: 0,
            attempt: 0,
            session: 0,
            returns: 0,
            state: State::Thinking,
            informed: false,
        };
        match self.free.pop() {
            Some(slot) => {
                let ticket = self.slots[slot as usize].ticket;
                self.slots[slot as usize] = Person { ticket, ..person };
                self.arrived[slot as usize] = arrived;
                slot
            }
            None => {
                self.slots.push(person);
                self.arrived.push(arrived);
                (self.slots.len() - 1) as u32
            }
        }
    }

    /// Frees a slot. O(1).
    #[inline]
    pub(super) fn remove(&mut self, slot: u32) {
        self.slots[slot as usize].state = State::Gone;
        self.free.push(slot);
    }

    /// When the applicant intended to come.
    #[inline]
    pub(super) fn arrived(&self, slot: u32) -> Time {
        self.arrived[slot as usize]
    }

    /// Has the record of someone who is soon to act brought near, so that nobody waits for it then. Changes nothing.
    #[inline]
    pub(super) fn bring_near(&self, slot: u32) {
        prefetch_index(&self.slots, slot as usize);
    }

    /// The same of what is asked for when someone leaves.
    #[inline]
    pub(super) fn bring_arrival_near(&self, slot: u32) {
        prefetch_index(&self.arrived, slot as usize);
    }

    /// Those in the system, in no order that matters.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.with_arrivals().map(|(person, _)| person)
    }

    /// The same with their intended arrivals.
    pub(super) fn with_arrivals(&self) -> impl Iterator<Item = (&Person, Time)> {
        self.slots.iter().zip(self.arrived.iter().copied()).filter(|(person, _)| person.state != State::Gone)
    }

    /// Most people ever in the system at once.
    pub(super) fn peak(&self) -> usize {
        self.slots.len()
    }
}

impl std::ops::Index<u32> for People {
    type Output = Person;
    #[inline]
    fn index(&self, slot: u32) -> &Person {
        &self.slots[slot as usize]
    }
}

impl std::ops::IndexMut<u32> for People {
    #[inline]
    fn index_mut(&mut self, slot: u32) -> &mut Person {
        &mut self.slots[slot as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_that_no_system_has_is_made_as_people_come() {
        for most in [0, 2, u64::MAX] {
            let mut people = People::with_room(most);
            let slots: Vec<u32> = (0..5).map(|number| people.insert(0, number, Time(number.into()))).collect();
            assert_eq!(slots, [0, 1, 2, 3, 4]);
            people.remove(3);
            assert_eq!((people.insert(0, 5, Time(5)), people.peak(), people.iter().count()), (3, 5, 5));
        }
    }

    #[test]
    fn whoever_takes_a_place_that_was_left_is_not_taken_for_the_one_who_left() {
        let mut people = People::with_room(0);
        let slot = people.insert(0, 0, Time(0));
        people[slot].ticket = 7;
        people.remove(slot);
        assert_eq!(people.insert(0, 1, Time(1)), slot);
        assert!(people[slot].ticket >= 7, "what was made for the last owner would be taken for the next one's");
    }
}
