//! Stations and classes that rules name, and what does not go with what at one station.

use crate::model::{self, Discipline};
use crate::scenario::compile::Context;
use crate::scenario::mistake::{Checker, suggestion};
use crate::scenario::read::List;
use crate::scenario::tree::shorten;

/// The index of the station under the key `station`.
pub(super) fn station(context: &Context<'_>, name: &str, check: &mut Checker<'_>) -> Option<u16> {
    let station = context.file.stations.position(name);
    if station.is_none() && !context.file.stations.0.is_empty() {
        let hint = suggestion(name, context.file.stations.names());
        check.mistake_at("station", format!("no station is called `{}`; {hint}", shorten(name)));
    }
    u16::try_from(station?).ok()
}

/// The index of the class at which the checker works.
fn class(context: &Context<'_>, name: &str, check: &mut Checker<'_>) -> Option<usize> {
    let class = context.file.classes.position(name);
    if class.is_none() && !context.file.classes.0.is_empty() {
        let hint = suggestion(name, context.file.classes.names());
        check.mistake(format!("no class is called `{}`; {hint}", shorten(name)));
    }
    class
}

/// By class: the place in the list under `key`, or none. Without a list every class has the first place.
pub(super) fn classes(
    context: &Context<'_>,
    key: &str,
    list: Option<&List<String>>,
    check: &mut Checker<'_>,
) -> Option<Vec<Option<usize>>> {
    let count = context.file.classes.names().count();
    let Some(list) = list else { return Some(vec![Some(0); count]) };
    let mut places = vec![None; count];
    let mut good = true;
    check.within(key, |check| {
        if list.0.is_empty() {
            check.mistake("no class is named, so the rule does nothing; name one, or remove the key to mean all");
            good = false;
        }
        for (place, name) in list.iter() {
            match check.within(place, |check| class(context, name, check)) {
                Some(class) if places[class].is_some() => {
                    check.mistake_at(place, format!("`{}` is named twice; remove one", shorten(name)));
                    good = false;
                }
                Some(class) => places[class] = Some(place),
                None => good = false,
            }
        }
    });
    good.then_some(places)
}

/// By class: whether it is in the list under `classes`.
pub(super) fn meant(context: &Context<'_>, list: Option<&List<String>>, check: &mut Checker<'_>) -> Option<Vec<bool>> {
    classes(context, "classes", list, check).map(|places| places.iter().map(Option::is_some).collect())
}

/// The classes meant, in words.
pub(super) fn who(classes: &[bool], study: &model::Study) -> String {
    if classes.iter().all(|meant| *meant) {
        return "everybody".to_owned();
    }
    let names = study.names.classes.iter().zip(classes).filter(|(_, meant)| **meant);
    names.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A station's name.
pub(super) fn place(station: u16, study: &model::Study) -> &str {
    study.names.stations.get(usize::from(station)).map_or("", String::as_str)
}

/// Refuses a rule that sets the order of a queue where the discipline has none to set.
pub(super) fn has_an_order(context: &Context<'_>, name: &str, check: &mut Checker<'_>) -> bool {
    let mut stations = context.file.stations.iter();
    let shared = stations.any(|(_, known, station)| known == name && station.discipline == Discipline::ProcessorSharing);
    if shared {
        check.mistake_at(
            "station",
            format!("`{}` serves all at once, so there is no order to set; give it another discipline", shorten(name)),
        );
    }
    !shared
}

/// Why a rule at a station does not go with those before it, if `clashes` says that one of them is at the same station.
pub(super) fn clash(before: &[model::Rule], clashes: impl Fn(&model::Rule) -> bool) -> Option<String> {
    let other = before.iter().find(|rule| clashes(rule))?;
    Some(format!("a rule `{}` before it is at the same station, and the two do not go together; remove one", other.name()))
}

/// Whether that rule sets the order of service at a station.
pub(super) fn orders(rule: &model::Rule, station: u16) -> bool {
    match rule {
        model::Rule::Priority(rule) => rule.station == station,
        model::Rule::Reserve(rule) => rule.station == station,
        model::Rule::AdaptiveLifo(rule) => rule.station == station,
        _ => false,
    }
}
