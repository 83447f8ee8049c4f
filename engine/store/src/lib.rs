//! All SQL: configuration, people, CDRs and the ledger.
