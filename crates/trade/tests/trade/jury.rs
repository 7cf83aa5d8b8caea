//! The jury: drawn from whom it may, blind, decided by a majority.

use luhuan_kernel::{Actor, Id};
use luhuan_trade::{
    Dispute, NewDispute,
    entity::{dispute, juror, jury_seat},
    model::{By, DisputeReason, State, Vote},
};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use crate::{
    disputes::refused,
    support::{CONFLICT, Deal, World, command, each, refusal},
};

fn small() -> NewDispute {
    NewDispute {
        reason: DisputeReason::Defective,
        words: "打不开".into(),
        claim_fen: Some(10_000),
        jury: true,
    }
}

/// So many jurors, enlisted before.
async fn jurors(world: &World<'_>, count: usize) -> Vec<Actor> {
    let people: Vec<_> = (0..count).map(|_| world.person()).collect();
    let uow = world.unit().await;
    for person in &people {
        let row = juror::Model { person_id: person.person_id().unwrap(), since: uow.now(), ended_at: None };
        row.into_active_model().reset_all().insert(uow.tx()).await.unwrap();
    }
    uow.commit().await.unwrap();
    people
}

/// A dispute that both leave to the jury, and its jury.
async fn called(world: &World<'_>) -> (Deal, Id<Dispute>, Vec<Actor>) {
    jurors(world, 30).await;
    let deal = refused(world).await;
    command!(world, open_dispute, &deal.buyer, deal.order, None, small()).unwrap();
    command!(world, accept_jury, &deal.seller, deal.order).unwrap();
    world.hours(48).await;
    assert_eq!(world.state(deal.order).await, State::Jury);
    let db = world.store().reader();
    let seats = jury_seat::Entity::find().all(db).await.unwrap();
    let drawn = seats.iter().map(|seat| Actor::person(seat.person_id, [])).collect();
    let dispute = dispute::Entity::find().one(db).await.unwrap().unwrap();
    (deal, dispute.id, drawn)
}

#[tokio::test]
async fn nine_of_seventeen_decide_and_the_rest_need_not_vote() {
    each(async |world| {
        let (deal, dispute, drawn) = called(world).await;
        assert_eq!(drawn.len(), 17);
        for juror in &drawn[..8] {
            command!(world, vote, juror, dispute, Vote::Buyer, "照片说明问题").unwrap();
        }
        let twice = command!(world, vote, &drawn[0], dispute, Vote::Buyer, "再投").unwrap_err();
        assert_eq!(refusal(twice), (CONFLICT, "trade-voted"));
        assert_eq!(world.state(deal.order).await, State::Jury);
        command!(world, vote, &drawn[8], dispute, Vote::Buyer, "同意").unwrap();
        assert_eq!(world.state(deal.order).await, State::Ruled);
        let late = command!(world, vote, &drawn[9], dispute, Vote::Seller, "晚了").unwrap_err();
        assert_eq!(refusal(late), (CONFLICT, "trade-step"));
        let view = world.trade.view(&deal.buyer, deal.order).await.unwrap().dispute.unwrap();
        assert_eq!((view.rulings[0].by, view.rulings[0].buyer_fen), (By::Jury, 10_000));
        world.hours(7 * 24).await;
        assert_eq!(world.wallet(&deal.buyer).await, 100_000 - 20_000);
    })
    .await;
}

#[tokio::test]
async fn a_jury_that_does_not_agree_hands_the_case_to_staff() {
    each(async |world| {
        let (deal, dispute, drawn) = called(world).await;
        for (n, juror) in drawn[..16].iter().enumerate() {
            let side = if n % 2 == 0 { Vote::Buyer } else { Vote::Seller };
            command!(world, vote, juror, dispute, side, "理由").unwrap();
        }
        world.hours(48).await;
        assert_eq!(world.state(deal.order).await, State::Deciding);
    })
    .await;
}

#[tokio::test]
async fn a_juror_sees_the_case_without_names_and_nobody_else_votes() {
    each(async |world| {
        let (deal, dispute, drawn) = called(world).await;
        let cases = world.trade.jury_cases(&drawn[0]).await.unwrap();
        assert_eq!(cases.len(), 1);
        let shown = serde_json::to_string(&cases[0]).unwrap();
        for party in [&deal.buyer, &deal.seller] {
            assert!(!shown.contains(&party.person_id().unwrap().to_string()));
            let refused = command!(world, vote, party, dispute, Vote::Buyer, "我").unwrap_err();
            assert_eq!(refusal(refused), (404, "not-found"));
        }
    })
    .await;
}

#[tokio::test]
async fn too_few_jurors_are_noticed_before_the_case_goes_there() {
    each(async |world| {
        jurors(world, 16).await;
        let deal = refused(world).await;
        command!(world, open_dispute, &deal.buyer, deal.order, None, small()).unwrap();
        let refused = command!(world, accept_jury, &deal.seller, deal.order).unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-no-jurors"));
        world.hours(48).await;
        assert_eq!(world.state(deal.order).await, State::Deciding);
    })
    .await;
}

#[tokio::test]
async fn who_has_not_been_here_long_enough_is_no_juror() {
    each(async |world| {
        let refused = command!(world, enlist, &world.person()).unwrap_err();
        assert_eq!(refusal(refused), (CONFLICT, "trade-juror-not-eligible"));
    })
    .await;
}

#[tokio::test]
async fn who_has_traded_with_one_of_the_two_is_not_drawn() {
    each(async |world| {
        let known = jurors(world, 1).await.remove(0);
        jurors(world, 17).await;
        let deal = refused(world).await;
        let listing = world.on_offer(&deal.seller, crate::support::bike()).await;
        world.ordered(&known, listing).await;
        command!(world, open_dispute, &deal.buyer, deal.order, None, small()).unwrap();
        command!(world, accept_jury, &deal.seller, deal.order).unwrap();
        world.hours(48).await;
        let seats = jury_seat::Entity::find().all(world.store().reader()).await.unwrap();
        assert_eq!(seats.len(), 17);
        assert!(seats.iter().all(|seat| !known.is(seat.person_id)));
    })
    .await;
}
