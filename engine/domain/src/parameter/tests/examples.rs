//! The worked examples about parameters, under their numbers.

use std::time::Duration;

use super::super::{Level, NamedParameter, Parameter, ParameterValues};

fn with(values: &[(&str, &str)]) -> ParameterValues {
    let mut set = ParameterValues::default();
    for (name, text) in values {
        let named: NamedParameter = name.parse().unwrap();
        set.set(named.parameter, &named.text(text))
            .unwrap_or_else(|error| panic!("{name} = {text}: {error}"));
    }
    set
}

/// Values that must be taken and give that number, and values that must be refused.
fn takes(parameter: Parameter, taken: &[u32], refused: &[&str]) {
    for number in taken {
        let values = with(&[(parameter.name(), &number.to_string())]);
        assert_eq!(values.whole(parameter), *number, "{parameter}");
    }
    for text in refused {
        assert!(parameter.parse(text).is_err(), "{parameter} takes {text}");
    }
}

#[test]
fn free_1_to_8_which_numbers_a_free_list_means() {
    for (id, list, free, charged) in [
        ("FREE-1", "1800*", &["18001234567", "18009876543", "1800"][..], &["1801234567", "18881234567"][..]),
        ("FREE-2", "911", &["911"], &["9110", "1911"]),
        ("FREE-3", "44800*", &["44800123456", "44800123"], &["44201234567"]),
        ("FREE-4", "800*", &["8001234567", "8000012345"], &["8012345678"]),
        ("FREE-5", "18001234567", &["18001234567"], &["180012345678", "1800123456"]),
        ("FREE-6", "1800*,0800*,911", &["18005550100", "08001111", "911"], &["0801111"]),
        ("FREE-7", "911,112,999", &["911", "112", "999"], &["91", "1120"]),
        ("FREE-8", "1800*,1888*,0800*,911,112", &["18885550100", "112"], &["1889", "1112"]),
    ] {
        let values = with(&[("SERVER_BILLING_FREE_E164S", list)]);
        let listed = |number: &str| {
            values.numbers(Parameter::SERVER_BILLING_FREE_E164S).iter().any(|pattern| pattern.matches(number))
        };
        assert!(free.iter().all(|number| listed(number)), "{id}");
        assert!(!charged.iter().any(|number| listed(number)), "{id}");
        let printed = values.get(Parameter::SERVER_BILLING_FREE_E164S).to_string();
        assert_eq!(printed, list, "{id}: the order stays, the first match wins");
    }
}

#[test]
fn ovd_1_to_4_the_advance_times_of_the_examples() {
    let advance = Parameter::SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME;
    takes(advance, &[1, 3, 5, 10, 15], &["0", "16", "5.0"]);
    assert_eq!(with(&[(advance.name(), "5")]).seconds(advance), Duration::from_secs(300));
}

#[test]
fn htp_1_to_7_the_thresholds_of_the_examples() {
    let threshold = Parameter::SERVER_BILLING_HOLD_TIME_PRECISION;
    takes(threshold, &[0, 50, 500, 999], &["1000", "-1", ""]);
    assert_eq!(ParameterValues::default().seconds(threshold), Duration::from_millis(50));
}

#[test]
fn bu_1_to_12_the_billing_units_of_the_examples() {
    takes(Parameter::SS_BILLINGUNIT, &[1, 6, 12, 30, 60], &["0", "3601"]);
    assert_eq!(ParameterValues::default().whole(Parameter::SS_BILLINGUNIT), 1);
}

#[test]
fn mcd_6_to_8_a_limit_of_0_never_cuts_and_the_smaller_limit_counts() {
    let limit = Parameter::SS_MAXCALLDURATION;
    assert_eq!(ParameterValues::default().timer(limit), None, "MCD-7");
    assert_eq!(
        with(&[("SS_MAX_CALL_DURATION", "3600")]).timer(limit),
        Some(Duration::from_secs(3600)),
        "MCD-6"
    );
    takes(limit, &[0, 1800, 3600, 5400, 7200, 10_800, 14_400], &["-1", "None", "1h"]);
    let system = with(&[("SS_MAXCALLDURATION", "7200")]);
    for (gateway, both) in [("3600", 3600), ("10800", 7200), ("0", 7200)] {
        let own = with(&[("SS_MAXCALLDURATION", gateway)]);
        assert_eq!(system.overlay(&own).whole(limit), both, "MCD-8: {gateway}");
    }
    assert!(limit.overridable_by(Level::Account));
}

#[test]
fn crt_1_to_3_the_warning_times_of_the_examples() {
    let warning = Parameter::SS_CALLREMINTIME;
    takes(warning, &[0, 10, 30, 60, 120], &["3601"]);
    assert_eq!(with(&[(warning.name(), "0")]).timer(warning), None, "CRT-2");
    assert_eq!(ParameterValues::default().whole(warning), 30, "CRT-1");
}

