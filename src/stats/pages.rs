//! Pages of a histogram, written down and read back: each as a list, for `serde` knows no arrays of that length.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

type Pages<const N: usize> = Vec<Option<Box<[u128; N]>>>;

pub(super) fn serialize<S: Serializer, const N: usize>(pages: &Pages<N>, serializer: S) -> Result<S::Ok, S::Error> {
    let slices: Vec<Option<&[u128]>> = pages.iter().map(|page| page.as_ref().map(|page| page.as_slice())).collect();
    slices.serialize(serializer)
}

pub(super) fn deserialize<'d, D: Deserializer<'d>, const N: usize>(deserializer: D) -> Result<Pages<N>, D::Error> {
    let lists = Vec::<Option<Vec<u128>>>::deserialize(deserializer)?;
    let page = |list: Vec<u128>| {
        let wrong = |list: Vec<u128>| D::Error::invalid_length(list.len(), &"as many as a page has");
        list.into_boxed_slice().try_into().map_err(|list: Box<[u128]>| wrong(list.into_vec()))
    };
    lists.into_iter().map(|list| list.map(page).transpose()).collect()
}
