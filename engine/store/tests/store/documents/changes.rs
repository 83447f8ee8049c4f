//! A document applied to what is there, and to what changes at the same time.

use super::*;

#[tokio::test]
async fn a_dry_run_tells_the_changes_and_makes_none() {
    let pool = empty().await;
    let before = snapshot::version(&pool).await.unwrap();
    let document = Document::parse(DEMO).unwrap();
    let changes = apply(&pool, &actor(), &document, true).await.unwrap();
    assert_eq!(kinds(&changes), (12, 0, 0));
    assert_eq!(snapshot::version(&pool).await.unwrap(), before);
    assert!(export(&pool).await.unwrap().is_empty());
    assert!(audit::list(&pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn only_what_differs_is_changed_and_told_field_by_field() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    let changes = done(
        &pool,
        r#"
        [[account]]
        name = "Demo customer"
        credit_limit = "5"
        rate_table = ""
        [[rate_table]]
        name = "Demo sell"
        rates = [{ prefix = "44", rate = "0.0400" }, { prefix = "49", rate = "0.0200" }, { prefix = "1" }]
        [[mapping_gateway]]
        name = "Demo customer"
        enabled = false
        [[routing_gateway]]
        name = "Demo vendor"
        prefixes = ["44", ""]
        "#,
    )
    .await;
    let field = |what: &str, name: &str| {
        let change = changes.iter().find(|c| c.what == what && c.name == name);
        let change = change.unwrap_or_else(|| panic!("no {what} {name} in {changes:?}"));
        let fields: Vec<_> = change.fields.iter().map(|(f, a, b)| format!("{f}: {a} > {b}")).collect();
        format!("{} {}", change.kind, fields.join(", "))
    };
    assert_eq!(
        field("account", "Demo customer"),
        "updated credit_limit: 0.00 > 5.00, rate_table: Demo sell > "
    );
    assert_eq!(field("rate_table", "Demo sell"), "unchanged ");
    assert_eq!(field("rate", "Demo sell 44"), "updated rate: 0.0300 > 0.0400");
    assert_eq!(field("rate", "Demo sell 1"), "unchanged ");
    assert!(field("rate", "Demo sell 49").starts_with("created "));
    assert_eq!(field("mapping_gateway", "Demo customer"), "updated enabled: true > false");
    assert_eq!(field("routing_gateway", "Demo vendor"), r#"updated prefixes: "" > "", "44""#);
    // What the document does not say stays, and nothing is removed.
    let account = &accounts::list(&pool, &Scope::All, &AccountFilter::default()).await.unwrap()[0];
    assert_eq!((account.balance(), account.settings.precision.decimals()), (money("100"), 4));
    let table = &rate_tables::list(&pool, &Scope::All).await.unwrap()[1].table;
    let rates = rate_tables::rates(&pool, &Scope::All, table.id, &RateFilter::default()).await.unwrap().rows;
    let shown: Vec<_> = rates
        .iter()
        .map(|row| {
            (
                row.settings.prefix.as_str(),
                row.settings.rate.to_string(),
                row.settings.billing_unit.map(|u| u.seconds()),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("", "0.1000".to_owned(), Some(60)),
            ("1", "0.0100".to_owned(), Some(1)),
            ("44", "0.0400".to_owned(), Some(6)),
            ("49", "0.0200".to_owned(), None)
        ]
    );
}

#[tokio::test]
async fn a_later_opening_balance_is_not_booked_again() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    let changes = done(&pool, "[[account]]\nname = \"Demo customer\"\nopening_balance = \"500\"").await;
    assert_eq!(kinds(&changes), (0, 0, 1));
    assert_eq!(
        accounts::list(&pool, &Scope::All, &AccountFilter::default()).await.unwrap()[0].balance(),
        money("100")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_document_and_settled_calls_never_deadlock() {
    let c = crate::fixture::Carrier::new().await;
    let calls = {
        let (pool, batches) = (c.pool.clone(), (0..60).map(|n| c.call(n)).collect::<Vec<_>>());
        tokio::spawn(async move {
            for cdr in batches {
                store::cdrs::insert(&pool, &[cdr]).await.unwrap();
            }
        })
    };
    for n in 1..30 {
        // Against the order of their ids.
        let account = |name: &str| format!("[[account]]\nname = \"{name}\"\ncredit_limit = \"{n}\"\n");
        done(&c.pool, &format!("{}{}", account("Vendor"), account("Acme"))).await;
    }
    calls.await.unwrap();
    assert!(ledger::check(&c.pool).await.unwrap().holds());
}

#[tokio::test]
async fn a_large_price_list_is_taken_up_in_one_go() {
    let pool = empty().await;
    let rows: String = (0..20_000)
        .map(|n| format!("  {{ prefix = \"{}\", rate = \"0.0{}\" }},\n", 100_000 + n, n % 10))
        .collect();
    let text = format!("[[rate_table]]\nname = \"Large\"\nrates = [\n{rows}]\n");
    assert_eq!(kinds(&done(&pool, &text).await), (20_001, 0, 0));
    assert_eq!(kinds(&done(&pool, &text).await), (0, 0, 20_001));
    assert_eq!(rate_tables::list(&pool, &Scope::All).await.unwrap()[0].rates, 20_000);
    assert_eq!(audit::list(&pool, &Scope::All, &AuditFilter::newest(10)).await.unwrap().rows.len(), 2);
}

#[tokio::test]
async fn a_document_waits_for_a_form_and_neither_is_lost() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    let gateway = mapping_gateways::list(&pool, &Scope::All, "").await.unwrap().remove(0).gateway;
    let document = Document::parse("[[mapping_gateway]]\nname = \"Demo customer\"\nmax_calls = 9").unwrap();
    let mut settings = gateway.settings.clone();
    settings.enabled = false;
    let by = actor();
    let (form, applied) = tokio::join!(
        mapping_gateways::update(&pool, &by, gateway.id, gateway.version, &settings),
        apply(&pool, &by, &document, false),
    );
    applied.unwrap();
    let now = mapping_gateways::find(&pool, &Scope::All, gateway.id).await.unwrap().settings;
    assert_eq!(now.max_calls, Some(9));
    match form {
        Ok(()) => assert!(!now.enabled),
        Err(error) => assert!(matches!(error, StoreError::Conflict { .. }) && now.enabled, "{error}"),
    }
}
