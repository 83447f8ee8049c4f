//! What asks before something is deleted, and what is said when something was made, changed or deleted.

super::catalogue! {
    /// Words of what becomes of things.
    Outcomes, outcomes {
        account: "account", "账户";
        account_touches: "An account can be deleted only while no gateway uses it and nothing has ever moved its balance. To stop its calls, lock it instead.", "只有在没有网关使用且余额从未变动时才能删除账户。如需停止其呼叫，请改为锁定。";
        account_made: "Account “{}” was created.", "账户“{}”已创建。";
        account_saved: "Account “{}” was changed.", "账户“{}”已修改。";
        account_gone: "The account was deleted.", "账户已删除。";
        mapping_gateway_touches: "New calls from {} will be refused as those of an unknown source. Calls in progress go on, and call records keep the gateway's name.", "来自 {} 的新呼叫将按未知来源拒绝。进行中的通话不受影响，话单保留网关名称。";
        routing_gateway_touches: "New calls will no longer be sent to {}. Calls in progress go on, and call records keep the gateway's name.", "新呼叫将不再发往 {}。进行中的通话不受影响，话单保留网关名称。";
        rate_table: "rate table", "费率表";
        rate_table_touches: "All its rates are deleted with it. It can be deleted only while no account uses it. Call records keep the rates they were priced with.", "其全部费率将一并删除。只有在没有账户使用时才能删除。话单保留当时的计价费率。";
        rate_table_gone: "The rate table was deleted.", "费率表已删除。";
        rate_table_made: "Rate table “{}” was created. Add its rates.", "费率表“{}”已创建。请添加费率。";
        rate_table_saved: "Rate table “{}” was changed.", "费率表“{}”已修改。";
        rate: "rate", "费率";
        rate_touches: "Calls to these numbers will be priced by a shorter prefix of rate table {}, or refused when there is none.", "对这些号码的呼叫将按费率表 {} 中更短的前缀计价；若没有则拒绝。";
        rate_gone: "The rate was deleted.", "费率已删除。";
    }
}
