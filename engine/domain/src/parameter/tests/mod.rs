mod examples;

use std::{
    collections::{BTreeMap, HashSet},
    time::Duration,
};

use proptest::prelude::*;

use super::*;
use crate::{MappingGatewayDraft, RoutingGatewayDraft};

/// Every name under which a parameter is known.
fn names() -> impl Iterator<Item = (Parameter, &'static str)> {
    Parameter::all().flat_map(|p| {
        let aliases = p.entry().aliases.iter().map(|alias| alias.name);
        std::iter::once(p.name()).chain(aliases).map(move |name| (p, name))
    })
}

#[test]
fn no_name_is_there_twice_and_every_one_leads_to_its_parameter() {
    let mut seen = HashSet::new();
    for (parameter, name) in names() {
        assert!(seen.insert(name), "{name} is there twice");
        assert_eq!(name.parse(), Ok(parameter));
        assert_eq!(format!(" {} ", name.to_lowercase()).parse(), Ok(parameter));
    }
    assert_eq!((Parameter::all().count(), seen.len()), (82, 87));
    assert_eq!("SS_NO_SUCH_THING".parse::<Parameter>(), Err(UnknownParameter));
}

#[test]
fn every_default_is_allowed_and_survives_print_and_parse() {
    for parameter in Parameter::all() {
        let default = parameter.default_value();
        assert_eq!(parameter.parse(&default.to_string()).as_ref(), Ok(default), "{parameter}");
    }
}

#[test]
fn every_entry_says_in_whole_sentences_what_it_does() {
    for parameter in Parameter::all() {
        let about = parameter.about();
        assert!(about.ends_with('.') && about.starts_with(char::is_uppercase), "{parameter}: {about}");
        let Kind::Whole { beside, .. } = &parameter.entry().kind else { continue };
        let special = match beside {
            Beside::Nothing => continue,
            Beside::Zero => "0",
            Beside::Word(word) => *word,
        };
        let told = about.split(|c: char| !c.is_alphanumeric()).any(|w| w.eq_ignore_ascii_case(special));
        assert!(told, "{parameter} does not say what {special} means");
    }
}

#[test]
fn what_inherits_when_empty_can_never_be_set_to_nothing() {
    for parameter in Parameter::all().filter(|p| !p.entry().levels.is_empty()) {
        assert!(parameter.parse("").is_err(), "{parameter}");
    }
}

#[test]
fn values_are_called_otherwise_under_the_older_name_of_the_challenge() {
    let named: NamedParameter = "SS_AUTHCHALLENGEMODE".parse().unwrap();
    assert_eq!(named.parameter, Parameter::SS_SIP_AUTHENTICATION_CODE);
    for (theirs, ours) in [("1", "401"), (" 2 ", "407"), ("3", "401/407"), ("407", "407")] {
        assert_eq!(named.parse(theirs), Ok(Value::Word(ours)));
    }
    assert!(named.parse("4").is_err());
    let canonical: NamedParameter = "SS_SIP_AUTHENTICATION_CODE".parse().unwrap();
    assert!(canonical.parse("1").is_err());
}

