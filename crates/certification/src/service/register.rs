//! The public register: an append-only log under signed tree heads (RFC 9162), so that nothing is back-dated or quietly removed.
//!
//! An entry is one line of canonical JSON. Whoever appends holds the log's one row until the commit, so that entries, tree and
//! head are made one after the other. A head is kept for each size: what was once signed can be asked for again.

use luhuan_kernel::{Cursor, Limit, Page, Problem};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    QueryFilter, QueryOrder, QuerySelect, Statement,
};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Certification, corrupt, plain};
use crate::{
    CertificationEvent, Error, canonical,
    credential::second,
    entity::{certificate, entry, head},
    merkle::{self, Hash},
    model::{CertificateEvent, CertificateState},
};

/// The tree's signed head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::Head)]
pub struct Head {
    /// Whose log it is.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root over them, hex.
    pub root: String,
    /// When it was signed.
    pub at: String,
    /// Ed25519 over [`register_message`], Multibase base58.
    pub signature: String,
    /// The key, as a Multikey.
    pub key: String,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::EntryView)]
pub struct EntryView {
    /// Its place, from 0.
    pub index: u64,
    /// Its canonical JSON, as it is hashed.
    pub body: String,
    /// `SHA-256(0x00 || body)`, hex.
    pub leaf: String,
}

/// An entry with its path to the root of some head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::ProvenEntry)]
pub struct ProvenEntry {
    /// Its place, from 0.
    pub index: u64,
    /// Its canonical JSON.
    pub body: String,
    /// The path, hex, from the leaf up.
    pub path: Vec<String>,
}

/// That an entry is in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::InclusionProof)]
pub struct InclusionProof {
    /// The head that it leads to.
    pub head: Head,
    /// The entries.
    pub entries: Vec<ProvenEntry>,
}

/// That a later tree only added to an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[schema(as = certification::ConsistencyProof)]
pub struct ConsistencyProof {
    /// The earlier head.
    pub from: Head,
    /// The later head.
    pub to: Head,
    /// The proof, hex.
    pub path: Vec<String>,
}

/// What a tree head signs: one line of canonical JSON.
#[must_use]
pub fn register_message(origin: &str, size: u64, root: &str, at: &str) -> String {
    canonical::json(&json!({ "origin": origin, "size": size, "root": root, "at": at }))
}

#[derive(FromQueryResult)]
struct Size {
    size: i64,
}

#[derive(FromQueryResult)]
struct Leaf {
    leaf: String,
}

impl Certification {
    /// Enters what happened to a certificate, signs the new head, and tells it: together with whatever else the unit does.
    pub(super) async fn enter(
        &self,
        uow: &UnitOfWork,
        certificate: &certificate::Model,
        event: CertificateEvent,
        state: CertificateState,
    ) -> Result<i64, Error> {
        let body = canonical::json(&json!({
            "number": certificate.number,
            "event": event,
            "status": state,
            "at": second(uow.now()),
            "name": certificate.name,
            "district": certificate.district,
            "rubric": certificate.rubric,
            "validFrom": second(certificate.granted_at),
            "validUntil": second(certificate.valid_until),
            "reason": certificate.state_reason,
            "credential": credential_hash(&certificate.credential),
        }));
        let size = next_size(uow).await?;
        let seq = size - 1;
        let leaf = merkle::leaf_hash(body.as_bytes());
        let row = entry::Model {
            seq,
            number: certificate.number.clone(),
            what: event.code().to_owned(),
            at: uow.now(),
            body,
            leaf: hex::encode(leaf),
        };
        row.into_active_model().reset_all().insert(uow.tx()).await?;
        let leaves = leaves(uow.tx(), size).await?;
        let root = hex::encode(merkle::root(&leaves));
        let at = second(uow.now());
        let message = register_message(self.issuer().id(), count(size), &root, &at);
        let signature = self.issuer().sign_bytes(message.as_bytes());
        let signed = head::Model { size, root, at: uow.now(), signature };
        signed.into_active_model().reset_all().insert(uow.tx()).await?;
        uow.emit(&CertificationEvent::Registered {
            number: certificate.number.clone(),
            application: certificate.application_id,
            mall: certificate.mall_id,
            event,
            to: state,
            entry: seq,
        })
        .await?;
        Ok(seq)
    }

    /// The newest head, or that of a size; none before the first entry.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no head of that size.
    pub async fn head(&self, size: Option<u64>) -> Result<Head, Error> {
        let db = self.store().reader();
        let query = match size {
            Some(size) => head::Entity::find_by_id(i64::try_from(size).unwrap_or(i64::MAX)),
            None => head::Entity::find().order_by_desc(head::Column::Size).limit(1),
        };
        let row = query.one(db).await?.ok_or(Error::NotFound)?;
        Ok(self.head_view(row))
    }

    fn head_view(&self, row: head::Model) -> Head {
        Head {
            origin: self.issuer().id().to_owned(),
            size: count(row.size),
            root: row.root,
            at: second(row.at),
            signature: row.signature,
            key: self.public_key().multikey(),
        }
    }

