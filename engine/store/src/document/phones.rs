//! Phones and registrations of a document.

use std::collections::BTreeMap;

use domain::{GATEWAY_TARGET, Invalid, PhoneDraft, RegistrationDraft, RoutingGatewayId};
use sqlx::PgConnection;

use crate::{Scope, StoreError, phones, registrations, routing_gateways};

use super::{
    apply::{Miss, Work},
    entry::Entry,
    things::{SET, change, name_of},
};

pub(super) async fn phone(work: &mut Work<'_>, conn: &mut PgConnection, entry: &Entry) -> Result<(), Miss> {
    let gateways = gateways(conn).await?;
    let which = phones::Which { number: Some(&entry.name), ..Default::default() };
    let known = phones::read(conn, &Scope::All, which).await?.pop().map(|row| row.phone);
    let mut before = known.as_ref().map(|phone| PhoneDraft::from(&phone.settings));
    let mut draft =
        before.clone().unwrap_or_else(|| PhoneDraft { enabled: "on".into(), ..Default::default() });
    entry.fill("number", &mut draft.number);
    entry.fill("password", &mut draft.password);
    entry.fill("display_name", &mut draft.display_name);
    entry.fill("enabled", &mut draft.enabled);
    entry.fill("max_calls", &mut draft.max_calls);
    entry.fill("address", &mut draft.address);
    entry.fill("max_contacts", &mut draft.max_contacts);
    entry.fill("no_answer_after", &mut draft.no_answer_after);
    entry.fill("do_not_disturb", &mut draft.do_not_disturb);
    entry.fill("caller_ids", &mut draft.caller_ids);
    entry.fill("allowed_networks", &mut draft.allowed_networks);
    entry.fill_parameters(&mut draft.overrides);
    for (field, target) in targets(&mut draft) {
        entry.fill(field, target);
        if let Some(name) = target.clone().strip_prefix(GATEWAY_TARGET)
            && entry.text(field).is_some()
        {
            let id = gateways.get(name.trim());
            let id =
                id.ok_or_else(|| Invalid::field(field, format!("there is no routing gateway \"{name}\"")))?;
            *target = format!("{GATEWAY_TARGET}{id}");
        }
    }
    if let Some(name) = entry.text("account") {
        draft.account = work.account(&name)?.to_string();
    }
    let mut checked = draft.check()?;
    if let Some(password) = &checked.password
        && phones::has_password(conn, work.seal, &checked.settings.number, password).await?
    {
        checked.password = None;
    }
    let mut after = PhoneDraft::from(&checked.settings);
    match &known {
        None => drop(phones::insert(conn, &Scope::All, work.actor, work.seal, &checked).await?),
        Some(phone) if phone.settings == checked.settings && checked.password.is_none() => {}
        Some(phone) => {
            phones::replace(conn, &Scope::All, work.actor, work.seal, phone.id, phone.version, &checked)
                .await?;
        }
    }
    after.password = checked.password.map(|_| SET.to_owned()).unwrap_or_default();
    for draft in before.iter_mut().chain([&mut after]) {
        draft.account = name_of(&work.accounts, |id| id.to_string() == draft.account);
        for (_, target) in targets(draft) {
            *target = by_name(&gateways, target);
        }
    }
    work.changes.push(change(entry, before.as_ref(), &after));
    Ok(())
}

pub(super) async fn registration(
    work: &mut Work<'_>,
    conn: &mut PgConnection,
    entry: &Entry,
) -> Result<(), Miss> {
    let known = registrations::read(conn, &Scope::All, None).await?;
    let known = known.into_iter().find(|one| one.settings.name.as_str() == entry.name);
    let before = known.as_ref().map(|one| RegistrationDraft::from(&one.settings));
    let mut draft =
        before.clone().unwrap_or_else(|| RegistrationDraft { enabled: "on".into(), ..Default::default() });
    entry.fill("name", &mut draft.name);
    entry.fill("server", &mut draft.server);
    entry.fill("proxy", &mut draft.proxy);
    entry.fill("user", &mut draft.user);
    entry.fill("auth_user", &mut draft.auth_user);
    entry.fill("password", &mut draft.password);
    entry.fill("contact", &mut draft.contact);
    entry.fill("period", &mut draft.period);
    entry.fill("transport", &mut draft.transport);
    entry.fill("enabled", &mut draft.enabled);
    let mut checked = draft.check()?;
    if let (Some(password), Some(one)) = (&checked.password, &known)
        && registrations::has_password(conn, work.seal, one.id, password).await?
    {
        checked.password = None;
    }
    let mut after = RegistrationDraft::from(&checked.settings);
    match &known {
        None => drop(registrations::insert(conn, work.actor, work.seal, &checked).await?),
        Some(one) if one.settings == checked.settings && checked.password.is_none() => {}
        Some(one) => {
            registrations::replace(conn, work.actor, work.seal, one.id, one.version, &checked).await?
        }
    }
    after.password = checked.password.map(|_| SET.to_owned()).unwrap_or_default();
    work.changes.push(change(entry, before.as_ref(), &after));
    Ok(())
}

/// Routing gateways by name, those of the same document among them.
pub(super) async fn gateways(
    conn: &mut PgConnection,
) -> Result<BTreeMap<String, RoutingGatewayId>, StoreError> {
    let rows = routing_gateways::read(conn, &Scope::All, None, "").await?;
    Ok(rows.into_iter().map(|row| (row.gateway.settings.name.into(), row.gateway.id)).collect())
}

/// A target with the gateway's name; that of a gateway that is gone is none.
pub(super) fn by_name(gateways: &BTreeMap<String, RoutingGatewayId>, target: &str) -> String {
    let Some(id) = target.strip_prefix(GATEWAY_TARGET) else { return target.to_owned() };
    match name_of(gateways, |known| known.to_string() == id) {
        name if name.is_empty() => String::new(),
        name => format!("{GATEWAY_TARGET}{name}"),
    }
}

fn targets(draft: &mut PhoneDraft) -> [(&'static str, &mut String); 4] {
    [
        ("forward_always", &mut draft.forward_always),
        ("forward_busy", &mut draft.forward_busy),
        ("forward_no_answer", &mut draft.forward_no_answer),
        ("forward_offline", &mut draft.forward_offline),
    ]
}
