//! The lines of the audit log, newest first.

use domain::{AuditRow, FieldChange, FieldError, Page};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{LIST, question::Question};
use crate::{
    components::{Badge, Empty, FilterBar, FilterChoice, FilterText, ListMoment, PageHead, Table, Tone},
    load::{LoadError, loaded, read},
    words::{fill, frame, parts, system},
};

#[cfg(feature = "ssr")]
const ROWS: u32 = 100;
/// Fields of one change that are shown.
const FIELDS: usize = 30;
/// Characters of a value that are shown.
const LONGEST: usize = 200;
/// What people and the system do, as the log calls it.
const ACTIONS: &[&str] = &[
    "create",
    "update",
    "remove",
    "reset",
    "pay",
    "log in",
    "end session",
    "set password",
    "release",
    "revoke",
];

/// A page of the log.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Found {
    question: Question,
    faults: Vec<FieldError>,
    page: Page<AuditRow>,
}

#[server(prefix = "/load", endpoint = "audit", input = GetUrl)]
pub(crate) async fn load_audit(question: Question) -> Result<Found, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewAudit))?;
    let (mut faults, mut page) = (Vec::new(), Page { rows: Vec::new(), more: false });
    match question.filter(ROWS) {
        Ok(filter) => match store::audit::list(&site.pool, &asker.scope, &filter).await {
            Ok(found) => page = found,
            Err(store::StoreError::Invalid(invalid)) => faults = invalid.0,
            Err(error) => return Err(error.into()),
        },
        Err(invalid) => faults = invalid.0,
    }
    Ok(Found { question, faults, page })
}

/// Who changed what.
#[component]
pub(crate) fn Audit() -> impl IntoView {
    let question = Question::asked();
    let found = read(move || question.get(), load_audit);
    let t = system();
    view! {
        <PageHead title=frame().audit about=t.audit_about>
            <a class="button" href=format!("{LIST}/chain")>
                {t.check_chain}
            </a>
        </PageHead>
        {loaded(found, show)}
    }
}

fn show(found: Found) -> impl IntoView {
    let Found { question, faults, page } = found;
    let t = system();
    let is_asked_well = faults.is_empty();
    let wrong = move |field: &str| {
        faults.iter().find(|fault| fault.field == field).map(|f| crate::words::told(&f.message))
    };
    let actions = ACTIONS.iter().map(|action| ((*action).to_owned(), (*action).to_owned())).collect();
    let (asked, place) = (question.clone(), "2026-11-21 00:00");
    view! {
        <FilterBar action=LIST>
            <FilterText name="person" label=t.who value=asked.person wrong=wrong("person") />
            <FilterChoice name="action" label=t.action value=asked.action options=actions />
            <FilterText name="subject" label=t.subject value=asked.subject wrong=wrong("subject") />
            <FilterText name="from" label=t.from_utc placeholder=place value=asked.from wrong=wrong("from") />
            <FilterText name="to" label=t.until_utc placeholder=place value=asked.to wrong=wrong("to") />
        </FilterBar>
        {is_asked_well.then(|| lines(page, &question))}
    }
}

fn lines(page: Page<AuditRow>, question: &Question) -> impl IntoView + use<> {
    let t = system();
    let Some(last) = page.rows.last().map(|row| row.id) else {
        return view! {
            <Empty title=t.no_line>
                <a href=LIST>{parts().show_all}</a>
            </Empty>
        }
        .into_any();
    };
    let newest = (!question.after.is_empty()).then(|| {
        view! {
            <a class="button" href=question.address(None)>
                {parts().newest}
            </a>
        }
    });
    let older = page.more.then(|| {
        view! {
            <a class="button" href=question.address(Some(last))>
                {parts().older}
            </a>
        }
    });
    view! {
        <Table
            label=frame().audit
            columns=vec![
                (t.line, true),
                (t.when, false),
                (t.who, false),
                (t.action, false),
                (t.subject, false),
                (t.changes, false),
            ]
        >
            {page.rows.into_iter().map(line).collect_view()}
        </Table>
        <nav class="pager" aria-label=parts().pages>
            {newest}
            {older}
        </nav>
    }
    .into_any()
}

fn line(row: AuditRow) -> impl IntoView {
    let tone = match row.action.as_str() {
        "remove" | "revoke" => Tone::Bad,
        "create" => Tone::Good,
        _ => Tone::Neutral,
    };
    view! {
        <tr>
            <td class="num">{row.id}</td>
            <td>
                <ListMoment at=row.at />
            </td>
            <td>{row.user_name}</td>
            <td>
                <Badge tone text=row.action />
            </td>
            <td class="value">{row.subject}</td>
            <td class="value">{changes(row.changes)}</td>
        </tr>
    }
}

fn changes(changes: Vec<FieldChange>) -> impl IntoView {
    let more = changes.len().saturating_sub(FIELDS);
    let more = (more > 0)
        .then(|| view! { <li class="about">{fill(system().more_fields, &[&more.to_string()])}</li> });
    let shown: Vec<_> = changes.into_iter().take(FIELDS).map(change).collect();
    view! {
        <ul class="changes">
            {shown}
            {more}
        </ul>
    }
}

fn change(change: FieldChange) -> impl IntoView {
    let side = |value: Option<String>| match value {
        Some(value) if !value.is_empty() => cut(&value),
        _ => "–".to_owned(),
    };
    let (before, after) = (side(change.before), side(change.after));
    view! {
        <li>
            <span class="about">{change.field}</span>
            " "
            {before}
            <span class="unseen">{system().becomes}</span>
            <span aria-hidden="true">" → "</span>
            <b>{after}</b>
        </li>
    }
}

fn cut(value: &str) -> String {
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_between_letters() {
        assert_eq!(cut("ü"), "ü");
        let long = "ü".repeat(LONGEST + 1);
        assert_eq!(cut(&long), format!("{} …", "ü".repeat(LONGEST)));
        assert_eq!(cut(&long[..LONGEST * 2]), "ü".repeat(LONGEST));
    }
}
