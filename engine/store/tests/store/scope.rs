//! An account sees its own things, and nothing in the answer to any question is another's.

use std::fmt::Debug;

use chrono::Duration;
use domain::{
    AccountFilter, AccountId, AgentDraft, AgentId, AuditFilter, Cdr, CdrFilter, LiveCall, LiveState,
    MappingGatewayId, MediaCounters, RateDraft, RateFilter, RateId, RateTableId,
};
use store::{
    Scope, StoreError, accounts, agents, audit, cdrs, ledger, mapping_gateways, people, rate_tables,
    routing_gateways, traffic,
};

use crate::fixture::{
    Carrier, account, actor, call_id, mapping_gateway, money, morning, price, rate, rate_table,
};

/// Words that stand only on things of the other customer or of the vendor.
const FOREIGN: [&str; 6] = ["Other", "Vendor", "Buy", "Foreign", "198.51.100.1", "0.0200"];

fn text(answer: Result<impl Debug, StoreError>) -> String {
    format!("{answer:?}")
}

#[tokio::test]
async fn no_question_of_an_account_is_answered_with_anothers_things() {
    let c = Carrier::new().await;
    accounts::pay(&c.pool, &actor(), c.other, money("77"), "Foreign note").await.unwrap();
    let foreign = Cdr {
        mapping_gateway: Some(c.other_trunk),
        mapping_gateway_name: "Foreign".into(),
        customer: price(c.other, "Other", 990_000),
        ..c.call(2)
    };
    cdrs::insert(&c.pool, &[c.call(1), foreign]).await.unwrap();
    let buy_rate =
        rate_tables::rates(&c.pool, &Scope::All, c.buy, &RateFilter::default()).await.unwrap().rows[0].id;
    let day = CdrFilter::between(morning() - Duration::hours(8), morning() + Duration::hours(8));

    // Each question as Acme asks it, with what must be in the answer.
    let (p, own) = (&c.pool, &Scope::Account(c.acme));
    let answers = [
        ("accounts::list", text(accounts::list(p, own, &AccountFilter::default()).await), Some("Acme")),
        ("accounts::find own", text(accounts::find(p, own, c.acme).await), Some("Acme")),
        ("accounts::find", text(accounts::find(p, own, c.other).await), None),
        ("mapping_gateways::list", text(mapping_gateways::list(p, own, "").await), Some("Acme trunk")),
        (
            "mapping_gateways::find own",
            text(mapping_gateways::find(p, own, c.acme_trunk).await),
            Some("Acme trunk"),
        ),
        ("mapping_gateways::find", text(mapping_gateways::find(p, own, c.other_trunk).await), None),
        ("routing_gateways::list", text(routing_gateways::list(p, own, "").await), Some("[]")),
        ("routing_gateways::find", text(routing_gateways::find(p, own, c.vendor_trunk).await), None),
        ("rate_tables::list", text(rate_tables::list(p, own).await), Some("Sell")),
        ("rate_tables::find own", text(rate_tables::find(p, own, c.sell).await), Some("Sell")),
        ("rate_tables::find", text(rate_tables::find(p, own, c.buy).await), None),
        (
            "rate_tables::rates own",
            text(rate_tables::rates(p, own, c.sell, &RateFilter::default()).await),
            Some("44"),
        ),
        ("rate_tables::rates", text(rate_tables::rates(p, own, c.buy, &RateFilter::default()).await), None),
        ("rate_tables::find_rate", text(rate_tables::find_rate(p, own, buy_rate).await), None),
        ("cdrs::list", text(cdrs::list(p, own, &day).await), Some("Acme trunk")),
        ("cdrs::find own", text(cdrs::find(p, own, call_id(1)).await), Some("Acme trunk")),
        ("cdrs::find", text(cdrs::find(p, own, call_id(2)).await), None),
        ("cdrs::totals", text(cdrs::totals(p, own, &day).await), Some("calls: 1")),
        (
            "traffic::today",
            text(traffic::today(p, own, morning() + Duration::hours(1)).await),
            Some("calls: 1"),
        ),
        ("ledger::payments", text(ledger::payments(p, own, 9).await), Some("Ok([])")),
        ("ledger::entries own", text(ledger::entries(p, own, c.acme, None, 9).await), Some("Revenue")),
        ("ledger::entries", text(ledger::entries(p, own, c.other, None, 9).await), None),
        ("audit::list", text(audit::list(p, own, &AuditFilter::newest(9)).await), Some("rows: []")),
    ];
    for (question, answer, expected) in answers {
        match expected {
            Some(word) => assert!(answer.contains(word), "{question} misses {word}: {answer}"),
            None => assert_eq!(answer, "Err(NotFound)", "{question}"),
        }
        for word in FOREIGN {
            assert!(!answer.contains(word), "{question} tells {word}: {answer}");
        }
    }
}

