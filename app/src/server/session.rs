//! Who asks. The only place where a scope is made.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use domain::{Permission, UserId};
use http::{Extensions, HeaderMap, Method, StatusCode, Uri, header, request::Parts};
use leptos::prelude::{expect_context, use_context};
use sha2::{Digest, Sha256};
use store::{Actor, Scope, sessions::Duty};

use super::router::Site;
use crate::{
    access::{Door, Need, Who},
    figures::in_query,
    load::LoadError,
};

/// A logged-in person, before it is known what they ask for.
#[derive(Clone)]
pub(crate) struct Person {
    session: store::sessions::Session,
    key: [u8; 32],
    address: IpAddr,
}

impl Person {
    /// What a page must know of them.
    pub(crate) fn who(&self) -> Who {
        let access = &self.session.access;
        let name = if access.display_name.is_empty() { &access.name } else { &access.display_name };
        Who {
            name: name.clone(),
            home: access.home,
            permissions: self.session.permissions(),
            has_duty: self.session.duty.is_some(),
        }
    }

    /// What they must do before anything else.
    pub(crate) fn duty(&self) -> Option<Duty> {
        self.session.duty
    }

    /// True when they have proved lately who they are.
    fn is_fresh(&self) -> bool {
        self.session.is_fresh(chrono::Utc::now())
    }

    /// Lets them in where `need` is needed: the only way to a scope.
    pub(crate) fn admitted(&self, need: Need) -> Option<Asker> {
        need.is_met_by(&self.who()).then(|| Asker {
            scope: self.session.scope(),
            actor: self.session.actor(),
            user: self.session.access.user,
            session: self.key,
            address: self.address,
            who: self.who(),
            need,
        })
    }
}

/// Somebody who may do what they ask: whose things they see, and as whom they change things.
#[derive(Clone)]
pub(crate) struct Asker {
    pub(crate) scope: Scope,
    pub(crate) actor: Actor,
    pub(crate) user: UserId,
    pub(crate) session: [u8; 32],
    pub(crate) address: IpAddr,
    who: Who,
    need: Need,
}

impl Asker {
    /// True when they may also do this.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.who.may(permission)
    }

    /// True when the page at `address` is there for them.
    pub(crate) fn opens(&self, address: &str) -> bool {
        Door::at(address).and_then(|door| door.look).is_some_and(|need| need.is_met_by(&self.who))
    }

    /// True when they may know what vendors cost.
    pub(crate) fn sees_costs(&self) -> bool {
        self.scope == Scope::All && self.may(Permission::ViewCosts)
    }

    /// True when they may know over which vendor a call went: whoever sees the vendors' gateways may.
    pub(crate) fn sees_routes(&self) -> bool {
        self.sees_costs() || (self.scope == Scope::All && self.may(Permission::ViewGateways))
    }

    /// The person as they are now, after something about them has changed.
    ///
    /// # Errors
    /// When the store cannot be asked.
    pub(crate) async fn person_now(&self, site: &Site) -> Result<Option<Person>, store::StoreError> {
        let found = store::sessions::find(&site.pool, &self.session, self.address).await?;
        Ok(found.map(|session| Person { session, key: self.session, address: self.address }))
    }

    /// Asks again whether they may still do it; none when not. What runs on must ask from time to time.
    ///
    /// # Errors
    /// When the store cannot be asked: then nobody knows.
    pub(crate) async fn asked_again(&self, site: &Site) -> Result<Option<Self>, store::StoreError> {
        Ok(self.person_now(site).await?.and_then(|person| person.admitted(self.need)))
    }
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
        && !["/login", "/logout", "/again", "/theme", "/load/", "/events/", "/pkg/"]
            .iter()
            .any(|p| path.starts_with(p));
    if ours { path } else { "/" }
}

/// The session of a request, if it has one.
pub(crate) async fn find(
    site: &Site,
    headers: &HeaderMap,
    address: IpAddr,
) -> Result<Option<Person>, store::StoreError> {
    let Some(token) = cookie(headers, cookie_name(site.secure_cookies)) else { return Ok(None) };
    let key = key(token);
    let found = store::sessions::find(&site.pool, &key, address).await?;
    Ok(found.map(|session| Person { session, key, address }))
}

