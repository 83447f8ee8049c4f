//! A carrier with two resellers, and programs with tokens.

use std::net::{IpAddr, SocketAddr};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::ConnectInfo,
};
use chrono::{TimeZone, Utc};
use domain::{
    AccountDraft, AccountId, AgentDraft, AgentId, ApiTokenSettings, BuiltInRole, CallId, Cdr, EndReason,
    Home, Language, MappingGatewayDraft, MappingGatewayId, MediaCounters, Money, Password, Permission,
    Permissions, PhoneDraft, PhoneId, Price, Q850, RateDraft, RateId, RateTableDraft, RateTableId,
    ReleaseSide, RoutingGatewayDraft, RoutingGatewayId, Seconds, SipCode, StoredBinding, UserSettings,
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use store::{
    Actor, Pool, accounts, agents, cdrs, mapping_gateways,
    people::{self, Access},
    rate_tables, roles, routing_gateways, tokens,
};
use tower::ServiceExt;
use uuid::Uuid;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

pub(crate) struct World {
    pub(crate) pool: Pool,
    pub(crate) router: Router,
    /// May do everything.
    pub(crate) key: String,
    admin: Access,
    switch: switch::Switch,
}

/// A reseller with one customer and its things; all their names hold the reseller's.
pub(crate) struct Tenant {
    pub(crate) agent: AgentId,
    pub(crate) account: AccountId,
    pub(crate) gateway: MappingGatewayId,
    pub(crate) table: RateTableId,
    pub(crate) rate: RateId,
    pub(crate) call: CallId,
    pub(crate) phone: PhoneId,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The fields that a problem names.
    pub(crate) fn fields(&self) -> Vec<&str> {
        let errors = self.json["errors"].as_array();
        errors.into_iter().flatten().map(|error| error["field"].as_str().unwrap()).collect()
    }

    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }
}

