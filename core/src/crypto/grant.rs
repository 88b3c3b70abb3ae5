//! HPKE (X25519, HKDF-SHA256, ChaCha20-Poly1305): a few bytes for one device only.

use hpke::aead::ChaCha20Poly1305;
use hpke::kdf::HkdfSha256;
use hpke::kem::X25519HkdfSha256;
use hpke::rand_core::{TryCryptoRng, TryRng};
use hpke::{Deserializable, Kem, OpModeR, OpModeS, PskBundle, Serializable};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::codec::identifier;
use super::{Refusal, Secret};
use crate::platform::Entropy;

type Private = <X25519HkdfSha256 as Kem>::PrivateKey;
type Public = <X25519HkdfSha256 as Kem>::PublicKey;
type Encapped = <X25519HkdfSha256 as Kem>::EncappedKey;

identifier! {
    /// An X25519 public key.
    AgreePublic, 32
}

/// An X25519 private key, kept as its 32 bytes.
#[derive(Clone)]
pub struct AgreeKey(Secret);

/// What HPKE makes: the encapsulated key and the ciphertext.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Sealed {
    /// Encapsulated key, 32 bytes.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub enc: [u8; 32],
    /// Ciphertext with its 16-byte tag.
    #[n(1)]
    pub ciphertext: ByteVec,
}

/// What a sealed message is bound to. `info` and `aad` must be equal on both sides; so must `psk`, where given.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// What it is for.
    pub info: &'a [u8],
    /// What it belongs to.
    pub aad: &'a [u8],
    /// Shared key of at least 32 bytes that proves the sender knows it; `None` is HPKE's base mode.
    pub psk: Option<&'a [u8; 32]>,
}

impl AgreeKey {
    /// The key of these bytes.
    pub fn new(bytes: Secret) -> Self {
        Self(bytes)
    }

    /// The public half.
    pub fn public(&self) -> AgreePublic {
        let public = self.private().map(|key| X25519HkdfSha256::sk_to_pk(&key).to_bytes().into());
        AgreePublic(public.unwrap_or_default())
    }

    /// Opens what was sealed to this key in this context.
    pub fn open(&self, context: Context<'_>, sealed: &Sealed) -> Result<Vec<u8>, Refusal> {
        let enc = Encapped::from_bytes(&sealed.enc).map_err(|_| Refusal::Malformed)?;
        let mode = match context.psk {
            None => OpModeR::Base,
            Some(psk) => OpModeR::Psk(bundle(psk)?),
        };
        hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, X25519HkdfSha256>(
            &mode,
            &self.private()?,
            &enc,
            context.info,
            &sealed.ciphertext,
            context.aad,
        )
        .map_err(|_| Refusal::CannotOpen)
    }

    fn private(&self) -> Result<Private, Refusal> {
        Private::from_bytes(self.0.expose()).map_err(|_| Refusal::WeakKey)
    }
}

impl AgreePublic {
    /// Refuses a key to which nothing can be sealed: whoever names one would stop everybody who seals to a list.
    pub fn check(&self) -> Result<(), Refusal> {
        if x25519_dalek::x25519([1; 32], self.0) == [0; 32] { Err(Refusal::WeakKey) } else { Ok(()) }
    }

    /// Seals to the holder of this key, in this context.
    pub fn seal(
        &self,
        context: Context<'_>,
        plaintext: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Sealed, Refusal> {
        let public = Public::from_bytes(&self.0).map_err(|_| Refusal::WeakKey)?;
        let mode = match context.psk {
            None => OpModeS::Base,
            Some(psk) => OpModeS::Psk(bundle(psk)?),
        };
        let (enc, ciphertext) = hpke::single_shot_seal_with_rng::<
            ChaCha20Poly1305,
            HkdfSha256,
            X25519HkdfSha256,
        >(
            &mode, &public, context.info, plaintext, context.aad, &mut Rng(entropy)
        )
        .map_err(|_| Refusal::WeakKey)?;
        Ok(Sealed { enc: enc.to_bytes().into(), ciphertext: ciphertext.into() })
    }
}

fn bundle(psk: &[u8; 32]) -> Result<PskBundle<'_>, Refusal> {
    PskBundle::new(psk, b"trellis/v1/psk").map_err(|_| Refusal::Malformed)
}

/// Lends the platform's randomness to HPKE.
struct Rng<'a>(&'a dyn Entropy);

impl TryRng for Rng<'_> {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut out = [0; 4];
        self.0.fill(&mut out);
        Ok(u32::from_le_bytes(out))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut out = [0; 8];
        self.0.fill(&mut out);
        Ok(u64::from_le_bytes(out))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(out);
        Ok(())
    }
}

impl TryCryptoRng for Rng<'_> {}
