//! Where most calls go.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    components::{ShareBar, Table},
    figures,
    words::{fields, pages},
};

/// Calls that have something in common.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Share {
    pub(super) name: String,
    /// Where its calls are listed; none where they cannot be asked for.
    pub(super) path: Option<String>,
    pub(super) calls: i64,
    pub(super) answered: i64,
    pub(super) seconds: i64,
}

/// The busiest first, with their part of the `whole`.
pub(super) fn busiest(
    label: &'static str,
    head: &'static str,
    shares: Vec<Share>,
    whole: i64,
) -> impl IntoView {
    let f = fields();
    if shares.is_empty() {
        return view! { <p class="about">{pages().no_traffic}</p> }.into_any();
    }
    let rows = shares
        .into_iter()
        .map(|share| {
            let asr = if share.calls > 0 {
                figures::percent(share.answered * 1000 / share.calls)
            } else {
                "–".to_owned()
            };
            let acd = if share.answered > 0 {
                figures::duration(share.seconds / share.answered)
            } else {
                "–".to_owned()
            };
            let name = match share.path {
                Some(path) => view! { <a href=path>{share.name}</a> }.into_any(),
                None if share.name.is_empty() => fields().every_other.into_any(),
                None => share.name.into_any(),
            };
            view! {
                <tr>
                    <td>{name}</td>
                    <td class="num">
                        <ShareBar part=share.calls whole />
                        {figures::count(share.calls)}
                    </td>
                    <td class="num">{asr}</td>
                    <td class="num">{acd}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table label columns=vec![(head, false), (f.calls, true), (f.asr, true), (f.acd, true)]>
            {rows}
        </Table>
    }
    .into_any()
}
