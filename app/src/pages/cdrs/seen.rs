//! What of a call may be told. The store leaves the vendor's side out for whoever is outside the administration; here it goes
//! for people inside whose role does not show it.

use domain::{Amounts, Cdr, CdrRow};

use crate::server::session::Asker;

/// Rows without what `asker` may not know.
pub(crate) fn leave_seen(asker: &Asker, mut rows: Vec<CdrRow>) -> Vec<CdrRow> {
    for row in &mut rows {
        if !asker.sees_routes() {
            row.routing_gateway = None;
            row.routing_gateway_name = None;
            row.vendor_account_name = None;
        }
        if !asker.sees_costs() {
            row.cost_currency = None;
            row.cost = None;
            row.profit = None;
        }
    }
    rows
}

/// Sums without what `asker` may not know.
pub(crate) fn leave_seen_amounts(asker: &Asker, amounts: &mut [Amounts]) {
    if !asker.sees_costs() {
        for sum in amounts {
            sum.cost = None;
            sum.profit = None;
        }
    }
}

/// A call without what `asker` may not know.
pub(super) fn leave_seen_of_one(asker: &Asker, call: Cdr) -> Cdr {
    let call = if asker.sees_costs() { call } else { Cdr { vendor: None, ..call } };
    if asker.sees_routes() {
        return call;
    }
    Cdr {
        routing_gateway: None,
        routing_gateway_name: None,
        caller_out: None,
        callee_out: None,
        destination: None,
        call_id_out: None,
        attempts: Vec::new(),
        ..call
    }
}
