//! A carrier with two customers, one of them a reseller's, and people of every role.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{Router, body::Body, extract::ConnectInfo};
use chrono::{Duration, TimeZone, Utc};
use domain::{
    AccountDraft, AccountId, AgentDraft, AgentId, BuiltInRole, CallId, Cdr, EndReason, Home,
    MappingGatewayDraft, MappingGatewayId, MediaCounters, Money, Password, PhoneDraft, PhoneId, Price, Q850,
    RateDraft, RateTableDraft, RegistrationDraft, RegistrationId, ReleaseSide, RoutingGatewayDraft,
    RoutingGatewayId, Seconds, SipCode, UserDraft, UserId,
};
use http::{Method, Request, StatusCode, header};
use leptos::prelude::LeptosOptions;
use store::{Actor, Pool};
use tower::ServiceExt;

use crate::{
    access::Who,
    server::{Portal, router, session},
};

const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

/// A body that no form reads.
const NO_FORM: &str = "no form";

/// Words that stand only in things of others than the customer “Acme” and its reseller: the other customer, the vendor, and
/// what the vendor costs.
pub(super) const MARKS_OF_OTHERS: [&str; 5] = ["Zebra", "Hidden", "0.0199", "0.0777", "99887766"];

/// Keys of things.
pub(super) struct Ids {
    account: AccountId,
    trunk: MappingGatewayId,
    table: domain::RateTableId,
    rate: domain::RateId,
    call: CallId,
    agent: AgentId,
    vendor_trunk: RoutingGatewayId,
    phone: PhoneId,
    registration: RegistrationId,
    person: UserId,
}

impl Ids {
    /// `text` with the keys in their places.
    pub(super) fn filled(&self, text: &str) -> String {
        let id = match text {
            path if path.starts_with("/operation/routing-gateways") => self.vendor_trunk.to_string(),
            path if path.starts_with("/operation/phones") => self.phone.to_string(),
            path if path.starts_with("/operation/registrations") => self.registration.to_string(),
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
            ("{person}", self.person.to_string()),
        ]
        .iter()
        .fold(text.to_owned(), |text, (place, id)| text.replace(place, id))
    }
}

/// Somebody who is logged in.
pub(super) struct Somebody {
    pub(super) label: &'static str,
    pub(super) id: UserId,
    role: BuiltInRole,
    home: Home,
    token: String,
}

impl Somebody {
    pub(super) fn who(&self) -> Who {
        let permissions = self.role.permissions().both(self.home.ceiling());
        Who { name: self.label.to_owned(), home: self.home, permissions, has_duty: false }
    }

    /// True when they are outside the administration.
    pub(super) fn sees_a_part(&self) -> bool {
        self.home != Home::Administration
    }
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: String,
    /// Where it leads.
    pub(super) to: String,
    /// The session that was opened.
    pub(super) token: Option<String>,
}

pub(super) struct House {
    router: Router,
    pool: Pool,
    /// Things of the customer “Acme”, which the reseller brought.
    pub(super) own: Ids,
    /// Things of another customer, of another reseller and of the vendor.
    pub(super) others: Ids,
    pub(super) people: Vec<Somebody>,
    // It stops when it is dropped.
    _switch: switch::Switch,
}

