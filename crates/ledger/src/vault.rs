//! Sealing what must not lie readable in the database: bank accounts, which are sensitive personal information (PIPL
//! art. 28).
//!
//! The keys are those of the accounts beside us, so this is a port that the gateway answers with them.

/// Seals and opens texts.
pub trait Vault: Send + Sync + 'static {
    /// Seals a text for one place: a table, a column and a row.
    ///
    /// # Errors
    /// Why not, for the log.
    fn seal(&self, place: &str, text: &str) -> Result<String, String>;

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    /// Why not, for the log: the key is not at hand, or it is not what was sealed there.
    fn open(&self, place: &str, sealed: &str) -> Result<String, String>;
}
