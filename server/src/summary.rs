//! What a person is told when everything runs.

use std::net::SocketAddr;

use domain::ListenerView;

use crate::{
    administrator::{NAME, Password},
    portal_files::PortalFiles,
    progress::Progress,
};

/// Prints where portal and SIP are and how to log in.
pub(crate) fn print(
    progress: Progress,
    http: SocketAddr,
    listeners: &[ListenerView],
    password: &Password,
    files: &PortalFiles,
) {
    if !files.complete {
        progress.say(format_args!(
            "the portal's files are missing in {}: pages work, but without their look and their live parts (cargo xtask portal \
             makes them)",
            files.directory.display()
        ));
    }
    progress.say("");
    progress.say(format_args!("  Portal    http://{}/", reachable(http)));
    for listener in listeners {
        progress.say(format_args!("  SIP       {} ({})", listener.bound, listener.transport));
    }
    progress.say(match password {
        Password::Generated(password) => format!("  Log in    {NAME} / {password}   (shown only this once)"),
        Password::Given => format!("  Log in    {NAME} / the password you gave"),
        Password::Unchanged => {
            format!(
                "  Log in    {NAME} / the password as it was (tandem user password {NAME} sets a new one)"
            )
        }
    });
    progress.say("");
    progress.say("running; Ctrl-C stops");
}

/// An address that a browser takes: "all addresses" is none.
fn reachable(address: SocketAddr) -> String {
    match address.ip().is_unspecified() {
        true => format!("127.0.0.1:{}", address.port()),
        false => address.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_is_named_by_an_address_that_a_browser_takes() {
        assert_eq!(reachable("0.0.0.0:8080".parse().unwrap()), "127.0.0.1:8080");
        assert_eq!(reachable("[::1]:8080".parse().unwrap()), "[::1]:8080");
    }
}
