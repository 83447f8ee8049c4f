//! What moved an account's balance.

use domain::{AccountId, Book, Currency, LedgerEntryId, LedgerRow, Page};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Empty, ListMoment, Table, ZoneName},
    figures,
    load::{LoadError, loaded, read},
    pages::query,
    words::{fields, pages, parts},
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
    let rows = read(move || after.get().parse().ok(), move |after| load_ledger(account, after));
    view! {
        <h2>{pages().movements} {ZoneName::mark()}</h2>
        {loaded(rows, move |page| list(page, account, currency))}
    }
}

fn list(page: Page<LedgerRow>, account: AccountId, currency: Currency) -> impl IntoView {
    let Some(last) = page.rows.last().map(|row| row.id) else {
        return view! {
            <Empty title=pages().no_movement>
                <Way to=format!("{LIST}/{account}/pay")>{pages().add_payment}</Way>
            </Empty>
        }
        .into_any();
    };
    let more = page.more.then(|| {
        view! {
            <nav class="pager" aria-label=parts().pages>
                <Way class="button" to=format!("{LIST}/{account}?after={last}")>
                    {parts().older}
                </Way>
            </nav>
        }
    });
    let f = fields();
    view! {
        <Table
            label=pages().movements_of
            columns=vec![(f.at, false), (f.what, false), (f.amount, true), (f.note, false)]
        >
            {page.rows.into_iter().map(|entry| row(entry, currency)).collect_view()}
        </Table>
        {more}
    }
    .into_any()
}

fn row(row: LedgerRow, currency: Currency) -> impl IntoView {
    let what = match row.book {
        Book::Revenue => pages().call_charge,
        Book::Cost => pages().call_cost,
        Book::Cash => pages().payment,
        Book::Opening => pages().opening_balance,
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
