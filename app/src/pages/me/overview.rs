use domain::SessionRow;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::{
    access::Way,
    components::{Badge, ListMoment, PageHead, Table, Tone},
    load::{LoadError, loaded, once},
    words::{fill, people},
};

/// A person to themself.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Myself {
    name: String,
    role: String,
    has_totp: bool,
    recovery_codes: i64,
    sessions: Vec<SessionRow>,
}

#[server(prefix = "/load", endpoint = "me", input = GetUrl)]
pub(crate) async fn load_me() -> Result<Myself, LoadError> {
    let (site, asker) = crate::server::session::asking(crate::access::Need::Own)?;
    let access = store::people::access(&site.pool, asker.user, asker.address).await?;
    let access = access.ok_or(LoadError::LoggedOut)?;
    let recovery_codes = store::totp::recovery_codes_left(&site.pool, asker.user).await?;
    // Only somebody with a second factor has recovery codes, used or not.
    let me = store::people::find(&site.pool, &store::Scope::All, asker.user).await?;
    let sessions = store::sessions::list(&site.pool, asker.user, Some(&asker.session)).await?;
    Ok(Myself {
        name: access.name,
        role: access.role_name,
        has_totp: me.user.has_totp,
        recovery_codes,
        sessions,
    })
}

/// The page of the person who looks.
#[component]
pub(crate) fn Me() -> impl IntoView {
    let me = once(load_me);
    loaded(me, show)
}

fn show(me: Myself) -> impl IntoView {
    let several = me.sessions.len() > 1;
    let factor = if me.has_totp {
        view! {
            <Badge tone=Tone::Good text=people().set_up />
            <span class="about">{fill(people().codes_left, &[&me.recovery_codes.to_string()])}</span>
        }
        .into_any()
    } else {
        view! { <Badge tone=Tone::Caution text=people().not_set_up /> }.into_any()
    };
    view! {
        <PageHead title=me.name.clone() about=fill(people().your_role, &[&me.role])>
            <Way class="button" to="/me/password">
                {people().change_password}
            </Way>
            <Way class="button" to="/me/second-factor">
                {people().second_factor}
            </Way>
            <Way class="button" to="/me/tokens">
                {people().api_tokens}
            </Way>
        </PageHead>
        <section class="card">
            <dl class="facts">
                <dt>{people().name}</dt>
                <dd>{me.name}</dd>
                <dt>{people().role}</dt>
                <dd>{me.role}</dd>
                <dt>{people().second_factor}</dt>
                <dd>{factor}</dd>
            </dl>
        </section>
        <h2>{people().where_logged_in}</h2>
        <SessionTable sessions=me.sessions action="/me/sessions" />
        {several
            .then(|| {
                view! {
                    <form method="post" action="/me/sessions" class="below">
                        <input type="hidden" name="id" value="others" />
                        <button type="submit" class="button danger">
                            {people().log_out_elsewhere}
                        </button>
                    </form>
                }
            })}
    }
}

/// Log-ins of one person, each with a button that ends it.
#[component]
pub(crate) fn SessionTable(sessions: Vec<SessionRow>, #[prop(into)] action: String) -> impl IntoView {
    let rows = sessions
        .into_iter()
        .map(|session| {
            let end = if session.current {
                view! { <Badge tone=Tone::Good text=people().this_one /> }.into_any()
            } else {
                view! {
                    <form method="post" action=action.clone() class="inline">
                        <input type="hidden" name="id" value=session.id.to_string() />
                        <button type="submit" class="button small danger">
                            {people().end}
                        </button>
                    </form>
                }
                .into_any()
            };
            view! {
                <tr>
                    <td class="digits">{session.address.to_string()}</td>
                    <td>
                        <span class="cut" title=session.user_agent.clone()>
                            {session.user_agent.clone()}
                        </span>
                    </td>
                    <td>
                        <ListMoment at=session.created_at />
                    </td>
                    <td>
                        <ListMoment at=session.last_seen_at />
                    </td>
                    <td>
                        <ListMoment at=session.expires_at />
                    </td>
                    <td class="row-actions">{end}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label=people().sessions
            columns=vec![
                (people().from, false),
                (people().browser, false),
                (people().logged_in, false),
                (people().last_used, false),
                (people().ends, false),
                ("", false),
            ]
        >
            {rows}
        </Table>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{Invalid, SessionId};
    use serde::{Deserialize, Serialize};

    use crate::{
        form::{Draft, Refusal},
        server::{posted::Posted, sent::Done},
        words::{fill, people},
    };

    /// Which session to end, or `others`.
    #[derive(Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub(crate) struct Ending {
        pub(crate) id: String,
    }

    impl Draft for Ending {
        fn faults(&self) -> Result<(), Invalid> {
            Ok(())
        }
    }

    /// Ends sessions of the person who asks.
    pub(crate) async fn end_sessions(posted: Posted<Ending>) -> Response {
        posted
            .answer_at(super::super::PAGE, async |Posted { site, asker, sent, .. }| {
                let said = match sent.draft.id.as_str() {
                    "others" => {
                        let keep = Some(&asker.session);
                        let ended =
                            store::sessions::revoke_others(&site.pool, &asker.actor, asker.user, keep)
                                .await?;
                        fill(people().others_ended, &[&ended.to_string()])
                    }
                    id => {
                        let id: SessionId = id.parse().map_err(|_| Refusal::saying(people().no_session))?;
                        store::sessions::revoke(&site.pool, &asker.actor, asker.user, id).await?;
                        people().session_ended.to_owned()
                    }
                };
                Ok(Done::to(super::super::PAGE, said))
            })
            .await
    }
}
