//! The process `tandem`.
fn main() {}
