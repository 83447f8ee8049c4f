//! The page that asks before something is deleted.

use domain::RowVersion;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use super::{Buttons, DraftForm, PageHead};
use crate::{
    form::{Confirmation, Opened, Submission, submitted},
    load::{LoadError, by_key, loaded},
    words::{fill, parts},
};

/// What people are told about a thing before it is deleted.
pub(crate) struct Leaving {
    /// The kind of thing, as in "Delete …".
    pub(crate) what: &'static str,
    pub(crate) name: String,
    /// What it touches, in a sentence or two.
    pub(crate) touches: String,
    /// The page of the thing, for those who keep it.
    pub(crate) back: String,
    pub(crate) version: RowVersion,
}

/// Asks before the thing under `key` is deleted: names it, and what that touches.
pub(crate) fn removal<K, T, F>(
    key: impl Fn() -> Option<K> + Send + Sync + 'static,
    load: impl Fn(K) -> F + Send + Sync + 'static,
    tell: impl Fn(T) -> Option<Leaving> + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, LoadError>> + Send + 'static,
{
    let sent = submitted();
    loaded(by_key(key, load), move |thing| tell(thing).map(|leaving| question(leaving, sent.clone())))
}

fn question(leaving: Leaving, sent: Option<Submission<Confirmation>>) -> impl IntoView {
    let t = parts();
    let Leaving { what, name, touches, back, version } = leaving;
    view! {
        <PageHead title=fill(t.delete_question, &[what, &name]) />
        <DraftForm opened=Opened::of(sent, Confirmation::default(), version) conflict=t.conflict_removal>
            <p>{touches}</p>
            <p>{t.cannot_be_undone}</p>
            <Buttons submit=fill(t.delete_what, &[what]) back dangerous=true />
        </DraftForm>
    }
}
