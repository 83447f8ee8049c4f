//! Tokens and permissions.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::Permission;
use http::{Extensions, HeaderMap, Method, header};
use serde_json::Value;

use super::{
    Asker,
    pace::{Buckets, Pace},
};
use crate::{answer::Problem, router::Api};

/// Guesses that an address has: a program with a wrong token gets it wrong each time.
const GUESSES: Pace = Pace { burst: 30, per_second: 1 };

/// What stands before every operation.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(super) api: Api,
    permissions: Arc<HashMap<(String, String), Permission>>,
    requests: Arc<Buckets<i64>>,
    guesses: Arc<Buckets<IpAddr>>,
}

impl Gate {
    /// For the operations of `document`.
    pub(crate) fn new(api: Api, document: &Value) -> Self {
        let requests = Arc::new(Buckets::new(api.pace));
        let permissions = Arc::new(permissions(document));
        Self { api, permissions, requests, guesses: Arc::new(Buckets::new(GUESSES)) }
    }

    /// What the operation that a request asks for needs; none when there is no such operation.
    fn permission(&self, request: &Request) -> Option<Permission> {
        let path = request.extensions().get::<MatchedPath>()?.as_str().to_owned();
        let method = if *request.method() == Method::HEAD { &Method::GET } else { request.method() };
        self.permissions.get(&(path, method.as_str().to_ascii_lowercase())).copied()
    }

    async fn asker(
        &self,
        headers: &HeaderMap,
        address: IpAddr,
        needed: Permission,
    ) -> Result<Asker, Problem> {
        let Some(key) = bearer(headers) else {
            return Err(Problem::unauthenticated(headers.contains_key(header::AUTHORIZATION)));
        };
        self.guesses.look(address).map_err(Problem::too_many)?;
        let Some(found) = store::tokens::find(&self.api.pool, key, address).await? else {
            // The last one that was free is answered as what it is.
            let _ = self.guesses.take(address);
            return Err(Problem::unauthenticated(true));
        };
        self.requests.take(found.token.0).map_err(Problem::too_many)?;
        if !found.access.may(needed) {
            return Err(Problem::forbidden(needed));
        }
        Ok(Asker(found))
    }
}

/// The permission of each operation, by path and method in small letters.
fn permissions(document: &Value) -> HashMap<(String, String), Permission> {
    let mut permissions = HashMap::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let named = operation["security"][0]["token"][0].as_str().and_then(|name| name.parse().ok());
            if let Some(permission) = named {
                permissions.insert((path.clone(), method.clone()), permission);
            }
        }
    }
    permissions
}

/// Lets a request in whose token has the permission that its operation names.
pub(crate) async fn admit(State(gate): State<Gate>, mut request: Request, next: Next) -> Response {
    // Without one there is nobody to ask for: the handlers that answer it need no asker, and all others refuse.
    if let Some(needed) = gate.permission(&request) {
        let address = address(request.extensions());
        match gate.asker(request.headers(), address, needed).await {
            Ok(asker) => request.extensions_mut().insert(asker),
            Err(problem) => return problem.into_response(),
        };
    }
    let writes = !request.method().is_safe();
    let response = next.run(request).await;
    if writes && response.status().is_success() {
        // The next call sees it.
        gate.api.switch.reload();
    }
    response
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (given.next(), given.next()) else { return None };
    let (scheme, key) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim()).filter(|key| !key.is_empty())
}

fn address(extensions: &Extensions) -> IpAddr {
    extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip().to_canonical())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (header::AUTHORIZATION, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_key_is_taken_from_one_bearer_header_and_nothing_else() {
        assert_eq!(bearer(&headers(&["Bearer tdm_x"])), Some("tdm_x"));
        assert_eq!(bearer(&headers(&["bearer  tdm_x "])), Some("tdm_x"));
        for wrong in
            [&["Basic dGRt"][..], &["tdm_x"], &["Bearer"], &["Bearer "], &["Bearer a", "Bearer b"], &[]]
        {
            assert_eq!(bearer(&headers(wrong)), None, "{wrong:?}");
        }
    }

    #[test]
    fn every_operation_names_exactly_one_permission() {
        let document = crate::document();
        let permissions = permissions(&document);
        let mut operations = 0;
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                operations += 1;
                assert!(permissions.contains_key(&(path.clone(), method.clone())), "{method} {path}");
                assert_eq!(operation["security"].as_array().unwrap().len(), 1, "{method} {path}");
                assert_eq!(operation["security"][0]["token"].as_array().unwrap().len(), 1, "{method} {path}");
            }
        }
        assert_eq!(operations, permissions.len());
    }
}
