//! Which calls.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    AccountId, AccountKind, CallId, CdrCursor, CdrFilter, EndReason, MappingGatewayId, Permission,
    RoutingGatewayId,
};
use serde::Deserialize;
use store::StoreError;
use utoipa::IntoParams;

use crate::{
    admission::Asker,
    answer::{Cursor, Limit, Moment, Problem, end_reason},
    router::Api,
};

/// Which calls; every condition given must hold.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct CdrQuestion {
    /// Started at this moment or later; a day before `to` when left out.
    #[param(value_type = Option<DateTime<Utc>>)]
    from: Option<Moment>,
    /// Started before this moment; now when left out.
    #[param(value_type = Option<DateTime<Utc>>)]
    to: Option<Moment>,
    /// Beginning of the calling number.
    #[serde(default)]
    #[param(value_type = Option<String>, pattern = "^[0-9*#]{0,40}$")]
    caller: String,
    /// Beginning of the called number.
    #[serde(default)]
    #[param(value_type = Option<String>, pattern = "^[0-9*#]{0,40}$")]
    callee: String,
    /// Paid by this customer; with ViewGateways also cost by this vendor.
    #[param(value_type = Option<i64>)]
    account: Option<AccountId>,
    /// Came in through this gateway.
    #[param(value_type = Option<i64>)]
    mapping_gateway: Option<MappingGatewayId>,
    /// The last attempt went out through this gateway; needs ViewGateways.
    #[param(value_type = Option<i64>)]
    routing_gateway: Option<RoutingGatewayId>,
    /// Ended for this reason.
    #[param(schema_with = end_reason, required = false)]
    end_reason: Option<EndReason>,
    /// Only answered calls, or only others.
    answered: Option<bool>,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl CdrQuestion {
    /// The filter that it stands for at `now`.
    pub(super) fn filter(&self, now: DateTime<Utc>) -> Result<CdrFilter, Problem> {
        let to = self.to.map_or(now + TimeDelta::seconds(1), |to| to.0);
        let from = self.from.map_or(to - TimeDelta::days(1), |from| from.0);
        if from >= to {
            return Err(Problem::bad_value("to", "the end lies before the beginning"));
        }
        let mut filter = CdrFilter::between(from, to);
        filter.caller = number("caller", &self.caller)?;
        filter.callee = number("callee", &self.callee)?;
        filter.account = self.account;
        filter.mapping_gateway = self.mapping_gateway;
        filter.routing_gateway = self.routing_gateway;
        filter.end_reason = self.end_reason;
        filter.answered = self.answered;
        filter.after = self.cursor.as_ref().map(place).transpose()?;
        filter.limit = Limit::or_default(self.limit);
        Ok(filter)
    }

    /// Refuses conditions that would tell what only those may know who see the way out.
    pub(super) async fn allowed(&self, api: &Api, asker: &Asker) -> Result<(), Problem> {
        if asker.sees_routes() {
            return Ok(());
        }
        if self.routing_gateway.is_some() {
            return Err(Problem::forbidden(Permission::ViewGateways));
        }
        let Some(account) = self.account else { return Ok(()) };
        match store::accounts::find(&api.pool, &asker.scope(), account).await {
            Ok(account) if account.settings.kind == AccountKind::Vendor => {
                Err(Problem::forbidden(Permission::ViewGateways))
            }
            // An account that is not there has no calls.
            Ok(_) | Err(StoreError::NotFound) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn number(field: &str, text: &str) -> Result<String, Problem> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let plain = text.len() <= 40 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'*' | b'#'));
    if plain {
        Ok(text.to_owned())
    } else {
        Err(Problem::bad_value(field, "write the beginning of a number"))
    }
}

/// The key of a call in the list: when it started, in microseconds, and its id.
pub(super) fn key(place: CdrCursor) -> String {
    format!("{}.{}", place.started_at.timestamp_micros(), place.id)
}

fn place(cursor: &Cursor) -> Result<CdrCursor, Problem> {
    let key: String = cursor.key()?;
    let read = || {
        let (micros, id) = key.split_once('.')?;
        let started_at =
            Moment::try_from(DateTime::from_timestamp_micros(micros.parse().ok()?)?.to_rfc3339());
        Some(CdrCursor { started_at: started_at.ok()?.0, id: id.parse::<CallId>().ok()? })
    };
    read().ok_or_else(|| Problem::bad_value("cursor", "take the cursor from a link to a next page"))
}
