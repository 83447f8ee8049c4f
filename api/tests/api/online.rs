//! Who is online, and captures of what is signalled.

use std::net::UdpSocket;

use serde_json::json;

use crate::fixture::World;

#[tokio::test(flavor = "multi_thread")]
async fn gateways_are_listed_as_soon_as_they_are_in_use() {
    let world = World::new().await;
    let (_, gateway) = world.vendor().await;
    let found = world.until("/api/v1/online/gateways", |answer| !answer["items"][0].is_null()).await;
    let status = &found["items"][0];
    assert_eq!(
        (status["routing_gateway"].as_i64(), &status["name"]),
        (Some(gateway.0), &json!("Vendor trunk"))
    );
    assert_eq!(status["period"], 60);
    assert!(["waiting", "silent"].contains(&status["state"].as_str().unwrap()), "{status}");
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_are_counted_and_no_baseline_is_told_before_there_is_one() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let phone = json!({ "number": "2001", "account": tenant.account.0, "password": "quiet-Heron-42" });
    let phone = world.write("POST", "/api/v1/phones", &[], phone).await.expect(201).json;
    let phone = domain::PhoneId(phone["id"].as_i64().unwrap());
    let counted = world.get("/api/v1/online/phones").await.expect(200).json;
    assert_eq!((&counted["phones"], &counted["online"]), (&json!(1), &json!(0)), "{counted}");
    assert!(counted["baseline"].is_null());
    let pool = &world.pool;
    store::bindings::save_batch(pool, &[(phone, vec![world.binding(phone)])]).await.unwrap();
    for weeks in 1..=4 {
        let at = chrono::Utc::now() - chrono::TimeDelta::weeks(weeks);
        store::presence::sample(pool, at).await.unwrap();
    }
    let counted = world.get("/api/v1/online/phones").await.expect(200).json;
    assert_eq!(counted["online"], 1);
    assert_eq!(
        (&counted["baseline"]["usual"], &counted["baseline"]["standing"]),
        (&json!(1), &json!("usual"))
    );
    assert_eq!(
        world.get("/api/v1/online/hours").await.expect(200).json["items"].as_array().unwrap().len(),
        4
    );
    for (by, network) in [("address", "192.0.2.7/32"), ("network", "192.0.2.0/24")] {
        let origins = world.get(&format!("/api/v1/online/origins?by={by}")).await.expect(200).json;
        assert_eq!(origins["items"][0]["network"], network);
        assert_eq!(origins["items"][0]["contacts"], 1);
    }
    world.get("/api/v1/online/origins?by=planet").await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_capture_is_begun_read_as_packets_stopped_and_removed() {
    let world = World::new().await;
    let list = "/api/v1/captures";
    for (wrong, field) in [
        (json!({}), "address"),
        (json!({ "address": "192.0.2.1", "number": "44" }), "address"),
        (json!({ "address": "nowhere" }), "address"),
        (json!({ "number": "4x" }), "number"),
        (json!({ "routing_gateway": 9 }), "routing_gateway"),
        (json!({ "address": "192.0.2.1", "minutes": 1441 }), "minutes"),
        (json!({ "address": "192.0.2.1", "megabytes": 0 }), "megabytes"),
    ] {
        let refused = world.write("POST", list, &[], wrong.clone()).await.expect(422);
        assert_eq!(refused.fields(), [field], "{wrong}");
    }
    let begun =
        world.write("POST", list, &[], json!({ "address": "127.0.0.1", "minutes": 5 })).await.expect(201);
    let place = begun.header("location").to_owned();
    assert_eq!(
        (&begun.json["state"], &begun.json["by"]),
        (&json!("running"), &json!("ann (token Everything)"))
    );

    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let here = socket.local_addr().unwrap();
    let request = format!(
        "OPTIONS sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bKcapture\r\nFrom: <sip:a@{here}>;tag=1\r\n\
         To: <sip:x@127.0.0.1>\r\nCall-ID: captured-{here}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
    );
    socket.send_to(request.as_bytes(), world.sip()).unwrap();
    let shown = world.until(&place, |capture| capture["messages"].as_u64() >= Some(1)).await;
    assert!(shown["octets"].as_u64() >= Some(request.len() as u64), "{shown}");

    let file = world.get(&format!("{place}/packets")).await.expect(200);
    assert_eq!(file.header("content-type"), "application/vnd.tcpdump.pcap");
    assert!(
        file.text.starts_with("\n\r\r\n") && file.text.contains(&format!("captured-{here}")),
        "a pcapng file"
    );

    let stop = format!("{place}/stop");
    assert_eq!(world.ask(&world.key, "POST", &stop).await.expect(200).json["state"], "stopped");
    world.ask(&world.key, "POST", &stop).await.expect(200);
    world.ask(&world.key, "DELETE", &place).await.expect(204);
    world.get(&place).await.expect(404);
    world.ask(&world.key, "POST", &stop).await.expect(404);
    let audit = world.get("/api/v1/audit").await.expect(200).text;
    for action in ["start", "stop", "remove"] {
        assert_eq!(audit.matches(&format!("\"action\":\"{action}\"")).count(), 1, "{action}: {audit}");
    }
}
