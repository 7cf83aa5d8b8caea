//! Certificates after their grant: shown, changed, suspended, revoked. Each change is an entry of the register, with its reason.

use luhuan_kernel::{Actor, Cursor, Id, Limit, Organisation, Page, Problem, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Certification, InclusionProof, code, from_json, grant::whole, plain, query, reason, register::Which,
    trail,
};
use crate::{
    Application, Error,
    credential::Claims,
    entity::certificate,
    model::{CertificateEvent, CertificateState, Points, calendar::Day, terms, terms::ClockName},
    picture, policy,
};

/// A certificate as the public sees it.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CertificateView {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: CertificateState,
    /// Whether the mall may call itself a green mall.
    pub in_force: bool,
    /// Counts changes.
    pub version: i64,
    /// The mall's name.
    pub name: String,
    /// The legal person.
    pub legal_person: String,
    /// District code.
    pub district: String,
    /// Floor area, m².
    pub area_m2: f64,
    /// The rubric's version.
    pub rubric: String,
    /// Earned and applicable points, where the mall consents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<(Points, Points)>,
    /// When it was granted.
    pub granted_at: Timestamp,
    /// Until when it is valid.
    pub valid_until: Timestamp,
    /// Why it stands where it stands; empty while nothing happened.
    pub reason: String,
    /// Since when.
    pub state_at: Timestamp,
    /// Until when the marks of a suspended or revoked mall must come off.
    pub marks_off_by: Option<Timestamp>,
    /// The certificate that follows it.
    pub renewed_by: Option<String>,
    /// The application, to object to.
    #[schema(value_type = String, format = "uuid")]
    pub application: Id<Application>,
    /// The mall.
    #[schema(value_type = String, format = "uuid")]
    pub mall: Id<Organisation>,
}

/// Which certificates to list.
#[derive(Clone, Debug, Default)]
pub struct RegisterFilter {
    /// A district code.
    pub district: Option<String>,
    /// Where they stand.
    pub state: Option<CertificateState>,
    /// A part of the mall's name, or the beginning of the number.
    pub words: Option<String>,
}

