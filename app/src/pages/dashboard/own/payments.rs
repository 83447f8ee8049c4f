//! What was paid lately.

use domain::LedgerRow;
use leptos::prelude::*;

use super::OwnAccount;
use crate::{
    components::{ListMoment, Table, ZoneName},
    figures,
    pages::business::accounts::LIST,
    words::{fields, home},
};

/// The last payments of `accounts`, newest first.
pub(super) fn payments(payments: Vec<LedgerRow>, accounts: &[OwnAccount]) -> impl IntoView + use<> {
    let (t, f) = (home(), fields());
    if payments.is_empty() {
        return view! {
            <section class="card">
                <h2>{t.payments}</h2>
                <p class="about">{t.no_payment}</p>
            </section>
        }
        .into_any();
    }
    // Whoever has one account knows whose payments these are.
    let several = accounts.len() > 1;
    let rows = payments
        .into_iter()
        .map(|payment| {
            let account = accounts.iter().map(|own| &own.account).find(|a| a.id == payment.account);
            let amount = match account {
                Some(account) => figures::amount(payment.amount, account.settings.currency),
                None => figures::grouped(&payment.amount.to_string()),
            };
            let name = account.map(|account| {
                let name = account.settings.name.to_string();
                view! { <a href=format!("{LIST}/{}", account.id)>{name}</a> }
            });
            view! {
                <tr>
                    <td>
                        <ListMoment at=payment.at />
                    </td>
                    {several.then(|| view! { <td>{name}</td> })}
                    <td class="num" class:negative=payment.amount.is_negative()>
                        {amount}
                    </td>
                    <td>{payment.note}</td>
                </tr>
            }
        })
        .collect_view();
    let mut columns = vec![(f.at, false), (f.amount, true), (f.note, false)];
    if several {
        columns.insert(1, (f.account, false));
    }
    view! {
        <section class="card">
            <h2>{t.payments} {ZoneName::mark()}</h2>
            <Table label=t.payments columns>
                {rows}
            </Table>
        </section>
    }
    .into_any()
}
