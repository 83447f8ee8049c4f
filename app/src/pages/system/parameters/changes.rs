//! What parameters ever held: who changed what, when, from what to what.

use domain::{Page, Parameter, ParameterChange};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::{CHANGES, address, told};
use crate::{
    components::{Empty, Moment, PageHead, Table},
    load::{LoadError, loaded, read},
    pages::query,
    words::{frame, parts, system},
};

#[cfg(feature = "ssr")]
const ROWS: u32 = 100;

#[server(prefix = "/load", endpoint = "parameter-changes", input = GetUrl)]
pub(crate) async fn load_changes(after: Option<i64>) -> Result<Page<ParameterChange>, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewParameters))?;
    Ok(store::parameters::history(&site.pool, &asker.scope, None, after, ROWS).await?)
}

/// The changes of all parameters, newest first.
#[component]
pub(crate) fn ParameterChanges() -> impl IntoView {
    let after = query("after");
    let page = read(move || after.get().parse().ok(), load_changes);
    view! {
        <PageHead title=frame().parameter_changes about=system().changes_about />
        {loaded(page, |page| list(page, CHANGES, true))}
    }
}

/// A stretch of the history; `named` tells which parameter each change was of.
pub(super) fn list(page: Page<ParameterChange>, here: &str, named: bool) -> impl IntoView + use<> {
    let t = system();
    let Some(last) = page.rows.last().map(|change| change.id) else {
        return view! {
            <Empty title=t.no_change>
                {t.no_change_text}
            </Empty>
        }
        .into_any();
    };
    let older = page.more.then(|| {
        view! {
            <nav class="pager" aria-label=parts().pages>
                <a class="button" href=format!("{here}?after={last}")>
                    {parts().older}
                </a>
            </nav>
        }
    });
    let mut columns = vec![(t.when, false), (t.who, false)];
    if named {
        columns.push((t.parameter, false));
    }
    columns.extend([(t.before, false), (t.after, false)]);
    view! {
        <Table label=t.changes columns>
            {page.rows.into_iter().map(|change| row(change, named)).collect_view()}
        </Table>
        {older}
    }
    .into_any()
}

fn row(change: ParameterChange, named: bool) -> impl IntoView {
    let known: Option<Parameter> = change.name.parse().ok();
    let before = told(known, change.old.as_deref());
    let after = told(known, change.new.as_deref());
    let name = named.then(|| match known {
        Some(parameter) => view! { <td><a href=address(parameter)>{change.name}</a></td> }.into_any(),
        None => view! { <td>{change.name}</td> }.into_any(),
    });
    view! {
        <tr>
            <td><Moment at=change.at /></td>
            <td>{change.user_name}</td>
            {name}
            <td class="value">{before}</td>
            <td class="value">{after}</td>
        </tr>
    }
}
