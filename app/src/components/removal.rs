//! The page that asks before something is deleted.

use leptos::prelude::*;

use super::{Buttons, DraftForm, PageHead};
use crate::{
    form::{Confirmation, Opened},
    words::{fill, parts},
};

/// Names what will be deleted and what that touches, and asks.
#[component]
pub(crate) fn Removal(
    /// The kind of thing, as in "Delete …".
    what: &'static str,
    /// Its name.
    #[prop(into)]
    name: String,
    /// What it touches, in a sentence or two.
    #[prop(into)]
    touches: String,
    #[prop(into)] back: String,
    opened: Opened<Confirmation>,
) -> impl IntoView {
    let t = parts();
    view! {
        <PageHead title=fill(t.delete_question, &[what, &name]) />
        <DraftForm opened conflict=t.conflict_removal>
            <p>{touches}</p>
            <p>{t.cannot_be_undone}</p>
            <Buttons submit=fill(t.delete_what, &[what]) back dangerous=true />
        </DraftForm>
    }
}
