//! table
/// x
pub fn table() {}
