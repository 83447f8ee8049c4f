//! Choices of the look that are sent as forms: they work without JavaScript, and lead back to where the person was.

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::{
    router::Site,
    session::{Asker, cookie, local_path},
};

/// A year, in seconds.
const KEPT: u32 = 31_536_000;
const MOST_COLUMNS: usize = 64;

#[derive(Deserialize)]
pub(super) struct Toggle {
    #[serde(default)]
    back: String,
}

/// Takes the other theme. The server cannot know what the system prefers, so the first press means dark.
pub(super) async fn toggle_theme(headers: HeaderMap, Form(sent): Form<Toggle>) -> Response {
    let theme = if cookie(&headers, "theme") == Some("dark") { "light" } else { "dark" };
    keep("theme", theme, &sent.back)
}

#[derive(Deserialize)]
pub(super) struct Choice {
    name: String,
    value: String,
    #[serde(default)]
    back: String,
}

/// Keeps one of the choices that exist. The language is also the person's own: the next browser that they log in with speaks it.
pub(super) async fn choose(State(site): State<Site>, asker: Asker, Form(sent): Form<Choice>) -> Response {
    if let ("language", Ok(language)) = (sent.name.as_str(), sent.value.parse())
        && let Err(error) = store::people::set_language(&site.pool, asker.user, language).await
    {
        tracing::error!(%error, "a language could not be kept");
    }
    chosen(&sent)
}

fn chosen(sent: &Choice) -> Response {
    let known = match sent.name.as_str() {
        "density" => ["comfortable", "compact"].contains(&sent.value.as_str()),
        "times" => ["local", "utc"].contains(&sent.value.as_str()),
        "language" => crate::words::Language::of_tag(&sent.value).is_some(),
        _ => false,
    };
    if !known {
        return (StatusCode::UNPROCESSABLE_ENTITY, "There is no such choice.\n").into_response();
    }
    keep(&sent.name, &sent.value, &sent.back)
}

/// Keeps which columns of a table are shown: the boxes that were ticked, beside `table` and `back`.
pub(super) async fn choose_columns(Form(sent): Form<Vec<(String, String)>>) -> Response {
    let value = |name: &str| sent.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value);
    let (table, back) = (value("table"), value("back"));
    let columns: Vec<&str> =
        sent.iter().filter_map(|(name, _)| name.strip_prefix("column-")).take(MOST_COLUMNS).collect();
    if !is_key(table) || !columns.iter().all(|column| is_key(column)) {
        return (StatusCode::UNPROCESSABLE_ENTITY, "There is no such column.\n").into_response();
    }
    keep(&format!("columns-{table}"), &columns.join("."), back)
}

fn is_key(text: &str) -> bool {
    (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'_'))
}

/// `name` and `value` are plain words.
fn keep(name: &str, value: &str, back: &str) -> Response {
    ([(header::SET_COOKIE, kept(name, value))], Redirect::to(local_path(back))).into_response()
}

fn kept(name: &str, value: &str) -> HeaderValue {
    let cookie = format!("{name}={value}; Path=/; Max-Age={KEPT}; SameSite=Lax");
    HeaderValue::from_str(&cookie).expect("both are plain words")
}

/// The language that somebody has chosen, for a browser that they log in with and have chosen nothing in. English is what
/// everybody begins with: it says nothing against the language that the browser asks for.
pub(crate) fn own_language(headers: &HeaderMap, own: domain::Language) -> Option<HeaderValue> {
    let chosen_here = cookie(headers, "language").and_then(crate::words::Language::of_tag).is_some();
    (!chosen_here && own != domain::Language::default()).then(|| kept("language", own.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cookie_of(response: &Response) -> Option<&str> {
        response.headers().get(header::SET_COOKIE).map(|value| value.to_str().unwrap())
    }

    #[test]
    fn only_choices_that_exist_are_kept() {
        let choice = |name: &str, value: &str| Choice {
            name: name.to_owned(),
            value: value.to_owned(),
            back: "/cdrs".to_owned(),
        };
        let kept = chosen(&choice("density", "compact"));
        assert!(cookie_of(&kept).unwrap().starts_with("density=compact; "));
        assert_eq!(kept.headers()[header::LOCATION], "/cdrs");
        for (name, value) in [("tandem", "x"), ("density", "x; Domain=evil"), ("language", "xx")] {
            assert_eq!(cookie_of(&chosen(&choice(name, value))), None, "{name}");
        }
    }

    #[test]
    fn a_new_browser_speaks_the_language_of_who_logs_in() {
        let mut headers = HeaderMap::new();
        let told = own_language(&headers, domain::Language::Chinese).unwrap();
        assert!(told.to_str().unwrap().starts_with("language=zh-Hans; "));
        assert_eq!(own_language(&headers, domain::Language::English), None);
        headers.insert(header::COOKIE, "language=en".parse().unwrap());
        assert_eq!(own_language(&headers, domain::Language::Chinese), None);
    }

    #[tokio::test]
    async fn columns_are_kept_by_table_and_hostile_names_are_refused() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let sent = vec![pair("table", "accounts"), pair("column-name", "on"), pair("column-held", "on")];
        let kept = choose_columns(Form(sent)).await;
        assert!(cookie_of(&kept).unwrap().starts_with("columns-accounts=name.held; "));
        for sent in [
            vec![pair("table", "a;b")],
            vec![pair("table", "accounts"), pair("column-x\r\n", "on")],
            vec![pair("column-name", "on")],
        ] {
            assert_eq!(cookie_of(&choose_columns(Form(sent)).await), None);
        }
    }
}
