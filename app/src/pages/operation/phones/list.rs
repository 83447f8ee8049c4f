//! The list of phones by number, a page by key, with where each stands.

use domain::{FieldError, Page, PhoneContact, PhoneListing, PhoneState};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{LIST, question::PhoneQuestion};
use crate::{
    access::Way,
    components::{
        Badge, Bulk, Column, DataTable, Empty, FilterBar, FilterChoice, FilterText, ListMoment, Number,
        Options, PageHead, Paging, Tone, offered,
    },
    list::Address,
    load::{LoadError, loaded, read},
    words::{fields, frame, pages, parts, phones},
};

#[cfg(feature = "ssr")]
const ROWS: u32 = 100;

/// A page of phones with what stands around it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Found {
    question: PhoneQuestion,
    faults: Vec<FieldError>,
    page: Page<PhoneListing>,
    accounts: Options,
}

#[server(prefix = "/load", endpoint = "phones", input = GetUrl)]
pub(crate) async fn load_phones(question: PhoneQuestion) -> Result<Found, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewPhones)?;
    let mut faults = Vec::new();
    let mut page = Page { rows: Vec::new(), more: false };
    match question.filter(ROWS) {
        Ok(filter) => match store::phones::list(&site.pool, &asker.scope, &filter).await {
            Ok(found) => page = found,
            Err(store::StoreError::Invalid(invalid)) => faults = invalid.0,
            Err(error) => return Err(error.into()),
        },
        Err(invalid) => faults = invalid.0,
    }
    let customer = domain::AccountKind::Customer;
    let accounts = crate::pages::business::accounts::of_kind(&site, &asker, customer).await?;
    Ok(Found { question, faults, page, accounts })
}

/// The list of phones.
#[component]
pub(crate) fn Phones() -> impl IntoView {
    let question = PhoneQuestion::asked();
    let here = Address::here();
    let found = read(move || question.get(), load_phones);
    let t = phones();
    view! {
        <PageHead title=frame().phones about=t.about>
            <Way class="button primary" to=format!("{LIST}/new")>
                {t.new}
            </Way>
        </PageHead>
        {loaded(found, move |found| show(found, here()))}
    }
}

fn show(found: Found, here: Address) -> impl IntoView {
    let Found { question, faults, page, accounts } = found;
    let (t, words) = (fields(), phones());
    let wrong = faults
        .into_iter()
        .find(|fault| fault.field == "search")
        .map(|fault| crate::words::told(&fault.message));
    let states = offered(PhoneState::ALL, told);
    let several_accounts = accounts.len() > 1;
    let PhoneQuestion { search, account, state, .. } = question.clone();
    let list = list(page, &question, here);
    view! {
        <FilterBar action=LIST>
            <FilterText
                name="search"
                label=words.number_or_name
                value=search
                wrong
            />
            {several_accounts
                .then(|| {
                    view! {
                        <FilterChoice
                            name="account"
                            label=t.account
                            value=account
                            options=accounts
                        />
                    }
                })}
            <FilterChoice name="state" label=t.state value=state options=states />
        </FilterBar>
        {list}
    }
}

fn list(page: Page<PhoneListing>, question: &PhoneQuestion, here: Address) -> impl IntoView + use<> {
    let (t, words) = (pages(), phones());
    let Some(last) = page.rows.last().map(|listing| listing.row.phone.settings.number.to_string()) else {
        return if question.is_empty() {
            view! {
                <Empty title=words.none>
                    {words.none_text} <Way to=format!("{LIST}/new")>{t.add_first}</Way>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title=words.none_matches>
                    <a href=LIST>{parts().show_all}</a>
                </Empty>
            }
            .into_any()
        };
    };
    let paging = Paging::Keyed { first: question.after.is_empty(), next: page.more.then_some(last) };
    view! {
        <DataTable
            name="phones"
            label=frame().phones
            columns=columns()
            rows=page.rows
            here
            paging
            tick=Some(|listing| (listing.row.phone.id.to_string(), listing.row.phone.settings.number.to_string()))
            bulk=Bulk::switching()
            export=true
            actions=|listing: &PhoneListing| {
                view! { <Way to=format!("{LIST}/{}/delete", listing.row.phone.id)>{frame().delete}</Way> }.into_any()
            }
        />
    }
    .into_any()
}

