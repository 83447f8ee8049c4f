//! Phones: endpoints with a number of their own.

use std::collections::BTreeMap;

use axum::extract::State;
use chrono::{DateTime, Utc};
use domain::{
    AccountId, ForwardTarget, PhoneContact, PhoneDraft, PhoneFilter, PhoneId, PhoneListing, PhoneMode,
    PhoneState, RowVersion,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{
        Cursor, Ids, IfMatch, Limit, Listing, Made, Problem, Question, Sent, Versioned, or_empty, phone_state,
    },
    router::Api,
    versioned::{self, Kind, Read},
};

/// A phone. Its password is never shown.
#[derive(Serialize, ToSchema)]
#[schema(as = Phone)]
pub(crate) struct PhoneView {
    id: i64,
    /// How often it has been changed; also its ETag. Registrations do not change it.
    version: i64,
    /// Also its user name in credentials.
    #[schema(example = "1001")]
    number: String,
    /// Who pays for its calls.
    account: i64,
    /// Shown to those it calls; null leaves what the phone says.
    display_name: Option<String>,
    enabled: bool,
    /// Where it stands now.
    #[schema(schema_with = phone_state)]
    state: &'static str,
    /// Whether a password is set.
    has_password: bool,
    /// Where it always is; null for a phone that registers.
    address: Option<String>,
    /// How many devices may be registered at the same time.
    max_contacts: u8,
    /// Calls at once, in and out together; null is unlimited.
    max_calls: Option<u32>,
    /// A number, or `gateway:` and a routing gateway's id; `gateway` alone for those who may not see gateways.
    forward_always: Option<String>,
    forward_busy: Option<String>,
    forward_no_answer: Option<String>,
    /// Seconds of ringing before that.
    no_answer_after: u8,
    forward_offline: Option<String>,
    do_not_disturb: bool,
    /// The caller numbers that it may show.
    caller_ids: Vec<String>,
    /// Where it may register and call from; none is everywhere.
    allowed_networks: Vec<String>,
    /// Its own values of parameters.
    parameters: BTreeMap<String, String>,
    /// Its registered devices, the one heard of last first.
    contacts: Vec<ContactView>,
}

