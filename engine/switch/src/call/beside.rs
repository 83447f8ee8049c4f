//! The places of a phone that ring together (a parallel search, RFC 3261 §16.6): those that it likes equally well. One of them is the
//! call's callee leg, whichever was heard of last; the others stand beside it and come to its place when something happens to them.

use domain::EndReason;
use sip::ClientId;

use super::{Alarm, Call, ClientOf, Desk, Destination, Moment, leg::CalleeLeg};

/// Places that ring together.
const MOST: usize = 8;
/// What the others are told when one has answered: a phone does not count the call as missed (RFC 3326 §3.1).
const ELSEWHERE: &str = "SIP;cause=200;text=\"Call completed elsewhere\"";

impl Call {
    /// Rings the other places of the phone that has just been asked, as far as they are liked as well as that one. A place of the
    /// other version of IP is asked after them: sound has one way to a side.
    pub(super) fn ring_together(&mut self, desk: &mut Desk, now: Moment) {
        let first = self.last_tried.clone();
        while self.detours.is_empty() && self.beside.len() + 1 < MOST && self.next_rings_too() {
            let Some(target) = self.next_target() else { break };
            match self.dial(desk, now, &target) {
                Ok(leg) => self.beside.push(leg),
                Err(reason) => self.note_attempt(&target.to, now, None, None, reason),
            }
        }
        self.last_tried = first;
    }

    fn next_rings_too(&self) -> bool {
        let Some(leg) = &self.callee else { return false };
        match (&leg.tried.to, self.route.front()) {
            (Destination::Phone(phone, first), Some(Destination::Phone(next, target))) => {
                next.id() == phone.id()
                    && target.q == first.q
                    && target.flow.remote.is_ipv4() == leg.flow.remote.is_ipv4()
            }
            _ => false,
        }
    }

    /// Puts the leg of this transaction in the callee's place; `false` when it is none of the call's.
    pub(super) fn turn_to(&mut self, client: ClientId) -> bool {
        let Some(callee) = &mut self.callee else { return false };
        if callee.client == client {
            return true;
        }
        let Some(other) = self.beside.iter_mut().find(|leg| leg.client == client) else { return false };
        std::mem::swap(callee, other);
        std::mem::swap(&mut callee.line, &mut other.line);
        self.last_tried = Some(callee.tried.clone());
        true
    }

    /// The same for the leg in whose dialogs we have this tag.
    pub(super) fn turn_to_tag(&mut self, tag: Option<&str>) {
        let found = self.beside.iter().find(|leg| leg.tag() == tag).map(|leg| leg.client);
        if let Some(client) = found {
            self.turn_to(client);
        }
    }

    /// The callee's leg has failed: another place that rings takes its place. A decline for all (6xx, RFC 3261 §21.6) silences
    /// the others. `false` when nobody rings any more.
    pub(super) fn rings_on(
        &mut self,
        desk: &mut Desk,
        now: Moment,
        failed: &mut CalleeLeg,
        code: Option<u16>,
    ) -> bool {
        if code.is_some_and(|code| code >= 600) {
            self.silence(desk, now, None);
        }
        if self.beside.is_empty() {
            return false;
        }
        let mut next = self.beside.remove(0);
        next.line = failed.line.take();
        self.last_tried = Some(next.tried.clone());
        self.callee = Some(next);
        self.watch_attempts(desk);
        true
    }

    /// One has answered.
    pub(super) fn answered_elsewhere(&mut self, desk: &mut Desk, now: Moment) {
        self.silence(desk, now, Some(ELSEWHERE));
    }

    /// Takes the call back from all that ring beside the callee, and notes that for this reason.
    pub(super) fn abandon_beside(&mut self, desk: &mut Desk, now: Moment, reason: EndReason) {
        for leg in self.silence(desk, now, None) {
            self.note_attempt(&leg.tried.to, leg.started, leg.post_dial_delay_ms, None, reason);
        }
    }

    fn silence(&mut self, desk: &mut Desk, now: Moment, why: Option<&str>) -> Vec<CalleeLeg> {
        let silenced = std::mem::take(&mut self.beside);
        for leg in &silenced {
            if let Some(tag) = leg.tag() {
                desk.tags.remove(tag);
            }
            if let Some(of) = desk.clients.get_mut(&leg.client) {
                *of = ClientOf::GivenUp(leg.invite.clone(), leg.flow);
                desk.endpoint.cancel_with(now.steady, leg.client, why.map(str::to_owned));
            }
        }
        silenced
    }

    /// Sets the alarm for the first deadline of all that ring.
    pub(super) fn watch_attempts(&mut self, desk: &mut Desk) {
        let first = self.callee.iter().chain(&self.beside).map(|leg| leg.deadline).min();
        if let Some(at) = first {
            self.set_alarm(desk, at, Alarm::Attempt);
        }
    }

    /// Whose time is up.
    pub(super) fn overdue(&self, now: Moment) -> Option<ClientId> {
        let mut legs = self.callee.iter().chain(&self.beside);
        legs.find(|leg| leg.deadline <= now.steady).map(|leg| leg.client)
    }
}
