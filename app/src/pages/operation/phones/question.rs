//! What people ask the list of phones, as it stands in the address.

use domain::{Fields, Invalid, PhoneFilter};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// The fields of the filter bar, as text.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PhoneQuestion {
    pub(super) search: String,
    pub(super) account: String,
    pub(super) state: String,
    /// The number behind which the page begins.
    pub(super) after: String,
}

impl PhoneQuestion {
    /// The one that the page's address asks.
    pub(super) fn asked() -> Memo<Self> {
        let query = use_query_map();
        Memo::new(move |_| {
            query.with(|query| {
                let get = |name| query.get(name).unwrap_or_default();
                Self {
                    search: get("search"),
                    account: get("account"),
                    state: get("state"),
                    after: get("after"),
                }
            })
        })
    }

    /// True when it asks for all phones.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The filter it stands for, or what is wrong at which field.
    #[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "the server asks"))]
    pub(super) fn filter(&self, limit: u32) -> Result<PhoneFilter, Invalid> {
        let mut f = Fields::default();
        let account = f.optional("account", &self.account);
        let state = f.optional("state", &self.state);
        let filter = (|| {
            Some(PhoneFilter {
                search: self.search.clone(),
                account: account?,
                state: state?,
                after: Some(self.after.clone()).filter(|after| !after.is_empty()),
                limit,
            })
        })();
        f.finish(filter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_filters_are_told_at_their_fields() {
        let question = PhoneQuestion { account: "x".into(), state: "asleep".into(), ..Default::default() };
        let told = question.filter(10).unwrap_err();
        assert_eq!(told.by_field().into_keys().collect::<Vec<_>>(), ["account", "state"]);
        let all = PhoneQuestion::default();
        assert!(all.is_empty());
        assert_eq!(all.filter(10).unwrap(), PhoneFilter { limit: 10, ..Default::default() });
    }
}
