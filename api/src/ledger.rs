//! Money on accounts: payments and the ledger.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{AccountId, Fields, Invalid, LedgerEntryId, LedgerRow, Money};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Cursor, Ids, Limit, Listing, Made, Problem, Question, Sent, book},
    router::Api,
};

/// One movement on an account.
#[derive(Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub(crate) struct EntryView {
    /// Higher is later.
    id: i64,
    at: DateTime<Utc>,
    account: i64,
    /// Our own side of it.
    #[schema(schema_with = book)]
    book: &'static str,
    /// Positive raises the account's balance.
    #[schema(example = "-0.0300")]
    amount: String,
    /// The call that it settles.
    #[schema(format = "uuid")]
    call: Option<String>,
    note: String,
}

fn view(row: &LedgerRow) -> EntryView {
    EntryView {
        id: row.id.0,
        at: row.at,
        account: row.account.0,
        book: row.book.name(),
        amount: row.amount.to_string(),
        call: row.call.map(|call| call.to_string()),
        note: row.note.clone(),
    }
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LedgerQuestion {
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists the movements on an account, newest first.
#[utoipa::path(
    get, path = "/accounts/{account}/ledger", tag = "Accounts", operation_id = "list_ledger",
    params(("account" = i64, Path, description = "The account's id"), LedgerQuestion),
    responses((status = 200, description = "A page of entries", body = Listing<EntryView>)),
    security(("token" = ["ViewAccounts"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Ids(account): Ids<AccountId>,
    Question { asked, place }: Question<LedgerQuestion>,
) -> Result<Listing<EntryView>, Problem> {
    let after = Cursor::key_of::<LedgerEntryId>(asked.cursor.as_ref())?;
    let limit = Limit::or_default(asked.limit);
    let page = store::ledger::entries(&api.pool, &asker.scope(), account, after, limit).await?;
    let next = page.rows.last().filter(|_| page.more).map(|last| Cursor::behind(last.id));
    Ok(place.listing(page.rows.iter().map(view).collect(), next))
}

/// Money from the owner of an account, or to them.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Payment)]
pub(crate) struct PaymentBody {
    /// In the account's currency; positive raises its balance, negative lowers it.
    #[schema(pattern = r"^-?\d{1,9}(\.\d{1,6})?$", example = "250.00")]
    amount: String,
    /// What people will want to know later.
    #[serde(default)]
    #[schema(max_length = 200)]
    note: String,
}

impl PaymentBody {
    fn amount(&self) -> Result<Money, Invalid> {
        let mut fields = Fields::default();
        let amount = fields.parse("amount", &self.amount);
        fields.finish(amount)
    }
}

/// A payment that has been booked.
#[derive(Serialize, ToSchema)]
#[schema(as = Booked)]
pub(crate) struct BookedView {
    /// Its entry of the ledger.
    entry: i64,
    /// The account's balance after it.
    #[schema(example = "250.00")]
    balance: String,
}

/// Books a payment. Send it with an Idempotency-Key, so that one that is sent twice is booked once.
#[utoipa::path(
    post, path = "/accounts/{account}/payments", tag = "Accounts", operation_id = "book_payment",
    params(("account" = i64, Path, description = "The account's id")),
    request_body = PaymentBody,
    responses((status = 201, description = "It has been booked", body = BookedView)),
    security(("token" = ["PayAccounts"])),
)]
pub(crate) async fn pay(
    State(api): State<Api>,
    asker: Asker,
    Ids(account): Ids<AccountId>,
    Sent(sent): Sent<PaymentBody>,
) -> Result<Made<BookedView>, Problem> {
    store::accounts::find(&api.pool, &asker.scope(), account).await?;
    let entry = store::accounts::pay(&api.pool, &asker.actor(), account, sent.amount()?, &sent.note).await?;
    let balance = store::accounts::find(&api.pool, &asker.scope(), account).await?.balance().to_string();
    let thing = BookedView { entry: entry.0, balance };
    Ok(Made { place: format!("/api/v1/accounts/{account}/ledger"), version: None, thing })
}
