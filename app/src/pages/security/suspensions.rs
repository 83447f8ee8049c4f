//! Users and addresses whose credentials failed too often, and what became of credentials since the start (REG-5).

use chrono::{DateTime, Utc};
use domain::{OutcomeView, SuspendedParty, SuspensionCause, SuspensionView};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use crate::{
    access::may_send,
    components::{Badge, Empty, ListMoment, PageHead, Table, Tone},
    figures,
    load::{LoadError, loaded, once},
    words::{fields, fill, frame, pages, phones, system},
};

const PAGE: &str = "/security/suspensions";

/// The most that are listed.
#[cfg(feature = "ssr")]
const MOST: usize = 500;

/// What the page shows, at a moment.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Held {
    at: DateTime<Utc>,
    /// How many there are; the latest of them are listed.
    total: usize,
    suspensions: Vec<SuspensionView>,
    outcomes: Vec<OutcomeView>,
}

#[server(prefix = "/load", endpoint = "suspensions", input = GetUrl)]
pub(crate) async fn load_suspensions() -> Result<Held, LoadError> {
    let need = crate::access::Need::Inside(domain::Permission::ViewSecurity);
    let (site, _) = crate::server::session::asking(need)?;
    let mut suspensions = site.switch.suspensions();
    let total = suspensions.len();
    suspensions.truncate(MOST);
    Ok(Held { at: Utc::now(), total, suspensions, outcomes: site.switch.outcomes() })
}

/// The list of suspensions.
#[component]
pub(crate) fn Suspensions() -> impl IntoView {
    let held = once(load_suspensions);
    let t = phones();
    view! {
        <PageHead title=frame().suspensions about=t.suspensions_about>
            <a class="button" href=PAGE rel="external">
                {pages().refresh}
            </a>
        </PageHead>
        {loaded(held, show)}
    }
}

fn show(held: Held) -> impl IntoView {
    let t = phones();
    let outcomes = held
        .outcomes
        .into_iter()
        .map(|outcome| {
            view! {
                <tr>
                    <td>{outcome.outcome}</td>
                    <td class="num">{figures::count(outcome.count)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        {list(held.suspensions, held.total, held.at)}
        <h2>{t.outcomes}</h2>
        <p class="about above">{t.outcomes_about}</p>
        <Table label=t.outcomes columns=vec![(t.outcome, false), (system().messages, true)]>
            {outcomes}
        </Table>
    }
}

fn list(suspensions: Vec<SuspensionView>, total: usize, now: DateTime<Utc>) -> impl IntoView {
    let (t, f) = (phones(), fields());
    if suspensions.is_empty() {
        return view! { <Empty title=t.nobody_suspended>{t.nobody_suspended_text}</Empty> }.into_any();
    }
    let may_release = may_send(PAGE);
    let listed = suspensions.len();
    let more = (listed < total)
        .then(|| view! { <p class="about">{fill(t.latest_listed, &[&figures::count(listed), &figures::count(total)])}</p> });
    let all = may_release.then(|| {
        view! {
            <form method="post" action=PAGE class="below">
                <input type="hidden" name="all" value="on" />
                <button type="submit" class="button danger">
                    {t.release_all}
                </button>
            </form>
        }
    });
    let rows = suspensions.into_iter().map(|suspension| row(suspension, now, may_release)).collect_view();
    view! {
        {more}
        <Table
            label=frame().suspensions
            columns=vec![
                (t.user, false),
                (f.address, false),
                (t.cause, false),
                (t.failures, true),
                (t.since, false),
                (t.remaining, true),
                ("", false),
            ]
        >
            {rows}
        </Table>
        {all}
    }
    .into_any()
}

fn row(suspension: SuspensionView, now: DateTime<Utc>, may_release: bool) -> impl IntoView {
    let t = phones();
    let cause = match suspension.cause {
        SuspensionCause::Registrations => t.failed_registrations,
        SuspensionCause::Passwords => t.wrong_passwords,
        SuspensionCause::Strangers => t.unknown_names,
    };
    let unknown =
        (!suspension.known).then(|| view! { " " <Badge tone=Tone::Neutral text=t.no_such_phone /> });
    let SuspendedParty { user, address } = suspension.party;
    let address_text = address.map(|address| address.to_string());
    let release = may_release.then(|| {
        view! {
            <form method="post" action=PAGE class="inline">
                <input type="hidden" name="user" value=user.clone().unwrap_or_default() />
                <input type="hidden" name="address" value=address_text.clone().unwrap_or_default() />
                <button type="submit" class="button small">
                    {t.release}
                </button>
            </form>
        }
    });
    let user = match user {
        Some(user) => view! { <span class="digits">{user}</span> {unknown} }.into_any(),
        None => view! { <span class="faint">{t.every_user}</span> }.into_any(),
    };
    let address = match address_text {
        Some(address) => address.into_any(),
        None => view! { <span class="faint">{t.everywhere}</span> }.into_any(),
    };
    view! {
        <tr>
            <td>{user}</td>
            <td class="digits">{address}</td>
            <td>{cause}</td>
            <td class="num">{figures::count(suspension.failures)}</td>
            <td>
                <ListMoment at=suspension.since />
            </td>
            <td class="num">{figures::duration((suspension.until - now).num_seconds().max(0))}</td>
            <td class="row-actions">{release}</td>
        </tr>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{Invalid, SuspendedParty};
    use serde::{Deserialize, Serialize};

    use super::PAGE;
    use crate::{
        form::{Draft, Refusal},
        server::{posted::Posted, sent::Done},
        words::{fill, phones},
    };

    /// Whom to release.
    #[derive(Clone, Default, Serialize, Deserialize)]
    #[serde(default)]
    pub(crate) struct Release {
        user: String,
        address: String,
        /// `on` releases all.
        all: String,
    }

    impl Draft for Release {
        fn faults(&self) -> Result<(), Invalid> {
            Ok(())
        }
    }

    /// Ends one suspension before its time, or all of them. It stands in the audit log first.
    pub(crate) async fn release(posted: Posted<Release>) -> Response {
        posted
            .answer_at(PAGE, async |Posted { site, asker, sent, .. }| {
                let wanted = sent.draft.party();
                let mut parties: Vec<SuspendedParty> =
                    site.switch.suspensions().into_iter().map(|suspension| suspension.party).collect();
                parties.sort();
                parties.dedup();
                parties.retain(|party| !sent.draft.all.is_empty() || wanted.as_ref() == Some(party));
                if parties.is_empty() {
                    return Err(Refusal::saying(phones().not_suspended));
                }
                store::suspensions::record_release(&site.pool, &asker.actor, &parties).await?;
                let released = parties.iter().filter(|party| site.switch.release(party)).count();
                Ok(Done::to(PAGE, fill(phones().released, &[&released.to_string()])))
            })
            .await
    }

    impl Release {
        fn party(&self) -> Option<SuspendedParty> {
            let address = match self.address.as_str() {
                "" => None,
                text => Some(text.parse().ok()?),
            };
            Some(SuspendedParty { user: Some(self.user.clone()).filter(|user| !user.is_empty()), address })
        }
    }
}
