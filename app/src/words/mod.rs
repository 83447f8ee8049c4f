//! The words of the portal, in every language it speaks.
//!
//! A catalogue is a list of keys with the text in each language beside it; the macro makes a struct with a field a key and a
//! value of it a language. A key without one of its texts, and a text asked for under a key that does not exist, do not
//! compile. Nothing is looked up at run time, and no library comes with it.

mod fields;
mod frame;
mod home;
mod identity;
mod outcomes;
mod pages;
mod parts;
mod people;
mod permissions;
mod phones;
mod system;
mod told;
mod trace;
mod webhooks;

pub(crate) use fields::fields;
pub(crate) use frame::frame;
pub(crate) use home::home;
pub(crate) use identity::identity;
pub(crate) use outcomes::outcomes;
pub(crate) use pages::pages;
pub(crate) use parts::parts;
pub(crate) use people::people;
pub(crate) use permissions::{area, end_reason, permission};
pub(crate) use phones::phones;
pub(crate) use system::system;
pub(crate) use told::told;
pub(crate) use trace::trace;
pub(crate) use webhooks::webhooks;

/// A language of the portal.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// As HTML and the cookie name it (BCP 47).
    pub(crate) fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-Hans",
        }
    }

    /// As its speakers call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    /// The one that `tag` names.
    #[cfg_attr(
        not(any(feature = "ssr", feature = "hydrate")),
        allow(dead_code, reason = "asked of cookie and page")
    )]
    pub(crate) fn of_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The first one of an `Accept-Language` that the portal speaks (RFC 9110 §12.5.4). Browsers write them in order of
    /// preference, so their weights are not needed.
    #[cfg_attr(not(feature = "ssr"), allow(dead_code, reason = "only a server is asked"))]
    pub(crate) fn first_accepted(header: &str) -> Option<Self> {
        header.split(',').take(16).find_map(|part| {
            let tag = part.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            match tag.split('-').next()? {
                "en" => Some(Self::English),
                "zh" => Some(Self::Chinese),
                _ => None,
            }
        })
    }
}

#[cfg(feature = "ssr")]
tokio::task_local! {
    /// The language of the person who asks, for what answers outside a page: forms and loaders.
    pub(crate) static ASKED_IN: Language;
}

/// The language of the page being shown, or of the request being answered.
#[cfg(feature = "ssr")]
pub(crate) fn language() -> Language {
    let of_page = leptos::prelude::use_context();
    of_page.or_else(|| ASKED_IN.try_get().ok()).unwrap_or_default()
}

/// The language of the page being shown: the one in which the server has written it.
#[cfg(all(feature = "hydrate", not(feature = "ssr")))]
pub(crate) fn language() -> Language {
    thread_local! {
        static WRITTEN: Language = {
            let root = leptos::prelude::document().document_element();
            root.and_then(|root| Language::of_tag(&root.get_attribute("lang")?)).unwrap_or_default()
        };
    }
    WRITTEN.with(|language| *language)
}

#[cfg(not(any(feature = "ssr", feature = "hydrate")))]
pub(crate) fn language() -> Language {
    Language::default()
}

/// `text` with each `{}` replaced, in order.
pub(crate) fn fill(text: &str, values: &[&str]) -> String {
    let mut values = values.iter();
    let mut parts = text.split("{}");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(values.next().unwrap_or(&""));
        out.push_str(part);
    }
    out
}

/// Makes a catalogue: the struct, its value in each language, and the function that gives the one of the page.
macro_rules! catalogue {
    ($(#[$doc:meta])* $name:ident, $read:ident { $($key:ident: $english:literal, $chinese:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[allow(dead_code, reason = "the browser's half does not say everything that the server's half says")]
        pub(crate) struct $name { $(pub(crate) $key: &'static str,)* }
        static ENGLISH: $name = $name { $($key: $english,)* };
        static CHINESE: $name = $name { $($key: $chinese,)* };

        /// The words in the language of the page.
        pub(crate) fn $read() -> &'static $name {
            match crate::words::language() {
                crate::words::Language::English => &ENGLISH,
                crate::words::Language::Chinese => &CHINESE,
            }
        }

        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str, &str)] = &[$((stringify!($key), $english, $chinese),)*];
    };
}
use catalogue;

