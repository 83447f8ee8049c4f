//! Every loader, what it needs, and a question that it answers. Written by hand and apart from the code, so that a need that is
//! changed by mistake is noticed.

use domain::Permission::*;

use crate::access::Need::{self, Inside, LogIn, May, Own};

/// Path, need, and the query with the places of ids.
pub(super) const LOADERS: &[(&str, Need, &str)] = &[
    ("/load/account", May(ViewAccounts), "id={account}"),
    ("/load/accounts", May(ViewAccounts), "question[search]="),
    ("/load/agent", Inside(ViewAgents), "id={agent}"),
    ("/load/agents", May(ViewAgents), "question[search]="),
    ("/load/audit", Inside(ViewAudit), "question[person]="),
    ("/load/audit-chain", Inside(ViewAudit), ""),
    ("/load/calls", May(ViewCalls), ""),
    ("/load/capture-choices", Inside(ViewTrace), ""),
    ("/load/captures", Inside(ViewTrace), ""),
    ("/load/cdr", May(ViewCdrs), "id={call}"),
    ("/load/cdrs", May(ViewCdrs), "question[from]=2026-01-01"),
    ("/load/day", May(ViewDashboard), ""),
    ("/load/ledger", May(ViewAccounts), "account={account}"),
    ("/load/lockouts", Inside(ViewSecurity), ""),
    ("/load/listeners", Inside(ViewParameters), ""),
    ("/load/mapping-gateway", May(ViewGateways), "id={trunk}"),
    ("/load/mapping-gateways", May(ViewGateways), "question[search]="),
    ("/load/me", Own, ""),
    ("/load/online", Inside(ViewPhones), ""),
    ("/load/palette", Own, "text=e"),
    ("/load/parameter", Inside(ViewParameters), "name=SS_SIP_TIMEOUT_INVITE"),
    ("/load/parameter-changes", Inside(ViewParameters), ""),
    ("/load/parameters", Inside(ViewParameters), "place=Sip&question[search]="),
    ("/load/payer", Inside(PayAccounts), "id={account}"),
    ("/load/people", Inside(ManagePeople), "question[search]="),
    ("/load/person", Inside(ManagePeople), "id={person}"),
    ("/load/phone", May(ViewPhones), "id={phone}"),
    ("/load/phones", May(ViewPhones), "question[search]="),
    ("/load/rate", May(ViewRates), "table={table}&id={rate}"),
    ("/load/rate-table", May(ViewRates), "id={table}"),
    ("/load/rate-tables", May(ViewRates), "question[search]="),
    ("/load/rates", May(ViewRates), "id={table}&search="),
    ("/load/registration", Inside(ViewPhones), "id={registration}"),
    ("/load/registrations", Inside(ViewPhones), "question[search]="),
    ("/load/role", Inside(ManagePeople), "id=1"),
    ("/load/roles", Inside(ManagePeople), ""),
    ("/load/routing-gateway", Inside(ViewGateways), "id={vendor_trunk}"),
    ("/load/routing-gateways", Inside(ViewGateways), "question[search]="),
    ("/load/second-factor", LogIn, ""),
    ("/load/several", Inside(EditAccounts), "path=/business/accounts/several&ids={account}"),
    ("/load/status", May(ViewDashboard), ""),
    ("/load/tokens", May(ManageTokens), ""),
    ("/load/trace", Inside(ViewTrace), "question[address]="),
    ("/load/trace-ladder", Inside(ViewTrace), "question[call]={call}"),
];
