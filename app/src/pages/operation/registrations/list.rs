use domain::Registration;
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Bulk, Column, DataTable, Empty, OnOff, PageHead, SearchBox},
    list::{Address, ListQuestion, Stretch},
    load::{LoadError, loaded},
    words::{fields, frame, pages, parts, phones},
};

#[server(prefix = "/load", endpoint = "registrations", input = GetUrl)]
pub(crate) async fn load_registrations(question: ListQuestion) -> Result<Stretch<Registration>, LoadError> {
    let need = crate::access::Need::Inside(domain::Permission::ViewPhones);
    let (site, asker) = crate::server::session::asking(need)?;
    let rows = server::asked(&site, &asker, &question).await?;
    Ok(question.stretch(rows, |row| row.id.to_string()))
}

/// The list of registrations of ours.
#[component]
pub(crate) fn Registrations() -> impl IntoView {
    let question = ListQuestion::asked();
    let here = Address::here();
    let rows = Resource::new(move || question.get(), load_registrations);
    view! {
        <PageHead title=frame().registrations about=phones().registrations_about>
            <Way class="button primary" to=format!("{LIST}/new")>
                {phones().new_registration}
            </Way>
        </PageHead>
        <SearchBox action=LIST label=phones().name_or_server value=question />
        {loaded(rows, move |rows| list(rows, here()))}
    }
}

fn list(rows: Stretch<Registration>, here: Address) -> impl IntoView {
    let (t, words) = (pages(), phones());
    if rows.total == 0 {
        return if here.get("search").is_empty() {
            view! {
                <Empty title=words.no_registration>
                    {words.no_registration_text} <Way to=format!("{LIST}/new")>{t.add_first}</Way>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title=t.name_not_found>
                    <a href=LIST>{parts().show_all}</a>
                </Empty>
            }
            .into_any()
        };
    }
    let (rows, paging) = rows.apart();
    let bulk = vec![
        Bulk { action: "on", text: t.switch_on, dangerous: false },
        Bulk { action: "off", text: t.switch_off, dangerous: false },
        Bulk { action: "delete", text: parts().delete_more, dangerous: true },
    ];
    view! {
        <DataTable
            name="registrations"
            label=frame().registrations
            columns=columns()
            rows
            here
            paging
            tick=|row: &Registration| (row.id.to_string(), row.settings.name.to_string())
            bulk
            export=true
            actions=|row: &Registration| {
                view! { <Way to=format!("{LIST}/{}/delete", row.id)>{frame().delete}</Way> }.into_any()
            }
        />
    }
    .into_any()
}

fn columns() -> Vec<Column<Registration>> {
    let (t, words) = (fields(), phones());
    vec![
        Column::text("name", t.name, |row: &Registration| {
            view! { <a href=format!("{LIST}/{}", row.id)>{row.settings.name.to_string()}</a> }
        })
        .sorted(),
        Column::digits("server", words.server, |row: &Registration| row.settings.server.to_string()).sorted(),
        Column::digits("user", words.user, |row: &Registration| row.settings.user.to_string()).sorted(),
        Column::digits("proxy", words.proxy, |row: &Registration| {
            row.settings.proxy.as_ref().map(ToString::to_string)
        })
        .hidden(),
        Column::text("period", words.period, |row: &Registration| row.settings.period.to_string()),
        Column::text("transport", t.transport, |row: &Registration| {
            row.settings.transport.name().to_uppercase()
        }),
        Column::text("enabled", t.in_use, |row: &Registration| view! { <OnOff on=row.settings.enabled /> })
            .sorted(),
    ]
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Query, State},
        response::Response,
    };
    use domain::Registration;
    use store::StoreError;

    use crate::{
        list::ListQuestion,
        server::{Broken, Site, csv, session::Asker},
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

    /// The list as a file.
    pub(crate) async fn export(
        State(site): State<Site>,
        asker: Asker,
        Query(question): Query<ListQuestion>,
    ) -> Result<Response, Broken> {
        let rows = asked(&site, &asker, &question).await?;
        Ok(csv::file("registrations", |mut sheet| async move {
            sheet.line(["name", "server", "proxy", "user", "period", "transport", "in_use"]);
            for Registration { settings, .. } in rows {
                let proxy = settings.proxy.map(|proxy| proxy.to_string()).unwrap_or_default();
                sheet.line([
                    settings.name.as_str(),
                    &settings.server.to_string(),
                    &proxy,
                    settings.user.as_str(),
                    &settings.period.to_string(),
                    settings.transport.name(),
                    if settings.enabled { "yes" } else { "no" },
                ]);
            }
            sheet.send().await;
        }))
    }
}
