//! What the first page of a reseller or a customer says.

super::catalogue! {
    /// Words of the first page.
    Home, home {
        welcome: "Welcome", "欢迎";
        welcome_about: "What you may see stands in the menu.", "您可查看的内容见菜单。";
        talked: "Talked", "通话时长";
        charged: "Charged", "已计费";
        recent: "Your last calls", "最近通话";
        customers: "Your customers", "您的客户";
        no_customer: "No customer yet", "还没有客户";
        no_customer_text: "The operator adds the customers that you bring.", "您带来的客户由运营商添加。";
        all_customers: "All {} customers", "全部 {} 个客户";
        calls_today: "Calls today", "今日呼叫";
        trunks: "Your trunks", "您的中继";
        lines_now: "Lines now", "当前线路";
        phones: "Your phones", "您的话机";
        payments: "Last payments", "最近付款";
        no_payment: "Nothing has been paid yet.", "还没有付款记录。";
        prices: "What calls cost", "通话价格";
        no_price: "No rate table is set for you: ask the operator.", "尚未为您设置费率表：请联系运营商。";
        rates_in: "{} rates, {} a minute", "{} 条费率，{} 每分钟";
        price_of: "Beginning of a number, or a destination", "号码开头或目的地";
    }
}
