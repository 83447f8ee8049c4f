//! What people type to begin a capture.

use domain::{CallId, Fields, Invalid, Source};
use serde::{Deserialize, Serialize};

use crate::form::Draft;

/// Minutes that a capture may run.
const LONGEST: u32 = 24 * 60;
/// MiB that it may hold.
const LARGEST: u32 = 32;

/// What is told when nobody is named, or more than one.
const ONE_OF_FOUR: &str = "give one of gateway, address, number and call";

/// A capture to be begun, as typed.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct CaptureDraft {
    pub(super) gateway: String,
    pub(super) address: String,
    pub(super) number: String,
    pub(super) call: String,
    pub(super) minutes: String,
    pub(super) megabytes: String,
}

/// The same, checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Wanted {
    pub(super) whose: Whose,
    pub(super) minutes: u32,
    pub(super) megabytes: u32,
}

/// Whose messages are to be captured.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Whose {
    Gateway(String),
    Address(Source),
    Number(String),
    Call(CallId),
}

impl CaptureDraft {
    pub(super) fn check(&self) -> Result<Wanted, Invalid> {
        let mut f = Fields::default();
        let given = [
            ("gateway", self.gateway.trim()),
            ("address", self.address.trim()),
            ("number", self.number.trim()),
            ("call", self.call.trim()),
        ];
        let given: Vec<_> = given.into_iter().filter(|(_, text)| !text.is_empty()).collect();
        if given.is_empty() {
            f.refuse("gateway", ONE_OF_FOUR);
        }
        // Each is looked at, so that whoever typed two learns about both at once.
        let mut whose = None;
        for &(field, text) in &given {
            whose = match field {
                "address" => f.parse(field, text).map(Whose::Address),
                "number" => f.take(field, super::found::number(text)).map(Whose::Number),
                "call" => f.parse(field, text).map(Whose::Call),
                _ => Some(Whose::Gateway(text.to_owned())),
            };
            if given.len() > 1 && whose.take().is_some() {
                f.refuse(field, ONE_OF_FOUR);
            }
        }
        let minutes = f.whole("minutes", &self.minutes, 1..=LONGEST);
        let megabytes = f.whole("megabytes", &self.megabytes, 1..=LARGEST);
        let wanted = (|| Some(Wanted { whose: whose?, minutes: minutes?, megabytes: megabytes? }))();
        f.finish(wanted)
    }
}

impl Draft for CaptureDraft {
    fn faults(&self) -> Result<(), Invalid> {
        self.check().map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> CaptureDraft {
        CaptureDraft {
            address: "192.0.2.0/24".to_owned(),
            minutes: "30".to_owned(),
            megabytes: "8".to_owned(),
            ..CaptureDraft::default()
        }
    }

    #[test]
    fn one_of_four_is_captured() {
        assert!(matches!(draft().check().unwrap().whose, Whose::Address(_)));
        for (draft, field) in [
            (CaptureDraft { address: String::new(), ..draft() }, "gateway"),
            (CaptureDraft { number: "44".to_owned(), ..draft() }, "number"),
            (CaptureDraft { number: "44".to_owned(), ..draft() }, "address"),
            (CaptureDraft { number: "<script>".to_owned(), ..draft() }, "address"),
            (CaptureDraft { address: "nowhere".to_owned(), ..draft() }, "address"),
            (CaptureDraft { address: String::new(), number: "<script>".to_owned(), ..draft() }, "number"),
            (CaptureDraft { address: String::new(), call: "7".to_owned(), ..draft() }, "call"),
            (CaptureDraft { minutes: "1441".to_owned(), ..draft() }, "minutes"),
            (CaptureDraft { minutes: "-1".to_owned(), ..draft() }, "minutes"),
            (CaptureDraft { megabytes: "33".to_owned(), ..draft() }, "megabytes"),
            (CaptureDraft { megabytes: "".to_owned(), ..draft() }, "megabytes"),
        ] {
            let told = draft.check().unwrap_err();
            assert!(told.by_field().contains_key(field), "{draft:?}");
        }
    }
}
