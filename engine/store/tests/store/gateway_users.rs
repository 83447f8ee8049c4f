//! Gateways with users: their sealed passwords, in both directions.

use domain::{MappingGatewayDraft, RoutingGatewayDraft};
use store::{Scope, Seal, mapping_gateways, routing_gateways, snapshot};

use crate::{
    fixture::{Carrier, actor, refused_at, seal},
    phones::{self, PASSWORD, phone},
};

#[tokio::test]
async fn a_gateway_with_a_user_keeps_its_password_sealed_and_its_user_to_itself() {
    let c = Carrier::new().await;
    let by_password = |user: &str| MappingGatewayDraft {
        name: format!("Gateway {user}"),
        account: c.acme.to_string(),
        user: user.into(),
        password: PASSWORD.into(),
        enabled: "on".into(),
        ..Default::default()
    };
    let create = async |draft: &MappingGatewayDraft| {
        let (settings, password) = (draft.check().unwrap(), draft.new_password());
        mapping_gateways::create_with(&c.pool, &actor(), &seal(), &settings, password.as_ref()).await
    };
    let id = create(&by_password("acme")).await.unwrap();
    let again = MappingGatewayDraft { name: "Another".into(), ..by_password("acme") };
    assert_eq!(refused_at(create(&again).await), "user");
    let without = MappingGatewayDraft { password: String::new(), ..by_password("zeta") };
    assert_eq!(refused_at(create(&without).await), "password");
    // Credentials name a phone or a gateway, never both.
    phones::create(&c, &phone("1001", c.acme)).await.unwrap();
    assert_eq!(refused_at(create(&by_password("1001")).await), "user");
    create(&by_password("1002")).await.unwrap();
    assert_eq!(refused_at(phones::create(&c, &phone("1002", c.acme)).await), "number");

    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    let keys = picture.mapping_gateway_keys[&id].clone();
    assert_eq!((keys.md5.len(), keys.sha256.len()), (32, 64));
    assert!(snapshot::load(&c.pool).await.unwrap().mapping_gateway_keys.is_empty());
    assert!(
        snapshot::load_with(&c.pool, &Seal::new(&[4; 32])).await.unwrap().mapping_gateway_keys.is_empty()
    );

    let update = async |draft: &MappingGatewayDraft| {
        let version = mapping_gateways::find(&c.pool, &Scope::All, id).await.unwrap().version;
        let (settings, password) = (draft.check().unwrap(), draft.new_password());
        let (by, seal) = (actor(), seal());
        mapping_gateways::update_with(&c.pool, &by, &seal, id, version, &settings, password.as_ref()).await
    };
    let kept = MappingGatewayDraft { password: String::new(), max_calls: "5".into(), ..by_password("acme") };
    update(&kept).await.unwrap();
    let after = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!(after.mapping_gateway_keys[&id], keys);
    let renamed =
        MappingGatewayDraft { password: String::new(), user: "other".into(), ..by_password("acme") };
    assert_eq!(refused_at(update(&renamed).await), "password");
    let by_address = MappingGatewayDraft { sources: "192.0.2.99".into(), user: String::new(), ..renamed };
    update(&by_address).await.unwrap();
    assert!(!mapping_gateways::has_password(&c.pool, &Scope::All, id).await.unwrap());
    let everything: String = sqlx::query_scalar("select string_agg(a::text, ' ') from portal.audit_log a")
        .fetch_one(&c.pool)
        .await
        .unwrap();
    assert!(!everything.contains(PASSWORD) && !everything.contains(&*keys.md5));
}

#[tokio::test]
async fn what_a_vendor_asks_of_us_is_sealed_too_and_goes_with_the_user() {
    let c = Carrier::new().await;
    let draft = RoutingGatewayDraft {
        name: "Asks".into(),
        account: c.vendor.to_string(),
        address: "198.51.100.77".into(),
        prefix_mode: "extension".into(),
        priority: "10".into(),
        user: "us".into(),
        password: "x".into(),
        ..Default::default()
    };
    let (settings, password) = (draft.check().unwrap(), draft.new_password());
    assert_eq!(
        refused_at(routing_gateways::create_with(&c.pool, &actor(), &seal(), &settings, None).await),
        "password"
    );
    let id = routing_gateways::create_with(&c.pool, &actor(), &seal(), &settings, password.as_ref())
        .await
        .unwrap();
    let picture = snapshot::load_with(&c.pool, &seal()).await.unwrap();
    assert_eq!(picture.routing_gateway_passwords[&id].expose(), "x");
    let gateway = routing_gateways::find(&c.pool, &Scope::All, id).await.unwrap();
    assert_eq!(gateway.settings, settings);
    routing_gateways::update(&c.pool, &actor(), id, gateway.version, &settings).await.unwrap();
    assert!(routing_gateways::has_password(&c.pool, &Scope::All, id).await.unwrap());
    let plain =
        RoutingGatewayDraft { user: String::new(), password: String::new(), ..draft }.check().unwrap();
    let version = routing_gateways::find(&c.pool, &Scope::All, id).await.unwrap().version;
    routing_gateways::update_with(&c.pool, &actor(), &seal(), id, version, &plain, None).await.unwrap();
    assert!(snapshot::load_with(&c.pool, &seal()).await.unwrap().routing_gateway_passwords.is_empty());
}
