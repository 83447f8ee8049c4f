//! Where else SIP is taken, as typed by a person.

use std::{fmt, net::SocketAddr, str::FromStr};

use switch::Transport;

/// One listener: `udp:[::]:5060`, `tcp:0.0.0.0:5060`, `tls:[::]:5061`, `ws:…`, `wss:…`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Listen {
    pub(crate) transport: Transport,
    pub(crate) address: SocketAddr,
}

impl FromStr for Listen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let form =
            || "write a transport and an address like tcp:0.0.0.0:5060 (udp, tcp, tls, ws or wss)".to_owned();
        let (transport, address) = text.trim().split_once(':').ok_or_else(form)?;
        let transport = match transport.to_ascii_lowercase().as_str() {
            "udp" => Transport::Udp,
            "tcp" => Transport::Tcp,
            "tls" => Transport::Tls,
            "ws" => Transport::Ws,
            "wss" => Transport::Wss,
            _ => return Err(form()),
        };
        Ok(Self { transport, address: address.parse().map_err(|_| form())? })
    }
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.transport.as_str().to_ascii_lowercase(), self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_a_transport_and_an_address() {
        for text in
            ["udp:[::]:5060", "tcp:0.0.0.0:5060", "tls:[::1]:5061", "ws:127.0.0.1:80", "wss:192.0.2.1:443"]
        {
            assert_eq!(text.parse::<Listen>().unwrap().to_string(), text);
        }
        for text in ["", "tcp", "tcp:5060", "sctp:0.0.0.0:5060", "0.0.0.0:5060"] {
            assert!(text.parse::<Listen>().is_err(), "{text}");
        }
    }
}
