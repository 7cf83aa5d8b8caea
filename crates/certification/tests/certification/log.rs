//! The public register as its watchers see it: proofs against a verifier that was written from RFC 9162 alone and shares no
//! code with ours.

use luhuan_certification::{Head, Which, credential, register_message};
use luhuan_kernel::Limit;
use sha2::{Digest, Sha256};

use crate::support::{command, each};

/// RFC 9162, read aloud: hashes are texts of hex here, so that nothing of ours is shared by accident.
mod rfc9162 {
    use super::{Digest, Sha256};

    fn sha256(parts: &[&[u8]]) -> Vec<u8> {
        let mut digest = Sha256::new();
        parts.iter().for_each(|part| digest.update(part));
        digest.finalize().to_vec()
    }

    /// §2.1.1: MTH({d[0]}) = HASH(0x00 || d[0]).
    pub(super) fn leaf(entry: &[u8]) -> Vec<u8> {
        sha256(&[&[0], entry])
    }

    fn node(left: &[u8], right: &[u8]) -> Vec<u8> {
        sha256(&[&[1], left, right])
    }

    /// §2.1.1: MTH(D_n) = HASH(0x01 || MTH(D[0:k]) || MTH(D[k:n])), k the largest power of two smaller than n.
    pub(super) fn mth(entries: &[Vec<u8>]) -> Vec<u8> {
        match entries.len() {
            0 => sha256(&[]),
            1 => leaf(&entries[0]),
            n => {
                let mut k = 1;
                while k * 2 < n {
                    k *= 2;
                }
                node(&mth(&entries[..k]), &mth(&entries[k..]))
            }
        }
    }

    /// §2.1.3.2, step by step.
    pub(super) fn verify_inclusion(
        size: u64,
        index: u64,
        leaf: &[u8],
        path: &[Vec<u8>],
        root: &[u8],
    ) -> bool {
        if index >= size {
            return false; // 1
        }
        let (mut f_n, mut s_n) = (index, size - 1); // 2
        let mut r = leaf.to_vec(); // 3
        for p in path {
            if s_n == 0 {
                return false; // 4a
            }
            if f_n % 2 == 1 || f_n == s_n {
                r = node(p, &r); // 4b i
                if f_n.is_multiple_of(2) {
                    loop {
                        f_n /= 2;
                        s_n /= 2;
                        if f_n % 2 == 1 || f_n == 0 {
                            break; // 4b ii
                        }
                    }
                }
            } else {
                r = node(&r, p); // 4b else
            }
            f_n /= 2;
            s_n /= 2; // 4c
        }
        s_n == 0 && r == root // 5
    }

    /// §2.1.4.2, step by step.
    pub(super) fn verify_consistency(
        first: u64,
        second: u64,
        path: &[Vec<u8>],
        first_hash: &[u8],
        second_hash: &[u8],
    ) -> bool {
        if first == second {
            return path.is_empty() && first_hash == second_hash;
        }
        let mut path: std::collections::VecDeque<Vec<u8>> = path.iter().cloned().collect();
        if first.count_ones() == 1 {
            path.push_front(first_hash.to_vec()); // 2
        }
        let Some(start) = path.pop_front() else { return false }; // 1
        let (mut f_n, mut s_n) = (first - 1, second - 1); // 3
        while f_n % 2 == 1 {
            f_n /= 2;
            s_n /= 2; // 4
        }
        let (mut f_r, mut s_r) = (start.clone(), start); // 5
        for c in path {
            if s_n == 0 {
                return false; // 6a
            }
            if f_n % 2 == 1 || f_n == s_n {
                f_r = node(&c, &f_r);
                s_r = node(&c, &s_r);
                if f_n.is_multiple_of(2) {
                    loop {
                        f_n /= 2;
                        s_n /= 2;
                        if f_n % 2 == 1 || f_n == 0 {
                            break;
                        }
                    }
                }
            } else {
                s_r = node(&s_r, &c);
            }
            f_n /= 2;
            s_n /= 2;
        }
        s_n == 0 && f_r == first_hash && s_r == second_hash // 7
    }
}

fn bytes(texts: &[String]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| hex::decode(text).unwrap()).collect()
}

fn root(head: &Head) -> Vec<u8> {
    hex::decode(&head.root).unwrap()
}

