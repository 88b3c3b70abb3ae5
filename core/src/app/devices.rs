//! One's own devices, and adding one.

use trellis_api_types::devices::{
    Device, DeviceSignOut, DevicesGet, PairingCancel, PairingGet, PairingJoin, PairingLetIn, PairingOffer,
    PairingOfferStart, PairingState,
};
use trellis_api_types::settings::SettingsEdit;
use trellis_api_types::sync::RelayChoice;
use trellis_api_types::typed;

use super::{App, DATABASE, device};
use crate::crypto::DeviceId;
use crate::crypto::pairing::PairCode;
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::net::address;
use crate::platform::Host;
use crate::sync::joining::pairing;
use crate::sync::{devices, relay_choice};

impl<H: Host> App<H> {
    /// Own devices, this one first.
    pub fn devices_get(&mut self, DevicesGet {}: DevicesGet) -> Result<Vec<Device>> {
        self.session()?.read(|tx, _| devices::devices(tx))
    }

    /// Signs another device out. Errors: `wrong-passphrase`, `not-found`, `own-device`, `account-frozen`.
    pub fn device_sign_out(&mut self, DeviceSignOut { id, proof }: DeviceSignOut) -> Result<()> {
        self.session()?;
        self.prove(proof.as_deref())?;
        let (session, host) = self.parts()?;
        let id = device_id(&id)?;
        session.store.tx(|tx| devices::sign_out(tx, host, id, host.now_ms()))?;
        session.exchange.hurry(&mut session.store)
    }

    /// Where pairing stands.
    pub fn pairing_get(&mut self, PairingGet {}: PairingGet) -> Result<PairingState> {
        if !self.is_open() {
            return Ok(PairingState::None);
        }
        let language = self.language();
        let (session, host) = self.parts()?;
        let behind = session.exchange.clock_error(host);
        session.store.read(|tx| pairing::state(tx, (language, behind)))
    }

    /// Offers a pairing for ten minutes. Errors: `wrong-passphrase`, `no-relay`.
    pub fn pairing_offer(&mut self, PairingOfferStart { proof }: PairingOfferStart) -> Result<PairingOffer> {
        self.session()?;
        self.prove(proof.as_deref())?;
        let language = self.language();
        let (session, host) = self.parts()?;
        let now = session.exchange.shared_now(host);
        let offer = session.store.tx(|tx| {
            let name = device::Device::read(tx)?.device_name;
            let relay = relay_choice::relay(tx)?.unwrap_or_default();
            pairing::offer(tx, host, &relay, &name, (language, now))
        })?;
        session.exchange.hurry(&mut session.store)?;
        let expires_at = offer.expires_at - session.exchange.clock_error(host);
        Ok(PairingOffer { expires_at, ..offer })
    }

    /// Lets the asking device in if `choice` is the right set of words. Errors: `pairing-wrong-words`, `pairing-none`.
    pub fn pairing_let_in(&mut self, PairingLetIn { choice }: PairingLetIn) -> Result<()> {
        let (session, host) = self.parts()?;
        let now = session.exchange.shared_now(host);
        let right = session.store.tx(|tx| pairing::let_in(tx, host, choice, now))?;
        session.exchange.hurry(&mut session.store)?;
        if right {
            Ok(())
        } else {
            Err(Error::new("pairing-wrong-words", "not the words on the other device"))
        }
    }

    /// Cancels on either side. A device that was still joining is as new again.
    pub fn pairing_cancel(&mut self, PairingCancel {}: PairingCancel) -> Result<()> {
        if !self.is_open() {
            return Ok(());
        }
        let language = self.language();
        let (session, host) = self.parts()?;
        session.store.tx(|tx| pairing::cancel(tx, host))?;
        let state = session.store.read(|tx| pairing::state(tx, (language, 0)))?;
        let over = state == PairingState::None;
        if session.is_joining()? && over {
            self.session = None;
            return self.host.remove_database(DATABASE);
        }
        session.exchange.hurry(&mut session.store)
    }

    /// First start as a further device. Errors: `bad-code`, `bad-address`, `plain-http`, `already-started`,
    /// `weak-passphrase`, `keychain-refused`, `too-long`.
    pub fn pairing_join(&mut self, args: PairingJoin) -> Result<PairingState> {
        let PairingJoin { code, relay, language, lock, device_name } = args;
        let device_name = typed::name(&device_name);
        let code = PairCode::parse(&code).map_err(|e| Error::new("bad-code", e.refusal.code()))?;
        let address = code.relay.clone().or(relay).unwrap_or_default();
        let choice = RelayChoice { address, ..RelayChoice::default() };
        let choice = address::checked(&choice).map_err(|e| Error::new(e.code(), e))?;
        if choice.address.is_empty() {
            return Err(Error::new("bad-address", "the words need the relay beside them"));
        }
        validate::settings(&SettingsEdit::DeviceName(device_name.clone()), self.today())?;
        self.abandon_joining()?;
        self.create_unfinished(language, &lock, |tx, _, host| {
            let mut device = device::Device::read(tx)?;
            device.apply(&SettingsEdit::DeviceName(device_name.clone()));
            device.write(tx)?;
            relay_choice::set_choice(tx, &choice)?;
            pairing::join(tx, &code, &choice.address, &device_name, host.now_ms())
        })?;
        self.session()?.store.read(|tx| pairing::state(tx, (language, 0)))
    }

    /// A new code replaces one that led nowhere.
    fn abandon_joining(&mut self) -> Result<()> {
        let Some(session) = &mut self.session else { return Ok(()) };
        if session.is_joining()? {
            self.session = None;
        }
        Ok(())
    }
}

fn device_id(text: &str) -> Result<DeviceId> {
    text.parse().map_err(|_| Error::new("not-found", "no such device"))
}
