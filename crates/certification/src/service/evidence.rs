//! Files that show something: PDF, photos, CSV; kept by their hash.

use bytes::Bytes;
use luhuan_kernel::{Actor, Id, Person, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Certification, audit::FindingState, code, line, trail, words};
use crate::{
    Application, Error, Evidence, Finding,
    entity::{evidence, finding},
    model::{EvidenceKind, State, Trust},
    policy,
};

/// Bytes of a file of evidence at most.
pub const MOST_BYTES: usize = 20 * 1024 * 1024;
/// Files of an item at most.
const MOST_FILES: u64 = 30;

/// A file to be kept.
#[derive(Clone, Debug)]
pub struct AddEvidence {
    /// For which item.
    pub item: String,
    /// Of what kind.
    pub kind: EvidenceKind,
    /// What it is called.
    pub file_name: String,
    /// Which period it is of, in the mall's words.
    pub period: String,
    /// Where it comes from, in the mall's words.
    pub source: String,
    /// What it answers, if it shows that a finding is put right.
    pub finding: Option<Id<Finding>>,
}

/// A file's bytes, already kept.
#[derive(Clone, Debug)]
pub struct EvidenceFile {
    /// SHA-256, hex.
    pub sha256: String,
    /// How many bytes.
    pub bytes: i64,
    /// What it is.
    pub media_type: &'static str,
}

/// A file as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::EvidenceView)]
pub struct EvidenceView {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Evidence>,
    /// For which item.
    pub item: String,
    /// Of what kind.
    pub kind: EvidenceKind,
    /// How far it is trusted.
    pub trust: Trust,
    /// What it is called.
    pub file_name: String,
    /// What it is.
    pub media_type: String,
    /// How many bytes.
    pub bytes: i64,
    /// SHA-256, hex.
    pub sha256: String,
    /// Which period it is of.
    pub period: String,
    /// Where it comes from.
    pub source: String,
    /// The finding that it answers.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub finding: Option<Id<Finding>>,
    /// Who brought it.
    #[schema(value_type = String, format = "uuid")]
    pub uploaded_by: Id<Person>,
    /// When.
    pub uploaded_at: Timestamp,
    /// Who verified it.
    #[schema(value_type = Option<String>, format = "uuid")]
    pub verified_by: Option<Id<Person>>,
}

/// What a file is, by its first bytes: never by what its sender calls it.
fn media_type(bytes: &[u8], file_name: &str) -> Option<&'static str> {
    match bytes {
        [b'%', b'P', b'D', b'F', b'-', ..] => Some("application/pdf"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ if file_name.to_ascii_lowercase().ends_with(".csv") && is_text(bytes) => {
            Some("text/csv; charset=utf-8")
        }
        _ => None,
    }
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes)
        .is_ok_and(|text| !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')))
}

impl Certification {
    /// Keeps a file's bytes, before the unit that names them: a file is slow, and a unit must not be.
    ///
    /// # Errors
    /// [`Error::File`] when it is empty, too large or of no kind that is taken.
    pub async fn keep_file(&self, file_name: &str, bytes: Bytes) -> Result<EvidenceFile, Error> {
        if bytes.is_empty() {
            return Err(Error::File("empty"));
        }
        if bytes.len() > MOST_BYTES {
            return Err(Error::File("too-large"));
        }
        let media_type = media_type(&bytes, file_name).ok_or(Error::File("unknown-kind"))?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        self.blobs().put(&blob_key(&sha256), bytes).await?;
        Ok(EvidenceFile { sha256, bytes: length, media_type })
    }

    /// Adds a kept file: to an item while the file is a draft, to a finding while it is to be put right.
    ///
    /// # Errors
    /// [`Error::Frozen`] when the application is handed in; [`Error::Invalid`], field by field.
    pub async fn add_evidence(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        input: AddEvidence,
        file: EvidenceFile,
    ) -> Result<EvidenceView, Error> {
        let row = self.load(uow, id).await?;
        let person = policy::edit(actor, row.mall_id)?;
        let state = row.state()?;
        match (state, input.finding) {
            (State::Draft, None) => {}
            (State::Rectification, Some(finding)) => {
                self.finding_to_answer(uow, id, row.round, finding).await?
            }
            _ => return Err(Error::Frozen(state)),
        }
        let rubric = self.rubric(&row.rubric).await?;
        if rubric.item(&input.item).is_none() {
            return Err(Error::field("item", "certification-unknown-code"));
        }
        if input.kind == EvidenceKind::SystemRecord {
            return Err(Error::field("kind", "certification-system-record"));
        }
        let there = evidence::Entity::find()
            .filter(evidence::Column::ApplicationId.eq(id))
            .filter(evidence::Column::Item.eq(&input.item))
            .filter(evidence::Column::RemovedAt.is_null());
        if there.count(uow.tx()).await? >= MOST_FILES {
            return Err(Error::File("too-many"));
        }
        let model = evidence::Model {
            id: Id::new(self.store().clock()),
            application_id: id,
            item: input.item,
            kind: input.kind.code().to_owned(),
            trust: first_trust(input.kind).code().to_owned(),
            file_name: line("file_name", &input.file_name, 200)?,
            media_type: file.media_type.to_owned(),
            bytes: file.bytes,
            sha256: file.sha256,
            period: words("period", &input.period)?,
            source: words("source", &input.source)?,
            finding_id: input.finding,
            uploaded_by: person,
            uploaded_at: uow.now(),
            verified_by: None,
            verified_at: None,
            removed_at: None,
        };
        let model = model.into_active_model().reset_all().insert(uow.tx()).await?;
        let detail =
            json!({ "evidence": model.id, "item": model.item, "kind": model.kind, "sha256": model.sha256 });
        trail::note(uow, actor, id, "add_evidence", detail).await?;
        EvidenceView::of(model)
    }

