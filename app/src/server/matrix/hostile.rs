//! Hostile values in every form: found by its door and read from its page, so that a new form is tried too.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;

use super::{
    forms::{Field, Form, forms_of},
    house::House,
};
use crate::{
    access::{DOORS, Door},
    figures::in_query,
};

/// What no field takes, beside more than any field holds.
pub(super) const REFUSED: [&str; 1] = ["a\0b"];
/// What may be text, and must stay text wherever it is shown again.
const TEXT: [&str; 5] = [
    "a\u{202e}b",
    "<script>window.hurt=1</script>",
    "\"><img src=x onerror=window.hurt=1>",
    "'; drop table portal.users; --",
    "{{7*7}}${7*7}",
];
/// As they would stand in a page that does not escape them.
const RAW: [&str; 2] = ["<script>window.hurt", "<img src=x onerror"];

/// Forms that a page shows only in a state that the house is not in, with the fields they send.
const UNSHOWN: &[(&str, &[&str])] = &[
    ("/login/code", &["code"]),
    ("/me/sessions", &["id"]),
    ("/system/sip-parameters/{name}/reset", &["row_version"]),
    ("/system/system-parameters/{name}/reset", &["row_version"]),
    ("/system/server-parameters/{name}/reset", &["row_version"]),
    ("/me/tokens", &["id"]),
    ("/me/second-factor/remove", &[]),
    ("/me/second-factor/codes", &[]),
    ("/operation/calls", &["id"]),
    ("/operation/trace/captures", &["id", "action"]),
    ("/security/suspensions", &["id"]),
    ("/system/lockouts", &["id"]),
    ("/system/people/{id}/second-factor", &[]),
    ("/views/{id}/delete", &[]),
    ("/operation/registrations/{id}/now", &["id"]),
    ("/preferences", &["name", "value", "back"]),
];

/// Forms that ask for one of several: when all are filled in, that is what is told.
const ONE_OF_SEVERAL: [&str; 1] = ["/operation/trace/captures/new"];

/// Log-ins that fail are counted, and lock who asks: they are tried where that is looked at. A log-out ends the session with
/// which the others are tried, and what is deleted is not there for them.
pub(super) fn is_tried_elsewhere(to: &str) -> bool {
    ["/login", "/login/code", "/again", "/logout", "/me/password"].contains(&to) || to.ends_with("/delete")
}

/// Every form of every page, by the address that it is sent to.
pub(super) async fn every_form(house: &House) -> BTreeMap<String, (String, Form)> {
    let administrator = house.person("administrator");
    let mut found = BTreeMap::new();
    let ticked = [
        format!("/business/accounts/several?action=lock&id={}", house.own.filled("{account}")),
        format!("/operation/mapping-gateways/several?action=off&id={}", house.own.filled("{trunk}")),
        format!("/operation/routing-gateways/several?action=off&id={}", house.own.filled("{vendor_trunk}")),
        house.own.filled("/business/rate-tables/{table}/several?action=delete&id={rate}"),
        format!("/operation/phones/several?action=off&id={}", house.own.filled("{phone}")),
        format!("/operation/registrations/several?action=off&id={}", house.own.filled("{registration}")),
    ];
    let pages = DOORS.iter().filter(|door| door.look.is_some() && !door.path.starts_with("/events/"));
    for address in pages.map(|door| house.own.filled(door.path)).chain(ticked) {
        let page = house.look(&address, Some(administrator)).await;
        // What leads nowhere is an example.
        let real = |form: &Form| Door::at(&form.to).is_some_and(|door| door.send.is_some());
        for form in forms_of(&page.body, &address).into_iter().filter(real) {
            found.entry(form.to.clone()).or_insert((address.clone(), form));
        }
    }
    found
}

pub(super) fn body(form: &Form, value_of: impl Fn(&Field) -> String) -> String {
    let pairs =
        form.fields.iter().map(|field| format!("{}={}", in_query(&field.name), in_query(&value_of(field))));
    pairs.collect::<Vec<_>>().join("&")
}

#[tokio::test]
async fn every_form_is_on_a_page_or_known_to_be_shown_only_at_times() {
    let house = House::build().await;
    let forms = every_form(&house).await;
    let known: BTreeSet<&str> = UNSHOWN.iter().map(|(path, _)| *path).collect();
    for door in DOORS.iter().filter(|door| door.send.is_some()) {
        let shown = forms.contains_key(&house.own.filled(door.path));
        assert!(shown || known.contains(door.path), "no page shows the form of {}", door.path);
    }
    assert!(forms.len() > 30, "{:?}", forms.keys());
}

