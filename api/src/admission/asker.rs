//! Who asks.

use axum::extract::FromRequestParts;
use domain::{ApiTokenId, Permission, UserId};
use http::request::Parts;
use store::{Actor, Scope, tokens::TokenAccess};

use crate::answer::Problem;

/// A program whose token has the permission that the operation names. There is no other way to a scope.
#[derive(Clone, Debug)]
pub(crate) struct Asker(pub(super) TokenAccess);

impl Asker {
    /// Whose things it sees.
    pub(crate) fn scope(&self) -> Scope {
        self.0.access.scope()
    }

    /// Who it is in the audit log.
    pub(crate) fn actor(&self) -> Actor {
        self.0.actor()
    }

    /// Whose token it has.
    pub(crate) fn user(&self) -> UserId {
        self.0.access.user
    }

    pub(super) fn token(&self) -> ApiTokenId {
        self.0.token
    }

    /// True when it may know over which vendor a call went: whoever sees the vendors' gateways may.
    pub(crate) fn sees_routes(&self) -> bool {
        self.sees_costs() || (self.scope() == Scope::All && self.0.access.may(Permission::ViewGateways))
    }

    /// True when it may know what vendors cost.
    pub(crate) fn sees_costs(&self) -> bool {
        self.scope() == Scope::All && self.0.access.may(Permission::ViewCosts)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asker {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| Problem::unauthenticated(false))
    }
}
