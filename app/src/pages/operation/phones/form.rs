//! The fields of a phone.

use domain::{Invalid, PhoneDraft, PhoneSettings, parameter::Level};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    access::inside,
    components::{
        Area, Buttons, Choice, DraftForm, FormTabs, Options, Overrides, SystemValues, Text, Tick,
        fault_in_overrides, or_empty,
    },
    form::{Draft, Opened},
    words::{fields, parts, phones, system as system_words},
};

/// A phone's form: its draft, and the wish for a password that nobody has to think of.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PhoneForm {
    /// `on` wants a new password made; empty does not.
    pub(super) generate: String,
    #[serde(flatten)]
    pub(super) draft: PhoneDraft,
}

impl Draft for PhoneForm {
    fn faults(&self) -> Result<(), Invalid> {
        self.draft.check().map(drop)
    }

    #[cfg(feature = "ssr")]
    fn showable(mut self) -> Self {
        self.draft.password.clear();
        self
    }
}

impl PhoneForm {
    /// For a phone that is not there yet: it takes calls, and gets a password.
    pub(super) fn fresh() -> Self {
        let draft = PhoneDraft { enabled: "on".to_owned(), ..Default::default() };
        Self { generate: "on".to_owned(), draft }
    }

    /// What is stored.
    pub(super) fn of(settings: &PhoneSettings) -> Self {
        Self { generate: String::new(), draft: settings.into() }
    }
}

/// What can be chosen in the form, and what it inherits.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Choices {
    pub(super) accounts: Options,
    /// Gateways that calls can be forwarded to, as the form sends them.
    pub(super) targets: Options,
    pub(super) system: SystemValues,
}

pub(super) fn form(opened: Opened<PhoneForm>, choices: Choices, has_password: bool) -> impl IntoView {
    let (t, words) = (fields(), phones());
    let at_second = fault_in_overrides(&opened.refusal);
    let PhoneForm { generate, draft } = opened.draft.clone();
    let own = draft.overrides.values().filter(|value| !value.is_empty()).count();
    let own_values = draft.overrides.clone();
    let system = choices.system;
    // Made inside the form, where its fields find their faults.
    let more: Children = Box::new(move || {
        // How the switch speaks is the operator's affair.
        inside().then(|| view! { <Overrides level=Level::Phone values=own_values system /> }).into_any()
    });
    let accounts = or_empty(t.choose, choices.accounts);
    let hint = if has_password { words.password_hint } else { words.password_hint_new };
    let targets = choices.targets;
    view! {
        <DraftForm opened>
            <FormTabs first=words.phone second=system_words().signalling count=own at_second more>
                <Text
                    name="number"
                    required=true
                    label=words.number
                    value=draft.number
                    keyboard="numeric"
                    hint=words.number_hint
                />
                <Choice
                    name="account"
                    required=true
                    label=t.account
                    value=draft.account
                    options=accounts
                    hint=t.account_hint_customer
                />
                <Text
                    name="display_name"
                    label=words.display_name
                    value=draft.display_name
                    hint=words.display_name_hint
                />
                <Text
                    name="password"
                    label=words.password
                    value=""
                    kind="password"
                    autocomplete="new-password"
                    hint
                />
                <Tick
                    name="generate"
                    label=words.generate
                    value=generate
                    hint=words.generate_hint
                />
                <Tick name="enabled" label=words.enabled value=draft.enabled hint=words.enabled_hint />
                <Text
                    name="address"
                    label=words.fixed_address
                    value=draft.address
                    hint=words.fixed_address_hint
                />
                <Text
                    name="max_contacts"
                    label=words.max_contacts
                    value=draft.max_contacts
                    unit=words.devices_unit
                    keyboard="numeric"
                    figure=true
                    hint=words.max_contacts_hint
                />
                <Text
                    name="max_calls"
                    unit=t.calls_unit
                    label=t.line_limit
                    value=draft.max_calls
                    keyboard="numeric"
                    figure=true
                    hint=words.line_limit_hint
                />
                <fieldset class="topic">
                    <legend>{words.forwarding}</legend>
                    <p class="hint">{words.forwarding_hint}</p>
                    <Target
                        name="forward_always"
                        label=words.forward_always
                        value=draft.forward_always
                        targets=targets.clone()
                    />
                    <Target
                        name="forward_busy"
                        label=words.forward_busy
                        value=draft.forward_busy
                        targets=targets.clone()
                    />
                    <Target
                        name="forward_no_answer"
                        label=words.forward_no_answer
                        value=draft.forward_no_answer
                        targets=targets.clone()
                    />
                    <Text
                        name="no_answer_after"
                        label=words.no_answer_after
                        value=draft.no_answer_after
                        unit=t.seconds_unit
                        keyboard="numeric"
                        figure=true
                        hint=words.no_answer_after_hint
                    />
                    <Target
                        name="forward_offline"
                        label=words.forward_offline
                        value=draft.forward_offline
                        targets
                    />
                    <Tick
                        name="do_not_disturb"
                        label=words.do_not_disturb
                        value=draft.do_not_disturb
                        hint=words.do_not_disturb_hint
                    />
                </fieldset>
                <Area
                    name="caller_ids"
                    label=words.caller_ids
                    value=draft.caller_ids
                    hint=words.caller_ids_hint
                />
                <Area
                    name="allowed_networks"
                    label=words.networks
                    value=draft.allowed_networks
                    hint=words.networks_hint
                />
            </FormTabs>
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

/// Where calls go instead: a number, or one of the gateways that the field suggests.
#[component]
fn Target(name: &'static str, label: &'static str, value: String, targets: Options) -> impl IntoView {
    // Whoever may not see the gateways sees only that it is one.
    let hidden = value.starts_with(domain::GATEWAY_TARGET) && !inside();
    let value = if hidden { phones().a_gateway.to_owned() } else { value };
    view! { <Text name label value suggestions=targets /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_for_a_password_and_own_parameters_are_read_apart_from_the_phone() {
        let sent =
            r#"{"generate":"on","number":"1001","account":"1","SS_ENDPOINT_EXPIRE":"600","later":"x"}"#;
        let form: PhoneForm = serde_json::from_str(sent).unwrap();
        assert_eq!((form.generate.as_str(), form.draft.number.as_str()), ("on", "1001"));
        let names: Vec<&String> = form.draft.overrides.keys().collect();
        assert_eq!(names, ["SS_ENDPOINT_EXPIRE"]);
        assert!(form.faults().is_ok());
    }
}
