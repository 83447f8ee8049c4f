//! Parameters of a document.

use store::parameters;

use super::*;

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
