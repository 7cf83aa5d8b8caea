//! Invoices (数电票): asked for, handed to the issuer by a job, taken back by a red-letter one when money goes back.

use luhuan_kernel::{Actor, Id, Message, Person, Timestamp, validate};
use luhuan_store::{UnitOfWork, jobs};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::{Trade, locked, some_words, words};
use crate::{
    Error, Invoice, InvoiceRequest, Issued, Order,
    entity::{code, invoice, json, order, text},
    model::{By, InvoiceKind, InvoiceLine, InvoiceState, State, TaxRules},
    policy,
};

/// The job that hands an invoice to the issuer; its key is the invoice's id.
pub const INVOICE_JOB: &str = "trade-invoice";

/// Who issues the invoice of the platform's fee.
const PLATFORM: &str = "绿环";

/// An invoice to ask for.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// The title (抬头).
    pub title: String,
    /// The credit code of an organisation; none for a person.
    pub usc: Option<String>,
    /// An e-mail address to deliver it to.
    pub deliver_to: String,
}

/// As it is sealed in the row.
#[derive(Serialize, Deserialize)]
struct Buyer {
    title: String,
    usc: Option<String>,
    deliver_to: String,
}

/// An invoice as whoever asked for it sees it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct InvoiceView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Invoice>,
    /// Who invoices whom for what.
    pub kind: InvoiceKind,
    /// Where it stands.
    pub state: InvoiceState,
    /// The invoice that it takes back.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub red_of: Option<Id<Invoice>>,
    /// Its lines.
    pub lines: Vec<InvoiceLine>,
    /// What is paid, in fen; negative for a red-letter one.
    pub gross_fen: i64,
    /// The 20 digits.
    pub number: Option<String>,
    /// Why the issuer refused.
    pub failure: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
}

impl Trade {
    /// Asks for an invoice: the seller for the fee, the buyer for a shop's goods, once the order is settled. What was
    /// invoiced before is not invoiced again, and never more than what was paid and stayed paid.
    ///
    /// # Errors
    /// [`Error::NothingToInvoice`]; [`Error::Invalid`]; [`Error::NotFound`] unless the order is the actor's.
    pub async fn request_invoice(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Order>,
        new: &NewInvoice,
    ) -> Result<InvoiceView, Error> {
        let moving = self.open(uow, id).await?;
        let row = &moving.row;
        let kind = match policy::invoice(actor, row.parties())? {
            By::Seller => InvoiceKind::PlatformFee,
            _ => InvoiceKind::Goods,
        };
        let buyer = checked(new)?;
        if !matches!(row.state()?, State::Settled | State::Closed | State::Refunded) {
            return Err(Error::NothingToInvoice);
        }
        // A private seller cannot issue one (发票管理办法 art. 18); the order itself is the receipt.
        if kind == InvoiceKind::Goods && row.seller_shop.is_none() {
            return Err(Error::NothingToInvoice);
        }
        let left = due(row, kind) - self.invoiced(uow, id, kind).await?;
        if left <= 0 {
            return Err(Error::NothingToInvoice);
        }
        let (seller_name, seller_usc) = self.issuer_of(row, kind).await?;
        let line =
            TaxRules::load().line(kind, if kind == InvoiceKind::Goods { &row.title } else { "" }, left)?;
        let invoice_id = self.new_id();
        let person = actor.person_id().ok_or(Error::Unauthenticated)?;
        let new = invoice::Model {
            id: invoice_id,
            order_id: id,
            kind: kind.code().to_owned(),
            state: InvoiceState::Requested.code().to_owned(),
            red_of: None,
            seller_name,
            seller_usc,
            buyer_sealed: self.keys().seal(&buyer_place(invoice_id), &text(&buyer))?,
            lines: text(&[&line]),
            gross_fen: line.gross_fen(),
            tax_fen: line.tax_fen,
            number: None,
            file: None,
            failure: None,
            person_id: person,
            created_at: uow.now(),
            issued_at: None,
        };
        self.ask(uow, &new).await?;
        view(new)
    }

    async fn ask(&self, uow: &UnitOfWork, new: &invoice::Model) -> Result<(), Error> {
        invoice::Entity::insert(new.clone().into_active_model().reset_all())
            .exec_without_returning(uow.tx())
            .await?;
        jobs::schedule(uow, INVOICE_JOB, &new.id.to_string(), uow.now()).await?;
        Ok(())
    }

