//! Paying from hand to hand (当面付): each of the two tells the other a code when the money has changed hands.

use hmac::{Hmac, KeyInit, Mac};
use luhuan_kernel::{Actor, Id};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use sha2::Sha256;

use super::Ledger;
use crate::{Error, Payment, PaymentState, Provider, entity::payment, model::PaymentMove, policy};

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// Who pays.
    Payer,
    /// Who is paid.
    Payee,
}

impl Party {
    const fn word(self) -> &'static str {
        match self {
            Self::Payer => "payer",
            Self::Payee => "payee",
        }
    }

    const fn other(self) -> Self {
        match self {
            Self::Payer => Self::Payee,
            Self::Payee => Self::Payer,
        }
    }
}

impl Ledger {
    /// The actor's own code of a face-to-face payment, to be told to the other when the money has changed hands;
    /// `None` when the payment is no such, or is over, or the actor is neither of the two.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn face_to_face_code(&self, actor: &Actor, row: &payment::Model) -> Result<Option<String>, Error> {
        if row.provider()? != Provider::FaceToFace || row.state()? != PaymentState::ActionRequired {
            return Ok(None);
        }
        Ok(party(actor, row)?.map(|party| self.code_of(row.id, party)))
    }

    /// Confirms a face-to-face payment with the *other's* code. When both have, it is paid. Nothing is posted: the
    /// money did not pass through us. Confirming again changes nothing.
    ///
    /// A wrong code is an `Ok` of its own, so that the caller commits the tally of tries.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the actor is neither of the two; [`Error::NoTriesLeft`] after too many wrong codes;
    /// [`Error::IllegalPaymentMove`] when the payment is over.
    pub async fn confirm_face_to_face(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Payment>,
        code: &str,
    ) -> Result<Confirmation, Error> {
        let mut row = self.load_payment(uow, id).await?;
        policy::confirm_face_to_face(actor, row.payer_id, &row.payee()?)?;
        let party = party(actor, &row)?.ok_or(Error::NotFound)?;
        let state = row.state()?;
        if row.provider()? != Provider::FaceToFace {
            return Err(Error::NotFound);
        }
        if confirmed(&row, party) && state == PaymentState::Succeeded {
            return Ok(Confirmation::Confirmed(row));
        }
        if row.tries_left <= 0 {
            return Err(Error::NoTriesLeft);
        }
        state.after(PaymentMove::Succeed)?;
        if !self.is_code(id, party.other(), code) {
            row.tries_left -= 1;
            row.updated_at = uow.now();
            row.version += 1;
            let row = row.into_active_model().reset_all().update(uow.tx()).await?;
            return Ok(Confirmation::WrongCode { left: row.tries_left });
        }
        match party {
            Party::Payer => row.payer_confirmed_at = row.payer_confirmed_at.or(Some(uow.now())),
            Party::Payee => row.payee_confirmed_at = row.payee_confirmed_at.or(Some(uow.now())),
        }
        if confirmed(&row, party.other()) {
            row.make(PaymentMove::Succeed, uow.now())?;
            return Ok(Confirmation::Confirmed(self.save_payment(uow, row).await?));
        }
        row.updated_at = uow.now();
        row.version += 1;
        Ok(Confirmation::Confirmed(row.into_active_model().reset_all().update(uow.tx()).await?))
    }

    /// Six figures that follow from the payment and the party: nothing to store, nothing to leak.
    fn code_of(&self, id: Id<Payment>, party: Party) -> String {
        let tag = self.tag(id, party).finalize().into_bytes();
        let number = u32::from_be_bytes([tag[0], tag[1], tag[2], tag[3]]) % 1_000_000;
        format!("{number:06}")
    }

    fn is_code(&self, id: Id<Payment>, party: Party, typed: &str) -> bool {
        let typed: String =
            typed.chars().map(luhuan_kernel::validate::half_width).filter(|c| !c.is_whitespace()).collect();
        // Of six figures with ten tries, the time that a comparison takes tells nobody anything.
        typed == self.code_of(id, party)
    }

    fn tag(&self, id: Id<Payment>, party: Party) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.settings().secret.expose())
            .expect("HMAC takes a key of any length");
        mac.update(b"face-to-face ");
        mac.update(id.as_bytes());
        mac.update(party.word().as_bytes());
        mac
    }
}

/// What came of typing a code.
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "taken apart at once by the handler that asked; never kept in bulk"
)]
pub enum Confirmation {
    /// It was right. The payment as it stands now.
    Confirmed(payment::Model),
    /// It was wrong.
    WrongCode {
        /// How many more are forgiven.
        left: i64,
    },
}

const fn confirmed(row: &payment::Model, party: Party) -> bool {
    match party {
        Party::Payer => row.payer_confirmed_at.is_some(),
        Party::Payee => row.payee_confirmed_at.is_some(),
    }
}

fn party(actor: &Actor, row: &payment::Model) -> Result<Option<Party>, Error> {
    if actor.is(row.payer_id) {
        return Ok(Some(Party::Payer));
    }
    let serves = policy::confirm_face_to_face(actor, row.payer_id, &row.payee()?).is_ok();
    Ok(serves.then_some(Party::Payee))
}
