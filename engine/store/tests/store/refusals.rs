//! What is wrong with a document: told all at once, each at its line, and nothing of it applied.

use domain::AccountFilter;
use store::{
    Pool, Scope, accounts,
    document::{ApplyError, Document, apply, export},
};

use crate::{
    documents::{DEMO, done, empty},
    fixture::actor,
};

async fn refused(pool: &Pool, text: &str) -> String {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    match apply(pool, &actor(), &document, false).await {
        Err(error @ ApplyError::Refused(_)) => error.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_wrong_thing_keeps_everything_out() {
    let pool = empty().await;
    let told = refused(
        &pool,
        &format!("{DEMO}\n[[mapping_gateway]]\nname = \"Acme\"\naccount = \"X\"\nsources = [\"192.0.2.1\"]"),
    )
    .await;
    assert!(told.ends_with("mapping_gateway \"Acme\": account: there is no account \"X\""), "{told}");
    assert!(export(&pool).await.unwrap().is_empty());
    assert_eq!(accounts::list(&pool, &Scope::All, &AccountFilter::default()).await.unwrap(), []);
}

#[tokio::test]
async fn all_errors_are_told_at_once_each_with_its_line() {
    let pool = empty().await;
    let told = refused(
        &pool,
        r#"[[rate_table]]
name = "T"
currency = "US"
[[rate_table]]
name = "U"
rates = [
  { prefix = "44", rate = "0.1" },
  { prefix = "4x", rate = "0.1" },
  { prefix = "45", rate = "-1", billing_unit = 0 },
  { prefix = "46" },
]
[[account]]
name = "A"
kind = "friend"
precision = 9
credit_limit = "-1"
[[account]]
name = "B"
kind = "customer"
rate_table = "none"
opening_balance = "1.2345678"
[[account]]
name = "C"
kind = "vendor"
[[mapping_gateway]]
name = "G"
account = "C"
sources = ["192.0.2.300"]
max_calls = 0
[[mapping_gateway]]
name = "H"
sources = []
[[routing_gateway]]
name = "I"
account = "C"
address = "exam ple"
prefixes = ["44"]
prefix_mode = "sometimes"
priority = 5000
[[routing_gateway]]
name = "J"
account = "C"
address = "192.0.2.1"
"#,
    )
    .await;
    let lines: Vec<_> = told.lines().collect();
    let expected = [
        "line 3: rate_table \"T\": currency: ",
        "line 8: rate_table \"U\": rate \"4x\": prefix: ",
        "line 9: rate_table \"U\": rate \"45\": rate: ",
        "line 9: rate_table \"U\": rate \"45\": billing_unit: ",
        "line 10: rate_table \"U\": rate \"46\": rate: ",
        "line 14: account \"A\": kind: ",
        "line 15: account \"A\": precision: ",
        "line 16: account \"A\": credit_limit: ",
        "line 20: account \"B\": rate_table: there is no rate table \"none\"",
        "line 28: mapping_gateway \"G\": sources: ",
        "line 29: mapping_gateway \"G\": max_calls: ",
        "mapping_gateway \"H\": account: ",
        "mapping_gateway \"H\": sources: ",
        "line 36: routing_gateway \"I\": address: ",
        "line 38: routing_gateway \"I\": prefix_mode: ",
        "line 39: routing_gateway \"I\": priority: ",
        "line 40: routing_gateway \"J\": prefixes: ",
    ];
    for start in expected {
        assert!(lines.iter().any(|line| line.contains(start)), "{start} is missing in\n{told}");
    }
    assert_eq!(lines.len(), expected.len(), "{told}");
}

#[tokio::test]
async fn what_follows_from_a_refused_thing_is_not_told_as_its_own_error() {
    let pool = empty().await;
    let told = refused(
        &pool,
        r#"
        [[rate_table]]
        name = "T"
        rates = [{ prefix = "1", rate = "x" }]
        [[account]]
        name = "A"
        kind = "customer"
        rate_table = "T"
        [[mapping_gateway]]
        name = "G"
        account = "A"
        sources = ["192.0.2.1"]
        "#,
    )
    .await;
    assert_eq!(told.lines().count(), 1, "{told}");
}

#[tokio::test]
async fn rules_across_things_hold_in_a_document_too() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    for (text, expected) in [
        (
            "[[account]]\nname = \"E\"\nkind = \"customer\"\ncurrency = \"EUR\"\nrate_table = \"Demo sell\"",
            "rate_table: rate table \"Demo sell\" is in USD, the account in EUR",
        ),
        (
            "[[mapping_gateway]]\nname = \"M\"\naccount = \"Demo customer\"\nsources = [\"127.0.0.1\"]",
            "sources: 127.0.0.1 is a source of mapping gateway \"Demo customer\" already",
        ),
        (
            "[[mapping_gateway]]\nname = \"M\"\naccount = \"Demo vendor\"\nsources = [\"127.0.0.2\"]",
            "account: account \"Demo vendor\" is a vendor, choose a customer",
        ),
        (
            "[[account]]\nname = \"Demo customer\"\ncurrency = \"EUR\"\nrate_table = \"\"",
            "currency: amounts in USD stand in its ledger",
        ),
        ("[[account]]\nname = \"a\\u0000b\"\nkind = \"vendor\"", "name: control and invisible characters"),
    ] {
        let told = refused(&pool, text).await;
        assert!(told.contains(expected), "{told}");
    }
}
