use domain::{
    Account, AccountDraft, AccountId, BillingUnit, Configuration, Money, RoutingGatewayDraft,
    RoutingGatewayId, RowVersion,
};

use super::*;

fn vendor() -> Account {
    let draft = AccountDraft {
        name: "Vendor".into(),
        kind: "vendor".into(),
        currency: "USD".into(),
        precision: "4".into(),
        credit_limit: "0".into(),
        rate_table: String::new(),
        status: "active".into(),
        ..Default::default()
    };
    Account {
        id: AccountId(1),
        version: RowVersion(1),
        settings: draft.check().unwrap(),
        paid: Money::ZERO,
        charged: Money::ZERO,
    }
}

/// Gateways as (id, prefixes, priority, mode).
fn tables(gateways: &[(i64, &str, u32, &str)]) -> Tables {
    let routing_gateways = gateways
        .iter()
        .map(|(id, prefixes, priority, mode)| {
            let draft = RoutingGatewayDraft {
                name: format!("g{id}"),
                account: "1".into(),
                address: "192.0.2.1".into(),
                prefixes: (*prefixes).into(),
                prefix_mode: (*mode).into(),
                priority: priority.to_string(),
                enabled: "on".into(),
                ..Default::default()
            };
            RoutingGateway {
                id: RoutingGatewayId(*id),
                version: RowVersion(1),
                settings: draft.check().unwrap(),
            }
        })
        .collect();
    let configuration =
        Configuration { accounts: vec![vendor()], routing_gateways, ..Configuration::default() };
    Tables::build(configuration, BillingUnit::SECOND)
}

fn order(tables: &Tables, number: &str) -> Vec<i64> {
    candidates(tables, number).iter().map(|g| g.id.0).collect()
}

#[test]
fn lower_priority_numbers_are_tried_first_and_ties_go_by_id() {
    let tables = tables(&[(3, "44", 5, "extension"), (2, "44", 10, "extension"), (1, "44", 10, "extension")]);
    assert_eq!(order(&tables, "4420"), [3, 1, 2]);
}

#[test]
fn rg_2_extension_falls_back_to_shorter_prefixes_and_expiration_does_not() {
    let tables = tables(&[
        (1, "4420", 10, "expiration"),
        (2, "44", 1, "extension"),
        (3, "4", 1, "expiration"),
        (4, "", 1, "extension"),
    ]);
    assert_eq!(order(&tables, "442071234567"), [1, 2, 4]);
    assert_eq!(order(&tables, "441"), [2, 4]);
    assert_eq!(order(&tables, "49"), [3, 4]);
}

#[test]
fn rg_1_a_number_without_prefix_has_no_candidate() {
    assert!(order(&tables(&[(1, "44", 1, "extension")]), "33").is_empty());
}

#[test]
fn a_gateway_with_several_matching_prefixes_is_tried_once() {
    assert_eq!(order(&tables(&[(1, "44, 4420", 1, "extension")]), "4420"), [1]);
}
