//! What programs send by mistake or by intent.

use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};

use crate::fixture::{Answer, World};

async fn sent(world: &World, content_type: Option<&str>, body: impl Into<Body>) -> Answer {
    let mut request = Request::builder()
        .method("POST")
        .uri("/api/v1/accounts")
        .header(header::AUTHORIZATION, format!("Bearer {}", world.key));
    if let Some(content_type) = content_type {
        request = request.header(header::CONTENT_TYPE, content_type);
    }
    world.raw(request.body(body.into()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_told_as_what_it_is() {
    let world = World::new().await;
    sent(&world, None, "{}").await.expect(415);
    sent(&world, Some("text/plain"), "{}").await.expect(415);
    for broken in ["", "{", "\u{0}", "{\"name\":}", "nonsense"] {
        sent(&world, Some("application/json"), broken).await.expect(400);
    }
    sent(&world, Some("application/json"), vec![0xff, 0xfe]).await.expect(400);
    sent(&world, Some("application/json"), "[".repeat(100_000)).await.expect(400);
    sent(&world, Some("application/json"), r#"["A", "customer", "USD"]"#).await.expect(422);
    let large = json!({ "name": "x".repeat(2_000_000) }).to_string();
    sent(&world, Some("application/json"), large.clone()).await.expect(413);
    let request = Request::builder()
        .method("POST")
        .uri("/api/v1/accounts")
        .header(header::AUTHORIZATION, format!("Bearer {}", world.key))
        .header(header::CONTENT_TYPE, "application/json")
        .header("idempotency-key", "large")
        .body(Body::from(large))
        .unwrap();
    world.raw(request).await.expect(413);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_told_by_its_name() {
    let world = World::new().await;
    let sent = async |body: Value| world.write("POST", "/api/v1/accounts", &[], body).await.expect(422);
    assert_eq!(sent(json!({})).await.fields(), ["name"]);
    assert_eq!(sent(json!([])).await.fields(), [""]);
    let wrong_type = json!({ "name": "A", "kind": "customer", "currency": "USD", "precision": "four" });
    assert_eq!(sent(wrong_type).await.fields(), ["precision"]);
    let amount = json!({ "name": "A", "kind": "customer", "currency": "USD", "credit_limit": 1.5 });
    assert_eq!(sent(amount).await.fields(), ["credit_limit"], "no floating point for money");
    let unknown = json!({ "name": "A", "kind": "customer", "currency": "USD", "balance": "5" });
    assert_eq!(sent(unknown).await.fields(), ["balance"]);
    let hostile = json!({
        "name": "a\u{0}b", "kind": "'; drop table x", "currency": "DOLLARS", "precision": 7, "credit_limit": "-1",
        "status": "asleep",
    });
    let answer = sent(hostile).await;
    assert_eq!(answer.fields(), ["name", "kind", "currency", "precision", "credit_limit", "status"]);
    let nobody = json!({ "name": "A", "kind": "customer", "currency": "USD", "rate_table": 999 });
    let answer = sent(nobody).await;
    assert_eq!(answer.fields(), ["rate_table"]);
    assert_eq!(answer.json["errors"][0]["message"], "there is no such rate table");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_cannot_be_understood_is_refused_at_its_key() {
    let world = World::new().await;
    for (query, field) in [
        ("accounts?colour=red", "colour"),
        ("accounts?limit=0", "limit"),
        ("accounts?limit=501", "limit"),
        ("accounts?limit=ten", "limit"),
        ("accounts?cursor=zz", "cursor"),
        ("accounts?kind=friend", "kind"),
        ("accounts?search=a%00b", "search"),
        ("cdrs?from=yesterday", "from"),
        ("cdrs?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z", "to"),
        ("cdrs?caller=44%25", "caller"),
        ("cdrs?account=x", "account"),
        ("cdrs?end_reason=Boredom", "end_reason"),
        ("cdrs?answered=maybe", "answered"),
        ("cdrs/totals?cursor=31", "cursor"),
        ("audit?to=0001-01-01T00:00:00Z", "to"),
        ("audit?subject=%00", "subject"),
        ("parameters?cursor=31", "cursor"),
        ("calls?cursor=31", "cursor"),
    ] {
        let answer = world.get(&format!("/api/v1/{query}")).await;
        assert_eq!(answer.status.as_u16(), 400, "{query}: {}", answer.text);
        assert_eq!(answer.fields(), [field], "{query}: {}", answer.text);
    }
}
