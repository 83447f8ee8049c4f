use domain::Invalid;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::{
    access::who,
    components::{Buttons, Copy, DraftForm, Notice, NoticeKind, PageHead, Text},
    form::{Confirmation, Draft, Opened, submitted},
    load::{LoadError, loaded, once},
    words::{fill, people},
};

const PAGE: &str = "/me/second-factor";

/// The form that begins and confirms: without an address a secret is made, with one the code is looked at.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FactorDraft {
    /// What the QR code holds; travels with the form, so that a mistyped code does not cost a new secret.
    pub(crate) url: String,
    pub(crate) code: String,
}

impl FactorDraft {
    /// The secret in base 32, for typing.
    fn secret(&self) -> String {
        let secret = self.url.split(['?', '&']).find_map(|part| part.strip_prefix("secret="));
        secret.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(64).collect()
    }
}

impl Draft for FactorDraft {
    fn faults(&self) -> Result<(), Invalid> {
        if !self.url.is_empty() && self.code.trim().is_empty() {
            return Err(Invalid::field("code", "write the six digits that your authenticator shows"));
        }
        Ok(())
    }

    #[cfg(feature = "ssr")]
    fn showable(self) -> Self {
        Self { code: String::new(), ..self }
    }
}

/// Codes that are shown on this page and never again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Shown(Vec<String>);

#[server(prefix = "/load", endpoint = "second-factor", input = GetUrl)]
pub(crate) async fn load_factor() -> Result<Option<i64>, LoadError> {
    let (site, asker) = crate::server::session::asking(crate::access::Need::LogIn)?;
    let me = store::people::find(&site.pool, &store::Scope::All, asker.user).await?;
    if !me.user.has_totp {
        return Ok(None);
    }
    Ok(Some(store::totp::recovery_codes_left(&site.pool, asker.user).await?))
}

/// Sets a second factor up, or tells of the one that is there.
#[component]
pub(crate) fn SecondFactor() -> impl IntoView {
    let shown = SharedValue::new(use_context::<Shown>).into_inner();
    let sent = submitted::<FactorDraft>();
    let picture =
        SharedValue::new(|| picture(sent.as_ref().map(|sent| sent.draft.url.as_str()))).into_inner();
    let factor = once(load_factor);
    let wanted = who().is_some_and(|who| who.has_duty);
    view! {
        <PageHead
            title=people().second_factor
            about=people().factor_about
        />
        {shown.clone().map(|Shown(codes)| view! { <RecoveryCodes codes /> })}
        {loaded(
            factor,
            move |left| match (left, &picture) {
                (Some(left), _) => there(left).into_any(),
                (None, Some(picture)) => confirm(sent.clone().map(|sent| Opened::new(Some(sent), FactorDraft::default())), picture.clone()).into_any(),
                (None, None) => begin(wanted).into_any(),
            },
        )}
    }
}

/// The QR code of `url`, which only the server draws.
fn picture(url: Option<&str>) -> Option<String> {
    let _url = url.filter(|url| url.starts_with("otpauth://totp/"))?;
    #[cfg(feature = "ssr")]
    return super::qr::svg_of(_url);
    #[cfg(not(feature = "ssr"))]
    None
}

fn begin(wanted: bool) -> impl IntoView {
    view! {
        {wanted
            .then(|| {
                view! {
                    <Notice kind=NoticeKind::Caution>{people().factor_wanted}</Notice>
                }
            })}
        <form class="form" method="post" action=PAGE>
            <p>{people().authenticator}</p>
            <Buttons submit=people().set_it_up back=super::PAGE />
        </form>
    }
}

fn confirm(opened: Option<Opened<FactorDraft>>, picture: String) -> impl IntoView {
    opened.map(|opened| {
        let draft = opened.draft.clone();
        let secret = draft.secret();
        view! {
            <DraftForm opened>
                <p>{people().scan}</p>
                <div class="qr" role="img" aria-label=people().qr inner_html=picture></div>
                <p class="about">
                    {people().or_type} <code class="secret">{secret.clone()}</code> <Copy text=secret />
                </p>
                <input type="hidden" name="url" value=draft.url />
                <Text name="code" label=people().code value="" keyboard="numeric" autocomplete="one-time-code" required=true autofocus=true />
                <Buttons submit=people().into_effect back=super::PAGE />
            </DraftForm>
        }
    })
}

