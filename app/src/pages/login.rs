//! Logging in and out.

use domain::Invalid;
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

use crate::{
    components::{DraftForm, Icon, Picture, Text},
    form::{Draft, Opened, submitted},
};

/// Name and password as typed.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct LoginDraft {
    pub(crate) name: String,
    pub(crate) password: String,
}

impl Draft for LoginDraft {
    fn faults(&self) -> Result<(), Invalid> {
        let mut fields = domain::Fields::default();
        if self.name.trim().is_empty() {
            fields.refuse("name", "write your name");
        }
        if self.password.is_empty() {
            fields.refuse("password", "write your password");
        }
        fields.finish(Some(()))
    }

    #[cfg(feature = "ssr")]
    fn showable(self) -> Self {
        Self { password: String::new(), ..self }
    }
}

/// The log-in page. Where to go afterwards stands in its address.
#[component]
pub(crate) fn Login() -> impl IntoView {
    let opened = Opened::new(submitted::<LoginDraft>(), LoginDraft::default());
    let name = opened.draft.name.clone();
    view! {
        <Title text="Log in" />
        <main class="login" id="content">
            <div class="login-box">
                <p class="brand">
                    <Icon picture=Picture::Tandem />
                    "Tandem"
                </p>
                <h1>"Log in"</h1>
                <DraftForm opened>
                    <Text name="name" label="Name" value=name autocomplete="username" autofocus=true />
                    <Text name="password" label="Password" value="" kind="password" autocomplete="current-password" />
                    <div class="buttons">
                        <button type="submit" class="button primary">
                            "Log in"
                        </button>
                    </div>
                </DraftForm>
            </div>
        </main>
    }
}

#[cfg(feature = "ssr")]
pub(crate) use server::{log_in, log_out};

#[cfg(feature = "ssr")]
mod server {
    use std::time::Instant;

    use axum::{
        extract::{Query, State},
        response::{IntoResponse, Redirect, Response},
    };
    use http::{HeaderValue, StatusCode, header};
    use serde::Deserialize;
    use store::{StoreError, log_in::LogIn};

    use super::LoginDraft;
    use crate::{
        form::{Draft, Refusal},
        server::{
            Site, patience,
            sent::Sent,
            session::{self, Asker, local_path},
        },
    };

    #[derive(Deserialize)]
    pub(crate) struct Next {
        #[serde(default)]
        next: String,
    }

    /// Opens a session. An unknown name and a wrong password get the same answer after the same work.
    pub(crate) async fn log_in(
        State(site): State<Site>,
        Query(Next { next }): Query<Next>,
        sent: Sent<LoginDraft>,
    ) -> Response {
        if let Err(invalid) = sent.draft.faults() {
            return sent.refuse(&site, invalid.into(), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        let (now, address) = (Instant::now(), session::address(&sent.parts().extensions));
        let name = sent.draft.name.trim().to_owned();
        if let Some(wait) = site.patience.wait(now, address, &name) {
            let said = format!("Too many failed log-ins. Try again in {}.", patience::in_words(wait));
            return sent.refuse(&site, Refusal::saying(said), StatusCode::TOO_MANY_REQUESTS).await;
        }
        site.patience.note(now, address, &name);
        match store::log_in::password(&site.pool, &name, &sent.draft.password, address).await {
            Ok(LogIn::Welcome(user)) => {
                site.patience.forgive(address, &name);
                match open(&site, &sent, user).await {
                    Ok(cookie) => {
                        ([(header::SET_COOKIE, cookie)], Redirect::to(local_path(&next))).into_response()
                    }
                    Err(error) => sent.refuse(&site, error.into(), StatusCode::SERVICE_UNAVAILABLE).await,
                }
            }
            Ok(refused) => {
                let (said, status) = refusal(refused);
                sent.refuse(&site, Refusal::saying(said), status).await
            }
            Err(error) => sent.refuse(&site, error.into(), StatusCode::SERVICE_UNAVAILABLE).await,
        }
    }

    fn refusal(log_in: LogIn) -> (String, StatusCode) {
        match log_in {
            LogIn::Locked(until) => {
                let wait = (until - chrono::Utc::now()).to_std().unwrap_or_default();
                let said = format!("Too many failed log-ins. Try again in {}.", patience::in_words(wait));
                (said, StatusCode::TOO_MANY_REQUESTS)
            }
            LogIn::Disabled => {
                ("Your account is disabled. Ask an administrator.".to_owned(), StatusCode::FORBIDDEN)
            }
            LogIn::Elsewhere => ("You may not log in from this network.".to_owned(), StatusCode::FORBIDDEN),
            LogIn::Wrong | LogIn::Welcome(_) => {
                ("The name or the password is wrong.".to_owned(), StatusCode::UNPROCESSABLE_ENTITY)
            }
        }
    }

    async fn open(
        site: &Site,
        sent: &Sent<LoginDraft>,
        user: domain::UserId,
    ) -> Result<HeaderValue, StoreError> {
        let token: String = rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect();
        let parts = sent.parts();
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let agent: String = agent.chars().take(200).collect();
        let address = session::address(&parts.extensions);
        store::sessions::open(&site.pool, user, session::key(&token), address, &agent, Default::default())
            .await?;
        Ok(cookie(site, &token, ""))
    }

    /// Closes the session; the log-in page says nothing of who it was.
    pub(crate) async fn log_out(State(site): State<Site>, asker: Asker) -> Response {
        if let Err(error) = store::sessions::close(&site.pool, &asker.session).await {
            tracing::error!(%error, "a session could not be closed");
            return (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", error.user_message())).into_response();
        }
        ([(header::SET_COOKIE, cookie(&site, "", "; Max-Age=0"))], Redirect::to("/login")).into_response()
    }

    fn cookie(site: &Site, token: &str, more: &str) -> HeaderValue {
        let secure = if site.secure_cookies { "; Secure" } else { "" };
        let name = session::cookie_name(site.secure_cookies);
        let cookie = format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax{secure}{more}");
        HeaderValue::from_str(&cookie).expect("a token is hexadecimal")
    }
}
