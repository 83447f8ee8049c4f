//! Short lists of calls.

use domain::CdrRow;
use leptos::prelude::*;

use crate::{
    access::inside,
    components::{Empty, EndBadge, ListMoment, Number, Table},
    figures,
    words::{fields, pages},
};

/// The calls that failed lately.
pub(super) fn failed_lately(rows: Vec<CdrRow>) -> impl IntoView {
    let t = pages();
    if rows.is_empty() {
        return view! {
            <Empty title=t.nothing_failed>
                <a href="/cdrs">{t.look_at_all}</a>
            </Empty>
        }
        .into_any();
    }
    calls_table(t.failed_lately, rows).into_any()
}

/// Calls with what concerns whoever looks: the operator's people want the answer of the far end, the others what was paid.
pub(super) fn calls_table(label: &'static str, rows: Vec<CdrRow>) -> impl IntoView {
    let f = fields();
    let rows = rows
        .into_iter()
        .map(|row| {
            let figure = match inside() {
                true => row.sip_code.0.to_string(),
                false => format!("{} {}", figures::fine(row.fee), row.currency),
            };
            view! {
                <tr>
                    <td>
                        <a href=format!("/cdrs/{}", row.id)>
                            <ListMoment at=row.started_at />
                        </a>
                    </td>
                    <td class="digits">
                        <Number number=row.caller />
                    </td>
                    <td class="digits">
                        <Number number=row.callee />
                    </td>
                    <td>{row.account_name}</td>
                    <td class="num">{row.duration.to_string()}</td>
                    <td class="num">{figure}</td>
                    <td>
                        <EndBadge reason=row.end_reason />
                    </td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table
            label
            columns=vec![
                (f.started, false),
                (f.caller, false),
                (f.called, false),
                (f.account, false),
                (f.duration, true),
                (if inside() { f.sip } else { f.fee }, true),
                (f.end_reason, false),
            ]
        >
            {rows}
        </Table>
    }
}