fn there(left: i64) -> impl IntoView {
    view! {
        <section class="card">
            <p>{fill(people().in_effect, &[&left.to_string()])}</p>
            <div class="buttons">
                <form method="post" action="/me/second-factor/codes" class="inline">
                    <button type="submit" class="button">
                        {people().new_codes}
                    </button>
                </form>
                <a class="button danger" href="/me/second-factor/remove">
                    {people().remove_more}
                </a>
            </div>
        </section>
    }
}

#[component]
fn RecoveryCodes(codes: Vec<String>) -> impl IntoView {
    let text = codes.join("\n");
    let items = codes.into_iter().map(|code| view! { <li class="digits">{code}</li> }).collect_view();
    view! {
        <Notice kind=NoticeKind::Done>
            <p>
                {people().codes_about}
            </p>
            <ul class="recovery-codes">{items}</ul>
            <Copy text />
        </Notice>
    }
}

/// Asks before the second factor is removed.
#[component]
pub(crate) fn RemoveSecondFactor() -> impl IntoView {
    let opened = Opened::new(submitted::<Confirmation>(), Confirmation::default());
    view! {
        <PageHead title=people().remove_factor_question />
        <DraftForm opened>
            <p>{people().remove_factor_text}</p>
            <Buttons submit=people().remove_it back=PAGE dangerous=true />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use http::StatusCode;
    use leptos::prelude::provide_context;

    use super::{FactorDraft, PAGE, Shown};
    use crate::{
        form::{Confirmation, Draft, Refusal},
        server::{Site, posted::Posted, sent::Done, session::Asker},
        words::people,
    };

    /// Makes a secret, or puts the one made into effect.
    pub(crate) async fn set_up(Posted { site, asker, mut sent, .. }: Posted<FactorDraft>) -> Response {
        if let Err(invalid) = sent.draft.faults() {
            return sent.answer(&site, Err(invalid.into())).await;
        }
        if sent.draft.url.is_empty() {
            return match store::totp::enrol(&site.pool, &site.seal, asker.user).await {
                Ok(made) => {
                    sent.draft.url = made.url;
                    sent.refuse(&site, Refusal::default(), StatusCode::OK).await
                }
                Err(error) => sent.answer(&site, Err(error.into())).await,
            };
        }
        let code = &sent.draft.code;
        let now = chrono::Utc::now();
        match store::totp::confirm(&site.pool, &site.seal, &asker.actor, asker.user, code, now).await {
            Ok(codes) => show(&site, &asker, sent.into_parts(), codes).await,
            Err(error) => sent.answer(&site, Err(error.into())).await,
        }
    }

    /// Makes new recovery codes.
    pub(crate) async fn renew(Posted { site, asker, sent, .. }: Posted<Confirmation>) -> Response {
        match store::totp::renew_recovery_codes(&site.pool, &asker.actor, asker.user).await {
            Ok(codes) => show(&site, &asker, sent.into_parts(), codes).await,
            Err(error) => sent.answer_at(&site, PAGE, Err(error.into())).await,
        }
    }

    /// The page with codes on it, once.
    ///
    /// It stands at the address that its form was sent to: the browser takes the page up where it is.
    async fn show(
        site: &Site,
        asker: &Asker,
        mut parts: http::request::Parts,
        codes: Vec<String>,
    ) -> Response {
        // The duty that led here is done now.
        if let Ok(Some(person)) = asker.person_now(site).await {
            parts.extensions.insert(person);
        }
        crate::server::render(site, parts, move || provide_context(Shown(codes.clone()))).await
    }

    /// Takes it away.
    pub(crate) async fn remove(posted: Posted<Confirmation>) -> Response {
        posted
            .answer(async |Posted { site, asker, .. }| {
                store::totp::remove(&site.pool, &asker.actor, asker.user).await?;
                Ok(Done::to(PAGE, people().factor_removed))
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_read_from_the_address_and_holds_nothing_else() {
        let draft = |url: &str| FactorDraft { url: url.to_owned(), code: String::new() };
        assert_eq!(draft("otpauth://totp/Tandem:ann?secret=ABC234&issuer=Tandem").secret(), "ABC234");
        assert_eq!(draft("otpauth://totp/x?secret=<b>").secret(), "b");
        assert_eq!(picture(Some("javascript:alert(1)")), None);
    }
}