#[test]
fn nmh_1_silence_hangs_up_after_the_time_set_and_never_by_default() {
    let silence = Parameter::SS_NOMEDIAHANGUPTIME;
    assert_eq!(ParameterValues::default().timer(silence), None);
    assert_eq!(with(&[("SS_NOMEDIAHANGUP", "60")]).timer(silence), Some(Duration::from_secs(60)));
}

#[test]
fn ex_8_to_12_the_profiles_of_authentication() {
    let (retry, time) = (Parameter::SS_SIP_AUTHENTICATION_RETRY, Parameter::SS_SIP_AUTHENTICATION_TIMEOUT);
    let suspend = Parameter::SS_AUTHENTICATION_FAILED_SUSPEND;
    let defaults = ParameterValues::default();
    assert_eq!((defaults.whole(retry), defaults.whole(time), defaults.whole(suspend)), (6, 10, 180), "EX-8");
    for (r, t, s) in
        [("3", "5", "600"), ("6", "10", "180"), ("8", "20", "300"), ("6", "10", "120"), ("10", "30", "60")]
    {
        with(&[(retry.name(), r), (time.name(), t), (suspend.name(), s)]);
    }
}

#[test]
fn the_lockouts_of_registration_take_the_values_of_their_examples() {
    takes(Parameter::SS_ENDPOINTREGISTERRETRY, &[1, 3, 5, 6, 100], &["0", "101"]);
    takes(Parameter::SS_ENDPOINTREGISTERSUSPENDTIME, &[60, 180, 300, 600, 3600, 86_400], &["59", "86401"]);
    let older = with(&[("SS_ENDPOINT_REGISTER_RETRY", "4"), ("SS_ENDPOINT_REGISTER_SUSPEND", "300")]);
    assert_eq!(older.whole(Parameter::SS_ENDPOINTREGISTERRETRY), 4);
    assert_eq!(older.seconds(Parameter::SS_ENDPOINTREGISTERSUSPENDTIME), Duration::from_secs(300));
}

#[test]
fn an_invite_goes_out_at_the_moments_of_the_example_and_no_more_after_10_seconds() {
    let values = ParameterValues::default();
    let limit = values.seconds(Parameter::SS_SIP_TIMEOUT_INVITE);
    let mut at = Duration::ZERO;
    let mut sent = vec![0];
    for wait in values.list(Parameter::SS_SIP_RESEND_INTERVAL) {
        at += *wait;
        if at < limit {
            sent.push(at.as_millis());
        }
    }
    assert_eq!((sent, at.as_millis()), (vec![0, 500, 1500, 3500, 7500], 31_500));
}

#[test]
fn the_times_of_progress_take_the_values_of_every_deployment_and_gateways_have_their_own() {
    for (parameter, default, suggested) in [
        (Parameter::SS_SIP_TIMEOUT_INVITE, 10, &[5, 8, 10, 15, 20][..]),
        (Parameter::SS_SIP_TIMEOUT_TRYING, 20, &[20, 25, 30]),
        (Parameter::SS_SIP_TIMEOUT_SESSION_PROGRESS, 20, &[15, 20, 25, 30, 45]),
        (Parameter::SS_SIP_TIMEOUT_SESSION_PROGRESS_SDP, 120, &[60, 90, 120]),
        (Parameter::SS_SIP_TIMEOUT_RINGING, 120, &[15, 20, 30, 45, 60, 90, 120]),
    ] {
        takes(parameter, suggested, &["0", ""]);
        assert_eq!(ParameterValues::default().whole(parameter), default);
        assert!(parameter.overridable_by(Level::RoutingGateway), "{parameter}");
    }
    assert_eq!(ParameterValues::default().whole(Parameter::IVR_RINGING_TIMEOUT), 120);
}

#[test]
fn callers_without_session_timers_are_cut_at_the_limits_of_the_example() {
    let limit = Parameter::SS_SIP_NO_TIMER_REINVITE_INTERVAL;
    takes(limit, &[900, 1800, 3600, 5400, 7200, 10_800, 14_400], &["59"]);
    assert_eq!(ParameterValues::default().timer(limit), Some(Duration::from_secs(7200)));
}

#[test]
fn an_empty_text_is_a_value_and_no_limit_of_switches_is_none() {
    let message = Parameter::SS_SIP_NAT_KEEP_ALIVE_MESSAGE;
    assert_eq!(ParameterValues::default().text(message), "HELLO");
    assert_eq!(with(&[(message.name(), "")]).text(message), "");
    assert_eq!(with(&[("SS_GATEWAY_SWITCH_LIMIT", "None")]).number(Parameter::SS_GATEWAY_SWITCH_LIMIT), None);
    takes(Parameter::SS_GATEWAY_SWITCH_LIMIT, &[0, 3, 5], &["-1"]);
}
