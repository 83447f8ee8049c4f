//! Builds the portal.
fn main() {}
