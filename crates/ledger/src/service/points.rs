//! Green points (绿色积分): earned, spent oldest end first, returned, expired.

use luhuan_kernel::{Currency, Id, Message, Money, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{Ledger, Posted};
use crate::{
    AccountKind, AccountOwner, Error, LedgerEvent, Transaction, TransactionKind,
    entity::{points_lot, points_use},
    model::PointsRules,
};

/// Lots that one spending draws on at most; whoever has more spends in two.
const LOTS: u64 = 1_000;

const fn points(minor: i64) -> Money {
    Money { minor, currency: Currency::Points }
}

impl Ledger {
    /// Writes points to an owner, once for each reference.
    ///
    /// # Errors
    /// [`Error::Invalid`] for none or less; [`Error::ReferenceReused`] when the reference earned another number.
    pub async fn earn_points(
        &self,
        uow: &UnitOfWork,
        owner: &AccountOwner,
        earned: i64,
        reference: &str,
    ) -> Result<Posted, Error> {
        above_none(earned)?;
        let transaction = Transaction::moving(
            TransactionKind::PointsEarned,
            format!("{owner} {reference}"),
            points(earned),
            (AccountOwner::Platform, AccountKind::PointsIssued),
            (owner.clone(), AccountKind::Points),
        );
        let posted = self.post(uow, transaction).await?;
        if !posted.is_new() {
            return Ok(posted);
        }
        let lot = points_lot::Model {
            id: Id::new(self.store().clock()),
            owner: owner.to_string(),
            reference: reference.to_owned(),
            earned,
            remaining: earned,
            earned_at: uow.now(),
            expires_at: PointsRules::get().end_of(uow.now()),
            noticed_at: None,
        };
        points_lot::Entity::insert(lot.into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        let event = LedgerEvent::PointsEarned {
            owner: owner.clone(),
            points: earned,
            reference: reference.to_owned(),
        };
        uow.emit(&event).await?;
        Ok(posted)
    }

    /// Spends points as a discount on an order, once for each order: the points go, and the budget pays their worth into
    /// the order's escrow. Returns that worth.
    ///
    /// # Errors
    /// [`Error::InsufficientFunds`] when the owner has too few, or the budget too little.
    pub async fn spend_points(
        &self,
        uow: &UnitOfWork,
        owner: &AccountOwner,
        spent: i64,
        order: Uuid,
    ) -> Result<Money, Error> {
        above_none(spent)?;
        let worth = Money::cny(spent.saturating_mul(PointsRules::get().fen_per_point));
        let budget = AccountOwner::Budget(self.settings().points_budget.clone());
        let transaction = Transaction::moving(
            TransactionKind::PointsSpent,
            order,
            points(spent),
            (owner.clone(), AccountKind::Points),
            (AccountOwner::Platform, AccountKind::PointsIssued),
        )
        .leg(budget, AccountKind::Available, Money::cny(-worth.minor))
        .leg(AccountOwner::Order(order), AccountKind::Escrow, worth);
        // Lots are locked before accounts, here as where they expire.
        let lots = locked(uow, open(&owner.to_string())).all(uow.tx()).await?;
        if self.post(uow, transaction).await?.is_new() {
            draw(uow, lots, spent, &order.to_string()).await?;
        }
        Ok(worth)
    }

    /// Gives points that were spent on an order back, once for each reference: to the lots they came from, those that
    /// end last first; their worth goes from the escrow back to the budget. What had ended meanwhile lives on for
    /// thirty days.
    ///
    /// # Errors
    /// [`Error::RefundTooLarge`] when fewer were spent and not given back; [`Error::InsufficientFunds`] when the escrow
    /// holds less.
    pub async fn return_points(
        &self,
        uow: &UnitOfWork,
        owner: &AccountOwner,
        returned: i64,
        order: Uuid,
        reference: &str,
    ) -> Result<Money, Error> {
        above_none(returned)?;
        let worth = Money::cny(returned.saturating_mul(PointsRules::get().fen_per_point));
        let budget = AccountOwner::Budget(self.settings().points_budget.clone());
        let transaction = Transaction::moving(
            TransactionKind::PointsReturned,
            format!("{order} {reference}"),
            points(returned),
            (AccountOwner::Platform, AccountKind::PointsIssued),
            (owner.clone(), AccountKind::Points),
        )
        .leg(AccountOwner::Order(order), AccountKind::Escrow, Money::cny(-worth.minor))
        .leg(budget, AccountKind::Available, worth);
        let drawn = drawn_for(uow, &order.to_string()).await?;
        if self.post(uow, transaction).await?.is_new() {
            put_back(uow, drawn, returned).await?;
        }
        Ok(worth)
    }

    /// Takes points back because what earned them was corrected: what is left of them, once. Returns how many.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the reference earned none.
    pub async fn reverse_points(
        &self,
        uow: &UnitOfWork,
        owner: &AccountOwner,
        taken: i64,
        reference: &str,
    ) -> Result<i64, Error> {
        above_none(taken)?;
        let query = points_lot::Entity::find()
            .filter(points_lot::Column::Owner.eq(owner.to_string()))
            .filter(points_lot::Column::Reference.eq(reference));
        let mut lot = locked(uow, query).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let taken = taken.min(lot.remaining);
        if taken == 0 {
            return Ok(0);
        }
        let transaction = Transaction::moving(
            TransactionKind::PointsReversed,
            format!("{owner} {reference} {}", lot.remaining),
            points(taken),
            (owner.clone(), AccountKind::Points),
            (AccountOwner::Platform, AccountKind::PointsIssued),
        );
        self.post(uow, transaction).await?;
        lot.remaining -= taken;
        lot.into_active_model().reset_all().update(uow.tx()).await?;
        Ok(taken)
    }

    /// Ends the points whose time is over, and tells owners of those that end soon. Returns how many lots were looked
    /// at; fewer than `at_most` means that none is left.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn expire_points(&self, uow: &UnitOfWork, at_most: u64) -> Result<u64, Error> {
        let due = points_lot::Entity::find()
            .filter(points_lot::Column::Remaining.gt(0))
            .filter(points_lot::Column::ExpiresAt.lte(uow.now()))
            .order_by_asc(points_lot::Column::ExpiresAt)
            .order_by_asc(points_lot::Column::Id)
            .limit(at_most);
        let due = locked(uow, due).all(uow.tx()).await?;
        let mut seen = due.len() as u64;
        for lot in due {
            self.expire(uow, lot).await?;
        }
        let soon = uow.now().plus_days(PointsRules::get().notice_days);
        let ending = points_lot::Entity::find()
            .filter(points_lot::Column::Remaining.gt(0))
            .filter(points_lot::Column::ExpiresAt.lte(soon))
            .filter(points_lot::Column::NoticedAt.is_null())
            .order_by_asc(points_lot::Column::ExpiresAt)
            .order_by_asc(points_lot::Column::Id)
            .limit(at_most.saturating_sub(seen));
        for mut lot in locked(uow, ending).all(uow.tx()).await? {
            seen += 1;
            let event = LedgerEvent::PointsEnding {
                owner: owner_of(&lot)?,
                points: lot.remaining,
                at: lot.expires_at,
            };
            uow.emit(&event).await?;
            lot.noticed_at = Some(uow.now());
            lot.into_active_model().reset_all().update(uow.tx()).await?;
        }
        Ok(seen)
    }

    async fn expire(&self, uow: &UnitOfWork, mut lot: points_lot::Model) -> Result<(), Error> {
        let owner = owner_of(&lot)?;
        let gone = lot.remaining;
        // With the end in it: points that came back to the lot end a second time.
        let transaction = Transaction::moving(
            TransactionKind::PointsExpired,
            format!("{} {}", lot.id, lot.expires_at),
            points(gone),
            (owner.clone(), AccountKind::Points),
            (AccountOwner::Platform, AccountKind::PointsIssued),
        );
        lot.remaining = 0;
        lot.into_active_model().reset_all().update(uow.tx()).await?;
        self.post(uow, transaction).await?;
        uow.emit(&LedgerEvent::PointsExpired { owner, points: gone }).await?;
        Ok(())
    }

    /// The owner's points by when they end, soonest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn points_of(&self, owner: &AccountOwner) -> Result<Vec<(i64, Timestamp)>, Error> {
        let lots = open(&owner.to_string()).all(self.store().reader()).await?;
        Ok(lots.into_iter().map(|lot| (lot.remaining, lot.expires_at)).collect())
    }
}