    /// Money went back: what is invoiced beyond what stays paid is taken back by red-letter invoices.
    pub(super) async fn red_letter(&self, uow: &UnitOfWork, row: &order::Model) -> Result<(), Error> {
        let issued =
            invoice::Entity::find().filter(invoice::Column::OrderId.eq(row.id)).all(uow.tx()).await?;
        for kind in [InvoiceKind::PlatformFee, InvoiceKind::Goods] {
            let of_kind: Vec<_> = issued.iter().filter(|invoice| counts(invoice, kind)).collect();
            let over = of_kind.iter().map(|invoice| invoice.gross_fen).sum::<i64>() - due(row, kind);
            let Some(blue) = of_kind.iter().find(|invoice| invoice.red_of.is_none()).filter(|_| over > 0)
            else {
                continue;
            };
            let line = TaxRules::load().line(
                kind,
                if kind == InvoiceKind::Goods { &row.title } else { "" },
                -over,
            )?;
            let id = self.new_id();
            let buyer = self.keys().open(&buyer_place(blue.id), &blue.buyer_sealed)?;
            let red = invoice::Model {
                id,
                state: InvoiceState::Requested.code().to_owned(),
                red_of: Some(blue.id),
                buyer_sealed: self.keys().seal(&buyer_place(id), buyer.expose())?,
                lines: text(&[&line]),
                gross_fen: line.gross_fen(),
                tax_fen: line.tax_fen,
                number: None,
                file: None,
                failure: None,
                created_at: uow.now(),
                issued_at: None,
                ..(*blue).clone()
            };
            self.ask(uow, &red).await?;
        }
        Ok(())
    }

    async fn invoiced(&self, uow: &UnitOfWork, id: Id<Order>, kind: InvoiceKind) -> Result<i64, Error> {
        let rows = invoice::Entity::find().filter(invoice::Column::OrderId.eq(id)).all(uow.tx()).await?;
        Ok(rows.iter().filter(|invoice| counts(invoice, kind)).map(|invoice| invoice.gross_fen).sum())
    }

    async fn issuer_of(
        &self,
        row: &order::Model,
        kind: InvoiceKind,
    ) -> Result<(String, Option<String>), Error> {
        let Some(shop) = row.seller_shop.filter(|_| kind == InvoiceKind::Goods) else {
            return Ok((PLATFORM.to_owned(), None));
        };
        let found = self.accounts().shops(&[shop]).await?.remove(&shop).ok_or(Error::NotFound)?;
        Ok((found.name, found.licence.map(|(number, _)| number)))
    }

    /// Hands an invoice to the issuer: the job's work, safe to repeat.
    ///
    /// # Errors
    /// When the store fails, or the issuer asks to be asked again.
    pub async fn issue_invoice(&self, key: &str) -> Result<(), Error> {
        let Ok(id) = key.parse::<Id<Invoice>>() else { return Ok(()) };
        let db = self.store().reader();
        let Some(row) = invoice::Entity::find_by_id(id).one(db).await? else { return Ok(()) };
        if row.state != InvoiceState::Requested.code() {
            return Ok(());
        }
        let request = self.issuer_request(&row).await?;
        let outcome = self.inner.issuer.issue(&request).await;
        let uow = self.store().begin().await?;
        let found = locked(&uow, invoice::Entity::find_by_id(id)).one(uow.tx()).await?;
        let mut row =
            found.filter(|row| row.state == InvoiceState::Requested.code()).ok_or(Error::NotFound)?;
        match outcome {
            Ok(Issued::Numbered(number)) => numbered(&mut row, number, uow.now()),
            Ok(Issued::Exported(file)) => {
                InvoiceState::Exported.code().clone_into(&mut row.state);
                row.file = Some(file);
            }
            Err(why) => {
                InvoiceState::Failed.code().clone_into(&mut row.state);
                row.failure = Some(why);
            }
        }
        self.save_invoice(&uow, row).await?;
        uow.commit().await?;
        Ok(())
    }

    async fn issuer_request(&self, row: &invoice::Model) -> Result<InvoiceRequest, Error> {
        let buyer: Buyer = json(self.keys().open(&buyer_place(row.id), &row.buyer_sealed)?.expose())?;
        let red_of = match row.red_of {
            Some(blue) => {
                let found = invoice::Entity::find_by_id(blue).one(self.store().reader()).await?;
                Some((blue, found.and_then(|blue| blue.number)))
            }
            None => None,
        };
        Ok(InvoiceRequest {
            id: row.id,
            order: row.order_id,
            kind: code(&row.kind)?,
            seller_name: row.seller_name.clone(),
            seller_usc: row.seller_usc.clone(),
            buyer_title: buyer.title,
            buyer_usc: buyer.usc,
            deliver_to: buyer.deliver_to,
            lines: json(&row.lines)?,
            gross_fen: row.gross_fen,
            tax_fen: row.tax_fen,
            remark: row.order_id.to_string(),
            red_of,
            asked_at: row.created_at,
        })
    }

