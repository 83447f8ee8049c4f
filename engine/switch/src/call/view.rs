//! A call in progress, for people to see (OPS-2).

use domain::{CallId, LiveCall, LiveState};

use super::{Call, stage::Stage};

impl Call {
    /// One view for each way, as there will be records: whoever pays for a way sees it.
    pub(crate) fn views(&self) -> impl Iterator<Item = LiveCall> {
        (0..=self.diversions.len()).map(|way| self.view(way))
    }

    /// Whether a way of it has this key.
    pub(crate) fn has_way(&self, id: CallId) -> bool {
        self.diversions.iter().any(|diversion| diversion.id == id)
    }

    /// One way: from who called, or from the phone that sent the call on, to the next such phone or the end.
    fn view(&self, way: usize) -> LiveCall {
        let from = way.checked_sub(1).and_then(|before| self.diversions.get(before));
        let onward = self.diversions.get(way).map(|diversion| &diversion.phone);
        let tried = self.callee.as_ref().map(|leg| &leg.tried).filter(|_| onward.is_none());
        let payer = from.map_or(&self.payer, |diversion| &diversion.payer);
        let number = |phone: &registrar::Line| phone.settings().number.to_string();
        LiveCall {
            id: from.map_or(self.id, |diversion| diversion.id),
            state: match self.stage {
                Stage::Dialling => LiveState::Dialling,
                Stage::Ringing => LiveState::Ringing,
                Stage::Confirming(_) | Stage::Talking => LiveState::Answered,
                Stage::Over => LiveState::Ending,
            },
            started_at: from.map_or(self.started.wall, |from| self.started.wall_at(from.at.steady)),
            answered_at: self.answered.map(|answered| answered.at),
            caller: self.numbers.caller_in.clone(),
            callee: from.map_or(&self.numbers.callee_in, |from| &from.number).clone(),
            account: payer.account.id,
            account_name: payer.account.settings.name.to_string(),
            mapping_gateway: self.source.trunk().filter(|_| from.is_none()),
            mapping_gateway_name: from.map_or_else(|| self.source.name(), |from| number(&from.phone)),
            caller_phone: from.map_or_else(|| self.source.phone(), |from| Some(from.phone.id())),
            routing_gateway: tried.and_then(|t| t.to.trunk()),
            routing_gateway_name: onward.map(|phone| number(phone)).or_else(|| tried.map(|t| t.to.name())),
            callee_phone: onward.map(|phone| phone.id()).or_else(|| tried.and_then(|t| t.to.phone())),
            codec: self.talk.as_ref().and_then(|talk| talk.codec()),
            media: self.talk.as_ref().map(|talk| talk.counters()).unwrap_or_default(),
            held: payer.held(),
        }
    }
}
