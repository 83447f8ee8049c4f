//! What moved an account's balance.

use domain::{AccountId, Book, Currency, LedgerEntryId, LedgerRow, Page};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Empty, ListMoment, Table},
    figures,
    load::{LoadError, loaded},
    pages::query,
};

#[cfg(feature = "ssr")]
const ROWS: u32 = 25;

#[server(prefix = "/load", endpoint = "ledger", input = GetUrl)]
pub(crate) async fn load_ledger(
    account: AccountId,
    after: Option<LedgerEntryId>,
) -> Result<Page<LedgerRow>, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewAccounts)?;
    Ok(store::ledger::entries(&site.pool, &asker.scope, account, after, ROWS).await?)
}

/// The account's entries, newest first.
#[component]
pub(crate) fn Ledger(account: AccountId, currency: Currency) -> impl IntoView {
    let after = query("after");
    let rows = Resource::new(move || after.get().parse().ok(), move |after| load_ledger(account, after));
    view! {
        <h2>"Movements"</h2>
        {loaded(rows, move |page| list(page, account, currency))}
    }
}

fn list(page: Page<LedgerRow>, account: AccountId, currency: Currency) -> impl IntoView {
    let Some(last) = page.rows.last().map(|row| row.id) else {
        return view! {
            <Empty title="Nothing has moved this balance">
                <Way to=format!("{LIST}/{account}/pay")>"Add a payment"</Way>
            </Empty>
        }
        .into_any();
    };
    let more = page.more.then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                <Way class="button" to=format!("{LIST}/{account}?after={last}")>
                    "Older"
                </Way>
            </nav>
        }
    });
    view! {
        <Table
            label="Movements of the balance"
            columns=vec![("At (UTC)", false), ("What", false), ("Amount", true), ("Note", false)]
        >
            {page.rows.into_iter().map(|entry| row(entry, currency)).collect_view()}
        </Table>
        {more}
    }
    .into_any()
}

fn row(row: LedgerRow, currency: Currency) -> impl IntoView {
    let what = match row.book {
        Book::Revenue => "Call charge",
        Book::Cost => "Call cost",
        Book::Cash => "Payment",
        Book::Opening => "Opening balance",
    };
    view! {
        <tr>
            <td><ListMoment at=row.at /></td>
            <td>
                {match row.call {
                    Some(call) => view! { <a href=format!("/cdrs/{call}")>{what}</a> }.into_any(),
                    None => what.into_any(),
                }}
            </td>
            <td class="num" class:negative=row.amount.is_negative()>
                {figures::amount(row.amount, currency)}
            </td>
            <td>{row.note}</td>
        </tr>
    }
}
