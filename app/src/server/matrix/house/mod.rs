//! A carrier with two customers, one of them a reseller's, and people of every role.

mod things;

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use domain::{BuiltInRole, Home, Password, UserDraft, UserId};
use http::{Method, Request, StatusCode, header};
use leptos::prelude::LeptosOptions;
use store::{Actor, Pool};
use tower::ServiceExt;

use self::things::Ids;
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
    /// It leaves a sentence for the next page.
    pub(super) says: bool,
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
    _spool: Spool,
}

/// The directory of a switch, which goes when its house goes.
struct Spool(PathBuf);

impl Spool {
    fn new() -> Self {
        Self(std::env::temp_dir().join(format!("tandem-matrix-{:016x}", rand::random::<u64>())))
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn actor() -> Actor {
    Actor::command("test")
}

impl House {
    pub(super) async fn build() -> Self {
        let pool = store::testing::database().await.pool;
        let (own, others) = things::furnish(&pool).await;
        let spool = Spool::new();
        let mut house = Self {
            router: Router::new(),
            own,
            others,
            people: Vec::new(),
            _switch: switch(&pool, &spool).await,
            _spool: spool,
            pool,
        };
        house.router = router(Portal {
            pool: house.pool.clone(),
            switch: house._switch.handle(),
            leptos: LeptosOptions::builder().output_name("portal").site_root("/nowhere").build(),
            seal: store::Seal::new(&[7; 32]),
            secure_cookies: false,
        });
        let (agent, account) = (house.own.agent, house.own.account);
        for (label, role, home) in [
            ("administrator", BuiltInRole::Administrator, Home::Administration),
            ("operator", BuiltInRole::Operator, Home::Administration),
            ("finance", BuiltInRole::Finance, Home::Administration),
            ("reseller", BuiltInRole::Reseller, Home::Agent(agent)),
            ("customer", BuiltInRole::Customer, Home::Account(account)),
            // A role that was given by mistake.
            ("misplaced administrator", BuiltInRole::Administrator, Home::Account(account)),
            ("misplaced finance", BuiltInRole::Finance, Home::Agent(agent)),
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
        let cookies: Vec<&str> = cookies.collect();
        let says = cookies.iter().any(|line| line.starts_with("flash=") && !line.starts_with("flash=;"));
        let token = cookies.iter().filter_map(|line| line.strip_prefix("tandem=")?.split(';').next()).next();
        let token = token.map(str::to_owned);
        let endless = address.starts_with("/events/");
        let body = match endless && status == StatusCode::OK {
            true => Vec::new(),
            false => axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap().to_vec(),
        };
        Answer { status, body: String::from_utf8_lossy(&body).into_owned(), to, token, says }
    }
}

async fn switch(pool: &Pool, spool: &Spool) -> switch::Switch {
    let settings = switch::Settings {
        sip: SocketAddr::new(HERE, 0),
        listeners: Vec::new(),
        tls: None,
        advertise: HERE,
        rtp_ports: switch::PortRange { first: 47_000, last: 47_099 },
        shards: 1,
        media_workers: 1,
        spool: spool.0.clone(),
        pool: pool.clone(),
        seal: std::sync::Arc::new(store::Seal::new(&[1; 32])),
        nonce_secret: [2; 32],
        user_agent: "Tandem/test".to_owned(),
    };
    switch::start(settings).await.unwrap_or_else(|error| panic!("{error}"))
}
