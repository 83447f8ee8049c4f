//! What a loader has answered, on its way from the server to the page.
//!
//! Every page waits for its loader in the same way; only what comes differs. The type of it is therefore left aside here and
//! taken up again by the page. Made anew for each type, the machinery of waiting would be a fifth of what browsers load.

use std::{any::Any, convert::Infallible, marker::PhantomData, sync::Arc};

use leptos::{
    prelude::*,
    server::codee::{Decoder, Encoder},
};
use serde::{Serialize, de::DeserializeOwned};

use super::LoadError;

/// What a loader may answer: the thing or why there is none.
pub(super) trait Told: Any + Send + Sync {
    /// As the server writes it into the page.
    #[cfg(feature = "ssr")]
    fn json(&self) -> Result<String, serde_json::Error>;
}

impl<T: Serialize + Send + Sync + 'static> Told for Result<T, LoadError> {
    #[cfg(feature = "ssr")]
    fn json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// An answer of whichever type.
#[derive(Clone)]
pub(super) enum Answer {
    /// As a loader has given it.
    Given(Arc<dyn Told>),
    /// As the server has written it into the page that is being taken over.
    Written(Arc<str>),
}

impl Answer {
    /// Takes up the type again.
    pub(super) fn read<T: Clone + DeserializeOwned + 'static>(&self) -> Result<T, LoadError> {
        match self {
            Self::Given(told) => {
                let told: &dyn Any = &**told;
                told.downcast_ref::<Result<T, LoadError>>().cloned().unwrap_or_else(|| Err(unreadable()))
            }
            // By octets, as server functions read their answers: with two ways to read, browsers would load each type's
            // reader twice.
            Self::Written(text) => {
                serde_json::from_slice(text.as_bytes()).unwrap_or_else(|_| Err(unreadable()))
            }
        }
    }
}

fn unreadable() -> LoadError {
    LoadError::Failed("The answer cannot be read.".to_owned())
}

/// How an [`Answer`] travels in the page.
pub(super) struct InPage;

impl Encoder<Answer> for InPage {
    type Error = serde_json::Error;
    type Encoded = String;

    fn encode(answer: &Answer) -> Result<String, serde_json::Error> {
        match answer {
            #[cfg(feature = "ssr")]
            Answer::Given(told) => told.json(),
            // Only the server writes.
            #[cfg(not(feature = "ssr"))]
            Answer::Given(_) => Ok(String::new()),
            Answer::Written(text) => Ok(text.to_string()),
        }
    }
}

impl Decoder<Answer> for InPage {
    type Error = Infallible;
    type Encoded = str;

    fn decode(text: &str) -> Result<Answer, Infallible> {
        Ok(Answer::Written(text.into()))
    }
}

/// What was asked, of whichever type: compared, to see whether to ask again.
#[derive(Clone)]
pub(super) struct Asked {
    value: Arc<dyn Any + Send + Sync>,
    same: fn(&dyn Any, &dyn Any) -> bool,
}

impl Asked {
    pub(super) fn new<S: PartialEq + Send + Sync + 'static>(value: S) -> Self {
        fn same<S: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
            one.downcast_ref::<S>() == other.downcast_ref::<S>()
        }
        Self { value: Arc::new(value), same: same::<S> }
    }

    pub(super) fn read<S: Clone + 'static>(&self) -> Option<S> {
        self.value.downcast_ref().cloned()
    }
}

impl PartialEq for Asked {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(&*self.value, &*other.value)
    }
}

/// What a page's loader gives, now or later.
pub(crate) struct Loaded<T> {
    pub(super) answer: Resource<Answer, InPage>,
    pub(super) of: PhantomData<fn() -> T>,
}

impl<T> Clone for Loaded<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loaded<T> {}

impl<T> Loaded<T> {
    /// Asks the loader again; until it answers, the page shows what it has.
    pub(crate) fn refetch(self) {
        self.answer.refetch();
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    fn told(answer: &Result<u32, LoadError>) -> Answer {
        Answer::Given(Arc::new(answer.clone()))
    }

    #[test]
    fn an_answer_is_the_same_at_once_and_out_of_the_page() {
        for answer in [Ok(7), Err(LoadError::NotFound), Err(LoadError::Failed("no".to_owned()))] {
            let given = told(&answer);
            let written = InPage::decode(&InPage::encode(&given).unwrap()).unwrap();
            assert_eq!(given.read::<u32>(), answer);
            assert_eq!(written.read::<u32>(), answer);
        }
    }

    #[test]
    fn an_answer_of_another_type_is_an_error_and_no_panic() {
        assert!(matches!(told(&Ok(7)).read::<String>(), Err(LoadError::Failed(_))));
        assert!(matches!(Answer::Written("{".into()).read::<u32>(), Err(LoadError::Failed(_))));
    }

    #[test]
    fn a_question_is_asked_again_when_it_has_changed() {
        assert!(Asked::new((1, "a")) == Asked::new((1, "a")));
        assert!(Asked::new((1, "a")) != Asked::new((2, "a")));
    }
}
