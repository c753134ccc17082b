"""A passkey device in software: makes ES256 key pairs and signs, as a device of level 3 of Web Authentication does."""

import hashlib
import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, encode_cbor

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    """Bytes as browsers send them."""
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass
class Authenticator:
    """One device with one passkey. What it says can be bent, to see that it is refused."""

    origin: str
    verified: bool = True
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = b""
    user: bytes = b""

    def made(self, options: dict[str, Any], **client: Any) -> dict[str, Any]:
        """The answer to the options for a new passkey, with attestation "none"."""
        self.user = base64url_to_bytes(options["user"]["id"])
        self.id = hashlib.sha256(options["challenge"].encode()).digest()
        numbers = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + encode_cbor(cose)
        about = self._about(options["rp"]["id"], ATTESTED) + attested
        attestation = {"fmt": "none", "attStmt": {}, "authData": about}
        said = self._client("webauthn.create", options["challenge"], client)
        return self._sent({"clientDataJSON": text(said), "attestationObject": text(encode_cbor(attestation))})

    def signed(self, options: dict[str, Any], **client: Any) -> dict[str, Any]:
        """The answer to the options for signing in."""
        self.count += 1
        about, said = self._about(options["rpId"], 0), self._client("webauthn.get", options["challenge"], client)
        signature = self.key.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticatorData": about, "clientDataJSON": said, "signature": signature, "userHandle": self.user}
        return self._sent({name: text(part) for name, part in parts.items()})

    def _about(self, party: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return hashlib.sha256(party.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, bent: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps({**said, **bent}).encode()

    def _sent(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
