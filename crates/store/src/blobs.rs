//! Large things by key: photos, exports. A folder by default, any S3-compatible store at scale.

use std::{path::Path as FilePath, sync::Arc};

use bytes::Bytes;
use futures_util::TryStreamExt;
use luhuan_kernel::Secret;
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, aws::AmazonS3Builder, local::LocalFileSystem, path::Path,
};

use crate::Error;

/// Where blobs are kept.
#[derive(Clone, Debug)]
pub enum Settings {
    /// A folder of this machine.
    Folder(std::path::PathBuf),
    /// A bucket of an S3-compatible store.
    S3 {
        /// The bucket, which must exist.
        bucket: String,
        /// The server's address; `None` for the cloud's own.
        endpoint: Option<String>,
        /// The region.
        region: String,
        /// The access key.
        access_key: String,
        /// Its secret.
        secret_key: Secret<String>,
    },
}

/// The blob store. Keys are `kind/…` paths chosen by us, never by a client. Cheap to clone.
#[derive(Clone)]
pub struct Blobs(Arc<dyn ObjectStore>);

impl Blobs {
    /// Opens the store, making the folder if there is none.
    ///
    /// # Errors
    /// When the folder cannot be made or the settings do not name a store.
    pub fn open(settings: &Settings) -> Result<Self, Error> {
        Ok(match settings {
            Settings::Folder(folder) => Self(Arc::new(open_folder(folder)?)),
            Settings::S3 { bucket, endpoint, region, access_key, secret_key } => {
                crate::outside::provide_tls();
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(bucket)
                    .with_region(region)
                    .with_access_key_id(access_key)
                    .with_secret_access_key(secret_key.expose());
                if let Some(endpoint) = endpoint {
                    builder =
                        builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
                }
                Self(Arc::new(builder.build()?))
            }
        })
    }

    /// Keeps a blob whole or not at all.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), Error> {
        self.0.put(&Path::from(key), PutPayload::from_bytes(bytes)).await?;
        Ok(())
    }

    /// A blob, or `None`.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        match self.0.get(&Path::from(key)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Forgets a blob; one that is not there is forgotten already.
    ///
    /// # Errors
    /// When the store refuses.
    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        match self.0.delete(&Path::from(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// The keys below a prefix.
    ///
    /// # Errors
    /// When the store cannot be reached.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let found: Vec<_> = self.0.list(Some(&Path::from(prefix))).try_collect().await?;
        Ok(found.into_iter().map(|meta| meta.location.to_string()).collect())
    }

    /// Writes, reads and deletes a probe.
    ///
    /// # Errors
    /// When any of it fails.
    pub async fn check(&self) -> Result<(), Error> {
        let probe = format!("probe/{}", luhuan_kernel::random::token());
        self.put(&probe, Bytes::from_static(b"probe")).await?;
        let back = self.get(&probe).await?;
        self.delete(&probe).await?;
        if back.as_deref() == Some(b"probe") {
            Ok(())
        } else {
            Err(Error::Corrupt("a blob came back changed".into()))
        }
    }
}

fn open_folder(folder: &FilePath) -> Result<LocalFileSystem, Error> {
    std::fs::create_dir_all(folder)?;
    Ok(LocalFileSystem::new_with_prefix(folder)?)
}
