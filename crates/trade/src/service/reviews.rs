//! Reviews: blind until both wrote or the time is over; one reply; hidden only with a reason.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Message, Organisation, Page, Person, Problem, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, Statement,
    sea_query::{Expr, ExprTrait},
};
use serde::Serialize;

use super::{Trade, locked, some_words, words};
use crate::{
    Error, Order, Review, ReviewEvent,
    entity::{code, json, order, review, text},
    event::ReviewStep,
    model::{By, ReviewRules, State},
    policy,
};

/// What one says of the other.
#[derive(Clone, Debug)]
pub struct NewReview {
    /// 1 to 5.
    pub stars: i32,
    /// Codes of tags.
    pub tags: Vec<String>,
    /// In words.
    pub text: String,
}

/// A review as a reader sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ReviewView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Review>,
    /// Of which order.
    #[schema(value_type = String, format = "uuid")]
    pub order: Id<Order>,
    /// Which side wrote it.
    pub by: By,
    /// About whom.
    #[schema(value_type = String, format = "uuid")]
    pub about: Id<Person>,
    /// 1 to 5; nothing where it is hidden.
    pub stars: Option<i32>,
    /// Codes of tags.
    pub tags: Vec<String>,
    /// In words; empty where it is hidden.
    pub text: String,
    /// The other's reply.
    pub reply: Option<String>,
    /// Why it is hidden.
    pub hidden: Option<String>,
    /// Whether both can read it.
    pub shown: bool,
    /// When it was written.
    pub created_at: Timestamp,
}

impl ReviewView {
    pub(super) fn of(row: review::Model) -> Result<Self, Error> {
        let hidden = row.hidden.is_some();
        let tags: Vec<String> = json(&row.tags)?;
        Ok(Self {
            id: row.id,
            order: row.order_id,
            by: code(&row.by_side)?,
            about: row.about_id,
            stars: (!hidden).then_some(row.stars),
            tags: if hidden { Vec::new() } else { tags },
            text: if hidden { String::new() } else { row.text },
            reply: row.reply.filter(|_| !hidden),
            hidden: row.hidden,
            shown: row.shown_at.is_some(),
            created_at: row.created_at,
        })
    }
}

/// What a seller or buyer has behind them: counted from orders and reviews, each part by itself (domain §5.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, FromQueryResult, utoipa::ToSchema)]
pub struct Figures {
    /// Sales that stood.
    pub sold: i64,
    /// Sales that were undone by a dispute or refund after shipping.
    pub undone: i64,
    /// Reviews that can be read.
    pub reviews: i64,
    /// Their stars added up; divided by `reviews` the mean.
    pub stars: i64,
    /// Those with four or five stars.
    pub good: i64,
}

impl Figures {
    /// The share of good reviews in per cent, rounded half up; nothing without reviews.
    #[must_use]
    pub const fn good_percent(&self) -> Option<i64> {
        if self.reviews == 0 { None } else { Some((self.good * 200 + self.reviews) / (2 * self.reviews)) }
    }

    /// The mean in tenths of a star, rounded half up; nothing without reviews.
    #[must_use]
    pub const fn star_tenths(&self) -> Option<i64> {
        if self.reviews == 0 { None } else { Some((self.stars * 20 + self.reviews) / (2 * self.reviews)) }
    }
}

