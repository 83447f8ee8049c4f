//! Names and addresses whose log-ins fail, and those that are locked out.

use domain::{Lockout, LockoutSubject};
use leptos::{prelude::*, server_fn::codec::GetUrl};

#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    access::may_send,
    components::{Badge, Empty, ListMoment, PageHead, Table, Tone},
    load::{LoadError, loaded, once},
    words::people,
};

const PAGE: &str = "/system/lockouts";

#[server(prefix = "/load", endpoint = "lockouts", input = GetUrl)]
pub(crate) async fn load_lockouts() -> Result<Vec<Lockout>, LoadError> {
    let (site, _) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewSecurity))?;
    Ok(store::login_guard::list(&site.pool).await?)
}

/// The list of lock-outs.
#[component]
pub(crate) fn Lockouts() -> impl IntoView {
    let lockouts = once(load_lockouts);
    view! {
        <PageHead
            title=people().lockouts
            about=people().lockouts_about
        />
        {loaded(lockouts, list)}
    }
}

fn list(lockouts: Vec<Lockout>) -> impl IntoView {
    if lockouts.is_empty() {
        return view! { <Empty title=people().none_failed>{people().nobody_locked}</Empty> }.into_any();
    }
    let may_release = may_send(PAGE);
    let rows = lockouts
        .into_iter()
        .map(|lockout| {
            let (kind, subject) = match lockout.subject {
                LockoutSubject::Name(name) => (people().name, name),
                LockoutSubject::Address(address) => (people().address, address.to_string()),
            };
            let state = match lockout.locked_until {
                Some(at) => view! {
                    <Badge tone=Tone::Bad text=people().locked />
                    {people().until}
                    <ListMoment at />
                }
                .into_any(),
                None => view! { <Badge tone=Tone::Neutral text=people().may_try /> }.into_any(),
            };
            let release = may_release.then(|| {
                view! {
                    <form method="post" action=PAGE class="inline">
                        <input type="hidden" name="id" value=lockout.id.to_string() />
                        <button type="submit" class="button small">
                            {people().release}
                        </button>
                    </form>
                }
            });
            view! {
                <tr>
                    <td>{kind}</td>
                    <td class="digits">{subject}</td>
                    <td class="num">{lockout.failures}</td>
                    <td>
                        <ListMoment at=lockout.last_failure />
                    </td>
                    <td>{state}</td>
                    <td class="row-actions">{release}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label=people().lockouts
            columns=vec![
                (people().kind, false),
                (people().whose, false),
                (people().failures, true),
                (people().latest, false),
                (people().state, false),
                ("", false),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

/// Lets a name or an address try again at once.
#[cfg(feature = "ssr")]
pub(crate) async fn release(posted: Posted<crate::pages::me::Ending>) -> axum::response::Response {
    posted
        .answer(async |Posted { site, asker, sent, .. }| {
            let id: domain::LockoutId =
                sent.draft.id.parse().map_err(|_| crate::form::Refusal::saying(people().no_lockout))?;
            store::login_guard::release(&site.pool, &asker.actor, id).await?;
            Ok(Done::to(PAGE, people().released))
        })
        .await
}
