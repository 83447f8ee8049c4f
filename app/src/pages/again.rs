//! Proving again who one is, before something dangerous.

use domain::Invalid;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::query;
use crate::{
    components::{Buttons, DraftForm, PageHead, Text},
    form::{Draft, Opened, submitted},
    words::people,
};

/// The password as typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct AgainDraft {
    pub(crate) password: String,
}

impl Draft for AgainDraft {
    fn faults(&self) -> Result<(), Invalid> {
        if self.password.is_empty() {
            return Err(Invalid::field("password", "write your password"));
        }
        Ok(())
    }

    #[cfg(feature = "ssr")]
    fn showable(self) -> Self {
        Self::default()
    }
}

/// Asks for the password. Where to go afterwards stands in its address.
#[component]
pub(crate) fn Again() -> impl IntoView {
    let opened = Opened::new(submitted::<AgainDraft>(), AgainDraft::default());
    let back = query("back").get_untracked();
    // A browser takes a backslash for a slash: no way out to another site.
    let ours = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\');
    let back = if ours { back } else { "/".to_owned() };
    view! {
        <PageHead
            title=people().is_it_you
            about=people().is_it_you_about
        />
        <DraftForm opened>
            <Text
                name="password"
                label=people().password
                value=""
                kind="password"
                autocomplete="current-password"
                autofocus=true
                required=true
            />
            <Buttons submit=people().go_on back />
        </DraftForm>
    }
}

/// Takes the password.
#[cfg(feature = "ssr")]
pub(crate) async fn prove(
    axum::extract::State(site): axum::extract::State<crate::server::Site>,
    axum::extract::Query(super::login::Next { next }): axum::extract::Query<super::login::Next>,
    asker: crate::server::session::Asker,
    sent: crate::server::sent::Sent<AgainDraft>,
) -> axum::response::Response {
    use axum::response::{IntoResponse, Redirect};
    use http::StatusCode;
    use store::log_in::LogIn;

    use crate::{form::Refusal, server::session::local_path};

    if let Err(invalid) = sent.draft.faults() {
        return sent.refuse(&site, invalid.into(), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let password = &sent.draft.password;
    match store::log_in::password_again(&site.pool, &asker.session, password, asker.address).await {
        Ok(LogIn::Welcome(_)) => Redirect::to(local_path(&next)).into_response(),
        Ok(LogIn::Wrong) => {
            let told = Invalid::field("password", "this is not your password");
            sent.refuse(&site, told.into(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Ok(refused) => {
            let (said, status) = super::login::refusal(refused, "");
            sent.refuse(&site, Refusal::saying(said), status).await
        }
        Err(error) => sent.refuse(&site, error.into(), StatusCode::SERVICE_UNAVAILABLE).await,
    }
}
