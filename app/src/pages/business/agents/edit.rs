use domain::{AgentDraft, AgentId, AgentRow, AgentStatus};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    access::Way,
    components::{Buttons, Choice, DraftForm, Options, PageHead, Text, or_empty},
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded, once},
    pages::key,
    words::{fields, fill, parts, people},
};

/// What the form needs: the agent to edit, and the accounts to choose from.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Editing {
    pub(super) agent: Option<AgentRow>,
    accounts: Options,
}

#[server(prefix = "/load", endpoint = "agent", input = GetUrl)]
pub(crate) async fn load_agent(id: Option<AgentId>) -> Result<Editing, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewAgents))?;
    let agent = match id {
        Some(id) => Some(store::agents::find(&site.pool, &asker.scope, id).await?),
        None => None,
    };
    let customers =
        domain::AccountFilter { search: String::new(), kind: Some(domain::AccountKind::Customer) };
    let accounts = store::accounts::list(&site.pool, &asker.scope, &customers).await?;
    // A customer of an agent is nobody's own account.
    let accounts = accounts.into_iter().filter(|account| account.settings.agent.is_none());
    let accounts = accounts.map(|a| (a.id.to_string(), a.settings.name.to_string())).collect();
    Ok(Editing { agent, accounts })
}

/// A form for a new agent.
#[component]
pub(crate) fn NewAgent() -> impl IntoView {
    let sent = submitted();
    let editing = once(|| load_agent(None));
    loaded(editing, move |editing| {
        let fresh = AgentDraft { status: AgentStatus::Active.to_string(), ..Default::default() };
        view! {
            <PageHead title=people().new_agent about=people().new_agent_about />
            {form(Opened::new(sent.clone(), fresh), editing.accounts)}
        }
    })
}

/// The form of one agent.
#[component]
pub(crate) fn EditAgent() -> impl IntoView {
    let sent = submitted();
    let editing = by_key(key("id"), |id| load_agent(Some(id)));
    loaded(editing, move |editing| {
        editing.agent.map(|row| {
            let agent = row.agent;
            let stored = AgentDraft::from(&agent.settings);
            let about = match row.customers {
                1 => people().brought_one.to_owned(),
                n => fill(people().brought, &[&n.to_string()]),
            };
            view! {
                <PageHead title=agent.settings.name.to_string() about>
                    <Way class="button" to=format!("{LIST}/{}/delete", agent.id)>
                        {parts().delete_more}
                    </Way>
                </PageHead>
                {form(Opened::of(sent.clone(), stored, agent.version), editing.accounts)}
            }
        })
    })
}

fn form(opened: Opened<AgentDraft>, accounts: Options) -> impl IntoView {
    let draft = opened.draft.clone();
    let accounts = or_empty(fields().choose, accounts);
    let states = vec![
        (AgentStatus::Active.to_string(), people().active_long.to_owned()),
        (AgentStatus::Locked.to_string(), people().locked_agent.to_owned()),
    ];
    view! {
        <DraftForm opened>
            <Text name="name" label=people().name value=draft.name required=true />
            <Choice
                name="account"
                label=people().own_account
                value=draft.account
                options=accounts
                required=true
                hint=people().own_account_hint
            />
            <Choice name="status" label=people().state value=draft.status options=states />
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{AgentDraft, AgentId};
    use store::agents;

    use super::LIST;
    use crate::{
        server::{posted::Posted, sent::Done},
        words::{fill, people},
    };

    pub(crate) async fn create(posted: Posted<AgentDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let settings = sent.draft.check()?;
                agents::create(&site.pool, &asker.actor, &settings).await?;
                Ok(Done::to(LIST, fill(people().agent_created, &[settings.name.as_str()])))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<AgentDraft, AgentId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let settings = sent.draft.check()?;
                agents::update(&site.pool, &asker.actor, *id, sent.version()?, &settings).await?;
                Ok(Done::to(LIST, fill(people().agent_changed, &[settings.name.as_str()])))
            })
            .await
    }
}
