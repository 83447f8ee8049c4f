//! The second step of logging in: a code of the authenticator, or a recovery code.

use domain::Invalid;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::login::LoginBox;
use crate::{
    components::{DraftForm, Text},
    form::{Draft, Opened, submitted},
    words::people,
};

/// The code as typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CodeDraft {
    pub(crate) code: String,
}

impl Draft for CodeDraft {
    fn faults(&self) -> Result<(), Invalid> {
        match self.code.trim() {
            "" => Err(Invalid::field("code", "write the code that your authenticator shows")),
            code if code.len() > 100 => Err(Invalid::field("code", "this is no code")),
            _ => Ok(()),
        }
    }

    #[cfg(feature = "ssr")]
    fn showable(self) -> Self {
        Self::default()
    }
}

/// Asks for the code.
#[component]
pub(crate) fn LoginCode() -> impl IntoView {
    let opened = Opened::new(submitted::<CodeDraft>(), CodeDraft::default());
    view! {
        <LoginBox title=people().second_step>
            <DraftForm opened>
                <Text
                    name="code"
                    label=people().code
                    value=""
                    keyboard="numeric"
                    autocomplete="one-time-code"
                    autofocus=true
                    hint=people().code_hint
                />
                <div class="buttons">
                    <button type="submit" class="button primary">
                        {people().go_on}
                    </button>
                </div>
            </DraftForm>
            <p class="about">
                <a href="/login" rel="external">
                    {people().as_somebody_else}
                </a>
            </p>
        </LoginBox>
    }
}

/// Takes the code. Whoever has none within ten minutes begins again.
#[cfg(feature = "ssr")]
pub(crate) async fn enter_code(
    axum::extract::State(site): axum::extract::State<crate::server::Site>,
    axum::extract::Query(super::login::Next { next }): axum::extract::Query<super::login::Next>,
    sent: crate::server::sent::Sent<CodeDraft>,
) -> axum::response::Response {
    use axum::response::{IntoResponse, Redirect};
    use http::StatusCode;
    use store::{StoreError, log_in::LogIn};

    use crate::{form::Refusal, server::session};

    if let Err(invalid) = sent.draft.faults() {
        return sent.refuse(&site, invalid.into(), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let parts = sent.parts();
    let token = session::cookie(&parts.headers, session::cookie_name(site.secure_cookies));
    let Some(key) = token.map(session::key) else { return Redirect::to("/login").into_response() };
    let (address, code) = (session::address(&parts.extensions), &sent.draft.code);
    match store::log_in::code(&site.pool, &site.seal, &key, code, address, chrono::Utc::now()).await {
        Ok(LogIn::Welcome(_)) => Redirect::to(session::local_path(&next)).into_response(),
        Ok(LogIn::Wrong) => {
            let told = Invalid::field("code", "this code is wrong, or has been used before");
            sent.refuse(&site, told.into(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Ok(refused) => {
            let (said, status) = super::login::refusal(refused, "");
            sent.refuse(&site, Refusal::saying(said), status).await
        }
        Err(StoreError::NotFound) => Redirect::to("/login").into_response(),
        Err(error) => sent.refuse(&site, error.into(), StatusCode::SERVICE_UNAVAILABLE).await,
    }
}