fn actor() -> Actor {
    Actor::command("test")
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

impl House {
    pub(super) async fn build() -> Self {
        let pool = store::testing::database().await.pool;
        let by = actor();
        let table = async |name: &str, price: &str| {
            let draft = RateTableDraft { name: name.into(), currency: "USD".into(), ..Default::default() };
            let table = store::rate_tables::create(&pool, &by, &draft.check().unwrap()).await.unwrap();
            let rate = RateDraft { prefix: "44".into(), rate: price.into(), ..Default::default() };
            let rate = rate.check().unwrap();
            (table, store::rate_tables::create_rate(&pool, &by, table, &rate).await.unwrap())
        };
        let add = async |draft: AccountDraft| {
            store::accounts::create(&pool, &by, &draft.check().unwrap()).await.unwrap()
        };
        let agent = async |name: &str, account: AccountId| {
            let draft =
                AgentDraft { name: name.into(), account: account.to_string(), status: "active".into() };
            store::agents::create(&pool, &by, &draft.check().unwrap()).await.unwrap()
        };
        let trunk = async |name: &str, account: AccountId, sources: &str| {
            let draft = MappingGatewayDraft {
                name: name.into(),
                account: account.to_string(),
                sources: sources.into(),
                enabled: "on".into(),
                ..Default::default()
            };
            store::mapping_gateways::create(&pool, &by, &draft.check().unwrap()).await.unwrap()
        };
        let (sell, sell_rate) = table("Prices", "0.0300").await;
        let (other_sell, other_rate) = table("Zebra prices", "0.0777").await;
        let (buy, _) = table("Hidden costs", "0.0199").await;
        let reseller_account = add(account("Reseller account", "customer", sell, None)).await;
        let other_reseller_account =
            add(account("Zebra reseller account", "customer", other_sell, None)).await;
        let (reseller, other_reseller) = (
            agent("Reseller", reseller_account).await,
            agent("Zebra resellers", other_reseller_account).await,
        );
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
        let vendor_trunk =
            store::routing_gateways::create(&pool, &by, &draft.check().unwrap()).await.unwrap();
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
            store::phones::create(&pool, &store::Scope::All, &by, &seal, &checked).await.unwrap()
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
            store::registrations::create(&pool, &by, &store::Seal::new(&[7; 32]), &draft.check().unwrap())
                .await
                .unwrap();
        let day = Utc.with_ymd_and_hms(2026, 11, 20, 8, 0, 0).unwrap();
        store::cdrs::ensure_partitions(&pool, day.date_naive(), 2).await.unwrap();
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
            let vendor =
                Price { rate: "0.0199".parse().unwrap(), ..price((vendor, "Hidden Vendor"), 19_900) };
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
                media: MediaCounters {
                    caller_packets: 0,
                    caller_octets: 0,
                    callee_packets: 0,
                    callee_octets: 0,
                },
                attempts: Vec::new(),
                config_version: 1,
            }
        };
        let calls = [
            call(1, (acme, "Acme"), acme_trunk, "12025550100"),
            call(2, (zebra, "Zebra"), zebra_trunk, "9988776655"),
        ];
        store::cdrs::insert(&pool, &calls).await.unwrap();
        let mut house = Self {
            router: Router::new(),
            own: Ids {
                account: acme,
                trunk: acme_trunk,
                table: sell,
                rate: sell_rate,
                call: calls[0].id,
                agent: reseller,
                vendor_trunk,
                phone: acme_phone,
                registration,
                person: UserId(0),
            },
            others: Ids {
                account: zebra,
                trunk: zebra_trunk,
                table: other_sell,
                rate: other_rate,
                call: calls[1].id,
                agent: other_reseller,
                vendor_trunk,
                phone: zebra_phone,
                registration,
                person: UserId(0),
            },
            people: Vec::new(),
            _switch: switch(&pool).await,
            pool,
        };
        house.router = router(Portal {
            pool: house.pool.clone(),
            switch: house._switch.handle(),
            leptos: LeptosOptions::builder().output_name("portal").site_root("/nowhere").build(),
            seal: store::Seal::new(&[7; 32]),
            secure_cookies: false,
        });
        for (label, role, home) in [
            ("administrator", BuiltInRole::Administrator, Home::Administration),
            ("operator", BuiltInRole::Operator, Home::Administration),
            ("finance", BuiltInRole::Finance, Home::Administration),
            ("reseller", BuiltInRole::Reseller, Home::Agent(reseller)),
            ("customer", BuiltInRole::Customer, Home::Account(acme)),
            // A role that was given by mistake.
            ("misplaced administrator", BuiltInRole::Administrator, Home::Account(acme)),
            ("misplaced finance", BuiltInRole::Finance, Home::Agent(reseller)),
        ] {
            let somebody = house.move_in(label, role, home, true).await;
            house.people.push(somebody);
        }
        house.own.person = house.people[4].id;
        house.others.person = house.people[0].id;
        house
    }

    async fn move_in(&self, label: &'static str, role: BuiltInRole, home: Home, at_home: bool) -> Somebody {
        let roles = store::roles::list(&self.pool).await.unwrap();
        let row = roles.into_iter().find(|row| row.role.built_in == Some(role)).unwrap();
        let draft = UserDraft {
            name: label.into(),
            role: row.role.id.to_string(),
            home: home.to_string(),
            language: "en".into(),
            enabled: "on".into(),
            password: "quiet-lantern-41-meadow".into(),
            ..Default::default()
        };
        let (settings, password) = draft.check().unwrap();
        let id = store::people::create(&self.pool, &actor(), &settings, &password.unwrap()).await.unwrap();
        if at_home {
            // Their own first change of password.
            let own = Actor { user: Some(id), name: label.to_owned() };
            let password = Password::new("amber-window-73-harvest", label).unwrap();
            store::people::set_password(&self.pool, &own, id, &password).await.unwrap();
        }
        let token = format!("{label}-session").replace(' ', "-");
        store::sessions::open(&self.pool, id, session::key(&token), HERE, "test", Default::default())
            .await
            .unwrap();
        Somebody { label, id, role, home, token }
    }

    /// Somebody who must still replace their first password.
    pub(super) async fn newcomer(&self) -> Somebody {
        self.move_in("newcomer", BuiltInRole::Administrator, Home::Administration, false).await
    }

    pub(super) fn person(&self, label: &str) -> &Somebody {
        self.people.iter().find(|somebody| somebody.label == label).unwrap()
    }

    /// Asks for an address. Of a stream only the beginning is looked at.
    pub(super) async fn look(&self, address: &str, somebody: Option<&Somebody>) -> Answer {
        self.ask(Method::GET, address, somebody.map(|somebody| somebody.token.as_str()), "").await
    }

    /// Sends something that is no form.
    pub(super) async fn send_no_form(&self, address: &str, somebody: Option<&Somebody>) -> Answer {
        self.ask(Method::POST, address, somebody.map(|somebody| somebody.token.as_str()), NO_FORM).await
    }

    /// Sends a form as the browser with the session of `token` does.
    pub(super) async fn send(&self, address: &str, token: Option<&str>, form: &str) -> Answer {
        self.ask(Method::POST, address, token, form).await
    }

    /// As [`Self::look`], with the session of `token`.
    pub(super) async fn look_with(&self, address: &str, token: &str) -> Answer {
        self.ask(Method::GET, address, Some(token), "").await
    }

    /// The session of somebody.
    pub(super) fn token(&self, label: &str) -> &str {
        &self.person(label).token
    }

    /// Lines of the audit log: every change of a person is one.
    pub(super) async fn audit_lines(&self) -> u64 {
        store::audit::verify(&self.pool).await.unwrap().lines
    }

    /// A session of somebody, under terms of its own.
    pub(super) async fn session_of(&self, label: &str, token: &str, terms: store::sessions::Terms) {
        let (user, key) = (self.person(label).id, session::key(token));
        store::sessions::open(&self.pool, user, key, HERE, "test", terms).await.unwrap();
    }

    async fn ask(&self, method: Method, address: &str, token: Option<&str>, body: &str) -> Answer {
        let uri = address.replace('[', "%5B").replace(']', "%5D");
        let mut request = Request::builder().method(method).uri(uri).header(header::HOST, "portal");
        if let Some(token) = token {
            request = request.header(header::COOKIE, format!("tandem={token}"));
        }
        if !body.is_empty() {
            let kind = if body == NO_FORM { "text/plain" } else { "application/x-www-form-urlencoded" };
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let mut request = request.body(Body::from(body.to_owned())).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(HERE, 40_000)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let to = response.headers().get(header::LOCATION).map_or("", |to| to.to_str().unwrap()).to_owned();
        let cookies =
            response.headers().get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap());
        let token = cookies.filter_map(|line| line.strip_prefix("tandem=")?.split(';').next()).next();
        let token = token.map(str::to_owned);
        let endless = address.starts_with("/events/");
        let body = match endless && status == StatusCode::OK {
            true => Vec::new(),
            false => axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec(),
        };
        Answer { status, body: String::from_utf8_lossy(&body).into_owned(), to, token }
    }
}

async fn switch(pool: &Pool) -> switch::Switch {
    let spool = std::env::temp_dir().join(format!("tandem-matrix-{:016x}", rand::random::<u64>()));
    let settings = switch::Settings {
        sip: SocketAddr::new(HERE, 0),
        listeners: Vec::new(),
        tls: None,
        advertise: HERE,
        rtp_ports: switch::PortRange { first: 47_000, last: 47_099 },
        shards: 1,
        media_workers: 1,
        spool,
        pool: pool.clone(),
        seal: std::sync::Arc::new(store::Seal::new(&[1; 32])),
        nonce_secret: [2; 32],
        user_agent: "Tandem/test".to_owned(),
    };
    switch::start(settings).await.unwrap_or_else(|error| panic!("{error}"))
}
