//! What the switch of the world knows: a customer, two vendors, prices.

use domain::*;

use super::*;

/// A customer with this balance who pays 0.06 a minute per second, two vendors at 0.03 on prefix 44.
pub(crate) fn configuration(balance: &str) -> Configuration {
    let table = |id, name: &str, rate: &str| {
        let settings = RateTableDraft { name: name.into(), currency: "USD".into(), billing_unit: "1".into() };
        let row = RateDraft { prefix: "44".into(), rate: rate.into(), ..RateDraft::default() };
        (
            RateTable { id: RateTableId(id), version: RowVersion(1), settings: settings.check().unwrap() },
            RateRow {
                id: RateId(id),
                table: RateTableId(id),
                version: RowVersion(1),
                settings: row.check().unwrap(),
            },
        )
    };
    let account = |id, kind: &str, table: i64, paid: &str| Account {
        id: AccountId(id),
        version: RowVersion(1),
        settings: AccountDraft {
            name: format!("{kind} {id}"),
            kind: kind.into(),
            currency: "USD".into(),
            precision: "4".into(),
            credit_limit: "0".into(),
            rate_table: table.to_string(),
            status: "active".into(),
            agent: String::new(),
        }
        .check()
        .unwrap(),
        paid: paid.parse().unwrap(),
        charged: Money::ZERO,
    };
    let routing = |id, name: &str, address: &str, priority: &str| RoutingGateway {
        id: RoutingGatewayId(id),
        version: RowVersion(1),
        settings: RoutingGatewayDraft {
            name: name.into(),
            account: "2".into(),
            address: address.into(),
            prefixes: "44, 55".into(),
            prefix_mode: "extension".into(),
            priority: priority.into(),
            enabled: "on".into(),
            ..Default::default()
        }
        .check()
        .unwrap(),
    };
    let (sell, sell_row) = table(1, "sell", "0.06");
    let (buy, buy_row) = table(2, "buy", "0.03");
    Configuration {
        version: ConfigVersion(7),
        accounts: vec![account(1, "customer", 1, balance), account(2, "vendor", 2, "0")],
        mapping_gateways: vec![MappingGateway {
            id: MappingGatewayId(1),
            version: RowVersion(1),
            settings: MappingGatewayDraft {
                name: "trunk".into(),
                account: "1".into(),
                sources: CALLER.into(),
                max_calls: "2".into(),
                enabled: "on".into(),
                ..Default::default()
            }
            .check()
            .unwrap(),
        }],
        routing_gateways: vec![routing(1, "first", VENDOR, "1"), routing(2, "second", SECOND_VENDOR, "2")],
        rate_tables: vec![sell, buy],
        rates: [(RateTableId(1), vec![sell_row]), (RateTableId(2), vec![buy_row])].into(),
        // Gateways are asked whether they are there only in the tests about that.
        parameters: with(&[(Parameter::SS_SIP_OPTIONS_CHECK_PERIOD, "0")]),
        ..Default::default()
    }
}

/// These values of the system.
pub(crate) fn with(values: &[(Parameter, &str)]) -> ParameterValues {
    let mut all = ParameterValues::default();
    for (parameter, text) in values {
        all.set(*parameter, text).unwrap();
    }
    all
}
