//! Permissions and why calls end, in the language of the page. The domain names them in English, for programs too.

use domain::{Area, EndReason, Permission};

use super::{Language, language};

/// The heading of an area of permissions.
pub(crate) fn area(area: Area) -> &'static str {
    match (language(), area) {
        (Language::English, area) => area.label(),
        (_, Area::Operation) => "运营",
        (_, Area::Numbers) => "号码",
        (_, Area::Business) => "业务",
        (_, Area::Calls) => "话单与分析",
        (_, Area::Security) => "安全",
        (_, Area::Tools) => "工具",
        (_, Area::System) => "系统",
    }
}

/// A permission in a few words, and in a sentence.
pub(crate) fn permission(permission: Permission) -> (&'static str, &'static str) {
    use Permission::*;

    if language() == Language::English {
        return (permission.label(), permission.sentence());
    }
    match permission {
        ViewDashboard => ("仪表盘", "查看当日话务的仪表盘。"),
        ViewCalls => ("当前呼叫", "查看正在进行的呼叫。"),
        EndCalls => ("结束呼叫", "结束正在进行的呼叫。"),
        ViewGateways => ("网关", "查看对接网关和落地网关及其是否可达。"),
        EditGateways => ("编辑网关", "添加、修改和删除网关。"),
        ViewPhones => ("话机", "查看话机、域和注册。"),
        EditPhones => ("编辑话机", "添加、修改和删除话机与域，并结束注册。"),
        ViewNumbers => ("号码列表", "查看拨号规则、号码列表和主叫号码池。"),
        EditNumbers => ("编辑号码列表", "修改拨号规则、号码列表和主叫号码池。"),
        ViewAccounts => ("账户", "查看账户及其余额和账目。"),
        EditAccounts => ("编辑账户", "添加、修改、锁定和删除账户。"),
        PayAccounts => ("登记付款", "为账户登记付款和更正。"),
        ViewAgents => ("代理商", "查看代理商及其名下账户。"),
        EditAgents => ("编辑代理商", "添加、修改和删除代理商。"),
        ViewRates => ("费率表", "查看费率表和套餐。"),
        EditRates => ("编辑费率表", "修改、导入和删除费率与套餐。"),
        ViewInvoices => ("账单", "查看和下载账单。"),
        EditInvoices => ("开具账单", "开具、发送和取消账单。"),
        ViewCdrs => ("话单", "查询已结束呼叫的话单。"),
        ExportCdrs => ("导出话单", "将话单下载为文件。"),
        ViewReports => ("报表", "查看已结束呼叫的报表和图表。"),
        ViewCosts => ("成本与利润", "查看供应商成本、利润以及呼叫所走的路由。"),
        ViewSecurity => ("安全", "查看被封锁的来源、名单和被锁定的登录。"),
        EditSecurity => ("编辑安全", "封锁和解除来源、名单及被锁定的登录。"),
        UseTools => ("分析", "使用路由分析、计费模拟和网络测试。"),
        ViewTrace => ("信令跟踪", "查看呼叫的 SIP 消息及其中的号码。"),
        ViewParameters => ("参数", "查看交换机的参数。"),
        EditParameters => ("编辑参数", "修改交换机的参数。"),
        ViewSystem => ("监控与告警", "查看机器状态及其告警。"),
        EditSystem => ("编辑告警", "修改和确认告警。"),
        ManagePeople => ("用户与角色", "添加、修改和删除用户与角色，并结束其会话。"),
        ViewAudit => ("审计日志", "查看何人修改了什么，并验证记录未被篡改。"),
        ManageTokens => ("API 令牌", "创建和撤销自己的 REST API 令牌。"),
    }
}

/// Why a call ended, in a sentence.
pub(crate) fn end_reason(reason: EndReason) -> &'static str {
    use EndReason::*;

    if language() == Language::English {
        return reason.explanation();
    }
    match reason {
        NormalClearing => "一方挂机。",
        CallerCancelled => "主叫在接通前放弃。",
        CalleeRejected => "被叫方拒绝；已传递其原始代码。",
        CalleeBusy => "被叫忙。",
        InvalidNumber => "被叫号码为空或不是号码。",
        NoAvailableRouter => "没有落地网关的前缀与此号码匹配。",
        AllGatewayBusy => "所有匹配的落地网关均已达到线路上限。",
        GatewayTimeout => "最后尝试的网关没有任何应答。",
        GatewayUnreachable => "无法连接最后尝试的网关。",
        InviteTimeout => "最后尝试的网关未能及时完成呼叫建立。",
        TryingTimeout => "最后尝试的网关接受了呼叫，但之后没有进展。",
        ProgressTimeout => "最后尝试的网关报告了进展，但之后没有下文。",
        EarlyMediaTimeout => "最后尝试的网关播放了早期媒体，但始终没有接通。",
        NoAnswer => "振铃后无人接听。",
        AccountBalanceNotEnough => "可用余额不足以支付此呼叫。",
        AccountLocked => "账户已被锁定。",
        MappingGatewayBusy => "对接网关已达到线路上限。",
        PhoneLinesBusy => "主叫话机已达到线路上限。",
        PhoneOffline => "被叫话机未注册。",
        DivertedTooOften => "话机转移呼叫次数过多，或形成循环。",
        DoNotDisturb => "被叫话机已设为免打扰。",
        NoRate => "账户的费率表中没有此号码的费率。",
        MediaRefused => "媒体描述不可用。",
        NoMediaPort => "没有空闲的媒体端口。",
        CapacityLimit => "交换机已达到容量上限。",
        TooManyHops => "Max-Forwards 已减至零。",
        HungUpByOperator => "操作员结束了呼叫。",
        MaxDurationReached => "呼叫达到最长时限。",
        SessionIntervalTooSmall => "主叫请求的会话间隔短于允许值。",
        SessionExpired => "会话未及时刷新：一方已消失。",
        NonTimerLimitReached => "主叫不支持会话定时器，已达到此类呼叫的最长时限。",
        AckMissing => "接通应答始终未得到确认。",
        SignallingLost => "一方已不认识此呼叫。",
        SwitchStopped => "交换机已停止。",
        SwitchRestarted => "交换机意外终止；呼叫在最后检查点关闭。",
        InternalError => "交换机未能处理此呼叫。",
    }
}