#[tokio::test]
async fn a_customer_cannot_find_out_the_vendor_by_filtering() {
    let c = Carrier::new().await;
    cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    let day = CdrFilter::between(morning() - Duration::hours(8), morning() + Duration::hours(8));
    for filter in [
        CdrFilter { account: Some(c.vendor), ..day.clone() },
        CdrFilter { routing_gateway: Some(c.vendor_trunk), ..day.clone() },
    ] {
        assert_eq!(cdrs::list(&c.pool, &Scope::All, &filter).await.unwrap().rows.len(), 1);
        assert!(cdrs::list(&c.pool, &Scope::Account(c.acme), &filter).await.unwrap().rows.is_empty());
        assert_eq!(cdrs::totals(&c.pool, &Scope::Account(c.acme), &filter).await.unwrap().calls, 0);
    }
    let row = &cdrs::list(&c.pool, &Scope::Account(c.acme), &day).await.unwrap().rows[0];
    assert_eq!((row.fee, row.cost, row.profit), (money("0.03"), None, None));
    assert!(row.routing_gateway.is_none() && row.vendor_account_name.is_none());
}

#[tokio::test]
async fn a_vendor_sees_its_own_gateways_and_ledger_but_no_customers_calls() {
    let c = Carrier::new().await;
    cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    let (p, own) = (&c.pool, &Scope::Account(c.vendor));
    assert_eq!(routing_gateways::list(p, own, "").await.unwrap().len(), 1);
    assert_eq!(ledger::entries(p, own, c.vendor, None, 9).await.unwrap().rows.len(), 1);
    assert!(matches!(cdrs::find(p, own, call_id(1)).await, Err(StoreError::NotFound)));
}

/// Two agents with two customers each, and a customer that nobody brought. Whatever is `x`'s holds the word `thing-x`.
struct Market {
    carrier: Carrier,
    agents: Vec<(char, AgentId)>,
    accounts: Vec<(String, AccountId)>,
    gateways: Vec<MappingGatewayId>,
    tables: Vec<RateTableId>,
    rates: Vec<RateId>,
}

/// The agent that each account belongs to, its own account first.
const ACCOUNTS: [&str; 7] = ["n", "n1", "n2", "s", "s1", "s2", "free"];

impl Market {
    async fn new() -> Self {
        let carrier = Carrier::new().await;
        let pool = &carrier.pool;
        let mut market = Self {
            agents: Vec::new(),
            accounts: Vec::new(),
            gateways: Vec::new(),
            tables: Vec::new(),
            rates: Vec::new(),
            carrier: Carrier { pool: pool.clone(), ..carrier },
        };
        let pool = market.carrier.pool.clone();
        let mut calls = Vec::new();
        for (n, name) in (0u32..).zip(ACCOUNTS) {
            let thing = format!("thing-{name}");
            let table =
                rate_tables::create(&pool, &actor(), &rate_table(&thing).check().unwrap()).await.unwrap();
            let rate = RateDraft { destination: thing.clone(), ..rate("44", "0.0300") }.check().unwrap();
            market.rates.push(rate_tables::create_rate(&pool, &actor(), table, &rate).await.unwrap());
            let mut draft = account(&thing, "customer", Some(table));
            if let (true, Some((_, agent))) = (name.len() == 2, market.agents.last()) {
                draft.agent = agent.to_string();
            }
            let id = accounts::create(&pool, &actor(), &draft.check().unwrap()).await.unwrap();
            if name.len() == 1 {
                let draft =
                    AgentDraft { name: thing.clone(), account: id.to_string(), status: "active".into() };
                let agent = agents::create(&pool, &actor(), &draft.check().unwrap()).await.unwrap();
                market.agents.push((name.chars().next().unwrap(), agent));
            }
            let trunk = mapping_gateway(&thing, id, &format!("192.0.2.{}", 100 + n)).check().unwrap();
            let trunk = mapping_gateways::create(&pool, &actor(), &trunk).await.unwrap();
            accounts::pay(&pool, &actor(), id, money("5"), &thing).await.unwrap();
            calls.push(Cdr {
                mapping_gateway: Some(trunk),
                mapping_gateway_name: thing.clone(),
                customer: price(id, &thing, 30_000),
                ..market.carrier.call(n)
            });
            market.accounts.push((name.to_owned(), id));
            market.gateways.push(trunk);
            market.tables.push(table);
        }
        cdrs::insert(&pool, &calls).await.unwrap();
        market
    }