impl Trade {
    /// Reviews the other side of a settled order. It can be read once both wrote, or when the time is over.
    ///
    /// # Errors
    /// [`Error::ReviewClosed`]; [`Error::Reviewed`]; [`Error::Invalid`].
    pub async fn review(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        new: NewReview,
    ) -> Result<ReviewView, Error> {
        let moving = self.open(uow, id).await?;
        let row = &moving.row;
        let by = policy::review(actor, row.parties())?;
        if row.state()? != State::Settled {
            return Err(Error::ReviewClosed);
        }
        let about = by.other().ok_or(Error::Forbidden)?;
        let tags = checked_tags(about, &new)?;
        let others = review::Entity::find().filter(review::Column::OrderId.eq(id)).all(uow.tx()).await?;
        if others.iter().any(|review| review.by_side == by.code()) {
            return Err(Error::Reviewed);
        }
        let both = !others.is_empty();
        let review = review::Model {
            id: self.new_id(),
            order_id: id,
            by_side: by.code().to_owned(),
            person_id: actor.person_id().ok_or(Error::Unauthenticated)?,
            about_id: super::other_person(row.parties(), by),
            about_shop: if about == By::Seller { row.seller_shop } else { None },
            stars: new.stars,
            tags: text(&tags),
            text: some_words("text", &self.masked(&new.text), ReviewRules::load().text_most)?,
            reply: None,
            hidden: None,
            hidden_by: None,
            created_at: uow.now(),
            shown_at: both.then(|| uow.now()),
            replied_at: None,
        };
        review::Entity::insert(review.clone().into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        if both {
            self.show_reviews(uow, id).await?;
        }
        uow.emit(&told(&review, row, ReviewStep::Written)?).await?;
        ReviewView::of(review)
    }

    /// Replies to a review about oneself, once.
    ///
    /// # Errors
    /// [`Error::NotFound`] unless it can be read and is about the actor's side; [`Error::Replied`].
    pub async fn reply(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Review>,
        reply: &str,
    ) -> Result<ReviewView, Error> {
        let (mut review, order) = self.review_locked(uow, id).await?;
        let by = policy::review(actor, order.parties())?;
        let own = review.by_side == by.code();
        if own || review.shown_at.is_none() || review.hidden.is_some() {
            return Err(Error::NotFound);
        }
        if review.reply.is_some() {
            return Err(Error::Replied);
        }
        review.reply = Some(words("reply", &self.masked(reply), ReviewRules::load().reply_most)?);
        review.replied_at = Some(uow.now());
        self.save_review(uow, review.clone()).await?;
        uow.emit(&told(&review, &order, ReviewStep::Replied)?).await?;
        ReviewView::of(review)
    }

    /// Hides a review that breaks a rule, with the reason that its writer reads. It is not deleted (E-Commerce Law
    /// art. 39), and counts no more.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but a moderator; [`Error::Invalid`] without a reason.
    pub async fn hide_review(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Review>,
        why: &str,
    ) -> Result<ReviewView, Error> {
        let moderator = policy::moderate(actor)?;
        let (mut review, order) = self.review_locked(uow, id).await?;
        review.hidden = Some(words("reason", why, 300)?);
        review.hidden_by = Some(moderator);
        self.save_review(uow, review.clone()).await?;
        uow.emit(&told(&review, &order, ReviewStep::Hidden)?).await?;
        ReviewView::of(review)
    }

    /// The reviews about a seller (a shop, or a person) or about a person as buyer, that can be read, newest first.
    ///
    /// # Errors
    /// 422 for a cursor that is not of this list.
    pub async fn reviews_about(
        &self,
        person: Id<Person>,
        shop: Option<Id<Organisation>>,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<ReviewView>, Problem> {
        let after: Option<(Timestamp, Id<Review>)> = super::query::key(after)?;
        let mut query = review::Entity::find().filter(review::Column::ShownAt.is_not_null());
        query = match shop {
            Some(shop) => query.filter(review::Column::AboutShop.eq(shop)),
            None => {
                query.filter(review::Column::AboutId.eq(person)).filter(review::Column::AboutShop.is_null())
            }
        };
        if let Some((at, id)) = after {
            let place = Expr::tuple([Expr::col(review::Column::ShownAt), Expr::col(review::Column::Id)]);
            query = query.filter(place.lt(Expr::tuple([Expr::value(at), Expr::value(id)])));
        }
        let rows = query
            .order_by_desc(review::Column::ShownAt)
            .order_by_desc(review::Column::Id)
            .limit(limit.probe())
            .all(self.store().reader())
            .await
            .map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.shown_at, row.id));
        let items = page.items.into_iter().map(ReviewView::of).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }

