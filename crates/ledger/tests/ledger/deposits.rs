//! Security: set aside, given back, lost.

use luhuan_kernel::Money;
use luhuan_ledger::{AccountKind, AccountOwner, Error};

use crate::support::{command, each};

#[tokio::test]
async fn a_deposit_is_set_aside_and_comes_back_or_is_lost_once() {
    each(async |world| {
        let bidder = world.person_with(100).await;
        let owner = AccountOwner::Person(bidder);
        for _ in 0..2 {
            command!(world, hold_deposit, bidder, Money::cny(60), "lot 1").unwrap();
        }
        assert_eq!(
            (world.available(bidder).await, world.balance(&owner, AccountKind::Deposit).await),
            (40, 60)
        );
        let more = command!(world, hold_deposit, bidder, Money::cny(41), "lot 2").unwrap_err();
        assert!(matches!(more, Error::InsufficientFunds { .. }), "{more}");
        command!(world, return_deposit, bidder, Money::cny(20), "lot 1").unwrap();
        let seller = (AccountOwner::Person(world.id()), AccountKind::Available);
        for _ in 0..2 {
            command!(world, forfeit_deposit, bidder, Money::cny(40), seller.clone(), "lot 1").unwrap();
        }
        assert_eq!(
            (world.available(bidder).await, world.balance(&owner, AccountKind::Deposit).await),
            (60, 0)
        );
        assert_eq!(world.balance(&seller.0, AccountKind::Available).await, 40);
        let gone = command!(world, return_deposit, bidder, Money::cny(1), "lot 1 again").unwrap_err();
        assert!(matches!(gone, Error::InsufficientFunds { .. }), "{gone}");
    })
    .await;
}
