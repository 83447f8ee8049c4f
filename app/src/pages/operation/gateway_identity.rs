//! Who calls and who is called: a part of both gateways' forms.

use domain::{
    CalleeField, CallerField, GatewayPrivacy, IdentityHeader, IncomingIdentityDraft, OutgoingIdentityDraft,
    PeerNumber,
};
use leptos::prelude::*;

use crate::{
    components::{Area, Choice, Tick, offered, or_empty},
    form::Refusal,
    words::identity as words,
};

/// Fields of this part, of either gateway.
const FIELDS: [&str; 12] = [
    "caller_field",
    "callee_field",
    "support_privacy",
    "privacy",
    "asserted_identity",
    "preferred_identity",
    "asserted_rules",
    "peer_number",
    "local_domain",
    "user_phone",
    "custom_headers",
    "passed_headers",
];

/// Whether one of the faults of a form lies in this part.
pub(super) fn fault_in_identity(refusal: &Refusal) -> bool {
    refusal.fields.iter().any(|fault| FIELDS.contains(&fault.field.as_str()))
}

/// Where a mapping gateway's calls say it.
#[component]
pub(super) fn Heard(draft: IncomingIdentityDraft) -> impl IntoView {
    let t = words();
    let callers = offered(CallerField::ALL, |field| match field {
        CallerField::From => t.caller_from,
        CallerField::RemotePartyId => t.caller_remote_party_id,
        CallerField::AssertedIdentity => t.caller_asserted_identity,
        CallerField::Display => t.caller_display,
    });
    let callees = offered(CalleeField::ALL, |field| match field {
        CalleeField::RequestLine => t.callee_request_line,
        CalleeField::To => t.callee_to,
    });
    view! {
        <fieldset class="topic">
            <legend>{t.title_in}</legend>
            <p class="hint">{t.about_in}</p>
            <Choice
                name="caller_field"
                label=t.caller_field
                value=draft.caller_field
                options=callers
                hint=t.caller_field_hint
            />
            <Choice
                name="callee_field"
                label=t.callee_field
                value=draft.callee_field
                options=callees
                hint=t.callee_field_hint
            />
            <Tick
                name="support_privacy"
                label=t.support_privacy
                value=draft.support_privacy
                hint=t.support_privacy_hint
            />
        </fieldset>
    }
}

/// What a routing gateway's calls tell.
#[component]
pub(super) fn Told(draft: OutgoingIdentityDraft) -> impl IntoView {
    let t = words();
    let privacy = offered(GatewayPrivacy::ALL, |privacy| match privacy {
        GatewayPrivacy::None => t.privacy_none,
        GatewayPrivacy::Passthrough => t.privacy_passthrough,
        GatewayPrivacy::Id => t.privacy_id,
    });
    let privacy = or_empty(t.privacy_system, privacy);
    let headers = offered(IdentityHeader::ALL, |header| match header {
        IdentityHeader::None => t.header_none,
        IdentityHeader::Passthrough => t.header_passthrough,
        IdentityHeader::Caller => t.header_caller,
    });
    let peers = offered(PeerNumber::ALL, |number| match number {
        PeerNumber::From => t.peer_from,
        PeerNumber::RemotePartyId => t.peer_remote_party_id,
        PeerNumber::Display => t.peer_display,
    });
    view! {
        <fieldset class="topic">
            <legend>{t.title_out}</legend>
            <p class="hint">{t.about_out}</p>
            <Choice name="privacy" label=t.privacy value=draft.privacy options=privacy hint=t.privacy_hint />
            <Choice
                name="asserted_identity"
                label=t.asserted_identity
                value=draft.asserted_identity
                options=headers.clone()
                hint=t.asserted_identity_hint
            />
            <Area
                name="asserted_rules"
                label=t.asserted_rules
                value=draft.asserted_rules
                hint=t.asserted_rules_hint
                rows=2
            />
            <Choice
                name="preferred_identity"
                label=t.preferred_identity
                value=draft.preferred_identity
                options=headers
                hint=t.preferred_identity_hint
            />
            <Choice
                name="peer_number"
                label=t.peer_number
                value=draft.peer_number
                options=peers
                hint=t.peer_number_hint
            />
            <Tick name="local_domain" label=t.local_domain value=draft.local_domain hint=t.local_domain_hint />
            <Tick name="user_phone" label=t.user_phone value=draft.user_phone hint=t.user_phone_hint />
            <Area
                name="custom_headers"
                label=t.custom_headers
                value=draft.custom_headers
                hint=t.custom_headers_hint
            />
            <Area
                name="passed_headers"
                label=t.passed_headers
                value=draft.passed_headers
                hint=t.passed_headers_hint
                rows=2
            />
        </fieldset>
    }
}