    /// Enters the number that the tax office gave an exported invoice.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for anyone but the support; [`Error::Invalid`] for a number that is none.
    pub async fn record_invoice(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Invoice>,
        number: &str,
    ) -> Result<InvoiceView, Error> {
        policy::record_invoice(actor)?;
        let number = validate::invoice_number(number)
            .map_err(|_| Error::field("number", Message::new("trade-invoice-number")))?;
        let found = locked(uow, invoice::Entity::find_by_id(id)).one(uow.tx()).await?;
        let mut row = found.filter(|row| row.number.is_none()).ok_or(Error::NotFound)?;
        numbered(&mut row, number, uow.now());
        self.save_invoice(uow, row.clone()).await?;
        view(row)
    }

    async fn save_invoice(&self, uow: &UnitOfWork, row: invoice::Model) -> Result<(), Error> {
        let id = row.id;
        invoice::Entity::update_many()
            .set(row.into_active_model().reset_all())
            .filter(invoice::Column::Id.eq(id))
            .exec(uow.tx())
            .await?;
        Ok(())
    }

    /// The invoices of an order that the reader's side asked for; staff see all.
    pub(super) async fn invoices_of(&self, order: Id<Order>, reader: By) -> Result<Vec<InvoiceView>, Error> {
        let kind = match reader {
            By::Seller => Some(InvoiceKind::PlatformFee),
            By::Buyer => Some(InvoiceKind::Goods),
            _ => None,
        };
        let mut query = invoice::Entity::find().filter(invoice::Column::OrderId.eq(order));
        if let Some(kind) = kind {
            query = query.filter(invoice::Column::Kind.eq(kind.code()));
        }
        let rows = query.order_by_asc(invoice::Column::Id).limit(50).all(self.store().reader()).await?;
        rows.into_iter().map(view).collect()
    }

    /// The title of an invoice goes with the account of who asked for it, unless the law keeps it: an issued one stays
    /// for five years (发票管理办法 art. 28).
    pub(super) async fn forget_invoices(&self, uow: &UnitOfWork, person: Id<Person>) -> Result<(), Error> {
        invoice::Entity::delete_many()
            .filter(invoice::Column::PersonId.eq(person))
            .filter(invoice::Column::State.eq(InvoiceState::Failed.code()))
            .exec(uow.tx())
            .await?;
        Ok(())
    }
}

fn buyer_place(id: Id<Invoice>) -> String {
    format!("invoice.buyer:{id}")
}

/// How much of an order is to be invoiced in all: the fee that was taken, or the goods and carriage that stayed paid.
fn due(row: &order::Model, kind: InvoiceKind) -> i64 {
    match kind {
        InvoiceKind::PlatformFee => row.charged_fen,
        InvoiceKind::Goods if row.paid_at.is_some() => row.total_fen - row.refunded_fen,
        InvoiceKind::Goods => 0,
    }
}

fn counts(row: &invoice::Model, kind: InvoiceKind) -> bool {
    row.kind == kind.code() && row.state != InvoiceState::Failed.code()
}

fn numbered(row: &mut invoice::Model, number: String, now: Timestamp) {
    InvoiceState::Issued.code().clone_into(&mut row.state);
    row.number = Some(number);
    row.issued_at = Some(now);
}

fn checked(new: &NewInvoice) -> Result<Buyer, Error> {
    let usc = match new.usc.as_deref().map(str::trim).filter(|usc| !usc.is_empty()) {
        Some(usc) => Some(
            validate::usc_code(usc).map_err(|_| Error::field("usc", Message::new("trade-invoice-usc")))?,
        ),
        None => None,
    };
    let deliver_to = some_words("deliver_to", &new.deliver_to, 120)?;
    if !deliver_to.is_empty() {
        validate::email(&deliver_to)
            .map_err(|_| Error::field("deliver_to", Message::new("trade-invoice-email")))?;
    }
    Ok(Buyer { title: words("title", &new.title, 100)?, usc, deliver_to })
}

fn view(row: invoice::Model) -> Result<InvoiceView, Error> {
    Ok(InvoiceView {
        id: row.id,
        kind: code(&row.kind)?,
        state: code(&row.state)?,
        red_of: row.red_of,
        lines: json(&row.lines)?,
        gross_fen: row.gross_fen,
        number: row.number,
        failure: row.failure,
        created_at: row.created_at,
    })
}
