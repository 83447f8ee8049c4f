//! Suspensions: users and addresses whose credentials failed too often.

use std::net::IpAddr;

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{Invalid, SuspendedParty, SuspensionView};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Limit, Listing, Problem, Question, Sent, suspension_cause},
    router::Api,
};

/// A suspension in force.
#[derive(Serialize, ToSchema)]
#[schema(as = Suspension)]
pub(crate) struct HeldView {
    /// The user name as it was sent; null for an address whoever sends from it.
    user: Option<String>,
    /// The address, of IPv6 the network of 64 bits; null for a user wherever they are.
    address: Option<String>,
    #[schema(schema_with = suspension_cause)]
    cause: &'static str,
    /// Failures that led to it.
    failures: u32,
    /// Whether a phone of this name exists.
    known: bool,
    since: DateTime<Utc>,
    /// When it ends by itself.
    until: DateTime<Utc>,
}

fn view(suspension: SuspensionView) -> HeldView {
    HeldView {
        user: suspension.party.user,
        address: suspension.party.address.map(|address| address.to_string()),
        cause: suspension.cause.name(),
        failures: suspension.failures,
        known: suspension.known,
        since: suspension.since,
        until: suspension.until,
    }
}

/// Which suspensions.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HeldQuestion {
    /// At most this many, the latest; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
}

/// Lists the latest suspensions.
#[utoipa::path(
    get, path = "/suspensions", tag = "Suspensions", operation_id = "list_suspensions",
    params(HeldQuestion),
    responses((status = 200, description = "The latest suspensions", body = Listing<HeldView>)),
    security(("token" = ["ViewSecurity"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    _: Asker,
    Question { asked, place }: Question<HeldQuestion>,
) -> Result<Listing<HeldView>, Problem> {
    let limit = Limit::or_default(asked.limit) as usize;
    let latest = api.switch.suspensions().into_iter().take(limit);
    Ok(place.listing(latest.map(view).collect(), None))
}

/// Whom to release: exactly as listed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SuspendedParty)]
pub(crate) struct PartyBody {
    /// The user name; left out for an address.
    #[serde(default)]
    user: Option<String>,
    /// The address; left out for a user wherever they are.
    #[serde(default)]
    address: Option<String>,
}

impl PartyBody {
    fn party(self) -> Result<SuspendedParty, Invalid> {
        let user = self.user.filter(|user| !user.is_empty());
        let address = self.address.filter(|text| !text.is_empty());
        if user.is_none() && address.is_none() {
            return Err(Invalid::field("user", "name a user, an address or both"));
        }
        let read = |text: String| -> Result<IpAddr, Invalid> {
            text.parse().map_err(|_| Invalid::field("address", "write an address like 192.0.2.7"))
        };
        Ok(SuspendedParty { user, address: address.map(read).transpose()? })
    }
}

/// Ends a suspension before its time.
#[utoipa::path(
    post, path = "/suspensions/release", tag = "Suspensions", operation_id = "release_suspension",
    request_body = PartyBody,
    responses(
        (status = 204, description = "It may try again"),
        (status = 404, description = "Nobody like that is suspended"),
    ),
    security(("token" = ["EditSecurity"])),
)]
pub(crate) async fn release(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<PartyBody>,
) -> Result<StatusCode, Problem> {
    let party = sent.party()?;
    if !api.switch.suspensions().iter().any(|suspension| suspension.party == party) {
        return Err(Problem::not_found());
    }
    store::suspensions::record_release(&api.pool, &asker.actor(), std::slice::from_ref(&party)).await?;
    api.switch.release(&party);
    Ok(StatusCode::NO_CONTENT)
}