fn above_none(number: i64) -> Result<(), Error> {
    if number > 0 {
        return Ok(());
    }
    Err(Error::field("points", Message::new("field-amount-above-zero")))
}

fn owner_of(lot: &points_lot::Model) -> Result<AccountOwner, Error> {
    lot.owner
        .parse()
        .map_err(|_| luhuan_store::Error::Corrupt(format!("the owner of points: '{}'", lot.owner)).into())
}

fn open(owner: &str) -> sea_orm::Select<points_lot::Entity> {
    points_lot::Entity::find()
        .filter(points_lot::Column::Owner.eq(owner))
        .filter(points_lot::Column::Remaining.gt(0))
        .order_by_asc(points_lot::Column::ExpiresAt)
        .order_by_asc(points_lot::Column::Id)
        .limit(LOTS)
}

fn locked<E: EntityTrait>(uow: &UnitOfWork, query: sea_orm::Select<E>) -> sea_orm::Select<E> {
    if uow.locks_rows() { query.lock_exclusive() } else { query }
}

/// Takes points from lots, in their order, and writes down which.
async fn draw(
    uow: &UnitOfWork,
    lots: Vec<points_lot::Model>,
    spent: i64,
    reference: &str,
) -> Result<(), Error> {
    let mut wanted = spent;
    for mut lot in lots {
        let taken = wanted.min(lot.remaining);
        let used =
            points_use::Model { reference: reference.to_owned(), lot_id: lot.id, amount: taken, returned: 0 };
        points_use::Entity::insert(used.into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        lot.remaining -= taken;
        lot.into_active_model().reset_all().update(uow.tx()).await?;
        wanted -= taken;
        if wanted == 0 {
            return Ok(());
        }
    }
    // The balance sufficed, so only a hoard of more than a thousand lots comes here.
    let held = points(spent - wanted);
    Err(Error::InsufficientFunds { kind: AccountKind::Points, held, needed: points(spent) })
}

/// The lots that were drawn on, those that end last first, each with what was drawn.
async fn drawn_for(
    uow: &UnitOfWork,
    reference: &str,
) -> Result<Vec<(points_lot::Model, points_use::Model)>, Error> {
    let query = points_use::Entity::find().filter(points_use::Column::Reference.eq(reference));
    let uses = query.all(uow.tx()).await?;
    let lots = points_lot::Entity::find()
        .filter(points_lot::Column::Id.is_in(uses.iter().map(|used| used.lot_id)))
        .order_by_desc(points_lot::Column::ExpiresAt)
        .order_by_desc(points_lot::Column::Id);
    let lots = locked(uow, lots).all(uow.tx()).await?;
    // Read once more, now that the lots are locked: what came back meanwhile is known.
    let query = points_use::Entity::find().filter(points_use::Column::Reference.eq(reference));
    let uses = query.all(uow.tx()).await?;
    let with_use = |lot: points_lot::Model| {
        let used = uses.iter().find(|used| used.lot_id == lot.id)?;
        Some((lot, used.clone()))
    };
    Ok(lots.into_iter().filter_map(with_use).collect())
}

/// Puts points back into the lots that they came from.
async fn put_back(
    uow: &UnitOfWork,
    drawn: Vec<(points_lot::Model, points_use::Model)>,
    returned: i64,
) -> Result<(), Error> {
    let least = uow.now().plus_days(PointsRules::get().returned_days);
    let mut left = returned;
    for (mut lot, mut used) in drawn {
        let back = left.min(used.amount - used.returned);
        if back == 0 {
            continue;
        }
        used.returned += back;
        used.into_active_model().reset_all().update(uow.tx()).await?;
        lot.remaining += back;
        lot.expires_at = lot.expires_at.max(least);
        lot.into_active_model().reset_all().update(uow.tx()).await?;
        left -= back;
        if left == 0 {
            return Ok(());
        }
    }
    Err(Error::RefundTooLarge { left: points(returned - left) })
}
