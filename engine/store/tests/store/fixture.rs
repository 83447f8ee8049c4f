//! A small carrier: two customers and a vendor with gateways and price lists, and calls between them.

use chrono::{DateTime, Duration, TimeZone, Utc};
use domain::{
    AccountDraft, AccountId, Attempt, CallId, Cdr, EndReason, Invalid, MappingGatewayDraft, MappingGatewayId,
    MediaCounters, Money, Price, Q850, RateDraft, RateTableDraft, RateTableId, ReleaseSide,
    RoutingGatewayDraft, RoutingGatewayId, Seconds, SipCode,
};
use store::{Actor, Pool, Seal, StoreError, accounts, mapping_gateways, rate_tables, routing_gateways};
use uuid::Uuid;

pub(crate) struct Carrier {
    pub(crate) pool: Pool,
    pub(crate) sell: RateTableId,
    pub(crate) buy: RateTableId,
    pub(crate) acme: AccountId,
    pub(crate) other: AccountId,
    pub(crate) vendor: AccountId,
    pub(crate) acme_trunk: MappingGatewayId,
    pub(crate) other_trunk: MappingGatewayId,
    pub(crate) vendor_trunk: RoutingGatewayId,
}

pub(crate) fn actor() -> Actor {
    Actor::command("test")
}

pub(crate) fn seal() -> Seal {
    Seal::new(&[3; 32])
}

pub(crate) fn account(name: &str, kind: &str, table: Option<RateTableId>) -> AccountDraft {
    AccountDraft {
        name: name.into(),
        kind: kind.into(),
        currency: "USD".into(),
        precision: "4".into(),
        credit_limit: "0".into(),
        rate_table: table.map(|id| id.to_string()).unwrap_or_default(),
        status: "active".into(),
        agent: String::new(),
    }
}

pub(crate) fn mapping_gateway(name: &str, account: AccountId, sources: &str) -> MappingGatewayDraft {
    MappingGatewayDraft {
        name: name.into(),
        account: account.to_string(),
        sources: sources.into(),
        enabled: "on".into(),
        ..Default::default()
    }
}

pub(crate) fn routing_gateway(name: &str, account: AccountId, prefixes: &str) -> RoutingGatewayDraft {
    RoutingGatewayDraft {
        name: name.into(),
        account: account.to_string(),
        address: "198.51.100.1".into(),
        prefixes: prefixes.into(),
        prefix_mode: "extension".into(),
        priority: "10".into(),
        enabled: "on".into(),
        ..Default::default()
    }
}

pub(crate) fn rate_table(name: &str) -> RateTableDraft {
    RateTableDraft { name: name.into(), currency: "USD".into(), billing_unit: String::new() }
}

pub(crate) fn rate(prefix: &str, price: &str) -> RateDraft {
    RateDraft { prefix: prefix.into(), rate: price.into(), ..Default::default() }
}

impl Carrier {
    pub(crate) async fn new() -> Self {
        let pool = store::testing::database().await.pool;
        let by = actor();
        let sell = rate_tables::create(&pool, &by, &rate_table("Sell").check().unwrap()).await.unwrap();
        let buy = rate_tables::create(&pool, &by, &rate_table("Buy").check().unwrap()).await.unwrap();
        for (table, prefix, price) in [(sell, "44", "0.0300"), (sell, "1", "0.0100"), (buy, "", "0.0200")] {
            rate_tables::create_rate(&pool, &by, table, &rate(prefix, price).check().unwrap()).await.unwrap();
        }
        let add = async |name, kind, table| {
            accounts::create(&pool, &by, &account(name, kind, table).check().unwrap()).await.unwrap()
        };
        let acme = add("Acme", "customer", Some(sell)).await;
        let other = add("Other", "customer", None).await;
        let vendor = add("Vendor", "vendor", Some(buy)).await;
        let trunk = async |name, account, source| {
            let settings = mapping_gateway(name, account, source).check().unwrap();
            mapping_gateways::create(&pool, &by, &settings).await.unwrap()
        };
        let acme_trunk = trunk("Acme trunk", acme, "192.0.2.7").await;
        let other_trunk = trunk("Other trunk", other, "192.0.2.8:5062").await;
        let settings = routing_gateway("Vendor trunk", vendor, "44, 1").check().unwrap();
        let vendor_trunk = routing_gateways::create(&pool, &by, &settings).await.unwrap();
        Self { pool, sell, buy, acme, other, vendor, acme_trunk, other_trunk, vendor_trunk }
    }

