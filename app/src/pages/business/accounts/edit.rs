use domain::{Account, AccountDraft, AccountId, AccountKind, AccountStatus};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{LIST, ledger::Ledger};
use crate::{
    access::Way,
    components::{Buttons, Choice, DraftForm, Options, PageHead, Text, offered, or_empty},
    figures,
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded, once},
    pages::key,
    words::{fields, fill, pages, parts},
};

/// What the form needs: the account to edit, and the rate tables to choose from.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Editing {
    pub(super) account: Option<Account>,
    rate_tables: Options,
    agents: Options,
}

#[server(prefix = "/load", endpoint = "account", input = GetUrl)]
pub(crate) async fn load_account(id: Option<AccountId>) -> Result<Editing, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewAccounts)?;
    let account = match id {
        Some(id) => Some(store::accounts::find(&site.pool, &asker.scope, id).await?),
        None => None,
    };
    let rate_tables = store::rate_tables::list(&site.pool, &asker.scope).await?;
    let named = |row: domain::RateTableRow| {
        let settings = row.table.settings;
        (row.table.id.to_string(), format!("{} ({})", settings.name, settings.currency))
    };
    let agents = match asker.may(domain::Permission::ViewAgents) {
        true => store::agents::list(&site.pool, &asker.scope, "").await?,
        false => Vec::new(),
    };
    let agents =
        agents.into_iter().map(|row| (row.agent.id.to_string(), row.agent.settings.name.to_string()));
    Ok(Editing {
        account,
        rate_tables: rate_tables.into_iter().map(named).collect(),
        agents: agents.collect(),
    })
}

/// A form for a new account.
#[component]
pub(crate) fn NewAccount() -> impl IntoView {
    let sent = submitted();
    let editing = once(|| load_account(None));
    loaded(editing, move |editing| {
        let fresh = AccountDraft {
            kind: AccountKind::Customer.to_string(),
            currency: "USD".to_owned(),
            precision: "4".to_owned(),
            credit_limit: "0".to_owned(),
            status: AccountStatus::Active.to_string(),
            ..Default::default()
        };
        view! {
            <PageHead title=pages().new_account about=pages().account_about />
            {form(Opened::new(sent.clone(), fresh), editing.rate_tables, editing.agents)}
        }
    })
}

/// The form of one account, with its money below.
#[component]
pub(crate) fn EditAccount() -> impl IntoView {
    let sent = submitted();
    let editing = by_key(key("id"), |id| load_account(Some(id)));
    loaded(editing, move |editing| {
        editing.account.map(|account| {
            let stored = AccountDraft::from(&account.settings);
            let about = fill(
                pages().account_state,
                &[
                    super::list::kind(account.settings.kind),
                    &figures::amount(account.balance(), account.settings.currency),
                ],
            );
            view! {
                <PageHead title=account.settings.name.to_string() about>
                    <Way class="button primary" to=format!("{LIST}/{}/pay", account.id)>
                        {pages().payment_more}
                    </Way>
                    <Way class="button" to=format!("/cdrs?account={}", account.id)>
                        {pages().its_calls}
                    </Way>
                    <Way class="button" to=format!("{LIST}/{}/delete", account.id)>
                        {parts().delete_more}
                    </Way>
                </PageHead>
                {form(Opened::of(sent.clone(), stored, account.version), editing.rate_tables, editing.agents)}
                <Ledger account=account.id currency=account.settings.currency />
            }
        })
    })
}

fn form(opened: Opened<AccountDraft>, rate_tables: Options, agents: Options) -> impl IntoView {
    let t = fields();
    let draft = opened.draft.clone();
    let rate_tables = or_empty(t.none, rate_tables);
    // Who may not see agents leaves the one that is set.
    let agent = if agents.is_empty() {
        view! { <input type="hidden" name="agent" value=draft.agent /> }.into_any()
    } else {
        let agents = or_empty(t.none, agents);
        view! { <Choice name="agent" label=t.agent value=draft.agent options=agents hint=t.agent_hint /> }
            .into_any()
    };
    let kinds = offered(AccountKind::ALL, |kind| match kind {
        AccountKind::Customer => t.customer_long,
        AccountKind::Vendor => t.vendor_long,
    });
    let states = offered(AccountStatus::ALL, |status| match status {
        AccountStatus::Active => t.active_long,
        AccountStatus::Locked => t.locked_long,
    });
    view! {
        <DraftForm opened>
            <Text name="name" required=true label=t.name value=draft.name />
            <Choice name="kind" label=t.kind value=draft.kind options=kinds />
            <Text name="currency" required=true label=t.currency value=draft.currency.clone() short=true hint=t.currency_hint />
            <Choice
                name="rate_table"
                label=t.rate_table
                value=draft.rate_table
                options=rate_tables
                hint=t.rate_table_hint
            />
            <Text
                name="credit_limit"
                unit=draft.currency
                label=t.credit_limit
                value=draft.credit_limit
                keyboard="decimal"
                figure=true
                hint=t.credit_limit_hint
            />
            <Text
                name="precision"
                label=t.precision
                value=draft.precision
                keyboard="numeric"
                figure=true
                hint=t.precision_hint
            />
            {agent}
            <Choice name="status" label=t.state value=draft.status options=states />
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{AccountDraft, AccountId};
    use store::accounts;

    use super::LIST;
    use crate::{
        server::{posted::Posted, sent::Done},
        words::{fill, outcomes},
    };

    pub(crate) async fn create(posted: Posted<AccountDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let settings = sent.draft.check()?;
                accounts::create(&site.pool, &asker.actor, &settings).await?;
                Ok(Done::to(LIST, fill(outcomes().account_made, &[settings.name.as_str()])))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<AccountDraft, AccountId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let settings = sent.draft.check()?;
                accounts::update(&site.pool, &asker.actor, *id, sent.version()?, &settings).await?;
                Ok(Done::to(LIST, fill(outcomes().account_saved, &[settings.name.as_str()])))
            })
            .await
    }
}
