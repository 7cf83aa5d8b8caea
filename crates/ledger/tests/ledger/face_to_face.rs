//! From hand to hand: two codes, no posting.

use luhuan_kernel::{Actor, Id, Person};
use luhuan_ledger::{AccountOwner, Confirmation, Error, Payment, PaymentState, Provider, entity::payment};

use crate::support::{World, by_wallet, command, each};

async fn agreed(world: &World<'_>) -> (payment::Model, Actor, Actor) {
    let (buyer, seller): (Id<Person>, Id<Person>) = (world.id(), world.id());
    let mut new = by_wallet(world.order(), buyer, seller, 100);
    new.provider = Provider::FaceToFace;
    let row = world.pay(new).await.unwrap();
    (row, Actor::person(buyer, []), Actor::person(seller, []))
}

async fn confirm(
    world: &World<'_>,
    actor: &Actor,
    id: Id<Payment>,
    code: &str,
) -> Result<Confirmation, Error> {
    command!(world, confirm_face_to_face, actor, id, code)
}

#[tokio::test]
async fn both_tell_the_others_code_and_nothing_is_posted() {
    each(async |world| {
        let (row, buyer, seller) = agreed(world).await;
        assert_eq!(row.state().unwrap(), PaymentState::ActionRequired);
        let code = |actor: &Actor| world.ledger.face_to_face_code(actor, &row).unwrap();
        let (buyers, sellers) = (code(&buyer).unwrap(), code(&seller).unwrap());
        assert_ne!(buyers, sellers);
        assert_eq!(code(&Actor::person(world.id(), [])), None);

        // One's own code proves nothing.
        let own = confirm(world, &buyer, row.id, &buyers).await.unwrap();
        assert!(matches!(own, Confirmation::WrongCode { left: 9 }), "{own:?}");
        let Confirmation::Confirmed(half) =
            confirm(world, &buyer, row.id, &format!(" {sellers} ")).await.unwrap()
        else {
            panic!("the right code")
        };
        assert_eq!(half.state().unwrap(), PaymentState::ActionRequired);
        for _ in 0..2 {
            let Confirmation::Confirmed(whole) = confirm(world, &seller, row.id, &buyers).await.unwrap()
            else {
                panic!("the right code")
            };
            assert_eq!(whole.state().unwrap(), PaymentState::Succeeded);
        }
        assert_eq!(world.count("SELECT COUNT(*) AS n FROM posting").await, 0);
        assert_eq!(world.told().await, ["payment.action-required", "payment.succeeded"]);
        // Nothing passed through us, so we have nothing to give back.
        let refused = world.refund(row.purpose_id, 100, "x").await.unwrap_err();
        assert!(matches!(refused, Error::RefundTooLarge { left } if left.minor == 0), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn ten_wrong_codes_are_forgiven_and_strangers_find_nothing() {
    each(async |world| {
        let (row, buyer, seller) = agreed(world).await;
        let sellers = world.ledger.face_to_face_code(&seller, &row).unwrap().unwrap();
        let wrong = if sellers == "000000" { "000001" } else { "000000" };
        let stranger = Actor::person(world.id(), []);
        assert!(matches!(confirm(world, &stranger, row.id, wrong).await, Err(Error::NotFound)));
        for left in (0..10).rev() {
            let outcome = confirm(world, &buyer, row.id, wrong).await.unwrap();
            assert!(matches!(outcome, Confirmation::WrongCode { left: l } if l == left), "{outcome:?}");
        }
        assert!(matches!(confirm(world, &buyer, row.id, &sellers).await, Err(Error::NoTriesLeft)));
    })
    .await;
}

#[tokio::test]
async fn a_cancelled_meeting_is_confirmed_by_nobody() {
    each(async |world| {
        let (row, buyer, seller) = agreed(world).await;
        let sellers = world.ledger.face_to_face_code(&seller, &row).unwrap().unwrap();
        for _ in 0..2 {
            let cancelled = command!(world, cancel_payment, row.id).unwrap();
            assert_eq!(cancelled.state().unwrap(), PaymentState::Cancelled);
        }
        assert!(matches!(confirm(world, &buyer, row.id, &sellers).await, Err(Error::IllegalPaymentMove(_))));
    })
    .await;
}

#[tokio::test]
async fn for_a_shop_whoever_works_there_confirms() {
    each(async |world| {
        use luhuan_kernel::{Membership, OrganisationKind, OrganisationRole};
        let (buyer, shop) = (world.id(), world.id());
        let mut new = by_wallet(world.order(), buyer, world.id(), 100);
        new.provider = Provider::FaceToFace;
        new.payee = AccountOwner::Organisation(shop);
        let row = world.pay(new).await.unwrap();
        let mut clerk = Actor::person(world.id(), []);
        clerk.memberships.push(Membership {
            organisation: shop,
            kind: OrganisationKind::SellerShop,
            role: OrganisationRole::Clerk,
        });
        let buyer = Actor::person(buyer, []);
        let shops = world.ledger.face_to_face_code(&clerk, &row).unwrap().unwrap();
        let buyers = world.ledger.face_to_face_code(&buyer, &row).unwrap().unwrap();
        confirm(world, &clerk, row.id, &buyers).await.unwrap();
        let Confirmation::Confirmed(paid) = confirm(world, &buyer, row.id, &shops).await.unwrap() else {
            panic!("the right code")
        };
        assert_eq!(paid.state().unwrap(), PaymentState::Succeeded);
    })
    .await;
}
