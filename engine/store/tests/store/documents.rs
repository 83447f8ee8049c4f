//! The configuration as a document.

use domain::{
    AccountFilter, AccountStatus, AuditFilter, CalleeField, CallerField, GatewayPrivacy, IdentityHeader,
    IncomingIdentity, Parameter, PeerNumber, RateFilter,
};
use store::{
    Pool, Scope, StoreError, accounts, agents, audit,
    document::{Change, ChangeKind, Document, apply, export},
    ledger, mapping_gateways, parameters, rate_tables, routing_gateways, snapshot,
};

use crate::fixture::{actor, money};

pub(crate) const DEMO: &str = include_str!("../../../../server/demo.toml");

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
async fn parameters_change_where_they_differ_and_keep_what_is_left_out() {
    let pool = empty().await;
    done(&pool, AWKWARD).await;
    let tell = |changes: &[Change]| {
        let lines = changes.iter().map(|c| {
            let fields: Vec<_> = c.fields.iter().map(|(f, a, b)| format!("{f} {a} > {b}")).collect();
            format!("{} {} {}: {}", c.kind, c.what, c.name, fields.join(", "))
        });
        lines.collect::<Vec<_>>()
    };
    let text = r#"
        [parameters]
        SS_SIP_TIMEOUT_INVITE = ""
        SS_SIP_NAT_KEEP_ALIVE_MESSAGE = ""
        SS_AUTHCHALLENGEMODE = 2
        SS_REPLY_UNAUTHORIZED = "Off"
        [[routing_gateway]]
        name = "both the rest and a prefix"
        parameters = { SS_SIP_TIMEOUT_RINGING = 61, SS_SIP_TIMEOUT_INVITE = "" }
        "#;
    let document = Document::parse(text).unwrap();
    let version = snapshot::version(&pool).await.unwrap();
    let promised = apply(&pool, &actor(), &document, true).await.unwrap();
    assert_eq!(snapshot::version(&pool).await.unwrap(), version, "a dry run changes nothing");
    let changes = done(&pool, text).await;
    assert_eq!(promised, changes);
    assert_eq!(
        tell(&changes),
        [
            "updated parameter SS_SIP_TIMEOUT_INVITE: value 8 > 10",
            r#"updated parameter SS_SIP_NAT_KEEP_ALIVE_MESSAGE: value a "quoted" \ text > "#,
            "updated parameter SS_SIP_AUTHENTICATION_CODE: value 401 > 407",
            "unchanged parameter SS_REPLY_UNAUTHORIZED: ",
            "updated routing_gateway both the rest and a prefix: SS_SIP_TIMEOUT_INVITE 10 > , SS_SIP_TIMEOUT_RINGING 60 > 61",
        ]
    );
    let history = parameters::history(&pool, &Scope::All, None, None, 100).await.unwrap();
    assert_eq!(history.rows.len(), 5 + 3);
    assert!(done(&pool, text).await.iter().all(|change| change.kind == ChangeKind::Unchanged));
    let gateway = routing_gateways::list(&pool, &Scope::All, "").await.unwrap().remove(0).gateway.settings;
    let own: Vec<_> = gateway.overrides.iter().map(|(p, v)| format!("{p} {v}")).collect();
    assert_eq!(own, ["SS_MAXCALLDURATION 3600", "SS_SIP_TIMEOUT_RINGING 61"]);
}

#[tokio::test]
async fn every_wrong_parameter_is_told_at_its_place_and_nothing_is_changed() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    let text = r#"[parameters]
SS_SIP_TIMEOUT_INVITE = 0
SS_SIP_TIMEOUT_RINGING = 60
SS_AUTHCHALLENGEMODE = 9
[[routing_gateway]]
name = "Demo vendor"
[routing_gateway.parameters]
SS_SIP_TIMEOUT_TRYING = 5
SS_REPLY_UNAUTHORIZED = true
SS_SIP_TIMEOUT_INVITE = "soon"
"#;
    let document = Document::parse(text).unwrap();
    let refused = apply(&pool, &actor(), &document, false).await.unwrap_err().to_string();
    assert_eq!(
        refused.lines().collect::<Vec<_>>(),
        [
            "line 2: parameter \"SS_SIP_TIMEOUT_INVITE\": write a whole number (s), 1 to 120",
            "line 4: parameter \"SS_SIP_AUTHENTICATION_CODE\": choose one of 401, 407, 401/407",
            "line 9: routing_gateway \"Demo vendor\": SS_REPLY_UNAUTHORIZED: a routing gateway has no value of its own for this parameter",
            "line 10: routing_gateway \"Demo vendor\": SS_SIP_TIMEOUT_INVITE: write a whole number (s), 1 to 120",
        ]
    );
    let read = snapshot::load(&pool).await.unwrap();
    let own: Vec<_> = read.routing_gateways[0].settings.overrides.iter().map(|(p, _)| p.name()).collect();
    assert!(read.parameters.is_empty() && own == ["SS_SIP_OPTIONS_CHECK_PERIOD"], "as the demo has it");
}