    fn agent(&self, name: char) -> AgentId {
        self.agents.iter().find(|(n, _)| *n == name).unwrap().1
    }
}

#[tokio::test]
async fn each_asker_gets_exactly_its_own() {
    let m = Market::new().await;
    let p = &m.carrier.pool;
    let day = CdrFilter::between(morning() - Duration::hours(8), morning() + Duration::hours(8));
    let askers: [(Scope, &[&str]); 6] = [
        (Scope::Agent(m.agent('n')), &["n", "n1", "n2"]),
        (Scope::Agent(m.agent('s')), &["s", "s1", "s2"]),
        (Scope::Account(m.accounts[1].1), &["n1"]),
        (Scope::Account(m.accounts[4].1), &["s1"]),
        (Scope::Account(m.accounts[6].1), &["free"]),
        (Scope::Agent(AgentId(999)), &[]),
    ];
    for (scope, own) in &askers {
        // Lists: whose things are in the answer.
        let lists = [
            ("accounts::list", text(accounts::list(p, scope, &AccountFilter::default()).await)),
            ("mapping_gateways::list", text(mapping_gateways::list(p, scope, "").await)),
            ("rate_tables::list", text(rate_tables::list(p, scope).await)),
            ("cdrs::list", text(cdrs::list(p, scope, &day).await)),
        ];
        for (question, answer) in lists {
            assert_eq!(things(&answer), *own, "{question} for {scope:?}: {answer}");
            no_vendor(question, &answer);
        }
        // Sums: as many calls as own accounts, one each.
        let calls = i64::try_from(own.len()).unwrap();
        let totals = cdrs::totals(p, scope, &day).await.unwrap();
        assert_eq!(totals.calls, calls, "cdrs::totals for {scope:?}");
        assert!(totals.amounts.iter().all(|line| line.cost.is_none() && line.profit.is_none()));
        let traffic = traffic::today(p, scope, morning() + Duration::hours(1)).await.unwrap();
        let hourly: i64 = traffic.hours.iter().map(|hour| hour.calls).sum();
        assert_eq!((traffic.calls, hourly), (calls, calls), "traffic::today for {scope:?}");
        assert!(traffic.amounts.iter().all(|line| line.cost.is_none() && line.profit.is_none()));
        // What is nobody's but ours.
        for (question, answer) in [
            ("routing_gateways::list", text(routing_gateways::list(p, scope, "").await)),
            ("people::list", text(people::list(p, scope, "").await)),
        ] {
            assert_eq!(answer, "Ok([])", "{question} for {scope:?}");
        }
        assert!(audit::list(p, scope, &AuditFilter::newest(9)).await.unwrap().rows.is_empty());
        let agents_seen = agents::list(p, scope, "").await.unwrap();
        let agents_seen: Vec<_> = agents_seen.iter().map(|row| Scope::Agent(row.agent.id)).collect();
        let expected =
            if matches!(scope, Scope::Agent(_)) && !own.is_empty() { vec![*scope] } else { vec![] };
        assert_eq!(agents_seen, expected, "agents::list for {scope:?}");

        // One by one: own things are found, and others are not there at all.
        for (n, (name, id)) in m.accounts.iter().enumerate() {
            let call = call_id(u32::try_from(n).unwrap());
            let answers = [
                ("accounts::find", text(accounts::find(p, scope, *id).await)),
                ("ledger::entries", text(ledger::entries(p, scope, *id, None, 9).await)),
                ("mapping_gateways::find", text(mapping_gateways::find(p, scope, m.gateways[n]).await)),
                ("rate_tables::find", text(rate_tables::find(p, scope, m.tables[n]).await)),
                (
                    "rate_tables::rates",
                    text(rate_tables::rates(p, scope, m.tables[n], &RateFilter::default()).await),
                ),
                ("rate_tables::find_rate", text(rate_tables::find_rate(p, scope, m.rates[n]).await)),
                ("cdrs::find", text(cdrs::find(p, scope, call).await)),
            ];
            for (question, answer) in answers {
                if own.contains(&name.as_str()) {
                    assert_eq!(things(&answer), [name.as_str()], "{question} for {scope:?}: {answer}");
                    no_vendor(question, &answer);
                } else {
                    assert_eq!(answer, "Err(NotFound)", "{question} of {name} for {scope:?}");
                }
            }
        }
        for (question, answer) in [
            ("accounts::find", text(accounts::find(p, scope, AccountId(9999)).await)),
            ("accounts::find vendor", text(accounts::find(p, scope, m.carrier.vendor).await)),
            ("rate_tables::find buy", text(rate_tables::find(p, scope, m.carrier.buy).await)),
            ("routing_gateways::find", text(routing_gateways::find(p, scope, m.carrier.vendor_trunk).await)),
        ] {
            assert_eq!(answer, "Err(NotFound)", "{question} for {scope:?}");
        }
    }
    assert_eq!(
        accounts::list(p, &Scope::All, &AccountFilter::default()).await.unwrap().len(),
        3 + ACCOUNTS.len()
    );
}