/// A registered device of a phone.
#[derive(Serialize, ToSchema)]
#[schema(as = PhoneContact)]
pub(crate) struct ContactView {
    /// The contact's URI, as the phone wrote it.
    contact: String,
    /// The address that it came from.
    #[schema(example = "192.0.2.7:5060")]
    remote: String,
    #[schema(example = "UDP")]
    transport: String,
    /// Whether it is behind address translation.
    nat: bool,
    user_agent: Option<String>,
    /// When it was last refreshed.
    refreshed_at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl From<PhoneContact> for ContactView {
    fn from(contact: PhoneContact) -> Self {
        Self {
            contact: contact.contact,
            remote: contact.remote.to_string(),
            transport: contact.transport,
            nat: contact.nat,
            user_agent: contact.user_agent,
            refreshed_at: contact.refreshed,
            expires_at: contact.expires,
        }
    }
}

/// What people set on a phone.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PhoneSettings)]
pub(crate) struct PhoneBody {
    /// Unique among phones. Another number needs the password anew.
    #[schema(pattern = "^[0-9]{1,24}$", example = "1001")]
    number: String,
    /// A customer's id.
    account: i64,
    /// A new password; the present one stays when left out. It is never shown again.
    #[serde(skip_serializing_if = "crate::answer::withheld")]
    #[schema(min_length = 12, max_length = 128, write_only)]
    password: Option<String>,
    #[schema(min_length = 1, max_length = 64)]
    display_name: Option<String>,
    /// True when left out.
    #[serde(default = "yes")]
    enabled: bool,
    /// An address, with a port unless it is 5060, of a phone that does not register.
    #[schema(example = "192.0.2.7:5060")]
    address: Option<String>,
    /// 1 when left out.
    #[schema(minimum = 1, maximum = 10)]
    max_contacts: Option<u32>,
    /// Unlimited when left out.
    #[schema(minimum = 1, maximum = 100_000)]
    max_calls: Option<u32>,
    /// A number, or `gateway:` and a routing gateway's id.
    forward_always: Option<String>,
    /// As above.
    forward_busy: Option<String>,
    /// As above.
    forward_no_answer: Option<String>,
    /// Seconds; 20 when left out.
    #[schema(minimum = 1, maximum = 120)]
    no_answer_after: Option<u32>,
    /// As above.
    forward_offline: Option<String>,
    #[serde(default)]
    do_not_disturb: bool,
    #[serde(default)]
    #[schema(max_items = 16)]
    caller_ids: Vec<String>,
    /// Addresses and networks.
    #[serde(default)]
    #[schema(max_items = 32, example = json!(["192.0.2.0/24"]))]
    allowed_networks: Vec<String>,
    /// Its own values of parameters, in place of the system's.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

fn flag(on: bool) -> String {
    if on { "on" } else { "" }.to_owned()
}

impl From<&PhoneBody> for PhoneDraft {
    fn from(body: &PhoneBody) -> Self {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        Self {
            number: body.number.clone(),
            account: body.account.to_string(),
            password: text(&body.password),
            display_name: text(&body.display_name),
            enabled: flag(body.enabled),
            max_calls: or_empty(body.max_calls),
            address: text(&body.address),
            max_contacts: or_empty(body.max_contacts),
            forward_always: text(&body.forward_always),
            forward_busy: text(&body.forward_busy),
            forward_no_answer: text(&body.forward_no_answer),
            no_answer_after: or_empty(body.no_answer_after),
            forward_offline: text(&body.forward_offline),
            do_not_disturb: flag(body.do_not_disturb),
            caller_ids: body.caller_ids.join(","),
            allowed_networks: body.allowed_networks.join(","),
            overrides: body.parameters.clone(),
        }
    }
}

fn view(listing: PhoneListing, sees_routes: bool) -> PhoneView {
    let state = listing.state().name();
    let phone = listing.row.phone;
    let draft = PhoneDraft::from(&phone.settings);
    let settings = phone.settings;
    let target = |target: Option<ForwardTarget>| match target {
        Some(ForwardTarget::Gateway(_)) if !sees_routes => Some("gateway".to_owned()),
        target => target.map(|target| target.to_string()),
    };
    let nets = draft.allowed_networks.split(", ").filter(|net| !net.is_empty());
    PhoneView {
        id: phone.id.0,
        version: phone.version.0,
        number: settings.number.to_string(),
        account: settings.account.0,
        display_name: settings.display_name.map(|name| name.to_string()),
        enabled: settings.enabled,
        state,
        has_password: phone.has_password,
        address: match settings.mode {
            PhoneMode::Dynamic => None,
            PhoneMode::Static(address) => Some(address.to_string()),
        },
        max_contacts: settings.max_contacts.get(),
        max_calls: settings.max_calls,
        forward_always: target(settings.forwarding.always),
        forward_busy: target(settings.forwarding.busy),
        forward_no_answer: target(settings.forwarding.no_answer),
        no_answer_after: settings.forwarding.no_answer_after,
        forward_offline: target(settings.forwarding.offline),
        do_not_disturb: settings.do_not_disturb,
        caller_ids: settings.caller_ids.iter().map(ToString::to_string).collect(),
        allowed_networks: nets.map(str::to_owned).collect(),
        parameters: settings.overrides.into(),
        contacts: listing.contacts.into_iter().map(ContactView::from).collect(),
    }
}

/// How they are made, changed and removed.
pub(crate) enum Phones {}

impl Kind for Phones {
    type Id = PhoneId;
    type Body = PhoneBody;
    type View = PhoneView;

    fn place(id: PhoneId) -> String {
        format!("/phones/{id}")
    }

