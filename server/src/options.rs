//! Flags and environment variables: each setting is both.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Args, Parser, Subcommand};
use domain::{CallId, Prefix};

use crate::listen::Listen;

/// A class 4 softswitch with billing: one process, one state directory.
#[derive(Parser, Debug)]
#[command(name = "tandem", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) serve: Serve,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Place {
    /// Directory of everything that is kept; deleting it is a clean start
    #[arg(long, global = true, env = "TANDEM_STATE", value_name = "DIR", default_value = "./state")]
    pub(crate) state: PathBuf,
    /// A Postgres (15 or newer) of your own instead of the private one
    #[arg(long, global = true, env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run the switch and the portal (the default)
    Serve(Box<Serve>),
    /// Bring the database up to date and end
    Migrate,
    /// Take up a configuration file: creates and changes by name, never deletes
    Apply(Apply),
    /// Print the configuration as a file that `apply` takes
    Export,
    /// Print a call record with its price arithmetic
    Cdr(CdrQuestion),
    /// People who log in to the portal
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// The record of who changed what
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// The books
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
}

/// Settings of a running switch.
#[derive(Args, Clone, Debug)]
pub(crate) struct Serve {
    /// Address of the portal
    #[arg(long, env = "TANDEM_HTTP", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub(crate) http: SocketAddr,
    /// Address of SIP over UDP
    #[arg(long, env = "TANDEM_SIP", value_name = "ADDRESS:PORT", default_value = "0.0.0.0:5060")]
    pub(crate) sip: SocketAddr,
    /// Further addresses of SIP, separated by commas, like tcp:0.0.0.0:5060,tls:0.0.0.0:5061,udp:[::]:5060;
    /// by default TCP on the address of --sip; the word none for none
    #[arg(long, env = "TANDEM_SIP_LISTEN", value_name = "LISTENERS", value_parser = listeners)]
    pub(crate) sip_listen: Option<Listeners>,
    /// Certificate for TLS with its chain, PEM; by default a self-signed one is made in the state directory
    #[arg(long, env = "TANDEM_TLS_CERTIFICATE", value_name = "FILE", requires = "tls_key")]
    pub(crate) tls_certificate: Option<PathBuf>,
    /// Its key, PEM
    #[arg(long, env = "TANDEM_TLS_KEY", value_name = "FILE", requires = "tls_certificate")]
    pub(crate) tls_key: Option<PathBuf>,
    /// Authorities, PEM, that must have signed the certificates of gateways; by default any certificate is taken
    #[arg(long, env = "TANDEM_TLS_AUTHORITIES", value_name = "FILE")]
    pub(crate) tls_authorities: Option<PathBuf>,
    /// UDP ports for media, first-last
    #[arg(long, env = "TANDEM_RTP_PORTS", value_name = "FIRST-LAST", default_value = "20000-29999", value_parser = port_range)]
    pub(crate) rtp_ports: switch::PortRange,
    /// Address written into Contact and SDP; by default the one SIP listens on, or that of the default route
    #[arg(long, env = "TANDEM_ADVERTISE", value_name = "ADDRESS")]
    pub(crate) advertise: Option<IpAddr>,
    /// Password of the administrator `admin`, used once, when the account is made; generated and printed when absent
    #[arg(long, env = "TANDEM_ADMIN_PASSWORD", value_name = "PASSWORD", hide_env_values = true)]
    pub(crate) admin_password: Option<String>,
    /// Load the demo configuration when the database has none
    #[arg(long, env = "TANDEM_DEMO")]
    pub(crate) demo: bool,
    /// Directory of the portal's files; by default `site` beside the program or beside its target directory's profile
    #[arg(long, env = "TANDEM_SITE", value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
    /// The portal is reached through HTTPS: mark its cookie Secure
    #[arg(long, env = "TANDEM_SECURE_COOKIES")]
    pub(crate) secure_cookies: bool,
    /// Let webhooks post to loopback, private and link-local addresses, which are refused otherwise
    #[arg(long, env = "TANDEM_WEBHOOKS_TO_PRIVATE_ADDRESSES")]
    pub(crate) webhooks_to_private_addresses: bool,
    /// Authorities, PEM, that must have signed the certificates of webhooks' receivers; by default those of the system
    #[arg(long, env = "TANDEM_WEBHOOK_AUTHORITIES", value_name = "FILE")]
    pub(crate) webhook_authorities: Option<PathBuf>,
    /// Signalling threads; by default one per core
    #[arg(long, env = "TANDEM_SHARDS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) shards: Option<u16>,
    /// Media threads; by default one per core
    #[arg(long, env = "TANDEM_MEDIA_WORKERS", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) media_workers: Option<u16>,
}

/// Where SIP is taken over connections.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Listeners(pub(crate) Vec<Listen>);

