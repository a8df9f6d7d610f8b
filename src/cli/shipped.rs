//! The scenarios that come with the program: inside it, so that they can be run by name from any folder.

use crate::scenario::{Mistakes, Scenario, suggestion};
use std::path::{Path, PathBuf};

/// Names and texts; a test holds the list to the folder `scenarios/`.
macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../scenarios/", $name, ".json")))),*]
    };
}

/// What is shipped, the best known first.
pub(super) const SHIPPED: &[(&str, &str)] =
    shipped!["inps-2020-04", "inps-2020-04-to-20", "small-example", "collapse-in-two-minutes", "mmc-erlang"];

/// The text of a shipped scenario.
pub(super) fn text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}

/// Loads a scenario from a file or, where there is no such file, the shipped one of that name.
pub(super) fn load(path: &Path) -> Result<Scenario, Mistakes> {
    let is_a_name = path.components().count() == 1 && !path.exists();
    let Some(name) = path.to_str().filter(|_| is_a_name) else { return Scenario::load(path) };
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
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut names: Vec<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        let mut known: Vec<String> = SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
        names.sort();
        known.sort();
        assert_eq!(known, names);
        for (name, _) in SHIPPED {
            assert_eq!(load(Path::new(name)).unwrap().file.name.0, *name);
        }
        let told = load(Path::new("inps-2020-4")).unwrap_err().to_string();
        assert!(told.contains("inps-2020-04"), "{told}");
    }
}
