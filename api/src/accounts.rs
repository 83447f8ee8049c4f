//! Accounts.

use axum::extract::State;
use domain::{Account, AccountDraft, AccountFilter, AccountId, AccountKind, RowVersion};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{
        Cursor, Ids, IfMatch, Limit, Listing, Made, Problem, Question, Sent, Versioned, account_kind,
        account_status, by_id, or_empty,
    },
    router::Api,
    versioned::{self, Kind, Read},
};

/// Who is billed, or paid.
#[derive(Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct AccountView {
    id: i64,
    /// How often it has been changed; also its ETag.
    version: i64,
    name: String,
    /// Customers pay for calls that come in, vendors are paid for calls that go out.
    #[schema(schema_with = account_kind)]
    kind: &'static str,
    /// Three letters (ISO 4217).
    #[schema(example = "USD")]
    currency: String,
    /// Decimals to which each charge is rounded.
    precision: u32,
    /// How far below zero the balance may go.
    #[schema(example = "100.00")]
    credit_limit: String,
    /// The price list of its calls.
    rate_table: Option<i64>,
    /// Locked ones may not call.
    #[schema(schema_with = account_status)]
    status: &'static str,
    /// The reseller that brought it.
    agent: Option<i64>,
    /// Payments and corrections.
    #[schema(example = "250.00")]
    paid: String,
    /// Charges of calls; for a vendor, their costs.
    #[schema(example = "12.345600")]
    charged: String,
    /// Paid less charged.
    balance: String,
    /// What calls in progress hold of it; null when it has never called since the switch started.
    held: Option<String>,
    /// What new calls can use: the balance and the credit limit, less what is held.
    available: Option<String>,
}

/// What people set on an account.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccountSettings)]
pub(crate) struct AccountBody {
    /// Unique.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    #[schema(schema_with = account_kind)]
    kind: String,
    /// Three letters (ISO 4217). It stays once amounts have moved.
    #[schema(pattern = "^[A-Za-z]{3}$", example = "USD")]
    currency: String,
    /// Decimals to which each charge is rounded; 4 when left out.
    #[schema(minimum = 0, maximum = 6)]
    precision: Option<u32>,
    /// Zero or more; none when left out.
    #[schema(example = "100.00")]
    credit_limit: Option<String>,
    /// A table of the same currency.
    rate_table: Option<i64>,
    /// Active when left out.
    #[schema(schema_with = account_status)]
    #[serde(default = "active")]
    status: String,
    /// Only for customers.
    agent: Option<i64>,
}

fn active() -> String {
    "active".to_owned()
}

impl From<&AccountBody> for AccountDraft {
    fn from(body: &AccountBody) -> Self {
        Self {
            name: body.name.clone(),
            kind: body.kind.clone(),
            currency: body.currency.clone(),
            precision: body.precision.unwrap_or(4).to_string(),
            credit_limit: body.credit_limit.clone().unwrap_or_else(|| "0".to_owned()),
            rate_table: or_empty(body.rate_table),
            status: body.status.clone(),
            agent: or_empty(body.agent),
        }
    }
}

fn view(api: &Api, account: &Account) -> AccountView {
    let settings = &account.settings;
    let purse = api.switch.held(account.id);
    AccountView {
        id: account.id.0,
        version: account.version.0,
        name: settings.name.to_string(),
        kind: settings.kind.name(),
        currency: settings.currency.to_string(),
        precision: settings.precision.decimals(),
        credit_limit: settings.credit_limit.to_string(),
        rate_table: settings.rate_table.map(|id| id.0),
        status: settings.status.name(),
        agent: settings.agent.map(|id| id.0),
        paid: account.paid.to_string(),
        charged: account.charged.to_string(),
        balance: account.balance().to_string(),
        held: purse.map(|(held, _)| held.to_string()),
        available: purse.map(|(_, available)| available.to_string()),
    }
}

