//! The configuration as a document.

mod changes;
mod parameters;
mod passwords;

use domain::{
    AccountFilter, AccountStatus, AuditFilter, CalleeField, CallerField, GatewayPrivacy, IdentityHeader,
    IncomingIdentity, Parameter, PeerNumber, RateFilter,
};
use store::{
    Pool, Scope, StoreError, accounts, agents, audit,
    document::{Change, ChangeKind, Document, apply, export},
    ledger, mapping_gateways, rate_tables, routing_gateways, snapshot,
};

use crate::fixture::{actor, money};

pub(crate) const DEMO: &str = include_str!("../../../../../server/demo.toml");

pub(crate) async fn empty() -> Pool {
    store::testing::database().await.pool
}

pub(crate) async fn done(pool: &Pool, text: &str) -> Vec<Change> {
    let document = Document::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    apply(pool, &actor(), &document, false).await.unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn kinds(changes: &[Change]) -> (usize, usize, usize) {
    let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
    (count(ChangeKind::Created), count(ChangeKind::Updated), count(ChangeKind::Unchanged))
}

#[tokio::test]
async fn the_demo_makes_its_things_once_and_then_changes_nothing() {
    let pool = empty().await;
    assert_eq!(kinds(&done(&pool, DEMO).await), (12, 0, 0));
    let version = snapshot::version(&pool).await.unwrap();
    let lines = audit::list(&pool, &Scope::All, &AuditFilter::newest(1000)).await.unwrap().rows.len();
    assert_eq!(kinds(&done(&pool, DEMO).await), (0, 0, 12));
    assert_eq!(snapshot::version(&pool).await.unwrap(), version);
    assert_eq!(audit::list(&pool, &Scope::All, &AuditFilter::newest(1000)).await.unwrap().rows.len(), lines);
    let customer = &accounts::list(&pool, &Scope::All, &AccountFilter::default()).await.unwrap()[0];
    assert_eq!(customer.balance(), money("100"));
    assert!(ledger::check(&pool).await.unwrap().holds());
    let gateway = &routing_gateways::list(&pool, &Scope::All, "").await.unwrap()[0].gateway.settings;
    assert_eq!(gateway.address.to_string(), "127.0.0.1:5080");
    assert_eq!(gateway.prefixes, [domain::Prefix::default()]);
}

#[tokio::test]
async fn an_export_applies_without_a_change_and_rebuilds_the_same_elsewhere() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    done(&pool, AWKWARD).await;
    let text = export(&pool).await.unwrap();
    let changes = done(&pool, &text).await;
    assert!(changes.iter().all(|change| change.kind == ChangeKind::Unchanged), "{changes:?}");
    let elsewhere = empty().await;
    done(&elsewhere, &text).await;
    assert_eq!(export(&elsewhere).await.unwrap(), text);
}

const AWKWARD: &str = r#"
[parameters]
SS_SIP_TIMEOUT_INVITE = 8
SS_SIP_NAT_KEEP_ALIVE_MESSAGE = 'a "quoted" \ text'
SS_REPLY_UNAUTHORIZED = false
SERVER_BILLING_FREE_E164S = ["911", "0800*"]
SS_SIP_RESEND_INTERVAL = "0.5, 1, 2"
SS_SIP_TIMEOUT_TRYING = 20

[[rate_table]]
name = 'Quotes "and" \ backslash'
currency = "eur"
billing_unit = 60
rates = [{ prefix = "*#9", destination = "Straße 'x'", rate = "0.123456789", connect_fee = "0.000001", billing_unit = 1 }]

[[account]]
name = "Ünïcode [account]"
kind = "customer"
currency = "EUR"
precision = 6
credit_limit = "12.5"
rate_table = 'Quotes "and" \ backslash'
status = "locked"
opening_balance = "-3.000001"

[[mapping_gateway]]
name = "v6"
account = "Ünïcode [account]"
sources = ["2001:db8::/32", "[2001:db8::1]:5060", "192.0.2.9:5062", "192.0.2.0/24"]
max_calls = 3
enabled = false
caller_field = "remote_party_id"
callee_field = "to"
support_privacy = true

[[account]]
name = "V"
kind = "vendor"

[[routing_gateway]]
name = "both the rest and a prefix"
account = "V"
address = "[2001:db8::2]:5070"
prefixes = ["44", ""]
prefix_mode = "expiration"
priority = 0
max_calls = 7
enabled = false
privacy = "passthrough"
asserted_identity = "caller"
preferred_identity = "passthrough"
asserted_rules = ["00=+", "0=+49"]
peer_number = "display"
local_domain = true
user_phone = true
custom_headers = ["X-Carrier: a, b \\ 'c'", 'X-Tier: "gold"']
passed_headers = ["X-Trace", "Subject"]
parameters = { SS_SIP_TIMEOUT_RINGING = 60, SS_SIP_TIMEOUT_INVITE = "10", SS_MAX_CALL_DURATION = 3600 }
"#;

