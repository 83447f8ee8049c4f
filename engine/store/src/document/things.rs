//! The things of a document, each through the form that a person would fill in.

use domain::{
    Account, AccountDraft, AgentDraft, Invalid, MappingGatewayDraft, Money, OutgoingIdentityDraft, Prefix,
    RateTableDraft, RateTableId, RoutingGatewayDraft,
};
use serde::Serialize;
use sqlx::PgConnection;

use crate::{Scope, accounts, agents, mapping_gateways, rate_tables, routing_gateways};

use super::{
    Change, ChangeKind,
    apply::{Miss, Work},
    change::differences,
    entry::Entry,
};

/// What stands for a password in a report.
pub(super) const SET: &str = "(set)";

pub(super) async fn rate_table(
    work: &mut Work<'_>,
    conn: &mut PgConnection,
    entry: &Entry,
) -> Result<RateTableId, Miss> {
    let known = match work.rate_tables.get(&entry.name) {
        Some(id) => rate_tables::read(conn, &Scope::All, Some(*id)).await?.pop(),
        None => None,
    };
    let before = known.as_ref().map(|row| RateTableDraft::from(&row.table.settings));
    let mut draft =
        before.clone().unwrap_or_else(|| RateTableDraft { currency: "USD".into(), ..Default::default() });
    entry.fill("name", &mut draft.name);
    entry.fill("currency", &mut draft.currency);
    entry.fill("billing_unit", &mut draft.billing_unit);
    let settings = draft.check()?;
    let after = RateTableDraft::from(&settings);
    let id = match &known {
        None => rate_tables::insert(conn, work.actor, &settings).await?,
        Some(row) if row.table.settings == settings => row.table.id,
        Some(row) => {
            rate_tables::replace(conn, work.actor, row.table.id, row.table.version, &settings).await?;
            row.table.id
        }
    };
    work.rate_tables.insert(entry.name.clone(), id);
    work.changes.push(change(entry, before.as_ref(), &after));
    Ok(id)
}

pub(super) async fn account(work: &mut Work<'_>, conn: &mut PgConnection, entry: &Entry) -> Result<(), Miss> {
    let known: Option<Account> = match work.accounts.get(&entry.name) {
        Some(id) => accounts::read(conn, &Scope::All, Some(*id), "", None).await?.pop(),
        None => None,
    };
    let before = known.as_ref().map(|account| AccountDraft::from(&account.settings));
    let mut draft = before.clone().unwrap_or_else(|| AccountDraft {
        currency: "USD".into(),
        precision: "4".into(),
        credit_limit: "0".into(),
        status: "active".into(),
        ..Default::default()
    });
    entry.fill("name", &mut draft.name);
    entry.fill("kind", &mut draft.kind);
    entry.fill("currency", &mut draft.currency);
    entry.fill("precision", &mut draft.precision);
    entry.fill("credit_limit", &mut draft.credit_limit);
    entry.fill("status", &mut draft.status);
    if let Some(name) = entry.text("rate_table") {
        draft.rate_table = if name.is_empty() { String::new() } else { work.rate_table(&name)?.to_string() };
    }
    if let Some(name) = entry.text("agent") {
        draft.agent = if name.is_empty() { String::new() } else { work.agent(&name)?.to_string() };
    }
    let settings = draft.check()?;
    let opening: Money = match entry.text("opening_balance") {
        Some(text) => text.parse().map_err(|error| Invalid::field("opening_balance", format!("{error}")))?,
        None => Money::ZERO,
    };
    let mut after = AccountDraft::from(&settings);
    let id = match &known {
        None => {
            let id = accounts::insert(conn, work.actor, &settings).await?;
            accounts::open(conn, id, opening).await?;
            id
        }
        Some(account) if account.settings == settings => account.id,
        Some(account) => {
            accounts::replace(conn, work.actor, account.id, account.version, &settings).await?;
            account.id
        }
    };
    work.accounts.insert(entry.name.clone(), id);
    let mut before = before;
    for draft in before.iter_mut().chain([&mut after]) {
        draft.rate_table = name_of(&work.rate_tables, |id| id.to_string() == draft.rate_table);
        draft.agent = name_of(&work.agents, |id| id.to_string() == draft.agent);
    }
    let mut change = change(entry, before.as_ref(), &after);
    if known.is_none() && opening != Money::ZERO {
        change.fields.push(("opening_balance".to_owned(), String::new(), opening.to_string()));
    }
    work.changes.push(change);
    Ok(())
}

