//! `docs/parameters.md` is written from the registry and cannot say anything else: with `TANDEM_WRITE_DOCS` set this test writes
//! it, otherwise it compares.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::{
    fmt::{Display, Write},
    fs,
    path::Path,
};

use domain::{
    Parameter,
    parameter::{Kind, Layering, Page, Topic},
};

const HEAD: &str = "# Parameters

Every named parameter, written from the registry in `engine/domain/src/parameter`. To renew this page after a change there:

    TANDEM_WRITE_DOCS=1 cargo test -p domain --test parameter_reference

Nothing needs a restart. *Reaches* tells what a change reaches: calls that begin after it (those in progress keep what they began
with), registrations and authentications that begin after it, or everything at once. *Own value of* names who may have a value
of their own in place of the system's; where that is a limit, the smaller of both counts and 0 is none. *Built* tells whether the
switch acts on it today; the others can be set and are kept. On is also written `1`, `true` or `yes`; letter case does not matter,
in names neither. Another name is accepted wherever a name is read.

Set them on the portal's pages, in a document for `tandem apply` (`[parameters]`, and `parameters = { … }` of a gateway), or in a
gateway's form. Every change stands in the history with who, when, from what and to what.
";

#[test]
fn the_reference_says_what_the_registry_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/parameters.md");
    let expected = reference();
    if std::env::var_os("TANDEM_WRITE_DOCS").is_some() {
        fs::write(&path, &expected).unwrap();
        return;
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let mut lines = written.lines().zip(expected.lines()).enumerate();
    let differs = lines.find(|(_, (written, expected))| written != expected);
    assert!(
        written == expected,
        "docs/parameters.md is stale, first in line {}; renew it with TANDEM_WRITE_DOCS=1",
        differs.map_or_else(|| written.lines().count().min(expected.lines().count()) + 1, |(at, _)| at + 1)
    );
}

#[test]
fn every_parameter_stands_in_the_reference_once() {
    let text = reference();
    for parameter in Parameter::all() {
        let row = format!("\n| `{parameter}` |");
        assert_eq!(text.matches(&row).count(), 1, "{parameter}");
    }
    let cells = |line: &str| line.replace("\\|", "").matches('|').count();
    assert!(text.lines().filter(|line| line.starts_with('|')).all(|line| cells(line) == 10));
}

fn reference() -> String {
    let mut text = HEAD.to_owned();
    for page in Page::ALL {
        writeln!(text, "\n## {page}").unwrap();
        let mut topic: Option<Topic> = None;
        for parameter in Parameter::all().filter(|parameter| parameter.entry().page == *page) {
            if topic.replace(parameter.entry().topic) != Some(parameter.entry().topic) {
                writeln!(text, "\n### {}\n", parameter.entry().topic).unwrap();
                text += "| Name | Other names | Default | Range | Unit | Reaches | Own value of | Built | What it does |\n";
                text += "|---|---|---|---|---|---|---|---|---|\n";
            }
            text += &row(parameter);
        }
    }
    text
}

fn row(parameter: Parameter) -> String {
    let entry = parameter.entry();
    let aliases = entry.aliases.iter().map(|alias| {
        let values: Vec<_> =
            alias.values.iter().map(|(theirs, ours)| format!("`{theirs}` is `{ours}`")).collect();
        let values = if values.is_empty() { String::new() } else { format!(" ({})", values.join(", ")) };
        format!("`{}`{values}", alias.name)
    });
    let range = match &entry.kind {
        Kind::Choice(values) => {
            let values: Vec<_> = values.iter().map(|(value, means)| format!("`{value}` {means}")).collect();
            values.join("; ")
        }
        _ => parameter.range(),
    };
    let mut own = list(entry.levels.iter());
    if entry.layering == Layering::Tightens {
        own += " (the smaller counts)";
    }
    let default = match entry.default.to_string() {
        empty if empty.is_empty() => "(empty)".to_owned(),
        text => format!("`{text}`"),
    };
    let cells = [
        format!("`{parameter}`"),
        list(aliases),
        default,
        range,
        entry.unit.to_string(),
        entry.effect.to_string(),
        own,
        if entry.built { "yes" } else { "not yet" }.to_owned(),
        parameter.about().split_whitespace().collect::<Vec<_>>().join(" "),
    ];
    let cells: Vec<_> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}

fn list(items: impl Iterator<Item = impl Display>) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(", ")
}
