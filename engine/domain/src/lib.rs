//! Shared words of the softswitch: identifiers, money, numbers, causes, entities and their validation.
//!
//! Every room speaks these words and this one depends on no other. It holds no I/O, no clock and no thread and compiles to
//! WASM, so that a form is checked by the same function in the browser and on the server.
//!
//! Invariants: amounts are integers (decision 4); an entity that exists has passed its validation.
#![cfg_attr(not(test), forbid(unsafe_code))]

mod decimal;
mod ids;
mod money;
mod rate;
mod units;

mod cause;
mod number;
mod source;

mod account;
mod binding;
mod configuration;
mod field;
mod gateway_address;
mod identity;
mod mapping_gateway;
pub mod parameter;
mod phone;
mod rate_table;
mod registration;
mod routing_gateway;
mod sip_password;

mod access;

mod baseline;
mod cdr;
mod gateway_status;
mod happening;
mod live_call;
mod presence;
mod trace;
mod view;
mod webhook;

pub use access::*;
pub use account::{Account, AccountDraft, AccountKind, AccountSettings, AccountStatus, Currency, Precision};
pub use baseline::{Baseline, PresenceHour, Standing};
pub use binding::StoredBinding;
pub use cause::{EndReason, Q850, ReleaseSide, SipCode};
pub use cdr::{Attempt, Cdr, MediaCounters, Price};
pub use configuration::{ConfigVersion, Configuration};
pub use field::{FieldError, Fields, Invalid, Name};
pub use gateway_address::{GatewayAddress, LocalAddress};
pub use gateway_status::{GatewayState, GatewayStatus};
pub use happening::{EventKind, Happened, Happening};
pub use identity::*;
pub use ids::{
    AccountId, AgentId, ApiTokenId, CallId, LedgerEntryId, LockoutId, MappingGatewayId, PhoneId, RateId,
    RateTableId, RegistrationId, RoleId, RoutingGatewayId, RowVersion, SavedViewId, SessionId, UserId,
    WebhookDeliveryId, WebhookId,
};
pub use live_call::{LiveCall, LiveState};
pub use mapping_gateway::{MappingGateway, MappingGatewayDraft, MappingGatewaySettings};
pub use money::{Money, MoneyError};
pub use number::{CalledNumber, NumberError, Prefix};
pub use parameter::{NamedParameter, Parameter, ParameterValues};
pub use phone::{
    CheckedPhone, ForwardTarget, Forwarding, GATEWAY_TARGET, PHONE_REALM, Phone, PhoneDraft, PhoneKeys,
    PhoneMode, PhoneNumber, PhoneNumberError, PhoneSettings,
};
pub use presence::*;
pub use rate::Rate;
pub use rate_table::{RateDraft, RateRow, RateSettings, RateTable, RateTableDraft, RateTableSettings};
pub use registration::{
    CheckedRegistration, RegisterPeriod, RegisterTransport, Registration, RegistrationDraft,
    RegistrationSettings, SipHost, SipUser,
};
pub use routing_gateway::{
    GatewayTransport, PrefixMode, Redirects, RoutingGateway, RoutingGatewayDraft, RoutingGatewaySettings,
};
pub use sip_password::{ForeignPassword, SipPassword, SipPasswordError};
pub use source::{Source, SourceError};
pub use trace::{
    CaptureEnd, CaptureView, TraceDigest, TraceExchange, TraceFinding, TraceKind, TraceLadder, TraceLane,
    TraceNotice, TraceOverview, TraceStep,
};
pub use units::{BillingUnit, Seconds};
pub use view::*;
pub use webhook::{
    CheckedWebhook, DeliveryState, Webhook, WebhookDelivery, WebhookDraft, WebhookRow, WebhookSecret,
    WebhookSettings, WebhookUrl, WebhookUrlError,
};
