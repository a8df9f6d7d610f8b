//! The scenarios that come with the program: inside it, so that they can be run by name from any folder.

use crate::scenario::{Mistakes, Scenario, suggestion};
use crate::sweep::is_sweep;
use std::path::{Path, PathBuf};

/// Names, and the files of `scenarios/` that hold them; a test holds the list to the folder.
macro_rules! shipped {
    ($($name:literal => $file:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $file)))),*]
    };
}

/// What is shipped, the best known first.
pub(super) const SHIPPED: &[(&str, &str)] = shipped! {
    "inps-2020-04" => "inps-2020-04.json",
    "inps-2020-04-to-20" => "inps-2020-04-to-20.json",
    "inps-what-if" => "inps-what-if.json",
    "inps-budget" => "inps-budget.json",
    "small-example" => "small-example.json",
    "collapse-in-two-minutes" => "collapse-in-two-minutes.json",
    "mmc-erlang" => "mmc-erlang.json",
    "goodput" => "overload/goodput.json",
    "hysteresis" => "overload/hysteresis.json",
    "jitter" => "overload/jitter.json",
    "layers" => "overload/layers.json",
    "metastable" => "overload/metastable.json",
    "queue-limit" => "overload/queue-limit.json",
    "australia-mygov-2020" => "history/australia-mygov-2020.json",
    "berlin-ibb-2020" => "history/berlin-ibb-2020.json",
    "bonus-mobilita-2020" => "history/bonus-mobilita-2020.json",
    "canada-cerb-2020" => "history/canada-cerb-2020.json",
    "decreto-flussi-2024" => "history/decreto-flussi-2024.json",
    "healthcare-gov-2013" => "history/healthcare-gov-2013.json",
    "hmrc-31-january" => "history/hmrc-31-january.json",
    "inail-isi" => "history/inail-isi.json",
    "india-cowin-2021" => "history/india-cowin-2021.json",
    "india-irctc-tatkal" => "history/india-irctc-tatkal.json",
    "korea-vaccines-2021" => "history/korea-vaccines-2021.json",
    "michigan-unemployment-2020" => "history/michigan-unemployment-2020.json",
    "new-york-unemployment-2020" => "history/new-york-unemployment-2020.json",
    "ticketmaster-2022" => "history/ticketmaster-2022.json",
    "rule-adaptive-lifo" => "rules/adaptive-lifo.json",
    "rule-autoscale" => "rules/autoscale.json",
    "rule-codel" => "rules/codel.json",
    "rule-priority" => "rules/priority.json",
    "rule-reserve" => "rules/reserve.json",
    "rule-retry-budget" => "rules/retry-budget.json",
    "rule-shed" => "rules/shed.json",
    "rule-throttle" => "rules/throttle.json",
    "rule-windows" => "rules/windows.json",
    "rule-callback" => "rules/callback.json",
    "rule-rate-limit" => "rules/rate-limit.json",
    "rule-slots" => "rules/slots.json",
    "rule-waiting-room" => "rules/waiting-room.json",
};

/// The text of a shipped scenario.
pub(super) fn text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Loads a scenario from a file or, where there is no such file, the shipped one of that name.
pub(super) fn load(path: &Path) -> Result<Scenario, Mistakes> {
    let is_a_name = path.components().count() == 1 && !path.exists();
    let Some(name) = path.to_str().filter(|_| is_a_name) else {
        let a_sweep =
            || Mistakes::one(path, None, format!("this is a sweep, not a scenario; clickday sweep {} runs it", path.display()));
        return Scenario::load(path).map_err(|mistakes| if is_sweep(path) { a_sweep() } else { mistakes });
    };
    if let Some(text) = text(name) {
        return Scenario::parse(text, &PathBuf::from(format!("{name}.json")));
    }
    if path.extension().is_some() {
        return Scenario::load(path);
    }
    let hint = suggestion(name, SHIPPED.iter().map(|(name, _)| *name));
    Err(Mistakes::one(path, None, format!("there is neither such a file nor a shipped scenario of that name; {hint}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_of_the_folder_is_inside() {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
        let mut texts: Vec<String> = Vec::new();
        while let Some(folder) = folders.pop() {
            for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
                match path.extension() {
                    // Sweeps are no scenarios.
                    _ if path.ends_with("scenarios/sweeps") => {}
                    _ if path.is_dir() => folders.push(path),
                    Some(extension) if extension == "json" => texts.push(std::fs::read_to_string(&path).unwrap()),
                    _ => {}
                }
            }
        }
        let mut known: Vec<String> = SHIPPED.iter().map(|(_, text)| (*text).to_owned()).collect();
        texts.sort();
        known.sort();
        assert_eq!(known.len(), texts.len(), "a scenario of the folder is not inside, or one too many is");
        assert!(known == texts);
        for (name, _) in SHIPPED {
            assert_eq!(load(Path::new(name)).unwrap().file.name.0, *name);
        }
        let told = load(Path::new("inps-2020-4")).unwrap_err().to_string();
        assert!(told.contains("inps-2020-04"), "{told}");
    }
}
