//! What a form holds and what was wrong with it, the same on the server and in the browser.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::{
    AccountDraft, AgentDraft, ApiTokenDraft, FieldError, Invalid, MappingGatewayDraft, RateDraft,
    RateTableDraft, RegistrationDraft, RoleDraft, RoutingGatewayDraft, SavedViewDraft, WebhookDraft,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::words::told;

/// Everything that a person types into one form, as text.
pub(crate) trait Draft:
    Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// What is wrong without asking the store; the server checks it again.
    fn faults(&self) -> Result<(), Invalid>;

    /// What of it may be shown again; leaves secrets out.
    #[cfg(feature = "ssr")]
    fn showable(self) -> Self {
        self
    }
}

macro_rules! checked {
    ($($draft:ty),*) => {$(
        impl Draft for $draft {
            fn faults(&self) -> Result<(), Invalid> {
                self.check().map(drop)
            }
        }
    )*};
}

checked!(AccountDraft, AgentDraft, ApiTokenDraft, RoleDraft, RateDraft, RateTableDraft, SavedViewDraft);

macro_rules! secretive {
    ($($draft:ty),*) => {$(
        impl Draft for $draft {
            fn faults(&self) -> Result<(), Invalid> {
                self.check().map(drop)
            }

            #[cfg(feature = "ssr")]
            fn showable(self) -> Self {
                Self { password: String::new(), ..self }
            }
        }
    )*};
}

secretive!(MappingGatewayDraft, RegistrationDraft, RoutingGatewayDraft);

impl Draft for WebhookDraft {
    fn faults(&self) -> Result<(), Invalid> {
        self.check().map(drop)
    }

    #[cfg(feature = "ssr")]
    fn showable(self) -> Self {
        Self { secret: String::new(), ..self }
    }
}

/// A form without fields of its own, like the confirmation of a removal.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Confirmation {}

impl Draft for Confirmation {
    fn faults(&self) -> Result<(), Invalid> {
        Ok(())
    }
}

/// Why a submission was not taken.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Refusal {
    /// What concerns no single field.
    pub(crate) message: Option<String>,
    /// What is wrong at which field.
    pub(crate) fields: Vec<FieldError>,
    /// Somebody else has changed the thing meanwhile; `message` is then its name.
    pub(crate) stale: bool,
    /// Who that was, when it is known.
    pub(crate) changed: Option<Changed>,
}

/// The last change of a thing.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(crate) struct Changed {
    pub(crate) by: String,
    pub(crate) at: DateTime<Utc>,
}

/// A field that holds another value now than the one in the form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Difference {
    pub(crate) field: String,
    pub(crate) yours: String,
    pub(crate) now: String,
}

impl Refusal {
    #[cfg(feature = "ssr")]
    pub(crate) fn saying(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..Self::default() }
    }

    pub(crate) fn is_none(&self) -> bool {
        self.message.is_none() && self.fields.is_empty()
    }

    /// Everything told about one field.
    pub(crate) fn at(&self, field: &str) -> Option<String> {
        let told: Vec<&str> =
            self.fields.iter().filter(|e| e.field == field).map(|e| e.message.as_str()).collect();
        (!told.is_empty()).then(|| told.join("; "))
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        let told = invalid.0.into_iter().map(|e| FieldError { message: told(&e.message), ..e });
        let (nowhere, fields): (Vec<_>, Vec<_>) = told.partition(|e| e.field.is_empty());
        let message = nowhere.into_iter().next().map(|e| e.message);
        Self { message, fields, ..Self::default() }
    }
}

#[cfg(feature = "ssr")]
impl From<store::StoreError> for Refusal {
    fn from(error: store::StoreError) -> Self {
        match error {
            store::StoreError::Invalid(invalid) => invalid.into(),
            store::StoreError::Conflict { subject } => {
                Self { message: Some(subject), stale: true, ..Self::default() }
            }
            store::StoreError::NotFound => {
                Self::saying(told("It is not there any more: somebody has deleted it."))
            }
            store::StoreError::InUse { .. } => Self::saying(told(&error.user_message())),
            other => {
                tracing::error!(error = %other, "a form could not be stored");
                Self::saying(told(&other.user_message()))
            }
        }
    }
}

