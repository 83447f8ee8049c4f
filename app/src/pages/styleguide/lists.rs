//! Lists: the filter bar, and the table with its heads, its ticks and its pages.

use domain::AccountStatus;
use leptos::prelude::*;

use crate::{
    components::{
        Badge, Bulk, Column, DataTable, FilterBar, FilterChoice, FilterText, Number, OnOff, Paging,
        SearchBox, Table, Tone,
    },
    list::Address,
    words::{frame, pages, parts},
};

/// A small table inside a page.
pub(super) fn table() -> impl IntoView {
    view! {
        <Table label="An example" columns=vec![("Text", false), ("Number", false), ("Amount", true), ("State", false)]>
            <tr>
                <td>
                    <a href="#buttons" rel="external">
                        "Aurora Telecom"
                    </a>
                </td>
                <td class="digits">
                    <Number number="442079460000" />
                </td>
                <td class="num">"12,850.50"</td>
                <td>
                    <OnOff on=true />
                </td>
            </tr>
            <tr>
                <td>"Baltic Voice"</td>
                <td class="digits">"198.51.100.0/24"</td>
                <td class="num negative">"−41.08"</td>
                <td>
                    <OnOff on=false />
                </td>
            </tr>
        </Table>
    }
}

/// The bar above a long list, with a field as it is, one that is wrong, and a choice.
pub(super) fn filter() -> impl IntoView {
    let reasons =
        vec![("yes".to_owned(), "Answered".to_owned()), ("no".to_owned(), "Not answered".to_owned())];
    view! {
        <FilterBar action="/styleguide">
            <FilterText name="from" label="From" value="2026-11-20" kind="date" />
            <FilterText name="callee" label="Called number" value="44 207" placeholder="begins with" />
            <FilterText name="caller" label="Caller" value="anna" wrong=Some("only digits are allowed".to_owned()) />
            <FilterChoice name="answered" label="Answered" value="yes" options=reasons />
        </FilterBar>
    }
}

/// The box above a short list.
pub(super) fn search() -> impl IntoView {
    view! { <SearchBox action="/styleguide" label=parts().search_by_name value="aurora".to_owned() /> }
}

struct Line {
    name: &'static str,
    number: &'static str,
    balance: &'static str,
    status: AccountStatus,
}

const LINES: [Line; 4] = [
    Line {
        name: "Aurora Telecom",
        number: "442079460000",
        balance: "12,850.50",
        status: AccountStatus::Active,
    },
    Line { name: "Baltic Voice", number: "37052040000", balance: "−41.08", status: AccountStatus::Locked },
    Line { name: "Cirrus", number: "12025550100", balance: "0.00", status: AccountStatus::Active },
    Line {
        name: "A name that is as long as names may be, so that its column must yield",
        number: "4930901820",
        balance: "1,000,000.00",
        status: AccountStatus::Active,
    },
];

/// A list: sorted by its first column, one more that could be shown, ticks, a file, and pages.
pub(super) fn list() -> impl IntoView {
    // Its keys are those of nothing: what is ticked here changes nothing.
    let here = Address::of("/business/accounts").with("sort", "name");
    let bulk = vec![
        Bulk { action: "unlock", text: pages().unlock, dangerous: false },
        Bulk { action: "lock", text: pages().lock, dangerous: true },
    ];
    let paging = Paging::Counted { total: 1_204, before: 50, previous: None, next: Some("0".to_owned()) };
    view! {
        <DataTable
            name="example"
            label="A list"
            columns=columns()
            rows=LINES.into()
            here
            paging
            tick=Some(|line| ("0".to_owned(), line.name.to_owned()))
            bulk
            export=true
            actions=|_: &Line| view! { <a href="/styleguide">{frame().edit}</a> }.into_any()
        />
    }
}

fn columns() -> Vec<Column<Line>> {
    vec![
        Column::text("name", "Name", |line: &Line| view! { <a href="/styleguide">{line.name}</a> }).sorted(),
        Column::digits("number", "Number", |line: &Line| view! { <Number number=line.number /> }),
        Column::figure("balance", "Balance", |line: &Line| {
            view! { <span class:negative=line.balance.starts_with('−')>{line.balance}</span> }
        })
        .sorted(),
        Column::text("state", "State", |line: &Line| match line.status {
            AccountStatus::Active => view! { <Badge tone=Tone::Good text="active" /> },
            AccountStatus::Locked => view! { <Badge tone=Tone::Bad text="locked" /> },
        }),
        Column::text("note", "Note", |_: &Line| "hidden unless chosen").hidden(),
    ]
}
