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
    load::{LoadError, loaded},
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
    let shown = SharedValue::new(use_context::<Shown>).into_inner();
    let tokens = Resource::new(|| (), |()| load_tokens());
    view! {
        <PageHead title="API tokens" about="A program that sends one asks the REST API as you, for what the token may do.">
            <Way class="button primary" to="/me/tokens/new">
                "New token"
            </Way>
        </PageHead>
        {shown.map(new_key)}
        {loaded(tokens, list)}
    }
}

fn new_key(shown: Shown) -> impl IntoView {
    view! {
        <Notice kind=NoticeKind::Done>
            <p>{format!("This is the token “{}”. Copy it now: it is not shown again.", shown.name)}</p>
            <p>
                <code class="secret">{shown.key.clone()}</code>
                " "
                <Copy text=shown.key />
            </p>
        </Notice>
    }
}

fn list(tokens: Vec<ApiTokenRow>) -> impl IntoView {
    if tokens.is_empty() {
        return view! {
            <Empty title="You have no token">
                <Way to="/me/tokens/new">"Make the first one"</Way>
            </Empty>
        }
        .into_any();
    }
    let never = || view! { <span class="faint">"never"</span> }.into_any();
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
                (None, _) => never(),
            };
            let ends = match token.expires_at {
                Some(at) => view! { <ListMoment at /> }.into_any(),
                None => never(),
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
                                "Revoke"
                            </button>
                        </form>
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label="API tokens"
            columns=vec![
                ("Name", false),
                ("Begins", false),
                ("May", false),
                ("Last used", false),
                ("Ends", false),
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
    let fresh = ApiTokenDraft { days: "90".to_owned(), ..Default::default() };
    let opened = Opened::new(submitted(), fresh);
    let draft = opened.draft.clone();
    let offered = who().map_or(Permissions::NONE, |who| who.permissions);
    let ticked = offered.iter().filter(|permission| draft.ticked(*permission)).collect();
    view! {
        <PageHead title="New token" about="It is shown once, when it is made." />
        <DraftForm opened>
            <Text name="name" label="Name" value=draft.name required=true hint="What it is for." />
            <Text
                name="days"
                label="Good for"
                value=draft.days
                unit="days"
                keyboard="numeric"
                figure=true
                hint="1 to 3650; empty for no end."
            />
            <Area
                name="networks"
                label="Networks"
                value=draft.networks
                hint="From where it is taken: addresses and networks, separated by commas or lines. Empty for anywhere."
            />
            <PermissionBoxes offered ticked />
            <Buttons submit="Make it" back=LIST />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{extract::State, response::Response};
    use domain::{ApiTokenDraft, ApiTokenId};
    use leptos::prelude::provide_context;

    use super::{LIST, Shown};
    use crate::{
        form::Refusal,
        pages::me::Ending,
        server::{
            Site,
            sent::{Done, Sent},
            session::Asker,
        },
    };

    /// Makes a token and shows it.
    pub(crate) async fn create(
        State(site): State<Site>,
        asker: Asker,
        sent: Sent<ApiTokenDraft>,
    ) -> Response {
        let made = async {
            let settings = sent.draft.check()?;
            let gone = || Refusal::saying("Your session has ended.");
            let owner =
                store::people::access(&site.pool, asker.user, asker.address).await?.ok_or_else(gone)?;
            let made = store::tokens::create(&site.pool, &owner, &settings).await?;
            Ok(Shown { name: settings.name.to_string(), key: made.key })
        };
        match made.await {
            Ok(shown) => {
                let mut parts = sent.into_parts();
                parts.uri = http::Uri::from_static(LIST);
                crate::server::render(&site, parts, move || provide_context(shown.clone())).await
            }
            Err(refusal) => sent.answer(&site, Err(refusal)).await,
        }
    }

    /// Ends one of the asker's own.
    pub(crate) async fn revoke(State(site): State<Site>, asker: Asker, sent: Sent<Ending>) -> Response {
        let outcome = async {
            let id: ApiTokenId =
                sent.draft.id.parse().map_err(|_| Refusal::saying("There is no such token."))?;
            store::tokens::revoke(&site.pool, &asker.actor, Some(asker.user), id).await?;
            Ok(Done::to(LIST, "The token was revoked."))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }
}
