//! What everybody has of their own: password, second factor, sessions, tokens.

mod overview;
mod password;
#[cfg(feature = "ssr")]
mod qr;
mod second_factor;
mod tokens;

pub(crate) use overview::{Me, SessionTable};
pub(crate) use password::ChangePassword;
pub(crate) use second_factor::{RemoveSecondFactor, SecondFactor};
pub(crate) use tokens::{NewToken, Tokens};

#[cfg(feature = "ssr")]
pub(crate) use {
    overview::server::{Ending, end_sessions},
    password::change,
    second_factor::server::{remove, renew, set_up},
    tokens::server::{create as create_token, revoke as revoke_token},
};

pub(crate) const PAGE: &str = "/me";
