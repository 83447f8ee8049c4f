//! The userspace datapath: worker threads that execute flow actions on UDP sockets.

mod desk;
mod flow;
mod seat;
mod step;
mod userspace;
mod worker;

pub(crate) use userspace::Userspace;
