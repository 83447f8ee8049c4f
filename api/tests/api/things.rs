//! Things are made, read, changed and removed.

use serde_json::{Value, json};

use crate::fixture::World;

/// Without what moves by itself.
fn lasting(mut thing: Value) -> Value {
    if let Some(fields) = thing.as_object_mut() {
        fields.retain(|name, _| name != "held" && name != "available");
    }
    thing
}

/// Makes, reads, changes and removes one thing, with every refusal on the way.
async fn life(world: &World, list: &str, first: Value, second: Value, wrong: (Value, &str)) {
    let made = world.write("POST", list, &[], first.clone()).await.expect(201);
    let place = made.header("location").to_owned();
    let tag = made.header("etag").to_owned();
    assert!(place.starts_with(list) && tag.starts_with('"'), "{place} {tag}");
    for (field, value) in first.as_object().unwrap() {
        assert_eq!(&made.json[field], value, "{field}");
    }
    let read = world.get(&place).await.expect(200);
    assert_eq!(read.header("etag"), tag);
    let made = lasting(made.json);
    assert_eq!(lasting(read.json), made);
    let listed = world.get(list).await.expect(200);
    let listed = listed.json["items"].as_array().unwrap().iter().cloned().map(lasting);
    assert_eq!(listed.filter(|thing| *thing == made).count(), 1);

    world.write("PUT", &place, &[], second.clone()).await.expect(428);
    let refused = world.write("PUT", &place, &[("if-match", &tag)], wrong.0).await.expect(422);
    assert_eq!(refused.fields(), [wrong.1]);
    let changed = world.write("PUT", &place, &[("if-match", &tag)], second.clone()).await.expect(200);
    assert_ne!(changed.header("etag"), tag);
    for (field, value) in second.as_object().unwrap() {
        assert_eq!(&changed.json[field], value, "{field}");
    }
    // Whoever still has the first version is told both.
    let stale = world.write("PUT", &place, &[("if-match", &tag)], first.clone()).await.expect(412);
    assert_eq!(lasting(stale.json["current"].clone()), lasting(changed.json.clone()));
    for (field, value) in first.as_object().unwrap() {
        assert_eq!(&stale.json["sent"][field], value, "{field}");
    }
    assert_eq!(lasting(world.get(&place).await.json), lasting(changed.json.clone()));

    world.ask(&world.key, "DELETE", &place).await.expect(428);
    world.send(&world.key, "DELETE", &place, &[("if-match", &tag)], None).await.expect(412);
    let tag = changed.header("etag");
    let gone = world.send(&world.key, "DELETE", &place, &[("if-match", tag)], None).await.expect(204);
    assert_eq!(gone.text, "");
    world.get(&place).await.expect(404);
    world.remove(&place).await.expect(404);
    world.write("PUT", &place, &[("if-match", "*")], second).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_has_a_life() {
    let world = World::new().await;
    let first = json!({ "name": "Acme", "kind": "customer", "currency": "USD" });
    let second = json!({
        "name": "Acme Ltd", "kind": "customer", "currency": "EUR", "precision": 2, "credit_limit": "100.00",
        "rate_table": null, "status": "locked", "agent": null,
    });
    let wrong = json!({ "name": "Acme", "kind": "customer", "currency": "USD", "credit_limit": "lots" });
    life(&world, "/api/v1/accounts", first, second, (wrong, "credit_limit")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_have_a_life() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let (vendor, _) = world.vendor().await;
    let first = json!({ "name": "In", "account": tenant.account.0, "sources": ["192.0.2.77"] });
    let second = json!({
        "name": "In 2", "account": tenant.account.0, "sources": ["192.0.2.77:5062", "198.51.100.0/24"],
        "max_calls": 30, "enabled": false, "parameters": { "SS_MAXCALLDURATION": "3600" },
        "identity": { "caller_field": "remote_party_id", "callee_field": "to", "support_privacy": true },
    });
    let wrong = json!({
        "name": "In", "account": tenant.account.0, "sources": ["192.0.2.77"], "parameters": { "SS_NONSENSE": "1" },
    });
    life(&world, "/api/v1/mapping-gateways", first, second, (wrong, "SS_NONSENSE")).await;

    let first =
        json!({ "name": "Out", "account": vendor.0, "address": "198.51.100.9:5060", "prefixes": [""] });
    let second = json!({
        "name": "Out 2", "account": vendor.0, "address": "198.51.100.9:5070", "transport": "tls", "prefixes": ["1", "44"],
        "prefix_mode": "expiration", "priority": 7, "max_calls": null, "enabled": true, "parameters": {},
        "identity": {
            "privacy": "id", "asserted_identity": "caller", "preferred_identity": "passthrough",
            "asserted_rules": ["00=+", "0=+49"], "peer_number": "display", "local_domain": true, "user_phone": true,
            "custom_headers": ["X-Carrier: a, b"], "passed_headers": ["*"],
        },
    });
    let wrong = json!({ "name": "Out", "account": vendor.0, "address": "0.0.0.0" });
    life(&world, "/api/v1/routing-gateways", first, second, (wrong, "address")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_gateway_may_not_say_is_told_at_its_field() {
    let world = World::new().await;
    let (vendor, _) = world.vendor().await;
    for (identity, field) in [
        (json!({ "custom_headers": ["X-A: b\r\nVia: SIP/2.0/UDP evil"] }), "custom_headers"),
        (json!({ "custom_headers": ["Contact: <sip:evil>"] }), "custom_headers"),
        (json!({ "passed_headers": ["*", "Route"] }), "passed_headers"),
        (json!({ "privacy": "ignore" }), "privacy"),
        (json!({ "asserted_rules": ["0=1", "0=2"] }), "asserted_rules"),
        (json!({ "peer_number": "P-Asserted-Identity" }), "peer_number"),
    ] {
        let body =
            json!({ "name": "Out", "account": vendor.0, "address": "198.51.100.9", "identity": identity });
        let refused = world.write("POST", "/api/v1/routing-gateways", &[], body).await.expect(422);
        assert_eq!(refused.fields(), [field]);
    }
    let body = json!({ "name": "Out", "account": vendor.0, "address": "198.51.100.9" });
    let made = world.write("POST", "/api/v1/routing-gateways", &[], body).await.expect(201);
    assert_eq!(made.json["identity"]["privacy"], Value::Null);
    assert_eq!(made.json["identity"]["asserted_identity"], "none");
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_have_a_life() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let (_, gateway) = world.vendor().await;
    let first = json!({ "number": "2001", "account": tenant.account.0, "address": "192.0.2.77:5060" });
    let second = json!({
        "number": "2002", "account": tenant.account.0, "display_name": "Reception", "address": "192.0.2.77:5070",
        "enabled": false, "max_contacts": 3, "max_calls": 2, "forward_always": null, "forward_busy": "14155550100",
        "forward_no_answer": format!("gateway:{gateway}"), "no_answer_after": 45, "forward_offline": "1002",
        "do_not_disturb": true, "caller_ids": ["14155550100"], "allowed_networks": ["192.0.2.9", "10.0.0.0/8"],
        "parameters": { "SS_ENDPOINT_EXPIRE": "600" },
    });
    let wrong = json!({ "number": "2001", "account": tenant.account.0, "address": "example.org" });
    life(&world, "/api/v1/phones", first, second, (wrong, "address")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_has_a_life_and_its_secret_is_never_told() {
    const SECRET: &str = "whsec_MDEyMzQ1Njc4OWFiY2RlZg==";
    let world = World::new().await;
    let list = "/api/v1/webhooks";
    let body = |events: Value, secret: Option<&str>| json!({ "name": "CRM", "url": "https://crm.example/x", "events": events, "secret": secret });
    for (wrong, field) in [
        (body(json!(["phone.online"]), None), "secret"),
        (body(json!(["phone.online"]), Some("short")), "secret"),
        (body(json!([]), Some(SECRET)), "events"),
        (body(json!(["phone.stolen"]), Some(SECRET)), "events"),
        (body(json!(["test"]), Some(SECRET)), "events"),
    ] {
        assert_eq!(world.write("POST", list, &[], wrong).await.expect(422).fields(), [field]);
    }
    let made = world.write("POST", list, &[], body(json!(["phone.online"]), Some(SECRET))).await.expect(201);
    let place = made.header("location").to_owned();
    let first = json!({ "name": "CRM", "url": "http://crm.example:8080/y", "events": ["gateway.offline"], "enabled": false });
    let tag = made.header("etag").to_owned();
    let changed = world.write("PUT", &place, &[("if-match", &tag)], first.clone()).await.expect(200);
    for (field, value) in first.as_object().unwrap() {
        assert_eq!(&changed.json[field], value, "{field}");
    }
    let stale = world
        .write("PUT", &place, &[("if-match", &tag)], body(json!(["test"]), Some(SECRET)))
        .await
        .expect(412);
    assert!(!stale.text.contains(SECRET), "{}", stale.text);

    world.ask(&world.key, "POST", &format!("{place}/test")).await.expect(204);
    let on_its_way = world.get(&format!("{place}/deliveries")).await.expect(200).json;
    let test = &on_its_way["items"][0];
    assert_eq!(
        (&test["type"], &test["state"], &test["attempts"]),
        (&json!("test"), &json!("waiting"), &json!(0))
    );
    let resend = format!("{place}/deliveries/{}/resend", test["id"]);
    world.ask(&world.key, "POST", &resend).await.expect(204);
    world.ask(&world.key, "POST", &format!("{place}/deliveries/999999/resend")).await.expect(404);
    world.get(&format!("{place}/deliveries?state=lost")).await.expect(400);
    for text in [world.get(list).await.text, world.get("/api/v1/audit").await.text] {
        assert!(!text.contains(SECRET), "{text}");
    }
    world.remove(&place).await.expect(204);
    world.get(&place).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phones_password_is_asked_for_once_and_never_told() {
    const PASSWORD: &str = "quiet-Heron-42";
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let phone = |password: Option<&str>| json!({ "number": "2001", "account": tenant.account.0, "password": password });
    let refused = world.write("POST", "/api/v1/phones", &[], phone(None)).await.expect(422);
    assert_eq!(refused.fields(), ["password"]);
    let refused = world.write("POST", "/api/v1/phones", &[], phone(Some("short"))).await.expect(422);
    assert_eq!(refused.fields(), ["password"]);
    let made = world.write("POST", "/api/v1/phones", &[], phone(Some(PASSWORD))).await.expect(201);
    assert_eq!((&made.json["has_password"], &made.json["state"]), (&true.into(), &"offline".into()));
    let (place, tag) = (made.header("location"), made.header("etag"));
    let kept = world.write("PUT", place, &[("if-match", tag)], phone(None)).await.expect(200);
    assert_eq!(kept.json["has_password"], true);
    let stale =
        world.write("PUT", place, &[("if-match", "\"999\"")], phone(Some(PASSWORD))).await.expect(412);
    let listed = world.get("/api/v1/phones?search=2001&state=offline").await.expect(200);
    assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
    let audit = world.get("/api/v1/audit").await.expect(200);
    for answer in [made.text, kept.text, stale.text, listed.text, audit.text] {
        assert!(!answer.contains(PASSWORD), "{answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_with_users_keep_their_passwords_to_themselves() {
    const PASSWORD: &str = "quiet-Heron-42";
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let (vendor, _) = world.vendor().await;
    for (list, body) in [
        (
            "/api/v1/mapping-gateways",
            json!({ "name": "Roaming", "account": tenant.account.0, "user": "roaming" }),
        ),
        (
            "/api/v1/routing-gateways",
            json!({ "name": "Asks", "account": vendor.0, "address": "198.51.100.77:5060", "user": "us" }),
        ),
    ] {
        let refused = world.write("POST", list, &[], body.clone()).await.expect(422);
        assert_eq!(refused.fields(), ["password"]);
        let mut full = body.clone();
        full["password"] = PASSWORD.into();
        let made = world.write("POST", list, &[], full.clone()).await.expect(201);
        assert_eq!((&made.json["user"], &made.json["has_password"]), (&body["user"], &true.into()));
        let (place, tag) = (made.header("location"), made.header("etag"));
        let kept = world.write("PUT", place, &[("if-match", tag)], body).await.expect(200);
        assert_eq!(kept.json["has_password"], true);
        let stale = world.write("PUT", place, &[("if-match", "\"999\"")], full).await.expect(412);
        let listed = world.get(list).await.expect(200);
        for answer in [&made.text, &kept.text, &stale.text, &listed.text] {
            assert!(!answer.contains(PASSWORD), "{answer}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_suspended_cannot_be_released() {
    let world = World::new().await;
    let none = world.get("/api/v1/suspensions").await.expect(200);
    assert_eq!(none.json["items"].as_array().unwrap().len(), 0);
    let release = async |body| world.write("POST", "/api/v1/suspensions/release", &[], body).await;
    assert_eq!(release(json!({})).await.expect(422).fields(), ["user"]);
    assert_eq!(release(json!({ "address": "here" })).await.expect(422).fields(), ["address"]);
    release(json!({ "user": "1001", "address": "192.0.2.7" })).await.expect(404);
    assert!(!world.get("/api/v1/audit").await.expect(200).text.contains("suspension"));
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_are_listed_by_number_a_page_by_key() {
    let world = World::new().await;
    let (acme, zeta) = (world.tenant("Acme", 1).await, world.tenant("Zeta", 2).await);
    let numbers = |answer: &Value| -> Vec<String> {
        let items = answer["items"].as_array().unwrap();
        items.iter().map(|phone| phone["number"].as_str().unwrap().to_owned()).collect()
    };
    let first = world.get("/api/v1/phones?limit=1").await.expect(200);
    assert_eq!(numbers(&first.json), ["1001"]);
    let second = world.get(first.json["next"].as_str().unwrap()).await.expect(200);
    assert_eq!((numbers(&second.json), &second.json["next"]), (vec!["1002".to_owned()], &Value::Null));
    let own = world.get(&format!("/api/v1/phones?account={}", zeta.account)).await.expect(200);
    assert_eq!(numbers(&own.json), ["1002"]);
    world.get("/api/v1/phones?state=asleep").await.expect(400);
    let one = world.get(&format!("/api/v1/phones/{}", acme.phone)).await.expect(200);
    assert_eq!((&one.json["state"], &one.json["display_name"]), (&"fixed".into(), &"Acme desk".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_have_a_life() {
    let world = World::new().await;
    let first = json!({ "name": "Carrier", "server": "sip.example.com", "user": "441234" });
    let second = json!({
        "name": "Carrier 2", "server": "sip.example.net:5070", "proxy": "[2001:db8::1]:5062", "user": "441235",
        "auth_user": "trunk-7", "contact": "192.0.2.1:5062", "period": "300", "transport": "tcp", "enabled": false,
    });
    let wrong = json!({ "name": "Carrier", "server": "sip.example.com", "user": "441234", "period": "19" });
    life(&world, "/api/v1/registrations", first, second, (wrong, "period")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rate_tables_and_their_rates_have_a_life() {
    let world = World::new().await;
    let first = json!({ "name": "Retail", "currency": "USD" });
    let second = json!({ "name": "Retail 2", "currency": "EUR", "billing_unit": 60 });
    let wrong = json!({ "name": "Retail", "currency": "USD", "billing_unit": 0 });
    life(&world, "/api/v1/rate-tables", first, second, (wrong, "billing_unit")).await;

    let tenant = world.tenant("Acme", 1).await;
    let rates = format!("/api/v1/rate-tables/{}/rates", tenant.table);
    let first = json!({ "prefix": "1", "destination": "USA", "rate": "0.0100" });
    let second = json!({
        "prefix": "12", "destination": "", "rate": "0.000000001", "connect_fee": "0.05", "billing_unit": 6,
    });
    let taken = json!({ "prefix": "44", "rate": "0.01" });
    life(&world, &rates, first, second, (taken, "prefix")).await;

    // A rate is found in its own table alone.
    let other = world.tenant("Zeta", 2).await;
    world.get(&format!("{rates}/{}", other.rate)).await.expect(404);
    world.get(&format!("{rates}/{}", tenant.rate)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_use_stays() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let answer = world.remove(&format!("/api/v1/accounts/{}", tenant.account)).await.expect(409);
    assert!(answer.json["detail"].as_str().unwrap().contains("Acme trunk"), "{}", answer.text);
    let answer = world.remove(&format!("/api/v1/rate-tables/{}", tenant.table)).await.expect(409);
    assert_eq!(answer.json["type"], "urn:tandem:problem:in-use");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_reaches_the_running_switch() {
    let world = World::new().await;
    let body = json!({ "name": "Acme", "kind": "customer", "currency": "USD", "credit_limit": "7.00" });
    let made = world.write("POST", "/api/v1/accounts", &[], body).await.expect(201);
    let place = made.header("location");
    for _ in 0..100 {
        let seen = world.get(place).await.expect(200);
        if seen.json["available"] == "7.00" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the switch does not know the account after five seconds");
}
