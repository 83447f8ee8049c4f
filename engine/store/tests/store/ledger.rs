//! The books.

use domain::{Cdr, Money};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use store::{Scope, accounts, cdrs, ledger};

use crate::fixture::{Carrier, actor, money, price};

#[tokio::test]
async fn the_books_are_right_after_random_batches_and_payments() {
    let c = Carrier::new().await;
    let mut random = StdRng::seed_from_u64(20_261_121);
    let mut charged = Money::ZERO;
    for _ in 0..20 {
        let batch: Vec<Cdr> = (0..random.random_range(1..40))
            .map(|_| {
                // Numbers repeat: some calls are written again, within a batch and in a later one.
                let n = random.random_range(0..300);
                let fee = i64::from(n % 7) * 10_000 * i64::from(n);
                Cdr {
                    customer: price(c.acme, "Acme", fee),
                    vendor: (n % 2 == 0).then(|| price(c.vendor, "Vendor", fee / 2)),
                    ..c.call(n)
                }
            })
            .collect();
        cdrs::insert(&c.pool, &batch).await.unwrap();
        let amount = Money::from_micros(random.random_range(-5_000_000..5_000_000));
        accounts::pay(&c.pool, &actor(), c.acme, amount, "").await.unwrap();
        let check = ledger::check(&c.pool).await.unwrap();
        assert!(check.holds() && check.accounts == 3, "{check:?}");
        let now = accounts::find(&c.pool, &Scope::All, c.acme).await.unwrap().charged;
        assert!(now >= charged);
        charged = now;
    }
    assert!(charged > Money::ZERO);
}

#[tokio::test]
async fn the_check_finds_each_kind_of_wrong_book() {
    let c = Carrier::new().await;
    cdrs::insert(&c.pool, &[c.call(1), c.call(2)]).await.unwrap();
    for (spoil, mend) in [
        (
            "update billing.accounts set charged = charged + 0.000001 where name = 'Acme'",
            "update billing.accounts set charged = charged - 0.000001 where name = 'Acme'",
        ),
        (
            "update cdr.calls set fee = fee + 1 where callee_in like '44%'",
            "update cdr.calls set fee = fee - 1 where callee_in like '44%'",
        ),
        ("update cdr.calls set cost = cost * 2", "update cdr.calls set cost = cost / 2"),
        (
            "update billing.ledger set amount = amount - 1 where book = 'cost'",
            "update billing.ledger set amount = amount + 1 where book = 'cost'",
        ),
    ] {
        sqlx::query(spoil).execute(&c.pool).await.unwrap();
        let check = ledger::check(&c.pool).await.unwrap();
        assert_eq!(check.differences.len(), 1, "{spoil}: {check:?}");
        sqlx::query(mend).execute(&c.pool).await.unwrap();
        assert!(ledger::check(&c.pool).await.unwrap().holds());
    }
}

#[tokio::test]
async fn entries_are_paged_newest_first() {
    let c = Carrier::new().await;
    for n in 1..=5 {
        accounts::pay(&c.pool, &actor(), c.acme, Money::from_micros(n), "").await.unwrap();
    }
    let first = ledger::entries(&c.pool, &Scope::All, c.acme, None, 3).await.unwrap();
    let micros = |page: &domain::Page<domain::LedgerRow>| {
        page.rows.iter().map(|row| row.amount.micros()).collect::<Vec<_>>()
    };
    assert_eq!((micros(&first), first.more), (vec![5, 4, 3], true));
    let after = first.rows.last().map(|row| row.id);
    let second = ledger::entries(&c.pool, &Scope::All, c.acme, after, 3).await.unwrap();
    assert_eq!((micros(&second), second.more), (vec![2, 1], false));
}

#[tokio::test]
async fn a_calls_entries_name_the_call_and_lower_both_balances() {
    let c = Carrier::new().await;
    cdrs::insert(&c.pool, &[c.call(1)]).await.unwrap();
    for (account, book, amount) in
        [(c.acme, domain::Book::Revenue, "-0.03"), (c.vendor, domain::Book::Cost, "-0.02")]
    {
        let page = ledger::entries(&c.pool, &Scope::All, account, None, 10).await.unwrap();
        let [entry] = page.rows.as_slice() else { panic!("{page:?}") };
        assert_eq!((entry.book, entry.amount, entry.call), (book, money(amount), Some(c.call(1).id)));
    }
}
