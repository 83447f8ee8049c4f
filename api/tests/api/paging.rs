//! Lists come in pages that lose and repeat nothing.

use serde_json::Value;

use crate::fixture::World;

/// What names every entry of a list, read `limit` at a time by following its links.
async fn walk(world: &World, path: &str, limit: usize) -> Vec<Value> {
    let name = if path == "/api/v1/parameters" { "name" } else { "id" };
    let gap = if path.contains('?') { '&' } else { '?' };
    let (mut seen, mut next) = (Vec::new(), Some(format!("{path}{gap}limit={limit}")));
    while let Some(page) = next {
        let answer = world.get(&page).await.expect(200);
        let items = answer.json["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        seen.extend(items.iter().map(|item| item[name].clone()));
        next = answer.json["next"].as_str().map(str::to_owned);
        match &next {
            Some(next) => assert_eq!(answer.header("link"), format!("<{next}>; rel=\"next\"")),
            None => assert_eq!(answer.header("link"), ""),
        }
        assert!(seen.len() < 1000, "{path} does not end");
    }
    seen
}

async fn is_whole(world: &World, path: &str, count: usize) {
    let whole = walk(world, path, 500).await;
    assert_eq!(whole.len(), count, "{path}");
    assert!(!whole.contains(&Value::Null), "{path}");
    for limit in [1, 2, 3] {
        assert_eq!(walk(world, path, limit).await, whole, "{path} by {limit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_is_read_whole_by_its_links() {
    let world = World::with_pace(api::Pace { burst: 5000, per_second: 1000 }).await;
    let mut tenants = Vec::new();
    for n in 1..=4 {
        tenants.push(world.tenant(&format!("Tenant {n}"), n).await);
    }
    world.vendor().await;
    let rates = format!("/api/v1/rate-tables/{}/rates", tenants[0].table);
    for prefix in ["1", "12", "4420", "7*#", ""] {
        let body = serde_json::json!({ "prefix": prefix, "rate": "0.01" });
        world.write("POST", &rates, &[], body).await.expect(201);
    }
    let payments = format!("/api/v1/accounts/{}/payments", tenants[0].account);
    for amount in ["1", "2", "3"] {
        world.write("POST", &payments, &[], serde_json::json!({ "amount": amount })).await.expect(201);
    }
    is_whole(&world, "/api/v1/accounts", 9).await;
    is_whole(&world, "/api/v1/accounts?kind=customer&search=TENANT", 8).await;
    is_whole(&world, "/api/v1/mapping-gateways", 4).await;
    is_whole(&world, "/api/v1/routing-gateways", 1).await;
    is_whole(&world, "/api/v1/rate-tables", 4).await;
    is_whole(&world, &rates, 6).await;
    is_whole(&world, &format!("/api/v1/accounts/{}/ledger", tenants[0].account), 4).await;
    // All four started at the same moment: the id tells them apart.
    is_whole(&world, "/api/v1/cdrs?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z", 4).await;
    let one = "/api/v1/cdrs?from=2026-11-20T00:00:00Z&to=2026-11-21T00:00:00Z&caller=1202555011";
    is_whole(&world, one, 1).await;
    let lines = walk(&world, "/api/v1/audit", 500).await.len();
    is_whole(&world, "/api/v1/audit", lines).await;
    let parameters = walk(&world, "/api/v1/parameters", 500).await.len();
    assert!(parameters > 50);
    is_whole(&world, "/api/v1/parameters", parameters).await;
    is_whole(&world, "/api/v1/calls", 0).await;
}
