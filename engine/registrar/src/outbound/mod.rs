//! Registrations of ours at other servers.