pub(crate) fn by() -> Actor {
    Actor::command("test")
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_pace(api::Pace::default()).await
    }

    pub(crate) async fn with_pace(pace: api::Pace) -> Self {
        let pool = store::testing::database().await.pool;
        let id = people::create_administrator(&pool, "ann", "no hash at all").await.unwrap();
        let admin = people::access(&pool, id, HERE).await.unwrap().unwrap();
        let key = token(&pool, &admin, "Everything", Permissions::ALL).await;
        let spool = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(unique());
        let settings = switch::Settings {
            sip: SocketAddr::new(HERE, 0),
            advertise: HERE,
            listeners: Vec::new(),
            tls: None,
            rtp_ports: switch::PortRange { first: 42_000, last: 42_099 },
            shards: 1,
            media_workers: 1,
            spool,
            pool: pool.clone(),
            seal: std::sync::Arc::new(store::Seal::new(&[1; 32])),
            nonce_secret: [2; 32],
            user_agent: "Tandem/test".into(),
        };
        let switch = switch::start(settings).await.unwrap();
        let router = api::router(api::Api {
            pool: pool.clone(),
            switch: switch.handle(),
            seal: store::Seal::new(&[5; 32]),
            pace,
        });
        Self { pool, router, key, admin, switch }
    }

    /// A token of the administrator with these permissions.
    pub(crate) async fn token(&self, name: &str, permissions: Permissions) -> String {
        token(&self.pool, &self.admin, name, permissions).await
    }

    /// A token with everything that a new person of that role and home may do.
    pub(crate) async fn token_of(&self, role: BuiltInRole, home: Home) -> String {
        let all = roles::list(&self.pool).await.unwrap();
        let role = all.iter().find(|row| row.role.built_in == Some(role)).unwrap().role.id;
        let settings = UserSettings {
            name: format!("person {}", unique()).parse().unwrap(),
            display_name: String::new(),
            role,
            home,
            language: Language::English,
            enabled: true,
        };
        let secret = |text| Password::new(text, "").unwrap();
        let first = secret("violet-tramway-59");
        let id = people::create(&self.pool, &by(), &settings, &first).await.unwrap();
        people::set_password(&self.pool, &by(), id, &secret("marble cloud piano")).await.unwrap();
        let access = people::access(&self.pool, id, HERE).await.unwrap().unwrap();
        token(&self.pool, &access, "Own", access.permissions).await
    }

    /// A reseller called `name`, with call number `n`.
    pub(crate) async fn tenant(&self, name: &str, n: u32) -> Tenant {
        let (pool, by) = (&self.pool, by());
        let own = account(&format!("{name} itself"), "customer");
        let own = accounts::create(pool, &by, &own.check().unwrap()).await.unwrap();
        let draft = AgentDraft { name: name.into(), account: own.to_string(), status: "active".into() };
        let agent = agents::create(pool, &by, &draft.check().unwrap()).await.unwrap();
        let table =
            RateTableDraft { name: format!("{name} prices"), currency: "USD".into(), ..Default::default() };
        let table = rate_tables::create(pool, &by, &table.check().unwrap()).await.unwrap();
        let price = RateDraft {
            prefix: "44".into(),
            destination: format!("{name} UK"),
            rate: "0.03".into(),
            ..Default::default()
        };
        let rate = rate_tables::create_rate(pool, &by, table, &price.check().unwrap()).await.unwrap();
        let draft = AccountDraft {
            agent: agent.to_string(),
            rate_table: table.to_string(),
            ..account(&format!("{name} customer"), "customer")
        };
        let account = accounts::create(pool, &by, &draft.check().unwrap()).await.unwrap();
        let draft = MappingGatewayDraft {
            name: format!("{name} trunk"),
            account: account.to_string(),
            sources: format!("192.0.2.{n}"),
            enabled: "on".into(),
            ..Default::default()
        };
        let gateway = mapping_gateways::create(pool, &by, &draft.check().unwrap()).await.unwrap();
        let draft = PhoneDraft {
            number: format!("100{n}"),
            account: account.to_string(),
            display_name: format!("{name} desk"),
            address: format!("192.0.2.{}", 100 + n),
            enabled: "on".into(),
            ..Default::default()
        };
        let seal = store::Seal::new(&[5; 32]);
        let phone = store::phones::create(pool, &store::Scope::All, &by, &seal, &draft.check().unwrap())
            .await
            .unwrap();
        let tenant = Tenant { agent, account, gateway, table, rate, call: call_id(n), phone };
        tenant.call(self, name, n).await;
        tenant
    }

    /// A vendor with a gateway.
    pub(crate) async fn vendor(&self) -> (AccountId, RoutingGatewayId) {
        let draft = account("Vendor", "vendor");
        let id = accounts::create(&self.pool, &by(), &draft.check().unwrap()).await.unwrap();
        let draft = RoutingGatewayDraft {
            name: "Vendor trunk".into(),
            account: id.to_string(),
            address: "198.51.100.1".into(),
            prefix_mode: "extension".into(),
            priority: "10".into(),
            enabled: "on".into(),
            ..Default::default()
        };
        let gateway = routing_gateways::create(&self.pool, &by(), &draft.check().unwrap()).await.unwrap();
        (id, gateway)
    }

    pub(crate) async fn ask(&self, key: &str, method: &str, path: &str) -> Answer {
        self.send(key, method, path, &[], None).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(&self.key, "GET", path).await
    }

    /// Removes what is there, whatever its version.
    pub(crate) async fn remove(&self, path: &str) -> Answer {
        self.send(&self.key, "DELETE", path, &[("if-match", "*")], None).await
    }

    /// Asks until the answer is as wanted, for ten seconds at most; gives the last one.
    pub(crate) async fn until(&self, path: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..100 {
            let answer = self.get(path).await.expect(200).json;
            if wanted(&answer) {
                return answer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{path} never became what was wanted: {}", self.get(path).await.text)
    }

    /// Where the switch listens for SIP.
    pub(crate) fn sip(&self) -> SocketAddr {
        self.switch.handle().status().sip_listen
    }

    /// A device of a phone, registered from 192.0.2.7.
    pub(crate) fn binding(&self, phone: PhoneId) -> StoredBinding {
        let now = Utc::now();
        StoredBinding {
            phone,
            contact: "<sip:x@192.0.2.7>".into(),
            instance: None,
            reg_id: None,
            call_id: "registered".into(),
            cseq: 1,
            transport: "UDP".into(),
            local: "127.0.0.1:5060".parse().unwrap(),
            remote: "192.0.2.7:5060".parse().unwrap(),
            path: Vec::new(),
            user_agent: None,
            nat: false,
            q: 1000,
            refreshed: now,
            expires: now + chrono::TimeDelta::hours(1),
        }
    }

    pub(crate) async fn write(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Answer {
        self.send(&self.key, method, path, headers, Some(body)).await
    }

    pub(crate) async fn send(
        &self,
        key: &str,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Value>,
    ) -> Answer {
        let mut request = Request::builder().method(method.parse::<Method>().unwrap()).uri(path);
        if !key.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.raw(request.body(body).unwrap()).await
    }

    pub(crate) async fn raw(&self, mut request: Request<Body>) -> Answer {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(HERE, 4711)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        // Files of packets are no text.
        let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Answer { status: parts.status, headers: parts.headers, text, json }
    }
}

impl Tenant {
    /// A minute for 0.0300, at a vendor's cost of 0.0200.
    async fn call(&self, world: &World, name: &str, n: u32) {
        let started_at = Utc.with_ymd_and_hms(2026, 11, 20, 8, 0, 0).unwrap();
        let cdr = Cdr {
            id: self.call,
            started_at,
            ringing_at: None,
            answered_at: Some(started_at + chrono::Duration::seconds(3)),
            ended_at: started_at + chrono::Duration::seconds(63),
            mapping_gateway: Some(self.gateway),
            caller_phone: None,
            callee_phone: None,
            mapping_gateway_name: format!("{name} trunk"),
            routing_gateway: Some(RoutingGatewayId(777)),
            routing_gateway_name: Some("Vendor trunk".into()),
            caller_in: format!("120255501{n}"),
            callee_in: "442071838750".into(),
            caller_out: Some("12025550100".into()),
            callee_out: Some("442071838750".into()),
            source: "192.0.2.7:5060".parse().unwrap(),
            destination: Some("198.51.100.1:5060".parse().unwrap()),
            call_id_in: format!("in-{n}"),
            call_id_out: Some(format!("out-{n}")),
            duration_ms: 60_000,
            customer: price(self.account, &format!("{name} customer"), 30_000),
            vendor: None,
            end_reason: EndReason::NormalClearing,
            sip_code: SipCode(200),
            q850: Q850(16),
            released_by: ReleaseSide::Caller,
            codec: Some("PCMA/8000".into()),
            media: MediaCounters::default(),
            attempts: Vec::new(),
            config_version: 7,
        };
        cdrs::ensure_partitions(&world.pool, started_at.date_naive(), 2).await.unwrap();
        assert_eq!(cdrs::insert(&world.pool, &[cdr]).await.unwrap().new, 1);
    }
}

async fn token(pool: &Pool, owner: &Access, name: &str, permissions: Permissions) -> String {
    let name = name.parse().unwrap();
    let settings = ApiTokenSettings { name, permissions, days: Some(1), networks: Vec::new() };
    tokens::create(pool, owner, &settings).await.unwrap().key
}

pub(crate) fn all_but(missing: Permission) -> Permissions {
    Permissions::ALL.iter().filter(|permission| *permission != missing).collect()
}

pub(crate) fn account(name: &str, kind: &str) -> AccountDraft {
    AccountDraft {
        name: name.into(),
        kind: kind.into(),
        currency: "USD".into(),
        precision: "4".into(),
        credit_limit: "0".into(),
        status: "active".into(),
        ..Default::default()
    }
}

pub(crate) fn call_id(n: u32) -> CallId {
    CallId(Uuid::from_u128(0x0193_0000_0000_7000_8000_0000_0000_0000 + u128::from(n)))
}

fn price(account: AccountId, name: &str, micros: i64) -> Price {
    Price {
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
    }
}

/// Text that nothing else has.
fn unique() -> String {
    Uuid::from_u128(rand::random()).to_string()
}
