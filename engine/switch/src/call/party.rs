//! Who calls and who is called: trunks and phones.

use std::sync::Arc;

use domain::{
    AccountId, CalleeField, CallerField, IncomingIdentity, MappingGateway, MappingGatewayId, PhoneId,
    RoutingGateway, RoutingGatewayId,
};
use media::Family;
use registrar::{Line as Phone, Target};
use sip::Message;

use super::{identity::Caller, stage::Numbers};
use crate::{account, environment::Environment, rules::RuleBook, rules::Rules};

/// How phones say who they call, and what they ask for: as the RFCs have it.
static OF_PHONES: IncomingIdentity = IncomingIdentity {
    caller_field: CallerField::From,
    callee_field: CalleeField::RequestLine,
    support_privacy: true,
};

/// Who places a call.
#[derive(Clone)]
pub(crate) enum Source {
    /// A customer's trunk, known by its address.
    Trunk(Arc<MappingGateway>),
    /// A phone, known by its credentials or its fixed address.
    Phone(Arc<Phone>),
}

impl Source {
    pub(crate) fn trunk(&self) -> Option<MappingGatewayId> {
        match self {
            Self::Trunk(gateway) => Some(gateway.id),
            Self::Phone(_) => None,
        }
    }

    pub(crate) fn phone(&self) -> Option<PhoneId> {
        match self {
            Self::Trunk(_) => None,
            Self::Phone(phone) => Some(phone.id()),
        }
    }

    /// What people call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Trunk(gateway) => gateway.settings.name.to_string(),
            Self::Phone(phone) => phone.settings().number.to_string(),
        }
    }

    /// Where its INVITEs say who calls and who is called.
    pub(crate) fn identity(&self) -> &IncomingIdentity {
        match self {
            Self::Trunk(gateway) => &gateway.settings.identity,
            Self::Phone(_) => &OF_PHONES,
        }
    }

    /// What is known of who calls.
    pub(crate) fn caller<'a>(&'a self, invite: &'a Message, numbers: &'a Numbers) -> Caller<'a> {
        let (display, number) = (numbers.display.as_deref(), numbers.caller_out.as_str());
        Caller { invite, fields: self.identity(), is_trusted: self.trunk().is_some(), display, number }
    }

    /// Who pays.
    pub(crate) fn account(&self) -> AccountId {
        match self {
            Self::Trunk(gateway) => gateway.settings.account,
            Self::Phone(phone) => phone.settings().account,
        }
    }

    /// What its leg is subject to.
    pub(crate) fn rules(&self, book: &RuleBook) -> Arc<Rules> {
        match self {
            Self::Trunk(gateway) => book.of_caller(gateway.id),
            Self::Phone(phone) => book.of_phone(phone.id()),
        }
    }

    /// Takes one of its lines; `None` at its limit.
    pub(crate) fn line(&self, environment: &Environment) -> Option<account::Line> {
        match self {
            Self::Trunk(gateway) => environment.customer_lines.take(gateway.id, gateway.settings.max_calls),
            Self::Phone(phone) => environment.phone_lines.take(phone.id(), phone.settings().max_calls),
        }
    }

    /// The caller number to show, of the one that it wants to show: a trunk may show any, a phone only its own ones.
    pub(crate) fn shown(&self, wanted: &str) -> String {
        let Self::Phone(phone) = self else { return wanted.to_owned() };
        let settings = phone.settings();
        match settings.caller_ids.first() {
            None => settings.number.to_string(),
            Some(_) if settings.caller_ids.iter().any(|id| id.as_str() == wanted) => wanted.to_owned(),
            Some(first) => first.as_str().to_owned(),
        }
    }

    /// The display name to show, of the one in From.
    pub(crate) fn display(&self, wanted: Option<String>) -> Option<String> {
        match self {
            Self::Trunk(_) => wanted,
            Self::Phone(phone) => phone.settings().display_name.as_ref().map(ToString::to_string).or(wanted),
        }
    }
}

/// Who may take a call.
#[derive(Clone)]
pub(crate) enum Destination {
    /// A vendor's trunk.
    Trunk(Arc<RoutingGateway>),
    /// A phone, at one of its places.
    Phone(Arc<Phone>, Arc<Target>),
}

impl Destination {
    pub(crate) fn trunk(&self) -> Option<RoutingGatewayId> {
        match self {
            Self::Trunk(gateway) => Some(gateway.id),
            Self::Phone(..) => None,
        }
    }

    pub(crate) fn phone(&self) -> Option<PhoneId> {
        match self {
            Self::Trunk(_) => None,
            Self::Phone(phone, _) => Some(phone.id()),
        }
    }

    /// What people call it.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Trunk(gateway) => gateway.settings.name.to_string(),
            Self::Phone(phone, _) => phone.settings().number.to_string(),
        }
    }

    /// The version of IP by which it is reached, unless only its name is known.
    pub(crate) fn family(&self) -> Option<Family> {
        match self {
            Self::Trunk(gateway) => gateway.settings.address.literal().map(Family::from),
            Self::Phone(_, target) => Some(target.flow.remote.into()),
        }
    }

    /// The trunk.
    pub(crate) fn gateway(&self) -> Option<&Arc<RoutingGateway>> {
        match self {
            Self::Trunk(gateway) => Some(gateway),
            Self::Phone(..) => None,
        }
    }

    /// What its leg is subject to.
    pub(crate) fn rules(&self, book: &RuleBook) -> Arc<Rules> {
        match self {
            Self::Trunk(gateway) => book.of_callee(gateway.id),
            Self::Phone(phone, _) => book.of_phone(phone.id()),
        }
    }

    /// Takes one of its lines; `None` at its limit.
    pub(crate) fn line(&self, environment: &Environment) -> Option<account::Line> {
        match self {
            Self::Trunk(gateway) => environment.vendor_lines.take(gateway.id, gateway.settings.max_calls),
            Self::Phone(phone, _) => environment.phone_lines.take(phone.id(), phone.settings().max_calls),
        }
    }
}
