//! All about one parameter: what it does, which gateways override it, what it ever held.

use domain::{Page, Parameter, ParameterChange, ParameterOwner, ParameterRow, parameter::Level};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{Place, address, changes, row::effect_at_length, told};
use crate::{
    access::{may_open, may_send},
    components::{Badge, Empty, PageHead, Table, Tone, with_unit},
    figures::in_query,
    load::{LoadError, by_key, loaded},
    pages::{key, query},
    words::{fill, system},
};

#[cfg(feature = "ssr")]
const ROWS: u32 = 50;
#[cfg(feature = "ssr")]
const GATEWAYS: u32 = 200;

/// A parameter with what stands around it.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(super) row: ParameterRow,
    pub(super) owners: Page<ParameterOwner>,
    history: Page<ParameterChange>,
}

/// `after` is the change behind which the history begins.
#[server(prefix = "/load", endpoint = "parameter", input = GetUrl)]
pub(crate) async fn load_parameter(name: Parameter, after: Option<i64>) -> Result<Known, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewParameters))?;
    let (pool, scope) = (&site.pool, &asker.scope);
    let rows = store::parameters::list(pool, scope).await?;
    let row = rows.into_iter().find(|row| row.parameter == name).ok_or(LoadError::NotFound)?;
    let owners = store::parameters::owners(pool, scope, name, GATEWAYS).await?;
    let history = store::parameters::history(pool, scope, Some(name), after, ROWS).await?;
    Ok(Known { row, owners, history })
}

/// The page of one parameter.
#[component]
pub(crate) fn ShowParameter() -> impl IntoView {
    let name = key::<Parameter>("name");
    let after = query("after");
    let question = move || Some((name()?, after.get().parse().ok()));
    let known = by_key(question, |(name, after)| load_parameter(name, after));
    loaded(known, show)
}

fn show(known: Known) -> impl IntoView {
    let Known { row, owners, history } = known;
    let parameter = row.parameter;
    let page = address(parameter);
    let edit = format!("{}?search={}", Place::of(parameter).address(), in_query(parameter.name()));
    let change = may_send(Place::of(parameter).address()).then(|| {
        view! {
            <a class="button primary" href=edit>
                {system().change}
            </a>
        }
    });
    let reset = (row.set.is_some() && may_open(&format!("{page}/reset"))).then(|| {
        view! {
            <a class="button" href=format!("{page}/reset")>
                {system().reset_more}
            </a>
        }
    });
    view! {
        <PageHead title=parameter.name() about=parameter.about()>
            {change}
            {reset}
        </PageHead>
        {facts(&row)}
        {gateways(parameter, owners)}
        <h2>{system().history}</h2>
        {changes::list(history, &page, false)}
    }
}

fn facts(row: &ParameterRow) -> impl IntoView + use<> {
    let parameter = row.parameter;
    let (t, entry) = (system(), parameter.entry());
    let levels: Vec<_> = entry.levels.iter().map(|level| format!("{level}s")).collect();
    let levels = if levels.is_empty() { t.nobody.to_owned() } else { levels.join(", ") };
    let aliases: Vec<_> = entry.aliases.iter().map(|alias| alias.name).collect();
    let aliases = (!aliases.is_empty())
        .then(|| view! { <dt>{t.also_called}</dt> <dd class="digits">{aliases.join(", ")}</dd> });
    let value = with_unit(parameter, &row.value());
    let default = with_unit(parameter, &parameter.default_value().to_string());
    let state = match (entry.built, row.set.is_some()) {
        (false, _) => view! { <Badge tone=Tone::Neutral text=t.unbuilt /> }.into_any(),
        (true, true) => view! { <Badge tone=Tone::Caution text=t.changed /> }.into_any(),
        (true, false) => ().into_any(),
    };
    view! {
        <dl class="facts card">
            <dt>{t.value}</dt>
            <dd><b>{value}</b> " " {state}</dd>
            <dt>{t.default}</dt>
            <dd>{default}</dd>
            <dt>{t.may_hold}</dt>
            <dd>{parameter.range()}</dd>
            <dt>{t.a_change_reaches}</dt>
            <dd>{effect_at_length(entry.effect)}</dd>
            <dt>{t.own_values_for}</dt>
            <dd>{levels}</dd>
            {aliases}
        </dl>
    }
}

fn gateways(parameter: Parameter, owners: Page<ParameterOwner>) -> impl IntoView {
    let t = system();
    if parameter.entry().levels.is_empty() {
        return ().into_any();
    }
    let body = if owners.rows.is_empty() {
        view! {
            <Empty title=t.no_owner>
                {t.no_owner_text}
            </Empty>
        }
        .into_any()
    } else {
        let more = owners.more.then(|| {
            view! { <p class="about">{fill(t.first_listed, &[&owners.rows.len().to_string()])}</p> }
        });
        view! {
            <Table
                label=t.owners_title
                columns=vec![(t.gateway, false), (t.kind, false), (t.value, false)]
            >
                {owners.rows.into_iter().map(|owner| gateway(parameter, owner)).collect_view()}
            </Table>
            {more}
        }
        .into_any()
    };
    view! {
        <h2 id="gateways">{t.owners_title}</h2>
        {body}
    }
    .into_any()
}

fn gateway(parameter: Parameter, owner: ParameterOwner) -> impl IntoView {
    let list = match owner.level {
        Level::RoutingGateway => "/operation/routing-gateways",
        _ => "/operation/mapping-gateways",
    };
    // A whole page load: only then does the browser go to the field.
    view! {
        <tr>
            <td>
                <a href=format!("{list}/{}#{parameter}", owner.id) rel="external">
                    {owner.name}
                </a>
            </td>
            <td>{owner.level.to_string()}</td>
            <td>{told(Some(parameter), Some(&owner.value))}</td>
        </tr>
    }
}
