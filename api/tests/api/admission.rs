//! Tokens, paces, keys and what is not there.

use domain::{Permission, Permissions};
use serde_json::json;

use crate::fixture::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_sends_too_much_is_told_when_to_go_on() {
    let world = World::with_pace(api::Pace { burst: 3, per_second: 1 }).await;
    let other = world.token("Other", Permissions::of(&[Permission::ViewAccounts])).await;
    for _ in 0..3 {
        world.get("/api/v1/accounts").await.expect(200);
    }
    let answer = world.get("/api/v1/accounts").await.expect(429);
    assert_eq!(answer.header("retry-after"), "1");
    world.ask(&other, "GET", "/api/v1/accounts").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_keys_is_slowed_down() {
    let world = World::new().await;
    let mut told = Vec::new();
    for n in 0..40 {
        let key = format!("tdm_{n:043}");
        told.push(world.ask(&key, "GET", "/api/v1/accounts").await.status.as_u16());
    }
    assert_eq!(told[0], 401);
    assert_eq!(told[39], 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_token_is_taken_no_more() {
    let world = World::new().await;
    let key = world.token("Short-lived", Permissions::of(&[Permission::ManageTokens])).await;
    let list = world.ask(&key, "GET", "/api/v1/tokens").await.expect(200);
    assert!(!list.text.contains(&key[10..]), "keys are shown once");
    let own = list.json["items"].as_array().unwrap().iter().find(|t| t["name"] == "Short-lived").unwrap();
    let path = format!("/api/v1/tokens/{}", own["id"]);
    world.ask(&key, "DELETE", &path).await.expect(204);
    world.ask(&key, "GET", "/api/v1/tokens").await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_a_problem_too() {
    let world = World::new().await;
    for path in [
        "/api",
        "/api/v1",
        "/api/v2/accounts",
        "/api/v1/nothing",
        "/api/v1/accounts/x",
        "/api/v1/accounts/1/2",
    ] {
        let answer = world.get(path).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
    }
    let answer = world.ask(&world.key, "PATCH", "/api/v1/accounts").await.expect(405);
    assert_eq!(answer.json["type"], "urn:tandem:problem:method-not-allowed");
    assert!(answer.header("allow").contains("POST"), "{:?}", answer.headers);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_is_served_to_everybody() {
    let world = World::new().await;
    let answer = world.ask("", "GET", "/api/v1/openapi.json").await.expect(200);
    assert_eq!(answer.json, api::document());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_away_is_a_problem_and_no_fault() {
    let world = World::new().await;
    world.pool.close().await;
    let answer = world.get("/api/v1/accounts").await.expect(503);
    assert_eq!(answer.json["type"], "urn:tandem:problem:unavailable");
    assert_eq!(answer.header("retry-after"), "5");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_may_number_its_requests() {
    let world = World::new().await;
    let ask = async |id: &str| {
        let answer = world.send(&world.key, "GET", "/api/v1/accounts", &[("x-request-id", id)], None).await;
        answer.header("x-request-id").to_owned()
    };
    assert_eq!(ask("job-7").await, "job-7");
    assert_ne!(ask("a b").await, "a b");
    assert_eq!(ask(&"x".repeat(65)).await.len(), 32);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_audit_log_names_the_person_and_the_token() {
    let world = World::new().await;
    let body = json!({ "name": "Acme", "kind": "customer", "currency": "USD" });
    world.write("POST", "/api/v1/accounts", &[], body).await.expect(201);
    let lines = world.get("/api/v1/audit?subject=acme&action=create").await.expect(200);
    assert_eq!(lines.json["items"][0]["user_name"], "ann (token Everything)");
    assert_eq!(lines.json["items"][0]["subject"], "account \"Acme\"");
    let changes = lines.json["items"][0]["changes"].as_array().unwrap();
    assert!(changes.contains(&json!({ "field": "name", "before": null, "after": "Acme" })), "{changes:?}");
    let none = world.get("/api/v1/audit?person=nobody").await.expect(200);
    assert_eq!(none.json["items"], json!([]));
}
