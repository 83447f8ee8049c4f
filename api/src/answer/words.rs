//! Words of the domain in the API's description, and text of what may be missing.

use domain::{
    AccountKind, AccountStatus, Book, EndReason, GatewayTransport, PhoneState, PrefixMode, Redirects,
    RegisterTransport, SuspensionCause,
};
use utoipa::openapi::{Object, ObjectBuilder, Type};

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
    book: Book::ALL.iter().map(|book| book.name());
    end_reason: EndReason::ALL.iter().map(|reason| reason.name());
    phone_state: PhoneState::ALL.iter().map(|state| state.name());
    register_transport: RegisterTransport::ALL.iter().map(|transport| transport.name());
    suspension_cause: SuspensionCause::ALL.iter().map(|cause| cause.name());
    release_side: ["caller", "callee", "switch"];
    live_state: ["dialling", "ringing", "answered", "ending"];
}

/// As a form has it: nothing is written as nothing.
pub(crate) fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