    /// The `n`th call of Acme, a minute after the one before: a minute long for 0.0300, 0.0200 of it cost.
    pub(crate) fn call(&self, n: u32) -> Cdr {
        let started_at = morning() + Duration::minutes(i64::from(n));
        Cdr {
            id: call_id(n),
            started_at,
            ringing_at: Some(started_at + Duration::milliseconds(800)),
            answered_at: Some(started_at + Duration::seconds(3)),
            ended_at: started_at + Duration::seconds(63),
            mapping_gateway: Some(self.acme_trunk),
            mapping_gateway_name: "Acme trunk".into(),
            caller_phone: None,
            callee_phone: None,
            routing_gateway: Some(self.vendor_trunk),
            routing_gateway_name: Some("Vendor trunk".into()),
            caller_in: "1202555".to_owned() + &n.to_string(),
            callee_in: "442071838750".into(),
            caller_out: Some("1202555".into()),
            callee_out: Some("442071838750".into()),
            source: "192.0.2.7:5060".parse().unwrap(),
            destination: Some("198.51.100.1:5060".parse().unwrap()),
            call_id_in: format!("in-{n}@192.0.2.7"),
            call_id_out: Some(format!("out-{n}")),
            duration_ms: 60_000,
            customer: price(self.acme, "Acme", 30_000),
            vendor: Some(price(self.vendor, "Vendor", 20_000)),
            end_reason: EndReason::NormalClearing,
            sip_code: SipCode(200),
            q850: Q850(16),
            released_by: ReleaseSide::Caller,
            codec: Some("PCMA/8000".into()),
            media: MediaCounters {
                caller_packets: 3000,
                caller_octets: 516_000,
                callee_packets: 2999,
                callee_octets: 515_828,
            },
            attempts: vec![Attempt {
                gateway: Some(self.vendor_trunk),
                phone: None,
                gateway_name: "Vendor trunk".into(),
                started_at: started_at + Duration::milliseconds(2),
                post_dial_delay_ms: Some(798),
                sip_code: Some(SipCode(200)),
                end_reason: EndReason::NormalClearing,
            }],
            config_version: 7,
        }
    }

    /// A call of Acme that nobody answered: it costs nothing.
    pub(crate) fn unanswered(&self, n: u32) -> Cdr {
        Cdr {
            answered_at: None,
            duration_ms: 0,
            customer: price(self.acme, "Acme", 0),
            vendor: Some(price(self.vendor, "Vendor", 0)),
            end_reason: EndReason::CalleeBusy,
            sip_code: SipCode(486),
            q850: Q850(17),
            released_by: ReleaseSide::Callee,
            ..self.call(n)
        }
    }
}

/// 2026-11-20 08:00 UTC.
pub(crate) fn morning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 20, 8, 0, 0).unwrap()
}

pub(crate) fn call_id(n: u32) -> CallId {
    CallId(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + u128::from(n)))
}

pub(crate) fn price(account: AccountId, name: &str, micros: i64) -> Price {
    Price {
        account,
        account_name: name.into(),
        currency: "USD".parse().unwrap(),
        prefix: "44".parse().unwrap(),
        rate: "0.03".parse().unwrap(),
        billing_unit: Seconds(6),
        connect_fee: Money::ZERO,
        rounded: Seconds(if micros == 0 { 0 } else { 60 }),
        billed: Seconds(if micros == 0 { 0 } else { 60 }),
        amount: Money::from_micros(micros),
    }
}

pub(crate) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

/// The message at a field of a refusal.
pub(crate) fn told(result: Result<impl std::fmt::Debug, StoreError>, field: &str) -> String {
    match result {
        Err(StoreError::Invalid(invalid)) => message(&invalid, field),
        other => panic!("not refused: {other:?}"),
    }
}

/// The first field that a refusal names.
pub(crate) fn refused_at(result: Result<impl Sized, StoreError>) -> String {
    match result.err().expect("it is refused") {
        StoreError::Invalid(invalid) => invalid.0[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

fn message(invalid: &Invalid, field: &str) -> String {
    let told = invalid.by_field().get(field).map(|message| (*message).to_owned());
    told.unwrap_or_else(|| panic!("nothing at {field}: {invalid}"))
}
