//! Rates: the prices of a table.

use axum::extract::State;
use domain::{Prefix, RateDraft, RateFilter, RateId, RateRow, RateTableId, RowVersion};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Cursor, Ids, IfMatch, Limit, Listing, Made, Problem, Question, Sent, Versioned, or_empty},
    router::Api,
    versioned::{self, Kind, Read},
};

/// One price.
#[derive(Serialize, ToSchema)]
#[schema(as = Rate)]
pub(crate) struct RateView {
    id: i64,
    /// How often it has been changed; also its ETag.
    version: i64,
    /// The table it stands in.
    rate_table: i64,
    /// Beginning of the numbers it prices.
    #[schema(example = "44")]
    prefix: String,
    /// What people call these numbers.
    destination: String,
    /// Price per minute.
    #[schema(example = "0.0235")]
    rate: String,
    /// Charged once when the call is answered.
    #[schema(example = "0.00")]
    connect_fee: String,
    /// Increment in seconds; null takes the table's.
    billing_unit: Option<u32>,
}

/// What people set on a price.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RateSettings)]
pub(crate) struct RateBody {
    /// Digits; empty prices every number that no other row does. Unique in its table.
    #[schema(max_length = 24, pattern = "^[0-9*#]*$", example = "44")]
    prefix: String,
    /// What people call these numbers.
    #[serde(default)]
    #[schema(max_length = 64)]
    destination: String,
    /// Price per minute, with at most 9 decimals.
    #[schema(pattern = r"^\d{1,6}(\.\d{1,9})?$", example = "0.0235")]
    rate: String,
    /// Charged once when the call is answered; none when left out.
    #[schema(pattern = r"^\d{1,6}(\.\d{1,6})?$", example = "0.00")]
    connect_fee: Option<String>,
    /// Increment in seconds; the table's when left out.
    #[schema(minimum = 1, maximum = 3600)]
    billing_unit: Option<u32>,
}

impl From<&RateBody> for RateDraft {
    fn from(body: &RateBody) -> Self {
        Self {
            prefix: body.prefix.clone(),
            destination: body.destination.clone(),
            rate: body.rate.clone(),
            connect_fee: body.connect_fee.clone().unwrap_or_default(),
            billing_unit: or_empty(body.billing_unit),
        }
    }
}

fn view(row: &RateRow) -> RateView {
    let settings = &row.settings;
    RateView {
        id: row.id.0,
        version: row.version.0,
        rate_table: row.table.0,
        prefix: settings.prefix.to_string(),
        destination: settings.destination.clone(),
        rate: settings.rate.to_string(),
        connect_fee: settings.connect_fee.to_string(),
        billing_unit: settings.billing_unit.map(|unit| unit.seconds()),
    }
}

/// How they are made, changed and removed.
pub(crate) enum Rates {}

impl Kind for Rates {
    type Id = (RateTableId, RateId);
    type Body = RateBody;
    type View = RateView;

    fn place((table, id): (RateTableId, RateId)) -> String {
        format!("/rate-tables/{table}/rates/{id}")
    }

    /// A rate of that table and no other.
    async fn one(api: &Api, asker: &Asker, (table, id): (RateTableId, RateId)) -> Read<Self> {
        let row = store::rate_tables::find_rate(&api.pool, &asker.scope(), id).await?;
        if row.table != table {
            return Err(Problem::not_found());
        }
        Ok(Versioned(row.version, view(&row)))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        (_, id): (RateTableId, RateId),
        version: RowVersion,
        sent: &RateBody,
    ) -> Result<(), StoreError> {
        let settings = RateDraft::from(sent).check()?;
        store::rate_tables::update_rate(&api.pool, &asker.actor(), id, version, &settings).await
    }

    async fn remove(
        api: &Api,
        asker: &Asker,
        (_, id): (RateTableId, RateId),
        version: RowVersion,
    ) -> Result<(), StoreError> {
        store::rate_tables::remove_rate(&api.pool, &asker.actor(), id, Some(version)).await
    }
}

