//! Mapping gateways: customer trunks, where calls come in (RTE-1, REG-1).

use std::{collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{
    AccountId, Fields, IncomingIdentity, IncomingIdentityDraft, Invalid, MappingGatewayId, Name,
    ParameterValues, RowVersion, SipPassword, SipUser, Source, parameter,
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
    /// Where its requests come from; the most specific source of all gateways wins. None for a gateway with a user.
    pub sources: Vec<Source>,
    /// The name in its credentials, unique among gateways and phones: it is known by them, wherever it sends from, instead of
    /// by its address (REG-1).
    #[serde(default)]
    pub user: Option<SipUser>,
    /// Line limit; empty is unlimited.
    pub max_calls: Option<u32>,
    /// Off refuses its calls like those of an unknown source.
    pub enabled: bool,
    /// Where its calls say who calls and who is called.
    #[serde(default)]
    pub identity: IncomingIdentity,
    /// Its own values of parameters, in place of the system's.
    #[serde(default)]
    pub overrides: ParameterValues,
}

/// A mapping gateway as typed into its form.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MappingGatewayDraft {
    /// See [`MappingGatewaySettings::name`].
    pub name: String,
    /// The account's id.
    pub account: String,
    /// Addresses, separated by commas or lines.
    pub sources: String,
    /// A user, or empty for a gateway that is known by its address.
    pub user: String,
    /// A new password; empty keeps the one there is. Never filled in by us.
    pub password: String,
    /// A number, or empty.
    pub max_calls: String,
    /// `on`, or empty as an unticked box sends it.
    pub enabled: String,
    /// See [`MappingGatewaySettings::identity`]; its fields stand among these.
    #[serde(flatten)]
    pub identity: IncomingIdentityDraft,
    /// Its own values of parameters, each a field of the form named like the parameter; empty inherits the system's.
    #[serde(flatten, deserialize_with = "parameter::named_overrides")]
    pub overrides: BTreeMap<String, String>,
}

impl fmt::Debug for MappingGatewayDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MappingGatewayDraft").field("name", &self.name).finish_non_exhaustive()
    }
}

impl MappingGatewayDraft {
    /// The new password, when one was typed; [`Self::check`] tells what is wrong with it.
    pub fn new_password(&self) -> Option<SipPassword> {
        SipPassword::new(&self.password, self.user.trim()).ok()
    }

    /// The settings, or what is wrong at each field.
    pub fn check(&self) -> Result<MappingGatewaySettings, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let account = f.take("account", self.account.trim().parse().map_err(|_| "choose an account"));
        let sources = f.several::<Source>("sources", &self.sources, 64);
        let user: Option<Option<SipUser>> = f.optional("user", &self.user);
        match (&user, &sources) {
            (Some(None), Some(sources)) if sources.is_empty() => {
                f.refuse("sources", "at least one source address is needed, or a user");
            }
            (Some(Some(_)), Some(sources)) if !sources.is_empty() => {
                f.refuse("sources", "a gateway with a user is known by its password alone: leave it empty");
            }
            _ => {}
        }
        if !self.password.is_empty() {
            f.take("password", SipPassword::new(&self.password, self.user.trim()));
            if matches!(user, Some(None)) {
                f.refuse("user", "a password needs a user");
            }
        }
        let max_calls = line_limit(&mut f, "max_calls", &self.max_calls);
        let identity = self.identity.check(&mut f);
        let overrides = parameter::check_overrides(&mut f, parameter::Level::MappingGateway, &self.overrides);
        let settings = (|| {
            Some(MappingGatewaySettings {
                name: name?,
                account: account?,
                sources: sources?,
                user: user?,
                max_calls: max_calls?,
                enabled: !self.enabled.is_empty(),
                identity: identity?,
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
            user: s.user.as_ref().map(ToString::to_string).unwrap_or_default(),
            password: String::new(),
            max_calls: s.max_calls.map(|n| n.to_string()).unwrap_or_default(),
            enabled: if s.enabled { "on" } else { "" }.to_owned(),
            identity: (&s.identity).into(),
            overrides: parameter::override_drafts(&s.overrides),
        }
    }
}

/// An optional line limit of 1 to 100,000.
pub(crate) fn line_limit(f: &mut Fields, field: &str, text: &str) -> Option<Option<u32>> {
    if text.trim().is_empty() { Some(None) } else { f.whole(field, text, 1..=100_000).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> MappingGatewayDraft {
        MappingGatewayDraft { name: "Trunk".into(), account: "1".into(), ..Default::default() }
    }

    fn wrong(draft: MappingGatewayDraft) -> Vec<String> {
        draft.check().unwrap_err().by_field().into_keys().map(str::to_owned).collect()
    }

    #[test]
    fn a_gateway_is_known_by_its_address_or_by_its_password() {
        assert_eq!(wrong(draft()), ["sources"]);
        let by_address = MappingGatewayDraft { sources: "192.0.2.7".into(), ..draft() };
        assert_eq!(by_address.check().unwrap().user, None);
        let by_password =
            MappingGatewayDraft { user: "acme".into(), password: "quiet-Heron-42".into(), ..draft() };
        let settings = by_password.check().unwrap();
        assert!(settings.sources.is_empty());
        assert_eq!(by_password.new_password().unwrap().expose(), "quiet-Heron-42");
        let again = MappingGatewayDraft::from(&settings);
        assert_eq!((again.user.as_str(), again.password.as_str()), ("acme", ""));
        assert_eq!(again.check().unwrap(), settings);
        assert_eq!(wrong(MappingGatewayDraft { user: "acme".into(), ..by_address }), ["sources"]);
    }

    #[test]
    fn hostile_users_and_passwords_are_told_at_their_fields() {
        let draft = MappingGatewayDraft { user: "a b\r\n".into(), password: "short".into(), ..draft() };
        assert_eq!(wrong(draft), ["password", "user"]);
        let alone = MappingGatewayDraft {
            password: "quiet-Heron-42".into(),
            sources: "192.0.2.7".into(),
            ..self::draft()
        };
        assert!(!format!("{alone:?}").contains("Heron"));
        assert_eq!(wrong(alone), ["user"]);
    }
}
