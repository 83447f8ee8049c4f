use domain::{ApiTokenDraft, ApiTokenRow, Permission, Permissions};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::{
    access::{Way, who},
    components::{
        Area, Buttons, Copy, DraftForm, Empty, ListMoment, Notice, NoticeKind, PageHead, PermissionBoxes,
        Table, Text,
    },
    form::{Opened, submitted},
    load::{LoadError, loaded, once},
    words::{fill, people},
};

const LIST: &str = "/me/tokens";

/// A key that is shown on this page and never again.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Shown {
    name: String,
    key: String,
}

#[server(prefix = "/load", endpoint = "tokens", input = GetUrl)]
pub(crate) async fn load_tokens() -> Result<Vec<ApiTokenRow>, LoadError> {
    let (site, asker) = crate::server::session::asking(Permission::ManageTokens)?;
    Ok(store::tokens::list(&site.pool, &asker.scope, Some(asker.user)).await?)
}

/// The tokens of the person who looks.
#[component]
pub(crate) fn Tokens() -> impl IntoView {
    let tokens = once(load_tokens);
    view! {
        <PageHead title=people().api_tokens about=people().tokens_about>
            <Way class="button primary" to="/me/tokens/new">
                {people().new_token}
            </Way>
        </PageHead>
        {loaded(tokens, list)}
    }
}

fn new_key(shown: Shown) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Done>
            <p>{fill(people().new_key, &[&shown.name])}</p>
            <p>
                <code class="secret">{shown.key.clone()}</code>
                " "
                <Copy text=shown.key />
            </p>
            <p>
                <a href=LIST>{people().api_tokens}</a>
            </p>
        </Notice>
    }
}

fn list(tokens: Vec<ApiTokenRow>) -> impl IntoView {
    if tokens.is_empty() {
        return view! {
            <Empty title=people().no_token>
                <Way to="/me/tokens/new">{people().make_first}</Way>
            </Empty>
        }
        .into_any();
    }
    let never = |text: &'static str| view! { <span class="faint">{text}</span> }.into_any();
    let rows = tokens
        .into_iter()
        .map(|token| {
            let may: Vec<&str> = token.permissions.iter().map(Permission::label).collect();
            let used = match (token.last_used_at, token.last_used_from) {
                (Some(at), from) => {
                    let from = from.map(|from| format!(" {from}")).unwrap_or_default();
                    view! {
                        <ListMoment at />
                        <span class="digits">{from}</span>
                    }
                    .into_any()
                }
                (None, _) => never(people().never),
            };
            let ends = match token.expires_at {
                Some(at) => view! { <ListMoment at /> }.into_any(),
                None => never(people().no_end),
            };
            view! {
                <tr>
                    <td>{token.name.to_string()}</td>
                    <td class="digits">{format!("{}…", token.beginning)}</td>
                    <td>{may.join(", ")}</td>
                    <td>{used}</td>
                    <td>{ends}</td>
                    <td class="row-actions">
                        <form method="post" action=LIST class="inline">
                            <input type="hidden" name="id" value=token.id.to_string() />
                            <button type="submit" class="button small danger">
                                {people().revoke}
                            </button>
                        </form>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label=people().api_tokens
            columns=vec![
                (people().name, false),
                (people().begins, false),
                (people().may, false),
                (people().last_used, false),
                (people().ends, false),
                ("", false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

/// A form for a new token. Only what one may do oneself can be ticked.
#[component]
pub(crate) fn NewToken() -> impl IntoView {
    // The answer to this form stands at its own address: the browser takes the page up where it is.
    if let Some(shown) = SharedValue::new(use_context::<Shown>).into_inner() {
        return view! {
            <PageHead title=people().new_token />
            {new_key(shown)}
        }
        .into_any();
    }
    let fresh = ApiTokenDraft { days: "90".to_owned(), ..Default::default() };
    let opened = Opened::new(submitted(), fresh);
    let draft = opened.draft.clone();
    let offered = who().map_or(Permissions::NONE, |who| who.permissions);
    let ticked = offered.iter().filter(|permission| draft.ticked(*permission)).collect();
    view! {
        <PageHead title=people().new_token about=people().new_token_about />
        <DraftForm opened>
            <Text name="name" label=people().name value=draft.name required=true hint=people().token_name_hint />
            <Text
                name="days"
                label=people().good_for
                value=draft.days
                unit=people().days
                keyboard="numeric"
                figure=true
                hint=people().good_for_hint
            />
            <Area
                name="networks"
                label=people().networks
                value=draft.networks
                hint=people().token_networks_hint
            />
            <PermissionBoxes offered ticked />
            <Buttons submit=people().make_it back=LIST />
        </DraftForm>
    }
    .into_any()
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{ApiTokenDraft, ApiTokenId};
    use leptos::prelude::provide_context;

    use super::{LIST, Shown};
    use crate::{
        form::Refusal,
        pages::me::Ending,
        server::{posted::Posted, sent::Done},
        words::{parts, people},
    };

    /// Makes a token and shows it.
    pub(crate) async fn create(Posted { site, asker, sent, .. }: Posted<ApiTokenDraft>) -> Response {
        let made = async {
            let settings = sent.draft.check()?;
            let gone = || Refusal::saying(parts().session_ended);
            let owner =
                store::people::access(&site.pool, asker.user, asker.address).await?.ok_or_else(gone)?;
            let made = store::tokens::create(&site.pool, &owner, &settings).await?;
            Ok(Shown { name: settings.name.to_string(), key: made.key })
        };
        match made.await {
            Ok(shown) => {
                crate::server::render(&site, sent.into_parts(), move || provide_context(shown.clone())).await
            }
            Err(refusal) => sent.answer(&site, Err(refusal)).await,
        }
    }

    /// Ends one of the asker's own.
    pub(crate) async fn revoke(posted: Posted<Ending>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let id: ApiTokenId =
                    sent.draft.id.parse().map_err(|_| Refusal::saying(people().no_such_token))?;
                store::tokens::revoke(&site.pool, &asker.actor, Some(asker.user), id).await?;
                Ok(Done::to(LIST, people().token_revoked))
            })
            .await
    }
}
