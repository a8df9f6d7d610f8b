//! Families of cases: each is computed once, for its own test and for the page.

use super::table::Table;
use std::sync::OnceLock;

/// Cases that share a reference.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) test: &'static str,
    /// What the system is.
    pub(crate) title: &'static str,
    /// Where the reference comes from.
    pub(crate) source: &'static str,
    fill: fn(&mut Table),
    table: OnceLock<Table>,
}

impl Family {
    pub(crate) fn new(test: &'static str, title: &'static str, source: &'static str, fill: fn(&mut Table)) -> Family {
        Family { test, title, source, fill, table: OnceLock::new() }
    }

    /// Its comparisons; whoever asks second waits for the first.
    pub(crate) fn table(&self) -> &Table {
        self.table.get_or_init(|| {
            let mut table = Table::new();
            (self.fill)(&mut table);
            table
        })
    }
}

/// Makes a test of each function that fills a table, and lists them all for the page: what is tested is shown.
macro_rules! families {
    ($($fill:ident: $title:literal, $source:literal;)*) => {
        pub(crate) static FAMILIES: std::sync::LazyLock<Vec<super::family::Family>> =
            std::sync::LazyLock::new(|| vec![$(super::family::Family::new(stringify!($fill), $title, $source, $fill)),*]);

        mod holds {
            $(#[test]
            fn $fill() {
                let family = super::FAMILIES.iter().find(|family| family.test == stringify!($fill));
                family.expect("it is listed").table().verdict();
            })*
        }
    };
}
pub(crate) use families;
