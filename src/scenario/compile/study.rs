//! The study as a whole: every part compiled, all mistakes collected.

use super::super::alternatives::{Hours, Population};
use super::super::arrivals::Curve;
use super::super::file::File;
use super::super::mistake::Checker;
use super::super::read::Map;
use super::super::rules::{Opening, Rule};
use super::{Context, class, conduct, incident, observation, policy, station};
use crate::model::{Experiment, Model, Names, Study};

/// People of all classes together.
pub(super) const MAX_PEOPLE: f64 = 4e9;

/// Windows, working hours and hours of curves, on all the days of the clock together.
const MAX_PIECES: u64 = 10_000_000;

/// Compiles a scenario; `None` where a mistake was told.
pub(crate) fn study(context: &Context<'_>, check: &mut Checker<'_>) -> Option<Study> {
    let file = context.file;
    for (key, count) in
        [("stations", file.stations.0.len()), ("classes", file.classes.0.len()), ("policies", file.policies.0.len())]
    {
        if count == 0 {
            check.mistake_at(key, format!("there are no {key}; name at least one"));
        } else if count > 1000 {
            check.mistake_at(key, format!("there are {count} {key}; at most 1000 are possible"));
            return None;
        }
    }
    limits(file, check);
    let days = context.end.0.div_ceil(86_400 * crate::time::NANOS_PER_SECOND);
    let pieces = pieces_a_day(file).saturating_mul(days);
    if pieces > MAX_PIECES {
        check.mistake_at(
            "clock",
            format!(
                "windows, working hours and hourly curves make {pieces} pieces of time on the {days} days of the clock; at most \
                 {MAX_PIECES} are possible: end it earlier, or give fewer of them"
            ),
        );
        return None;
    }
    let stations = all(&file.stations, "stations", check, |name, record, check| station::station(context, name, record, check));
    let classes = all(&file.classes, "classes", check, |name, record, check| class::class(context, name, record, check));
    let policies = all(&file.policies, "policies", check, |_, record, check| policy::policy(context, record, check));
    let incidents = all(&file.incidents, "incidents", check, |_, record, check| incident::incident(context, record, check));
    let observations: Vec<_> = check.within("observations", |check| {
        let list = file.observations.iter();
        list.map(|(i, record)| check.within(i, |check| observation::observation(context, record, check))).collect()
    });
    let budget = check.within("budget", |check| observation::budget(context, check));
    station::drops(context, check);
    conduct::calls(context, check);
    Some(Study {
        name: file.name.0.clone(),
        title: file.title.clone().unwrap_or_else(|| file.name.0.clone()),
        model: Model {
            end: context.end,
            measure_from: context.measure_from,
            bin: file.clock.bin,
            stations: stations.into_iter().collect::<Option<_>>()?,
            classes: classes.into_iter().collect::<Option<_>>()?,
            policies: policies.into_iter().collect::<Option<_>>()?,
            incidents: incidents.into_iter().collect::<Option<_>>()?,
        },
        calendar: context.calendar.clone(),
        names: names(file),
        observations: observations.into_iter().collect::<Option<_>>()?,
        budget: budget?,
        experiment: Experiment {
            seed: file.experiment.seed.0,
            replications: file.experiment.replications.as_u32(),
            demand_cv: file.experiment.demand.as_ref().map(|demand| demand.cv.0),
            capacity_cv: file.experiment.capacity.as_ref().map(|capacity| capacity.cv.0),
        },
        scale: 1.0,
    })
}

/// Numbers that make no sense together.
fn limits(file: &File, check: &mut Checker<'_>) {
    let people = file.classes.iter().map(|(_, _, class)| match &class.population {
        Population::Fixed(people) => people.0 as f64,
        Population::Poisson(poisson) => poisson.poisson.0,
    });
    let people: f64 = people.sum();
    if people > MAX_PEOPLE {
        check.mistake_at("classes", format!("there are {people:.0} people in all; at most {MAX_PEOPLE:.0} are possible"));
    }
    let (demand, capacity) = (&file.experiment.demand, &file.experiment.capacity);
    let mut too_large = |key, text: &str| {
        check.within("experiment", |check| check.within(key, |check| check.mistake_at("cv", text)));
    };
    if demand.as_ref().is_some_and(|demand| demand.cv.0 > 10.0) {
        too_large("demand", "a coefficient of variation above 10; 0.2 means give or take 20 %");
    }
    if capacity.as_ref().is_some_and(|capacity| capacity.cv.0 >= 1.0) {
        too_large(
            "capacity",
            "a coefficient of variation of 1 or more, at which services have no mean; 0.2 means give or take 20 %",
        );
    }
}

/// Windows, working hours and hours of curves of one day.
fn pieces_a_day(file: &File) -> u64 {
    let opening = |opening: &Opening| match opening {
        Opening::All(windows) => windows.0.len(),
        Opening::Cohorts(cohorts) => cohorts.iter().map(|(_, _, windows)| windows.0.len()).sum(),
    };
    let rule = |rule: &Rule| match rule {
        Rule::Windows(windows) => windows.open.iter().map(|(_, _, of_class)| opening(of_class)).sum(),
        _ => 0,
    };
    let rules = file.policies.iter().flat_map(|(_, _, policy)| policy.rules.iter().map(|(_, one)| rule(one)));
    let of_classes = file.classes.iter().map(|(_, _, class)| {
        let hours = class.hours.as_ref().map_or(0, |hours| match hours {
            Hours::Daily(open) => open.0.len(),
            Hours::OnDays(on) => on.open.0.len(),
        });
        hours + 24 * class.arrivals.iter().filter(|(_, part)| matches!(part.curve, Curve::Hourly(_))).count()
    });
    (rules.sum::<usize>() + of_classes.sum::<usize>()) as u64
}

fn names(file: &File) -> Names {
    let owned = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect();
    Names {
        stations: owned(&mut file.stations.names()),
        classes: owned(&mut file.classes.names()),
        policies: owned(&mut file.policies.names()),
        incidents: owned(&mut file.incidents.names()),
    }
}

/// Compiles each thing of a map at its place; one that could not be read stays `None`.
fn all<T, M>(
    map: &Map<T>,
    key: &str,
    check: &mut Checker<'_>,
    mut compile: impl FnMut(&str, &T, &mut Checker<'_>) -> Option<M>,
) -> Vec<Option<M>> {
    check.within(key, |check| {
        let things = map.0.iter();
        things
            .map(|(name, record)| {
                let record = record.as_ref()?;
                check.within(name, |check| compile(name, record, check))
            })
            .collect()
    })
}
