//! Faults of the gate's rules.

use super::super::super::people::State;
use super::super::Case;
use super::system::at;

/// What goes wrong, how, and the laws that see it.
pub(super) const GATE_FAULTS: &[Case] = &[
    (
        "someone joins a waiting room twice",
        |run| {
            run.gate.rooms[0].tally.joined += 1;
            true
        },
        &["joined = admitted + left + still there"],
    ),
    (
        "a session that is over holds its place",
        |run| {
            run.gate.rooms[0].active += 1;
            true
        },
        &["sessions that hold a place"],
    ),
    (
        "a call is out to nobody",
        |run| {
            run.gate.rooms[0].reserved += 1;
            true
        },
        &["sessions that hold a place"],
    ),
    (
        "a stay in a waiting room is booked a nanosecond too long",
        |run| {
            run.gate.rooms[0].meter.stays += 1;
            true
        },
        &["Little's law in every waiting room"],
    ),
    (
        "a waiting room forgets all who are in it",
        |run| {
            let someone = run.people.iter().any(|person| person.state == State::InRoom);
            if someone && run.now < at(3600) {
                run.gate.rooms[0].freeze();
            }
            someone && run.now < at(3600)
        },
        &["nobody who is told nothing stays longer than their patience"],
    ),
    (
        "a contact is left twice",
        |run| {
            run.gate.callbacks[0].tally.contacts += 1;
            true
        },
        &["contacts = answered + lost + still open"],
    ),
    (
        "an appointment is kept twice",
        |run| {
            run.gate.slots[0].tally.kept += 1;
            true
        },
        &["booked = kept + nobody came"],
    ),
    (
        "a slot is overbooked",
        |run| {
            run.gate.slots[0].booked[3] += 1000;
            true
        },
        &["no slot is booked beyond its capacity"],
    ),
    (
        "a bucket gives away what it has not",
        |run| {
            run.gate.limits[0].overspend();
            true
        },
        &["no bucket let through more than its tokens"],
    ),
    (
        "a request that a limit refused is not counted there",
        |run| {
            let refused = &mut run.gate.limits[0].tally.refused;
            let possible = *refused > 0;
            *refused -= u64::from(possible);
            possible
        },
        &["outcomes are some station's", "came to a station"],
    ),
];
