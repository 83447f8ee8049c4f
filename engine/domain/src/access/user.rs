//! People who log in.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{Fields, Home, Invalid, Language, Name, RoleId, RowVersion, UserId};

/// A person who logs in. The password is no part of it: it never leaves the store.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct User {
    /// Their key.
    pub id: UserId,
    /// For concurrent edits.
    pub version: RowVersion,
    /// What people set.
    pub settings: UserSettings,
    /// When the password was last set.
    pub password_changed_at: DateTime<Utc>,
    /// A new password is wanted before anything else, because somebody else set the present one.
    pub must_change: bool,
    /// A second factor is set up.
    pub has_totp: bool,
    /// When they last logged in.
    pub last_log_in: Option<DateTime<Utc>>,
    /// Refused log-ins since then.
    pub failed_log_ins: i64,
}

/// What people set on a person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UserSettings {
    /// What they log in with; unique.
    pub name: Name,
    /// How they are called; may be empty.
    pub display_name: String,
    /// What they may do.
    pub role: RoleId,
    /// Whose things they see.
    pub home: Home,
    /// The portal's language for them.
    pub language: Language,
    /// Off keeps them out and ends their sessions.
    pub enabled: bool,
}

/// A person in a list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct UserRow {
    /// The person.
    pub user: User,
    /// The name of their role.
    pub role_name: String,
    /// The name of the agent or account they belong to; none for the administration.
    pub home_name: Option<String>,
    /// Sessions open now.
    pub sessions: i64,
}

/// A person as typed into their form.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct UserDraft {
    /// See [`UserSettings::name`].
    pub name: String,
    /// See [`UserSettings::display_name`].
    pub display_name: String,
    /// The role's id.
    pub role: String,
    /// `administration`, `agent:3` or `account:7`.
    pub home: String,
    /// `en`; empty is English.
    pub language: String,
    /// `on`, or empty as an unticked box sends it.
    pub enabled: String,
    /// A new password; empty leaves the old one.
    pub password: String,
}

// The password must not reach a log through somebody's `{:?}`.
impl fmt::Debug for UserDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserDraft")
            .field("name", &self.name)
            .field("role", &self.role)
            .field("home", &self.home)
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}

impl UserDraft {
    /// The settings and the new password if there is one, or what is wrong at each field.
    pub fn check(&self) -> Result<(UserSettings, Option<Password>), Invalid> {
        let mut f = Fields::default();
        let name = f.parse::<Name>("name", &self.name);
        let display_name = match self.display_name.trim() {
            "" => Some(String::new()),
            text => f.parse::<Name>("display_name", text).map(String::from),
        };
        let role = f.take("role", self.role.trim().parse().map_err(|_| "choose a role"));
        let home = f.parse("home", &self.home);
        let language = f.optional("language", &self.language).map(Option::unwrap_or_default);
        let password = match self.password.as_str() {
            "" => Some(None),
            text => f.take("password", Password::new(text, &self.name)).map(Some),
        };
        let value = (|| {
            let settings = UserSettings {
                name: name?,
                display_name: display_name?,
                role: role?,
                home: home?,
                language: language?,
                enabled: !self.enabled.is_empty(),
            };
            Some((settings, password?))
        })();
        f.finish(value)
    }
}

impl From<&UserSettings> for UserDraft {
    fn from(s: &UserSettings) -> Self {
        Self {
            name: s.name.to_string(),
            display_name: s.display_name.clone(),
            role: s.role.to_string(),
            home: s.home.to_string(),
            language: s.language.to_string(),
            enabled: if s.enabled { "on" } else { "" }.to_owned(),
            password: String::new(),
        }
    }
}

/// A new password that keeps the rules which need no dictionary: 10 characters or more, at most 1024 bytes, without the name in
/// it. How easily it is guessed is for the server to say.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Text that is no password.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PasswordError {
    /// Guessed too soon.
    #[error("at least 10 characters are needed")]
    TooShort,
    /// More than is ever looked at.
    #[error("at most 1024 bytes are allowed")]
    TooLong,
    /// The first guess.
    #[error("the user name must not be in it")]
    HoldsName,
}

impl Password {
    /// `text` as a password of the person called `name`.
    pub fn new(text: &str, name: &str) -> Result<Self, PasswordError> {
        let (name, lower) = (name.trim().to_lowercase(), text.to_lowercase());
        if text.chars().count() < 10 {
            Err(PasswordError::TooShort)
        } else if text.len() > 1024 {
            Err(PasswordError::TooLong)
        // A name of one or two letters is in every other word.
        } else if name.chars().count() > 2 && lower.contains(&name) {
            Err(PasswordError::HoldsName)
        } else {
            Ok(Self(text.to_owned()))
        }
    }

    /// The text.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A person's own change of password, as typed.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct PasswordDraft {
    /// The present one.
    pub current: String,
    /// The new one.
    pub password: String,
    /// The new one once more.
    pub again: String,
}

impl fmt::Debug for PasswordDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordDraft").finish_non_exhaustive()
    }
}

impl PasswordDraft {
    /// The new password of the person called `name`, or what is wrong at each field.
    pub fn check(&self, name: &str) -> Result<Password, Invalid> {
        let mut f = Fields::default();
        if self.current.is_empty() {
            f.refuse("current", "write your present password");
        }
        let password = f.take("password", Password::new(&self.password, name));
        if self.again != self.password {
            f.refuse("again", "this is not the same");
        }
        f.finish(password)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> UserDraft {
        UserDraft {
            name: "ann".into(),
            role: "1".into(),
            home: "administration".into(),
            enabled: "on".into(),
            password: "a quiet harbour".into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_person_survives_their_form_and_the_password_is_not_shown_again() {
        let (settings, password) = draft().check().unwrap();
        assert_eq!(password.unwrap().reveal(), "a quiet harbour");
        let shown = UserDraft::from(&settings);
        assert_eq!(shown.check().unwrap(), (settings, None));
        assert!(!format!("{:?}", draft()).contains("harbour"));
    }

    #[test]
    fn wrong_fields_are_told_all_at_once() {
        let wrong = UserDraft {
            name: "a\u{202e}b".into(),
            display_name: "x".repeat(65),
            role: "chief".into(),
            home: "elsewhere".into(),
            language: "tlh".into(),
            password: "short".into(),
            ..draft()
        };
        let told = wrong.check().unwrap_err();
        let fields: Vec<_> = told.by_field().into_keys().collect();
        assert_eq!(fields, ["display_name", "home", "language", "name", "password", "role"]);
    }

    #[test]
    fn a_password_is_long_enough_and_does_not_hold_the_name() {
        assert_eq!(Password::new("123456789", "ann"), Err(PasswordError::TooShort));
        assert_eq!(Password::new("xx-ANN-is-here", "ann"), Err(PasswordError::HoldsName));
        assert_eq!(Password::new(&"x".repeat(1025), "ann"), Err(PasswordError::TooLong));
        assert!(Password::new("ten-lettrs", "ab").is_ok() && Password::new("üüüüüüüüüü", "ann").is_ok());
    }

    #[test]
    fn a_change_of_password_wants_the_old_one_and_the_new_one_twice() {
        let right = PasswordDraft {
            current: "old".into(),
            password: "a quiet harbour".into(),
            again: "a quiet harbour".into(),
        };
        assert!(right.check("ann").is_ok());
        let wrong = PasswordDraft { current: String::new(), again: "a quiet harbor".into(), ..right };
        assert_eq!(wrong.check("ann").unwrap_err().by_field().len(), 2);
    }
}
