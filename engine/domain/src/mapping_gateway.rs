//! Mapping gateways: customer trunks, where calls come in (RTE-1, REG-1).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Fields, Invalid, MappingGatewayId, Name, ParameterValues, RowVersion, Source, parameter,
};

/// A customer trunk.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MappingGateway {
    /// Its key.
    pub id: MappingGatewayId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: MappingGatewaySettings,
}

/// What people set on a mapping gateway.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct MappingGatewaySettings {
    /// Unique among mapping gateways.
    pub name: Name,
    /// Who pays for its calls.
    pub account: AccountId,
    /// Where its requests come from; the most specific source of all gateways wins.
    pub sources: Vec<Source>,
    /// Line limit; empty is unlimited.
    pub max_calls: Option<u32>,
    /// Off refuses its calls like those of an unknown source.
    pub enabled: bool,
    /// Its own values of parameters, in place of the system's.
    #[serde(default)]
    pub overrides: ParameterValues,
}

/// A mapping gateway as typed into its form.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MappingGatewayDraft {
    /// See [`MappingGatewaySettings::name`].
    pub name: String,
    /// The account's id.
    pub account: String,
    /// Addresses, separated by commas or lines.
    pub sources: String,
    /// A number, or empty.
    pub max_calls: String,
    /// `on`, or empty as an unticked box sends it.
    pub enabled: String,
    /// Its own values of parameters, each a field of the form named like the parameter; empty inherits the system's.
    #[serde(flatten, deserialize_with = "parameter::named_overrides")]
    pub overrides: BTreeMap<String, String>,
}

impl MappingGatewayDraft {
    /// The settings, or what is wrong at each field.
    pub fn check(&self) -> Result<MappingGatewaySettings, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let account = f.take("account", self.account.trim().parse().map_err(|_| "choose an account"));
        let sources = f.several::<Source>("sources", &self.sources, 64);
        if sources.as_ref().is_some_and(Vec::is_empty) {
            f.refuse("sources", "at least one source address is needed");
        }
        let max_calls = line_limit(&mut f, "max_calls", &self.max_calls);
        let overrides = parameter::check_overrides(&mut f, parameter::Level::MappingGateway, &self.overrides);
        let settings = (|| {
            Some(MappingGatewaySettings {
                name: name?,
                account: account?,
                sources: sources?,
                max_calls: max_calls?,
                enabled: !self.enabled.is_empty(),
                overrides: overrides?,
            })
        })();
        f.finish(settings)
    }
}

impl From<&MappingGatewaySettings> for MappingGatewayDraft {
    fn from(s: &MappingGatewaySettings) -> Self {
        Self {
            name: s.name.to_string(),
            account: s.account.to_string(),
            sources: s.sources.iter().map(Source::to_string).collect::<Vec<_>>().join(", "),
            max_calls: s.max_calls.map(|n| n.to_string()).unwrap_or_default(),
            enabled: if s.enabled { "on" } else { "" }.to_owned(),
            overrides: parameter::override_drafts(&s.overrides),
        }
    }
}

/// An optional line limit of 1 to 100,000.
pub(crate) fn line_limit(f: &mut Fields, field: &str, text: &str) -> Option<Option<u32>> {
    if text.trim().is_empty() { Some(None) } else { f.whole(field, text, 1..=100_000).map(Some) }
}
