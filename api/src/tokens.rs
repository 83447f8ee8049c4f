//! The tokens of the person who asks. New ones are made in the portal or by the command at the machine: an answer that holds a
//! key would be kept with the request's Idempotency-Key.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{ApiTokenId, ApiTokenRow};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Cursor, Ids, Limit, Listing, Problem, Question, by_id},
    router::Api,
};

/// A token, without its key.
#[derive(Serialize, ToSchema)]
#[schema(as = Token)]
pub(crate) struct TokenView {
    id: i64,
    /// What it is for.
    name: String,
    /// The first letters of its key.
    #[schema(example = "tdm_aBcDeF")]
    beginning: String,
    /// What it may do, as long as its owner may.
    permissions: Vec<&'static str>,
    /// Networks from which it is taken; none stands for anywhere.
    networks: Vec<String>,
    created_at: DateTime<Utc>,
    /// Null for never.
    expires_at: Option<DateTime<Utc>>,
    /// To the minute.
    last_used_at: Option<DateTime<Utc>>,
    last_used_from: Option<String>,
}

fn view(row: &ApiTokenRow) -> TokenView {
    TokenView {
        id: row.id.0,
        name: row.name.to_string(),
        beginning: row.beginning.clone(),
        permissions: row.permissions.names(),
        networks: row.networks.iter().map(ToString::to_string).collect(),
        created_at: row.created_at,
        expires_at: row.expires_at,
        last_used_at: row.last_used_at,
        last_used_from: row.last_used_from.map(|address| address.to_string()),
    }
}

/// Which tokens.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct TokenQuestion {
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists the tokens of the person whose token this is.
#[utoipa::path(
    get, path = "/tokens", tag = "Tokens", operation_id = "list_tokens",
    params(TokenQuestion),
    responses((status = 200, description = "A page of tokens", body = Listing<TokenView>)),
    security(("token" = ["ManageTokens"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<TokenQuestion>,
) -> Result<Listing<TokenView>, Problem> {
    let rows = store::tokens::list(&api.pool, &asker.scope(), Some(asker.user())).await?;
    let (rows, next) = by_id(rows, |row| row.id.0, asked.cursor.as_ref(), asked.limit)?;
    Ok(place.listing(rows.iter().map(view).collect(), next))
}

/// Revokes a token of the same person, at once; it may be the one that asks.
#[utoipa::path(
    delete, path = "/tokens/{token}", tag = "Tokens", operation_id = "revoke_token",
    params(("token" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is taken no more")),
    security(("token" = ["ManageTokens"])),
)]
pub(crate) async fn revoke(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<ApiTokenId>,
) -> Result<StatusCode, Problem> {
    store::tokens::revoke(&api.pool, &asker.actor(), Some(asker.user()), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