#[test]
fn our_proofs_of_every_size_hold_before_the_independent_verifier_and_no_other_does() {
    use luhuan_certification::merkle;
    let entries: Vec<Vec<u8>> = (0..33_u8).map(|n| vec![n; usize::from(n) + 1]).collect();
    let leaves: Vec<merkle::Hash> = entries.iter().map(|entry| merkle::leaf_hash(entry)).collect();
    for size in 1..=entries.len() {
        let root = rfc9162::mth(&entries[..size]);
        assert_eq!(merkle::root(&leaves[..size]).to_vec(), root);
        for index in 0..size {
            let path = merkle::inclusion_proof(&leaves[..size], index).unwrap();
            let theirs: Vec<Vec<u8>> = path.iter().map(|hash| hash.to_vec()).collect();
            let verify = |at: u64, path: &[Vec<u8>]| {
                rfc9162::verify_inclusion(size as u64, at, &rfc9162::leaf(&entries[index]), path, &root)
            };
            assert!(verify(index as u64, &theirs), "{index} of {size}");
            assert!(merkle::includes(
                &root.clone().try_into().unwrap(),
                size as u64,
                index as u64,
                &leaves[index],
                &path
            ));
            for other in (0..size as u64).filter(|other| *other != index as u64) {
                assert!(!verify(other, &theirs), "{index} of {size} passed for {other}");
                assert!(!merkle::includes(
                    &root.clone().try_into().unwrap(),
                    size as u64,
                    other,
                    &leaves[index],
                    &path
                ));
            }
            if let Some((_, short)) = theirs.split_last() {
                assert!(!verify(index as u64, short));
            }
        }
        for old in 1..=size {
            let proof = merkle::consistency_proof(&leaves[..size], old).unwrap();
            let theirs: Vec<Vec<u8>> = proof.iter().map(|hash| hash.to_vec()).collect();
            let before = rfc9162::mth(&entries[..old]);
            assert!(
                rfc9162::verify_consistency(old as u64, size as u64, &theirs, &before, &root),
                "{old} to {size}"
            );
            let (ours, now) = (before.clone().try_into().unwrap(), root.clone().try_into().unwrap());
            assert!(merkle::extends(&ours, old as u64, &now, size as u64, &proof));
            if old < size {
                let forged = rfc9162::mth(&entries[1..=old]);
                assert!(!rfc9162::verify_consistency(old as u64, size as u64, &theirs, &forged, &root));
                assert!(!merkle::extends(&forged.try_into().unwrap(), old as u64, &now, size as u64, &proof));
            }
        }
    }
}

#[tokio::test]
async fn the_register_s_heads_and_proofs_hold_before_the_independent_verifier() {
    each(async |world| {
        let (_, number) = world.granted().await;
        let office = &world.office[0];
        for _ in 0..3 {
            command!(world, suspend, office, &number, "抽查未通过").unwrap();
            command!(world, reinstate, office, &number, "已改正").unwrap();
        }
        let log = world.certification.entries(None, Limit::of(Some(100))).await.unwrap().items;
        assert_eq!(log.len(), 7);
        let entries: Vec<Vec<u8>> = log.iter().map(|entry| entry.body.clone().into_bytes()).collect();
        let key = world.certification.public_key();
        for size in 1..=7_u64 {
            let head = world.certification.head(Some(size)).await.unwrap();
            assert_eq!(root(&head), rfc9162::mth(&entries[..usize::try_from(size).unwrap()]));
            let message = register_message(&head.origin, head.size, &head.root, &head.at);
            assert!(key.verifies(message.as_bytes(), &credential::signature(&head.signature).unwrap()));
            let proof = world.certification.prove_consistency(size, None).await.unwrap();
            assert!(rfc9162::verify_consistency(
                size,
                7,
                &bytes(&proof.path),
                &root(&proof.from),
                &root(&proof.to)
            ));
            for index in 0..size {
                let proof =
                    world.certification.prove_inclusion(Which::Index(index), Some(size)).await.unwrap();
                let entry = &proof.entries[0];
                let leaf = rfc9162::leaf(entry.body.as_bytes());
                assert!(rfc9162::verify_inclusion(
                    size,
                    index,
                    &leaf,
                    &bytes(&entry.path),
                    &root(&proof.head)
                ));
            }
        }
        let of_it = world.certification.prove_inclusion(Which::Certificate(&number), None).await.unwrap();
        assert_eq!(of_it.entries.len(), 7);
        assert!(world.certification.prove_inclusion(Which::Index(7), None).await.is_err());
        assert!(world.certification.prove_consistency(0, None).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn a_back_dated_or_dropped_entry_breaks_what_was_signed() {
    each(async |world| {
        let (_, number) = world.granted().await;
        command!(world, suspend, &world.office[0], &number, "抽查未通过").unwrap();
        let file = async || {
            let (_, credential, register) = world.certification.certificate_file(&number).await.unwrap();
            serde_json::json!({ "credential": credential, "register": register })
        };
        let key = world.certification.public_key();
        let now = luhuan_kernel::Clock::now(&*world.clock);
        let check =
            |file: &serde_json::Value| luhuan_certification::verify::file(&file.to_string(), key, now);
        let honest = file().await;
        assert_eq!(check(&honest).unwrap().register.unwrap().status, "suspended");
        // Whoever hands the file on may drop the last entry, but not without changing what was signed.
        let mut dropped = honest.clone();
        let body = dropped["register"]["entries"][1]["body"].as_str().unwrap().replace("suspended", "active");
        dropped["register"]["entries"][1]["body"] = body.into();
        assert!(check(&dropped).is_err());
        let mut resized = honest.clone();
        resized["register"]["head"]["size"] = 1.into();
        assert!(check(&resized).is_err());
        // Whoever deletes from the database finds that nothing can be proven, or added, any more.
        use sea_orm::ConnectionTrait;
        world.store().writer().execute_unprepared("DELETE FROM cert_entry WHERE seq = 0").await.unwrap();
        assert!(world.certification.certificate_file(&number).await.is_err());
        assert!(command!(world, reinstate, &world.office[0], &number, "已改正").is_err());
    })
    .await;
}
