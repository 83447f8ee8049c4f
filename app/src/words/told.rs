//! What the rules of the domain and the store tell, in the language of the page.
//!
//! Those rooms speak English alone: programs and logs read them too. A person who reads another language gets each of their
//! sentences from here, found by itself and with what it names in its places. One that stands nowhere here is shown as it came.

use super::{Language, fill};

/// A sentence of a rule or of the store, in the language of the page.
pub(crate) fn told(sentence: &str) -> String {
    told_in(super::language(), sentence)
}

fn told_in(language: Language, sentence: &str) -> String {
    match language {
        Language::English => sentence.to_owned(),
        Language::Chinese => chinese(sentence).unwrap_or_else(|| sentence.to_owned()),
    }
}

fn chinese(sentence: &str) -> Option<String> {
    found(SENTENCES, sentence).or_else(|| {
        // Several in a row.
        let (first, rest) = sentence.split_once(". ")?;
        Some(found(SENTENCES, &format!("{first}."))? + &told_in(Language::Chinese, rest))
    })
}

/// The Chinese of `text`, when it stands in the list by itself or with places. By itself goes first: a pattern may fit by
/// chance.
fn found(list: &[(&str, &str)], text: &str) -> Option<String> {
    if let Some((_, chinese)) = list.iter().find(|(english, _)| *english == text) {
        return Some((*chinese).to_owned());
    }
    list.iter().filter(|(english, _)| english.contains("{}")).find_map(|(english, chinese)| {
        let named = places(english, text)?;
        Some(fill(chinese, &named.iter().map(String::as_str).collect::<Vec<_>>()))
    })
}

/// What stands in the places of `pattern`, in Chinese, when `sentence` is made of it.
fn places(pattern: &str, sentence: &str) -> Option<Vec<String>> {
    let (mut before, mut pattern) = pattern.split_once("{}")?;
    let mut rest = sentence.strip_prefix(before)?;
    let mut found = Vec::new();
    loop {
        let (until, behind) = pattern.split_once("{}").map_or((pattern, None), |(u, b)| (u, Some(b)));
        let (text, left) = match behind {
            Some(_) => rest.split_once(until)?,
            None => (rest.strip_suffix(until)?, ""),
        };
        if text.is_empty() {
            return None;
        }
        // What is quoted is what a person wrote.
        found.push(if before.ends_with('"') { text.to_owned() } else { named(text) });
        match behind {
            Some(behind) => (before, pattern, rest) = (until, behind, left),
            None => return Some(found),
        }
    }
}

/// What a sentence names, at times with a capital at its beginning.
fn named(text: &str) -> String {
    let lower = || {
        let mut letters = text.chars();
        letters.next().map(|first| first.to_lowercase().chain(letters).collect::<String>())
    };
    let thing = || found(THINGS, text).or_else(|| found(THINGS, &lower()?));
    chinese(text).or_else(thing).unwrap_or_else(|| text.to_owned())
}

