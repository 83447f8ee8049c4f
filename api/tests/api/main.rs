//! The API as programs meet it: requests go through the whole router, against a real database and a real switch.

mod fixture;

mod admission;
mod bodies;
mod matrix;
mod money;
mod paging;
mod parameters;
mod scope;
mod things;