/// A form as it was sent and refused; the page shows it again as it was typed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Submission<D> {
    pub(crate) draft: D,
    /// The version that the person had before their eyes; empty for new things.
    pub(crate) row_version: String,
    pub(crate) refusal: Refusal,
}

/// The refused submission that this page answers, if any. Call it first in a page: it travels to the browser with the page.
pub(crate) fn submitted<D: Draft>() -> Option<Submission<D>> {
    SharedValue::new(use_context::<Submission<D>>).into_inner()
}

/// What a form shows when it is opened.
#[derive(Clone, Debug)]
pub(crate) struct Opened<D> {
    pub(crate) draft: D,
    pub(crate) row_version: String,
    pub(crate) refusal: Refusal,
    /// After a conflict: what is stored now where the form holds something else.
    pub(crate) now: Option<Vec<Difference>>,
}

impl<D: Draft> Opened<D> {
    /// For a new thing: what was typed, else `fresh`.
    pub(crate) fn new(sent: Option<Submission<D>>, fresh: D) -> Self {
        match sent {
            Some(sent) => {
                Self { draft: sent.draft, row_version: sent.row_version, refusal: sent.refusal, now: None }
            }
            None => Self { draft: fresh, row_version: String::new(), refusal: Refusal::default(), now: None },
        }
    }

    /// For a stored thing: what was typed, else what is stored. After a conflict the form carries the version stored now, so
    /// that saving again is a decision and not a second conflict.
    pub(crate) fn of(sent: Option<Submission<D>>, stored: D, version: domain::RowVersion) -> Self {
        let mut opened = Self::new(sent, stored.clone());
        if opened.refusal.stale {
            opened.now = Some(differences(&opened.draft, &stored));
        }
        if opened.row_version.is_empty() || opened.refusal.stale {
            opened.row_version = version.to_string();
        }
        opened
    }
}

/// The fields in which two drafts differ, in the order of their names.
fn differences<D: Draft>(yours: &D, now: &D) -> Vec<Difference> {
    let (yours, now) = (values(yours), values(now));
    let fields: std::collections::BTreeSet<&String> = yours.keys().chain(now.keys()).collect();
    let value =
        |values: &BTreeMap<String, String>, field: &String| values.get(field).cloned().unwrap_or_default();
    fields
        .into_iter()
        .map(|field| Difference {
            field: field.clone(),
            yours: value(&yours, field),
            now: value(&now, field),
        })
        .filter(|difference| difference.yours.trim() != difference.now.trim())
        .collect()
}

fn values<D: Draft>(draft: &D) -> BTreeMap<String, String> {
    let Ok(serde_json::Value::Object(fields)) = serde_json::to_value(draft) else { return BTreeMap::new() };
    fields.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conflict_shows_both_values_of_each_field_that_differs() {
        let stored = RateDraft { prefix: "44".to_owned(), rate: "0.03".to_owned(), ..RateDraft::default() };
        let typed = RateDraft { rate: "0.04".to_owned(), destination: "UK".to_owned(), ..stored.clone() };
        let sent = |stale| {
            let refusal = Refusal { message: Some("x".to_owned()), stale, ..Refusal::default() };
            Some(Submission { draft: typed.clone(), row_version: "1".to_owned(), refusal })
        };
        let version = domain::RowVersion(2);
        let opened = Opened::of(sent(true), stored.clone(), version);
        let told: Vec<_> = opened.now.unwrap().into_iter().map(|d| (d.field, d.yours, d.now)).collect();
        let line = |field: &str, yours: &str, now: &str| (field.to_owned(), yours.to_owned(), now.to_owned());
        assert_eq!(told, [line("destination", "UK", ""), line("rate", "0.04", "0.03")]);
        assert_eq!(opened.row_version, "2");
        assert!(Opened::of(sent(false), stored, version).now.is_none());
    }
}
