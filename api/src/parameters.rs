//! Named parameters of the switch.

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{Invalid, NamedParameter, Parameter, ParameterChange, ParameterRow, RowVersion};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{Cursor, Ids, IfMatch, Limit, Listing, Problem, Question, Sent, Versioned},
    router::Api,
    versioned::{self, Kind, Read},
};

/// A parameter and what it holds.
#[derive(Serialize, ToSchema)]
#[schema(as = Parameter)]
pub(crate) struct ParameterView {
    #[schema(example = "SS_SIP_TIMEOUT_INVITE")]
    name: &'static str,
    /// Other names that are taken in paths.
    aliases: Vec<&'static str>,
    /// What changes it; also its ETag. 0 at its default.
    version: i64,
    /// The value in force.
    value: String,
    default: String,
    /// When it was set; null at its default.
    set_at: Option<DateTime<Utc>>,
    /// What it does.
    about: &'static str,
    /// What it can hold.
    #[schema(example = "1 to 120")]
    range: String,
    /// What its number counts; may be empty.
    unit: String,
    /// The portal's page.
    page: String,
    topic: String,
    /// What a change reaches.
    effect: String,
    /// Who may have a value of their own.
    overridable_by: Vec<String>,
    /// Whether the switch acts on it today.
    built: bool,
}

fn view(row: &ParameterRow) -> ParameterView {
    let parameter = row.parameter;
    let entry = parameter.entry();
    ParameterView {
        name: parameter.name(),
        aliases: entry.aliases.iter().map(|alias| alias.name).collect(),
        version: row.version.0,
        value: row.value(),
        default: parameter.default_value().to_string(),
        set_at: row.set_at,
        about: parameter.about(),
        range: parameter.range(),
        unit: entry.unit.to_string(),
        page: entry.page.to_string(),
        topic: entry.topic.to_string(),
        effect: entry.effect.to_string(),
        overridable_by: entry.levels.iter().map(ToString::to_string).collect(),
        built: entry.built,
    }
}

fn named(name: &str) -> Result<NamedParameter, Problem> {
    name.parse().map_err(|_| Problem::not_found())
}

/// How they are set and put back. There is nothing to make: every parameter holds something.
pub(crate) enum Parameters {}

impl Kind for Parameters {
    type Id = NamedParameter;
    type Body = ValueBody;
    type View = ParameterView;

    fn place(named: NamedParameter) -> String {
        format!("/parameters/{}", named.parameter)
    }

    async fn one(api: &Api, asker: &Asker, named: NamedParameter) -> Read<Self> {
        let rows = store::parameters::list(&api.pool, &asker.scope()).await?;
        let row = rows.iter().find(|row| row.parameter == named.parameter).ok_or_else(Problem::not_found)?;
        Ok(Versioned(row.version, view(row)))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        named: NamedParameter,
        version: RowVersion,
        sent: &ValueBody,
    ) -> Result<(), StoreError> {
        let (parameter, text) = (named.parameter, named.text(&sent.value));
        let set = store::parameters::set(&api.pool, &asker.actor(), parameter, version, &text).await;
        set.map(drop).map_err(|error| match error {
            // The store tells it at the parameter's name, which is no field here.
            StoreError::Invalid(invalid) => {
                let told: Vec<_> = invalid.0.into_iter().map(|wrong| wrong.message).collect();
                Invalid::field("value", told.join("; ")).into()
            }
            other => other,
        })
    }

    async fn remove(
        api: &Api,
        asker: &Asker,
        named: NamedParameter,
        version: RowVersion,
    ) -> Result<(), StoreError> {
        store::parameters::reset(&api.pool, &asker.actor(), named.parameter, version).await
    }
}

