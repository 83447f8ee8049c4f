//! The torture messages of RFC 4475 and RFC 5118: what each section demands and what is seen here.
//!
//! The messages stand in `rfc4475/` and `rfc5118/`, a file each under the name that the RFC gives it. Their results
//! are `docs/conformance.md`; the test fails when that page is stale, and `TANDEM_WRITE_CONFORMANCE=1` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test may fail, also in its harness")]

mod case;
mod ipv6;
mod page;
mod semantics;
mod streams;
mod syntax;

use std::path::{Path, PathBuf};

use case::{Case, Demand, Seen};

/// Begins the part of the page that is not ours.
const CALLS: &str = "\n## Calls\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/torture")
}

fn all_cases() -> Vec<Case> {
    [syntax::VALID, syntax::INVALID, semantics::CASES, ipv6::CASES].concat()
}

#[test]
fn every_message_meets_what_its_section_demands() {
    let mut missed = Vec::new();
    for case in all_cases() {
        let (seen, message) = case.run();
        if !case.demand.is_met_by(&seen) {
            missed.push(format!("{} ({}): demanded {}, seen {seen}", case.file, case.section, case.demand));
        }
        if let Some(message) = message {
            (case.check)(&message);
        }
    }
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_file_is_in_the_table_and_the_table_is_whole() {
    let cases = all_cases();
    let of = |rfc: &str| cases.iter().filter(|case| case.file.starts_with(rfc)).count();
    assert_eq!((of("rfc4475/"), of("rfc5118/")), (49, 12));
    for rfc in ["rfc4475", "rfc5118"] {
        for entry in std::fs::read_dir(folder().join(rfc)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let file = format!("{rfc}/{}", name.trim_end_matches(".sip"));
            assert_eq!(cases.iter().filter(|case| case.file == file).count(), 1, "{file}");
        }
    }
}

#[test]
fn a_refusal_is_not_taken_for_an_acceptance() {
    let seen = [
        Seen::HandedUp,
        Seen::Answered(400, "Bad To".into()),
        Seen::Answered(505, String::new()),
        Seen::Unasked,
        Seen::Discarded,
    ];
    let met = |demand: Demand| seen.iter().map(|seen| demand.is_met_by(seen)).collect::<Vec<_>>();
    assert_eq!(met(Demand::Accept), [true, false, false, false, false]);
    assert_eq!(met(Demand::Refuse(400)), [false, true, false, false, false]);
    assert_eq!(met(Demand::RefuseOrRepair(400)), [true, true, false, false, false]);
    assert_eq!(met(Demand::AcceptResponse), [false, false, false, true, false]);
    assert_eq!(met(Demand::Discard), [false, false, false, false, true]);
}

#[test]
fn the_page_of_results_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/conformance.md");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    // What follows is written by end2end/17-matrix.sh.
    let calls = committed.find(CALLS).map_or("", |at| &committed[at..]);
    let page = page::render(&all_cases()) + calls;
    if std::env::var_os("TANDEM_WRITE_CONFORMANCE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == page,
        "docs/conformance.md is stale: TANDEM_WRITE_CONFORMANCE=1 cargo test -p sip --test torture"
    );
}