/// English and Chinese. Sentences with more words around their places come before those with fewer.
const SENTENCES: &[(&str, &str)] = &[
    // Any field
    ("a name is needed", "请填写名称"),
    ("at most 64 characters are allowed", "最多 64 个字符"),
    ("control and invisible characters are not allowed", "不允许使用控制字符和不可见字符"),
    ("control characters are not allowed", "不允许使用控制字符"),
    ("at most {} characters are allowed", "最多 {} 个字符"),
    ("at most {} digits are allowed", "最多 {} 位数字"),
    ("at most {} bytes are allowed", "最多 {} 字节"),
    ("at most {} are allowed", "最多允许 {} 个"),
    ("something is missing", "内容不完整"),
    ("this name is taken", "该名称已被使用"),
    ("the NUL character is not allowed", "不允许使用 NUL 字符"),
    ("a number is too large", "数值过大"),
    ("no such name: {}", "没有此选项：{}"),
    ("choose an account", "请选择账户"),
    ("choose at least one event", "请至少选择一个事件"),
    (
        "write an address like https://example.com/events, without user or password",
        "请填写形如 https://example.com/events 的地址，不含用户名或密码",
    ),
    (
        "at least 16 characters are needed: whoever guesses it can forge events",
        "至少需要 16 个字符：猜中者可伪造事件",
    ),
    ("at most 128 letters, digits and signs, without spaces", "最多 128 个字母、数字或符号，不含空格"),
    (
        "a receiver needs a secret, or it cannot tell our events from others",
        "接收端需要密钥，否则无法辨别事件真伪",
    ),
    ("choose a role", "请选择角色"),
    ("choose a gateway", "请选择网关"),
    ("there is no such account", "没有此账户"),
    ("there is no such rate table", "没有此费率表"),
    ("there is no such agent or account", "没有此代理商或账户"),
    ("there is no such agent", "没有此代理商"),
    ("there is no such role", "没有此角色"),
    ("there is no such gateway", "没有此网关"),
    ("there is no such parameter", "没有此参数"),
    ("there is no such entry", "没有此条目"),
    // Numbers and addresses
    ("a number is needed", "请填写号码"),
    ("only digits, * and # are allowed (no spaces, no +)", "只允许数字、* 和 #（不含空格和 +）"),
    ("write 1 to 24 digits", "请填写 1 至 24 位数字"),
    ("write a number, or choose a gateway", "请填写号码或选择网关"),
    (
        "write digits, and a star after them for all numbers that begin so",
        "请填写数字；末尾加 * 表示以此开头的所有号码",
    ),
    (
        "write an address like 192.0.2.7, 192.0.2.0/24 or 192.0.2.7:5060",
        "请填写如 192.0.2.7、192.0.2.0/24 或 192.0.2.7:5060 的地址",
    ),
    ("write an address like 192.0.2.7 or 192.0.2.7:5060", "请填写如 192.0.2.7 或 192.0.2.7:5060 的地址"),
    ("write an address like 192.0.2.7 or 192.0.2.0/24", "请填写如 192.0.2.7 或 192.0.2.0/24 的地址"),
    (
        "write a name or an address, with a port if it is not the usual one",
        "请填写域名或地址，端口非默认时一并填写",
    ),
    ("write addresses or networks without a port", "请填写不带端口的地址或网段"),
    (
        "write one of the switch's addresses, like 192.0.2.1 or 192.0.2.1:5070, or nothing",
        "请填写交换机的某个地址，如 192.0.2.1 或 192.0.2.1:5070，或留空",
    ),
    ("calls cannot be sent to this address", "无法向此地址发送呼叫"),
    ("write a whole number from {} to {}", "请填写 {} 至 {} 之间的整数"),
    ("write the beginning of a number, like 4420 or +4420", "请填写号码开头，如 4420 或 +4420"),
    ("write the beginning of a number", "请填写号码开头"),
    ("write a moment like {}", "请填写如 {} 的时间"),
    ("the end lies before the beginning", "结束时间早于开始时间"),
    ("this page of the list cannot be found", "找不到列表的这一页"),
    ("choose one of the list", "请从列表中选择"),
    // Money
    ("write an amount like 12.50, with at most 6 decimals", "请填写如 12.50 的金额，最多 6 位小数"),
    ("write an amount like 12.50, or {}", "请填写如 12.50 的金额，或 {}"),
    ("write a three-letter currency code like USD", "请填写三位字母货币代码，如 USD"),
    ("a credit limit is zero or more, at most {}", "信用额度须为零或以上，最多 {}"),
    ("a credit limit is zero or more", "信用额度须为零或以上"),
    ("a precision is 0 to 6 decimals", "精度为 0 至 6 位小数"),
    ("a rate is zero or more, at most {} a minute", "费率须为零或以上，每分钟最多 {}"),
    ("a rate is zero or more", "费率须为零或以上"),
    ("a connect fee is zero or more, at most {}", "接通费须为零或以上，最多 {}"),
    ("a connect fee is zero or more", "接通费须为零或以上"),
    ("a billing unit is 1 to 3600 seconds", "计费单位为 1 至 3600 秒"),
    ("this prefix has a rate already", "该前缀已有费率"),
    ("a payment of nothing changes nothing", "金额为零的付款没有意义"),
    ("a payment is not zero and at most {}", "付款不得为零，最多 {}"),
    ("an opening balance is at most {}", "期初余额最多 {}"),
    ("say why money is taken back", "请说明退款原因"),
    ("{} is in {}, the account in {}", "{}使用 {}，而账户使用 {}"),
    ("amounts in {} stand in its ledger", "其账目中已有 {} 金额"),
    ("{} uses it and is in {}", "{}正在使用，且货币为 {}"),
    ("{} needs it to stay a {}", "{}要求其类型保持为{}"),
    ("only a customer has an agent", "只有客户账户可以归属代理商"),
    ("this is the own account of {}", "这是{}自己的账户"),
    ("this account is a customer of {}", "此账户是{}的客户"),
    ("another agent has this account", "另一代理商已使用此账户"),
    // Gateways and phones
    ("at least one source address is needed, or a user", "至少需要一个来源地址，或一个用户名"),
    (
        "a gateway with a user is known by its password alone: leave it empty",
        "设有用户名的网关仅凭密码识别：请留空",
    ),
    ("a password needs a user", "设置密码需要用户名"),
    ("a user needs a password, another one a new password", "用户名需要密码；更换用户名需要新密码"),
    ("a user needs a password", "用户名需要密码"),
    ("a phone has this number", "已有话机使用此号码"),
    ("another gateway has this user", "另一网关已使用此用户名"),
    ("another gateway has one of these sources", "另一网关已使用其中一个来源地址"),
    ("{} is a source of {} already", "{} 已是{}的来源地址"),
    ("{} is a {}, choose a {}", "{}是{}，请选择{}"),
    ("a line limit is 1 or more", "线路上限须为 1 或以上"),
    ("a priority is 0 to 1000", "优先级为 0 至 1000"),
    ("a port is 1 to 65535", "端口为 1 至 65535"),
    ("another phone has this number", "另一话机已使用此号码"),
    ("another phone has this address", "另一话机已使用此地址"),
    ("{} has this user", "{}已使用此用户名"),
    ("this number cannot be used", "此号码不可使用"),
    ("another number needs the password anew", "更换号码需要重新设置密码"),
    ("a phone that registers needs a password", "需要注册的话机必须设置密码"),
    ("a phone cannot be forwarded to itself", "话机不能呼叫转移到自身"),
    ("write default, auto, or 20 to 7200 seconds", "请填写 default、auto 或 20 至 7200 秒"),
    (
        "write 1 to 64 letters, digits or - _ . ! ~ * ' ( ) & = + $ , /",
        "请填写 1 至 64 个字母、数字或 - _ . ! ~ * ' ( ) & = + $ , /",
    ),
    ("passwords need the key of the state directory", "保存密码需要状态目录中的密钥"),
    ("this gateway is not in use", "此网关未启用"),
    ("give a gateway, an address or a number, not several of them", "请只填写网关、地址或号码中的一项"),
    ("give one of gateway, address, number and call", "请填写网关、地址、号码或呼叫中的一项"),
    // Who calls, told to gateways
    (
        "write rules like 0=+49: a beginning, = and what takes its place, in digits, *, # and a leading +",
        "请填写如 0=+49 的规则：号码开头、= 和替换内容，可用数字、*、# 和开头的 +",
    ),
    ("the beginning \"{}\" is given twice", "号码开头“{}”重复"),
    (
        "write the name of a header, like X-Carrier: letters, digits and -",
        "请填写头域名称，如 X-Carrier：字母、数字和 -",
    ),
    (
        "{} belongs to the switch: it can be neither set nor passed on",
        "{} 由交换机自行处理：不能设置也不能传递",
    ),
    ("write each header on its own line, like X-Carrier: 7", "每个头域单独一行，如 X-Carrier: 7"),
    ("a value has 1 to 256 characters, without control characters", "值为 1 至 256 个字符，不含控制字符"),
    // Parameters
    ("a {} has no value of its own for this parameter", "{}没有此参数的自有值"),
    ("{} is given twice, under two names", "{} 以两个名称重复给出"),
    ("write On or Off", "请填写 On 或 Off"),
    ("write a whole number of percent, {}", "请填写整数百分比，{}"),
    ("write a whole number ({}), {}", "请填写整数（{}），{}"),
    ("write a whole number, {}", "请填写整数，{}"),
    ("write waiting times in seconds like 0.5, 1, 2: {}", "请填写以秒为单位的等待时间，如 0.5, 1, 2：{}"),
    ("choose one of {}", "请选择其一：{}"),
    ("at most {} printable characters", "最多 {} 个可打印字符"),
    ("write at most {} printable characters", "最多填写 {} 个可打印字符"),
    ("write a domain name or an address, or leave it empty", "请填写域名或地址，或留空"),
    (
        "write numbers like 911 or 0800*, without + and spaces: {}",
        "请填写如 911 或 0800* 的号码，不含 + 和空格：{}",
    ),
    ("write codes of failures like 403, 404, or none: {}", "请填写如 403, 404 的失败代码，或 none：{}"),
    ("write pairs like 404=503, or none: {}", "请填写如 404=503 的对应关系，或 none：{}"),
    ("none or at most {} pairs, each code {}", "none 或最多 {} 对，每个代码 {}"),
    ("none or at most {}, each {}", "none 或最多 {} 个，每个 {}"),
    ("{} values, each {}", "{} 个值，每个 {}"),
    // People
    ("at least 10 characters are needed", "至少需要 10 个字符"),
    (
        "at least 12 characters are needed: it is tried by machines, day and night",
        "至少需要 12 个字符：机器会昼夜不停地尝试破解",
    ),
    ("letters and digits are both needed", "必须同时包含字母和数字"),
    ("the number must not be part of it", "不得包含号码本身"),
    ("the user name must not be in it", "不得包含用户名"),
    ("only printable characters are allowed, without outer spaces", "只允许可打印字符，首尾不得有空格"),
    ("choose the administration, an agent or an account", "请选择管理方、代理商或账户"),
    ("one of the boxes stands for nothing; open the form again", "其中一个选项无效；请重新打开表单"),
    ("choose at least one permission", "请至少选择一项权限"),
    ("a token cannot do what you may not do yourself", "令牌的权限不能超出您自己的权限"),
    ("you have a hundred tokens: revoke one first", "您已有一百个令牌：请先撤销一个"),
    ("two hundred views are kept: remove one first", "已保存两百个视图：请先删除一个"),
    ("this page has no address of ours", "此页面地址无效"),
    (
        "these filters cannot be kept: they are too long, or not a query string",
        "无法保存这些筛选条件：内容过长或格式无效",
    ),
    ("the administrator keeps every permission", "管理员始终拥有全部权限"),
    ("the administrator's role cannot be removed", "不能删除管理员角色"),
    (
        "this is the last administrator who can log in: name another one first",
        "这是最后一位可以登录的管理员：请先指定另一位",
    ),
    (
        "this is your own role and you are at {}: you would lock yourself out",
        "这是您自己的角色，而您位于 {}：这样会把自己拒之门外",
    ),
    ("a new person needs a first password", "新用户需要初始密码"),
    ("write your name", "请填写用户名"),
    ("write your password", "请填写密码"),
    ("write your present password", "请填写当前密码"),
    ("this is not your present password", "当前密码不正确"),
    ("this is not your password", "密码不正确"),
    ("this is not the same", "两次输入不一致"),
    ("this was one of the last five passwords", "这是最近五个密码之一"),
    ("a second factor is set up already; remove it first", "已设置双重验证；请先移除"),
    ("this code is wrong; check the clock of the device", "验证码错误；请检查设备的时钟"),
    ("this code is wrong, or has been used before", "验证码错误或已被使用"),
    ("this is no code", "这不是验证码"),
    ("write the code that your authenticator shows", "请填写验证器显示的验证码"),
    ("write the six digits that your authenticator shows", "请填写验证器显示的六位数字"),
    // How easily a password is guessed
    ("this is guessed too easily.", "此密码过于容易被猜到。"),
    ("this is guessed too easily. {}", "此密码过于容易被猜到。{}"),
    ("Straight rows of keys are easy to guess.", "键盘上连续的按键很容易被猜到。"),
    ("Short keyboard patterns are easy to guess.", "较短的键盘图案很容易被猜到。"),
    ("Repeats like \"aaa\" are easy to guess.", "“aaa”这样的重复很容易被猜到。"),
    (
        "Repeats like \"abcabcabc\" are only slightly harder to guess than \"abc\".",
        "“abcabcabc”只比“abc”略难猜。",
    ),
    ("This is a top-10 common password.", "这是最常见的十个密码之一。"),
    ("This is a top-100 common password.", "这是最常见的一百个密码之一。"),
    ("This is a very common password.", "这是非常常见的密码。"),
    ("This is similar to a commonly used password.", "这与常用密码相似。"),
    ("Sequences like abc or 6543 are easy to guess.", "abc 或 6543 这样的序列很容易被猜到。"),
    ("Recent years are easy to guess.", "近年的年份很容易被猜到。"),
    ("A word by itself is easy to guess.", "单独一个单词很容易被猜到。"),
    ("Dates are often easy to guess.", "日期往往很容易被猜到。"),
    ("Names and surnames by themselves are easy to guess.", "单独的姓名很容易被猜到。"),
    ("Common names and surnames are easy to guess.", "常见姓名很容易被猜到。"),
    ("Use a few words, avoid common phrases.", "使用几个单词，避免常见短语。"),
    ("No need for symbols, digits, or uppercase letters.", "不必使用符号、数字或大写字母。"),
    ("Add another word or two. Uncommon words are better.", "再加一两个单词，少见的更好。"),
    ("Add another word or two.", "再加一两个单词。"),
    ("Uncommon words are better.", "少见的单词更好。"),
    ("Capitalization doesn't help very much.", "大写帮助不大。"),
    ("All-uppercase is almost as easy to guess as all-lowercase.", "全部大写几乎与全部小写一样容易被猜到。"),
    ("Reversed words aren't much harder to guess.", "倒写的单词并不难猜多少。"),
    (
        "Predictable substitutions like '@' instead of 'a' don't help very much.",
        "用“@”代替“a”之类的替换帮助不大。",
    ),
    ("Use a longer keyboard pattern with more turns.", "使用更长、转折更多的键盘图案。"),
    ("Avoid repeated words and characters.", "避免重复的单词和字符。"),
    ("Avoid sequences.", "避免连续序列。"),
    ("Avoid recent years.", "避免近年的年份。"),
    ("Avoid years that are associated with you.", "避免与您有关的年份。"),
    ("Avoid dates and years that are associated with you.", "避免与您有关的日期和年份。"),
    // The store and the server
    ("{} has been changed by somebody else in the meantime.", "{}在此期间已被他人修改。"),
    ("{} is in use by {}.", "{}正被{}使用。"),
    ("The database is not available at the moment; try again.", "数据库暂时不可用；请重试。"),
    ("Something went wrong on our side; it stands in the log.", "我方出现故障，已记入日志。"),
    ("The server cannot be reached.", "无法连接服务器。"),
    ("Your session has ended.", "您的会话已结束。"),
    ("There is no such thing, or not any more.", "没有此内容，或已不存在。"),
    ("There is no such entry.", "没有此条目。"),
    ("It is not there any more: somebody has deleted it.", "已不存在：可能已被他人删除。"),
    ("The form is incomplete; open it again.", "表单不完整；请重新打开。"),
];