    /// That entries are in the tree of a head: one by its place, or all of a certificate.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such entry or head.
    pub async fn prove_inclusion(
        &self,
        which: Which<'_>,
        size: Option<u64>,
    ) -> Result<InclusionProof, Error> {
        let db = self.store().reader();
        let head = self.head(size).await?;
        let before = i64::try_from(head.size).unwrap_or(i64::MAX);
        let query =
            entry::Entity::find().filter(entry::Column::Seq.lt(before)).order_by_asc(entry::Column::Seq);
        let rows = match which {
            Which::Index(index) => {
                query.filter(entry::Column::Seq.eq(i64::try_from(index).unwrap_or(i64::MAX)))
            }
            Which::Certificate(number) => query.filter(entry::Column::Number.eq(plain(number)?)),
        };
        let rows = rows.all(db).await?;
        if rows.is_empty() {
            return Err(Error::NotFound);
        }
        let leaves = leaves(db, before).await?;
        let entries = rows
            .into_iter()
            .map(|row| {
                let index = usize::try_from(row.seq).map_err(corrupt)?;
                let path = merkle::inclusion_proof(&leaves, index).ok_or(Error::NotFound)?;
                Ok(ProvenEntry {
                    index: count(row.seq),
                    body: row.body,
                    path: path.iter().map(hex::encode).collect(),
                })
            })
            .collect::<Result<_, Error>>()?;
        Ok(InclusionProof { head, entries })
    }

    /// That the tree of a later size only added to that of an earlier one.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no head of a size, or they are in the wrong order.
    pub async fn prove_consistency(&self, from: u64, to: Option<u64>) -> Result<ConsistencyProof, Error> {
        let (earlier, later) = (self.head(Some(from)).await?, self.head(to).await?);
        let leaves = leaves(self.store().reader(), i64::try_from(later.size).unwrap_or(i64::MAX)).await?;
        let old = usize::try_from(from).map_err(|_| Error::NotFound)?;
        let path = merkle::consistency_proof(&leaves, old).ok_or(Error::NotFound)?;
        Ok(ConsistencyProof { from: earlier, to: later, path: path.iter().map(hex::encode).collect() })
    }

    /// The log itself, oldest first: for whoever keeps a copy and watches it.
    ///
    /// # Errors
    /// 422 for a cursor that is not of this list.
    pub async fn entries(&self, after: Option<&Cursor>, limit: Limit) -> Result<Page<EntryView>, Problem> {
        let mut query = entry::Entity::find().order_by_asc(entry::Column::Seq).limit(limit.probe());
        if let Some(cursor) = after {
            query = query.filter(entry::Column::Seq.gt(super::query::key::<i64>(cursor)?));
        }
        let rows = query.all(self.store().reader()).await.map_err(Error::from)?;
        let page = Page::cut(rows, limit, |row| row.seq);
        Ok(page.map(|row| EntryView { index: count(row.seq), body: row.body, leaf: row.leaf }))
    }
}

/// Which entries to prove.
#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    /// One by its place.
    Index(u64),
    /// All of a certificate.
    Certificate(&'a str),
}

/// The hash that an entry names a credential by.
fn credential_hash(credential: &str) -> String {
    use sha2::{Digest, Sha256};
    let value: Value = serde_json::from_str(credential).unwrap_or_default();
    hex::encode(Sha256::digest(canonical::json(&value)))
}

/// One more entry; holds the log's row until the unit ends.
async fn next_size(uow: &UnitOfWork) -> Result<i64, Error> {
    let backend = uow.tx().get_database_backend();
    let sql = "INSERT INTO cert_log (id, size) VALUES (1, 1)
               ON CONFLICT (id) DO UPDATE SET size = cert_log.size + 1 RETURNING size";
    let row = Size::find_by_statement(Statement::from_string(backend, sql)).one(uow.tx()).await?;
    row.map(|row| row.size).ok_or_else(|| corrupt("the log has no size"))
}

/// The hashes of the first entries.
async fn leaves(db: &impl ConnectionTrait, size: i64) -> Result<Vec<Hash>, Error> {
    let rows: Vec<Leaf> = entry::Entity::find()
        .select_only()
        .column(entry::Column::Leaf)
        .filter(entry::Column::Seq.lt(size))
        .order_by_asc(entry::Column::Seq)
        .into_model()
        .all(db)
        .await?;
    if i64::try_from(rows.len()) != Ok(size) {
        return Err(corrupt(format!("the log has {} of {size} entries", rows.len())));
    }
    rows.into_iter()
        .map(|row| {
            let bytes = hex::decode(&row.leaf).map_err(corrupt)?;
            bytes.try_into().map_err(|_| corrupt("a leaf is no hash"))
        })
        .collect()
}

fn count(n: i64) -> u64 {
    u64::try_from(n).unwrap_or_default()
}