    async fn one(api: &Api, asker: &Asker, id: PhoneId) -> Read<Self> {
        let listing = store::phones::show(&api.pool, &asker.scope(), id).await?;
        Ok(Versioned(listing.row.phone.version, view(listing, asker.sees_routes())))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        id: PhoneId,
        version: RowVersion,
        sent: &PhoneBody,
    ) -> Result<(), StoreError> {
        let checked = PhoneDraft::from(sent).check()?;
        let (scope, actor) = (asker.scope(), asker.actor());
        store::phones::update(&api.pool, &scope, &actor, &api.seal, id, version, &checked).await
    }

    async fn remove(api: &Api, asker: &Asker, id: PhoneId, version: RowVersion) -> Result<(), StoreError> {
        store::phones::remove(&api.pool, &asker.scope(), &asker.actor(), id, Some(version)).await
    }
}

/// Which phones.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PhoneQuestion {
    /// Beginning of the number, or part of the name in any case.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    search: String,
    /// Only this account's.
    #[param(value_type = Option<i64>)]
    account: Option<AccountId>,
    /// Only those that stand there.
    #[param(schema_with = phone_state)]
    state: Option<PhoneState>,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists phones by number, with where they are registered.
#[utoipa::path(
    get, path = "/phones", tag = "Phones", operation_id = "list_phones",
    params(PhoneQuestion),
    responses((status = 200, description = "A page of phones", body = Listing<PhoneView>)),
    security(("token" = ["ViewPhones"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<PhoneQuestion>,
) -> Result<Listing<PhoneView>, Problem> {
    let filter = PhoneFilter {
        search: asked.search,
        account: asked.account,
        state: asked.state,
        after: Cursor::key_of::<String>(asked.cursor.as_ref())?,
        limit: Limit::or_default(asked.limit),
    };
    let page = store::phones::list(&api.pool, &asker.scope(), &filter).await.map_err(Problem::in_query)?;
    let last = page.rows.last().filter(|_| page.more);
    let next = last.map(|listing| Cursor::behind(&listing.row.phone.settings.number));
    let sees_routes = asker.sees_routes();
    Ok(place.listing(page.rows.into_iter().map(|listing| view(listing, sees_routes)).collect(), next))
}

/// Adds a phone.
#[utoipa::path(
    post, path = "/phones", tag = "Phones", operation_id = "create_phone",
    request_body = PhoneBody,
    responses((status = 201, description = "It has been added", body = PhoneView)),
    security(("token" = ["EditPhones"])),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<PhoneBody>,
) -> Result<Made<PhoneView>, Problem> {
    let checked = PhoneDraft::from(&sent).check()?;
    let id = store::phones::create(&api.pool, &asker.scope(), &asker.actor(), &api.seal, &checked).await?;
    versioned::made::<Phones>(&api, &asker, id).await
}

/// Shows a phone, with where it is registered.
#[utoipa::path(
    get, path = "/phones/{phone}", tag = "Phones", operation_id = "show_phone",
    params(("phone" = i64, Path, description = "Its id")),
    responses((status = 200, description = "The phone", body = PhoneView)),
    security(("token" = ["ViewPhones"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<PhoneId>,
) -> Result<Versioned<PhoneView>, Problem> {
    Phones::one(&api, &asker, id).await
}

/// Changes a phone. Without a password it keeps the one it has.
#[utoipa::path(
    put, path = "/phones/{phone}", tag = "Phones", operation_id = "change_phone",
    params(("phone" = i64, Path, description = "Its id")),
    request_body = PhoneBody,
    responses((status = 200, description = "The phone as it is now", body = PhoneView)),
    security(("token" = ["EditPhones"])),
)]
pub(crate) async fn change(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<PhoneId>,
    matched: IfMatch,
    Sent(sent): Sent<PhoneBody>,
) -> Result<Versioned<PhoneView>, Problem> {
    versioned::change::<Phones>(&api, &asker, id, &matched, &sent).await
}

/// Removes a phone with its registrations.
#[utoipa::path(
    delete, path = "/phones/{phone}", tag = "Phones", operation_id = "remove_phone",
    params(("phone" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["EditPhones"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<PhoneId>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Phones>(&api, &asker, id, &matched).await
}