/// How they are made, changed and removed.
pub(crate) enum Accounts {}

impl Kind for Accounts {
    type Id = AccountId;
    type Body = AccountBody;
    type View = AccountView;

    fn place(id: AccountId) -> String {
        format!("/accounts/{id}")
    }

    async fn one(api: &Api, asker: &Asker, id: AccountId) -> Read<Self> {
        let account = store::accounts::find(&api.pool, &asker.scope(), id).await?;
        Ok(Versioned(account.version, view(api, &account)))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        id: AccountId,
        version: RowVersion,
        sent: &AccountBody,
    ) -> Result<(), StoreError> {
        let settings = AccountDraft::from(sent).check()?;
        store::accounts::update(&api.pool, &asker.actor(), id, version, &settings).await
    }

    async fn remove(api: &Api, asker: &Asker, id: AccountId, version: RowVersion) -> Result<(), StoreError> {
        store::accounts::remove(&api.pool, &asker.actor(), id, Some(version)).await
    }
}

/// Which accounts.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountQuestion {
    /// Part of the name, in any case.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    search: String,
    /// Only this side of the business.
    #[param(schema_with = account_kind, required = false)]
    kind: Option<AccountKind>,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists accounts, by id.
#[utoipa::path(
    get, path = "/accounts", tag = "Accounts", operation_id = "list_accounts",
    params(AccountQuestion),
    responses((status = 200, description = "A page of accounts", body = Listing<AccountView>)),
    security(("token" = ["ViewAccounts"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<AccountQuestion>,
) -> Result<Listing<AccountView>, Problem> {
    let filter = AccountFilter { search: asked.search, kind: asked.kind };
    let accounts =
        store::accounts::list(&api.pool, &asker.scope(), &filter).await.map_err(Problem::in_query)?;
    let (accounts, next) = by_id(accounts, |account| account.id.0, asked.cursor.as_ref(), asked.limit)?;
    Ok(place.listing(accounts.iter().map(|account| view(&api, account)).collect(), next))
}

/// Adds an account without money on it.
#[utoipa::path(
    post, path = "/accounts", tag = "Accounts", operation_id = "create_account",
    request_body = AccountBody,
    responses((status = 201, description = "It has been added", body = AccountView)),
    security(("token" = ["EditAccounts"])),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<AccountBody>,
) -> Result<Made<AccountView>, Problem> {
    let settings = AccountDraft::from(&sent).check()?;
    let id = store::accounts::create(&api.pool, &asker.actor(), &settings).await?;
    versioned::made::<Accounts>(&api, &asker, id).await
}

/// Shows an account.
#[utoipa::path(
    get, path = "/accounts/{account}", tag = "Accounts", operation_id = "show_account",
    params(("account" = i64, Path, description = "Its id")),
    responses((status = 200, description = "The account", body = AccountView)),
    security(("token" = ["ViewAccounts"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<AccountId>,
) -> Result<Versioned<AccountView>, Problem> {
    Accounts::one(&api, &asker, id).await
}

/// Changes an account.
#[utoipa::path(
    put, path = "/accounts/{account}", tag = "Accounts", operation_id = "change_account",
    params(("account" = i64, Path, description = "Its id")),
    request_body = AccountBody,
    responses((status = 200, description = "The account as it is now", body = AccountView)),
    security(("token" = ["EditAccounts"])),
)]
pub(crate) async fn change(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<AccountId>,
    matched: IfMatch,
    Sent(sent): Sent<AccountBody>,
) -> Result<Versioned<AccountView>, Problem> {
    versioned::change::<Accounts>(&api, &asker, id, &matched, &sent).await
}

/// Removes an account that nothing refers to.
#[utoipa::path(
    delete, path = "/accounts/{account}", tag = "Accounts", operation_id = "remove_account",
    params(("account" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["EditAccounts"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<AccountId>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Accounts>(&api, &asker, id, &matched).await
}
