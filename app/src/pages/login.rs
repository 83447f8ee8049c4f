//! Logging in by name and password, and out.

use domain::Invalid;
use leptos::prelude::*;
use leptos_meta::Title;
use serde::{Deserialize, Serialize};

use crate::{
    components::{DraftForm, Icon, Picture, Text},
    form::{Draft, Opened, submitted},
    words::people,
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
        <LoginBox title=people().log_in>
            <DraftForm opened>
                <Text name="name" label=people().name value=name autocomplete="username" autofocus=true />
                <Text name="password" label=people().password value="" kind="password" autocomplete="current-password" />
                <div class="buttons">
                    <button type="submit" class="button primary">
                        {people().log_in}
                    </button>
                </div>
            </DraftForm>
        </LoginBox>
    }
}

/// The box in the middle of a page without a frame.
#[component]
pub(crate) fn LoginBox(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=title />
        <main class="login" id="content">
            <div class="login-box">
                <p class="brand">
                    <Icon picture=Picture::Tandem />
                    "Tandem"
                </p>
                <h1>{title}</h1>
                {children()}
            </div>
        </main>
    }
}

#[cfg(feature = "ssr")]
pub(crate) use server::{Next, log_in, log_out, refusal};

#[cfg(feature = "ssr")]
mod server {
    use axum::{
        extract::{Query, State},
        response::{IntoResponse, Redirect, Response},
    };
    use chrono::{DateTime, Utc};
    use http::{HeaderValue, StatusCode, header};
    use serde::Deserialize;
    use store::{StoreError, log_in::LogIn, sessions::Opened};

    use super::LoginDraft;
    use crate::{
        figures::in_query,
        form::{Draft, Refusal},
        server::{
            Site,
            sent::Sent,
            session::{self, Asker, local_path},
        },
        words::{fill, people},
    };

    /// Where to go afterwards.
    #[derive(Deserialize)]
    pub(crate) struct Next {
        #[serde(default)]
        pub(crate) next: String,
    }

    /// Opens a session. An unknown name and a wrong password get the same answer after the same work; who fails too often
    /// waits, which the store counts.
    pub(crate) async fn log_in(
        State(site): State<Site>,
        Query(Next { next }): Query<Next>,
        sent: Sent<LoginDraft>,
    ) -> Response {
        if let Err(invalid) = sent.draft.faults() {
            return sent.refuse(&site, invalid.into(), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        let address = session::address(&sent.parts().extensions);
        let (name, password) = (sent.draft.name.trim(), &sent.draft.password);
        let user = match store::log_in::password(&site.pool, name, password, address).await {
            Ok(LogIn::Welcome(user)) => user,
            Ok(refused) => {
                let (said, status) = refusal(refused, people().wrong_log_in);
                return sent.refuse(&site, Refusal::saying(said), status).await;
            }
            Err(error) => return sent.refuse(&site, error.into(), StatusCode::SERVICE_UNAVAILABLE).await,
        };
        match open(&site, &sent, user).await {
            Ok((cookie, opened)) => {
                let own = store::people::access(&site.pool, user, address).await.ok().flatten();
                let language = own.and_then(|own| {
                    crate::server::preferences::own_language(&sent.parts().headers, own.language)
                });
                let next = local_path(&next);
                let to = match opened.awaits_code {
                    true => format!("/login/code?next={}", in_query(next)),
                    false => next.to_owned(),
                };
                let mut answer = ([(header::SET_COOKIE, cookie)], Redirect::to(&to)).into_response();
                if let Some(language) = language {
                    answer.headers_mut().append(header::SET_COOKIE, language);
                }
                answer
            }
            Err(error) => sent.refuse(&site, error.into(), StatusCode::SERVICE_UNAVAILABLE).await,
        }
    }

    /// What to say to somebody who was not let in; `wrong` where what they typed is wrong.
    pub(crate) fn refusal(log_in: LogIn, wrong: &str) -> (String, StatusCode) {
        match log_in {
            LogIn::Locked(until) => (locked(until, Utc::now()), StatusCode::TOO_MANY_REQUESTS),
            LogIn::Disabled => (people().disabled_account.to_owned(), StatusCode::FORBIDDEN),
            LogIn::Elsewhere => (people().elsewhere.to_owned(), StatusCode::FORBIDDEN),
            LogIn::Wrong | LogIn::Welcome(_) => (wrong.to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
        }
    }

    fn locked(until: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let seconds = (until - now).num_seconds().max(0) + 1;
        let wait = match seconds {
            1 => people().one_second.to_owned(),
            2..120 => fill(people().seconds, &[&seconds.to_string()]),
            _ => fill(people().minutes, &[&((seconds + 59) / 60).to_string()]),
        };
        fill(people().wait, &[&wait, &until.format("%H:%M:%S").to_string()])
    }

    async fn open(
        site: &Site,
        sent: &Sent<LoginDraft>,
        user: domain::UserId,
    ) -> Result<(HeaderValue, Opened), StoreError> {
        let token: String = rand::random::<[u8; 32]>().iter().map(|byte| format!("{byte:02x}")).collect();
        let parts = sent.parts();
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let agent: String = agent.chars().take(200).collect();
        let (address, key) = (session::address(&parts.extensions), session::key(&token));
        let opened =
            store::sessions::open(&site.pool, user, key, address, &agent, Default::default()).await?;
        Ok((cookie(site, &token, ""), opened))
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

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn who_is_locked_out_learns_until_when() {
            let now: DateTime<Utc> = "2026-11-21T14:00:00Z".parse().unwrap();
            let told = |text: &str| locked(text.parse().unwrap(), now);
            assert!(told("2026-11-21T14:14:59Z").ends_with("Try again in 15 minutes, at 14:14:59 UTC."));
            assert!(told("2026-11-21T14:00:20Z").contains("in 21 seconds"));
            assert!(told("2026-11-21T13:00:00Z").contains("in 1 second,"));
        }
    }
}
