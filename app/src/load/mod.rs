//! Reading for a page: what a loader may answer, and how a page waits for it.

mod answer;

use std::{marker::PhantomData, pin::Pin, sync::Arc};

use domain::Invalid;
use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

pub(crate) use self::answer::Loaded;
use self::answer::{Answer, Asked, InPage};
use crate::{
    components::{NotFound, Notice, NoticeKind},
    words::parts,
};

/// Why a page cannot be shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum LoadError {
    /// No session, or not any more.
    #[error("Your session has ended.")]
    LoggedOut,
    /// There is no such thing, or not for this person.
    #[error("There is no such thing, or not any more.")]
    NotFound,
    /// The question itself is wrong, at these fields.
    #[error("{0}")]
    Invalid(Invalid),
    /// The server could not answer.
    #[error("{0}")]
    Failed(String),
}

impl FromServerFnError for LoadError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Failed("The server cannot be reached.".to_owned()),
            other => Self::Failed(other.to_string()),
        }
    }
}

#[cfg(feature = "ssr")]
impl From<store::StoreError> for LoadError {
    fn from(error: store::StoreError) -> Self {
        match error {
            store::StoreError::NotFound => Self::NotFound,
            store::StoreError::Invalid(invalid) => Self::Invalid(invalid),
            other => {
                tracing::error!(error = %other, "a page could not be loaded");
                Self::Failed(other.user_message())
            }
        }
    }
}

/// What `load` reads for `question`; it reads anew whenever the question changes.
pub(crate) fn read<S, T, F>(
    question: impl Fn() -> S + Send + Sync + 'static,
    load: impl Fn(S) -> F + Send + Sync + 'static,
) -> Loaded<T>
where
    S: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, LoadError>> + Send + 'static,
{
    let reading = move |asked: Asked| -> Reading {
        let reading = asked.read::<S>().map(&load);
        Box::pin(async move {
            let answer = match reading {
                Some(reading) => reading.await,
                None => Err(LoadError::NotFound),
            };
            Answer::Given(Arc::new(answer))
        })
    };
    Loaded { answer: ask(Box::new(move || Asked::new(question())), Box::new(reading)), of: PhantomData }
}

type Reading = Pin<Box<dyn Future<Output = Answer> + Send>>;

fn ask(
    question: Box<dyn Fn() -> Asked + Send + Sync>,
    reading: Box<dyn Fn(Asked) -> Reading + Send + Sync>,
) -> Resource<Answer, InPage> {
    Resource::new_with_options(question, reading, false)
}

/// What `load` reads, once.
pub(crate) fn once<T, F>(load: impl Fn() -> F + Send + Sync + 'static) -> Loaded<T>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, LoadError>> + Send + 'static,
{
    read(|| (), move |()| load())
}

/// What `load` reads of the thing whose key stands in the page's address. Without a key there is no such thing.
pub(crate) fn by_key<K, T, F>(
    key: impl Fn() -> Option<K> + Send + Sync + 'static,
    load: impl Fn(K) -> F + Send + Sync + 'static,
) -> Loaded<T>
where
    K: Clone + PartialEq + Send + Sync + 'static,
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, LoadError>> + Send + 'static,
{
    read(key, move |key| {
        let reading = key.map(&load);
        async move {
            match reading {
                Some(reading) => reading.await,
                None => Err(LoadError::NotFound),
            }
        }
    })
}

/// Shows what has been `read`, or why it could not be. While it is read anew the old content stays.
pub(crate) fn loaded<T, V>(read: Loaded<T>, show: impl Fn(T) -> V + Send + Sync + 'static) -> AnyView
where
    T: Clone + DeserializeOwned + 'static,
    V: IntoView + 'static,
{
    waited_for(
        read.answer,
        Arc::new(move |answer: Answer| match answer.read::<T>() {
            Ok(value) => show(value).into_any(),
            Err(error) => refused(&error).into_any(),
        }),
    )
}

fn waited_for(
    answer: Resource<Answer, InPage>,
    show: Arc<dyn Fn(Answer) -> AnyView + Send + Sync>,
) -> AnyView {
    view! {
        <Transition fallback=|| {
            view! {
                <crate::components::Skeleton />
            }
        }>
            {move || {
                let show = show.clone();
                Suspend::new(async move { show(answer.await) })
            }}
        </Transition>
    }
    .into_any()
}

fn refused(error: &LoadError) -> impl IntoView + use<> {
    match error {
        LoadError::NotFound => view! { <NotFound /> }.into_any(),
        LoadError::LoggedOut => {
            log_in_again();
            view! {
                <Notice kind=NoticeKind::Trouble>
                    {parts().session_ended} <a href="/login" rel="external">
                        {parts().log_in_again}
                    </a>
                </Notice>
            }
            .into_any()
        }
        LoadError::Invalid(_) | LoadError::Failed(_) => {
            answer_with_failure();
            let text = crate::words::told(&error.to_string());
            view! {
                <Notice kind=NoticeKind::Trouble>
                    {text} " " <a href="" rel="external">
                        {parts().try_again}
                    </a>
                </Notice>
            }
            .into_any()
        }
    }
}

/// The browser goes to the log-in page and comes back here afterwards.
fn log_in_again() {
    #[cfg(feature = "hydrate")]
    {
        let location = web_sys::window().expect("a page has a window").location();
        let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
        crate::shell::open_anew(&format!("/login?next={}", crate::figures::in_query(&here)));
    }
}

fn answer_with_failure() {
    #[cfg(feature = "ssr")]
    crate::server::answer_with(http::StatusCode::SERVICE_UNAVAILABLE);
}