#[test]
fn hostile_values_are_refused_with_what_would_be_right() {
    for (parameter, texts, told) in [
        (
            Parameter::SS_SIP_TIMEOUT_INVITE,
            &["", "0", "121", "-1", "+5", "1.5", "5s", "٣", "99999999999999", "1 2"][..],
            "write a whole number (s), 1 to 120",
        ),
        (Parameter::SS_REPLY_UNAUTHORIZED, &["", "2", "maybe", "On Off"], "write On or Off"),
        (
            Parameter::SS_SIP_RESEND_INTERVAL,
            &["", ",", "0.01", "33", "1,x", "-1", "1e1", "NaN", "0.1234", &"1,".repeat(21)],
            "write waiting times in seconds like 0.5, 1, 2: 1 to 20 values, each 0.1 to 32",
        ),
        (
            Parameter::SS_GATEWAY_SWITCH_LIMIT,
            &["", "101", "unlimited"],
            "write a whole number, none or 0 to 100",
        ),
        (Parameter::SS_SIP_SESSION_TTL, &["1", "89"], "write a whole number (s), 0 or 90 to 86400"),
        (
            Parameter::SERVER_BILLING_FREE_E164S,
            &["*", "+49", "18**", "1*8", "x", "911;drop", &"1".repeat(25), &"1 ".repeat(1001)],
            "write numbers like 911 or 0800*, without + and spaces: at most 1000",
        ),
        (
            Parameter::SS_LOCAL_IP_DOMAIN,
            &["a b", "-x.org", "a..b", "x;y", "sip:x", "\u{202e}", &"a.".repeat(130)],
            "write a domain name or an address, or leave it empty",
        ),
        (
            Parameter::SS_SIP_NAT_KEEP_ALIVE_MESSAGE,
            &["a\0b", "a\r\nb", &"x".repeat(65)],
            "write at most 64 printable characters",
        ),
        (
            Parameter::SERVER_VERIFY_CLEARING_CUSTOMER_REMAIN_MONEY_LIMIT,
            &["", "x", "1e9", "1.1234567"],
            "write an amount like 12.50, or Off",
        ),
        (Parameter::SS_SIP_E164_DISPLAY_FROM, &["", "all"], "choose one of Ignore, E164, Number"),
    ] {
        for text in texts {
            let refused = parameter.parse(text).map_err(|error| error.to_string());
            assert_eq!(refused, Err(told.to_owned()), "{parameter} {text:?}");
        }
    }
}

#[test]
fn values_are_read_leniently_and_printed_one_way() {
    for (parameter, text, printed) in [
        (Parameter::SS_REPLY_UNAUTHORIZED, " off ", "Off"),
        (Parameter::SS_ENDPOINTREGISTERSUSPEND, "1", "On"),
        (Parameter::SS_SIP_USER_AGENT_EXPIRE, "AUTO", "Auto"),
        (Parameter::SS_SIP_USER_AGENT_EXPIRE, "0300", "300"),
        (Parameter::SS_SIP_RESEND_INTERVAL, "0.5 1.0; 31.999", "0.5,1,31.999"),
        (Parameter::SERVER_BILLING_FREE_E164S, "1800*, 911", "1800*,911"),
        (Parameter::SERVER_BILLING_FREE_E164S, " ", ""),
        (Parameter::SERVER_VERIFY_CLEARING_CUSTOMER_REMAIN_MONEY_LIMIT, "-5", "-5.00"),
        (Parameter::SS_LOCAL_IP_DOMAIN, "2001:db8::1", "2001:db8::1"),
    ] {
        assert_eq!(parameter.parse(text).unwrap().to_string(), printed);
    }
}

#[test]
fn a_getter_of_another_kind_gives_something_harmless() {
    let mut values = ParameterValues::default();
    values.set(Parameter::SS_SIP_TIMEOUT_INVITE, "7").unwrap();
    let number = Parameter::SS_SIP_TIMEOUT_INVITE;
    assert!(!values.on(number) && values.text(number).is_empty() && values.list(number).is_empty());
    assert!(values.numbers(number).is_empty() && values.amount(number).is_none());
    assert_eq!(
        (values.whole(Parameter::SS_REPLY_UNAUTHORIZED), values.on(Parameter::SS_REPLY_UNAUTHORIZED)),
        (0, true)
    );
}

#[test]
fn times_come_in_their_units_and_no_number_is_no_limit() {
    let mut values = ParameterValues::default();
    assert_eq!(values.seconds(Parameter::SERVER_BILLING_HOLD_TIME_PRECISION), Duration::from_millis(50));
    assert_eq!(
        values.seconds(Parameter::SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME),
        Duration::from_secs(60)
    );
    assert_eq!(values.whole(Parameter::SS_GATEWAY_SWITCH_LIMIT), u32::MAX);
    assert_eq!(values.number(Parameter::SS_GATEWAY_SWITCH_LIMIT), None);
    values.set(Parameter::SS_GATEWAY_SWITCH_LIMIT, "0").unwrap();
    assert_eq!(values.number(Parameter::SS_GATEWAY_SWITCH_LIMIT), Some(0));
    assert_eq!(values.timer(Parameter::SS_NOMEDIAHANGUPTIME), None);
    assert_eq!(values.list(Parameter::SS_SIP_RESEND_INTERVAL).iter().sum::<Duration>().as_millis(), 31_500);
    assert_eq!(values.text(Parameter::SS_SIP_AUTHENTICATION_CODE), "401");
}

