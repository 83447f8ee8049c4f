use chrono::{DateTime, Utc};
use domain::{OutboundState, OutboundView, Registration};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    access::{Way, may_send},
    components::{Badge, Bulk, Column, ListMoment, Listing, Nothing, OnOff, Tone, listing},
    list::{ListQuestion, Stretch},
    load::LoadError,
    words::{fields, frame, pages, phones},
};

/// A registration and where it stands; none of one that is switched off.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RegistrationRow {
    registration: Registration,
    status: Option<OutboundView>,
}

#[server(prefix = "/load", endpoint = "registrations", input = GetUrl)]
pub(crate) async fn load_registrations(
    question: ListQuestion,
) -> Result<Stretch<RegistrationRow>, LoadError> {
    let need = crate::access::Need::Inside(domain::Permission::ViewPhones);
    let (site, asker) = crate::server::session::asking(need)?;
    let rows = server::asked(&site, &asker, &question).await?;
    let rows = server::with_status(&site, rows).await;
    Ok(question.stretch(rows, |row| row.registration.id.to_string()))
}

/// The list of registrations of ours.
#[component]
pub(crate) fn Registrations() -> impl IntoView {
    let t = phones();
    let list = Listing {
        page: LIST,
        name: "registrations",
        title: frame().registrations,
        about: t.registrations_about,
        new: t.new_registration,
        search: Some(t.name_or_server),
        none: Some(Nothing {
            title: t.no_registration,
            text: t.no_registration_text,
            add: pages().add_first,
        }),
        unmatched: pages().name_not_found,
        columns,
        tick: Some(|row| (row.registration.id.to_string(), row.registration.settings.name.to_string())),
        bulk: Bulk::switching,
        export: true,
        actions: |row| {
            let page = format!("{LIST}/{}", row.registration.id);
            view! {
                <RegisterNow page=page.clone() enabled=row.registration.settings.enabled />
                <Way to=format!("{page}/delete")>{frame().delete}</Way>
            }
            .into_any()
        },
    };
    listing(list, load_registrations)
}

fn columns() -> Vec<Column<RegistrationRow>> {
    let (t, words) = (fields(), phones());
    vec![
        Column::text("name", t.name, |row: &RegistrationRow| {
            let registration = &row.registration;
            view! { <a href=format!("{LIST}/{}", registration.id)>{registration.settings.name.to_string()}</a> }
        })
        .sorted(),
        Column::digits("server", words.server, |row: &RegistrationRow| {
            row.registration.settings.server.to_string()
        })
        .sorted(),
        Column::digits("user", words.user, |row: &RegistrationRow| {
            row.registration.settings.user.to_string()
        })
        .sorted(),
        Column::text("state", words.phase, |row: &RegistrationRow| state(row.status.as_ref())),
        Column::text("until", words.until, |row: &RegistrationRow| {
            until(row.status.as_ref()).map(|at| view! { <ListMoment at /> })
        })
        .zoned(),
        Column::text("next", words.next_try, |row: &RegistrationRow| {
            row.status.as_ref().and_then(|status| status.next).map(|at| view! { <ListMoment at /> })
        })
        .zoned(),
        Column::text("failure", words.last_failure, |row: &RegistrationRow| {
            row.status.as_ref().and_then(|status| status.last_failure.clone())
        }),
        Column::digits("proxy", words.proxy, |row: &RegistrationRow| {
            row.registration.settings.proxy.as_ref().map(ToString::to_string)
        })
        .hidden(),
        Column::text("period", words.period, |row: &RegistrationRow| {
            row.registration.settings.period.to_string()
        })
        .hidden(),
        Column::text("transport", t.transport, |row: &RegistrationRow| {
            row.registration.settings.transport.name().to_uppercase()
        })
        .hidden(),
        Column::text("enabled", t.in_use, |row: &RegistrationRow| {
            view! { <OnOff on=row.registration.settings.enabled /> }
        })
        .sorted(),
    ]
}

