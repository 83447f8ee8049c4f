//! What the agents of the world do and hear.

use sip::{Dialog, Event, InviteSpec, Message, Method, ServerId, SipUri, build_invite};

use super::*;

impl World {
    /// The caller's INVITE to `number`.
    pub(crate) fn invite(&mut self, number: &str, body: Option<&str>) -> rsip::Request {
        self.invite_with(number, body, &[])
    }

    pub(crate) fn invite_with(
        &mut self,
        number: &str,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) -> rsip::Request {
        let invite = self.made_invite(CALLER, "4930123", number, body, headers);
        let now = self.now.steady;
        self.agent(CALLER).endpoint.request(now, flow(at(CALLER), at(SWITCH)), invite.clone());
        self.settle();
        invite
    }

    /// An INVITE of `user` at `from`, with an offer, not sent yet.
    pub(crate) fn invite_of(&mut self, from: &str, user: &str, number: &str) -> rsip::Request {
        self.made_invite(from, user, number, Some(SDP), &[])
    }

    fn made_invite(
        &mut self,
        from: &str,
        user: &str,
        number: &str,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) -> rsip::Request {
        build_invite(
            &mut self.agent(from).endpoint,
            &InviteSpec {
                uri: SipUri::sip(number, "127.0.0.1", Some(5060)),
                from_display: None,
                from_user: user.into(),
                from_host: from.into(),
                to_user: number.into(),
                to_host: SWITCH.into(),
                user_phone: false,
                contact: format!("<sip:{from}>"),
                max_forwards: 70,
                headers: headers
                    .iter()
                    .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                    .collect(),
                body: body.map(|body| ("application/sdp".into(), body.into())),
            },
        )
    }

    /// The last new request with this method that an agent got.
    pub(crate) fn asked(&mut self, address: &str, method: Method) -> (ServerId, Message) {
        let found = self.agent(address).events.iter().rev().find_map(|event| match event {
            Event::Request { server, message, .. } if message.method() == Some(&method) => {
                Some((*server, message.clone()))
            }
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{address} got no {method:?}"))
    }

    pub(crate) fn was_asked(&mut self, address: &str, method: Method) -> bool {
        self.agent(address)
            .events
            .iter()
            .any(|event| matches!(event, Event::Request { message, .. } if message.method() == Some(&method)))
    }

    /// An agent's response to a request.
    pub(crate) fn respond(
        &mut self,
        address: &str,
        request: &(ServerId, Message),
        code: u16,
        body: Option<&str>,
    ) {
        self.respond_with(address, request, code, body, &[]);
    }

    pub(crate) fn respond_with(
        &mut self,
        address: &str,
        (server, request): &(ServerId, Message),
        code: u16,
        body: Option<&str>,
        headers: &[(&str, &str)],
    ) {
        let now = self.now.steady;
        let agent = self.agent(address);
        let mut response = sip::reply(request, code, None, Some("agent"));
        response.headers.push(sip::make_header("Contact", format!("<sip:{address}>")));
        headers.iter().for_each(|(name, value)| response.headers.push(sip::make_header(name, *value)));
        if let Some(body) = body {
            response.headers.push(sip::make_header("Content-Type", "application/sdp"));
            response.body = body.into();
        }
        agent.endpoint.respond(now, *server, response);
        self.settle();
    }

    /// A response without a Contact of the agent's own.
    pub(crate) fn respond_plain(
        &mut self,
        address: &str,
        (server, request): &(ServerId, Message),
        code: u16,
        headers: &[(&str, &str)],
    ) {
        let now = self.now.steady;
        let mut response = sip::reply(request, code, None, Some("agent"));
        headers.iter().for_each(|(name, value)| response.headers.push(sip::make_header(name, *value)));
        self.agent(address).endpoint.respond(now, *server, response);
        self.settle();
    }

    /// How many requests with this method an agent got.
    pub(crate) fn count(&mut self, address: &str, method: Method) -> usize {
        let events = &self.agent(address).events;
        let asked = |event: &&Event| matches!(event, Event::Request { message, .. } if message.method() == Some(&method));
        events.iter().filter(asked).count()
    }

    /// The statuses of the responses that the caller got, in order.
    pub(crate) fn heard(&mut self, address: &str) -> Vec<u16> {
        let events = &self.agent(address).events;
        events
            .iter()
            .filter_map(|event| match event {
                Event::Response { message, .. } => message.status(),
                _ => None,
            })
            .collect()
    }

    /// The last response with this status that an agent got.
    pub(crate) fn response(&mut self, address: &str, status: u16) -> (sip::ClientId, Message) {
        let found = self.agent(address).events.iter().rev().find_map(|event| match event {
            Event::Response { client, message, .. } if message.status() == Some(status) => {
                Some((*client, message.clone()))
            }
            _ => None,
        });
        found.unwrap_or_else(|| panic!("{address} got no {status}"))
    }

    /// A call up to the caller's ACK. Gives both ends' dialogs.
    pub(crate) fn talk(&mut self) -> (Dialog, Dialog) {
        let invite = self.invite("442071234567", Some(SDP));
        let asked = self.asked(VENDOR, Method::Invite);
        self.respond(VENDOR, &asked, 180, None);
        self.respond(VENDOR, &asked, 200, Some(SDP));
        let caller = self.acknowledge(&invite);
        let callee =
            Dialog::uas(&asked.1, "agent", flow(at(VENDOR), at(SWITCH)), &format!("<sip:{VENDOR}>")).unwrap();
        (caller, callee)
    }

    /// The caller acknowledges the 200 that it got.
    pub(crate) fn acknowledge(&mut self, invite: &rsip::Request) -> Dialog {
        self.acknowledge_from(CALLER, invite)
    }

    pub(crate) fn acknowledge_from(&mut self, from: &str, invite: &rsip::Request) -> Dialog {
        let (client, answer) = self.response(from, 200);
        let flow = flow(at(from), at(SWITCH));
        let dialog = Dialog::uac(invite, &answer, flow).unwrap();
        let now = self.now.steady;
        self.agent(from).endpoint.acknowledge(now, client, flow, dialog.ack(1));
        self.settle();
        dialog
    }

    /// A request of an agent inside its dialog.
    pub(crate) fn request(
        &mut self,
        address: &str,
        dialog: &mut Dialog,
        method: rsip::Method,
        body: Option<&str>,
    ) -> sip::ClientId {
        let mut request = dialog.request(method);
        if let Some(body) = body {
            request.headers.push(sip::make_header("Content-Type", "application/sdp"));
            request.body = body.into();
        }
        let now = self.now.steady;
        let client = self.agent(address).endpoint.request(now, flow(at(address), at(SWITCH)), request);
        self.settle();
        client
    }

    /// The caller takes its INVITE back.
    pub(crate) fn cancel(&mut self) {
        let now = self.now.steady;
        let (client, _) = self.response(CALLER, 100);
        self.agent(CALLER).endpoint.cancel(now, client);
        self.settle();
    }

    /// Answers every BYE that has not been answered.
    pub(crate) fn accept_byes(&mut self) {
        self.accept_byes_at(&[CALLER, VENDOR, SECOND_VENDOR]);
    }

    pub(crate) fn accept_byes_at(&mut self, addresses: &[&str]) {
        for address in addresses {
            if self.was_asked(address, Method::Bye) {
                let bye = self.asked(address, Method::Bye);
                self.respond(address, &bye, 200, None);
            }
        }
    }
}