#[tokio::test]
async fn what_no_field_takes_is_told_at_each_field_and_nothing_is_stored() {
    let house = House::build().await;
    let token = house.token("administrator");
    let mut silent = Vec::new();
    for (to, (page, form)) in every_form(&house).await {
        if is_tried_elsewhere(&to) || form.fields.iter().all(|field| !field.is_typed()) {
            continue;
        }
        // More than any field holds, and no more than a form may.
        let large = "x".repeat(20_000.min(200_000 / form.fields.len().max(1)));
        for value in REFUSED.into_iter().chain([large.as_str()]) {
            let before = house.audit_lines().await;
            let typed =
                body(&form, |field| if field.is_typed() { value.to_owned() } else { field.value.clone() });
            let answer = house.send(&to, Some(token), &typed).await;
            let told = format!("{:?} in {to} of {page}: {}", &value[..value.len().min(8)], answer.status);
            assert!(!answer.status.is_server_error(), "{told}");
            if house.audit_lines().await != before {
                silent.push(format!("{told}: something was stored"));
            } else if answer.status == StatusCode::SEE_OTHER {
                // A form without a page of its own tells it on the page where it stands.
                if !answer.says {
                    silent.push(told);
                }
            } else if answer.status != StatusCode::UNPROCESSABLE_ENTITY {
                silent.push(told);
            } else if !ONE_OF_SEVERAL.contains(&to.as_str()) {
                let typed = form.fields.iter().filter(|field| field.is_typed() && !field.is_secret);
                let at_no_field =
                    typed.filter(|f| !answer.body.contains(&format!("id=\"{}-fault\"", f.name)));
                silent.extend(at_no_field.map(|field| format!("{told}: nothing is told at {}", field.name)));
            }
        }
    }
    assert!(silent.is_empty(), "{silent:#?}");
}

#[tokio::test]
async fn what_is_text_stays_text_wherever_it_is_shown() {
    let house = House::build().await;
    let token = house.token("administrator");
    let administrator = house.person("administrator");
    let harmless = |text: &str, told: &str| {
        for raw in RAW {
            assert!(!text.contains(raw), "{told} holds {raw}");
        }
    };
    let addresses: Vec<String> = every_form(&house).await.into_keys().collect();
    let mut taken = 0;
    for to in addresses {
        if is_tried_elsewhere(&to) {
            continue;
        }
        for value in TEXT {
            // What the form holds may have been changed by the one before.
            let Some((page, form)) = every_form_at(&house, &to).await else { continue };
            // One field after another, so that what is taken in one is not kept out by another.
            for typed in form.fields.iter().filter(|field| field.is_typed()).take(8) {
                let sent = body(&form, |field| match field.name == typed.name {
                    true => value.to_owned(),
                    false => field.value.clone(),
                });
                let answer = house.send(&to, Some(token), &sent).await;
                let told = format!("{value} at {} in {to} of {page}: {}", typed.name, answer.status);
                assert!(!answer.status.is_server_error(), "{told}");
                assert!(answer.to.is_empty() || answer.to.starts_with('/'), "{told} leads to {}", answer.to);
                harmless(&answer.body, &told);
                taken += usize::from(answer.status == StatusCode::SEE_OTHER);
            }
        }
    }
    assert!(taken > 10, "only {taken} were taken: the test sees nothing");
    // A file is no page: no browser reads it as one.
    let is_page = |path: &str| !path.starts_with("/events/") && !path.contains('.');
    for door in DOORS.iter().filter(|door| door.look.is_some() && is_page(door.path)) {
        let address = house.own.filled(door.path);
        harmless(&house.look(&address, Some(administrator)).await.body, &address);
    }
}

async fn every_form_at(house: &House, to: &str) -> Option<(String, Form)> {
    let administrator = house.person("administrator");
    let page = to.to_owned();
    let answer = house.look(&page, Some(administrator)).await;
    let form = forms_of(&answer.body, &page).into_iter().find(|form| form.to == to)?;
    Some((page, form))
}

#[tokio::test]
async fn what_a_page_hides_in_its_form_may_be_forged_without_harm() {
    let house = House::build().await;
    let token = house.token("administrator");
    let mut tried = 0;
    for (to, (page, form)) in every_form(&house).await {
        if is_tried_elsewhere(&to) || form.fields.iter().all(|field| field.is_typed()) {
            continue;
        }
        for value in REFUSED.into_iter().chain(TEXT).chain(["-1", "99999999999999999999", ""]) {
            let before = house.audit_lines().await;
            let forged =
                body(&form, |field| if field.is_typed() { field.value.clone() } else { value.to_owned() });
            let answer = house.send(&to, Some(token), &forged).await;
            let told = format!("{value:?} hidden in {to} of {page}: {}", answer.status);
            assert!(!answer.status.is_server_error(), "{told}");
            assert!(answer.to.is_empty() || answer.to.starts_with('/'), "{told} leads to {}", answer.to);
            for raw in RAW {
                assert!(!answer.body.contains(raw), "{told} holds {raw}");
            }
            let is_edit =
                form.fields.iter().any(|field| field.name == "row_version" && !field.value.is_empty());
            assert!(!is_edit || house.audit_lines().await == before, "{told}: a forged version was taken");
            tried += 1;
        }
    }
    assert!(tried > 100, "{tried}");
    // Those that no page shows now.
    for (path, fields) in UNSHOWN {
        for value in REFUSED.into_iter().chain(TEXT) {
            let to = house.own.filled(path);
            let sent: Vec<String> = fields.iter().map(|name| format!("{name}={}", in_query(value))).collect();
            let status = house.send(&to, Some(token), &sent.join("&")).await.status;
            assert!(!status.is_server_error(), "{value:?} to {to}: {status}");
        }
    }
}
