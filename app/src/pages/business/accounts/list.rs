use domain::{Account, AccountKind, AccountStatus, Money};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    access::Way,
    components::{Badge, Bulk, Column, Listing, Nothing, Tone, listing},
    figures,
    list::{ListQuestion, Stretch},
    load::LoadError,
    words::{fields, frame, pages, parts},
};

/// An account, and what its calls in progress hold.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(super) account: Account,
    pub(super) held: Money,
    /// What is left for new calls; none when the switch does not know the account yet, or for a vendor: what it may still
    /// cost us is no limit of its calls.
    pub(super) available: Option<Money>,
}

#[server(prefix = "/load", endpoint = "accounts", input = GetUrl)]
pub(crate) async fn load_accounts(question: ListQuestion) -> Result<Stretch<Row>, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewAccounts)?;
    let rows = server::asked(&site, &asker, &question).await?;
    Ok(question.stretch(rows, |row| row.account.id.to_string()))
}

/// The list of accounts.
#[component]
pub(crate) fn Accounts() -> impl IntoView {
    let t = pages();
    let list = Listing {
        page: LIST,
        name: "accounts",
        title: frame().accounts,
        about: t.accounts_about,
        new: t.new_account,
        search: Some(parts().search_by_name),
        none: Some(Nothing { title: t.no_account, text: t.no_account_text, add: t.add_first }),
        unmatched: t.name_not_found,
        columns,
        tick: Some(|row| (row.account.id.to_string(), row.account.settings.name.to_string())),
        bulk: || {
            vec![
                Bulk { action: "unlock", text: pages().unlock, dangerous: false },
                Bulk { action: "lock", text: pages().lock, dangerous: true },
            ]
        },
        export: true,
        actions: |row| {
            view! { <Way to=format!("{LIST}/{}/pay", row.account.id)>{pages().payment}</Way> }.into_any()
        },
    };
    listing(list, load_accounts)
}

fn columns() -> Vec<Column<Row>> {
    let t = fields();
    let money = |money: Money| figures::grouped(&money.to_string());
    vec![
        Column::text("name", t.name, |row: &Row| {
            let account = &row.account;
            view! { <a href=format!("{LIST}/{}", account.id)>{account.settings.name.to_string()}</a> }
        })
        .sorted(),
        Column::text("kind", t.kind, |row: &Row| kind(row.account.settings.kind)).sorted(),
        Column::figure("balance", t.balance, move |row: &Row| {
            let balance = row.account.balance();
            view! { <span class:negative=balance.is_negative()>{money(balance)}</span> }
        })
        .sorted(),
        Column::figure("held", t.held, move |row: &Row| match row.held {
            Money::ZERO => view! { <span class="faint">"0.00"</span> }.into_any(),
            held => money(held).into_any(),
        })
        .sorted(),
        Column::figure("limit", t.credit_limit, move |row: &Row| money(row.account.settings.credit_limit))
            .sorted(),
        Column::figure("available", t.available, move |row: &Row| {
            row.available.map_or_else(|| "–".to_owned(), money)
        })
        .sorted(),
        Column::text("currency", t.currency, |row: &Row| row.account.settings.currency.to_string()).sorted(),
        Column::text("state", t.state, |row: &Row| match row.account.settings.status {
            AccountStatus::Active => view! { <Badge tone=Tone::Good text=fields().active /> },
            AccountStatus::Locked => view! { <Badge tone=Tone::Bad text=fields().locked /> },
        })
        .sorted(),
    ]
}

pub(super) fn kind(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::Customer => fields().customer,
        AccountKind::Vendor => fields().vendor,
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Query, State},
        response::Response,
    };
    use domain::{AccountFilter, AccountKind};
    use store::StoreError;

    use super::Row;
    use crate::{
        components::Options,
        list::ListQuestion,
        server::{Site, csv, session::Asker},
    };

    /// All that the question finds, in its order.
    pub(super) async fn asked(
        site: &Site,
        asker: &Asker,
        question: &ListQuestion,
    ) -> Result<Vec<Row>, StoreError> {
        let filter = AccountFilter { search: question.search.clone(), kind: None };
        let accounts = store::accounts::list(&site.pool, &asker.scope, &filter).await?;
        let mut rows: Vec<Row> = accounts
            .into_iter()
            .map(|account| {
                let held = site.switch.held(account.id);
                let customer = account.settings.kind == AccountKind::Customer;
                Row {
                    held: held.map(|(held, _)| held).unwrap_or_default(),
                    available: held.map(|(_, left)| left).filter(|_| customer),
                    account,
                }
            })
            .collect();
        question.sort(&mut rows, |column, a, b| {
            let (x, y) = (&a.account.settings, &b.account.settings);
            match column {
                "name" => x.name.as_str().to_lowercase().cmp(&y.name.as_str().to_lowercase()),
                "kind" => x.kind.cmp(&y.kind),
                "balance" => a.account.balance().cmp(&b.account.balance()),
                "held" => a.held.cmp(&b.held),
                "limit" => x.credit_limit.cmp(&y.credit_limit),
                "available" => a.available.cmp(&b.available),
                "currency" => x.currency.cmp(&y.currency),
                "state" => x.status.cmp(&y.status),
                _ => std::cmp::Ordering::Equal,
            }
        });
        Ok(rows)
    }

    /// The accounts of a kind that the asker may see, to choose from.
    pub(crate) async fn of_kind(
        site: &Site,
        asker: &Asker,
        kind: AccountKind,
    ) -> Result<Options, StoreError> {
        let filter = AccountFilter { search: String::new(), kind: Some(kind) };
        let accounts = store::accounts::list(&site.pool, &asker.scope, &filter).await?;
        Ok(accounts.into_iter().map(|a| (a.id.to_string(), a.settings.name.to_string())).collect())
    }

    /// The list as a file.
    pub(crate) async fn export(
        State(site): State<Site>,
        asker: Asker,
        Query(question): Query<ListQuestion>,
    ) -> Result<Response, crate::server::Broken> {
        let rows = asked(&site, &asker, &question).await?;
        let heads = ["name", "kind", "balance", "held", "credit_limit", "available", "currency", "state"];
        Ok(csv::list("accounts", heads, rows, |Row { account, held, available }| {
            let balance = account.balance();
            let settings = account.settings;
            [
                settings.name.to_string(),
                settings.kind.name().to_owned(),
                balance.to_string(),
                held.to_string(),
                settings.credit_limit.to_string(),
                csv::if_any(available),
                settings.currency.to_string(),
                settings.status.name().to_owned(),
            ]
        }))
    }
}
