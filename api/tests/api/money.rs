//! Payments, and requests that are sent twice.

use serde_json::{Value, json};

use crate::fixture::World;

async fn balance(world: &World, account: &str) -> Value {
    world.get(account).await.expect(200).json["balance"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_payment_that_is_sent_twice_is_booked_once() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let account = format!("/api/v1/accounts/{}", tenant.account);
    let payments = format!("{account}/payments");
    let five = json!({ "amount": "5.00", "note": "wire" });
    let first = world.write("POST", &payments, &[("idempotency-key", "p1")], five.clone()).await.expect(201);
    assert_eq!(first.json["balance"], "4.97");
    let again = world.write("POST", &payments, &[("idempotency-key", "p1")], five.clone()).await.expect(201);
    assert_eq!(again.text, first.text);
    assert_eq!(again.header("location"), first.header("location"));
    assert_eq!(again.header("content-type"), "application/json");
    assert_eq!((first.header("idempotent-replayed"), again.header("idempotent-replayed")), ("", "true"));
    assert_eq!(balance(&world, &account).await, "4.97");

    let other = json!({ "amount": "6.00", "note": "wire" });
    let misused =
        world.write("POST", &payments, &[("idempotency-key", "p1")], other.clone()).await.expect(422);
    assert_eq!(misused.fields(), ["Idempotency-Key"]);
    world.write("POST", &payments, &[("idempotency-key", "p2")], other).await.expect(201);
    world.write("POST", &payments, &[], five).await.expect(201);
    assert_eq!(balance(&world, &account).await, "15.97");

    let ledger = world.get(&format!("{account}/ledger")).await.expect(200);
    let amounts: Vec<_> =
        ledger.json["items"].as_array().unwrap().iter().map(|e| e["amount"].clone()).collect();
    assert_eq!(amounts, ["5.00", "6.00", "5.00", "-0.03"]);
    assert_eq!(ledger.json["items"][3]["call"], tenant.call.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_the_same_payment_at_the_same_moment_one_is_booked() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let account = format!("/api/v1/accounts/{}", tenant.account);
    let payments = format!("{account}/payments");
    let pay = || world.write("POST", &payments, &[("idempotency-key", "same")], json!({ "amount": "5.00" }));
    let answers = tokio::join!(pay(), pay(), pay(), pay(), pay());
    for answer in [answers.0, answers.1, answers.2, answers.3, answers.4] {
        assert!([201, 409].contains(&answer.status.as_u16()), "{}", answer.text);
    }
    assert_eq!(balance(&world, &account).await, "4.97");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_repeated_and_keys_that_are_none_are_refused() {
    let world = World::new().await;
    let tenant = world.tenant("Acme", 1).await;
    let payments = format!("/api/v1/accounts/{}/payments", tenant.account);
    for _ in 0..2 {
        let nothing = json!({ "amount": "0" });
        let answer =
            world.write("POST", &payments, &[("idempotency-key", "zero")], nothing).await.expect(422);
        assert_eq!(answer.fields(), ["amount"]);
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    for key in ["", "a b", &"x".repeat(256)] {
        let answer =
            world.write("POST", &payments, &[("idempotency-key", key)], json!({ "amount": "1" })).await;
        assert_eq!(answer.expect(422).fields(), ["Idempotency-Key"]);
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    world.write("POST", &payments, &twice, json!({ "amount": "1" })).await.expect(422);
    for (amount, field) in [("lots", "amount"), ("1e3", "amount"), ("10000000000", "amount")] {
        let answer = world.write("POST", &payments, &[], json!({ "amount": amount })).await.expect(422);
        assert_eq!(answer.fields(), [field]);
    }
    let note = json!({ "amount": "1", "note": "a\u{7}" });
    assert_eq!(world.write("POST", &payments, &[], note).await.expect(422).fields(), ["note"]);
}