/// Stands before every route: notes who asks, sends whoever is nobody to the log-in page, and lets nobody through a door whose
/// need they do not meet: what is forbidden looks like what is not there. Loaders ask for themselves
/// ([`asking`]), and they and event streams answer without a redirect, because no person reads one there.
pub(super) async fn guard(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let (is_loader, is_stream) = (path.starts_with("/load/"), path.starts_with("/events/"));
    let looks = matches!(*request.method(), Method::GET | Method::HEAD);
    let pattern = request.extensions().get::<MatchedPath>().map(|matched| matched.as_str().to_owned());
    let door = pattern.as_deref().and_then(Door::of_pattern);
    let need = door.and_then(|door| if looks { door.look } else { door.send });
    let person = match find(&site, request.headers(), address(request.extensions())).await {
        Ok(person) => person,
        Err(error) => {
            tracing::error!(%error, "a session could not be looked up");
            return (StatusCode::SERVICE_UNAVAILABLE, format!("{}\n", error.user_message())).into_response();
        }
    };
    let Some(person) = person else {
        return if need == Some(Need::Nothing) || is_loader || is_stream {
            next.run(request).await
        } else {
            to_log_in(&request)
        };
    };
    request.extensions_mut().insert(person.clone());
    // A page that no door leads to says that it is not there.
    let is_nowhere = need.is_none() && looks && pattern.as_deref().is_none_or(|p| p.contains("{*"));
    if is_loader || is_nowhere {
        return next.run(request).await;
    }
    if let (Some(duty), false) = (person.duty(), is_stream)
        && !matches!(need, Some(Need::Nothing | Need::LogIn))
    {
        return Redirect::to(duty_page(duty)).into_response();
    }
    match need.and_then(|need| person.admitted(need)) {
        Some(_) if door.is_some_and(|door| door.guarded) && !person.is_fresh() => to_proof(&request, looks),
        Some(asker) => {
            request.extensions_mut().insert(asker);
            next.run(request).await
        }
        None if is_stream => StatusCode::NOT_FOUND.into_response(),
        None => nothing_here(&site, request).await,
    }
}

/// Sends somebody to prove again who they are. A form that was sent has to be filled in again: it is rare, because its page was
/// behind the same door.
fn to_proof(request: &Request, looks: bool) -> Response {
    let uri = request.uri();
    let here = if looks { uri.path_and_query().map_or("/", |p| p.as_str()) } else { uri.path() };
    // A form without a page of its own belongs to the page above it.
    let page = match Door::at(here).is_some_and(|door| door.look.is_none()) {
        true => here.rsplit_once('/').map_or("/", |(above, _)| above),
        false => here,
    };
    let above = page.rsplit_once('/').map_or("/", |(above, _)| above);
    Redirect::to(&format!("/again?next={}&back={}", in_query(local_path(page)), in_query(local_path(above))))
        .into_response()
}

/// Where a duty is done.
pub(crate) fn duty_page(duty: Duty) -> &'static str {
    match duty {
        Duty::ChangePassword => "/me/password",
        Duty::EnrolTotp => "/me/second-factor",
    }
}

fn to_log_in(request: &Request) -> Response {
    let back = match *request.method() {
        Method::GET => request.uri().path_and_query().map_or("/", |p| p.as_str()),
        _ => request.uri().path(),
    };
    match local_path(back) {
        "/" => Redirect::to("/login").into_response(),
        back => Redirect::to(&format!("/login?next={}", in_query(back))).into_response(),
    }
}

/// The page for an address that leads nowhere, whatever was asked. Of a page that may not be looked at the frame itself says so,
/// in the browser too; a form that may not be sent is asked of nowhere.
async fn nothing_here(site: &Site, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    if !matches!(parts.method, Method::GET | Method::HEAD) {
        parts.method = Method::GET;
        parts.uri = Uri::from_static("/nothing/here");
    }
    super::render(site, parts, || ()).await
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        // Only the guard makes one, so that a handler is never reached without a door.
        parts.extensions.get::<Self>().cloned().ok_or((StatusCode::UNAUTHORIZED, "Log in first.\n"))
    }
}

/// Who asks a loader, when they have what it needs. Every loader begins with it; there is no scope without.
pub(crate) fn asking(need: impl Into<Need>) -> Result<(Site, Asker), LoadError> {
    let Some(person) = person() else {
        super::answer_with(StatusCode::UNAUTHORIZED);
        return Err(LoadError::LoggedOut);
    };
    match person.admitted(need.into()) {
        Some(asker) => Ok((expect_context::<Site>(), asker)),
        None => {
            super::answer_with(StatusCode::NOT_FOUND);
            Err(LoadError::NotFound)
        }
    }
}

/// The person for whom a page is rendered.
pub(crate) fn person() -> Option<Person> {
    use_context::<Parts>()?.extensions.get::<Person>().cloned()
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
