//! REGISTER as we send it (RFC 3261 §10.2).

use std::net::SocketAddr;
use std::time::Duration;

use domain::{
    ForeignPassword, Parameter, ParameterValues, RegisterPeriod, RegisterTransport, RegistrationSettings,
    SipHost,
};
use sip::rsip::{self, Headers, Request, Version};
use sip::{SipUri, make_header};

/// Everything that one registration of ours depends on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// What people set.
    pub settings: RegistrationSettings,
    /// The password; without one no challenge is answered.
    pub password: Option<ForeignPassword>,
    /// Seconds to ask for; none leaves it to the other server (`SS_SIP_USER_AGENT_EXPIRE`, Register period).
    pub expires: Option<u32>,
    /// How long to wait after a failure (`SS_SIP_USER_AGENT_RETRY_DELAY`).
    pub retry_delay: Duration,
    /// How often a challenge is answered (`SS_SIP_AUTHENTICATION_RETRY`).
    pub tries: u32,
    /// Whether it is cancelled when it goes (`SS_SIP_USER_AGENT_SEND_UNREGISTER`).
    pub cancels: bool,
    /// The value of a Privacy header (`SS_SIP_USER_AGENT_PRIVACY`).
    pub privacy: Option<&'static str>,
    /// Where we listen; our Contact, unless another one is set.
    pub address: SocketAddr,
}

impl Plan {
    /// By the system's parameters.
    pub fn of(
        settings: &RegistrationSettings,
        password: Option<&ForeignPassword>,
        values: &ParameterValues,
        address: SocketAddr,
    ) -> Self {
        Self {
            settings: settings.clone(),
            password: password.cloned(),
            expires: match settings.period {
                RegisterPeriod::Default => values.number(Parameter::SS_SIP_USER_AGENT_EXPIRE),
                RegisterPeriod::Auto => None,
                RegisterPeriod::Seconds(seconds) => Some(u32::from(seconds)),
            },
            retry_delay: values.seconds(Parameter::SS_SIP_USER_AGENT_RETRY_DELAY),
            tries: values.whole(Parameter::SS_SIP_AUTHENTICATION_RETRY),
            cancels: values.on(Parameter::SS_SIP_USER_AGENT_SEND_UNREGISTER),
            privacy: match values.text(Parameter::SS_SIP_USER_AGENT_PRIVACY) {
                "Id" => Some("id"),
                "None" => Some("none"),
                _ => None,
            },
            address,
        }
    }

    /// Where the messages go: to be located by RFC 3263.
    pub fn next_hop(&self) -> SipUri {
        let hop = self.settings.proxy.as_ref().unwrap_or(&self.settings.server);
        let mut uri = SipUri::sip("", &hop.host, hop.port);
        if self.settings.transport == RegisterTransport::Tcp {
            uri.params.set("transport", Some("tcp"));
        }
        uri
    }

    /// The domain that we register in.
    pub(super) fn server(&self) -> SipUri {
        let SipHost { host, port } = &self.settings.server;
        SipUri::sip("", host, *port)
    }

    fn contact(&self) -> SipUri {
        let own = SipHost { host: host_of(self.address), port: Some(self.address.port()) };
        let SipHost { host, port } = self.settings.contact.as_ref().unwrap_or(&own);
        let mut uri = SipUri::sip(self.settings.user.as_str(), host, port.or(own.port));
        if self.settings.transport == RegisterTransport::Tcp {
            uri.params.set("transport", Some("tcp"));
        }
        uri
    }

    /// Whether a contact in an answer is ours: servers write them in other words, and the user and the place are what is left.
    pub(super) fn is_ours(&self, contact: &SipUri) -> bool {
        let own = self.contact();
        contact.equivalent(&own)
            || contact.decoded_user() == own.decoded_user()
                && contact.host.eq_ignore_ascii_case(&own.host)
                && contact.effective_port() == own.effective_port()
    }

    /// The request. Via is the endpoint's to add.
    pub(super) fn request(
        &self,
        dialog: &Dialog,
        expires: u32,
        credentials: Option<(&str, &str)>,
    ) -> Request {
        let aor =
            SipUri::sip(self.settings.user.as_str(), &self.settings.server.host, self.settings.server.port);
        let mut headers = vec![
            make_header("Max-Forwards", "70"),
            make_header("From", format!("<{aor}>;tag={}", dialog.tag)),
            make_header("To", format!("<{aor}>")),
            make_header("Call-ID", dialog.call_id.as_str()),
            make_header("CSeq", format!("{} REGISTER", dialog.cseq)),
            // Both spellings: some servers read only one of them.
            make_header("Contact", format!("<{}>;expires={expires}", self.contact())),
            make_header("Expires", expires.to_string()),
        ];
        headers.extend(self.privacy.map(|word| make_header("Privacy", word)));
        headers.extend(credentials.map(|(name, value)| make_header(name, value)));
        Request {
            method: rsip::Method::Register,
            uri: self.server().to_rsip(),
            version: Version::V2,
            headers: Headers::from(headers),
            body: Vec::new(),
        }
    }
}

fn host_of(address: SocketAddr) -> String {
    match address {
        SocketAddr::V4(four) => four.ip().to_string(),
        SocketAddr::V6(six) => format!("[{}]", six.ip()),
    }
}

/// What all requests of one registration have in common: the same Call-ID and From tag from the first one to the cancellation.
#[derive(Clone, Debug)]
pub(super) struct Dialog {
    pub(super) call_id: String,
    pub(super) tag: String,
    pub(super) cseq: u32,
}
