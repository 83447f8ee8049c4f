//! Who asks. The only place where a scope is made.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::Permissions;
use http::{Extensions, HeaderMap, Method, StatusCode, header, request::Parts};
use leptos::prelude::{expect_context, use_context};
use sha2::{Digest, Sha256};
use store::{Actor, Scope};

use super::router::Site;
use crate::{figures::in_query, load::LoadError};

/// A logged-in person: what they may see, and as whom they change things.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) scope: Scope,
    pub(crate) actor: Actor,
    pub(crate) session: [u8; 32],
    pub(crate) address: IpAddr,
}

/// The key under which a session's token is stored.
pub(crate) fn key(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The name of the session's cookie. The prefix makes browsers keep it to this host and to https.
pub(crate) fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-tandem" } else { "tandem" }
}

/// The value of the first cookie called `name`.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(n, value)| (n == name).then_some(value))
}

/// Where a request came from.
pub(crate) fn address(extensions: &Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip().to_canonical())
}

/// A path on this site to go back to, or the dashboard: never another site, never the log-in page itself.
pub(crate) fn local_path(path: &str) -> &str {
    let ours = path.starts_with('/')
        && !path.starts_with("//")
        && path.len() <= 2000
        && path.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && !["/login", "/logout", "/theme", "/load/", "/events/", "/pkg/"]
            .iter()
            .any(|p| path.starts_with(p));
    if ours { path } else { "/" }
}

/// The session of a request, if it has one.
pub(crate) async fn find(
    site: &Site,
    headers: &HeaderMap,
    address: IpAddr,
) -> Result<Option<Asker>, store::StoreError> {
    let Some(token) = cookie(headers, cookie_name(site.secure_cookies)) else { return Ok(None) };
    let session = key(token);
    let found = store::sessions::find(&site.pool, &session, address).await?;
    // The pages do not ask for single permissions yet: only who has all of them is let in.
    let found = found.filter(|found| found.permissions() == Permissions::ALL);
    Ok(found.map(|found| Asker { scope: found.scope(), actor: found.actor(), session, address }))
}

/// Stands before every page: notes who asks, and sends whoever is nobody to the log-in page. Loaders and event streams answer
/// for themselves, because no person reads a redirect there.
pub(super) async fn guard(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let answers_itself = path == "/login" || path.starts_with("/load/") || path.starts_with("/events/");
    match find(&site, request.headers(), address(request.extensions())).await {
        Ok(Some(asker)) => {
            request.extensions_mut().insert(asker);
            next.run(request).await
        }
        Ok(None) if answers_itself => next.run(request).await,
        Ok(None) => {
            let back = match *request.method() {
                Method::GET => request.uri().path_and_query().map_or("/", |p| p.as_str()),
                _ => request.uri().path(),
            };
            match local_path(back) {
                "/" => Redirect::to("/login").into_response(),
                back => Redirect::to(&format!("/login?next={}", in_query(back))).into_response(),
            }
        }
        Err(error) => {
            tracing::error!(%error, "a session could not be looked up");
            (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", error.user_message())).into_response()
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or((StatusCode::UNAUTHORIZED, "Log in first.\n"))
    }
}

/// A person who may change everything. What changes something takes this one and not just an [`Asker`].
pub(crate) struct Administrator(pub(crate) Asker);

impl<S: Send + Sync> FromRequestParts<S> for Administrator {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let asker = Asker::from_request_parts(parts, state).await?;
        match asker.scope {
            Scope::All => Ok(Self(asker)),
            Scope::Agent(_) | Scope::Account(_) => {
                Err((StatusCode::FORBIDDEN, "Only an administrator may do this.\n"))
            }
        }
    }
}

/// Who asks a loader, and of what. Every loader begins with it.
pub(crate) fn asking() -> Result<(Site, Asker), LoadError> {
    let asker = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Asker>().cloned());
    match asker {
        Some(asker) => Ok((expect_context::<Site>(), asker)),
        None => {
            super::answer_with(StatusCode::UNAUTHORIZED);
            Err(LoadError::LoggedOut)
        }
    }
}

/// The name of the person for whom a page is rendered.
pub(crate) fn user_name() -> Option<String> {
    use_context::<Parts>()?.extensions.get::<Asker>().map(|asker| asker.actor.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_local_path_is_gone_back_to() {
        for path in ["/", "/cdrs?caller=44&to=2026-11-21T00%3A00", "/operation/calls"] {
            assert_eq!(local_path(path), path);
        }
        for path in [
            "",
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\r\nSet-Cookie: x",
            "/login?next=/",
            "/logout",
            "/ü",
        ] {
            assert_eq!(local_path(path), "/", "{path:?}");
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "xtandem=1; theme=dark;tandem=abc=".parse().unwrap());
        headers.append(header::COOKIE, "tandem=second".parse().unwrap());
        assert_eq!(cookie(&headers, "tandem"), Some("abc="));
        assert_eq!(cookie(&headers, "theme"), Some("dark"));
        assert_eq!(cookie(&headers, "flash"), None);
    }
}
