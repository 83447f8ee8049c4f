//! What the pages of webhooks say.

super::catalogue! {
    /// Words of webhooks.
    Webhooks, webhooks {
        about: "Servers of others that are told what happens here, signed and over HTTP.", "通过 HTTP 将事件以签名形式推送至外部服务器。";
        one_about: "A server that is told of events by a signed POST.", "以签名 POST 接收事件的服务器。";
        new: "New webhook", "新建 Webhook 接收端";
        none: "No webhook yet", "还没有 Webhook 接收端";
        none_text: "A webhook tells another program when a gateway, a phone or a registration comes or goes. ", "当网关、话机或注册上线、离线时，Webhook 会通知其他程序。";
        in_text: "webhook", "Webhook 接收端";
        url: "Posted to", "推送地址";
        url_hint: "An address like https://example.com/events. Private addresses are refused unless the switch was started to allow them.", "形如 https://example.com/events。私有地址默认拒绝，除非启动时允许。";
        secret: "Secret", "密钥";
        secret_hint: "16 to 128 characters, or whsec_ and a key in base 64. Empty keeps the present one, which nobody can read.", "16 至 128 个字符，或 whsec_ 加 base64 密钥。留空保留现有密钥；现有密钥无法查看。";
        secret_hint_new: "16 to 128 characters, or whsec_ and a key in base 64. The receiver verifies signatures with it.", "16 至 128 个字符，或 whsec_ 加 base64 密钥。接收端用它验证签名。";
        enabled_hint: "Off lets what happens pass by; what waits already stays.", "关闭后新事件不再推送；已在等待的保留。";
        events: "Events", "事件";
        phone_online: "A phone comes online", "话机上线";
        phone_offline: "A phone goes offline", "话机离线";
        gateway_online: "A routing gateway answers again", "落地网关恢复应答";
        gateway_offline: "A routing gateway does not answer any more", "落地网关不再应答";
        registration_up: "A registration of ours is taken", "对外注册成功";
        registration_down: "A registration of ours has failed", "对外注册失败";
        suspension_begun: "Somebody is suspended", "封禁开始";
        suspension_released: "A suspension is released", "封禁被解除";
        balance_exhausted: "The money of an account is used up", "账户余额耗尽";
        balance_restored: "An account has money again", "账户余额恢复";
        presence_unusual: "Phones are online in an unusual number", "在线话机数异常";
        presence_usual: "The number of phones online is usual again", "在线话机数恢复正常";
        test_event: "Test", "测试";
        waiting: "Waiting", "等待";
        given_up: "Given up", "已放弃";
        last_delivered: "Last delivered", "最近送达";
        deliveries: "Deliveries", "推送记录";
        deliveries_about: "The latest 50; all are kept for 14 days. What is not taken is tried nine times within a day.", "最近 50 条，保留 14 天。未被接收的一天内最多尝试九次。";
        no_delivery: "Nothing was sent yet.", "尚未推送。";
        send_test: "Send a test", "发送测试";
        test_sent: "A test is on its way.", "测试事件已发出。";
        send_again: "Send again", "重新推送";
        sent_again: "It is on its way once more.", "已重新推送。";
        no_such_delivery: "There is no such delivery any more.", "该推送记录已不存在。";
        happened: "Happened", "发生时间";
        event: "Event", "事件";
        tries: "Tries", "尝试次数";
        answer: "Answer", "应答";
        next: "Next try", "下次尝试";
        state_waiting: "waiting", "等待";
        state_delivered: "delivered", "已送达";
        state_failed: "given up", "已放弃";
        made: "Webhook “{}” was created.", "Webhook 接收端“{}”已创建。";
        saved: "Webhook “{}” was changed.", "Webhook 接收端“{}”已修改。";
        gone: "The webhook was deleted.", "Webhook 接收端已删除。";
        removal: "{} is told of nothing more; what waits for it is not sent.", "不再向 {} 推送；等待中的事件也不会发送。";
    }
}