fn columns() -> Vec<Column<PhoneListing>> {
    let (t, words) = (fields(), phones());
    vec![
        Column::digits("number", words.number, |listing: &PhoneListing| {
            let phone = &listing.row.phone;
            let number = phone.settings.number.to_string();
            view! {
                <a href=format!("{LIST}/{}", phone.id)>
                    <Number number />
                </a>
            }
        }),
        Column::text("name", words.display_name, |listing: &PhoneListing| {
            listing.row.phone.settings.display_name.as_ref().map(ToString::to_string)
        }),
        Column::text("account", t.account, |listing: &PhoneListing| {
            let account = format!("/business/accounts/{}", listing.row.phone.settings.account);
            let name = listing.row.account_name.clone();
            view! { <Way to=account text_stays=true>{name}</Way> }
        }),
        Column::text("state", t.state, |listing: &PhoneListing| state(listing.state())),
        Column::digits("address", t.address, address),
        Column::text("agent", words.user_agent, |listing: &PhoneListing| {
            latest(listing).and_then(|contact| contact.user_agent.clone())
        }),
        Column::text("refreshed", words.refreshed, |listing: &PhoneListing| {
            latest(listing).map(|contact| view! { <ListMoment at=contact.refreshed /> })
        })
        .zoned(),
        Column::text("expires", words.expires, |listing: &PhoneListing| {
            latest(listing).map(|contact| view! { <ListMoment at=contact.expires /> })
        })
        .zoned()
        .hidden(),
        Column::text("transport", t.transport, |listing: &PhoneListing| {
            latest(listing).map(|contact| contact.transport.clone())
        })
        .hidden(),
        Column::figure("devices", words.devices, |listing: &PhoneListing| {
            format!("{} / {}", listing.contacts.len(), listing.row.phone.settings.max_contacts)
        })
        .hidden(),
    ]
}

fn latest(listing: &PhoneListing) -> Option<&PhoneContact> {
    listing.contacts.first()
}

/// Where it is: of one with several devices, the one heard of last and how many more there are.
fn address(listing: &PhoneListing) -> Option<String> {
    if let domain::PhoneMode::Static(address) = listing.row.phone.settings.mode {
        return Some(address.to_string());
    }
    let first = latest(listing)?.remote.to_string();
    Some(match listing.contacts.len() {
        1 => first,
        n => crate::words::fill(fields().and_more, &[&first, &(n - 1).to_string()]),
    })
}

/// A phone's state in words.
pub(super) fn told(state: PhoneState) -> &'static str {
    let t = phones();
    match state {
        PhoneState::Online => t.online,
        PhoneState::Offline => t.offline,
        PhoneState::Fixed => t.fixed,
        PhoneState::Disabled => parts().off,
    }
}

/// A phone's state as a badge.
pub(crate) fn state(state: PhoneState) -> impl IntoView {
    let tone = match state {
        PhoneState::Online => Tone::Good,
        PhoneState::Offline => Tone::Caution,
        PhoneState::Fixed | PhoneState::Disabled => Tone::Neutral,
    };
    view! { <Badge tone text=told(state) /> }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Query, State},
        response::Response,
    };
    use domain::PhoneListing;
    use store::StoreError;

    use super::{PhoneQuestion, address};
    use crate::server::{Broken, Site, csv, session::Asker};

    /// The list as a file, all that the question finds.
    pub(crate) async fn export(
        State(site): State<Site>,
        asker: Asker,
        Query(question): Query<PhoneQuestion>,
    ) -> Result<Response, Broken> {
        let mut filter = question.filter(1000).map_err(StoreError::from)?;
        let mut page = store::phones::list(&site.pool, &asker.scope, &filter).await?;
        Ok(csv::file("phones", |mut sheet| async move {
            sheet.line([
                "number",
                "name",
                "account",
                "state",
                "address",
                "transport",
                "user_agent",
                "registered_utc",
                "expires_utc",
                "devices",
                "line_limit",
            ]);
            loop {
                let last = page.rows.last().map(|listing| listing.row.phone.settings.number.to_string());
                filter.after = last;
                for listing in &page.rows {
                    sheet.line(line(listing));
                }
                if !sheet.send().await || !page.more {
                    return;
                }
                match store::phones::list(&site.pool, &asker.scope, &filter).await {
                    Ok(next) => page = next,
                    Err(error) => return tracing::error!(%error, "a file of phones ends before its end"),
                }
            }
        }))
    }

    fn line(listing: &PhoneListing) -> [String; 11] {
        let settings = &listing.row.phone.settings;
        let latest = listing.contacts.first();
        let moment = |at: Option<chrono::DateTime<chrono::Utc>>| {
            at.map(|at| at.format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
        };
        [
            settings.number.to_string(),
            settings.display_name.as_ref().map(ToString::to_string).unwrap_or_default(),
            listing.row.account_name.clone(),
            listing.state().to_string(),
            address(listing).unwrap_or_default(),
            latest.map(|contact| contact.transport.clone()).unwrap_or_default(),
            latest.and_then(|contact| contact.user_agent.clone()).unwrap_or_default(),
            moment(latest.map(|contact| contact.refreshed)),
            moment(latest.map(|contact| contact.expires)),
            listing.contacts.len().to_string(),
            settings.max_calls.map(|n| n.to_string()).unwrap_or_default(),
        ]
    }
}
