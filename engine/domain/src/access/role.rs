//! Roles: named sets of permissions.

use std::{collections::BTreeMap, fmt, str::FromStr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{
    Fields, Invalid, Name, Permission, Permissions, RoleId, RowVersion, account::named, cause::UnknownName,
};

/// A named set of permissions.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Role {
    /// Its key.
    pub id: RoleId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: RoleSettings,
    /// Which of the roles it is that every switch begins with; none for those that people made.
    pub built_in: Option<BuiltInRole>,
}

/// What people set on a role.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoleSettings {
    /// Unique.
    pub name: Name,
    /// What its people may see and do.
    pub permissions: Permissions,
    /// Its people must prove themselves with a second factor.
    pub requires_totp: bool,
    /// Networks from which its people may log in and work; none stands for anywhere.
    pub allowed_networks: Vec<IpNet>,
}

/// A role that every switch begins with. All can be edited, but the administrator keeps every permission and stays.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BuiltInRole {
    /// Everything.
    Administrator,
    /// Runs the network: gateways, calls, traces, security.
    Operator,
    /// Runs the business: accounts, rates, payments, invoices.
    Finance,
    /// A reseller's people.
    Reseller,
    /// A customer's people.
    Customer,
}

named!(BuiltInRole {
    Administrator = "administrator",
    Operator = "operator",
    Finance = "finance",
    Reseller = "reseller",
    Customer = "customer"
});

impl BuiltInRole {
    /// What it may do until somebody edits it.
    pub const fn permissions(self) -> Permissions {
        use Permission::*;
        match self {
            Self::Administrator => Permissions::ALL,
            Self::Operator => Permissions::of(&[
                ViewDashboard,
                ViewCalls,
                EndCalls,
                ViewGateways,
                EditGateways,
                ViewPhones,
                EditPhones,
                ViewNumbers,
                EditNumbers,
                ViewAccounts,
                ViewRates,
                ViewCdrs,
                ExportCdrs,
                ViewReports,
                ViewSecurity,
                EditSecurity,
                UseTools,
                ViewTrace,
                ViewParameters,
                ViewSystem,
                EditSystem,
                ManageTokens,
            ]),
            Self::Finance => Permissions::of(&[
                ViewDashboard,
                ViewGateways,
                ViewAccounts,
                EditAccounts,
                PayAccounts,
                ViewAgents,
                EditAgents,
                ViewRates,
                EditRates,
                ViewInvoices,
                EditInvoices,
                ViewCdrs,
                ExportCdrs,
                ViewReports,
                ViewCosts,
                UseTools,
                ManageTokens,
            ]),
            Self::Reseller => Permissions::of(&[
                ViewDashboard,
                ViewCalls,
                ViewGateways,
                ViewPhones,
                ViewAccounts,
                ViewAgents,
                ViewRates,
                ViewInvoices,
                ViewCdrs,
                ExportCdrs,
                ViewReports,
                ManageTokens,
            ]),
            Self::Customer => Permissions::of(&[
                ViewDashboard,
                ViewCalls,
                ViewPhones,
                ViewAccounts,
                ViewRates,
                ViewInvoices,
                ViewCdrs,
                ExportCdrs,
                ManageTokens,
            ]),
        }
    }
}

/// A role in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoleRow {
    /// The role.
    pub role: Role,
    /// How many people have it.
    pub people: i64,
}

/// A role as typed into its form. Each permission is a check box of its own, named `may_` and the permission's name.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RoleDraft {
    /// See [`RoleSettings::name`].
    pub name: String,
    /// `on`, or empty as an unticked box sends it.
    pub requires_totp: String,
    /// Addresses and networks, separated by commas or lines; empty for anywhere.
    pub allowed_networks: String,
    /// The ticked boxes.
    #[serde(flatten)]
    pub boxes: BTreeMap<String, String>,
}

impl RoleDraft {
    /// The name of a permission's check box.
    pub fn box_name(permission: Permission) -> String {
        format!("may_{permission}")
    }

    /// True when the box of `permission` is ticked.
    pub fn ticked(&self, permission: Permission) -> bool {
        self.boxes.get(&Self::box_name(permission)).is_some_and(|value| !value.is_empty())
    }