#[tokio::test]
async fn every_key_arrives_where_it_belongs() {
    let pool = empty().await;
    done(&pool, AWKWARD).await;
    let read = snapshot::load(&pool).await.unwrap();
    let table = &read.rate_tables[0];
    let rate = &read.rates[&table.id][0].settings;
    assert_eq!(table.settings.billing_unit.unwrap().seconds(), 60);
    assert_eq!(
        (rate.rate.to_string(), rate.connect_fee.to_string()),
        ("0.123456789".into(), "0.000001".into())
    );
    assert_eq!(rate.billing_unit.unwrap().seconds(), 1);
    let account = read.accounts.iter().find(|a| a.settings.rate_table.is_some()).unwrap();
    assert_eq!((account.settings.precision.decimals(), account.settings.status), (6, AccountStatus::Locked));
    assert_eq!((account.settings.credit_limit, account.balance()), (money("12.5"), money("-3.000001")));
    let gateway = &read.mapping_gateways[0].settings;
    assert_eq!((gateway.sources.len(), gateway.max_calls, gateway.enabled), (4, Some(3), false));
    let identity = IncomingIdentity {
        caller_field: CallerField::RemotePartyId,
        callee_field: CalleeField::To,
        support_privacy: true,
    };
    assert_eq!(gateway.identity, identity);
    let gateway = &read.routing_gateways[0].settings;
    let prefixes: Vec<_> = gateway.prefixes.iter().map(|prefix| prefix.as_str()).collect();
    assert_eq!(prefixes, ["", "44"]);
    assert_eq!((gateway.priority, gateway.max_calls, gateway.enabled), (0, Some(7), false));
    assert_eq!(gateway.prefix_mode, domain::PrefixMode::Expiration);
    let identity = &gateway.identity;
    assert_eq!(identity.privacy, Some(GatewayPrivacy::Passthrough));
    let headers = (identity.asserted_identity, identity.preferred_identity);
    assert_eq!(headers, (IdentityHeader::Caller, IdentityHeader::Passthrough));
    assert_eq!(
        (identity.asserted_rules.apply("0301").as_ref(), identity.peer_number),
        ("+49301", PeerNumber::Display)
    );
    assert!(identity.local_domain && identity.user_phone);
    let custom: Vec<_> = identity.custom_headers.iter().map(ToString::to_string).collect();
    assert_eq!(custom, [r#"X-Carrier: a, b \ 'c'"#, r#"X-Tier: "gold""#]);
    assert_eq!(identity.passed_headers.words(), ["X-Trace", "Subject"]);
    let system = &read.parameters;
    assert_eq!(
        (system.whole(Parameter::SS_SIP_TIMEOUT_INVITE), system.on(Parameter::SS_REPLY_UNAUTHORIZED)),
        (8, false)
    );
    assert_eq!(system.text(Parameter::SS_SIP_NAT_KEEP_ALIVE_MESSAGE), r#"a "quoted" \ text"#);
    assert_eq!(system.list(Parameter::SS_SIP_RESEND_INTERVAL).len(), 3);
    assert!(system.numbers(Parameter::SERVER_BILLING_FREE_E164S)[1].matches("08001234"));
    assert_eq!(system.set_value(Parameter::SS_SIP_TIMEOUT_TRYING), None, "the default is what nobody set");
    let both = system.overlay(&gateway.overrides);
    assert_eq!(
        both.whole(Parameter::SS_SIP_TIMEOUT_INVITE),
        10,
        "the gateway's own, although it is the default"
    );
    assert_eq!(
        (both.whole(Parameter::SS_SIP_TIMEOUT_RINGING), both.whole(Parameter::SS_MAXCALLDURATION)),
        (60, 3600)
    );
}

#[tokio::test]
async fn agents_and_the_customers_they_bring_stand_in_one_document_in_any_order() {
    let text = r#"
[[account]]
name = "Acme"
kind = "customer"
agent = "Reseller"

[[agent]]
name = "Reseller"
account = "Reseller's own"

[[account]]
name = "Reseller's own"
kind = "customer"
"#;
    let pool = empty().await;
    assert_eq!(kinds(&done(&pool, text).await), (3, 0, 0));
    assert_eq!(kinds(&done(&pool, text).await), (0, 0, 3));
    let [reseller] = agents::list(&pool, &Scope::All, "").await.unwrap().try_into().unwrap();
    assert_eq!((reseller.account_name.as_str(), reseller.customers), ("Reseller's own", 1));
    let exported = export(&pool).await.unwrap();
    assert!(exported.contains("agent = \"Reseller\"\n") && exported.contains("[[agent]]\n"), "{exported}");
    let elsewhere = empty().await;
    done(&elsewhere, &exported).await;
    assert_eq!(export(&elsewhere).await.unwrap(), exported);

    let locked = done(&pool, "[[agent]]\nname = \"Reseller\"\nstatus = \"locked\"").await;
    assert_eq!(locked[0].fields, [("status".to_owned(), "active".to_owned(), "locked".to_owned())]);
    done(&pool, "[[account]]\nname = \"Acme\"\nagent = \"\"").await;
    assert_eq!(agents::list(&pool, &Scope::All, "").await.unwrap()[0].customers, 0);

    for (text, told) in [
        ("[[account]]\nname = \"Acme\"\nagent = \"Nobody\"", "there is no agent \"Nobody\""),
        ("[[agent]]\nname = \"Other\"\naccount = \"Nobody\"", "there is no account \"Nobody\""),
        ("[[agent]]\nname = \"Other\"", "account"),
    ] {
        let document = Document::parse(text).unwrap();
        let refused = apply(&pool, &actor(), &document, false).await.unwrap_err().to_string();
        assert!(refused.contains(told), "{refused}");
    }
}
