//! Concurrent edits: every form that carries a version, sent with another one than the thing has now.

use http::StatusCode;

use super::{
    forms::forms_of,
    hostile::{body, every_form},
    house::House,
};
use crate::access::DOORS;

#[tokio::test]
async fn what_was_changed_meanwhile_is_neither_overwritten_nor_deleted() {
    let house = House::build().await;
    let token = house.token("administrator");
    let mut versioned = Vec::new();
    for (to, (page, form)) in every_form(&house).await {
        let version = form.fields.iter().find(|field| field.name == "row_version" && !field.value.is_empty());
        let Some(version) = version.map(|field| field.value.clone()) else { continue };
        let sent = |row_version: &str| {
            body(&form, |field| match field.name == "row_version" {
                true => row_version.to_owned(),
                false => field.value.clone(),
            })
        };
        let before = house.audit_lines().await;
        let stale = house.send(&to, Some(token), &sent(if version == "0" { "9" } else { "0" })).await;
        assert_eq!(stale.status, StatusCode::CONFLICT, "{to} of {page}: {}", stale.to);
        // Sent again, it is a decision: the page carries the version of now.
        let shown = forms_of(&stale.body, &page).into_iter().find(|form| form.to == to);
        let shown = shown.and_then(|form| form.fields.into_iter().find(|field| field.name == "row_version"));
        assert_eq!(shown.map(|field| field.value), Some(version), "{to} of {page}");
        let silent = house.send(&to, Some(token), &sent("")).await;
        assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{to} of {page}: {}", silent.to);
        assert_eq!(house.audit_lines().await, before, "{to} of {page}: something was stored");
        versioned.push(to);
    }
    assert!(versioned.len() > 16, "{versioned:?}");
    // Views belong to one person.
    for door in
        DOORS.iter().filter(|door| door.path.ends_with("/delete") && door.path != "/views/{id}/delete")
    {
        assert!(versioned.contains(&house.own.filled(door.path)), "{} carries no version", door.path);
    }
}

#[tokio::test]
async fn what_was_changed_after_it_was_ticked_is_not_deleted_with_the_others() {
    let house = House::build().await;
    let token = house.token("administrator");
    let form = house.own.filled("action=delete&id={rate}.0");
    let to = house.own.filled("/business/rate-tables/{table}/several");
    let before = house.audit_lines().await;
    assert!(house.send(&to, Some(token), &form).await.says);
    assert_eq!(house.audit_lines().await, before);
    let form = house.own.filled("action=delete&id={rate}.1");
    assert!(house.send(&to, Some(token), &form).await.says);
    assert_eq!(house.audit_lines().await, before + 1);
}
