//! What vendors cost is told to those alone who may know.

use domain::{Permission, Permissions};
use serde_json::Value;

use crate::fixture::World;

const DAY: &str = "from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z";

#[tokio::test(flavor = "multi_thread")]
async fn the_way_of_a_call_and_its_cost_need_their_own_permission() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let (vendor, _) = world.vendor().await;
    let plain = world.token("Calls", Permissions::of(&[Permission::ViewCdrs])).await;
    let costs = Permissions::of(&[Permission::ViewCdrs, Permission::ViewCosts]);
    let costs = world.token("Costs", costs).await;

    let one = format!("/api/v1/cdrs/{}", tenant.call);
    let seen = world.ask(&costs, "GET", &one).await.expect(200);
    assert_eq!(seen.json["routing_gateway_name"], "Vendor trunk");
    assert_eq!(seen.json["destination"], "198.51.100.1:5060");
    let hidden = world.ask(&plain, "GET", &one).await.expect(200);
    assert_eq!(hidden.json["customer"]["amount"], "0.03");
    for field in ["routing_gateway", "routing_gateway_name", "destination", "call_id_out", "vendor", "profit"]
    {
        assert_eq!(hidden.json[field], Value::Null, "{field}");
    }
    assert!(!hidden.text.contains("Vendor") && !hidden.text.contains("198.51.100.1"));

    let list = format!("/api/v1/cdrs?{DAY}");
    let seen = world.ask(&costs, "GET", &list).await.expect(200);
    assert_eq!(seen.json["items"][0]["routing_gateway_name"], "Vendor trunk");
    let hidden = world.ask(&plain, "GET", &list).await.expect(200);
    assert_eq!(hidden.json["items"][0]["fee"], "0.03");
    assert!(!hidden.text.contains("Vendor"), "{}", hidden.text);
    let totals = world.ask(&plain, "GET", &format!("/api/v1/cdrs/totals?{DAY}")).await.expect(200);
    assert_eq!((&totals.json["calls"], &totals.json["amounts"][0]["cost"]), (&1.into(), &Value::Null));

    // Nor can it be found out by asking for it.
    for condition in ["routing_gateway=777".to_owned(), format!("account={vendor}")] {
        let answer = world.ask(&plain, "GET", &format!("{list}&{condition}")).await.expect(403);
        assert!(answer.text.contains("ViewGateways"));
        world.ask(&costs, "GET", &format!("{list}&{condition}")).await.expect(200);
    }
    world.ask(&plain, "GET", &format!("{list}&account={}", tenant.account)).await.expect(200);

    // Whoever sees the vendors' gateways sees which one a call took, and still not what it cost.
    let routes = Permissions::of(&[Permission::ViewCdrs, Permission::ViewGateways]);
    let routes = world.token("Routes", routes).await;
    let seen = world.ask(&routes, "GET", &one).await.expect(200);
    assert_eq!(seen.json["routing_gateway_name"], "Vendor trunk");
    assert_eq!((&seen.json["vendor"], &seen.json["profit"]), (&Value::Null, &Value::Null));
    let seen = world.ask(&routes, "GET", &list).await.expect(200);
    assert_eq!(
        (&seen.json["items"][0]["routing_gateway"], &seen.json["items"][0]["cost"]),
        (&777.into(), &Value::Null)
    );
}
