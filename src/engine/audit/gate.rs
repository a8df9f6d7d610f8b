//! Laws of the gate: whom a rule took over went on, gave up, or is there. Only policies with such rules have them.

use super::super::people::State;
use super::super::run::Run;
use super::{Book, gap};
use crate::model::Tells;

pub(super) fn laws(run: &Run<'_>, book: &mut Book) {
    if !run.gate.rooms.is_empty() {
        rooms(run, book);
    }
    if !run.gate.callbacks.is_empty() {
        callbacks(run, book);
    }
    if !run.gate.slots.is_empty() {
        slots(run, book);
    }
    if !run.gate.limits.is_empty() {
        let excess = run.gate.limits.iter().map(|limit| i128::try_from(limit.excess(run.now)).unwrap_or(i128::MAX));
        book.law("rate limits: no bucket let through more than its tokens, in ns of their rate", excess);
    }
}

/// The slots of people whose class has that waiting room, and who are in one of some states.
fn of_room<'r>(run: &'r Run<'_>, room: usize, states: &'r [State]) -> impl Iterator<Item = u32> + 'r {
    let slots = 0..run.people.peak() as u32;
    slots.filter(move |slot| {
        let person = &run.people[*slot];
        states.contains(&person.state) && run.gate.room_of(person.class) == Some(room)
    })
}

fn rooms(run: &Run<'_>, book: &mut Book) {
    let rooms = || run.gate.rooms.iter().enumerate();
    let there = |room: usize| of_room(run, room, &[State::InRoom]);
    book.law(
        "waiting rooms: joined = admitted + left + still there",
        rooms().map(|(index, room)| gap(room.tally.joined, room.tally.admitted + room.tally.left + there(index).count() as u64)),
    );
    book.law(
        "waiting rooms: people, sessions that hold a place and calls out as counted one by one",
        rooms().flat_map(|(index, room)| {
            let all = 0..run.people.peak() as u32;
            let holds = |slot: &u32| {
                let person = &run.people[*slot];
                let visit = run.gate.visits[*slot as usize];
                person.state != State::Gone && visit.holds && run.gate.room_of(person.class) == Some(index)
            };
            let called = of_room(run, index, &[State::Called, State::CalledInVain]).count() as u64;
            [
                gap(u64::from(room.meter.level()), there(index).count() as u64),
                gap(u64::from(room.active), all.filter(holds).count() as u64),
                gap(u64::from(room.reserved), called),
                gap(u64::from(room.unclaimed), room.unclaimed_timers()),
            ]
        }),
    );
    book.law(
        "Little's law in every waiting room: integral of people = sum of their stays, in ns",
        rooms().map(|(index, room)| {
            let stays: u128 = there(index).map(|slot| room.meter.stay(run.now, run.gate.visits[slot as usize].since)).sum();
            room.meter.area().wrapping_sub(room.meter.stays + stays) as i128
        }),
    );
    book.law(
        "waiting rooms: nobody who is told nothing stays longer than their patience",
        rooms().map(|(index, room)| {
            let told = room.tells() != Tells::Nothing;
            let overdue = |slot: &u32| {
                let since = run.gate.visits[*slot as usize].since;
                run.room_patience(*slot, index).is_some_and(|patience| since + patience < run.now)
            };
            gap(if told { 0 } else { there(index).filter(overdue).count() as u64 }, 0)
        }),
    );
}

fn callbacks(run: &Run<'_>, book: &mut Book) {
    let contacts = |state: fn(State) -> bool| {
        let is = move |person: &&super::super::people::Person| state(person.state);
        run.people.iter().filter(is).count() as u64
    };
    let sum = |count: fn(&super::super::gate::CallbackTally) -> u64| {
        run.gate.callbacks.iter().map(|callback| count(&callback.tally)).sum::<u64>()
    };
    let waiting: usize = run.gate.callbacks.iter().map(|callback| callback.waiting()).sum();
    book.law(
        "callbacks: contacts = answered + lost + still open",
        [
            gap(sum(|t| t.contacts), sum(|t| t.answered) + sum(|t| t.lost) + contacts(State::is_called_back)),
            gap(waiting as u64, contacts(|state| state == State::Contact)),
        ],
    );
}

fn slots(run: &Run<'_>, book: &mut Book) {
    let sum =
        |count: fn(&super::super::gate::SlotsTally) -> u64| run.gate.slots.iter().map(|slots| count(&slots.tally)).sum::<u64>();
    let open = run.people.iter().filter(|person| person.state.has_appointment()).count() as u64;
    book.law(
        "appointments: booked = kept + nobody came + sent away + still to come",
        [gap(sum(|t| t.booked), sum(|t| t.kept) + sum(|t| t.no_show) + sum(|t| t.too_late) + open)],
    );
    let overbooked: u64 = run.gate.slots.iter().map(|slots| slots.overbooked()).sum();
    book.law("appointments: no slot is booked beyond its capacity", [gap(overbooked, 0)]);
}
