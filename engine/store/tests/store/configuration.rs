//! Accounts, gateways and price lists: changes, refusals, races.

use std::sync::Arc;

use domain::{AccountFilter, AccountKind, AuditFilter, RateFilter, RowVersion};
use store::{Scope, StoreError, accounts, audit, mapping_gateways, rate_tables, routing_gateways, snapshot};

use tokio::sync::Barrier;

use crate::fixture::{
    Carrier, account, actor, mapping_gateway, money, rate, rate_table, routing_gateway, told,
};

#[tokio::test]
async fn of_two_edits_from_one_reading_the_second_is_a_conflict() {
    let c = Carrier::new().await;
    let read = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap();
    let mut mine = read.settings.clone();
    mine.credit_limit = money("10");
    accounts::update(&c.pool, &actor(), c.acme, read.version, &mine).await.unwrap();
    let mut theirs = read.settings.clone();
    theirs.credit_limit = money("20");
    let refused = accounts::update(&c.pool, &actor(), c.acme, read.version, &theirs).await;
    assert!(matches!(refused, Err(StoreError::Conflict { subject }) if subject == "account \"Acme\""));
    let now = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap();
    assert_eq!(now.settings.credit_limit, money("10"));
    assert!(now.version > read.version);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_edits_at_the_same_moment_exactly_one_wins() {
    let c = Carrier::new().await;
    for _ in 0..10 {
        let read = mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap();
        let together = Arc::new(Barrier::new(6));
        let edits = (1..=6).map(|lines| {
            let (pool, mut settings, together) = (c.pool.clone(), read.settings.clone(), together.clone());
            settings.max_calls = Some(lines);
            tokio::spawn(async move {
                together.wait().await;
                mapping_gateways::update(&pool, &actor(), c.acme_trunk, read.version, &settings).await
            })
        });
        let mut won = 0;
        for edit in edits.collect::<Vec<_>>() {
            match edit.await.unwrap() {
                Ok(()) => won += 1,
                Err(error) => assert!(matches!(error, StoreError::Conflict { .. }), "{error}"),
            }
        }
        assert_eq!(won, 1);
    }
}

#[tokio::test]
async fn charging_calls_does_not_make_an_open_form_stale() {
    let c = Carrier::new().await;
    let read = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap();
    store::cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    accounts::update(&c.pool, &actor(), c.acme, read.version, &read.settings).await.unwrap();
}

#[tokio::test]
async fn each_stale_version_and_missing_row_is_told_apart_for_every_kind() {
    let c = Carrier::new().await;
    let (p, a, old) = (&c.pool, actor(), RowVersion(0));
    let gone = i64::MAX;
    let account = accounts::find(p, &Scope::All, c.acme).await.unwrap().settings;
    let table = rate_tables::find(p, &Scope::All, c.sell).await.unwrap().settings;
    let mapping = mapping_gateways::find(p, &Scope::All, c.acme_trunk).await.unwrap().settings;
    let routing = routing_gateways::find(p, &Scope::All, c.vendor_trunk).await.unwrap().settings;
    let row =
        rate_tables::rates(p, &Scope::All, c.sell, &RateFilter::default()).await.unwrap().rows.remove(0);
    for result in [
        accounts::update(p, &a, c.acme, old, &account).await,
        rate_tables::update(p, &a, c.sell, old, &table).await,
        mapping_gateways::update(p, &a, c.acme_trunk, old, &mapping).await,
        routing_gateways::update(p, &a, c.vendor_trunk, old, &routing).await,
        rate_tables::update_rate(p, &a, row.id, old, &row.settings).await,
        // Also before it is told that they are in use.
        accounts::remove(p, &a, c.acme, Some(old)).await,
        rate_tables::remove(p, &a, c.sell, Some(old)).await,
        mapping_gateways::remove(p, &a, c.acme_trunk, Some(old)).await,
        routing_gateways::remove(p, &a, c.vendor_trunk, Some(old)).await,
        rate_tables::remove_rate(p, &a, row.id, Some(old)).await,
    ] {
        assert!(matches!(result, Err(StoreError::Conflict { .. })), "{result:?}");
    }
    for result in [
        accounts::update(p, &a, domain::AccountId(gone), old, &account).await,
        rate_tables::update(p, &a, domain::RateTableId(gone), old, &table).await,
        mapping_gateways::update(p, &a, domain::MappingGatewayId(gone), old, &mapping).await,
        routing_gateways::update(p, &a, domain::RoutingGatewayId(gone), old, &routing).await,
        rate_tables::update_rate(p, &a, domain::RateId(gone), old, &row.settings).await,
        accounts::remove(p, &a, domain::AccountId(gone), None).await,
        rate_tables::remove(p, &a, domain::RateTableId(gone), None).await,
        mapping_gateways::remove(p, &a, domain::MappingGatewayId(gone), None).await,
        routing_gateways::remove(p, &a, domain::RoutingGatewayId(gone), None).await,
        rate_tables::remove_rate(p, &a, domain::RateId(gone), None).await,
        accounts::pay(p, &a, domain::AccountId(gone), money("1"), "").await.map(drop),
    ] {
        assert!(matches!(result, Err(StoreError::NotFound)), "{result:?}");
    }
}

#[tokio::test]
async fn a_taken_name_is_told_at_the_name_for_every_kind() {
    let c = Carrier::new().await;
    let (p, a) = (&c.pool, actor());
    let account = account("Acme", "vendor", None).check().unwrap();
    assert_eq!(told(accounts::create(p, &a, &account).await, "name"), "this name is taken");
    let table = rate_table("Sell").check().unwrap();
    assert_eq!(told(rate_tables::create(p, &a, &table).await, "name"), "this name is taken");
    let trunk = mapping_gateway("Acme trunk", c.acme, "192.0.2.99").check().unwrap();
    assert_eq!(told(mapping_gateways::create(p, &a, &trunk).await, "name"), "this name is taken");
    let trunk = routing_gateway("Vendor trunk", c.vendor, "").check().unwrap();
    assert_eq!(told(routing_gateways::create(p, &a, &trunk).await, "name"), "this name is taken");
    let rate = rate("44", "1").check().unwrap();
    let twice = rate_tables::create_rate(p, &a, c.sell, &rate).await;
    assert_eq!(told(twice, "prefix"), "this prefix has a rate already");
}

#[tokio::test]
async fn a_source_of_another_gateway_is_refused_with_that_gateways_name() {
    let c = Carrier::new().await;
    for (source, free) in
        [("192.0.2.8:5062", false), ("192.0.2.8:5063", true), ("192.0.2.8", true), ("192.0.2.7", false)]
    {
        let trunk = mapping_gateway(source, c.acme, source).check().unwrap();
        let made = mapping_gateways::create(&c.pool, &actor(), &trunk).await;
        assert_eq!(made.is_ok(), free, "{source}: {made:?}");
        if !free {
            let message = told(made, "sources");
            assert!(message.contains("trunk\" already"), "{message}");
        }
    }
    // Its own sources, in another order and one of them twice, are not another's.
    let read = mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap();
    let own = mapping_gateway("Acme trunk", c.acme, "192.0.2.0/24 192.0.2.7 192.0.2.7").check().unwrap();
    mapping_gateways::update(&c.pool, &actor(), c.acme_trunk, read.version, &own).await.unwrap();
    let now = mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap();
    let sources: Vec<_> = now.settings.sources.iter().map(ToString::to_string).collect();
    assert_eq!(sources, ["192.0.2.0/24", "192.0.2.7"]);
}

#[tokio::test]
async fn gateways_stand_on_accounts_of_their_own_side_only() {
    let c = Carrier::new().await;
    let trunk = mapping_gateway("x", c.vendor, "192.0.2.50").check().unwrap();
    let message = told(mapping_gateways::create(&c.pool, &actor(), &trunk).await, "account");
    assert_eq!(message, "account \"Vendor\" is a vendor, choose a customer");
    let trunk = routing_gateway("x", c.acme, "").check().unwrap();
    let message = told(routing_gateways::create(&c.pool, &actor(), &trunk).await, "account");
    assert_eq!(message, "account \"Acme\" is a customer, choose a vendor");
    let read = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap();
    let mut turned = read.settings.clone();
    turned.kind = AccountKind::Vendor;
    let message = told(accounts::update(&c.pool, &actor(), c.acme, read.version, &turned).await, "kind");
    assert_eq!(message, "mapping gateway \"Acme trunk\" needs it to stay a customer");
}

#[tokio::test]
async fn an_account_and_its_rate_table_keep_one_currency() {
    let c = Carrier::new().await;
    let (p, a) = (&c.pool, actor());
    let mut euro = account("Euro", "customer", Some(c.sell));
    euro.currency = "EUR".into();
    let message = told(accounts::create(p, &a, &euro.check().unwrap()).await, "rate_table");
    assert_eq!(message, "rate table \"Sell\" is in USD, the account in EUR");

    let table = rate_tables::find(p, &Scope::All, c.sell).await.unwrap();
    let mut turned = table.settings.clone();
    turned.currency = "EUR".parse().unwrap();
    let message = told(rate_tables::update(p, &a, c.sell, table.version, &turned).await, "currency");
    assert_eq!(message, "account \"Acme\" uses it and is in USD");

    let other = accounts::find(p, &Scope::All, c.other).await.unwrap();
    accounts::pay(p, &a, c.other, money("5"), "").await.unwrap();
    let other_now = accounts::find(p, &Scope::All, c.other).await.unwrap();
    let mut turned = other.settings.clone();
    turned.currency = "EUR".parse().unwrap();
    let message = told(accounts::update(p, &a, c.other, other_now.version, &turned).await, "currency");
    assert_eq!(message, "amounts in USD stand in its ledger");
}

#[tokio::test]
async fn what_is_referred_to_cannot_be_removed_and_says_by_what() {
    let c = Carrier::new().await;
    let (p, a) = (&c.pool, actor());
    let in_use = |result: Result<(), StoreError>| match result {
        Err(error @ StoreError::InUse { .. }) => error.to_string(),
        other => panic!("{other:?}"),
    };
    let refused = in_use(accounts::remove(p, &a, c.acme, None).await);
    assert_eq!(refused, "account \"Acme\" is in use by mapping gateway \"Acme trunk\"");
    let refused = in_use(rate_tables::remove(p, &a, c.sell, None).await);
    assert_eq!(refused, "rate table \"Sell\" is in use by account \"Acme\"");
    mapping_gateways::remove(p, &a, c.acme_trunk, None).await.unwrap();
    accounts::pay(p, &a, c.acme, money("1"), "").await.unwrap();
    assert_eq!(
        in_use(accounts::remove(p, &a, c.acme, None).await),
        "account \"Acme\" is in use by its ledger"
    );
    mapping_gateways::remove(p, &a, c.other_trunk, None).await.unwrap();
    accounts::remove(p, &a, c.other, None).await.unwrap();
    assert!(matches!(accounts::find(p, &Scope::All, c.other).await, Err(StoreError::NotFound)));
}

#[tokio::test]
async fn a_payment_moves_the_balance_and_stands_in_ledger_and_audit() {
    let c = Carrier::new().await;
    let by = store::Actor { user: Some(domain::UserId(42)), name: "Ann".into() };
    accounts::pay(&c.pool, &by, c.acme, money("100.000001"), "bank 7").await.unwrap();
    accounts::pay(&c.pool, &by, c.acme, money("-0.5"), "").await.unwrap();
    let account = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap();
    assert_eq!(account.balance(), money("99.500001"));
    let entries = store::ledger::entries(&c.pool, &Scope::All, c.acme, None, 10).await.unwrap();
    let amounts: Vec<_> = entries.rows.iter().map(|row| (row.amount, row.note.as_str())).collect();
    assert_eq!(amounts, [(money("-0.5"), ""), (money("100.000001"), "bank 7")]);
    let line = audit::list(&c.pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap().rows.remove(0);
    assert_eq!((line.action.as_str(), line.subject.as_str()), ("pay", "account \"Acme\""));
    assert_eq!((line.user, line.user_name.as_str()), (Some(domain::UserId(42)), "Ann"));
    assert!(line.after.unwrap().contains("-0.50"));
    for (amount, note) in [("0", ""), ("2000000000", ""), ("-2000000000", "")] {
        let refused = accounts::pay(&c.pool, &by, c.acme, money(amount), note).await;
        told(refused, "amount");
    }
}

#[tokio::test]
async fn every_change_stands_in_the_audit_log_with_before_and_after() {
    let c = Carrier::new().await;
    let read = rate_tables::find(&c.pool, &Scope::All, c.buy).await.unwrap();
    let mut settings = read.settings.clone();
    settings.name = "Buy 2".parse().unwrap();
    rate_tables::update(&c.pool, &actor(), c.buy, read.version, &settings).await.unwrap();
    let page = audit::list(&c.pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap();
    assert!(page.more);
    let line = &page.rows[0];
    assert_eq!((line.action.as_str(), line.subject.as_str()), ("update", "rate table \"Buy\""));
    assert!(line.before.as_ref().unwrap().contains("\"Buy\""), "{line:?}");
    assert!(line.after.as_ref().unwrap().contains("\"Buy 2\""), "{line:?}");
    let older =
        audit::list(&c.pool, &Scope::All, &AuditFilter { after: Some(line.id), ..AuditFilter::newest(1000) })
            .await
            .unwrap();
    assert!(older.rows.iter().all(|row| row.action == "create" && row.before.is_none()));
    assert_eq!(older.rows.len(), 11);
}

#[tokio::test]
async fn a_refused_change_leaves_no_trace() {
    let c = Carrier::new().await;
    let (lines, version) = (
        audit::list(&c.pool, &Scope::All, &AuditFilter::newest(1000)).await.unwrap().rows.len(),
        snapshot::version(&c.pool).await.unwrap(),
    );
    let trunk = mapping_gateway("New", c.acme, "192.0.2.8:5062").check().unwrap();
    mapping_gateways::create(&c.pool, &actor(), &trunk).await.unwrap_err();
    assert_eq!(
        audit::list(&c.pool, &Scope::All, &AuditFilter::newest(1000)).await.unwrap().rows.len(),
        lines
    );
    assert_eq!(snapshot::version(&c.pool).await.unwrap(), version);
    assert!(mapping_gateways::list(&c.pool, &Scope::All, "New").await.unwrap().is_empty());
}

#[tokio::test]
async fn lists_search_names_in_any_case_and_take_wild_cards_literally() {
    let c = Carrier::new().await;
    let found = |search: &str, kind| AccountFilter { search: search.into(), kind };
    for (filter, expected) in [
        (found("", None), 3),
        (found("aCm", None), 1),
        (found("%", None), 0),
        (found("_", None), 0),
        (found("", Some(AccountKind::Vendor)), 1),
        (found("acme", Some(AccountKind::Vendor)), 0),
    ] {
        let rows = accounts::list(&c.pool, &Scope::All, &filter).await.unwrap();
        assert_eq!(rows.len(), expected, "{filter:?}");
    }
    let rows = mapping_gateways::list(&c.pool, &Scope::All, "TRUNK").await.unwrap();
    let names: Vec<_> = rows.iter().map(|row| row.account_name.as_str()).collect();
    assert_eq!(names, ["Acme", "Other"]);
    assert_eq!(
        routing_gateways::list(&c.pool, &Scope::All, "vendor").await.unwrap()[0].account_name,
        "Vendor"
    );
    let tables = rate_tables::list(&c.pool, &Scope::All).await.unwrap();
    let counts: Vec<_> =
        tables.iter().map(|row| (row.table.settings.name.as_str(), row.rates, row.used_by)).collect();
    assert_eq!(counts, [("Buy", 1, 1), ("Sell", 2, 1)]);
}

#[tokio::test]
async fn rates_are_paged_by_prefix_and_found_by_prefix_or_destination() {
    let c = Carrier::new().await;
    for prefix in ["441", "4420", "49", "7"] {
        let mut draft = rate(prefix, "0.05");
        draft.destination = if prefix == "7" { "Russia 100%".into() } else { String::new() };
        rate_tables::create_rate(&c.pool, &actor(), c.sell, &draft.check().unwrap()).await.unwrap();
    }
    let read = async |search: &str, after: Option<&str>, limit| {
        let filter = RateFilter { search: search.into(), after: after.map(|p| p.parse().unwrap()), limit };
        let page = rate_tables::rates(&c.pool, &Scope::All, c.sell, &filter).await.unwrap();
        let prefixes: Vec<_> = page.rows.iter().map(|row| row.settings.prefix.to_string()).collect();
        (prefixes.join(" "), page.more)
    };
    assert_eq!(read("", None, 100).await, ("1 44 441 4420 49 7".into(), false));
    assert_eq!(read("", None, 2).await, ("1 44".into(), true));
    assert_eq!(read("", Some("44"), 4).await, ("441 4420 49 7".into(), false));
    assert_eq!(read("44", None, 100).await, ("44 441 4420".into(), false));
    assert_eq!(read("100%", None, 100).await, ("7".into(), false));
    assert_eq!(read("", None, 0).await, ("1".into(), true));
}

#[tokio::test]
async fn a_rate_keeps_nine_decimals() {
    let c = Carrier::new().await;
    let settings = rate("353", "0.123456789").check().unwrap();
    let id = rate_tables::create_rate(&c.pool, &actor(), c.sell, &settings).await.unwrap();
    let read = rate_tables::find_rate(&c.pool, &Scope::All, id).await.unwrap();
    assert_eq!(read.settings, settings);
    rate_tables::remove_rate(&c.pool, &actor(), id, None).await.unwrap();
    assert!(matches!(rate_tables::find_rate(&c.pool, &Scope::All, id).await, Err(StoreError::NotFound)));
}
