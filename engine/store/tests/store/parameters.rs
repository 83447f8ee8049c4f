//! Named parameters: values, history, the gateways' own (decisions 1 to 3).

use domain::{AuditFilter, Parameter, ParameterRow, ParameterValues, RowVersion, parameter::Level};
use store::{
    Pool, Scope, StoreError, audit, mapping_gateways,
    parameters::{SetSeveral, Wanted, history, list, owner_counts, owners, reset, set, set_several},
    routing_gateways, snapshot,
};

use crate::fixture::{Carrier, actor, told};

const INVITE: Parameter = Parameter::SS_SIP_TIMEOUT_INVITE;
const RINGING: Parameter = Parameter::SS_SIP_TIMEOUT_RINGING;
const DEFAULT: RowVersion = RowVersion(0);

async fn empty() -> Pool {
    store::testing::database().await.pool
}

async fn row(pool: &Pool, parameter: Parameter) -> ParameterRow {
    let rows = list(pool, &Scope::All).await.unwrap();
    rows.into_iter().find(|row| row.parameter == parameter).unwrap()
}

async fn in_force(pool: &Pool) -> ParameterValues {
    snapshot::load(pool).await.unwrap().parameters
}

#[tokio::test]
async fn a_fresh_system_has_every_parameter_at_its_default() {
    let pool = empty().await;
    let rows = list(&pool, &Scope::All).await.unwrap();
    assert!(rows.iter().map(|row| row.parameter).eq(Parameter::all()));
    assert!(rows.iter().all(|row| row.set.is_none() && row.version == DEFAULT && row.set_at.is_none()));
    assert!(rows.iter().all(|row| row.value() == row.parameter.default_value().to_string()));
    assert!(in_force(&pool).await.is_empty());
}

#[tokio::test]
async fn a_value_that_is_set_reaches_the_switch_and_a_reset_takes_it_back() {
    let pool = empty().await;
    let before = snapshot::version(&pool).await.unwrap();
    let version = set(&pool, &actor(), INVITE, DEFAULT, " 08 ").await.unwrap();
    let set_now = row(&pool, INVITE).await;
    assert_eq!((set_now.value(), set_now.version), ("8".to_owned(), version));
    assert_eq!(in_force(&pool).await.seconds(INVITE).as_secs(), 8);
    let middle = snapshot::version(&pool).await.unwrap();
    assert!(middle > before);
    reset(&pool, &actor(), INVITE, version).await.unwrap();
    assert_eq!(in_force(&pool).await, ParameterValues::default());
    assert!(snapshot::version(&pool).await.unwrap() > middle);
}