    /// The settings, or what is wrong at each field. What a permission needs is added to it.
    pub fn check(&self) -> Result<RoleSettings, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let permissions = permissions(&mut f, &self.boxes);
        let allowed_networks = networks(&mut f, "allowed_networks", &self.allowed_networks);
        let settings = (|| {
            Some(RoleSettings {
                name: name?,
                permissions: permissions?,
                requires_totp: !self.requires_totp.is_empty(),
                allowed_networks: allowed_networks?,
            })
        })();
        f.finish(settings)
    }
}

impl From<&RoleSettings> for RoleDraft {
    fn from(s: &RoleSettings) -> Self {
        Self {
            name: s.name.to_string(),
            requires_totp: if s.requires_totp { "on" } else { "" }.to_owned(),
            allowed_networks: s.allowed_networks.iter().map(written).collect::<Vec<_>>().join(", "),
            boxes: s.permissions.iter().map(|p| (Self::box_name(p), "on".to_owned())).collect(),
        }
    }
}

/// The permissions of ticked boxes. Other fields of a form are none of our business; a box that there is none for is told.
pub(super) fn permissions(f: &mut Fields, boxes: &BTreeMap<String, String>) -> Option<Permissions> {
    let mut set = Permissions::NONE;
    for (name, value) in boxes {
        let Some(name) = name.strip_prefix("may_").filter(|_| !value.is_empty()) else { continue };
        match name.parse() {
            Ok(permission) => set = set.with(permission),
            Err(_) => {
                f.refuse("permissions", "one of the boxes stands for nothing; open the form again");
                return None;
            }
        }
    }
    Some(set.complete())
}

/// Networks from a form, a single address being one of its own.
pub(super) fn networks(f: &mut Fields, field: &str, text: &str) -> Option<Vec<IpNet>> {
    let sources = f.several::<crate::Source>(field, text, 64)?;
    if sources.iter().any(|source| source.port.is_some()) {
        f.refuse(field, "write addresses or networks without a port");
        return None;
    }
    Some(sources.into_iter().map(|source| source.net.trunc()).collect())
}

/// A network as a person writes it.
pub(super) fn written(net: &IpNet) -> String {
    crate::Source { net: *net, port: None }.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> RoleDraft {
        RoleDraft {
            name: "Night shift".into(),
            allowed_networks: "192.0.2.0/24, 2001:db8::1".into(),
            boxes: [("may_EndCalls".to_owned(), "on".to_owned()), ("other".to_owned(), "x".to_owned())]
                .into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_role_survives_its_form() {
        let settings = draft().check().unwrap();
        assert!(
            settings.permissions.has(Permission::EndCalls) && settings.permissions.has(Permission::ViewCalls)
        );
        assert!(!settings.permissions.has(Permission::ViewGateways));
        let shown = RoleDraft::from(&settings);
        assert_eq!(shown.check().unwrap(), settings);
        assert!(shown.ticked(Permission::EndCalls) && !shown.ticked(Permission::EditRates));
        assert_eq!(shown.allowed_networks, "192.0.2.0/24, 2001:db8::1");
    }

    #[test]
    fn wrong_boxes_and_networks_are_told_at_their_place() {
        for networks in ["nowhere", "192.0.2.7:5060", "192.0.2.0/33"] {
            let told = RoleDraft { allowed_networks: networks.into(), ..draft() }.check().unwrap_err();
            assert!(told.by_field().contains_key("allowed_networks"), "{networks}");
        }
        let mut wrong = draft();
        wrong.boxes.insert("may_Fly".into(), "on".into());
        assert!(wrong.check().unwrap_err().by_field().contains_key("permissions"));
    }

    #[test]
    fn what_the_roles_begin_with_is_complete_and_within_their_homes() {
        for role in BuiltInRole::ALL {
            assert_eq!(role.permissions().complete(), role.permissions(), "{role}");
        }
        let (agent, account) =
            (crate::Home::Agent(crate::AgentId(1)), crate::Home::Account(crate::AccountId(1)));
        assert!(agent.ceiling().has_all(BuiltInRole::Reseller.permissions()));
        assert!(account.ceiling().has_all(BuiltInRole::Customer.permissions()));
        assert!(!BuiltInRole::Operator.permissions().has(Permission::ViewCosts));
    }
}
