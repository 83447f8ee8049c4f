//! `docs/identity.md` shows what comes of which settings, each line of it a whole call, and cannot say anything else: with
//! `TANDEM_WRITE_DOCS` set this test writes it, otherwise it compares.

use std::{fmt::Write, fs, path::Path};

use domain::Parameter;
use sip::{HeaderName, Method};

use super::{Case, IncomingIdentityDraft, outgoing};
use crate::shard::tests::world::{SWITCH, VENDOR};

const HEAD: &str = "# Who calls

What a gateway's identity settings make of who calls and who is called (HDR-1 to HDR-6, SIP-12). Each line is a call between two
scripted user agents: what is set beside the usual, what came in beside the usual, and what the vendor got. To renew this page:

    TANDEM_WRITE_DOCS=1 cargo nextest run -p switch the_page_shows

The rules, in their order:

1. **Mapping gateway.** *Caller field* and *callee field* say where an INVITE has its numbers. What is missing or cannot be read
   there is read from From and from the Request-URI. These numbers are rewritten, routed, rated and recorded.
2. **Privacy.** The routing gateway's setting counts, else `SS_SIP_USER_AGENT_PRIVACY`. Passed on is only what a mapping gateway
   with *support privacy* lets in. `id` makes From anonymous, whatever the rest says.
3. **From.** `SS_SIP_E164_DISPLAY_FROM` gives it name and number, *peer number* `display` puts the number into the name, the local
   domain (`SS_LOCAL_IP_DOMAIN`) takes the place of our address.
4. **Identities beside From** (P-Asserted-Identity, P-Preferred-Identity, Remote-Party-ID) carry the number whether From does or
   not: they are for vendors that keep the secret. Passed on are two of each at most, of trunks only.
5. **Further headers.** The gateway's own, and of the caller's those listed, or all (`*`): at most 24, 1024 bytes each, 4096
   together. What the switch writes itself and what belongs to one hop or one leg can be neither set nor passed; private headers
   (`P-`) and Identity pass from trunks only. Diversion and History-Info have settings of their own (`docs/parameters.md`).
6. **Phones** are told the number and nothing else, and From is anonymous when the caller asks for privacy. What a phone asserts
   counts for nothing; the privacy that it asks for does.

Our address is written `switch` here, the vendor's `vendor`.
";

/// A part of the page: what its lines show.
struct Part {
    title: &'static str,
    shown: &'static [HeaderName],
    cases: Vec<Case>,
}

#[test]
fn the_page_shows_what_calls_are_told() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/identity.md");
    let mut page = HEAD.to_owned();
    for part in [read(), from(), privacy(), identities(), party(), phone_numbers(), callee(), further()] {
        write!(page, "\n## {}\n\n| set | comes in | goes out |\n|---|---|---|\n", part.title).unwrap();
        for case in &part.cases {
            let (set, came, told) = (set(case), came(case), told(case, part.shown));
            writeln!(page, "| {} | {} | {} |", cell(&set), cell(&came), cell(&told)).unwrap();
        }
    }
    if std::env::var_os("TANDEM_WRITE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differs = written.lines().zip(page.lines()).position(|(written, page)| written != page);
    assert!(
        written == page,
        "docs/identity.md is stale, first in line {}; renew it with TANDEM_WRITE_DOCS=1",
        differs.unwrap_or_else(|| written.lines().count().min(page.lines().count())) + 1
    );
}

fn incoming(caller_field: &str, callee_field: &str, support_privacy: bool) -> IncomingIdentityDraft {
    IncomingIdentityDraft {
        caller_field: caller_field.into(),
        callee_field: callee_field.into(),
        support_privacy: if support_privacy { "on" } else { "" }.into(),
    }
}

fn read() -> Part {
    let rpid = ("Remote-Party-ID", "\"Bob\" <sip:+8801712345678@h>;party=calling");
    let pai = ("P-Asserted-Identity", "\"Carol\" <sip:+4420@h>, <tel:+4421>");
    let mut cases = Vec::new();
    for headers in [vec![rpid, pai], vec![]] {
        for field in ["from", "remote_party_id", "asserted_identity", "display"] {
            let headers = headers.clone();
            cases.push(Case { incoming: incoming(field, "", false), headers, ..Case::new() });
        }
    }
    for from in [(Some("+49 (30) 99"), "0000"), (None, "0000")] {
        cases.push(Case { incoming: incoming("display", "", false), from, ..Case::new() });
    }
    for field in ["request_line", "to"] {
        let to = Some("442079460000");
        cases.push(Case { incoming: incoming("", field, false), to, ..Case::new() });
    }
    Part { title: "What is read", shown: &[HeaderName::From, HeaderName::To], cases }
}