/// Which rates.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RateQuestion {
    /// Beginning of the prefix, or part of the destination.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    search: String,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists the rates of a table, by prefix.
#[utoipa::path(
    get, path = "/rate-tables/{table}/rates", tag = "Rates", operation_id = "list_rates",
    params(("table" = i64, Path, description = "The table's id"), RateQuestion),
    responses((status = 200, description = "A page of rates", body = Listing<RateView>)),
    security(("token" = ["ViewRates"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Ids(table): Ids<RateTableId>,
    Question { asked, place }: Question<RateQuestion>,
) -> Result<Listing<RateView>, Problem> {
    let filter = RateFilter {
        search: asked.search,
        after: Cursor::key_of::<Prefix>(asked.cursor.as_ref())?,
        limit: Limit::or_default(asked.limit),
    };
    let page = store::rate_tables::rates(&api.pool, &asker.scope(), table, &filter)
        .await
        .map_err(Problem::in_query)?;
    let next = page.rows.last().filter(|_| page.more).map(|last| Cursor::behind(&last.settings.prefix));
    Ok(place.listing(page.rows.iter().map(view).collect(), next))
}

/// Adds a rate to a table.
#[utoipa::path(
    post, path = "/rate-tables/{table}/rates", tag = "Rates", operation_id = "create_rate",
    params(("table" = i64, Path, description = "The table's id")),
    request_body = RateBody,
    responses((status = 201, description = "It has been added", body = RateView)),
    security(("token" = ["EditRates"])),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    asker: Asker,
    Ids(table): Ids<RateTableId>,
    Sent(sent): Sent<RateBody>,
) -> Result<Made<RateView>, Problem> {
    store::rate_tables::find(&api.pool, &asker.scope(), table).await?;
    let settings = RateDraft::from(&sent).check()?;
    let id = store::rate_tables::create_rate(&api.pool, &asker.actor(), table, &settings).await?;
    versioned::made::<Rates>(&api, &asker, (table, id)).await
}

/// Shows a rate.
#[utoipa::path(
    get, path = "/rate-tables/{table}/rates/{rate}", tag = "Rates", operation_id = "show_rate",
    params(
        ("table" = i64, Path, description = "The table's id"),
        ("rate" = i64, Path, description = "The rate's id"),
    ),
    responses((status = 200, description = "The rate", body = RateView)),
    security(("token" = ["ViewRates"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(ids): Ids<(RateTableId, RateId)>,
) -> Result<Versioned<RateView>, Problem> {
    Rates::one(&api, &asker, ids).await
}

/// Changes a rate.
#[utoipa::path(
    put, path = "/rate-tables/{table}/rates/{rate}", tag = "Rates", operation_id = "change_rate",
    params(
        ("table" = i64, Path, description = "The table's id"),
        ("rate" = i64, Path, description = "The rate's id"),
    ),
    request_body = RateBody,
    responses((status = 200, description = "The rate as it is now", body = RateView)),
    security(("token" = ["EditRates"])),
)]
pub(crate) async fn change(
    State(api): State<Api>,
    asker: Asker,
    Ids(ids): Ids<(RateTableId, RateId)>,
    matched: IfMatch,
    Sent(sent): Sent<RateBody>,
) -> Result<Versioned<RateView>, Problem> {
    versioned::change::<Rates>(&api, &asker, ids, &matched, &sent).await
}

/// Removes a rate.
#[utoipa::path(
    delete, path = "/rate-tables/{table}/rates/{rate}", tag = "Rates", operation_id = "remove_rate",
    params(
        ("table" = i64, Path, description = "The table's id"),
        ("rate" = i64, Path, description = "The rate's id"),
    ),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["EditRates"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(ids): Ids<(RateTableId, RateId)>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Rates>(&api, &asker, ids, &matched).await
}