/// Which parameters.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ParameterQuestion {
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists the parameters, by name.
#[utoipa::path(
    get, path = "/parameters", tag = "System", operation_id = "list_parameters",
    params(ParameterQuestion),
    responses((status = 200, description = "A page of parameters", body = Listing<ParameterView>)),
    security(("token" = ["ViewParameters"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<ParameterQuestion>,
) -> Result<Listing<ParameterView>, Problem> {
    let after = Cursor::key_of::<Parameter>(asked.cursor.as_ref())?;
    let limit = Limit::or_default(asked.limit) as usize;
    let mut rows = store::parameters::list(&api.pool, &asker.scope()).await?;
    rows.retain(|row| after.is_none_or(|after| row.parameter > after));
    rows.sort_by_key(|row| row.parameter);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| Cursor::behind(last.parameter));
    Ok(place.listing(rows.iter().map(view).collect(), next))
}

/// Shows a parameter.
#[utoipa::path(
    get, path = "/parameters/{name}", tag = "System", operation_id = "show_parameter",
    params(("name" = String, Path, description = "Its name, or another that it has")),
    responses((status = 200, description = "The parameter", body = ParameterView)),
    security(("token" = ["ViewParameters"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(name): Ids<String>,
) -> Result<Versioned<ParameterView>, Problem> {
    Parameters::one(&api, &asker, named(&name)?).await
}

/// What a parameter shall hold.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ParameterSettings)]
pub(crate) struct ValueBody {
    /// As text, in the parameter's unit; its default is the same as a reset.
    #[schema(example = "8")]
    value: String,
}

/// Sets a parameter.
#[utoipa::path(
    put, path = "/parameters/{name}", tag = "System", operation_id = "set_parameter",
    params(("name" = String, Path, description = "Its name, or another that it has")),
    request_body = ValueBody,
    responses((status = 200, description = "The parameter as it is now", body = ParameterView)),
    security(("token" = ["EditParameters"])),
)]
pub(crate) async fn set(
    State(api): State<Api>,
    asker: Asker,
    Ids(name): Ids<String>,
    matched: IfMatch,
    Sent(sent): Sent<ValueBody>,
) -> Result<Versioned<ParameterView>, Problem> {
    versioned::change::<Parameters>(&api, &asker, named(&name)?, &matched, &sent).await
}

/// Sets a parameter back to its default.
#[utoipa::path(
    delete, path = "/parameters/{name}", tag = "System", operation_id = "reset_parameter",
    params(("name" = String, Path, description = "Its name, or another that it has")),
    responses((status = 204, description = "It is at its default")),
    security(("token" = ["EditParameters"])),
)]
pub(crate) async fn reset(
    State(api): State<Api>,
    asker: Asker,
    Ids(name): Ids<String>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Parameters>(&api, &asker, named(&name)?, &matched).await
}

/// One change of a parameter.
#[derive(Serialize, ToSchema)]
#[schema(as = ParameterChange)]
pub(crate) struct ChangeView {
    /// Higher is later.
    id: i64,
    at: DateTime<Utc>,
    /// Who; null for a command at the machine.
    user: Option<i64>,
    /// Their name at that time.
    user_name: String,
    /// What it held before; null for the default.
    old: Option<String>,
    /// What it held after; null for the default.
    new: Option<String>,
}

fn change_view(change: ParameterChange) -> ChangeView {
    ChangeView {
        id: change.id,
        at: change.at,
        user: change.user.map(|user| user.0),
        user_name: change.user_name,
        old: change.old,
        new: change.new,
    }
}

/// Lists the changes of a parameter, newest first.
#[utoipa::path(
    get, path = "/parameters/{name}/history", tag = "System", operation_id = "list_parameter_history",
    params(("name" = String, Path, description = "Its name, or another that it has"), ParameterQuestion),
    responses((status = 200, description = "A page of changes", body = Listing<ChangeView>)),
    security(("token" = ["ViewParameters"])),
)]
pub(crate) async fn history(
    State(api): State<Api>,
    asker: Asker,
    Ids(name): Ids<String>,
    Question { asked, place }: Question<ParameterQuestion>,
) -> Result<Listing<ChangeView>, Problem> {
    let parameter = named(&name)?.parameter;
    let after = Cursor::key_of::<i64>(asked.cursor.as_ref())?;
    let limit = Limit::or_default(asked.limit);
    let page = store::parameters::history(&api.pool, &asker.scope(), Some(parameter), after, limit).await?;
    let next = page.rows.last().filter(|_| page.more).map(|last| Cursor::behind(last.id));
    Ok(place.listing(page.rows.into_iter().map(change_view).collect(), next))
}