/// Where a registration stands; nothing for one that the switch does not know.
pub(super) fn state(status: Option<&OutboundView>) -> Option<AnyView> {
    let t = phones();
    let (tone, text) = match &status?.state {
        OutboundState::Idle => (Tone::Neutral, t.idle),
        OutboundState::Asking => (Tone::Caution, t.asking),
        OutboundState::Registered { .. } => (Tone::Good, t.registered),
        OutboundState::Waiting { .. } => (Tone::Bad, t.failing),
        OutboundState::Cancelling => (Tone::Neutral, t.cancelling),
    };
    Some(view! { <Badge tone text /> }.into_any())
}

fn until(status: Option<&OutboundView>) -> Option<DateTime<Utc>> {
    match status?.state {
        OutboundState::Registered { until } => Some(until),
        _ => None,
    }
}

/// The button that sends its request without waiting for its time.
#[component]
pub(super) fn RegisterNow(page: String, enabled: bool) -> impl IntoView {
    let address = format!("{page}/now");
    (enabled && may_send(&address)).then(|| {
        view! {
            <form method="post" action=address class="inline">
                <button type="submit" class="button small">
                    {phones().register_now}
                </button>
            </form>
        }
    })
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use std::collections::BTreeMap;

    use axum::{
        extract::{Query, State},
        response::Response,
    };
    use domain::{Registration, RegistrationId};
    use store::StoreError;

    use super::{LIST, RegistrationRow};
    use crate::{
        form::Confirmation,
        list::ListQuestion,
        server::{Broken, Site, csv, posted::Posted, sent::Done, session::Asker},
        words::phones,
    };

    /// All that the question finds, in its order.
    pub(super) async fn asked(
        site: &Site,
        asker: &Asker,
        question: &ListQuestion,
    ) -> Result<Vec<Registration>, StoreError> {
        let mut rows = store::registrations::list(&site.pool, &asker.scope).await?;
        let wanted = question.search.trim().to_lowercase();
        rows.retain(|row| {
            let settings = &row.settings;
            let texts = [settings.name.as_str(), &settings.server.host, settings.user.as_str()];
            texts.iter().any(|text| text.to_lowercase().contains(&wanted))
        });
        question.sort(&mut rows, |column, a, b| {
            let (x, y) = (&a.settings, &b.settings);
            match column {
                "name" => x.name.as_str().to_lowercase().cmp(&y.name.as_str().to_lowercase()),
                "server" => x.server.host.cmp(&y.server.host),
                "user" => x.user.as_str().cmp(y.user.as_str()),
                "enabled" => y.enabled.cmp(&x.enabled),
                _ => std::cmp::Ordering::Equal,
            }
        });
        Ok(rows)
    }

    /// They, with where each stands at this moment.
    pub(super) async fn with_status(site: &Site, rows: Vec<Registration>) -> Vec<RegistrationRow> {
        let statuses = site.switch.registrations().await;
        // One that is changed is cancelled under its old settings while the new one begins: the later one counts.
        let mut statuses: BTreeMap<_, _> = statuses.into_iter().map(|status| (status.id, status)).collect();
        let row = |registration: Registration| RegistrationRow {
            status: statuses.remove(&registration.id),
            registration,
        };
        rows.into_iter().map(row).collect()
    }

    /// Sends the request of a registration at once.
    pub(crate) async fn register_now(posted: Posted<Confirmation, RegistrationId>) -> Response {
        posted
            .answer_at(LIST, async |Posted { site, id, asker, .. }| {
                store::registrations::find(&site.pool, &asker.scope, *id).await?;
                let t = phones();
                let said = match site.switch.register_now(*id).await {
                    true => t.registering_now,
                    false => t.not_registering,
                };
                Ok(Done::to(LIST, said))
            })
            .await
    }

    /// The list as a file.
    pub(crate) async fn export(
        State(site): State<Site>,
        asker: Asker,
        Query(question): Query<ListQuestion>,
    ) -> Result<Response, Broken> {
        let rows = asked(&site, &asker, &question).await?;
        let heads = ["name", "server", "proxy", "user", "period", "transport", "in_use"];
        Ok(csv::list("registrations", heads, rows, |Registration { settings, .. }| {
            [
                settings.name.to_string(),
                settings.server.to_string(),
                csv::if_any(settings.proxy),
                settings.user.to_string(),
                settings.period.to_string(),
                settings.transport.name().to_owned(),
                csv::yes_or_no(settings.enabled),
            ]
        }))
    }
}