impl Certification {
    /// A certificate, for anyone.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub async fn certificate_view(&self, number: &str) -> Result<CertificateView, Error> {
        self.certificate_at(self.store().reader(), number).await
    }

    /// The same, read where the caller reads.
    pub(crate) async fn certificate_at(
        &self,
        db: &impl ConnectionTrait,
        number: &str,
    ) -> Result<CertificateView, Error> {
        let row = certificate::Entity::find_by_id(plain(number)?.to_owned()).one(db).await?;
        CertificateView::of(row.ok_or(Error::NotFound)?)
    }

    /// A certificate's signed credential with the register's proofs: the file that can be checked offline.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is none of that number.
    pub async fn certificate_file(
        &self,
        number: &str,
    ) -> Result<(CertificateView, Value, InclusionProof), Error> {
        let row =
            certificate::Entity::find_by_id(plain(number)?.to_owned()).one(self.store().reader()).await?;
        let row = row.ok_or(Error::NotFound)?;
        let credential = from_json(&row.credential)?;
        let register = self.prove_inclusion(Which::Certificate(number), None).await?;
        Ok((CertificateView::of(row)?, credential, register))
    }

    /// The QR code of a certificate's public page, as SVG.
    #[must_use]
    pub fn certificate_qr(&self, number: &str) -> Option<String> {
        picture::qr(&self.certificate_address(number), number)
    }

    /// The register as the public reads it: certificates, newest first, whatever became of them.
    ///
    /// # Errors
    /// 422 for a cursor that is not of this list.
    pub async fn register(
        &self,
        filter: &RegisterFilter,
        after: Option<&Cursor>,
        limit: Limit,
    ) -> Result<Page<CertificateView>, Problem> {
        let mut rows = certificate::Entity::find()
            .order_by_desc(certificate::Column::GrantedAt)
            .order_by_desc(certificate::Column::Number)
            .limit(limit.probe());
        if [&filter.district, &filter.words].into_iter().flatten().any(|text| plain(text).is_err()) {
            return Ok(Page { items: Vec::new(), next: None });
        }
        if let Some(district) = &filter.district {
            rows = rows.filter(certificate::Column::District.eq(district));
        }
        if let Some(state) = filter.state {
            rows = rows.filter(certificate::Column::State.eq(state.code()));
        }
        if let Some(words) = filter.words.as_deref().map(str::trim).filter(|words| !words.is_empty()) {
            let like = sea_orm::sea_query::LikeExpr::new(format!("%{}%", escape_like(words))).escape('\\');
            let number = certificate::Column::Number.eq(words.to_ascii_uppercase());
            rows =
                rows.filter(sea_orm::Condition::any().add(certificate::Column::Name.like(like)).add(number));
        }
        if let Some(cursor) = after {
            let (at, number) = query::key::<(Timestamp, String)>(cursor)?;
            rows = rows.filter(
                sea_orm::Condition::any().add(certificate::Column::GrantedAt.lt(at)).add(
                    sea_orm::Condition::all()
                        .add(certificate::Column::GrantedAt.eq(at))
                        .add(certificate::Column::Number.lt(number)),
                ),
            );
        }
        let rows = rows.all(self.store().reader()).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| (row.granted_at, row.number.clone()));
        let items = page.items.into_iter().map(CertificateView::of).collect::<Result<_, _>>()?;
        Ok(Page { items, next: page.next })
    }

    /// Certificates of a mall, newest first: for its people.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn certificates_of(
        &self,
        actor: &Actor,
        mall: Id<Organisation>,
    ) -> Result<Vec<CertificateView>, Error> {
        policy::view(actor, mall, policy::Seat::default())?;
        let rows = certificate::Entity::find()
            .filter(certificate::Column::MallId.eq(mall))
            .order_by_desc(certificate::Column::GrantedAt)
            .all(self.store().reader())
            .await?;
        rows.into_iter().map(CertificateView::of).collect()
    }

    /// Marks a certificate as to be looked at: a fine, a closure, a new operator.
    ///
    /// # Errors
    /// When the actor may not, or the state does not allow it.
    pub async fn flag_review(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        why: &str,
    ) -> Result<(), Error> {
        self.office_change(uow, actor, number, CertificateEvent::FlagReview, why).await
    }

    /// Says that a certificate was looked at, and stands.
    ///
    /// # Errors
    /// When the actor may not, or the state does not allow it.
    pub async fn clear_review(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        why: &str,
    ) -> Result<(), Error> {
        self.office_change(uow, actor, number, CertificateEvent::ClearReview, why).await
    }

    /// Suspends a certificate: the marks come off within fifteen days.
    ///
    /// # Errors
    /// When the actor may not, or the state does not allow it.
    pub async fn suspend(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        why: &str,
    ) -> Result<(), Error> {
        self.office_change(uow, actor, number, CertificateEvent::Suspend, why).await
    }

    /// Puts a suspended certificate in force again.
    ///
    /// # Errors
    /// When the actor may not, or the state does not allow it.
    pub async fn reinstate(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        why: &str,
    ) -> Result<(), Error> {
        self.office_change(uow, actor, number, CertificateEvent::Reinstate, why).await
    }

    /// Revokes a certificate: false evidence, a ★ lost and not put right, a serious accident, a refused re-audit. The mall is
    /// barred for two years.
    ///
    /// # Errors
    /// When the actor may not, or the state does not allow it.
    pub async fn revoke(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        why: &str,
    ) -> Result<(), Error> {
        self.office_change(uow, actor, number, CertificateEvent::Revoke, why).await
    }

    /// Says that a revocation stands.
    ///
    /// # Errors
    /// When the actor may not, or there is no appeal.
    pub async fn uphold_revocation(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        why: &str,
    ) -> Result<(), Error> {
        self.office_change(uow, actor, number, CertificateEvent::UpholdRevocation, why).await
    }

    /// Takes a revocation back.
    ///
    /// # Errors
    /// When the actor may not, or there is no appeal.
    pub async fn overturn_revocation(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        why: &str,
    ) -> Result<(), Error> {
        self.office_change(uow, actor, number, CertificateEvent::OverturnRevocation, why).await
    }

    /// Appeals against a revocation, once, within ten working days: the mall.
    ///
    /// # Errors
    /// When the actor may not, it is too late, or there was an appeal.
    pub async fn appeal_revocation(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        why: &str,
    ) -> Result<(), Error> {
        let mut row = self.load_certificate(uow, number).await?.ok_or(Error::NotFound)?;
        policy::answer_for(actor, row.mall_id)?;
        let why = reason(why)?;
        let to = code::<CertificateState>(&row.state)?.after(CertificateEvent::AppealRevocation)?;
        let too_late = terms().deadline(ClockName::AppealWindow, row.state_at).due <= uow.now();
        if row.appealed || too_late {
            return Err(Error::Process(crate::model::process::Refused::Guard {
                event: crate::model::Event::Appeal,
                guard: crate::model::process::Guard::MayAppeal,
            }));
        }
        row.appealed = true;
        self.change(uow, actor, row, CertificateEvent::AppealRevocation, to, &why).await?;
        Ok(())
    }

    /// Changes the area that a certificate covers, and signs it anew. A change of more than a fifth needs a review first.
    ///
    /// # Errors
    /// When the actor may not; [`Error::Invalid`] when the change is large and the certificate is not under review.
    pub async fn change_scope(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        area_m2: f64,
        why: &str,
    ) -> Result<(), Error> {
        let mut row = self.load_certificate(uow, number).await?.ok_or(Error::NotFound)?;
        policy::administer(actor, row.mall_id)?;
        let why = reason(why)?;
        let state = code::<CertificateState>(&row.state)?;
        let to = state.after(CertificateEvent::ChangeScope)?;
        if !(area_m2 > 0.0 && area_m2 <= 1e7) {
            return Err(Error::field("area_m2", "certification-area"));
        }
        let share = 100.0 * (area_m2 - row.area_m2).abs() / row.area_m2.max(1.0);
        if share > f64::from(terms().certificate.area_change_percent)
            && state != CertificateState::UnderReview
        {
            return Err(Error::field("area_m2", "certification-area-review"));
        }
        row.area_m2 = area_m2;
        let page = self.certificate_address(number);
        let signed = self.issue(
            uow,
            &Claims {
                number,
                mall: &row.name,
                legal_person: &row.legal_person,
                uscc: &row.uscc,
                district: &row.district,
                area_m2: whole(area_m2),
                rubric: &row.rubric,
                score: row
                    .publish_score
                    .then(|| format!("{} / {}", Points(row.earned), Points(row.available))),
                valid_from: row.granted_at,
                valid_until: row.valid_until,
                page: &page,
            },
        )?;
        row.credential = signed.to_string();
        self.change(uow, actor, row, CertificateEvent::ChangeScope, to, &why).await?;
        Ok(())
    }

    async fn office_change(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        number: &str,
        event: CertificateEvent,
        why: &str,
    ) -> Result<(), Error> {
        let row = self.load_certificate(uow, number).await?.ok_or(Error::NotFound)?;
        policy::administer(actor, row.mall_id)?;
        let why = reason(why)?;
        let to = code::<CertificateState>(&row.state)?.after(event)?;
        self.change(uow, actor, row, event, to, &why).await?;
        Ok(())
    }

    /// Makes a change that the table allows: state, reason, entry, trail, event.
    pub(super) async fn change(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mut row: certificate::Model,
        event: CertificateEvent,
        to: CertificateState,
        why: &str,
    ) -> Result<certificate::Model, Error> {
        // The trail of a certificate is that of its application, whose row is held while a line is added.
        self.load(uow, row.application_id).await?;
        to.code().clone_into(&mut row.state);
        why.clone_into(&mut row.state_reason);
        row.state_at = uow.now();
        row.version += 1;
        row.marks_off_by = match to {
            CertificateState::Suspended
            | CertificateState::Revoked
            | CertificateState::RevocationAppealed => {
                row.marks_off_by.or_else(|| Some(terms().deadline(ClockName::MarksOff, uow.now()).due))
            }
            _ => None,
        };
        let row = row.into_active_model().reset_all().update(uow.tx()).await?;
        let entry = self.enter(uow, &row, event, to).await?;
        let detail = json!({ "number": row.number, "to": to, "reason": why, "entry": entry });
        trail::note(uow, actor, row.application_id, event.code(), detail).await?;
        Ok(row)
    }

    /// The certificate to decide on. Its application's row first, which is the order of all locks.
    pub(super) async fn load_certificate(
        &self,
        uow: &UnitOfWork,
        number: &str,
    ) -> Result<Option<certificate::Model>, Error> {
        let Some(found) = certificate::Entity::find_by_id(plain(number)?.to_owned()).one(uow.tx()).await?
        else {
            return Ok(None);
        };
        self.load(uow, found.application_id).await?;
        let mut query = certificate::Entity::find_by_id(plain(number)?.to_owned());
        if uow.locks_rows() {
            query = query.lock_exclusive();
        }
        Ok(query.one(uow.tx()).await?)
    }

    /// Certificates whose time is over, expired now; at most `batch`. By the clocks.
    pub(super) async fn expire(&self, uow: &UnitOfWork, actor: &Actor, batch: u64) -> Result<usize, Error> {
        let standing = [CertificateState::Active, CertificateState::UnderReview, CertificateState::Suspended]
            .map(CertificateState::code);
        let due = certificate::Entity::find()
            .filter(certificate::Column::State.is_in(standing))
            .filter(certificate::Column::ValidUntil.lte(uow.now()))
            .order_by_asc(certificate::Column::ValidUntil)
            .limit(batch)
            .all(uow.tx())
            .await?;
        let mut expired = 0;
        for row in due {
            let Some(row) = self.load_certificate(uow, &row.number).await? else { continue };
            let Ok(to) = code::<CertificateState>(&row.state)?.after(CertificateEvent::Expire) else {
                continue;
            };
            self.change(uow, actor, row, CertificateEvent::Expire, to, "").await?;
            expired += 1;
        }
        Ok(expired)
    }
}

fn escape_like(words: &str) -> String {
    words
        .chars()
        .flat_map(|c| if matches!(c, '%' | '_' | '\\') { vec!['\\', c] } else { vec![c] })
        .take(80)
        .collect()
}

impl CertificateView {
    pub(super) fn of(row: certificate::Model) -> Result<Self, Error> {
        let state: CertificateState = code(&row.state)?;
        Ok(Self {
            in_force: state.is_in_force(),
            state,
            score: row.publish_score.then_some((Points(row.earned), Points(row.available))),
            number: row.number,
            version: row.version,
            name: row.name,
            legal_person: row.legal_person,
            district: row.district,
            area_m2: row.area_m2,
            rubric: row.rubric,
            granted_at: row.granted_at,
            valid_until: row.valid_until,
            reason: row.state_reason,
            state_at: row.state_at,
            marks_off_by: row.marks_off_by,
            renewed_by: row.renewed_by,
            application: row.application_id,
            mall: row.mall_id,
        })
    }

    /// Years and days until it ends, for the printable sheet: the last day of validity.
    #[must_use]
    pub fn last_day(&self) -> String {
        Day::of(self.valid_until.plus_seconds(-1)).to_string()
    }
}