pub(super) async fn agent(work: &mut Work<'_>, conn: &mut PgConnection, entry: &Entry) -> Result<(), Miss> {
    let known = match work.agents.get(&entry.name) {
        Some(id) => agents::read(conn, &Scope::All, Some(*id), "").await?.pop(),
        None => None,
    };
    let mut before = known.as_ref().map(|row| AgentDraft::from(&row.agent.settings));
    let mut draft =
        before.clone().unwrap_or_else(|| AgentDraft { status: "active".into(), ..Default::default() });
    entry.fill("name", &mut draft.name);
    entry.fill("status", &mut draft.status);
    if let Some(name) = entry.text("account") {
        draft.account = work.account(&name)?.to_string();
    }
    let settings = draft.check()?;
    let mut after = AgentDraft::from(&settings);
    let id = match &known {
        None => agents::insert(conn, work.actor, &settings).await?,
        Some(row) if row.agent.settings == settings => row.agent.id,
        Some(row) => {
            agents::replace(conn, work.actor, row.agent.id, row.agent.version, &settings).await?;
            row.agent.id
        }
    };
    work.agents.insert(entry.name.clone(), id);
    for draft in before.iter_mut().chain([&mut after]) {
        draft.account = name_of(&work.accounts, |id| id.to_string() == draft.account);
    }
    work.changes.push(change(entry, before.as_ref(), &after));
    Ok(())
}

pub(super) async fn mapping_gateway(
    work: &mut Work<'_>,
    conn: &mut PgConnection,
    entry: &Entry,
) -> Result<(), Miss> {
    let known = mapping_gateways::read(conn, &Scope::All, None, &entry.name).await?;
    let known = known.into_iter().map(|row| row.gateway).find(|g| g.settings.name.as_str() == entry.name);
    let mut before = known.as_ref().map(|gateway| MappingGatewayDraft::from(&gateway.settings));
    let mut draft =
        before.clone().unwrap_or_else(|| MappingGatewayDraft { enabled: "on".into(), ..Default::default() });
    entry.fill("name", &mut draft.name);
    entry.fill("sources", &mut draft.sources);
    entry.fill("user", &mut draft.user);
    entry.fill("password", &mut draft.password);
    entry.fill("max_calls", &mut draft.max_calls);
    entry.fill("enabled", &mut draft.enabled);
    entry.fill("caller_field", &mut draft.identity.caller_field);
    entry.fill("callee_field", &mut draft.identity.callee_field);
    entry.fill("support_privacy", &mut draft.identity.support_privacy);
    entry.fill_parameters(&mut draft.overrides);
    if let Some(name) = entry.text("account") {
        draft.account = work.account(&name)?.to_string();
    }
    let settings = draft.check()?;
    let mut password = draft.new_password();
    if let (Some(typed), Some(gateway)) = (&password, &known)
        && gateway.settings.user == settings.user
        && mapping_gateways::is_password(conn, work.seal, gateway.id, typed).await?
    {
        password = None;
    }
    let mut after = MappingGatewayDraft::from(&settings);
    match &known {
        None => {
            mapping_gateways::insert(conn, work.actor, work.seal, &settings, password.as_ref()).await?;
        }
        // Sources are kept in the order of their addresses, whatever the order written.
        Some(gateway) if same_sources(&gateway.settings, &settings) && password.is_none() => {
            after.sources = before_sources(&before)
        }
        Some(gateway) => {
            let (id, version) = (gateway.id, gateway.version);
            let (seal, password) = (work.seal, password.as_ref());
            mapping_gateways::replace(conn, work.actor, seal, id, version, &settings, password).await?;
        }
    }
    after.password = password.map(|_| SET.to_owned()).unwrap_or_default();
    for draft in before.iter_mut().chain([&mut after]) {
        draft.account = name_of(&work.accounts, |id| id.to_string() == draft.account);
    }
    work.changes.push(change(entry, before.as_ref(), &after));
    Ok(())
}

fn before_sources(before: &Option<MappingGatewayDraft>) -> String {
    before.as_ref().map(|draft| draft.sources.clone()).unwrap_or_default()
}

fn same_sources(one: &domain::MappingGatewaySettings, other: &domain::MappingGatewaySettings) -> bool {
    let sorted = |settings: &domain::MappingGatewaySettings| {
        let mut settings = settings.clone();
        settings.sources.sort();
        settings.sources.dedup();
        settings
    };
    sorted(one) == sorted(other)
}

