//! Issuing invoices (数电票): a port, and the file that an operator hands on by default.

use async_trait::async_trait;
use bytes::Bytes;
use luhuan_kernel::{Id, Timestamp};
use luhuan_store::Blobs;
use serde::Serialize;

use crate::{
    Invoice, Order,
    model::{InvoiceKind, InvoiceLine},
};

/// What an issuer must know: the fields of an electronic invoice (发票管理办法 art. 22).
#[derive(Clone, Debug, Serialize)]
pub struct InvoiceRequest {
    /// Our id of it: the same request, the same invoice.
    pub id: Id<Invoice>,
    /// The order, which the remark names.
    pub order: Id<Order>,
    /// Who invoices whom for what.
    pub kind: InvoiceKind,
    /// Who issues it.
    pub seller_name: String,
    /// The issuer's credit code, as far as it may be shown.
    pub seller_usc: Option<String>,
    /// The buyer's title (抬头).
    pub buyer_title: String,
    /// The buyer's credit code; none for a person.
    pub buyer_usc: Option<String>,
    /// Where it is delivered to.
    pub deliver_to: String,
    /// The lines.
    pub lines: Vec<InvoiceLine>,
    /// What is paid, in fen; negative for a red-letter invoice.
    pub gross_fen: i64,
    /// The tax in it, in fen.
    pub tax_fen: i64,
    /// The remark.
    pub remark: String,
    /// The invoice that this one takes back, by our id and by its number.
    pub red_of: Option<(Id<Invoice>, Option<String>)>,
    /// When it was asked for.
    pub asked_at: Timestamp,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issued {
    /// Issued under this 20-digit number.
    Numbered(String),
    /// Written to this file, for somebody to issue; the number is entered later.
    Exported(String),
}

/// Whoever issues invoices: the tax platform's interface, or a service that speaks to it.
#[async_trait]
pub trait InvoiceIssuer: Send + Sync + 'static {
    /// Issues an invoice. It may be asked for the same again and must then give the same.
    ///
    /// # Errors
    /// Why not, in words for the one who asked.
    async fn issue(&self, request: &InvoiceRequest) -> Result<Issued, String>;
}

/// Writes each request as a JSON file beside the photos: an operator issues it at the tax platform and enters the number.
#[derive(Clone)]
pub struct FileIssuer {
    blobs: Blobs,
}

impl FileIssuer {
    /// An issuer that writes there.
    #[must_use]
    pub const fn new(blobs: Blobs) -> Self {
        Self { blobs }
    }
}

#[async_trait]
impl InvoiceIssuer for FileIssuer {
    async fn issue(&self, request: &InvoiceRequest) -> Result<Issued, String> {
        let key = format!("invoices/{}.json", request.id);
        let file = serde_json::to_vec_pretty(request).map_err(|error| error.to_string())?;
        self.blobs.put(&key, Bytes::from(file)).await.map_err(|error| error.to_string())?;
        Ok(Issued::Exported(key))
    }
}
