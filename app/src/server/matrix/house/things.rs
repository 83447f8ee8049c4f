//! What stands in the house: accounts, trunks, prices, phones and calls of two customers, and the vendor behind them.

use chrono::{Duration, TimeZone, Utc};
use domain::{
    AccountDraft, AccountId, AgentDraft, AgentId, CallId, Cdr, EndReason, MappingGatewayDraft,
    MappingGatewayId, MediaCounters, Money, PhoneDraft, PhoneId, Price, Q850, RateDraft, RateTableDraft,
    RegistrationDraft, RegistrationId, ReleaseSide, RoutingGatewayDraft, RoutingGatewayId, Seconds, SipCode,
    UserId, WebhookDraft, WebhookId,
};
use store::Pool;

use super::actor;

/// Keys of things.
pub(in crate::server::matrix) struct Ids {
    pub(super) account: AccountId,
    trunk: MappingGatewayId,
    table: domain::RateTableId,
    rate: domain::RateId,
    call: CallId,
    pub(super) agent: AgentId,
    vendor_trunk: RoutingGatewayId,
    phone: PhoneId,
    registration: RegistrationId,
    webhook: WebhookId,
    pub(super) person: UserId,
}

impl Ids {
    /// `text` with the keys in their places.
    pub(in crate::server::matrix) fn filled(&self, text: &str) -> String {
        let id = match text {
            path if path.starts_with("/operation/routing-gateways") => self.vendor_trunk.to_string(),
            path if path.starts_with("/operation/phones") => self.phone.to_string(),
            path if path.starts_with("/operation/registrations") => self.registration.to_string(),
            path if path.starts_with("/system/webhooks") => self.webhook.to_string(),
            path if path.starts_with("/operation/") => self.trunk.to_string(),
            path if path.starts_with("/business/accounts") => self.account.to_string(),
            path if path.starts_with("/business/agents") => self.agent.to_string(),
            path if path.starts_with("/business/") => self.table.to_string(),
            path if path.starts_with("/system/people") => self.person.to_string(),
            path if path.starts_with("/cdrs") => self.call.to_string(),
            _ => "1".to_owned(),
        };
        [
            ("{id}", id),
            ("{name}", "SS_SIP_TIMEOUT_INVITE".to_owned()),
            ("{account}", self.account.to_string()),
            ("{trunk}", self.trunk.to_string()),
            ("{table}", self.table.to_string()),
            ("{rate}", self.rate.to_string()),
            ("{call}", self.call.to_string()),
            ("{agent}", self.agent.to_string()),
            ("{vendor_trunk}", self.vendor_trunk.to_string()),
            ("{phone}", self.phone.to_string()),
            ("{registration}", self.registration.to_string()),
            ("{webhook}", self.webhook.to_string()),
            ("{person}", self.person.to_string()),
        ]
        .iter()
        .fold(text.to_owned(), |text, (place, id)| text.replace(place, id))
    }
}

fn account(name: &str, kind: &str, table: domain::RateTableId, agent: Option<AgentId>) -> AccountDraft {
    AccountDraft {
        name: name.into(),
        kind: kind.into(),
        currency: "USD".into(),
        precision: "4".into(),
        credit_limit: "0".into(),
        rate_table: table.to_string(),
        status: "active".into(),
        agent: agent.map(|id| id.to_string()).unwrap_or_default(),
    }
}

