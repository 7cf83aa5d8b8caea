//! The books: statements, opening funds, and `luhuan ledger verify`, which misses no fen.

use luhuan_tests::{Store, World, redacted};
use serde_json::json;

use crate::market::{Deal, behind_its_back, fund, verify, wallet};

#[tokio::test]
async fn a_statement_can_be_read_page_by_page_and_taken_away_as_a_table() {
    let world = World::start().await;
    let deal = Deal::shipped(&world).await;
    let _ = deal.step(&deal.buyer, "confirm").await.expect(200);
    let accounts = deal.seller.get("/api/v1/ledger/accounts").await.expect(200).json();
    let mut shown = redacted(&accounts);
    shown[0]["owner"] = json!("[owner]");
    insta::assert_json_snapshot!("the_accounts_of_a_seller", shown);
    let path = format!("/api/v1/ledger/accounts/{}/entries", accounts[0]["id"].as_str().unwrap());
    let mut page = redacted(&deal.seller.get(&path).await.expect(200).json());
    page["items"][0]["reference"] = json!("[order]");
    insta::assert_json_snapshot!("the_statement_of_a_seller", page);
    let table = deal.seller.query(&path, &[("format", "csv")]).await.expect(200);
    assert_eq!(table.header("content-type"), Some("text/csv; charset=utf-8"));
    assert!(table.header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!(table.text().lines().count(), 2, "{}", table.text());
    // Nobody else's.
    deal.buyer.get(&path).await.expect_problem(404, "not-found");
    world.anonymous().get(&path).await.expect_problem(401, "unauthenticated");
    let support = world.staff("support").await;
    let _ = support.get(&path).await.expect(200);
}

#[tokio::test]
async fn opening_funds_are_granted_once_for_each_reference() {
    let world = World::start().await;
    let resident = world.resident().await;
    let grant = |amount: &str| {
        world.launch().output(&["ledger", "grant", &resident.login, amount, "--reference", "first"], "")
    };
    assert!(grant("99.90").status.success());
    let again = grant("99.90");
    assert!(again.status.success() && String::from_utf8_lossy(&again.stdout).contains("nothing changed"));
    assert!(!grant("1").status.success(), "the same reference for another amount is a mistake");
    for wrong in ["-5", "0", "1.234", "viel"] {
        assert!(!grant(wrong).status.success(), "{wrong}");
    }
    assert_eq!(wallet(&resident).await, 9_990);
    let resident_may_not =
        world.launch().output(&["ledger", "grant", "19900000000", "1", "--reference", "x"], "");
    assert!(String::from_utf8_lossy(&resident_may_not.stderr).contains("19900000000"));
}

#[tokio::test]
async fn one_fen_that_is_changed_behind_its_back_is_found() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let deal = Deal::shipped(&world).await;
        fund(&world, &deal.seller, 1);
        assert!(verify(&world).contains("in balance"));
        let on_table = if store == Store::Postgres { " ON ledger_account" } else { "" };
        let unguard = format!("DROP TRIGGER ledger_account_moves{on_table}");
        let more = "UPDATE ledger_account SET balance = balance + 1 WHERE kind = 'escrow'";
        assert!(behind_its_back(&world, &[more]).await.is_err(), "the database itself refuses");
        behind_its_back(&world, &[&unguard, more]).await.unwrap();
        let found = world.launch().output(&["ledger", "verify"], "");
        let said = String::from_utf8_lossy(&found.stdout).into_owned();
        assert_eq!(found.status.code(), Some(1), "{said}");
        assert!(said.contains("NOT in balance") && said.contains("the sum of its postings"), "{said}");
        assert!(said.contains("expected 12000, found 12001"), "{said}");
        let less = "UPDATE ledger_account SET balance = balance - 1 WHERE kind = 'escrow'";
        behind_its_back(&world, &[less]).await.unwrap();
        verify(&world);
    }
}

#[tokio::test]
async fn no_posting_is_changed_or_taken_away() {
    for store in Store::ALL {
        let world = World::start_on(store).await;
        let _ = Deal::paid(&world).await;
        for statement in [
            "UPDATE posting SET amount = amount + 1",
            "DELETE FROM posting",
            "DELETE FROM ledger_transaction",
            "UPDATE ledger_transaction SET reference = 'x'",
            "DELETE FROM ledger_account",
        ] {
            let refused = behind_its_back(&world, &[statement]).await.unwrap_err().to_string();
            assert!(refused.contains("ledger:"), "{statement}: {refused}");
        }
        verify(&world);
    }
}
