//! The jury (小法庭): who votes, how they are drawn, and how the votes decide.

use luhuan_kernel::{Actor, Id, Message, Person, Timestamp, random};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Statement, sea_query::OnConflict,
};
use serde::Serialize;

use super::{DisputeView, Trade, disputes::ruled, steps::Move, words};
use crate::{
    Dispute, Error, JuryEvent,
    entity::{code, dispute, juror, jury_seat, order},
    model::{By, Event, JuryRules, Ruling, Stage, State, Tally, Vote, draw},
    policy,
};

/// Candidates looked at for one draw.
const CANDIDATES: i64 = 2_000;

/// A case as a juror sees it: what happened, no names.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct JuryCase {
    /// The dispute.
    pub dispute: DisputeView,
    /// What was bought.
    pub title: String,
    /// The flaws that the seller had stated.
    pub flaws: Vec<String>,
    /// What is held, in fen.
    pub held_fen: i64,
    /// The juror's own vote.
    pub vote: Option<Vote>,
    /// Until when votes are taken.
    pub until: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct Candidate {
    person_id: Id<Person>,
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

impl Trade {
    /// Offers to vote on disputes: for who has been here long enough and has finished enough trades.
    ///
    /// # Errors
    /// [`Error::NotEligible`].
    pub async fn enlist(&self, uow: &UnitOfWork, actor: &Actor) -> Result<(), Error> {
        let person = policy::enlist(actor)?;
        let rules = JuryRules::load();
        let card = self.accounts().sellers(&[person]).await?.remove(&person).ok_or(Error::NotEligible)?;
        let long = uow.now() >= card.since.plus_days(rules.days_here);
        if !long || self.finished_trades(uow, person).await? < rules.trades {
            return Err(Error::NotEligible);
        }
        let row = juror::Model { person_id: person, since: uow.now(), ended_at: None };
        juror::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(
                OnConflict::column(juror::Column::PersonId).update_column(juror::Column::EndedAt).to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
        Ok(())
    }

    /// Votes on no more disputes; seats taken are kept.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn resign(&self, uow: &UnitOfWork, actor: &Actor) -> Result<(), Error> {
        let person = policy::enlist(actor)?;
        juror::Entity::update_many()
            .col_expr(juror::Column::EndedAt, sea_orm::sea_query::Expr::value(uow.now()))
            .filter(juror::Column::PersonId.eq(person))
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    /// Whether the actor votes on disputes.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn is_juror(&self, actor: &Actor) -> Result<bool, Error> {
        let person = policy::view_own(actor)?;
        let row = juror::Entity::find_by_id(person).one(self.store().reader()).await?;
        Ok(row.is_some_and(|row| row.ended_at.is_none()))
    }

    /// The cases in which the actor has a seat, those that wait for a vote first.
    ///
    /// # Errors
    /// When nobody is signed in.
    pub async fn jury_cases(&self, actor: &Actor) -> Result<Vec<JuryCase>, Error> {
        let person = policy::view_own(actor)?;
        let db = self.store().reader();
        let seats = jury_seat::Entity::find()
            .filter(jury_seat::Column::PersonId.eq(person))
            .order_by_desc(jury_seat::Column::DrawnAt)
            .limit(20)
            .all(db)
            .await?;
        let mut cases = Vec::with_capacity(seats.len());
        for seat in seats {
            let Some(row) = dispute::Entity::find_by_id(seat.dispute_id).one(db).await? else { continue };
            let Some(order) = order::Entity::find_by_id(row.order_id).one(db).await? else { continue };
            let voting = order.state()? == State::Jury;
            cases.push(JuryCase {
                dispute: self.dispute_view(row).await?,
                flaws: order.flaws()?,
                held_fen: order.held_fen,
                title: order.title,
                vote: seat.vote.as_deref().map(code).transpose()?,
                until: if voting { order.due_at } else { None },
            });
        }
        cases.sort_by_key(|case| case.until.is_none() || case.vote.is_some());
        Ok(cases)
    }

    /// Votes, once, with reasons. The vote that makes the majority decides.
    ///
    /// # Errors
    /// [`Error::NotFound`] without a seat; [`Error::Voted`]; [`Error::IllegalStep`] when the votes are closed.
    pub async fn vote(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Dispute>,
        vote: Vote,
        reasons: &str,
    ) -> Result<(), Error> {
        let person = policy::vote(actor)?;
        let found = dispute::Entity::find_by_id(id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let mut moving = self.open(uow, found.order_id).await?;
        let seat = jury_seat::Entity::find_by_id((id, person)).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        moving.row.state()?.step(Event::Verdict, By::Jury)?;
        if seat.vote.is_some() {
            return Err(Error::Voted);
        }
        let seat = jury_seat::Model {
            vote: Some(vote.code().to_owned()),
            reasons: words("reasons", reasons, 300)?,
            voted_at: Some(uow.now()),
            ..seat
        };
        jury_seat::Entity::update_many()
            .set(seat.into_active_model().reset_all())
            .filter(jury_seat::Column::DisputeId.eq(id))
            .filter(jury_seat::Column::PersonId.eq(person))
            .exec(uow.tx())
            .await?;
        let seats =
            jury_seat::Entity::find().filter(jury_seat::Column::DisputeId.eq(id)).all(uow.tx()).await?;
        let votes =
            |side: Vote| seats.iter().filter(|seat| seat.vote.as_deref() == Some(side.code())).count();
        let tally = Tally { buyer: votes(Vote::Buyer), seller: votes(Vote::Seller) };
        let Some(winner) = tally.decided(JuryRules::load().decided_at) else { return Ok(()) };
        let buyer_fen = if winner == Vote::Buyer { found.claim_fen.min(moving.row.held_fen) } else { 0 };
        let ruling = Ruling { buyer_fen, reasons: format!("{} : {}", tally.buyer, tally.seller) };
        self.write_ruling(uow, &moving.row, id, Stage::First, By::Jury, None, &ruling).await?;
        let step: Move = ruled(&moving.row, Event::Verdict, By::Jury, &ruling);
        self.take(uow, &mut moving, step).await?;
        self.close(uow, moving).await?;
        Ok(())
    }

    /// Draws the jury of an order's dispute, by a seed that is kept, so that the draw can be checked.
    pub(super) async fn draw_jury(&self, uow: &UnitOfWork, row: &order::Model) -> Result<(), Error> {
        let mut dispute = self.open_dispute_of(uow, row.id).await?;
        let candidates = self.candidates(uow, row).await?;
        let seed = random::bytes::<32>();
        let jurors = draw(candidates, seed, JuryRules::load().jurors);
        dispute.seed = Some(hex::encode(seed));
        let id = dispute.id;
        self.save_dispute(uow, dispute).await?;
        if jurors.is_empty() {
            // Nobody is free any more: no votes come, and the clock hands it to staff.
            return Ok(());
        }
        let seats = jurors.iter().map(|person_id| {
            jury_seat::Model {
                dispute_id: id,
                person_id: *person_id,
                vote: None,
                reasons: String::new(),
                drawn_at: uow.now(),
                voted_at: None,
            }
            .into_active_model()
            .reset_all()
        });
        jury_seat::Entity::insert_many(seats).exec_without_returning(uow.tx()).await?;
        uow.emit(&JuryEvent { dispute: id, order: row.id, jurors }).await?;
        Ok(())
    }

    /// Refuses when not enough jurors are free for one more case today.
    pub(super) async fn jurors_free(&self, uow: &UnitOfWork, row: &order::Model) -> Result<(), Error> {
        let free = self.candidates(uow, row).await?.len();
        if free >= JuryRules::load().jurors { Ok(()) } else { Err(Error::NoJurors) }
    }

    /// Jurors who know neither of the two by a trade, and have not had their cases of the day.
    async fn candidates(&self, uow: &UnitOfWork, row: &order::Model) -> Result<Vec<Id<Person>>, Error> {
        let sql = "SELECT juror.person_id AS person_id FROM juror
             WHERE juror.ended_at IS NULL AND juror.person_id <> $1 AND juror.person_id <> $2
               AND NOT EXISTS (SELECT 1 FROM trade_order o WHERE o.buyer_id = juror.person_id AND o.seller_id IN ($1, $2))
               AND NOT EXISTS (SELECT 1 FROM trade_order o WHERE o.seller_id = juror.person_id AND o.buyer_id IN ($1, $2))
               AND (SELECT COUNT(*) FROM jury_seat s WHERE s.person_id = juror.person_id AND s.drawn_at > $3) < $4
             ORDER BY juror.since LIMIT $5";
        let values: [sea_orm::Value; 5] = [
            row.buyer_id.into(),
            row.seller_id.into(),
            uow.now().plus_days(-1).into(),
            JuryRules::load().cases_a_day.into(),
            CANDIDATES.into(),
        ];
        let statement = Statement::from_sql_and_values(uow.tx().get_database_backend(), sql, values);
        let found = Candidate::find_by_statement(statement).all(uow.tx()).await?;
        Ok(found.into_iter().map(|candidate| candidate.person_id).collect())
    }

    /// Trades that a person brought to a good end, as buyer or seller.
    async fn finished_trades(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<i64, Error> {
        let sql = "SELECT COUNT(*) AS n FROM trade_order
                   WHERE (buyer_id = $1 OR seller_id = $1) AND state IN ('settled', 'closed')";
        let statement = Statement::from_sql_and_values(uow.tx().get_database_backend(), sql, [person.into()]);
        Ok(Count::find_by_statement(statement).one(uow.tx()).await?.map_or(0, |count| count.n))
    }

    /// The sentence for a juror who may not: kept here beside the rule it speaks of.
    #[must_use]
    pub fn jury_rule() -> Message {
        let rules = JuryRules::load();
        Message::new("trade-jury-rule").with("days", rules.days_here).with("trades", rules.trades)
    }
}
