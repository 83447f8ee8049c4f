//! Words of the domain in the API's description, and text of what may be missing.

use domain::{
    AccountKind, AccountStatus, Book, CalleeField, CallerField, DeliveryState, EndReason, EventKind,
    GatewayPrivacy, GatewayState, GatewayTransport, IdentityHeader, PeerNumber, PhoneState, PrefixMode,
    Redirects, RegisterTransport, SuspensionCause,
};
use serde_json::Value;
use utoipa::openapi::{Array, ArrayBuilder, Object, ObjectBuilder, Type, schema::SchemaType};

fn one_of(words: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).build()
}

macro_rules! words {
    ($($name:ident: $words:expr;)*) => {
        $(pub(crate) fn $name() -> Object { one_of($words) })*
    };
}

words! {
    account_kind: AccountKind::ALL.iter().map(|kind| kind.name());
    account_status: AccountStatus::ALL.iter().map(|status| status.name());
    prefix_mode: PrefixMode::ALL.iter().map(|mode| mode.name());
    gateway_transport: GatewayTransport::ALL.iter().map(|transport| transport.name());
    redirects: Redirects::ALL.iter().map(|redirects| redirects.name());
    caller_field: CallerField::ALL.iter().map(|field| field.name());
    callee_field: CalleeField::ALL.iter().map(|field| field.name());
    identity_header: IdentityHeader::ALL.iter().map(|header| header.name());
    peer_number: PeerNumber::ALL.iter().map(|number| number.name());
    book: Book::ALL.iter().map(|book| book.name());
    end_reason: EndReason::ALL.iter().map(|reason| reason.name());
    phone_state: PhoneState::ALL.iter().map(|state| state.name());
    register_transport: RegisterTransport::ALL.iter().map(|transport| transport.name());
    suspension_cause: SuspensionCause::ALL.iter().map(|cause| cause.name());
    gateway_state: GatewayState::ALL.iter().map(|state| state.name());
    outbound_state: ["idle", "asking", "registered", "failed", "cancelling"];
    standing: ["usual", "low", "high"];
    origin_breadth: ["address", "network"];
    capture_state: ["running", "time_over", "full", "stopped"];
    delivery_state: DeliveryState::ALL.iter().map(|state| state.name());
    event_kind: EventKind::ALL.iter().map(|kind| kind.name());
    release_side: ["caller", "callee", "switch"];
    live_state: ["dialling", "ringing", "answered", "ending"];
}

/// One of its words, or null for the system's.
pub(crate) fn gateway_privacy() -> Object {
    let words = GatewayPrivacy::ALL.iter().map(|privacy| Value::from(privacy.name()));
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .enum_values(Some(words.chain([Value::Null])))
        .build()
}

/// Kinds of events that a receiver can choose.
pub(crate) fn event_kinds() -> Array {
    ArrayBuilder::new().items(one_of(EventKind::chosen().map(EventKind::name))).build()
}

/// As a form has it: nothing is written as nothing.
pub(crate) fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
