//! A set of permissions.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Permission;

/// A set of permissions: a bit each in memory, a list of names on the wire and in the database.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Permissions(u64);

// A bit each: the set must grow before the sixty-fifth permission does.
const _: () = assert!(Permission::ALL.len() <= 64);

impl Permissions {
    /// Nothing at all.
    pub const NONE: Self = Self(0);

    /// Everything.
    pub const ALL: Self = Self::of(Permission::ALL);

    /// These.
    pub const fn of(permissions: &[Permission]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < permissions.len() {
            bits |= 1 << permissions[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// True when `permission` is among them.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & (1 << permission as u8) != 0
    }

    /// True when all of `others` are among them.
    pub const fn has_all(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }

    /// True when there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// These and `permission`.
    pub const fn with(self, permission: Permission) -> Self {
        Self(self.0 | 1 << permission as u8)
    }

    /// Those that are in both.
    pub const fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// These and whatever they are worth nothing without.
    pub fn complete(self) -> Self {
        self.iter().filter_map(Permission::needs).fold(self, Self::with)
    }

    /// One by one, area by area.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }

    /// The words stored.
    pub fn names(self) -> Vec<&'static str> {
        self.iter().map(Permission::name).collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, Self::with)
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_travels_as_names() {
        let set = Permissions::of(&[Permission::ViewCalls, Permission::ManageTokens]);
        let json = serde_json::to_string(&set).unwrap();
        assert_eq!(json, r#"["ViewCalls","ManageTokens"]"#);
        assert_eq!(serde_json::from_str::<Permissions>(&json).unwrap(), set);
        assert!(serde_json::from_str::<Permissions>(r#"["Everything"]"#).is_err());
        let all = serde_json::to_string(&Permissions::ALL).unwrap();
        assert_eq!(serde_json::from_str::<Permissions>(&all).unwrap(), Permissions::ALL);
    }

    #[test]
    fn each_permission_has_a_bit_of_its_own() {
        for one in Permission::ALL {
            let set = Permissions::of(&[*one]);
            assert_eq!(set.iter().collect::<Vec<_>>(), [*one]);
            assert!(Permissions::ALL.has_all(set) && !Permissions::NONE.has(*one));
        }
    }

    #[test]
    fn who_may_edit_may_look() {
        let set = Permissions::of(&[Permission::PayAccounts]).complete();
        assert!(set.has(Permission::ViewAccounts) && !set.has(Permission::EditAccounts));
        assert_eq!(Permissions::ALL.complete(), Permissions::ALL);
    }
}
