use domain::{AgentRow, AgentStatus};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Badge, Column, Listing, Nothing, Tone, listing},
    list::{ListQuestion, Stretch},
    load::LoadError,
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
    let t = people();
    let list = Listing {
        page: LIST,
        name: "agents",
        title: t.agents,
        about: t.agents_about,
        new: t.new_agent,
        search: Some(parts().search_by_name),
        none: Some(Nothing { title: t.no_agent, text: t.no_agent_text, add: pages().add_first }),
        unmatched: pages().name_not_found,
        columns,
        tick: None,
        bulk: Vec::new,
        export: false,
        actions: |row| {
            view! { <Way to=format!("{LIST}/{}/delete", row.agent.id)>{frame().delete}</Way> }.into_any()
        },
    };
    listing(list, load_agents)
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
