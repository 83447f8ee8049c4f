use super::*;

fn draft() -> PhoneDraft {
    PhoneDraft {
        number: "1001".into(),
        account: "7".into(),
        password: "Correct-Horse-9".into(),
        enabled: "on".into(),
        ..Default::default()
    }
}

#[test]
fn a_plain_form_is_a_phone_that_registers_one_contact() {
    let checked = draft().check().unwrap();
    assert_eq!(checked.settings.mode, PhoneMode::Dynamic);
    assert_eq!(checked.settings.max_contacts.get(), 1);
    assert_eq!(checked.settings.forwarding.no_answer_after, 20);
    assert_eq!(checked.password.unwrap().expose(), "Correct-Horse-9");
}

#[test]
fn a_full_form_survives_print_and_check_without_its_password() {
    let full = PhoneDraft {
        display_name: "Reception".into(),
        max_calls: "2".into(),
        address: "[::ffff:192.0.2.7]:5070".into(),
        max_contacts: "3".into(),
        forward_always: "+1-415".into(),
        forward_busy: "gateway:4".into(),
        forward_no_answer: "1002".into(),
        no_answer_after: "45".into(),
        forward_offline: "1003".into(),
        do_not_disturb: "on".into(),
        caller_ids: "14155550100, 14155550101".into(),
        allowed_networks: "192.0.2.9 10.1.2.3/8".into(),
        overrides: [("SS_ENDPOINT_EXPIRE".to_owned(), "600".to_owned())].into(),
        ..draft()
    };
    let checked = full.check().unwrap();
    let again = PhoneDraft::from(&checked.settings);
    assert_eq!(again.password, "");
    assert_eq!(again.address, "192.0.2.7:5070");
    assert_eq!(again.allowed_networks, "192.0.2.9, 10.0.0.0/8");
    assert_eq!(again.check().unwrap(), CheckedPhone { settings: checked.settings, password: None });
}

#[test]
fn everything_wrong_is_told_at_its_field() {
    let wrong = PhoneDraft {
        number: "10 01".into(),
        account: "x".into(),
        password: "short".into(),
        max_calls: "0".into(),
        address: "example.org".into(),
        max_contacts: "11".into(),
        forward_busy: "gateway:me".into(),
        forward_offline: "bob".into(),
        no_answer_after: "121".into(),
        caller_ids: "1, two".into(),
        allowed_networks: "10.0.0.0/33".into(),
        overrides: [("SS_SIP_TIMEOUT_INVITE".to_owned(), "8".to_owned())].into(),
        ..draft()
    };
    let told = wrong.check().unwrap_err();
    let fields: Vec<_> = told.by_field().into_keys().map(str::to_owned).collect();
    let expected = [
        "SS_SIP_TIMEOUT_INVITE",
        "account",
        "address",
        "allowed_networks",
        "caller_ids",
        "forward_busy",
        "forward_offline",
        "max_calls",
        "max_contacts",
        "no_answer_after",
        "number",
        "password",
    ];
    assert_eq!(fields, expected);
}

#[test]
fn a_phone_is_not_forwarded_to_itself() {
    let told = PhoneDraft { forward_offline: "+1001".into(), ..draft() }.check().unwrap_err();
    assert_eq!(told.by_field().keys().copied().collect::<Vec<_>>(), ["forward_offline"]);
}

#[test]
fn hostile_numbers_are_no_numbers() {
    for text in ["", "%00", "1'--", "１２", "1*", "+1", &"1".repeat(25), &"9".repeat(10_000)] {
        assert!(text.parse::<PhoneNumber>().is_err(), "{text:?}");
    }
}

#[test]
fn a_form_in_a_log_shows_no_password() {
    assert!(!format!("{:?} {:?}", draft(), draft().check().unwrap()).contains("Horse"));
}