fn from() -> Part {
    let mut cases = Vec::new();
    for mode in ["Ignore", "E164", "Number"] {
        for local_domain in ["", "on"] {
            for privacy in ["", "id"] {
                for peer_number in ["from", "display"] {
                    let outgoing = outgoing(&[
                        ("privacy", privacy),
                        ("local_domain", local_domain),
                        ("peer_number", peer_number),
                    ]);
                    let system = vec![
                        (Parameter::SS_SIP_E164_DISPLAY_FROM, mode),
                        (Parameter::SS_LOCAL_IP_DOMAIN, "sip.carrier.example"),
                    ];
                    cases.push(Case { outgoing, system, ..Case::new() });
                }
            }
        }
    }
    let outgoing = outgoing(&[("local_domain", "on")]);
    cases.push(Case { outgoing: outgoing.clone(), ..Case::new() });
    let system = vec![(Parameter::SS_LOCAL_IP_DOMAIN, "2001:db8::1")];
    cases.push(Case { outgoing, system, ..Case::new() });
    Part { title: "From", shown: &[HeaderName::From], cases }
}

fn privacy() -> Part {
    let mut cases = Vec::new();
    for privacy in ["", "none", "passthrough", "id"] {
        for system in ["Ignore", "Id", "None"] {
            for (support, asked) in [(false, Some("id")), (true, Some("user;id")), (true, None)] {
                cases.push(Case {
                    incoming: incoming("", "", support),
                    outgoing: outgoing(&[("privacy", privacy)]),
                    system: vec![(Parameter::SS_SIP_USER_AGENT_PRIVACY, system)],
                    headers: asked.into_iter().map(|asked| ("Privacy", asked)).collect(),
                    ..Case::new()
                });
            }
        }
    }
    let headers = vec![("Remote-Party-ID", "<sip:1234@h>;party=calling;privacy=full")];
    for support in [false, true] {
        let outgoing = outgoing(&[("privacy", "passthrough")]);
        let incoming = incoming("remote_party_id", "", support);
        cases.push(Case { incoming, outgoing, headers: headers.clone(), ..Case::new() });
    }
    Part { title: "Privacy", shown: &[HeaderName::From, HeaderName::Privacy], cases }
}

fn identities() -> Part {
    let mut cases = Vec::new();
    let came = vec![
        ("P-Asserted-Identity", "\"Carol\" <sip:+4420@h>, <tel:+4420>, <sip:third@h>"),
        ("P-Preferred-Identity", "<sip:4421@h>"),
    ];
    for asserted in ["none", "passthrough", "caller"] {
        for preferred in ["none", "passthrough", "caller"] {
            for headers in [vec![], came.clone()] {
                let outgoing =
                    outgoing(&[("asserted_identity", asserted), ("preferred_identity", preferred)]);
                cases.push(Case { outgoing, headers, ..Case::new() });
            }
        }
    }
    for more in [
        &[("asserted_rules", "=+")][..],
        &[("asserted_rules", "49=0, 4=+4")],
        &[("privacy", "id")],
        &[("local_domain", "on")],
    ] {
        let mut words = vec![("asserted_identity", "caller"), ("preferred_identity", "caller")];
        words.extend(more);
        let system = vec![(Parameter::SS_LOCAL_IP_DOMAIN, "sip.carrier.example")];
        cases.push(Case { outgoing: outgoing(&words), system, ..Case::new() });
    }
    let outgoing = outgoing(&[("asserted_identity", "caller")]);
    cases.push(Case { outgoing, from: (Some("Anonymous"), "anonymous"), ..Case::new() });
    let shown = &[HeaderName::From, HeaderName::PAssertedIdentity, HeaderName::PPreferredIdentity];
    Part { title: "P-Asserted-Identity and P-Preferred-Identity", shown, cases }
}

fn party() -> Part {
    let mut cases = Vec::new();
    for privacy in ["none", "passthrough", "id"] {
        for headers in [vec![], vec![("Privacy", "id")]] {
            let outgoing = outgoing(&[("peer_number", "remote_party_id"), ("privacy", privacy)]);
            cases.push(Case { incoming: incoming("", "", true), outgoing, headers, ..Case::new() });
        }
    }
    Part { title: "Remote-Party-ID", shown: &[HeaderName::From, HeaderName::RemotePartyId], cases }
}

