//! Reading for a page: what a loader may answer, and how a page waits for it.

use domain::Invalid;
use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::FromServerFnError, error::ServerFnErrorErr},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

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

/// What a page's loader gives.
pub(crate) type Loaded<T> = Resource<Result<T, LoadError>>;

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
    Resource::new(key, move |key| {
        let reading = key.map(&load);
        async move {
            match reading {
                Some(reading) => reading.await,
                None => Err(LoadError::NotFound),
            }
        }
    })
}

/// Shows what `resource` has loaded, or why it could not. While it loads anew the old content stays.
pub(crate) fn loaded<T, V>(
    resource: Loaded<T>,
    show: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=|| {
            view! {
                <crate::components::Skeleton />
            }
        }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(value) => show(value).into_any(),
                        Err(error) => refused(&error).into_any(),
                    }
                })
            }}
        </Transition>
    }
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
        let address = format!("/login?next={}", crate::figures::in_query(&here));
        if location.assign(&address).is_err() {
            leptos::logging::warn!("the log-in page cannot be opened");
        }
    }
}

fn answer_with_failure() {
    #[cfg(feature = "ssr")]
    crate::server::answer_with(http::StatusCode::SERVICE_UNAVAILABLE);
}
