//! The softswitch: one call's path, its shards, its spool.
