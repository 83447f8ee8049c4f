//! One thing that a person may see or do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::cause::UnknownName;

/// A group of permissions, as a page shows them together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Area {
    /// What happens now.
    Operation,
    /// Numbers and how they are changed.
    Numbers,
    /// Accounts and money.
    Business,
    /// Calls that have ended.
    Calls,
    /// Keeping strangers out.
    Security,
    /// Looking into things.
    Tools,
    /// The switch itself and its people.
    System,
}

impl Area {
    /// Every area, in the order of the menu.
    pub const ALL: [Self; 7] = [
        Self::Operation,
        Self::Numbers,
        Self::Business,
        Self::Calls,
        Self::Security,
        Self::Tools,
        Self::System,
    ];

    /// Its heading.
    pub fn label(self) -> &'static str {
        match self {
            Self::Operation => "Operation",
            Self::Numbers => "Numbers",
            Self::Business => "Business",
            Self::Calls => "Calls and analysis",
            Self::Security => "Security",
            Self::Tools => "Tools",
            Self::System => "System",
        }
    }
}

macro_rules! permissions {
    ($($area:ident { $($name:ident $(needs $needed:ident)?, $label:literal, $sentence:literal;)* })*) => {
        /// One thing that a person may see or do in the portal and through the REST API. A role is a set of them.
        ///
        /// The names are stored and travel; the order may change freely.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        pub enum Permission {
            $($(#[doc = $sentence] $name,)*)*
        }

        impl Permission {
            /// Every permission, area by area in the order of the menu.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];

            /// The word stored and sent.
            pub fn name(self) -> &'static str {
                match self { $($(Self::$name => stringify!($name),)*)* }
            }

            /// A few words for a check box.
            pub fn label(self) -> &'static str {
                match self { $($(Self::$name => $label,)*)* }
            }

            /// What it lets a person do, in one sentence.
            pub fn sentence(self) -> &'static str {
                match self { $($(Self::$name => $sentence,)*)* }
            }

            /// Where a page shows it.
            pub fn area(self) -> Area {
                match self { $($(Self::$name => Area::$area,)*)* }
            }

            /// What it is worth nothing without: who may edit something must see it.
            pub fn needs(self) -> Option<Self> {
                match self {
                    $($($(Self::$name => Some(Self::$needed),)?)*)*
                    _ => None,
                }
            }
        }
    };
}

permissions! {
    Operation {
        ViewDashboard, "Dashboard", "Sees the dashboard with the traffic of the day.";
        ViewCalls, "Current calls", "Sees the calls in progress.";
        EndCalls needs ViewCalls, "End calls", "Ends calls in progress.";
        ViewGateways, "Gateways", "Sees mapping and routing gateways and whether they are reachable.";
        EditGateways needs ViewGateways, "Edit gateways", "Adds, changes and removes gateways.";
        ViewPhones, "Phones", "Sees phones, domains and registrations.";
        EditPhones needs ViewPhones, "Edit phones", "Adds, changes and removes phones and domains and ends registrations.";
    }
    Numbers {
        ViewNumbers, "Number lists", "Sees dial plans, number lists and caller pools.";
        EditNumbers needs ViewNumbers, "Edit number lists", "Changes dial plans, number lists and caller pools.";
    }
    Business {
        ViewAccounts, "Accounts", "Sees accounts with balances and ledger.";
        EditAccounts needs ViewAccounts, "Edit accounts", "Adds, changes, locks and removes accounts.";
        PayAccounts needs ViewAccounts, "Book payments", "Books payments and corrections on accounts.";
        ViewAgents, "Agents", "Sees agents and which accounts are theirs.";
        EditAgents needs ViewAgents, "Edit agents", "Adds, changes and removes agents.";
        ViewRates, "Rate tables", "Sees rate tables and packages.";
        EditRates needs ViewRates, "Edit rate tables", "Changes, imports and removes rates and packages.";
        ViewInvoices, "Invoices", "Sees and downloads invoices.";
        EditInvoices needs ViewInvoices, "Make invoices", "Makes, sends and cancels invoices.";
    }
    Calls {
        ViewCdrs, "Call records", "Searches the records of ended calls.";
        ExportCdrs needs ViewCdrs, "Export call records", "Downloads call records as files.";
        ViewReports, "Reports", "Sees reports and charts over ended calls.";
        ViewCosts, "Costs and profit", "Sees what vendors cost, what is earned and which route a call took.";
    }
    Security {
        ViewSecurity, "Security", "Sees blocked sources, lists and locked-out log-ins.";
        EditSecurity needs ViewSecurity, "Edit security", "Blocks and releases sources, lists and locked-out log-ins.";
    }
    Tools {
        UseTools, "Analysis", "Uses the routing analysis, the billing simulator and the network test.";
        ViewTrace, "Signalling trace", "Sees the SIP messages of calls, with the numbers in them.";
    }
    System {
        ViewParameters, "Parameters", "Sees the parameters of the switch.";
        EditParameters needs ViewParameters, "Edit parameters", "Changes the parameters of the switch.";
        ViewSystem, "Monitor and alarms", "Sees the state of the machine and its alarms.";
        EditSystem needs ViewSystem, "Edit alarms", "Changes alarms and acknowledges them.";
        ManagePeople, "People and roles", "Adds, changes and removes people and roles, and ends their sessions.";
        ViewAudit, "Audit log", "Sees who changed what, and verifies that nobody altered that record.";
        ManageTokens, "API tokens", "Makes and revokes own tokens for the REST API.";
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Permission {
    type Err = UnknownName;

    fn from_str(s: &str) -> Result<Self, UnknownName> {
        Self::ALL.iter().copied().find(|p| p.name() == s).ok_or_else(|| UnknownName(s.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_survives_its_name_and_has_words_for_a_page() {
        for permission in Permission::ALL {
            assert_eq!(permission.name().parse(), Ok(*permission));
            assert_eq!(serde_json::to_string(permission).unwrap(), format!("\"{permission}\""));
            assert!(!permission.label().is_empty() && permission.sentence().ends_with('.'));
            assert!(Area::ALL.contains(&permission.area()));
        }
        assert!("viewcalls".parse::<Permission>().is_err());
    }

    #[test]
    fn what_edits_needs_the_sight_of_the_same_area() {
        for permission in Permission::ALL.iter().filter(|p| p.name().starts_with("Edit")) {
            let needed = permission.needs().unwrap();
            assert!(needed.name().starts_with("View") && needed.area() == permission.area(), "{permission}");
        }
    }
}
