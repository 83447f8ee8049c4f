//! What gateways' forms say of who calls.

super::catalogue! {
    /// Words of the identity part of gateways' forms.
    Identity, identity {
        title_in: "Who calls and who is called", "主叫与被叫识别";
        about_in: "Where its INVITEs have the numbers that are routed, billed and recorded.", "其 INVITE 中用于路由、计费和记录的号码所在位置。";
        caller_field: "Caller from", "主叫取自";
        caller_field_hint: "A call whose header is missing takes the number of From.", "若无该消息头，则取 From 的号码。";
        caller_from: "From: its number", "From 的号码";
        caller_remote_party_id: "Remote-Party-ID: its number", "Remote-Party-ID 的号码";
        caller_asserted_identity: "P-Asserted-Identity: its number", "P-Asserted-Identity 的号码";
        caller_display: "Display name of From", "From 的显示名";
        callee_field: "Called number from", "被叫取自";
        callee_field_hint: "The request line says where a call goes; To says what was dialled first.", "请求行表示呼叫去向；To 表示最初所拨号码。";
        callee_request_line: "Request line", "请求行 (Request-Line)";
        callee_to: "To: its number", "To 的号码";
        support_privacy: "Support Privacy", "支持 Privacy";
        support_privacy_hint: "What its callers ask for in the Privacy header counts on the way out. Off, the header ends here.", "其主叫在 Privacy 头中的要求对外呼生效。关闭时该头在此终止。";
        title_out: "Who calls", "主叫标识";
        about_out: "What calls to this gateway tell about their caller, and which further headers they carry.", "发往此网关的呼叫携带的主叫信息及其他消息头。";
        privacy: "Privacy", "隐私 (Privacy)";
        privacy_hint: "Whether the called party may learn the number. With id From is anonymous; a vendor still gets the number by an identity header.", "被叫是否可获知号码。选择 id 时 From 为匿名；供应商仍可从身份头得到号码。";
        privacy_system: "As the system: SS_SIP_USER_AGENT_PRIVACY", "同系统：SS_SIP_USER_AGENT_PRIVACY";
        privacy_none: "None: no Privacy header", "无：不带 Privacy 头";
        privacy_passthrough: "Passthrough: what the caller's side says", "透传：按主叫侧的要求";
        privacy_id: "Id: Privacy: id and an anonymous From", "Id：Privacy: id 且 From 匿名";
        asserted_identity: "Asserted identity (P-Asserted-Identity)", "声明身份 (P-Asserted-Identity)";
        asserted_identity_hint: "Only for vendors that keep a hidden number to themselves.", "仅用于会为隐藏号码保密的供应商。";
        preferred_identity: "Preferred identity (P-Preferred-Identity)", "首选身份 (P-Preferred-Identity)";
        preferred_identity_hint: "For vendors that verify the caller and assert the number themselves.", "用于自行核实并声明主叫号码的供应商。";
        header_none: "None: not sent", "无：不发送";
        header_passthrough: "Passthrough: as it came from a trunk", "透传：按中继送来的内容";
        header_caller: "Caller: the caller's number", "主叫：主叫号码";
        asserted_rules: "Caller dial plan of P-Asserted-Identity", "P-Asserted-Identity 主叫拨号规则";
        asserted_rules_hint: "Beginnings and what takes their place, like 0=+49, 00=+ or =+ for every number; the longest that fits counts once.", "号码开头及其替换，例如 0=+49、00=+，或 =+ 表示所有号码；匹配最长者生效一次。";
        peer_number: "Peer number information", "对端号码信息";
        peer_number_hint: "Where the gateway looks for the caller's number.", "网关从何处读取主叫号码。";
        peer_from: "From alone", "仅 From";
        peer_remote_party_id: "Remote-Party-ID, beside From", "Remote-Party-ID（与 From 并存）";
        peer_display: "Display name of From", "From 的显示名";
        local_domain: "Enable local domain name", "启用本地域名";
        local_domain_hint: "From carries the domain of SS_LOCAL_IP_DOMAIN in place of our address, if it is set.", "若已设置 SS_LOCAL_IP_DOMAIN，From 使用该域名代替本机地址。";
        user_phone: "Mark numbers user=phone", "标记 user=phone";
        user_phone_hint: "Telephone numbers in URIs are marked as such.", "在 URI 中标明电话号码。";
        custom_headers: "Custom headers", "自定义消息头";
        custom_headers_hint: "Every call carries them: one a line, like X-Carrier: 7, at most 10. What the switch writes itself cannot be set.", "每个呼叫都携带：每行一个，例如 X-Carrier: 7，最多 10 个。交换机自身写入的消息头不可设置。";
        passed_headers: "Headers passed on", "透传的消息头";
        passed_headers_hint: "Names of the caller's headers that go on, separated by commas or lines; * passes every extra header, empty none.", "透传的主叫侧消息头名称，以逗号或换行分隔；* 透传全部额外消息头，留空不透传。";
    }
}