/// Puts everything in its place: the things of “Acme” and those of others.
pub(super) async fn furnish(pool: &Pool) -> (Ids, Ids) {
    let by = actor();
    let table = async |name: &str, price: &str| {
        let draft = RateTableDraft { name: name.into(), currency: "USD".into(), ..Default::default() };
        let table = store::rate_tables::create(pool, &by, &draft.check().unwrap()).await.unwrap();
        let rate = RateDraft { prefix: "44".into(), rate: price.into(), ..Default::default() };
        let rate = rate.check().unwrap();
        (table, store::rate_tables::create_rate(pool, &by, table, &rate).await.unwrap())
    };
    let add = async |draft: AccountDraft| {
        store::accounts::create(pool, &by, &draft.check().unwrap()).await.unwrap()
    };
    let agent = async |name: &str, account: AccountId| {
        let draft = AgentDraft { name: name.into(), account: account.to_string(), status: "active".into() };
        store::agents::create(pool, &by, &draft.check().unwrap()).await.unwrap()
    };
    let trunk = async |name: &str, account: AccountId, sources: &str| {
        let draft = MappingGatewayDraft {
            name: name.into(),
            account: account.to_string(),
            sources: sources.into(),
            enabled: "on".into(),
            ..Default::default()
        };
        store::mapping_gateways::create(pool, &by, &draft.check().unwrap()).await.unwrap()
    };
    let (sell, sell_rate) = table("Prices", "0.0300").await;
    let (other_sell, other_rate) = table("Zebra prices", "0.0777").await;
    let (buy, _) = table("Hidden costs", "0.0199").await;
    let reseller_account = add(account("Reseller account", "customer", sell, None)).await;
    let other_reseller_account = add(account("Zebra reseller account", "customer", other_sell, None)).await;
    let (reseller, other_reseller) =
        (agent("Reseller", reseller_account).await, agent("Zebra resellers", other_reseller_account).await);
    let acme = add(account("Acme", "customer", sell, Some(reseller))).await;
    let zebra = add(account("Zebra Telecom", "customer", other_sell, Some(other_reseller))).await;
    let vendor = add(account("Hidden Vendor", "vendor", buy, None)).await;
    let acme_trunk = trunk("Acme trunk", acme, "192.0.2.7").await;
    let zebra_trunk = trunk("Zebra trunk", zebra, "192.0.2.8").await;
    let draft = RoutingGatewayDraft {
        name: "Hidden trunk".into(),
        account: vendor.to_string(),
        address: "198.51.100.1".into(),
        prefix_mode: "extension".into(),
        priority: "10".into(),
        enabled: "on".into(),
        ..Default::default()
    };
    let vendor_trunk = store::routing_gateways::create(pool, &by, &draft.check().unwrap()).await.unwrap();
    let phone = async |number: &str, name: &str, account: AccountId| {
        let draft = PhoneDraft {
            number: number.into(),
            display_name: name.into(),
            account: account.to_string(),
            password: "quiet-Heron-42".into(),
            // Even its own phone tells a customer nothing of the vendor behind it.
            forward_offline: format!("gateway:{vendor_trunk}"),
            ..Default::default()
        };
        let seal = store::Seal::new(&[7; 32]);
        let checked = draft.check().unwrap();
        store::phones::create(pool, &store::Scope::All, &by, &seal, &checked).await.unwrap()
    };
    let (acme_phone, zebra_phone) =
        (phone("1001", "Acme desk", acme).await, phone("1002", "Zebra desk", zebra).await);
    let draft = RegistrationDraft {
        name: "Hidden registration".into(),
        server: "hidden.example".into(),
        user: "tandem".into(),
        period: "auto".into(),
        ..Default::default()
    };
    let registration =
        store::registrations::create(pool, &by, &store::Seal::new(&[7; 32]), &draft.check().unwrap())
            .await
            .unwrap();
    let mut draft = WebhookDraft {
        name: "Hidden receiver".into(),
        url: "https://hidden.example/events".into(),
        secret: "0123456789abcdef".into(),
        enabled: "on".into(),
        ..Default::default()
    };
    draft.tick([domain::EventKind::GatewayOffline]);
    let webhook = store::webhooks::create(pool, &by, &store::Seal::new(&[7; 32]), &draft.check().unwrap())
        .await
        .unwrap();
    store::webhooks::send_test(pool, &by, webhook).await.unwrap();
    let day = Utc.with_ymd_and_hms(2026, 11, 20, 8, 0, 0).unwrap();
    store::cdrs::ensure_partitions(pool, day.date_naive(), 2).await.unwrap();
    let call = |n: u128, account: (AccountId, &str), trunk: MappingGatewayId, caller: &str| {
        let price = |(account, name): (AccountId, &str), micros| Price {
            account,
            account_name: name.into(),
            currency: "USD".parse().unwrap(),
            prefix: "44".parse().unwrap(),
            rate: "0.03".parse().unwrap(),
            billing_unit: Seconds(6),
            connect_fee: Money::ZERO,
            rounded: Seconds(60),
            billed: Seconds(60),
            amount: Money::from_micros(micros),
        };
        let vendor = Price { rate: "0.0199".parse().unwrap(), ..price((vendor, "Hidden Vendor"), 19_900) };
        Cdr {
            id: CallId(uuid::Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + n)),
            started_at: day,
            ringing_at: None,
            answered_at: Some(day + Duration::seconds(3)),
            ended_at: day + Duration::seconds(63),
            mapping_gateway: Some(trunk),
            caller_phone: None,
            callee_phone: None,
            mapping_gateway_name: format!("{} trunk", account.1),
            routing_gateway: Some(vendor_trunk),
            routing_gateway_name: Some("Hidden trunk".into()),
            caller_in: caller.into(),
            callee_in: "442071838750".into(),
            caller_out: Some(caller.into()),
            callee_out: Some("442071838750".into()),
            source: "192.0.2.7:5060".parse().unwrap(),
            destination: Some("198.51.100.1:5060".parse().unwrap()),
            call_id_in: format!("in-{n}"),
            call_id_out: Some(format!("Hidden-{n}")),
            duration_ms: 60_000,
            customer: price(account, 30_000),
            vendor: Some(vendor),
            end_reason: EndReason::NormalClearing,
            sip_code: SipCode(200),
            q850: Q850(16),
            released_by: ReleaseSide::Caller,
            codec: None,
            media: MediaCounters { caller_packets: 0, caller_octets: 0, callee_packets: 0, callee_octets: 0 },
            attempts: Vec::new(),
            config_version: 1,
        }
    };
    let calls = [
        call(1, (acme, "Acme"), acme_trunk, "12025550100"),
        call(2, (zebra, "Zebra"), zebra_trunk, "9988776655"),
    ];
    store::cdrs::insert(pool, &calls).await.unwrap();
    let own = Ids {
        account: acme,
        trunk: acme_trunk,
        table: sell,
        rate: sell_rate,
        call: calls[0].id,
        agent: reseller,
        vendor_trunk,
        phone: acme_phone,
        registration,
        webhook,
        person: UserId(0),
    };
    let others = Ids {
        account: zebra,
        trunk: zebra_trunk,
        table: other_sell,
        rate: other_rate,
        call: calls[1].id,
        agent: other_reseller,
        vendor_trunk,
        phone: zebra_phone,
        registration,
        webhook,
        person: UserId(0),
    };
    (own, others)
}
