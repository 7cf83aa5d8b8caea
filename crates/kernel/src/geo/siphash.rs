//! SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of short inputs, the same on every machine and release.
//!
//! The standard library's hasher promises neither its algorithm nor a key, and a point once shown must not move.

/// The 64-bit tag of `message` under the key.
pub(super) fn siphash24(key: (u64, u64), message: &[u8]) -> u64 {
    let mut state = [
        key.0 ^ 0x736f_6d65_7073_6575,
        key.1 ^ 0x646f_7261_6e64_6f6d,
        key.0 ^ 0x6c79_6765_6e65_7261,
        key.1 ^ 0x7465_6462_7974_6573,
    ];
    let mut words = message.chunks_exact(8);
    for word in words.by_ref() {
        absorb(&mut state, u64::from_le_bytes(word.try_into().expect("chunks of eight bytes")));
    }
    let mut last = [0_u8; 8];
    last[..words.remainder().len()].copy_from_slice(words.remainder());
    last[7] = (message.len() & 0xff) as u8;
    absorb(&mut state, u64::from_le_bytes(last));
    state[2] ^= 0xff;
    for _ in 0..4 {
        round(&mut state);
    }
    state[0] ^ state[1] ^ state[2] ^ state[3]
}

fn absorb(state: &mut [u64; 4], word: u64) {
    state[3] ^= word;
    round(state);
    round(state);
    state[0] ^= word;
}

fn round(v: &mut [u64; 4]) {
    v[0] = v[0].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(13) ^ v[0];
    v[0] = v[0].rotate_left(32);
    v[2] = v[2].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(16) ^ v[2];
    v[0] = v[0].wrapping_add(v[3]);
    v[3] = v[3].rotate_left(21) ^ v[0];
    v[2] = v[2].wrapping_add(v[1]);
    v[1] = v[1].rotate_left(17) ^ v[2];
    v[2] = v[2].rotate_left(32);
}

/// A stream of numbers in [0, 1) that follows from a key and a label alone.
pub(super) struct Uniform {
    key: (u64, u64),
    counter: u64,
}

impl Uniform {
    /// The stream of this secret and label. Different labels give unrelated streams.
    pub(super) fn new(secret: &[u8], label: &[u8]) -> Self {
        let key = (siphash24((0, 0), secret), siphash24((1, 1), secret));
        Self { key: (siphash24(key, label), siphash24((key.1, key.0), label)), counter: 0 }
    }

    pub(super) fn next(&mut self) -> f64 {
        self.counter += 1;
        let bits = siphash24(self.key, &self.counter.to_le_bytes());
        // The upper 53 bits fill a double's fraction exactly.
        (bits >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors of the reference implementation: key 00 01 .. 0f, message 00 01 .. of each length.
    #[test]
    fn it_agrees_with_the_reference_vectors() {
        let key = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908);
        let message: Vec<u8> = (0..15).collect();
        assert_eq!(siphash24(key, &message[..0]), 0x726f_db47_dd0e_0e31);
        assert_eq!(siphash24(key, &message), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn a_stream_is_uniform_and_repeats() {
        let mut stream = Uniform::new(b"secret", b"label");
        let drawn: Vec<f64> = (0..10_000).map(|_| stream.next()).collect();
        assert!(drawn.iter().all(|each| (0.0..1.0).contains(each)));
        let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        assert_eq!(Uniform::new(b"secret", b"label").next(), drawn[0]);
        assert_ne!(Uniform::new(b"secret", b"other").next(), drawn[0]);
    }
}
