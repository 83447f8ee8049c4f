//! Forms: every kind of field, as it is, refused, changed by somebody else meanwhile, and only looked at.

use domain::RateDraft;
use leptos::prelude::*;

use crate::{
    components::{Area, Buttons, Choice, DraftForm, Text, Tick},
    form::{Confirmation, Opened, Refusal, Submission},
    words::{fill, parts},
};

/// The ids of fields are their names, so each form of the page has other fields.
pub(super) fn form(stale: bool) -> impl IntoView {
    let typed = RateDraft { prefix: "+44".to_owned(), rate: "0,03".to_owned(), ..RateDraft::default() };
    let refusal = if stale {
        Refusal { message: Some("rate \"44\"".to_owned()), stale, ..Refusal::default() }
    } else {
        typed.check().err().map(Refusal::from).unwrap_or_default()
    };
    let sent = Some(Submission { draft: typed.clone(), row_version: "1".to_owned(), refusal });
    let now = RateDraft { prefix: "44".to_owned(), rate: "0.04".to_owned(), ..typed };
    let opened = Opened::of(sent, now, domain::RowVersion(2));
    let draft = opened.draft.clone();
    let kinds = || vec![("a".to_owned(), "First".to_owned()), ("b".to_owned(), "Second".to_owned())];
    if stale {
        return view! {
            <DraftForm opened>
                <Text name="connect_fee" label="Amount" value=draft.rate.clone() figure=true unit="USD" hint="A hint below." />
                <Area name="notes" label="Several lines" value="192.0.2.7" />
                <Choice name="kind" label="One of several" value="b" options=kinds() />
                <Tick name="enabled" label="Yes or no" value="on" hint="What that means." />
            </DraftForm>
        }
        .into_any();
    }
    view! {
        <DraftForm opened>
            <Text name="prefix" label="Prefix" value=draft.prefix required=true />
            <Text name="rate" label="Rate" value=draft.rate required=true figure=true unit="USD" hint="Up to 9 decimals." />
            <Buttons submit="Save" back="/styleguide" />
        </DraftForm>
    }
    .into_any()
}

/// What asks before something is deleted, as it is opened and when it was changed meanwhile.
pub(super) fn removal(stale: bool) -> impl IntoView {
    let refusal = Refusal {
        message: stale.then(|| "account \"Aurora Telecom\"".to_owned()),
        stale,
        ..Refusal::default()
    };
    let sent = stale.then(|| Submission { draft: Confirmation {}, row_version: "1".to_owned(), refusal });
    let opened = Opened::of(sent, Confirmation {}, domain::RowVersion(2));
    view! {
        <DraftForm opened conflict=parts().conflict_removal>
            <p>{fill(parts().delete_question, &["account", "Aurora Telecom"])}</p>
            <p>{parts().cannot_be_undone}</p>
            <Buttons submit=fill(parts().delete_what, &["account"]) back="/styleguide" dangerous=true />
        </DraftForm>
    }
}
