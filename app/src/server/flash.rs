//! The sentence that a form leaves behind for the next page: a short-lived cookie, read once.

use http::{HeaderValue, header, request::Parts};
use leptos::prelude::use_context;

use super::session::cookie;
use crate::figures::in_query;

const NAME: &str = "flash";
const LONGEST: usize = 400;

/// The cookie that leaves `text` behind.
pub(crate) fn leave(text: &str) -> HeaderValue {
    let text: String = text.chars().take(LONGEST).collect();
    let cookie = format!("{NAME}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", in_query(&text));
    HeaderValue::from_str(&cookie).expect("what is escaped for a query is plain ASCII")
}

/// The sentence left behind for the page being rendered; it is gone afterwards.
pub(crate) fn take() -> Option<String> {
    let parts = use_context::<Parts>()?;
    let text = read(cookie(&parts.headers, NAME)?);
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        let gone = HeaderValue::from_static("flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        options.append_header(header::SET_COOKIE, gone);
    }
    text
}

fn read(value: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            byte => byte,
        });
    }
    let text: String = String::from_utf8(bytes).ok()?.chars().take(LONGEST).collect();
    Some(text).filter(|t| !t.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_survives_its_cookie() {
        let text = "Account “Ünlü; Path=/evil” was changed.";
        let cookie = leave(text);
        let value = cookie.to_str().unwrap().strip_prefix("flash=").unwrap().split(';').next().unwrap();
        assert_eq!(read(value).as_deref(), Some(text));
    }

    #[test]
    fn a_forged_cookie_is_no_sentence() {
        for value in ["", "%", "%4", "%zz", "%ff", "%+1"] {
            assert_eq!(read(value), None, "{value}");
        }
    }
}
