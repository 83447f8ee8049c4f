use domain::{Account, AccountKind, AccountStatus, Money};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    components::{Badge, Empty, PageHead, SearchBox, Table, Tone},
    figures,
    load::{LoadError, loaded},
    pages::query,
};

/// An account, and what its calls in progress hold.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Row {
    account: Account,
    held: Money,
    /// What is left for new calls; none when the switch does not know the account yet.
    available: Option<Money>,
}

#[server(prefix = "/load", endpoint = "accounts", input = GetUrl)]
pub(crate) async fn load_accounts(search: String) -> Result<Vec<Row>, LoadError> {
    let (site, asker) = crate::server::session::asking()?;
    let filter = domain::AccountFilter { search, kind: None };
    let accounts = store::accounts::list(&site.pool, &asker.scope, &filter).await?;
    let rows = accounts.into_iter().map(|account| {
        let held = site.switch.held(account.id);
        Row {
            held: held.map(|(held, _)| held).unwrap_or_default(),
            available: held.map(|(_, left)| left),
            account,
        }
    });
    Ok(rows.collect())
}

/// The list of accounts.
#[component]
pub(crate) fn Accounts() -> impl IntoView {
    let search = query("search");
    let rows = Resource::new(move || search.get(), load_accounts);
    view! {
        <PageHead title="Accounts" about="Customers pay for calls that come in; vendors are paid for calls that go out.">
            <a class="button primary" href=format!("{LIST}/new")>
                "New account"
            </a>
        </PageHead>
        <SearchBox action=LIST label="Search by name" value=search />
        {loaded(rows, move |rows| list(rows, &search.get_untracked()))}
    }
}

fn list(rows: Vec<Row>, search: &str) -> impl IntoView + use<> {
    if rows.is_empty() {
        return if search.is_empty() {
            view! {
                <Empty title="No account yet">
                    "A gateway needs an account behind it: a customer who pays, or a vendor who is paid. "
                    <a href=format!("{LIST}/new")>"Add the first one"</a>
                </Empty>
            }
            .into_any()
        } else {
            view! {
                <Empty title="No account has this in its name">
                    <a href=LIST>"Show all"</a>
                </Empty>
            }
            .into_any()
        };
    }
    view! {
        <Table
            label="Accounts"
            columns=vec![
                ("Name", false),
                ("Kind", false),
                ("Balance", true),
                ("Held", true),
                ("Credit limit", true),
                ("Available", true),
                ("Currency", false),
                ("State", false),
                ("", false),
            ]
        >
            {rows.into_iter().map(row).collect_view()}
        </Table>
    }
    .into_any()
}

fn row(row: Row) -> impl IntoView {
    let Row { account, held, available } = row;
    let balance = account.balance();
    let settings = account.settings;
    let page = format!("{LIST}/{}", account.id);
    let money = |money: Money| figures::grouped(&money.to_string());
    // What a vendor may still cost us is no limit of its calls.
    let customer = settings.kind == AccountKind::Customer;
    let available = available.filter(|_| customer).map_or_else(|| "–".to_owned(), money);
    view! {
        <tr>
            <td>
                <a href=page.clone()>{settings.name.to_string()}</a>
            </td>
            <td>{settings.kind.name()}</td>
            <td class="num" class:negative=balance.is_negative()>
                {money(balance)}
            </td>
            <td class="num">{money(held)}</td>
            <td class="num">{money(settings.credit_limit)}</td>
            <td class="num">{available}</td>
            <td>{settings.currency.to_string()}</td>
            <td>
                {match settings.status {
                    AccountStatus::Active => view! { <Badge tone=Tone::Good text="active" /> },
                    AccountStatus::Locked => view! { <Badge tone=Tone::Bad text="locked" /> },
                }}
            </td>
            <td class="row-actions">
                <a href=format!("{page}/pay")>"Payment"</a>
            </td>
        </tr>
    }
}
