//! What gateways say of who calls: kept, told in the audit log, and never changed unseen.

use domain::{
    AuditFilter, CallerField, GatewayPrivacy, OutgoingIdentityDraft, PassedHeaders, RoutingGatewayDraft,
};
use store::{Scope, StoreError, audit, mapping_gateways, routing_gateways, snapshot};

use crate::fixture::{Carrier, actor};

#[tokio::test]
async fn a_change_of_an_identity_is_kept_and_told_field_by_field() {
    let c = Carrier::new().await;
    let gateway = routing_gateways::find(&c.pool, &Scope::All, c.vendor_trunk).await.unwrap();
    let mut draft = RoutingGatewayDraft::from(&gateway.settings);
    draft.identity = OutgoingIdentityDraft {
        privacy: "id".into(),
        asserted_identity: "caller".into(),
        custom_headers: "X-Carrier: a, b\nX-Tier: \"gold\"".into(),
        passed_headers: "*".into(),
        ..Default::default()
    };
    let settings = draft.check().unwrap();
    routing_gateways::update(&c.pool, &actor(), gateway.id, gateway.version, &settings).await.unwrap();
    let kept = &snapshot::load(&c.pool).await.unwrap().routing_gateways[0].settings;
    assert_eq!(kept, &settings);
    assert_eq!(kept.identity.passed_headers, PassedHeaders::All);
    let rows = audit::list(&c.pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap().rows;
    let told: Vec<_> = rows[0]
        .changes
        .iter()
        .map(|change| (change.field.as_str(), change.after.as_deref().unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            ("identity.asserted_identity", "caller"),
            ("identity.custom_headers", "X-Carrier: a, b, X-Tier: \"gold\""),
            ("identity.passed_headers", "*"),
            ("identity.privacy", "id"),
        ]
    );
    let stale =
        routing_gateways::update(&c.pool, &actor(), gateway.id, gateway.version, &gateway.settings).await;
    assert!(matches!(stale, Err(StoreError::Conflict { .. })));
}

#[tokio::test]
async fn a_mapping_gateways_fields_are_kept() {
    let c = Carrier::new().await;
    let gateway = mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap();
    let mut settings = gateway.settings.clone();
    settings.identity.caller_field = CallerField::AssertedIdentity;
    settings.identity.support_privacy = true;
    mapping_gateways::update(&c.pool, &actor(), gateway.id, gateway.version, &settings).await.unwrap();
    let kept = mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap();
    assert_eq!(kept.settings, settings);
}

/// What a later build wrote is read as far as this one knows it; what it cannot read at all is told and not guessed.
#[tokio::test]
async fn unknown_parts_of_an_identity_are_passed_over_and_unknown_words_are_not() {
    let c = Carrier::new().await;
    let write = async |text: &'static str| {
        sqlx::query("update sip.routing_gateways set identity = $1::jsonb").bind(text).execute(&c.pool).await
    };
    write(r#"{"privacy": "id", "colour": "red"}"#).await.unwrap();
    let gateway = routing_gateways::find(&c.pool, &Scope::All, c.vendor_trunk).await.unwrap();
    assert_eq!(gateway.settings.identity.privacy, Some(GatewayPrivacy::Id));
    write(r#"{"custom_headers": ["Via: x"]}"#).await.unwrap();
    let unread = routing_gateways::find(&c.pool, &Scope::All, c.vendor_trunk).await;
    assert!(matches!(unread, Err(StoreError::Unreadable { .. })), "{unread:?}");
    assert!(write("[]").await.is_err(), "the table keeps out what is no object");
}