#[tokio::test]
async fn a_dry_run_tells_the_changes_and_makes_none() {
    let pool = empty().await;
    let before = snapshot::version(&pool).await.unwrap();
    let document = Document::parse(DEMO).unwrap();
    let changes = apply(&pool, &actor(), &document, true).await.unwrap();
    assert_eq!(kinds(&changes), (12, 0, 0));
    assert_eq!(snapshot::version(&pool).await.unwrap(), before);
    assert!(export(&pool).await.unwrap().is_empty());
    assert!(audit::list(&pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn only_what_differs_is_changed_and_told_field_by_field() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    let changes = done(
        &pool,
        r#"
        [[account]]
        name = "Demo customer"
        credit_limit = "5"
        rate_table = ""
        [[rate_table]]
        name = "Demo sell"
        rates = [{ prefix = "44", rate = "0.0400" }, { prefix = "49", rate = "0.0200" }, { prefix = "1" }]
        [[mapping_gateway]]
        name = "Demo customer"
        enabled = false
        [[routing_gateway]]
        name = "Demo vendor"
        prefixes = ["44", ""]
        "#,
    )
    .await;
    let field = |what: &str, name: &str| {
        let change = changes.iter().find(|c| c.what == what && c.name == name);
        let change = change.unwrap_or_else(|| panic!("no {what} {name} in {changes:?}"));
        let fields: Vec<_> = change.fields.iter().map(|(f, a, b)| format!("{f}: {a} > {b}")).collect();
        format!("{} {}", change.kind, fields.join(", "))
    };
    assert_eq!(
        field("account", "Demo customer"),
        "updated credit_limit: 0.00 > 5.00, rate_table: Demo sell > "
    );
    assert_eq!(field("rate_table", "Demo sell"), "unchanged ");
    assert_eq!(field("rate", "Demo sell 44"), "updated rate: 0.0300 > 0.0400");
    assert_eq!(field("rate", "Demo sell 1"), "unchanged ");
    assert!(field("rate", "Demo sell 49").starts_with("created "));
    assert_eq!(field("mapping_gateway", "Demo customer"), "updated enabled: true > false");
    assert_eq!(field("routing_gateway", "Demo vendor"), r#"updated prefixes: "" > "", "44""#);
    // What the document does not say stays, and nothing is removed.
    let account = &accounts::list(&pool, &Scope::All, &AccountFilter::default()).await.unwrap()[0];
    assert_eq!((account.balance(), account.settings.precision.decimals()), (money("100"), 4));
    let table = &rate_tables::list(&pool, &Scope::All).await.unwrap()[1].table;
    let rates = rate_tables::rates(&pool, &Scope::All, table.id, &RateFilter::default()).await.unwrap().rows;
    let shown: Vec<_> = rates
        .iter()
        .map(|row| {
            (
                row.settings.prefix.as_str(),
                row.settings.rate.to_string(),
                row.settings.billing_unit.map(|u| u.seconds()),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("", "0.1000".to_owned(), Some(60)),
            ("1", "0.0100".to_owned(), Some(1)),
            ("44", "0.0400".to_owned(), Some(6)),
            ("49", "0.0200".to_owned(), None)
        ]
    );
}

#[tokio::test]
async fn a_later_opening_balance_is_not_booked_again() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    let changes = done(&pool, "[[account]]\nname = \"Demo customer\"\nopening_balance = \"500\"").await;
    assert_eq!(kinds(&changes), (0, 0, 1));
    assert_eq!(
        accounts::list(&pool, &Scope::All, &AccountFilter::default()).await.unwrap()[0].balance(),
        money("100")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_document_and_settled_calls_never_deadlock() {
    let c = crate::fixture::Carrier::new().await;
    let calls = {
        let (pool, batches) = (c.pool.clone(), (0..60).map(|n| c.call(n)).collect::<Vec<_>>());
        tokio::spawn(async move {
            for cdr in batches {
                store::cdrs::insert(&pool, &[cdr]).await.unwrap();
            }
        })
    };
    for n in 1..30 {
        // Against the order of their ids.
        let account = |name: &str| format!("[[account]]\nname = \"{name}\"\ncredit_limit = \"{n}\"\n");
        done(&c.pool, &format!("{}{}", account("Vendor"), account("Acme"))).await;
    }
    calls.await.unwrap();
    assert!(ledger::check(&c.pool).await.unwrap().holds());
}

#[tokio::test]
async fn a_large_price_list_is_taken_up_in_one_go() {
    let pool = empty().await;
    let rows: String = (0..20_000)
        .map(|n| format!("  {{ prefix = \"{}\", rate = \"0.0{}\" }},\n", 100_000 + n, n % 10))
        .collect();
    let text = format!("[[rate_table]]\nname = \"Large\"\nrates = [\n{rows}]\n");
    assert_eq!(kinds(&done(&pool, &text).await), (20_001, 0, 0));
    assert_eq!(kinds(&done(&pool, &text).await), (0, 0, 20_001));
    assert_eq!(rate_tables::list(&pool, &Scope::All).await.unwrap()[0].rates, 20_000);
    assert_eq!(audit::list(&pool, &Scope::All, &AuditFilter::newest(10)).await.unwrap().rows.len(), 2);
}

#[tokio::test]
async fn a_document_waits_for_a_form_and_neither_is_lost() {
    let pool = empty().await;
    done(&pool, DEMO).await;
    let gateway = mapping_gateways::list(&pool, &Scope::All, "").await.unwrap().remove(0).gateway;
    let document = Document::parse("[[mapping_gateway]]\nname = \"Demo customer\"\nmax_calls = 9").unwrap();
    let mut settings = gateway.settings.clone();
    settings.enabled = false;
    let by = actor();
    let (form, applied) = tokio::join!(
        mapping_gateways::update(&pool, &by, gateway.id, gateway.version, &settings),
        apply(&pool, &by, &document, false),
    );
    applied.unwrap();
    let now = mapping_gateways::find(&pool, &Scope::All, gateway.id).await.unwrap().settings;
    assert_eq!(now.max_calls, Some(9));
    match form {
        Ok(()) => assert!(!now.enabled),
        Err(error) => assert!(matches!(error, StoreError::Conflict { .. }) && now.enabled, "{error}"),
    }
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