#[cfg(test)]
mod tests {
    use super::*;

    /// The same in every language: names, units and abbreviations of the trade.
    const SHARED: &[&str] =
        &["asr", "acd", "pdd", "sip", "csv", "tandem", "codec", "styleguide", "sip_on", "bulk_failed"];

    fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        [
            frame::ALL,
            home::ALL,
            identity::ALL,
            parts::ALL,
            fields::ALL,
            pages::ALL,
            people::ALL,
            phones::ALL,
            outcomes::ALL,
            system::ALL,
            trace::ALL,
            webhooks::ALL,
        ]
        .into_iter()
        .flatten()
        .copied()
    }

    #[test]
    fn every_key_has_its_own_text_in_each_language() {
        for (key, english, chinese) in all() {
            assert!(!english.trim().is_empty() && !chinese.trim().is_empty(), "{key} is empty");
            assert!(!english.chars().any(is_han), "{key}: {english}");
            if !SHARED.contains(&key) {
                assert!(chinese.chars().any(is_han), "{key} is not translated: {chinese}");
            }
        }
    }

    /// Written the same in every language.
    const TERMS: [&str; 2] = ["Call-ID", "SDP"];

    #[test]
    fn what_a_page_says_comes_from_a_catalogue() {
        fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.ends_with("styleguide") {
                    continue;
                }
                if entry.is_dir() {
                    sources(&entry, found);
                } else {
                    found.push(entry);
                }
            }
        }
        let mut found = Vec::new();
        sources(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/pages"), &mut found);
        assert!(found.len() > 40, "{found:?}");
        for path in found {
            let text = std::fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (line, number) in text.lines().zip(1..) {
                let speaks = ["label=\"", "title=\"", "about=\"", "hint=\"", "text=\"", "submit=\"", ">\""]
                    .iter()
                    .flat_map(|before| line.split(before).skip(1))
                    .filter(|rest| !TERMS.iter().any(|term| rest.starts_with(&format!("{term}\""))))
                    .any(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphabetic()));
                // What is told to logs and to programs is no page.
                let speaks_here = !["//", ".expect(", "tracing::", "IntoResponse", "into_response"]
                    .iter()
                    .any(|other| line.contains(other));
                let mut literals = line.split('"').skip(1).step_by(2);
                let is_sentence = speaks_here
                    && literals.any(|text| {
                        text.matches(' ').count() > 1 && text.starts_with(|c: char| c.is_ascii_uppercase())
                    });
                assert!(!speaks && !is_sentence, "{}:{number}: {}", path.display(), line.trim());
            }
        }
    }

    #[test]
    fn both_languages_leave_the_same_places_to_fill() {
        for (key, english, chinese) in all() {
            assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{key}");
        }
    }

    fn is_han(letter: char) -> bool {
        ('\u{4e00}'..='\u{9fff}').contains(&letter)
    }

    #[test]
    fn the_first_language_that_we_speak_is_taken() {
        for (header, language) in [
            ("zh-CN,zh;q=0.9,en;q=0.8", Some(Language::Chinese)),
            ("de-DE, en-GB;q=0.7, zh;q=0.3", Some(Language::English)),
            ("fr", None),
            ("", None),
            (";;;,,,*", None),
        ] {
            assert_eq!(Language::first_accepted(header), language, "{header}");
        }
    }

    #[test]
    fn places_are_filled_in_order_and_never_twice() {
        assert_eq!(fill("{} of {}", &["{}", "9"]), "{} of 9");
        assert_eq!(fill("{} of {}", &["1"]), "1 of ");
        assert_eq!(fill("none", &["1"]), "none");
    }
}
