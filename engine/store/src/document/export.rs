//! The configuration becomes a document.

use std::{collections::BTreeMap, fmt::Display, fmt::Write};

use domain::{
    Account, AccountId, AgentId, IncomingIdentity, Money, OutgoingIdentity, ParameterValues, PhoneDraft,
    PhoneRow, Prefix, RateRow, RateTableId, Registration, RegistrationDraft, RoutingGatewayId, Source,
};
use sqlx::{Connection, PgConnection};

use crate::{
    Pool, Scope, StoreError, accounts, agents, amount, mapping_gateways, parameters, rate_tables,
    registrations, routing_gateways,
};

use super::phones;

/// The whole configuration as a document: applied to this database it changes nothing, applied to an empty one it makes the
/// same configuration (with opening balances, without payments, calls and passwords).
pub async fn export(pool: &Pool) -> Result<String, StoreError> {
    let mut conn = pool.acquire().await?;
    let mut tx = conn.begin_with("begin isolation level repeatable read read only").await?;
    let mut text = Text::default();
    text.parameters(&parameters::read(&mut tx).await?);
    let tables = rate_tables::read(&mut tx, &Scope::All, None).await?;
    let mut table_names = BTreeMap::new();
    for row in tables {
        let settings = &row.table.settings;
        text.table("rate_table");
        text.quoted("name", &settings.name);
        text.quoted("currency", &settings.currency);
        text.plain("billing_unit", settings.billing_unit.map(|unit| unit.seconds()));
        text.rates(&rate_tables::all_rates(&mut tx, row.table.id).await?);
        table_names.insert(row.table.id, row.table.settings.name.to_string());
    }
    let opened = openings(&mut tx).await?;
    let agents = agents::read(&mut tx, &Scope::All, None, "").await?;
    let agent_names: BTreeMap<AgentId, String> =
        agents.iter().map(|row| (row.agent.id, row.agent.settings.name.to_string())).collect();
    let mut account_names = BTreeMap::new();
    for account in accounts::read(&mut tx, &Scope::All, None, "", None).await? {
        let agent = account.settings.agent.and_then(|id| agent_names.get(&id));
        text.account(&account, &table_names, agent, opened.get(&account.id).copied());
        account_names.insert(account.id, account.settings.name.to_string());
    }
    for row in agents {
        text.table("agent");
        text.quoted("name", &row.agent.settings.name);
        text.quoted("account", &row.account_name);
        text.quoted("status", &row.agent.settings.status);
    }
    for row in mapping_gateways::read(&mut tx, &Scope::All, None, "").await? {
        let settings = &row.gateway.settings;
        text.table("mapping_gateway");
        text.quoted("name", &settings.name);
        text.quoted("account", &row.account_name);
        if let Some(user) = &settings.user {
            text.quoted("user", user);
        }
        text.list("sources", settings.sources.iter().map(Source::to_string));
        text.plain("max_calls", settings.max_calls);
        text.plain("enabled", Some(settings.enabled));
        text.incoming_identity(&settings.identity);
        text.own_parameters(&settings.overrides);
    }
    for row in routing_gateways::read(&mut tx, &Scope::All, None, "").await? {
        let settings = &row.gateway.settings;
        text.table("routing_gateway");
        text.quoted("name", &settings.name);
        text.quoted("account", &row.account_name);
        text.quoted("address", &settings.address);
        text.list("prefixes", settings.prefixes.iter().map(Prefix::to_string));
        text.quoted("transport", &settings.transport);
        if let Some(local) = &settings.local {
            text.quoted("local", local);
        }
        text.quoted("redirects", &settings.redirects);
        text.quoted("prefix_mode", &settings.prefix_mode);
        text.plain("priority", Some(settings.priority));
        if let Some(user) = &settings.user {
            text.quoted("user", user);
        }
        text.plain("max_calls", settings.max_calls);
        text.plain("enabled", Some(settings.enabled));
        text.outgoing_identity(&settings.identity);
        text.own_parameters(&settings.overrides);
    }
    let gateways = phones::gateways(&mut tx).await?;
    for row in crate::phones::read(&mut tx, &Scope::All, crate::phones::Which::default()).await? {
        text.phone(&row, &gateways);
    }
    for one in registrations::read(&mut tx, &Scope::All, None).await? {
        text.registration(&one);
    }
    tx.commit().await?;
    Ok(text.0)
}

async fn openings(conn: &mut PgConnection) -> Result<BTreeMap<AccountId, Money>, StoreError> {
    let rows = sqlx::query!(
        r#"select account_id, sum(amount) as "amount!" from billing.ledger where book = 'opening' group by account_id"#
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| Ok((AccountId(row.account_id), amount::to_money(row.amount)?))).collect()
}

#[derive(Default)]
struct Text(String);

impl Text {
    fn table(&mut self, kind: &str) {
        let gap = if self.0.is_empty() { "" } else { "\n" };
        self.push(format_args!("{gap}[[{kind}]]\n"));
    }

    /// The system's: what differs from the default.
    fn parameters(&mut self, values: &ParameterValues) {
        let differing: Vec<_> = values.iter().filter(|(p, value)| *value != p.default_value()).collect();
        if !differing.is_empty() {
            self.push(format_args!("[parameters]\n"));
        }
        for (parameter, value) in differing {
            self.quoted(parameter.name(), value);
        }
    }

    /// A gateway's own, among them what is the default: it is not inherited then.
    fn own_parameters(&mut self, values: &ParameterValues) {
        if !values.is_empty() {
            let own: Vec<_> = values.iter().map(|(p, value)| format!("{p} = {}", quote(value))).collect();
            self.push(format_args!("parameters = {{ {} }}\n", own.join(", ")));
        }
    }

