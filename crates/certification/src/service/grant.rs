//! The grant: certificate, register entry, tree head and event, together or not at all.

use luhuan_kernel::{Actor, Id};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ConnectionTrait, FromQueryResult, IntoActiveModel, Statement};
use serde_json::{Value, json};

use super::{Certification, corrupt, expect_version, from_json, scores::Agreed, to_json, trail};
use crate::{
    Application, Error,
    credential::{Claims, credential},
    entity::{application, certificate},
    model::{CertificateEvent, CertificateState, Event, Pillar, calendar::Day, terms},
    policy,
    service::Dossier,
};

#[derive(FromQueryResult)]
struct Last {
    last: i32,
}

impl Certification {
    /// Grants the certificate: the score passes, the notice is over, no objection stands. Returns its number.
    ///
    /// # Errors
    /// When the actor may not, or one of these is not so.
    pub async fn grant(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        expected: Option<i64>,
    ) -> Result<String, Error> {
        let row = self.load(uow, id).await?;
        policy::administer(actor, row.mall_id)?;
        expect_version(&row, expected)?;
        let grounds = self.grounds(uow, &row).await?;
        let row = self.step(uow, actor, row.state()?, row, Event::Grant, &grounds, None).await?;
        let dossier = self.dossier(uow.tx(), &row, uow.now()).await?;
        let agreed: Agreed =
            from_json(row.score.as_deref().ok_or_else(|| corrupt("a passing case without a score"))?)?;
        let number = next_number(uow).await?;
        let certificate = self.certificate(uow, &row, &dossier, &agreed, number)?;
        if let Some(before) = &row.renews {
            self.follow(uow, actor, before, &certificate.number).await?;
        }
        let certificate = certificate.into_active_model().reset_all().insert(uow.tx()).await?;
        let entry = self.enter(uow, &certificate, CertificateEvent::Grant, CertificateState::Active).await?;
        let detail = json!({ "number": certificate.number, "entry": entry });
        trail::note(uow, actor, id, "certificate", detail).await?;
        Ok(certificate.number)
    }

    fn certificate(
        &self,
        uow: &UnitOfWork,
        row: &application::Model,
        dossier: &Dossier,
        agreed: &Agreed,
        number: String,
    ) -> Result<certificate::Model, Error> {
        let (facts, card) = (&dossier.facts, &agreed.card);
        let valid_until = Day::of(uow.now()).plus_years(terms().certificate.years).end();
        let district = facts.district.clone().unwrap_or_default();
        let area_m2 = facts.area_m2.unwrap_or_default();
        let page = self.certificate_address(&number);
        let signed = self.issue(
            uow,
            &Claims {
                number: &number,
                mall: &facts.name,
                legal_person: &facts.legal_person,
                uscc: &facts.uscc,
                district: &district,
                area_m2: whole(area_m2),
                rubric: &row.rubric,
                score: facts.publish_score.then(|| format!("{} / {}", card.earned, card.available)),
                valid_from: uow.now(),
                valid_until,
                page: &page,
            },
        )?;
        let pillars: serde_json::Map<String, Value> = Pillar::ALL
            .into_iter()
            .map(|pillar| {
                let (earned, available) = card.pillar(pillar);
                (pillar.code().to_owned(), json!([earned, available]))
            })
            .collect();
        let saved = dossier.savings().and_then(|(_, savings)| savings.ok());
        let waste = |pick: fn(&(i64, i64)) -> i64| dossier.waste.values().map(pick).sum::<i64>();
        let recovered =
            dossier.waste.iter().filter(|(code, _)| terms().stream(code).is_some_and(|s| s.recovered));
        Ok(certificate::Model {
            application_id: row.id,
            mall_id: row.mall_id,
            state: CertificateState::Active.code().to_owned(),
            version: 1,
            name: facts.name.clone(),
            legal_person: facts.legal_person.clone(),
            uscc: facts.uscc.clone(),
            district,
            area_m2,
            rubric: row.rubric.clone(),
            earned: card.earned.0,
            available: card.available.0,
            publish_score: facts.publish_score,
            pillars: to_json(&pillars),
            saved_kwh: saved.as_ref().map_or(0.0, |saved| saved.kwh),
            saved_kg_co2e: saved.as_ref().map_or(0.0, |saved| saved.kg_co2e),
            kwh_per_m2: dossier.measures.values.get("kwh_per_m2").copied(),
            waste_grams: waste(|(all, _)| *all),
            recovered_grams: recovered.map(|(_, (all, _))| *all).sum(),
            credential: signed.to_string(),
            granted_at: uow.now(),
            valid_until,
            state_reason: String::new(),
            state_at: uow.now(),
            marks_off_by: None,
            appealed: false,
            renewed_by: None,
            number,
        })
    }

    pub(super) fn issue(&self, uow: &UnitOfWork, claims: &Claims<'_>) -> Result<Value, Error> {
        Ok(self.issuer().sign(credential(self.issuer(), claims), uow.now())?)
    }

    /// The certificate before it is followed by the new one, if it still stands.
    async fn follow(&self, uow: &UnitOfWork, actor: &Actor, before: &str, number: &str) -> Result<(), Error> {
        let Some(mut old) = self.load_certificate(uow, before).await? else { return Ok(()) };
        let state: CertificateState = super::code(&old.state)?;
        let Ok(to) = state.after(CertificateEvent::Renew) else { return Ok(()) };
        old.renewed_by = Some(number.to_owned());
        self.change(uow, actor, old, CertificateEvent::Renew, to, "").await?;
        Ok(())
    }
}

/// Square metres of a certificate, whole.
pub(super) fn whole(area_m2: f64) -> i64 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an area is below 10⁷ m², checked when it was entered"
    )]
    let whole = area_m2.round() as i64;
    whole
}

/// The next number of the year; holds the year's row until the unit ends.
async fn next_number(uow: &UnitOfWork) -> Result<String, Error> {
    let year = Day::of(uow.now()).year();
    let backend = uow.tx().get_database_backend();
    let sql = "INSERT INTO cert_counter (year, last) VALUES ($1, 1)
               ON CONFLICT (year) DO UPDATE SET last = cert_counter.last + 1 RETURNING last";
    let statement = Statement::from_sql_and_values(backend, sql, [year.into()]);
    let row = Last::find_by_statement(statement).one(uow.tx()).await?.ok_or_else(|| corrupt("no number"))?;
    Ok(format!("{}-{year}-{:04}", terms().certificate.prefix, row.last))
}