/// What stands in the places of sentences.
const THINGS: &[(&str, &str)] = &[
    ("its ledger", "其账目"),
    ("customer", "客户"),
    ("vendor", "供应商"),
    ("mapping gateway", "对接网关"),
    ("routing gateway", "落地网关"),
    ("mapping gateway \"{}\"", "对接网关“{}”"),
    ("routing gateway \"{}\"", "落地网关“{}”"),
    ("rate table \"{}\"", "费率表“{}”"),
    ("account \"{}\"", "账户“{}”"),
    ("agent \"{}\"", "代理商“{}”"),
    ("phone \"{}\"", "话机“{}”"),
    ("registration \"{}\"", "对外注册“{}”"),
    ("user \"{}\"", "用户“{}”"),
    ("role \"{}\"", "角色“{}”"),
    ("rate {} of {}", "费率 {}（{}）"),
    ("for all numbers", "所有号码"),
    ("{} or {} to {}", "{} 或 {} 至 {}"),
    ("{} to {}", "{} 至 {}"),
    ("at most {}", "最多 {}"),
    ("{} or an amount", "{} 或金额"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_told_with_what_it_names() {
        let told = |sentence| told_in(Language::Chinese, sentence);
        assert_eq!(told("a name is needed"), "请填写名称");
        assert_eq!(told("at most 24 digits are allowed"), "最多 24 位数字");
        assert_eq!(told("write a whole number (s), 0 or 5 to 60"), "请填写整数（s），0 或 5 至 60");
        assert_eq!(told("Account \"Acme\" is in use by its ledger."), "账户“Acme”正被其账目使用。");
        assert_eq!(
            told("rate table \"Sell\" is in USD, the account in EUR"),
            "费率表“Sell”使用 USD，而账户使用 EUR"
        );
        assert_eq!(
            told("this is guessed too easily. Dates are often easy to guess. Avoid sequences."),
            "此密码过于容易被猜到。日期往往很容易被猜到。避免连续序列。"
        );
        assert_eq!(told("what nobody has translated"), "what nobody has translated");
        assert_eq!(told_in(Language::English, "a name is needed"), "a name is needed");
    }

    #[test]
    fn what_a_person_wrote_is_named_as_it_is() {
        let told = told_in(Language::Chinese, "account \"at most {} <b>\" is in use by its ledger.");
        assert_eq!(told, "账户“at most {} <b>”正被其账目使用。");
    }

    #[test]
    fn each_sentence_leaves_as_many_places_in_both_languages() {
        for (english, chinese) in SENTENCES.iter().chain(THINGS) {
            assert_eq!(english.matches("{}").count(), chinese.matches("{}").count(), "{english}");
            let all = SENTENCES.iter().chain(THINGS);
            assert_eq!(all.filter(|(other, _)| other == english).count(), 1, "{english} twice");
        }
    }
}
