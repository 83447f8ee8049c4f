//! A call in progress, for people to see (OPS-2).

use domain::{LiveCall, LiveState};

use super::{Call, stage::Stage};

impl Call {
    pub(crate) fn view(&self) -> LiveCall {
        let tried = self.callee.as_ref().map(|leg| &leg.tried);
        LiveCall {
            id: self.id,
            state: match self.stage {
                Stage::Dialling => LiveState::Dialling,
                Stage::Ringing => LiveState::Ringing,
                Stage::Confirming(_) | Stage::Talking => LiveState::Answered,
                Stage::Over => LiveState::Ending,
            },
            started_at: self.started.wall,
            answered_at: self.answered.map(|answered| answered.at),
            caller: self.numbers.caller_in.clone(),
            callee: self.numbers.callee_in.clone(),
            account: self.payer.account.id,
            account_name: self.payer.account.settings.name.to_string(),
            mapping_gateway: self.source.trunk(),
            mapping_gateway_name: self.source.name(),
            caller_phone: self.source.phone(),
            routing_gateway: tried.and_then(|t| t.to.trunk()),
            routing_gateway_name: tried.map(|t| t.to.name()),
            callee_phone: tried.and_then(|t| t.to.phone()),
            codec: self.talk.as_ref().and_then(|talk| talk.codec()),
            media: self.talk.as_ref().map(|talk| talk.counters()).unwrap_or_default(),
            held: self.payer.held(),
        }
    }
}
