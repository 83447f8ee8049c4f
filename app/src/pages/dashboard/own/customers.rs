//! A reseller's customers: balances, and what they did today.

use domain::{AccountStatus, AccountTraffic};
use leptos::prelude::*;

use super::{OwnAccount, SHOWN};
use crate::{
    components::{Badge, Empty, Table, Tone},
    figures,
    pages::business::accounts::LIST,
    words::{fields, fill, home},
};

/// The customers with most calls today first, then by name.
pub(super) fn customers(mut customers: Vec<OwnAccount>, traffic: &[AccountTraffic]) -> impl IntoView + use<> {
    let (t, f) = (home(), fields());
    if customers.is_empty() {
        return view! {
            <h2>{t.customers}</h2>
            <Empty title=t.no_customer>{t.no_customer_text}</Empty>
        }
        .into_any();
    }
    let calls = |own: &OwnAccount| -> i64 {
        traffic.iter().filter(|traffic| traffic.account == own.account.id).map(|t| t.calls).sum()
    };
    customers.sort_by_key(|own| std::cmp::Reverse(calls(own)));
    let whole = customers.len();
    let rows = customers.into_iter().take(SHOWN).map(|own| row(own, traffic)).collect_view();
    let more = (whole > SHOWN).then(|| {
        view! {
            <p class="about">
                <a href=LIST>{fill(t.all_customers, &[&figures::count(whole)])}</a>
            </p>
        }
    });
    view! {
        <h2>{t.customers}</h2>
        <Table
            label=t.customers
            columns=vec![
                (f.name, false),
                (f.balance, true),
                (f.available, true),
                (t.calls_today, true),
                (f.asr, true),
                (t.talked, true),
                (t.charged, true),
                (f.state, false),
            ]
        >
            {rows}
        </Table>
        {more}
    }
    .into_any()
}

fn row(own: OwnAccount, traffic: &[AccountTraffic]) -> impl IntoView + use<> {
    let OwnAccount { account, available, .. } = own;
    let settings = &account.settings;
    let mine: Vec<&AccountTraffic> = traffic.iter().filter(|t| t.account == account.id).collect();
    let sum = |of: fn(&AccountTraffic) -> i64| mine.iter().map(|traffic| of(traffic)).sum::<i64>();
    let (calls, answered, seconds) = (sum(|t| t.calls), sum(|t| t.answered), sum(|t| t.seconds));
    let asr = if calls > 0 { figures::percent(answered * 1000 / calls) } else { "–".to_owned() };
    let charged: Vec<String> = mine.iter().map(|t| figures::about(t.fee, t.currency)).collect();
    let balance = account.balance();
    let shown = |money| figures::amount(money, settings.currency);
    let state = match settings.status {
        AccountStatus::Active => view! { <Badge tone=Tone::Good text=fields().active /> },
        AccountStatus::Locked => view! { <Badge tone=Tone::Bad text=fields().locked /> },
    };
    view! {
        <tr>
            <td>
                <a href=format!("{LIST}/{}", account.id)>{settings.name.to_string()}</a>
            </td>
            <td class="num" class:negative=balance.is_negative()>
                {shown(balance)}
            </td>
            <td class="num">{available.map_or_else(|| "–".to_owned(), shown)}</td>
            <td class="num">
                <a href=format!("/cdrs?account={}", account.id)>{figures::count(calls)}</a>
            </td>
            <td class="num">{asr}</td>
            <td class="num">{figures::duration(seconds)}</td>
            <td class="num">{if charged.is_empty() { "–".to_owned() } else { charged.join(", ") }}</td>
            <td>{state}</td>
        </tr>
    }
}
