use domain::{AgentRow, AgentStatus};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Badge, Column, DataTable, Empty, PageHead, SearchBox, Tone},
    list::{Address, ListQuestion, Stretch},
    load::{LoadError, loaded},
    words::{frame, pages, parts, people},
};

#[server(prefix = "/load", endpoint = "agents", input = GetUrl)]
pub(crate) async fn load_agents(question: ListQuestion) -> Result<Stretch<AgentRow>, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewAgents)?;
    let mut rows = store::agents::list(&site.pool, &asker.scope, &question.search).await?;
    question.sort(&mut rows, |column, a, b| match column {
        "name" => a.agent.settings.name.cmp(&b.agent.settings.name),
        "customers" => a.customers.cmp(&b.customers),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(question.stretch(rows, |row| row.agent.id.to_string()))
}

/// The list of agents.
#[component]
pub(crate) fn Agents() -> impl IntoView {
    let question = ListQuestion::asked();
    let here = Address::here();
    let rows = Resource::new(move || question.get(), load_agents);
    view! {
        <PageHead title=people().agents about=people().agents_about>
            <Way class="button primary" to=format!("{LIST}/new")>
                {people().new_agent}
            </Way>
        </PageHead>
        <SearchBox action=LIST label=parts().search_by_name value=question />
        {loaded(rows, move |rows| list(rows, here()))}
    }
}

fn list(rows: Stretch<AgentRow>, here: Address) -> impl IntoView {
    if rows.total == 0 {
        return view! {
            <Empty title=people().no_agent>
                {people().no_agent_text}
                <Way to=format!("{LIST}/new")>{pages().add_first}</Way>
            </Empty>
        }
        .into_any();
    }
    let (rows, paging) = rows.apart();
    view! {
        <DataTable
            name="agents"
            label=people().agents
            columns=columns()
            rows
            here
            paging
            actions=|row: &AgentRow| {
                view! { <Way to=format!("{LIST}/{}/delete", row.agent.id)>{frame().delete}</Way> }.into_any()
            }
        />
    }
    .into_any()
}

fn columns() -> Vec<Column<AgentRow>> {
    vec![
        Column::text("name", people().name, |row: &AgentRow| {
            let name = row.agent.settings.name.to_string();
            view! {
                <Way to=format!("{LIST}/{}", row.agent.id) text_stays=true>
                    {name}
                </Way>
            }
        })
        .sorted(),
        Column::text("account", people().own_account, |row: &AgentRow| {
            let name = row.account_name.clone();
            view! {
                <Way to=format!("/business/accounts/{}", row.agent.settings.account) text_stays=true>
                    {name}
                </Way>
            }
        }),
        Column::figure("customers", people().customers, |row: &AgentRow| row.customers.to_string()).sorted(),
        Column::text("state", people().state, |row: &AgentRow| match row.agent.settings.status {
            AgentStatus::Active => view! { <Badge tone=Tone::Good text=people().active /> },
            AgentStatus::Locked => view! { <Badge tone=Tone::Bad text=people().locked /> },
        }),
    ]
}
