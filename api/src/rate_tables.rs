//! Rate tables: price lists by prefix.

use axum::extract::State;
use domain::{RateTable, RateTableDraft, RateTableId, RowVersion};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{
        Cursor, Ids, IfMatch, Limit, Listing, Made, Problem, Question, Sent, Versioned, by_id, or_empty,
    },
    router::Api,
    versioned::{self, Kind, Read},
};

/// A price list.
#[derive(Serialize, ToSchema)]
#[schema(as = RateTable)]
pub(crate) struct TableView {
    id: i64,
    /// How often it has been changed; also its ETag. Changes of its rates do not count.
    version: i64,
    name: String,
    /// Three letters (ISO 4217).
    #[schema(example = "USD")]
    currency: String,
    /// Seconds to a multiple of which durations are rounded up, for rates without their own; null takes the system's.
    billing_unit: Option<u32>,
}

/// What people set on a rate table.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RateTableSettings)]
pub(crate) struct TableBody {
    /// Unique.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// Three letters (ISO 4217); accounts use only tables of their own currency.
    #[schema(pattern = "^[A-Za-z]{3}$", example = "USD")]
    currency: String,
    /// Seconds to a multiple of which durations are rounded up, for rates without their own; the system's when left out.
    #[schema(minimum = 1, maximum = 3600)]
    billing_unit: Option<u32>,
}

impl From<&TableBody> for RateTableDraft {
    fn from(body: &TableBody) -> Self {
        Self {
            name: body.name.clone(),
            currency: body.currency.clone(),
            billing_unit: or_empty(body.billing_unit),
        }
    }
}

fn view(table: &RateTable) -> TableView {
    let settings = &table.settings;
    TableView {
        id: table.id.0,
        version: table.version.0,
        name: settings.name.to_string(),
        currency: settings.currency.to_string(),
        billing_unit: settings.billing_unit.map(|unit| unit.seconds()),
    }
}

/// How they are made, changed and removed.
pub(crate) enum Tables {}

impl Kind for Tables {
    type Id = RateTableId;
    type Body = TableBody;
    type View = TableView;

    fn place(id: RateTableId) -> String {
        format!("/rate-tables/{id}")
    }

    async fn one(api: &Api, asker: &Asker, id: RateTableId) -> Read<Self> {
        let table = store::rate_tables::find(&api.pool, &asker.scope(), id).await?;
        Ok(Versioned(table.version, view(&table)))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        id: RateTableId,
        version: RowVersion,
        sent: &TableBody,
    ) -> Result<(), StoreError> {
        let settings = RateTableDraft::from(sent).check()?;
        store::rate_tables::update(&api.pool, &asker.actor(), id, version, &settings).await
    }

    async fn remove(
        api: &Api,
        asker: &Asker,
        id: RateTableId,
        version: RowVersion,
    ) -> Result<(), StoreError> {
        store::rate_tables::remove(&api.pool, &asker.actor(), id, Some(version)).await
    }
}

/// Which rate tables.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TableQuestion {
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists rate tables, by id.
#[utoipa::path(
    get, path = "/rate-tables", tag = "Rates", operation_id = "list_rate_tables",
    params(TableQuestion),
    responses((status = 200, description = "A page of tables", body = Listing<TableView>)),
    security(("token" = ["ViewRates"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<TableQuestion>,
) -> Result<Listing<TableView>, Problem> {
    let rows = store::rate_tables::list(&api.pool, &asker.scope()).await?;
    let (rows, next) = by_id(rows, |row| row.table.id.0, asked.cursor.as_ref(), asked.limit)?;
    Ok(place.listing(rows.iter().map(|row| view(&row.table)).collect(), next))
}

/// Adds a rate table.
#[utoipa::path(
    post, path = "/rate-tables", tag = "Rates", operation_id = "create_rate_table",
    request_body = TableBody,
    responses((status = 201, description = "It has been added", body = TableView)),
    security(("token" = ["EditRates"])),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<TableBody>,
) -> Result<Made<TableView>, Problem> {
    let settings = RateTableDraft::from(&sent).check()?;
    let id = store::rate_tables::create(&api.pool, &asker.actor(), &settings).await?;
    versioned::made::<Tables>(&api, &asker, id).await
}

/// Shows a rate table.
#[utoipa::path(
    get, path = "/rate-tables/{table}", tag = "Rates", operation_id = "show_rate_table",
    params(("table" = i64, Path, description = "Its id")),
    responses((status = 200, description = "The table", body = TableView)),
    security(("token" = ["ViewRates"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RateTableId>,
) -> Result<Versioned<TableView>, Problem> {
    Tables::one(&api, &asker, id).await
}

/// Changes a rate table.
#[utoipa::path(
    put, path = "/rate-tables/{table}", tag = "Rates", operation_id = "change_rate_table",
    params(("table" = i64, Path, description = "Its id")),
    request_body = TableBody,
    responses((status = 200, description = "The table as it is now", body = TableView)),
    security(("token" = ["EditRates"])),
)]
pub(crate) async fn change(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RateTableId>,
    matched: IfMatch,
    Sent(sent): Sent<TableBody>,
) -> Result<Versioned<TableView>, Problem> {
    versioned::change::<Tables>(&api, &asker, id, &matched, &sent).await
}

/// Removes a rate table with its rates, unless an account uses it.
#[utoipa::path(
    delete, path = "/rate-tables/{table}", tag = "Rates", operation_id = "remove_rate_table",
    params(("table" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["EditRates"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RateTableId>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Tables>(&api, &asker, id, &matched).await
}
