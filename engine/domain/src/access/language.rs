//! The portal's languages.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{account::named, cause::UnknownName};

/// A language in which the portal speaks; one line here for each translation that exists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// Simplified Chinese.
    #[serde(rename = "zh-Hans")]
    Chinese,
}

named!(Language { English = "en", Chinese = "zh-Hans" });
