//! What stands around every page: menu, top bar, palette, shortcuts.

super::catalogue! {
    /// Words of the frame.
    Frame, frame {
        tandem: "Tandem", "Tandem";
        skip: "Skip to the content", "跳到内容";
        main_menu: "Main", "主菜单";
        menu: "Menu", "菜单";
        place_and_person: "Place and person", "位置与用户";
        breadcrumbs: "Breadcrumbs", "路径";
        logged_in_as: "Logged in as", "当前用户";
        log_out: "Log out", "退出";
        light_or_dark: "Change between light and dark", "切换浅色与深色";
        look: "Look", "外观";
        density: "Density", "行距";
        comfortable: "Comfortable", "宽松";
        compact: "Compact", "紧凑";
        times: "Times", "时间";
        times_local: "In the browser's zone", "浏览器时区";
        times_utc: "In UTC", "UTC 时间";
        language: "Language", "语言";
        operation: "Operation", "运营";
        business: "Business", "业务";
        analysis: "CDR & analysis", "话单与分析";
        dashboard: "Dashboard", "仪表盘";
        mapping_gateways: "Mapping gateways", "对接网关";
        routing_gateways: "Routing gateways", "落地网关";
        current_calls: "Current calls", "当前通话";
        accounts: "Accounts", "账户";
        rate_tables: "Rate tables", "费率表";
        rates: "Rates", "费率";
        agents: "Agents", "代理商";
        people: "People", "用户";
        roles: "Roles", "角色";
        lockouts: "Lock-outs", "登录锁定";
        me: "You", "我的账号";
        password: "Password", "密码";
        second_factor: "Second factor", "双重验证";
        tokens: "API tokens", "API 令牌";
        again: "Is it you?", "身份确认";
        remove: "Remove", "移除";
        system: "System", "系统";
        sip_parameters: "SIP parameters", "SIP 参数";
        system_parameters: "System parameters", "系统参数";
        server_parameters: "Server parameters", "服务器参数";
        parameter_changes: "Changes of parameters", "参数变更";
        reset: "Reset", "重置";
        audit: "Audit", "审计";
        listeners: "Listeners", "监听与传输";
        chain: "Chain", "链";
        call_records: "Call records", "话单";
        search: "Search", "搜索";
        styleguide: "Styleguide", "Styleguide";
        new: "New", "新建";
        edit: "Edit", "编辑";
        delete: "Delete", "删除";
        payment: "Payment", "付款";
        several: "Several", "批量";
        find: "Find a page, an account, a gateway or a number", "查找页面、账户、网关或号码";
        find_short: "Find …", "查找…";
        results: "Results", "结果";
        nothing_found: "Nothing found", "没有结果";
        searching: "Searching …", "正在搜索…";
        page: "Page", "页面";
        calls_to: "Calls to {}", "被叫 {} 的话单";
        calls_from: "Calls from {}", "主叫 {} 的话单";
        choose_keys: "↑ ↓ to choose, Enter to open, Esc to close", "↑ ↓ 选择，Enter 打开，Esc 关闭";
        shortcuts: "Keyboard shortcuts", "键盘快捷键";
        shortcut_find: "Find anything", "查找任何内容";
        shortcut_search: "Search in this list", "在列表中搜索";
        shortcut_help: "Show these shortcuts", "显示快捷键";
        shortcut_close: "Close what is open", "关闭当前窗口";
        shortcut_then: "then", "然后";
        close: "Close", "关闭";
        loading_page: "The page is being loaded", "页面加载中";
    }
}