    fn quoted(&mut self, key: &str, value: &impl Display) {
        self.push(format_args!("{key} = {}\n", quote(value)));
    }

    fn plain(&mut self, key: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.push(format_args!("{key} = {value}\n"));
        }
    }

    fn list(&mut self, key: &str, values: impl Iterator<Item = String>) {
        let values: Vec<_> = values.map(|value| quote(&value)).collect();
        self.push(format_args!("{key} = [{}]\n", values.join(", ")));
    }

    fn account(
        &mut self,
        account: &Account,
        tables: &BTreeMap<RateTableId, String>,
        agent: Option<&String>,
        opened: Option<Money>,
    ) {
        let settings = &account.settings;
        self.table("account");
        self.quoted("name", &settings.name);
        self.quoted("kind", &settings.kind);
        self.quoted("currency", &settings.currency);
        self.plain("precision", Some(settings.precision.decimals()));
        self.quoted("credit_limit", &settings.credit_limit);
        if let Some(name) = settings.rate_table.and_then(|id| tables.get(&id)) {
            self.quoted("rate_table", name);
        }
        if let Some(name) = agent {
            self.quoted("agent", name);
        }
        self.quoted("status", &settings.status);
        if let Some(amount) = opened {
            self.quoted("opening_balance", &amount);
        }
    }

    /// Where it differs from the usual.
    fn incoming_identity(&mut self, identity: &IncomingIdentity) {
        if *identity == IncomingIdentity::default() {
            return;
        }
        self.quoted("caller_field", &identity.caller_field);
        self.quoted("callee_field", &identity.callee_field);
        self.plain("support_privacy", Some(identity.support_privacy));
    }

    /// Likewise.
    fn outgoing_identity(&mut self, identity: &OutgoingIdentity) {
        if *identity == OutgoingIdentity::default() {
            return;
        }
        if let Some(privacy) = identity.privacy {
            self.quoted("privacy", &privacy);
        }
        self.quoted("asserted_identity", &identity.asserted_identity);
        self.quoted("preferred_identity", &identity.preferred_identity);
        self.list("asserted_rules", identity.asserted_rules.words().into_iter());
        self.quoted("peer_number", &identity.peer_number);
        self.plain("local_domain", Some(identity.local_domain));
        self.plain("user_phone", Some(identity.user_phone));
        self.list("custom_headers", identity.custom_headers.iter().map(ToString::to_string));
        self.list("passed_headers", identity.passed_headers.words().into_iter());
    }

    /// Without its password: that is not written anywhere.
    fn phone(&mut self, row: &PhoneRow, gateways: &BTreeMap<String, RoutingGatewayId>) {
        let settings = &row.phone.settings;
        let draft = PhoneDraft::from(settings);
        self.table("phone");
        self.quoted("number", &settings.number);
        self.quoted("account", &row.account_name);
        self.optional("display_name", &draft.display_name);
        self.plain("enabled", Some(settings.enabled));
        self.plain("max_calls", settings.max_calls);
        self.optional("address", &draft.address);
        self.plain("max_contacts", Some(settings.max_contacts));
        let target = |target: &str| phones::by_name(gateways, target);
        self.optional("forward_always", &target(&draft.forward_always));
        self.optional("forward_busy", &target(&draft.forward_busy));
        self.optional("forward_no_answer", &target(&draft.forward_no_answer));
        self.plain("no_answer_after", Some(settings.forwarding.no_answer_after));
        self.optional("forward_offline", &target(&draft.forward_offline));
        self.plain("do_not_disturb", Some(settings.do_not_disturb));
        if !settings.caller_ids.is_empty() {
            self.list("caller_ids", settings.caller_ids.iter().map(ToString::to_string));
        }
        if !settings.allowed_networks.is_empty() {
            self.list("allowed_networks", settings.allowed_networks.iter().map(ToString::to_string));
        }
        self.own_parameters(&settings.overrides);
    }

    /// Without its password.
    fn registration(&mut self, registration: &Registration) {
        let draft = RegistrationDraft::from(&registration.settings);
        self.table("registration");
        self.quoted("name", &draft.name);
        self.quoted("server", &draft.server);
        self.optional("proxy", &draft.proxy);
        self.quoted("user", &draft.user);
        self.optional("auth_user", &draft.auth_user);
        self.optional("contact", &draft.contact);
        self.quoted("period", &draft.period);
        self.quoted("transport", &draft.transport);
        self.plain("enabled", Some(registration.settings.enabled));
    }

    fn optional(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.quoted(key, &value);
        }
    }

    fn rates(&mut self, rates: &[RateRow]) {
        if rates.is_empty() {
            return;
        }
        self.push(format_args!("rates = [\n"));
        for rate in rates {
            let settings = &rate.settings;
            self.push(format_args!("    {{ prefix = {}", quote(&settings.prefix)));
            if !settings.destination.is_empty() {
                self.push(format_args!(", destination = {}", quote(&settings.destination)));
            }
            self.push(format_args!(", rate = {}", quote(&settings.rate)));
            if settings.connect_fee != Money::ZERO {
                self.push(format_args!(", connect_fee = {}", quote(&settings.connect_fee)));
            }
            if let Some(unit) = settings.billing_unit {
                self.push(format_args!(", billing_unit = {}", unit.seconds()));
            }
            self.push(format_args!(" }},\n"));
        }
        self.push(format_args!("]\n"));
    }

    fn push(&mut self, text: std::fmt::Arguments<'_>) {
        self.0.write_fmt(text).expect("a string takes all that is written to it");
    }
}

fn quote(value: &impl Display) -> String {
    toml::Value::String(value.to_string()).to_string()
}