#[test]
fn a_gateway_wins_over_the_system_and_what_it_leaves_empty_is_inherited() {
    let (mut system, mut gateway) = (ParameterValues::default(), ParameterValues::default());
    system.set(Parameter::SS_SIP_TIMEOUT_INVITE, "5").unwrap();
    system.set(Parameter::SS_SIP_TIMEOUT_RINGING, "60").unwrap();
    // Its own value is the system's default, which still wins.
    gateway.set(Parameter::SS_SIP_TIMEOUT_INVITE, "10").unwrap();
    gateway.set(Parameter::SS_SIP_STOP_SWITCH_AFTER_SDP, "Off").unwrap();
    let both = system.overlay(&gateway);
    assert_eq!(both.whole(Parameter::SS_SIP_TIMEOUT_INVITE), 10);
    assert_eq!(both.whole(Parameter::SS_SIP_TIMEOUT_RINGING), 60);
    assert_eq!(both.whole(Parameter::SS_SIP_TIMEOUT_TRYING), 20);
    assert!(!both.on(Parameter::SS_SIP_STOP_SWITCH_AFTER_SDP));
    assert!(system.on(Parameter::SS_SIP_STOP_SWITCH_AFTER_SDP));
}

#[test]
fn a_gateway_makes_the_longest_call_shorter_but_never_longer() {
    let limit = Parameter::SS_MAXCALLDURATION;
    for (system, gateway, both) in
        [("0", "60", 60), ("60", "0", 60), ("60", "30", 30), ("30", "60", 30), ("0", "0", 0)]
    {
        let (mut under, mut over) = (ParameterValues::default(), ParameterValues::default());
        under.set(limit, system).unwrap();
        over.set(limit, gateway).unwrap();
        assert_eq!(under.overlay(&over).whole(limit), both, "{system} and {gateway}");
    }
}

#[test]
fn a_pattern_with_a_star_matches_its_bare_digits_too() {
    let pattern: NumberPattern = "1800*".parse().unwrap();
    assert!(pattern.matches("1800") && pattern.matches("18005551212") && !pattern.matches("180"));
    let exact: NumberPattern = "911".parse().unwrap();
    assert!(exact.matches("911") && !exact.matches("9110"));
}