pub(super) async fn routing_gateway(
    work: &mut Work<'_>,
    conn: &mut PgConnection,
    entry: &Entry,
) -> Result<(), Miss> {
    let known = routing_gateways::read(conn, &Scope::All, None, &entry.name).await?;
    let known = known.into_iter().map(|row| row.gateway).find(|g| g.settings.name.as_str() == entry.name);
    let mut before = known.as_ref().map(|gateway| RoutingGatewayDraft::from(&gateway.settings));
    let mut draft = before.clone().unwrap_or_else(|| RoutingGatewayDraft {
        transport: "auto".into(),
        redirects: "refuse".into(),
        prefix_mode: "extension".into(),
        priority: "10".into(),
        enabled: "on".into(),
        ..Default::default()
    });
    entry.fill("name", &mut draft.name);
    entry.fill("address", &mut draft.address);
    entry.fill("prefixes", &mut draft.prefixes);
    entry.fill("transport", &mut draft.transport);
    entry.fill("local", &mut draft.local);
    entry.fill("redirects", &mut draft.redirects);
    entry.fill("prefix_mode", &mut draft.prefix_mode);
    entry.fill("priority", &mut draft.priority);
    entry.fill("user", &mut draft.user);
    entry.fill("password", &mut draft.password);
    entry.fill("max_calls", &mut draft.max_calls);
    entry.fill("enabled", &mut draft.enabled);
    fill_identity(entry, &mut draft.identity);
    entry.fill_parameters(&mut draft.overrides);
    if let Some(name) = entry.text("account") {
        draft.account = work.account(&name)?.to_string();
    }
    let mut settings = draft.check()?;
    match (entry.words("prefixes"), &known) {
        (None | Some([]), None) => {
            return Err(Invalid::field("prefixes", "prefixes are needed; [\"\"] takes every number").into());
        }
        (None, Some(gateway)) => settings.prefixes.clone_from(&gateway.settings.prefixes),
        // A form cannot write the empty prefix beside others; a document can.
        (Some(words), _) if words.iter().any(|word| word.trim().is_empty()) => {
            settings.prefixes.push(Prefix::default());
            settings.prefixes.sort();
            settings.prefixes.dedup();
        }
        (Some(_), _) => {}
    }
    let mut password = draft.new_password();
    if let (Some(typed), Some(gateway)) = (&password, &known)
        && routing_gateways::is_password(conn, work.seal, gateway.id, typed).await?
    {
        password = None;
    }
    let mut after = RoutingGatewayDraft::from(&settings);
    match &known {
        None => {
            routing_gateways::insert(conn, work.actor, work.seal, &settings, password.as_ref()).await?;
        }
        Some(gateway) if gateway.settings == settings && password.is_none() => {}
        Some(gateway) => {
            let (id, version) = (gateway.id, gateway.version);
            let (seal, password) = (work.seal, password.as_ref());
            routing_gateways::replace(conn, work.actor, seal, id, version, &settings, password).await?;
        }
    }
    after.password = password.map(|_| SET.to_owned()).unwrap_or_default();
    after.prefixes = quoted(&settings.prefixes);
    if let (Some(draft), Some(gateway)) = (&mut before, &known) {
        draft.prefixes = quoted(&gateway.settings.prefixes);
    }
    for draft in before.iter_mut().chain([&mut after]) {
        draft.account = name_of(&work.accounts, |id| id.to_string() == draft.account);
    }
    work.changes.push(change(entry, before.as_ref(), &after));
    Ok(())
}

fn fill_identity(entry: &Entry, draft: &mut OutgoingIdentityDraft) {
    entry.fill("privacy", &mut draft.privacy);
    entry.fill("asserted_identity", &mut draft.asserted_identity);
    entry.fill("preferred_identity", &mut draft.preferred_identity);
    entry.fill("asserted_rules", &mut draft.asserted_rules);
    entry.fill("peer_number", &mut draft.peer_number);
    entry.fill("local_domain", &mut draft.local_domain);
    entry.fill("user_phone", &mut draft.user_phone);
    entry.fill("passed_headers", &mut draft.passed_headers);
    // A value may hold commas: each stands on a line of its own.
    if let Some(lines) = entry.words("custom_headers") {
        draft.custom_headers = lines.join("\n");
    }
}

fn quoted(prefixes: &[Prefix]) -> String {
    prefixes.iter().map(|prefix| format!("\"{prefix}\"")).collect::<Vec<_>>().join(", ")
}

pub(super) fn name_of<I>(names: &std::collections::BTreeMap<String, I>, is: impl Fn(&I) -> bool) -> String {
    names.iter().find(|(_, id)| is(id)).map(|(name, _)| name.clone()).unwrap_or_default()
}

pub(super) fn change<D: Serialize + Default>(entry: &Entry, before: Option<&D>, after: &D) -> Change {
    let fields = differences(before, after);
    let kind = match before {
        None => ChangeKind::Created,
        Some(_) if fields.is_empty() => ChangeKind::Unchanged,
        Some(_) => ChangeKind::Updated,
    };
    Change { kind, what: entry.kind, name: entry.name.clone(), fields }
}
