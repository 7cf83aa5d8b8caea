//! The S3-compatible store of the run.

use crate::environment;

/// A bucket of a test's own.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Where the store answers: `http://127.0.0.1:PORT`.
    pub endpoint: String,
    /// The bucket's name.
    pub name: String,
}

impl Bucket {
    /// Makes an empty bucket.
    ///
    /// # Panics
    /// When the store is not there, or refuses.
    pub async fn create() -> Self {
        let endpoint = environment::required(environment::S3);
        let name = format!("luhuan-{:016x}", environment::unique_number());
        let answer = luhuan_store::outside::client()
            .build()
            .expect("an HTTP client can be made")
            .put(format!("{endpoint}/{name}"))
            .send()
            .await;
        let answer = answer.unwrap_or_else(|error| panic!("cannot reach S3 at {endpoint}: {error}"));
        assert!(answer.status().is_success(), "S3 at {endpoint} made no bucket: {}", answer.status());
        Self { endpoint, name }
    }
}