#[test]
fn values_travel_as_names_and_texts() {
    let mut values = ParameterValues::default();
    values.set(Parameter::SS_SIP_TIMEOUT_RINGING, "45").unwrap();
    values.set(Parameter::SS_REPLY_UNAUTHORIZED, "off").unwrap();
    let text = serde_json::to_string(&values).unwrap();
    assert_eq!(text, r#"{"SS_REPLY_UNAUTHORIZED":"Off","SS_SIP_TIMEOUT_RINGING":"45"}"#);
    assert_eq!(serde_json::from_str::<ParameterValues>(&text).unwrap(), values);
    for wrong in [r#"{"SS_X":"1"}"#, r#"{"SS_SIP_TIMEOUT_RINGING":"x"}"#] {
        assert!(serde_json::from_str::<ParameterValues>(wrong).is_err(), "{wrong}");
    }
    values.reset(Parameter::SS_REPLY_UNAUTHORIZED);
    assert!(values.on(Parameter::SS_REPLY_UNAUTHORIZED) && !values.is_empty());
}

fn routing(fields: &[(&str, &str)]) -> RoutingGatewayDraft {
    let overrides = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    RoutingGatewayDraft {
        name: "Vendor".into(),
        account: "1".into(),
        address: "192.0.2.7".into(),
        prefix_mode: "extension".into(),
        priority: "10".into(),
        overrides,
        ..Default::default()
    }
}

#[test]
fn a_gateways_own_values_survive_its_form_and_empty_ones_inherit() {
    let settings = routing(&[
        ("SS_SIP_TIMEOUT_INVITE", "6"),
        ("SS_SIP_TIMEOUT_RINGING", " "),
        ("SS_MAX_CALL_DURATION", "3600"),
    ])
    .check()
    .unwrap();
    let set: BTreeMap<String, String> = settings.overrides.clone().into();
    assert_eq!(set.keys().collect::<Vec<_>>(), ["SS_MAXCALLDURATION", "SS_SIP_TIMEOUT_INVITE"]);
    assert_eq!(RoutingGatewayDraft::from(&settings).check().unwrap(), settings);
}

#[test]
fn a_gateways_wrong_values_are_told_at_their_names() {
    let draft = routing(&[
        ("SS_SIP_TIMEOUT_INVITE", "soon"),
        ("SS_REPLY_UNAUTHORIZED", "On"),
        ("SS_SIP_TIMEOUT_INVITED", "5"),
        ("SS_MAXCALLDURATION", "5"),
        ("SS_MAX_CALL_DURATION", "5"),
    ]);
    let invalid = draft.check().unwrap_err();
    let told = invalid.by_field();
    assert_eq!(told["SS_SIP_TIMEOUT_INVITE"], "write a whole number (s), 1 to 120");
    assert_eq!(told["SS_REPLY_UNAUTHORIZED"], "a routing gateway has no value of its own for this parameter");
    assert_eq!(told["SS_SIP_TIMEOUT_INVITED"], "there is no such parameter");
    assert_eq!(told["SS_MAX_CALL_DURATION"], "SS_MAXCALLDURATION is given twice, under two names");
    assert_eq!(told.len(), 4);
    let mapping = MappingGatewayDraft {
        overrides: [("SS_SIP_TIMEOUT_INVITE".to_owned(), "5".to_owned())].into(),
        ..Default::default()
    };
    assert!(mapping.check().unwrap_err().by_field().contains_key("SS_SIP_TIMEOUT_INVITE"));
}

#[test]
fn a_form_posts_them_as_fields_of_their_own_and_other_fields_are_none_of_them() {
    let text = r#"{"name":"V","row_version":3,"later":[null],"SS_SIP_TIMEOUT_INVITE":"6","SS_TYPO":"1"}"#;
    let draft: RoutingGatewayDraft = serde_json::from_str(text).unwrap();
    assert_eq!((draft.name.as_str(), draft.overrides.len()), ("V", 2));
    let again = serde_json::to_value(&draft).unwrap();
    assert_eq!((&again["SS_SIP_TIMEOUT_INVITE"], again.get("overrides")), (&"6".into(), None));
    let settings = routing(&[("SS_SIP_TIMEOUT_INVITE", "6")]).check().unwrap();
    let stored = serde_json::to_string(&settings).unwrap();
    assert!(stored.contains(r#""overrides":{"SS_SIP_TIMEOUT_INVITE":"6"}"#), "{stored}");
}

#[test]
fn a_program_may_send_numbers_and_flags_and_a_flood_of_names_is_cut() {
    let text = r#"{"SS_SIP_TIMEOUT_INVITE":6,"SS_SIP_STOP_SWITCH_AFTER_SDP":false}"#;
    let draft: RoutingGatewayDraft = serde_json::from_str(text).unwrap();
    assert_eq!(draft.overrides["SS_SIP_TIMEOUT_INVITE"], "6");
    assert_eq!(draft.overrides["SS_SIP_STOP_SWITCH_AFTER_SDP"], "false");
    let refused =
        serde_json::from_str::<RoutingGatewayDraft>(r#"{"SS_SIP_TIMEOUT_INVITE":[6]}"#).unwrap_err();
    assert!(refused.to_string().contains("a parameter holds a text"), "{refused}");
    let flood: BTreeMap<String, String> = (0..10_000).map(|n| (format!("SS_{n}"), "x".to_owned())).collect();
    let text = serde_json::to_string(&flood).unwrap();
    assert_eq!(serde_json::from_str::<RoutingGatewayDraft>(&text).unwrap().overrides.len(), 256);
}

proptest! {
    #[test]
    fn no_text_makes_a_parser_panic_and_what_is_taken_prints_back(text in ".{0,40}") {
        for parameter in Parameter::all() {
            if let Ok(value) = parameter.parse(&text) {
                prop_assert_eq!(parameter.parse(&value.to_string()), Ok(value));
            }
        }
    }
}
