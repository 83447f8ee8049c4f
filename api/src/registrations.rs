//! Registrations of ours at other servers.

use axum::extract::State;
use domain::{RegisterTransport, Registration, RegistrationDraft, RegistrationId, RowVersion};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{
        Cursor, Ids, IfMatch, Limit, Listing, Made, Problem, Question, Sent, Versioned, by_id,
        register_transport,
    },
    router::Api,
    versioned::{self, Kind, Read},
};

/// An account of ours at another server, kept registered. Its password is never shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Registration)]
pub(crate) struct RegistrationView {
    id: i64,
    /// How often it has been changed; also its ETag.
    version: i64,
    name: String,
    /// The domain that we register in.
    server: String,
    /// Where the messages go, when that is not the server itself.
    proxy: Option<String>,
    /// Who we are there.
    user: String,
    /// The name in the credentials, when it is another one.
    auth_user: Option<String>,
    /// What we call ourselves in Contact; null is the address we listen on.
    contact: Option<String>,
    /// `default`, `auto`, or seconds.
    period: String,
    #[schema(schema_with = register_transport)]
    transport: &'static str,
    enabled: bool,
    /// Whether a password is set.
    has_password: bool,
}

/// What people set on a registration.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegistrationSettings)]
pub(crate) struct RegistrationBody {
    /// Unique among registrations.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// A name or an address, with a port if it is not the usual one.
    #[schema(example = "sip.example.com")]
    server: String,
    /// The same.
    proxy: Option<String>,
    #[schema(min_length = 1, max_length = 64)]
    user: String,
    #[schema(min_length = 1, max_length = 64)]
    auth_user: Option<String>,
    /// A new password; the present one stays when left out. It is never shown again.
    #[serde(skip_serializing_if = "crate::answer::withheld")]
    #[schema(max_length = 128, write_only)]
    password: Option<String>,
    /// A name or an address.
    contact: Option<String>,
    /// `default`, `auto`, or 20 to 7200 seconds; `default` when left out.
    #[serde(default = "default_period")]
    period: String,
    /// `udp` when left out.
    #[serde(default = "udp")]
    #[schema(schema_with = register_transport)]
    transport: String,
    /// True when left out.
    #[serde(default = "yes")]
    enabled: bool,
}

fn yes() -> bool {
    true
}

fn udp() -> String {
    RegisterTransport::default().to_string()
}

fn default_period() -> String {
    domain::RegisterPeriod::default().to_string()
}

impl From<&RegistrationBody> for RegistrationDraft {
    fn from(body: &RegistrationBody) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            name: body.name.clone(),
            server: body.server.clone(),
            proxy: text(&body.proxy),
            user: body.user.clone(),
            auth_user: text(&body.auth_user),
            password: text(&body.password),
            contact: text(&body.contact),
            period: body.period.clone(),
            transport: body.transport.clone(),
            enabled: if body.enabled { "on" } else { "" }.to_owned(),
        }
    }
}

fn view(registration: &Registration) -> RegistrationView {
    let settings = &registration.settings;
    RegistrationView {
        id: registration.id.0,
        version: registration.version.0,
        name: settings.name.to_string(),
        server: settings.server.to_string(),
        proxy: settings.proxy.as_ref().map(ToString::to_string),
        user: settings.user.to_string(),
        auth_user: settings.auth_user.as_ref().map(ToString::to_string),
        contact: settings.contact.as_ref().map(ToString::to_string),
        period: settings.period.to_string(),
        transport: settings.transport.name(),
        enabled: settings.enabled,
        has_password: registration.has_password,
    }
}

/// How they are made, changed and removed.
pub(crate) enum Registrations {}

impl Kind for Registrations {
    type Id = RegistrationId;
    type Body = RegistrationBody;
    type View = RegistrationView;

    fn place(id: RegistrationId) -> String {
        format!("/registrations/{id}")
    }

    async fn one(api: &Api, asker: &Asker, id: RegistrationId) -> Read<Self> {
        let registration = store::registrations::find(&api.pool, &asker.scope(), id).await?;
        Ok(Versioned(registration.version, view(&registration)))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        id: RegistrationId,
        version: RowVersion,
        sent: &RegistrationBody,
    ) -> Result<(), StoreError> {
        let checked = RegistrationDraft::from(sent).check()?;
        let actor = asker.actor();
        store::registrations::update(&api.pool, &actor, &api.seal, id, version, &checked).await
    }

    async fn remove(
        api: &Api,
        asker: &Asker,
        id: RegistrationId,
        version: RowVersion,
    ) -> Result<(), StoreError> {
        store::registrations::remove(&api.pool, &asker.actor(), id, Some(version)).await
    }
}

/// Which registrations.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RegistrationQuestion {
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists registrations of ours, by id. Only the administration has any.
#[utoipa::path(
    get, path = "/registrations", tag = "Registrations", operation_id = "list_registrations",
    params(RegistrationQuestion),
    responses((status = 200, description = "A page of registrations", body = Listing<RegistrationView>)),
    security(("token" = ["ViewPhones"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<RegistrationQuestion>,
) -> Result<Listing<RegistrationView>, Problem> {
    let rows = store::registrations::list(&api.pool, &asker.scope()).await?;
    let (rows, next) = by_id(rows, |row| row.id.0, asked.cursor.as_ref(), asked.limit)?;
    Ok(place.listing(rows.iter().map(view).collect(), next))
}

/// Adds a registration; the switch registers within seconds.
#[utoipa::path(
    post, path = "/registrations", tag = "Registrations", operation_id = "create_registration",
    request_body = RegistrationBody,
    responses((status = 201, description = "It has been added", body = RegistrationView)),
    security(("token" = ["EditPhones"])),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<RegistrationBody>,
) -> Result<Made<RegistrationView>, Problem> {
    let checked = RegistrationDraft::from(&sent).check()?;
    let id = store::registrations::create(&api.pool, &asker.actor(), &api.seal, &checked).await?;
    versioned::made::<Registrations>(&api, &asker, id).await
}

/// Shows a registration.
#[utoipa::path(
    get, path = "/registrations/{registration}", tag = "Registrations", operation_id = "show_registration",
    params(("registration" = i64, Path, description = "Its id")),
    responses((status = 200, description = "The registration", body = RegistrationView)),
    security(("token" = ["ViewPhones"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RegistrationId>,
) -> Result<Versioned<RegistrationView>, Problem> {
    Registrations::one(&api, &asker, id).await
}

/// Changes a registration. Without a password it keeps the one it has; other settings cancel it before it begins anew.
#[utoipa::path(
    put, path = "/registrations/{registration}", tag = "Registrations", operation_id = "change_registration",
    params(("registration" = i64, Path, description = "Its id")),
    request_body = RegistrationBody,
    responses((status = 200, description = "The registration as it is now", body = RegistrationView)),
    security(("token" = ["EditPhones"])),
)]
pub(crate) async fn change(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RegistrationId>,
    matched: IfMatch,
    Sent(sent): Sent<RegistrationBody>,
) -> Result<Versioned<RegistrationView>, Problem> {
    versioned::change::<Registrations>(&api, &asker, id, &matched, &sent).await
}

/// Removes a registration; the switch cancels it at the other server.
#[utoipa::path(
    delete, path = "/registrations/{registration}", tag = "Registrations", operation_id = "remove_registration",
    params(("registration" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["EditPhones"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<RegistrationId>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Registrations>(&api, &asker, id, &matched).await
}
