//! Tokens with which programs ask the REST API.

use std::{collections::BTreeMap, net::IpAddr};

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::{ApiTokenId, Fields, Invalid, Name, Permission, Permissions, UserId};

use super::role::{networks, permissions};

/// What people set on a token when they make it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ApiTokenSettings {
    /// What it is for; unique for its owner.
    pub name: Name,
    /// What it may do, as long as its owner may.
    pub permissions: Permissions,
    /// Days until it ends; none for never.
    pub days: Option<u32>,
    /// Networks from which it is taken; none stands for anywhere.
    pub networks: Vec<IpNet>,
}

/// A token in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ApiTokenRow {
    /// Its key.
    pub id: ApiTokenId,
    /// Whose it is.
    pub user: UserId,
    /// Their name.
    pub user_name: String,
    /// What it is for.
    pub name: Name,
    /// Its first letters, to recognise it by.
    pub beginning: String,
    /// What it may do, as long as its owner may.
    pub permissions: Permissions,
    /// Networks from which it is taken; none stands for anywhere.
    pub networks: Vec<IpNet>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ends.
    pub expires_at: Option<DateTime<Utc>>,
    /// Its latest use, to the minute.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Where that came from.
    pub last_used_from: Option<IpAddr>,
}

/// A token as typed into its form. Each permission is a check box of its own, named as in [`crate::RoleDraft`].
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ApiTokenDraft {
    /// See [`ApiTokenSettings::name`].
    pub name: String,
    /// 1 to 3650, or empty for no end.
    pub days: String,
    /// Addresses and networks, separated by commas or lines; empty for anywhere.
    pub networks: String,
    /// The ticked boxes.
    #[serde(flatten)]
    pub boxes: BTreeMap<String, String>,
}

impl ApiTokenDraft {
    /// True when the box of `permission` is ticked.
    pub fn ticked(&self, permission: Permission) -> bool {
        self.boxes.get(&crate::RoleDraft::box_name(permission)).is_some_and(|value| !value.is_empty())
    }

    /// The settings, or what is wrong at each field.
    pub fn check(&self) -> Result<ApiTokenSettings, Invalid> {
        let mut f = Fields::default();
        let name = f.parse("name", &self.name);
        let permissions = permissions(&mut f, &self.boxes);
        if permissions.is_some_and(Permissions::is_empty) {
            f.refuse("permissions", "choose at least one permission");
        }
        let days = match self.days.trim() {
            "" => Some(None),
            text => f.whole("days", text, 1..=3650).map(Some),
        };
        let networks = networks(&mut f, "networks", &self.networks);
        let settings = (|| {
            Some(ApiTokenSettings {
                name: name?,
                permissions: permissions?,
                days: days?,
                networks: networks?,
            })
        })();
        f.finish(settings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_needs_a_name_and_a_permission() {
        let told = ApiTokenDraft { days: "0".into(), ..Default::default() }.check().unwrap_err();
        let fields: Vec<_> = told.by_field().into_keys().collect();
        assert_eq!(fields, ["days", "name", "permissions"]);
        let right = ApiTokenDraft {
            name: "Billing export".into(),
            days: "90".into(),
            boxes: [("may_ViewCdrs".to_owned(), "on".to_owned())].into(),
            ..Default::default()
        };
        assert!(right.ticked(Permission::ViewCdrs));
        assert_eq!(right.check().unwrap().days, Some(90));
    }
}
