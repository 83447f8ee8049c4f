//! Vendors that challenge our INVITE (RFC 3261 §22.2, §22.3; decision 24).

use sip::{
    HeaderName, Message,
    digest::{Account, Asked, answer},
};

use super::{Call, ClientOf, Desk, Destination, Moment};

impl Call {
    /// The gateway being asked wants credentials: asks it again with them. `false` when there are none, or when it has refused
    /// them as often as it may.
    pub(super) fn answer_challenge(&mut self, desk: &mut Desk, now: Moment, response: &Message) -> bool {
        let Some(leg) = &mut self.callee else { return false };
        let Destination::Trunk(gateway) = &leg.tried.to else { return false };
        let Some(user) = &gateway.settings.user else { return false };
        let Some(password) = self.tables.password_of(gateway.id) else { return false };
        if leg.challenges >= leg.rules.challenges_answered {
            return false;
        }
        let (challenge, credentials) = match response.status() {
            Some(401) => (HeaderName::WwwAuthenticate, "Authorization"),
            _ => (HeaderName::ProxyAuthenticate, "Proxy-Authorization"),
        };
        let uri = leg.invite.uri.to_string();
        let asked = Asked { method: "INVITE", uri: &uri, body: &leg.invite.body };
        let account = Account { user: user.as_str(), password: password.expose() };
        let cnonce = format!("{:016x}", rand::random::<u64>());
        // Each challenge has a nonce of its own, which is used this once.
        let Ok(made) = answer(response.headers(challenge), account, &asked, 1, &cnonce) else { return false };
        let mut invite = leg.invite.clone();
        let (before, _) = response.cseq();
        sip::replace_header(&mut invite.headers, "CSeq", format!("{} INVITE", before + 1));
        sip::replace_header(&mut invite.headers, credentials, made.to_string());
        desk.clients.remove(&leg.client);
        let waits = Some(leg.rules.resend_waits.clone());
        leg.client = desk.endpoint.request_again_after(now.steady, leg.flow, (*invite).clone(), waits);
        desk.clients.insert(leg.client, ClientOf::Dial(self.id));
        leg.invite = invite;
        leg.challenges += 1;
        true
    }
}