fn phone_numbers() -> Part {
    let mut cases = Vec::new();
    for user_phone in ["", "on"] {
        for from in ["4930123", "alice"] {
            let outgoing = outgoing(&[
                ("user_phone", user_phone),
                ("asserted_identity", "caller"),
                ("peer_number", "remote_party_id"),
            ]);
            cases.push(Case { outgoing, from: (None, from), ..Case::new() });
        }
    }
    let shown = &[HeaderName::From, HeaderName::To, HeaderName::PAssertedIdentity, HeaderName::RemotePartyId];
    Part { title: "user=phone", shown, cases }
}

fn callee() -> Part {
    let mut cases = Vec::new();
    for field in ["request_line", "to"] {
        for kept in ["Off", "On"] {
            cases.push(Case {
                incoming: incoming("", field, false),
                system: vec![(Parameter::SS_SIP_ROUTING_GATEWAY_INVITE_USE_CONTACT, kept)],
                requested: "+44-20-7123-4567",
                to: Some("442079460000"),
                ..Case::new()
            });
        }
    }
    Part { title: "Called number", shown: &[HeaderName::To], cases }
}

fn further() -> Part {
    let came = vec![
        ("X-Trace", "7"),
        ("Subject", "hello"),
        ("Identity", "signed"),
        ("User-Agent", "pbx"),
        ("Route", "<sip:elsewhere;lr>"),
    ];
    let mut cases = Vec::new();
    for passed in ["", "*", "x-trace, Subject", "X-Other"] {
        for custom in ["", "X-Trace: own\nX-Carrier: a, b"] {
            let outgoing = outgoing(&[("passed_headers", passed), ("custom_headers", custom)]);
            cases.push(Case { outgoing, headers: came.clone(), ..Case::new() });
        }
    }
    let shown = &[HeaderName::Route, HeaderName::Subject, HeaderName::Identity, HeaderName::Other];
    Part { title: "Further headers", shown, cases }
}

/// What is set beside the usual.
fn set(case: &Case) -> Vec<String> {
    let configuration = case.configuration();
    let mapping = &configuration.mapping_gateways[0].settings.identity;
    let routing = &configuration.routing_gateways[0].settings.identity;
    let mut lines = Vec::new();
    let usual = [
        serde_json::to_value(IncomingIdentityDraft::from(&Default::default())).unwrap(),
        serde_json::to_value(domain::OutgoingIdentityDraft::from(&Default::default())).unwrap(),
    ];
    let now = [
        serde_json::to_value(IncomingIdentityDraft::from(mapping)).unwrap(),
        serde_json::to_value(domain::OutgoingIdentityDraft::from(routing)).unwrap(),
    ];
    for (usual, now) in usual.iter().zip(&now) {
        for (field, value) in
            now.as_object().unwrap().iter().filter(|(field, value)| usual[*field] != **value)
        {
            lines.push(format!("{field} = {}", value.as_str().unwrap().replace('\n', " ⏎ ")));
        }
    }
    let beside =
        case.system.iter().filter(|(parameter, text)| parameter.default_value().to_string() != *text);
    lines.extend(beside.map(|(parameter, text)| format!("{parameter} = {text}")));
    lines
}

fn came(case: &Case) -> Vec<String> {
    let usual = Case::new();
    let mut lines = Vec::new();
    if case.from != usual.from {
        let name = case.from.0.map(|name| format!("\"{name}\" ")).unwrap_or_default();
        lines.push(format!("From: {name}<sip:{}@…>", case.from.1));
    }
    if case.requested != usual.requested {
        lines.push(format!("INVITE sip:{}@…", case.requested));
    }
    lines.extend(case.to.map(|to| format!("To: <sip:{to}@…>")));
    lines.extend(case.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    lines
}

fn told(case: &Case, shown: &[HeaderName]) -> Vec<String> {
    let (mut world, asked) = case.called();
    let mut lines = Vec::new();
    if shown.contains(&HeaderName::To) {
        lines.push(format!("INVITE {}", asked.request_uri()));
    }
    for (name, value) in asked.all_headers() {
        let known = HeaderName::from_bytes(name.as_bytes());
        if shown.contains(&known) {
            let value = value.split(";tag=").next().unwrap_or_default();
            lines.push(format!("{name}: {value}"));
        }
    }
    let answered = world.asked(VENDOR, Method::Invite);
    world.respond(VENDOR, &answered, 486, None);
    world.cdr();
    lines.iter().map(|line| line.replace(SWITCH, "switch").replace(VENDOR, "vendor")).collect()
}

/// Lines of a table's cell.
fn cell(lines: &[String]) -> String {
    let lines: Vec<_> = lines.iter().map(|line| format!("`{}`", line.replace('|', "\\|"))).collect();
    if lines.is_empty() { "–".to_owned() } else { lines.join("<br>") }
}