    /// The figures of a seller.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn figures(
        &self,
        person: Id<Person>,
        shop: Option<Id<Organisation>>,
    ) -> Result<Figures, Error> {
        let (order_of, review_of, id): (_, _, sea_orm::Value) = match shop {
            Some(shop) => ("seller_shop = $1", "about_shop = $1", shop.into()),
            None => (
                "seller_id = $1 AND seller_shop IS NULL",
                "about_id = $1 AND about_shop IS NULL AND by_side = 'buyer'",
                person.into(),
            ),
        };
        let sql = format!(
            "SELECT
               (SELECT COUNT(*) FROM trade_order WHERE {order_of} AND state IN ('settled', 'closed')) AS sold,
               (SELECT COUNT(*) FROM trade_order WHERE {order_of} AND state = 'refunded') AS undone,
               COUNT(*) AS reviews,
               CAST(COALESCE(SUM(stars), 0) AS bigint) AS stars,
               CAST(COALESCE(SUM(CASE WHEN stars >= 4 THEN 1 ELSE 0 END), 0) AS bigint) AS good
             FROM review WHERE {review_of} AND shown_at IS NOT NULL AND hidden IS NULL"
        );
        let db = self.store().reader();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [id]);
        Ok(Figures::find_by_statement(statement).one(db).await?.unwrap_or_default())
    }

    /// The reviews of an order as a side may read them: its own always, the other's once it is shown.
    pub(super) async fn reviews_of(&self, order: Id<Order>, reader: By) -> Result<Vec<ReviewView>, Error> {
        let rows = review::Entity::find()
            .filter(review::Column::OrderId.eq(order))
            .order_by_asc(review::Column::Id)
            .all(self.store().reader())
            .await?;
        let readable = rows
            .into_iter()
            .filter(|row| row.shown_at.is_some() || row.by_side == reader.code() || reader == By::Staff);
        readable.map(ReviewView::of).collect()
    }

    /// Makes the reviews of an order readable.
    pub(super) async fn show_reviews(&self, uow: &UnitOfWork, order: Id<Order>) -> Result<(), Error> {
        review::Entity::update_many()
            .col_expr(review::Column::ShownAt, Expr::value(uow.now()))
            .filter(review::Column::OrderId.eq(order))
            .filter(review::Column::ShownAt.is_null())
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    async fn review_locked(
        &self,
        uow: &UnitOfWork,
        id: Id<Review>,
    ) -> Result<(review::Model, order::Model), Error> {
        let review =
            locked(uow, review::Entity::find_by_id(id)).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        let order = order::Entity::find_by_id(review.order_id).one(uow.tx()).await?.ok_or(Error::NotFound)?;
        Ok((review, order))
    }

    async fn save_review(&self, uow: &UnitOfWork, row: review::Model) -> Result<(), Error> {
        let id = row.id;
        review::Entity::update_many()
            .set(row.into_active_model().reset_all())
            .filter(review::Column::Id.eq(id))
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    /// The text without contact details: a review is public.
    fn masked(&self, text: &str) -> String {
        self.inner.contacts.mask(text).0
    }
}

fn checked_tags(about: By, new: &NewReview) -> Result<Vec<String>, Error> {
    if !(1..=5).contains(&new.stars) {
        return Err(Error::field("stars", Message::new("trade-stars")));
    }
    let mut tags: Vec<String> = Vec::new();
    for tag in &new.tags {
        if !ReviewRules::load().tags_of(about).any(|known| known.code == *tag) {
            return Err(Error::field("tags", Message::new("listing-unknown-code").with("code", tag)));
        }
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    Ok(tags)
}

fn told(review: &review::Model, order: &order::Model, what: ReviewStep) -> Result<ReviewEvent, Error> {
    Ok(ReviewEvent {
        review: review.id,
        order: order.id,
        buyer: order.buyer_id,
        seller: order.seller_id,
        by: code(&review.by_side)?,
        about: review.about_id,
        what,
        shown: review.shown_at.is_some(),
    })
}
