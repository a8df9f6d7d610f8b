//! What the rules of the gate did, for the record of a run.

use super::super::record::RuleRecord;
use super::callback::Callback;
use super::limit::Limit;
use super::room::Room;
use super::slots::Slots;

fn counts(list: &[(&'static str, u64)]) -> Vec<(&'static str, Option<f64>)> {
    list.iter().map(|(name, count)| (*name, Some(*count as f64))).collect()
}

pub(super) fn room(room: Room<'_>) -> RuleRecord {
    let t = room.tally;
    let mut figures = counts(&[
        ("joined", t.joined),
        ("admitted", t.admitted),
        ("left", t.left),
        ("balked", t.balked),
        ("full", t.full),
        ("reloads", t.reloads),
        ("unclaimed", t.unclaimed),
        ("expired", t.expired),
        ("people_max", u64::from(room.meter.max().0)),
    ]);
    figures.push(("people_average", room.meter.time_at.histogram().mean()));
    RuleRecord { rule: "waiting_room", figures, times: vec![("time_in_room", room.time)] }
}

pub(super) fn callback(callback: &Callback<'_>) -> RuleRecord {
    let t = callback.tally;
    let figures = counts(&[("contacts", t.contacts), ("calls", t.calls), ("answered", t.answered), ("lost", t.lost)]);
    RuleRecord { rule: "callback", figures, times: Vec::new() }
}

pub(super) fn slots(slots: &Slots<'_>) -> RuleRecord {
    let t = slots.tally;
    let figures = counts(&[
        ("booked", t.booked),
        ("kept", t.kept),
        ("late", t.late),
        ("no_show", t.no_show),
        ("too_late", t.too_late),
        ("full", t.full),
    ]);
    RuleRecord { rule: "slots", figures, times: Vec::new() }
}

pub(super) fn limit(limit: &Limit<'_>) -> RuleRecord {
    let figures = counts(&[("passed", limit.tally.passed), ("refused", limit.tally.refused)]);
    RuleRecord { rule: "rate_limit", figures, times: Vec::new() }
}
