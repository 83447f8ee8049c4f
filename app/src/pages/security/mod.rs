//! Security: who is kept out.

pub(crate) mod suspensions;
