//! Where a person belongs.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{AccountId, AgentId, Permission, Permissions};

/// Where a person belongs; it decides whose things they see, whatever their role. Written `administration`, `agent:3` or
/// `account:7`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Home {
    /// The operator of the switch: sees everything that the role allows.
    Administration,
    /// A reseller: sees its own account and those of its customers.
    Agent(AgentId),
    /// One customer or vendor: sees its own account.
    Account(AccountId),
}

/// Text that is no home.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("choose the administration, an agent or an account")]
pub struct HomeError;

/// What can be answered for one account alone, without a word about others, vendors or the switch.
const ACCOUNT: Permissions = Permissions::of(&[
    Permission::ViewDashboard,
    Permission::ViewCalls,
    Permission::ViewGateways,
    Permission::ViewPhones,
    Permission::ViewAccounts,
    Permission::ViewRates,
    Permission::ViewInvoices,
    Permission::ViewCdrs,
    Permission::ExportCdrs,
    Permission::ViewReports,
    Permission::ManageTokens,
]);

impl Home {
    /// The most that any role can give to people who belong here. A role that was meant for the operator and is given to a
    /// customer by mistake opens nothing of others.
    pub const fn ceiling(self) -> Permissions {
        match self {
            Self::Administration => Permissions::ALL,
            Self::Agent(_) => ACCOUNT.with(Permission::ViewAgents),
            Self::Account(_) => ACCOUNT,
        }
    }
}

impl FromStr for Home {
    type Err = HomeError;

    fn from_str(s: &str) -> Result<Self, HomeError> {
        match s.split_once(':') {
            None if s == "administration" => Ok(Self::Administration),
            Some(("agent", id)) => id.parse().map(Self::Agent).map_err(|_| HomeError),
            Some(("account", id)) => id.parse().map(Self::Account).map_err(|_| HomeError),
            _ => Err(HomeError),
        }
    }
}

impl fmt::Display for Home {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Administration => f.pad("administration"),
            Self::Agent(id) => write!(f, "agent:{id}"),
            Self::Account(id) => write!(f, "account:{id}"),
        }
    }
}

impl TryFrom<String> for Home {
    type Error = HomeError;
    fn try_from(s: String) -> Result<Self, HomeError> {
        s.parse()
    }
}

impl From<Home> for String {
    fn from(home: Home) -> String {
        home.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_home_survives_print_and_parse() {
        for home in [Home::Administration, Home::Agent(AgentId(3)), Home::Account(AccountId(7))] {
            assert_eq!(home.to_string().parse(), Ok(home));
        }
        for text in ["", "agent", "agent:", "agent:x", "account:1:2", "Administration", "vendor:1"] {
            assert_eq!(text.parse::<Home>(), Err(HomeError), "{text:?}");
        }
    }

    #[test]
    fn nobody_outside_the_administration_can_be_given_costs_or_people() {
        for home in [Home::Agent(AgentId(3)), Home::Account(AccountId(7))] {
            for permission in [
                Permission::ViewCosts,
                Permission::ManagePeople,
                Permission::EditAccounts,
                Permission::ViewParameters,
                Permission::ViewAudit,
                Permission::ViewTrace,
            ] {
                assert!(!home.ceiling().has(permission), "{home} {permission}");
            }
        }
    }
}