fn listeners(text: &str) -> Result<Listeners, String> {
    if text.trim() == "none" {
        return Ok(Listeners(Vec::new()));
    }
    text.split(',').map(str::parse).collect::<Result<_, _>>().map(Listeners)
}

/// A document to take up.
#[derive(Args, Debug)]
pub(crate) struct Apply {
    /// The file, or - for standard input
    pub(crate) file: PathBuf,
    /// Check and print the changes without making them
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Which call record.
#[derive(Args, Debug)]
pub(crate) struct CdrQuestion {
    /// The call's number, as the portal shows it
    #[arg(required_unless_present = "last", conflicts_with = "last")]
    pub(crate) id: Option<CallId>,
    /// The newest one
    #[arg(long)]
    pub(crate) last: bool,
    /// With --last: only calls from this moment on, like 2026-11-21T10:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) since: Option<chrono::DateTime<chrono::Utc>>,
    /// With --last: only calls of numbers with this beginning
    #[arg(long, value_name = "PREFIX")]
    pub(crate) callee: Option<Prefix>,
    /// With --last: how many seconds to wait for one to arrive
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    pub(crate) wait: u32,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// People.
#[derive(Subcommand, Debug)]
pub(crate) enum UserCommand {
    /// Set a password, end the sessions of that user and any lock-out; without TANDEM_NEW_PASSWORD one is generated and printed
    Password {
        /// The log-in name
        name: String,
        /// The new password, 10 characters or more and not easily guessed
        #[arg(long, env = "TANDEM_NEW_PASSWORD", hide_env_values = true)]
        new_password: Option<String>,
    },
    /// Make a token for the REST API, which is printed once
    Token {
        /// The log-in name of its owner
        name: String,
        /// What it is for
        purpose: String,
        /// What it may do, like ViewCdrs,EndCalls; all that the owner may when left out
        #[arg(long, value_delimiter = ',', value_name = "PERMISSION")]
        may: Vec<domain::Permission>,
        /// Days until it ends
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
    },
}

/// The record of who changed what.
#[derive(Subcommand, Debug)]
pub(crate) enum AuditCommand {
    /// Check that nobody has altered it; exit code 1 and the number of the line when somebody has
    Verify,
}

/// The books.
#[derive(Subcommand, Debug)]
pub(crate) enum LedgerCommand {
    /// Compare the ledger with the balances and with the call records; exit code 1 when they differ
    Check,
}

fn port_range(text: &str) -> Result<switch::PortRange, String> {
    let form = || "write two ports like 20000-29999".to_owned();
    let (first, last) = text.split_once('-').ok_or_else(form)?;
    let number = |port: &str| port.trim().parse::<u16>().map_err(|_| form());
    let range = switch::PortRange { first: number(first)?, last: number(last)? };
    // One call takes two pairs: the RTP port and the RTCP port towards each side.
    if range.first < 1024 || range.last < range.first.saturating_add(3) {
        return Err("the range must begin at 1024 or above and hold at least 4 ports".to_owned());
    }
    Ok(range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_command_the_flags_are_those_of_serve() {
        let options = Options::try_parse_from(["tandem", "--http", "127.0.0.1:9", "--state", "/x"]).unwrap();
        assert!(options.command.is_none());
        assert_eq!(options.serve.http.port(), 9);
        assert_eq!(options.place.state, PathBuf::from("/x"));
    }

    #[test]
    fn the_place_is_given_after_any_command() {
        let options =
            Options::try_parse_from(["tandem", "apply", "f.toml", "--dry-run", "--state", "/x"]).unwrap();
        assert_eq!(options.place.state, PathBuf::from("/x"));
        assert!(matches!(options.command, Some(Command::Apply(Apply { dry_run: true, .. }))));
    }

    #[test]
    fn listeners_are_a_list_or_none() {
        assert_eq!(listeners("none"), Ok(Listeners(Vec::new())));
        assert_eq!(listeners("tcp:127.0.0.1:5060, tls:[::]:5061").map(|all| all.0.len()), Ok(2));
        assert!(listeners("").is_err() && listeners("tcp:127.0.0.1:5060,").is_err());
    }

    #[test]
    fn a_port_range_that_holds_no_call_is_refused() {
        for text in ["20000", "20000-20001", "30000-20000", "80-90", "20000-70000", "a-b", ""] {
            assert!(port_range(text).is_err(), "{text}");
        }
        assert_eq!(port_range("20000-20003"), Ok(switch::PortRange { first: 20000, last: 20003 }));
    }

    #[test]
    fn a_record_is_asked_for_by_number_or_as_the_last() {
        assert!(Options::try_parse_from(["tandem", "cdr"]).is_err());
        assert!(Options::try_parse_from(["tandem", "cdr", "--last", "--wait", "5"]).is_ok());
        assert!(Options::try_parse_from(["tandem", "cdr", "0199d5a0-0000-7000-8000-000000000001"]).is_ok());
    }
}
