//! `docs/conformance.md`.

use std::fmt::Write;

use crate::case::{Case, Origin};

const HEAD: &str = "# Conformance

Written by `TANDEM_WRITE_CONFORMANCE=1 cargo test -p sip --test torture`; the same test fails when this page is stale
(the last part, calls, has a generator of its own).

Each message is given to a transaction endpoint as one UDP datagram. *Accepted* means that the endpoint's user gets it;
what the user then answers (416, 420, 501 …) is the demand's second half and not judged here. *Answered* is done by the
endpoint itself. After each message the endpoint must take the next request as if nothing had been.

Where the RFC says that an element *should* refuse but may repair, both count as met.
";

pub(crate) fn render(cases: &[Case]) -> String {
    let mut page = HEAD.to_owned();
    for (rfc, title) in
        [("rfc4475", "RFC 4475: torture messages"), ("rfc5118", "RFC 5118: IPv6 torture messages")]
    {
        let cases: Vec<_> = cases.iter().filter(|case| case.file.starts_with(rfc)).collect();
        let met = cases.iter().filter(|case| case.demand.is_met_by(&case.run().0)).count();
        write!(page, "\n## {title}\n\n{met} of {} met.\n\n", cases.len()).unwrap();
        page.push_str(
            "| message | section | what it is | demanded | seen | met |\n|---|---|---|---|---|---|\n",
        );
        for case in cases {
            let (seen, _) = case.run();
            let name = case.file.trim_start_matches(rfc).trim_start_matches('/');
            let mark = if case.origin == Origin::Built { " ¹" } else { "" };
            let met = if case.demand.is_met_by(&seen) { "yes" } else { "**no**" };
            writeln!(
                page,
                "| {name}{mark} | {} | {} | {} | {seen} | {met} |",
                case.section, case.title, case.demand
            )
            .unwrap();
        }
    }
    page.push_str(
        "\n¹ Built after the RFC's description: its body there is binary (S/MIME) or its Content-Length counts other \
         line ends. All others are the RFC's printed text with CRLF line ends and the non-printing bytes put back.\n",
    );
    page
}