    async fn finding_to_answer(
        &self,
        uow: &UnitOfWork,
        id: Id<Application>,
        round: i32,
        finding: Id<Finding>,
    ) -> Result<(), Error> {
        let row = finding::Entity::find_by_id(finding).one(uow.tx()).await?;
        let row = row.filter(|row| row.application_id == id && row.round == round).ok_or(Error::NotFound)?;
        if row.state == FindingState::Closed.code() {
            Err(Error::Frozen(State::Rectification))
        } else {
            Ok(())
        }
    }

    /// Takes a file back while the application is a draft. Its bytes stay: the trail names them, and another file may share them.
    ///
    /// # Errors
    /// [`Error::Frozen`] when the application is handed in.
    pub async fn remove_evidence(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        which: Id<Evidence>,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        policy::edit(actor, row.mall_id)?;
        let state = row.state()?;
        if !state.is_editable() {
            return Err(Error::Frozen(state));
        }
        let mut file = evidence_of(uow, id, which).await?;
        file.removed_at = Some(uow.now());
        file.into_active_model().reset_all().update(uow.tx()).await?;
        trail::note(uow, actor, id, "remove_evidence", json!({ "evidence": which })).await
    }

    /// Says how far a file is to be trusted, having seen it: the panel. Noted beside the frozen submission, which keeps its own.
    ///
    /// # Errors
    /// When the actor may not; [`Error::NotFound`].
    pub async fn verify_evidence(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        id: Id<Application>,
        which: Id<Evidence>,
        trust: Trust,
    ) -> Result<(), Error> {
        let row = self.load(uow, id).await?;
        let seat = self.seat(uow, actor, &row).await?;
        let person = policy::assess(actor, row.mall_id, seat)?;
        let state = row.state()?;
        if !matches!(state, State::DeskReview | State::SiteAudit | State::Rectification) {
            return Err(Error::NotNow(state));
        }
        if trust == Trust::VerifiedBySystem {
            return Err(Error::field("trust", "certification-system-record"));
        }
        let mut file = evidence_of(uow, id, which).await?;
        trust.code().clone_into(&mut file.trust);
        file.verified_by = Some(person);
        file.verified_at = Some(uow.now());
        file.into_active_model().reset_all().update(uow.tx()).await?;
        trail::note(uow, actor, id, "verify_evidence", json!({ "evidence": which, "trust": trust })).await
    }

    /// A file with its bytes, for those who may see the application. The bytes must fit the hash.
    ///
    /// # Errors
    /// [`Error::NotFound`] when it is not for the actor's eyes.
    pub async fn read_evidence(
        &self,
        actor: &Actor,
        id: Id<Application>,
        which: Id<Evidence>,
    ) -> Result<(EvidenceView, Bytes), Error> {
        self.visible(actor, id).await?;
        let row = evidence::Entity::find_by_id(which).one(self.store().reader()).await?;
        let row =
            row.filter(|row| row.application_id == id && row.removed_at.is_none()).ok_or(Error::NotFound)?;
        let bytes = self.blobs().get(&blob_key(&row.sha256)).await?.ok_or(Error::NotFound)?;
        if hex::encode(Sha256::digest(&bytes)) != row.sha256 {
            return Err(super::corrupt(format!("evidence {which} does not fit its hash")));
        }
        Ok((EvidenceView::of(row)?, bytes))
    }
}

async fn evidence_of(
    uow: &UnitOfWork,
    id: Id<Application>,
    which: Id<Evidence>,
) -> Result<evidence::Model, Error> {
    let row = evidence::Entity::find_by_id(which).one(uow.tx()).await?;
    row.filter(|row| row.application_id == id && row.removed_at.is_none()).ok_or(Error::NotFound)
}

fn blob_key(sha256: &str) -> String {
    format!("certification/{}/{sha256}", &sha256[..2])
}

/// How far a file is trusted before anybody looked at it: exports of meters and tills were measured, the rest are papers.
const fn first_trust(kind: EvidenceKind) -> Trust {
    match kind {
        EvidenceKind::MeterData | EvidenceKind::SalesData => Trust::Measured,
        _ => Trust::Document,
    }
}

impl EvidenceView {
    pub(super) fn of(row: evidence::Model) -> Result<Self, Error> {
        Ok(Self {
            kind: code(&row.kind)?,
            trust: code(&row.trust)?,
            id: row.id,
            item: row.item,
            file_name: row.file_name,
            media_type: row.media_type,
            bytes: row.bytes,
            sha256: row.sha256,
            period: row.period,
            source: row.source,
            finding: row.finding_id,
            uploaded_by: row.uploaded_by,
            uploaded_at: row.uploaded_at,
            verified_by: row.verified_by,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(media_type(b"%PDF-1.7 ...", "a.png"), Some("application/pdf"));
        assert_eq!(media_type(&[0xff, 0xd8, 0xff, 0xe0], "x"), Some("image/jpeg"));
        assert_eq!(media_type(b"month,kwh\n", "Meters.CSV"), Some("text/csv; charset=utf-8"));
        assert_eq!(media_type(b"MZ\x90\x00", "a.csv"), None);
        assert_eq!(media_type(b"<html>", "a.html"), None);
    }
}
