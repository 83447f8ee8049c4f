//! What the components say by themselves: tables, forms, notices, marks.

super::catalogue! {
    /// Words of the components.
    Parts, parts {
        actions: "Actions", "操作";
        columns: "Columns", "列";
        apply: "Apply", "应用";
        csv: "CSV", "CSV";
        csv_hint: "Everything that the list finds, as a file", "将全部查询结果导出为文件";
        select_row: "Select {}", "选择 {}";
        select_all: "Select all on this page", "选择本页全部";
        selected: "Selected:", "已选：";
        rows_of: "{}–{} of {}", "第 {}–{} 条，共 {} 条";
        one_row: "1 entry", "1 条";
        rows: "{} entries", "{} 条";
        sort_up: "Sort by {}, ascending", "按{}升序";
        sort_down: "Sort by {}, descending", "按{}降序";
        pages: "Pages", "分页";
        first: "First", "首页";
        previous: "Previous", "上一页";
        next: "Next", "下一页";
        newest: "Newest", "最新";
        older: "Older", "更早";
        loading: "Loading …", "加载中…";
        search: "Search", "搜索";
        search_by_name: "Search by name", "按名称搜索";
        show: "Show", "查询";
        reset: "Reset", "重置";
        all: "All", "全部";
        show_all: "Show all", "显示全部";
        save: "Save", "保存";
        cancel: "Cancel", "取消";
        needed: "needed", "必填";
        one_field: "One field needs another value.", "有一个字段需要修改。";
        several_fields: "{} fields need another value.", "有 {} 个字段需要修改。";
        conflict: "{} was changed by somebody else while you were editing. Your values still stand in the form: save again to put them in place of the others.", "在您编辑期间，{} 已被他人修改。您的内容仍保留在表单中：再次保存将覆盖对方的修改。";
        changed_by: "Changed by {} at {}.", "由 {} 于 {} 修改。";
        field: "Field", "字段";
        your_value: "Your value", "您的值";
        value_now: "The value now", "当前值";
        empty_value: "empty", "空";
        gone: "It is not there any more: somebody has deleted it.", "内容已不存在：可能已被他人删除。";
        incomplete: "The form is incomplete; open it again.", "表单不完整，请重新打开。";
        unsaved: "Leave without saving?", "不保存就离开吗？";
        unsaved_text: "What you have changed in this form is not saved yet.", "您在此表单中的修改尚未保存。";
        leave: "Leave", "离开";
        stay: "Stay", "留下";
        cannot_be_undone: "This cannot be undone.", "此操作无法撤销。";
        delete_what: "Delete {}", "删除{}";
        delete_question: "Delete {} “{}”?", "删除{}“{}”？";
        delete_more: "Delete …", "删除…";
        not_found: "Not found", "未找到";
        nothing_here: "There is nothing here", "这里什么也没有";
        nothing_here_text: "The address is wrong, or what stood here has been deleted. ", "地址有误，或内容已被删除。";
        to_dashboard: "Go to the dashboard", "前往仪表盘";
        session_ended: "Your session has ended. ", "您的会话已结束。";
        log_in_again: "Log in again", "重新登录";
        try_again: "Try again", "重试";
        unreachable: "The server cannot be reached.", "无法连接服务器。";
        copy: "Copy", "复制";
        copied: "Copied", "已复制";
        still: "As loaded", "加载时的数据";
        live: "Live", "实时";
        reconnecting: "Reconnecting", "正在重连";
        ended: "Ended", "已结束";
        on: "on", "启用";
        off: "off", "停用";
        chart_figures: "Figures", "数据";
        chart_hour: "Hour (UTC)", "小时 (UTC)";
        dismiss: "Close", "关闭";
        than_yesterday: "against the same time yesterday", "与昨日同期相比";
    }
}