#[tokio::test]
async fn a_change_is_hinted_to_the_switch() {
    let pool = empty().await;
    let mut hints = snapshot::listen(&pool).await.unwrap();
    set(&pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    tokio::time::timeout(std::time::Duration::from_secs(5), hints.next()).await.expect("hinted").unwrap();
}

#[tokio::test]
async fn of_two_changes_from_one_reading_the_second_is_a_conflict_even_after_a_reset() {
    let pool = empty().await;
    let first = set(&pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    for (version, text) in [(DEFAULT, "9"), (RowVersion(first.0 + 1), "9")] {
        let refused = set(&pool, &actor(), INVITE, version, text).await;
        assert!(
            matches!(refused, Err(StoreError::Conflict { subject }) if subject == "parameter SS_SIP_TIMEOUT_INVITE")
        );
    }
    reset(&pool, &actor(), INVITE, first).await.unwrap();
    assert!(matches!(reset(&pool, &actor(), INVITE, first).await, Err(StoreError::Conflict { .. })));
    let again = set(&pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    assert!(again > first, "a version that was seen is never used again");
    let other = set(&pool, &actor(), RINGING, DEFAULT, "60").await.unwrap();
    let changed = set(&pool, &actor(), INVITE, again, "7").await.unwrap();
    assert!(changed > other && row(&pool, INVITE).await.value() == "7");
}

#[tokio::test]
async fn every_change_stands_in_the_history_and_in_the_audit_log() {
    let pool = empty().await;
    let version = set(&pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    set(&pool, &actor(), RINGING, DEFAULT, "60").await.unwrap();
    let version = set(&pool, &actor(), INVITE, version, "9").await.unwrap();
    // Neither a value that it has already nor a refused one is a change.
    assert_eq!(set(&pool, &actor(), INVITE, version, "9").await.unwrap(), version);
    set(&pool, &actor(), INVITE, version, "nine").await.unwrap_err();
    // The default is what nobody set.
    assert_eq!(set(&pool, &actor(), INVITE, version, "10").await.unwrap(), DEFAULT);
    let page = history(&pool, &Scope::All, Some(INVITE), None, 100).await.unwrap();
    let told: Vec<_> = page.rows.iter().map(|c| (c.old.as_deref(), c.new.as_deref())).collect();
    assert_eq!(told, [(Some("9"), None), (Some("8"), Some("9")), (None, Some("8"))]);
    assert!(page.rows.iter().all(|c| c.user_name == "test" && c.name == INVITE.name()));
    let page = history(&pool, &Scope::All, None, None, 2).await.unwrap();
    assert!(page.more && page.rows[1].name == INVITE.name());
    let rest = history(&pool, &Scope::All, None, Some(page.rows[1].id), 10).await.unwrap();
    assert_eq!((rest.rows.len(), rest.more), (2, false));
    let lines = audit::list(&pool, &Scope::All, &AuditFilter::newest(10)).await.unwrap().rows;
    assert_eq!(lines.len(), 4);
    assert_eq!(
        (lines[0].action.as_str(), lines[0].subject.as_str()),
        ("reset", "parameter SS_SIP_TIMEOUT_INVITE")
    );
    assert_eq!(lines[1].before.as_deref(), Some(r#"{"SS_SIP_TIMEOUT_INVITE": "8"}"#));
    assert_eq!(lines[1].after.as_deref(), Some(r#"{"SS_SIP_TIMEOUT_INVITE": "9"}"#));
}

#[tokio::test]
async fn the_history_cannot_be_rewritten() {
    let pool = empty().await;
    set(&pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    for statement in [
        "update sys.parameter_history set new_value = '9'",
        "delete from sys.parameter_history",
        "truncate sys.parameter_history",
    ] {
        let refused = sqlx::query(statement).execute(&pool).await.unwrap_err();
        assert!(refused.to_string().contains("only added to"), "{statement}: {refused}");
    }
    assert_eq!(history(&pool, &Scope::All, None, None, 10).await.unwrap().rows.len(), 1);
}

#[tokio::test]
async fn a_hostile_value_is_refused_at_the_parameters_name_and_changes_nothing() {
    let pool = empty().await;
    for (parameter, text) in [
        (INVITE, "0"),
        (INVITE, "10; drop table sys.parameters"),
        (Parameter::SS_SIP_NAT_KEEP_ALIVE_MESSAGE, "a\0b"),
        (Parameter::SS_LOCAL_IP_DOMAIN, "x\r\nVia: y"),
        (Parameter::SERVER_BILLING_FREE_E164S, "*"),
    ] {
        told(set(&pool, &actor(), parameter, DEFAULT, text).await, parameter.name());
    }
    assert!(in_force(&pool).await.is_empty());
    assert!(history(&pool, &Scope::All, None, None, 10).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn only_an_administrator_sees_parameters_and_their_history() {
    let c = Carrier::new().await;
    set(&c.pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    let scope = Scope::Account(c.acme);
    assert!(list(&c.pool, &scope).await.unwrap().is_empty());
    assert!(history(&c.pool, &scope, None, None, 10).await.unwrap().rows.is_empty());
}

#[tokio::test]
async fn what_another_build_stored_is_passed_over_and_the_rest_counts() {
    let c = Carrier::new().await;
    set(&c.pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    for statement in [
        "insert into sys.parameters (name, value) values ('SS_OF_TOMORROW', '1'), ('SS_SIP_TIMEOUT_RINGING', 'soon')",
        r#"update sip.routing_gateways set overrides =
           '{"SS_OF_TOMORROW": "1", "SS_REPLY_UNAUTHORIZED": "On", "SS_SIP_TIMEOUT_TRYING": 5, "SS_SIP_TIMEOUT_INVITE": "x"}'"#,
    ] {
        sqlx::query(statement).execute(&c.pool).await.unwrap();
    }
    let read = snapshot::load(&c.pool).await.unwrap();
    let texts = |values: &ParameterValues| {
        values.iter().map(|(p, v)| format!("{p} {v}")).collect::<Vec<_>>().join(", ")
    };
    assert_eq!(texts(&read.parameters), "SS_SIP_TIMEOUT_INVITE 8");
    assert_eq!(texts(&read.routing_gateways[0].settings.overrides), "SS_SIP_TIMEOUT_TRYING 5");
    // A value that cannot be read shows as the default and can be set from there.
    let ringing = row(&c.pool, RINGING).await;
    assert_eq!(ringing.value(), "120");
    set(&c.pool, &actor(), RINGING, ringing.version, "60").await.unwrap();
    assert_eq!(in_force(&c.pool).await.whole(RINGING), 60);
}

#[tokio::test]
async fn a_gateways_own_values_are_kept_and_lie_over_the_systems() {
    let c = Carrier::new().await;
    set(&c.pool, &actor(), INVITE, DEFAULT, "5").await.unwrap();
    set(&c.pool, &actor(), RINGING, DEFAULT, "60").await.unwrap();
    let read = routing_gateways::find(&c.pool, &Scope::All, c.vendor_trunk).await.unwrap();
    let mut settings = read.settings;
    settings.overrides.set(INVITE, "20").unwrap();
    routing_gateways::update(&c.pool, &actor(), c.vendor_trunk, read.version, &settings).await.unwrap();
    let found = routing_gateways::find(&c.pool, &Scope::All, c.vendor_trunk).await.unwrap().settings;
    let listed = routing_gateways::list(&c.pool, &Scope::All, "").await.unwrap().remove(0).gateway.settings;
    assert_eq!((&found, &listed), (&settings, &settings));
    let picture = snapshot::load(&c.pool).await.unwrap();
    let both = picture.parameters.overlay(&picture.routing_gateways[0].settings.overrides);
    assert_eq!((both.whole(INVITE), both.whole(RINGING)), (20, 60));
    assert_eq!(both.whole(Parameter::SS_SIP_TIMEOUT_TRYING), 20);
    let line = audit::list(&c.pool, &Scope::All, &AuditFilter::newest(1)).await.unwrap().rows.remove(0);
    assert!(line.after.unwrap().contains(r#""overrides": {"SS_SIP_TIMEOUT_INVITE": "20"}"#));
}

#[tokio::test]
async fn a_new_gateway_may_have_its_own_values_but_none_of_the_systems() {
    let c = Carrier::new().await;
    let mut mapping = mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap().settings;
    mapping.name = "Another".parse().unwrap();
    mapping.sources = vec!["192.0.2.200".parse().unwrap()];
    mapping.overrides.set(Parameter::SS_MAXCALLDURATION, "3600").unwrap();
    let id = mapping_gateways::create(&c.pool, &actor(), &mapping).await.unwrap();
    assert_eq!(mapping_gateways::find(&c.pool, &Scope::All, id).await.unwrap().settings, mapping);
    mapping.name = "Third".parse().unwrap();
    mapping.sources = vec!["192.0.2.201".parse().unwrap()];
    mapping.overrides.set(INVITE, "5").unwrap();
    let message = told(mapping_gateways::create(&c.pool, &actor(), &mapping).await, INVITE.name());
    assert_eq!(message, "a mapping gateway has no value of its own for this parameter");
}

fn wanted<const N: usize>(changes: [(Parameter, RowVersion, &str); N]) -> Vec<Wanted> {
    changes.map(|(parameter, version, text)| Wanted { parameter, version, text: text.to_owned() }).to_vec()
}

#[tokio::test]
async fn several_parameters_are_set_together_or_not_at_all() {
    let pool = empty().await;
    let outcome =
        set_several(&pool, &actor(), &wanted([(RINGING, DEFAULT, "060"), (INVITE, DEFAULT, "8")])).await;
    let SetSeveral::Done(done) = outcome.unwrap() else { panic!("both are as they were read") };
    assert!(done.contains(&INVITE) && done.contains(&RINGING) && done.len() == 2);
    assert_eq!(
        (row(&pool, INVITE).await.value(), row(&pool, RINGING).await.value()),
        ("8".into(), "60".into())
    );

    // A refused value: told at its name, and the good one beside it is not set either.
    let versions = (row(&pool, INVITE).await.version, row(&pool, RINGING).await.version);
    let both = wanted([(INVITE, versions.0, "9"), (RINGING, versions.1, "soon")]);
    told(set_several(&pool, &actor(), &both).await, RINGING.name());
    let twice = wanted([(INVITE, versions.0, "9"), (INVITE, versions.0, "7")]);
    assert_eq!(told(set_several(&pool, &actor(), &twice).await, INVITE.name()), "it is given twice");
    assert_eq!(row(&pool, INVITE).await.value(), "8");
    assert_eq!(history(&pool, &Scope::All, None, None, 10).await.unwrap().rows.len(), 2);
}

#[tokio::test]
async fn when_one_of_several_was_changed_meanwhile_none_is_set_and_its_value_now_is_told() {
    let pool = empty().await;
    set(&pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    // Of all three only INVITE was read too early; RINGING comes before it in the transaction.
    let trying = Parameter::SS_SIP_TIMEOUT_TRYING;
    let all = wanted([(RINGING, DEFAULT, "60"), (INVITE, DEFAULT, "9"), (trying, DEFAULT, "5")]);
    let SetSeveral::Stale(stale) = set_several(&pool, &actor(), &all).await.unwrap() else {
        panic!("INVITE was changed after it had been read")
    };
    let [stale] = &stale[..] else { panic!("one, not {}", stale.len()) };
    assert_eq!((stale.parameter, stale.value().as_str()), (INVITE, "8"));
    assert_eq!(stale.last_change.as_ref().unwrap().user_name, "test");
    assert!(row(&pool, RINGING).await.set.is_none() && row(&pool, trying).await.set.is_none());
    // Once told, saving again is a decision.
    let again = wanted([(RINGING, DEFAULT, "60"), (INVITE, stale.version, "9")]);
    assert!(
        matches!(set_several(&pool, &actor(), &again).await.unwrap(), SetSeveral::Done(done) if done.len() == 2)
    );
    // Who wanted just what somebody else has set has nothing to decide.
    let same = wanted([(INVITE, DEFAULT, "9")]);
    assert_eq!(set_several(&pool, &actor(), &same).await.unwrap(), SetSeveral::Done(Vec::new()));
}

#[tokio::test]
async fn the_last_change_is_told_also_after_a_reset() {
    let pool = empty().await;
    assert!(row(&pool, INVITE).await.last_change.is_none());
    let version = set(&pool, &actor(), INVITE, DEFAULT, "8").await.unwrap();
    set(&pool, &actor(), RINGING, DEFAULT, "60").await.unwrap();
    reset(&pool, &actor(), INVITE, version).await.unwrap();
    let last = row(&pool, INVITE).await.last_change.unwrap();
    assert_eq!((last.old.as_deref(), last.new, last.user_name.as_str()), (Some("8"), None, "test"));
    assert_eq!(row(&pool, RINGING).await.last_change.unwrap().new.as_deref(), Some("60"));
}

#[tokio::test]
async fn the_gateways_with_a_value_of_their_own_are_counted_and_named() {
    let c = Carrier::new().await;
    let longest = Parameter::SS_MAXCALLDURATION;
    let mut mapping = mapping_gateways::find(&c.pool, &Scope::All, c.acme_trunk).await.unwrap();
    mapping.settings.overrides.set(longest, "3600").unwrap();
    mapping_gateways::update(&c.pool, &actor(), c.acme_trunk, mapping.version, &mapping.settings)
        .await
        .unwrap();
    let mut routing = routing_gateways::find(&c.pool, &Scope::All, c.vendor_trunk).await.unwrap();
    routing.settings.overrides.set(longest, "60").unwrap();
    routing.settings.overrides.set(INVITE, "5").unwrap();
    routing_gateways::update(&c.pool, &actor(), c.vendor_trunk, routing.version, &routing.settings)
        .await
        .unwrap();

    let counts = owner_counts(&c.pool, &Scope::All).await.unwrap();
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), [(longest, 2), (INVITE, 1)]);
    let page = owners(&c.pool, &Scope::All, longest, 10).await.unwrap();
    let told: Vec<_> = page.rows.iter().map(|o| (o.level, o.id, o.name.as_str(), o.value.as_str())).collect();
    let (mapping, routing) = (mapping.settings.name.as_str(), routing.settings.name.as_str());
    assert_eq!(
        told,
        [
            (Level::MappingGateway, c.acme_trunk.0, mapping, "3600"),
            (Level::RoutingGateway, c.vendor_trunk.0, routing, "60"),
        ]
    );
    assert!(owners(&c.pool, &Scope::All, longest, 1).await.unwrap().more);
    let stranger = Scope::Account(c.acme);
    assert!(owner_counts(&c.pool, &stranger).await.unwrap().is_empty());
    assert!(owners(&c.pool, &stranger, longest, 10).await.unwrap().rows.is_empty());
}