#[tokio::test]
async fn an_agent_cannot_find_out_the_vendor_by_filtering() {
    let m = Market::new().await;
    let scope = Scope::Agent(m.agent('n'));
    let day = CdrFilter::between(morning() - Duration::hours(8), morning() + Duration::hours(8));
    for filter in [
        CdrFilter { account: Some(m.carrier.vendor), ..day.clone() },
        CdrFilter { routing_gateway: Some(m.carrier.vendor_trunk), ..day.clone() },
        CdrFilter { account: Some(m.accounts[4].1), ..day.clone() },
    ] {
        assert!(cdrs::list(&m.carrier.pool, &scope, &filter).await.unwrap().rows.is_empty());
        assert_eq!(cdrs::totals(&m.carrier.pool, &scope, &filter).await.unwrap().calls, 0);
    }
    let one = CdrFilter { account: Some(m.accounts[1].1), ..day };
    assert_eq!(cdrs::list(&m.carrier.pool, &scope, &one).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn of_calls_in_progress_each_asker_gets_its_own_without_the_route() {
    let m = Market::new().await;
    let calls: Vec<LiveCall> = (0u32..).zip(&m.accounts).map(|(n, (name, id))| live(n, name, *id)).collect();
    let seen = async |scope: Scope| {
        let seen = scope.sight(&m.carrier.pool).await.unwrap().live_calls(calls.clone());
        let routed = seen.iter().filter(|call| call.routing_gateway_name.is_some()).count();
        (seen.into_iter().map(|call| call.account_name).collect::<Vec<_>>(), routed)
    };
    assert_eq!(seen(Scope::Agent(m.agent('s'))).await, (vec!["s".into(), "s1".into(), "s2".into()], 0));
    assert_eq!(seen(Scope::Account(m.accounts[1].1)).await, (vec!["n1".into()], 0));
    assert_eq!(seen(Scope::All).await.1, ACCOUNTS.len());
}

fn live(n: u32, name: &str, account: AccountId) -> LiveCall {
    LiveCall {
        id: call_id(n),
        state: LiveState::Answered,
        started_at: morning(),
        answered_at: Some(morning()),
        caller: "1".into(),
        callee: "44".into(),
        account,
        account_name: name.into(),
        mapping_gateway: Some(MappingGatewayId(1)),
        mapping_gateway_name: "In".into(),
        caller_phone: None,
        callee_phone: None,
        routing_gateway: Some(domain::RoutingGatewayId(1)),
        routing_gateway_name: Some("Vendor trunk".into()),
        codec: None,
        media: MediaCounters::default(),
        held: money("0"),
    }
}

/// Whose things an answer holds.
fn things(answer: &str) -> Vec<&str> {
    let mut found: Vec<&str> = answer
        .split("thing-")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn no_vendor(question: &str, answer: &str) {
    for word in ["Vendor", "Buy", "198.51.100.1", "0.0200"] {
        assert!(!answer.contains(word), "{question} tells {word}: {answer}");
    }
}
